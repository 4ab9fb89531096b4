"""The agency's question bank: the questions of the courses in categories with tags, and some that every quiz may take."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import Question
from academy.assessment.rules.bank import tags_in
from academy.base.db import db
from academy.catalogue.models import Course
from academy.devdata.reading import Library, QuestionContent

MANY = 5
TAGS = {"cx-foundations": "أساسيات", "cx-measurement": "قياس", "service-design": "تصميم الخدمة"}
FRONT_LINE = "الصف الأول"
COUNTED = "حساب"
READY = ("q2", "q4", "q5", "q7", "q8", "q9")
IN_REVIEW = {
    "q1": "الخياران الأخيران متقاربان في المعنى. هل يكفي أحدهما؟",
    "q6": "النص العربي واضح، أما الإنجليزي فأطول منه. يُفضَّل اختصاره قبل الاعتماد.",
}
DRAFTS = ("q10",)


def load_bank(
    library: Library, courses: Mapping[str, Course], *, trainer: Person, reviewer: Person, at: datetime
) -> None:
    """Order the shipped questions by domain of competency, and put those for the front line into the bank itself."""
    used = Counter(each.competency for course in library.courses for each in course.quiz.questions)
    shelves: dict[str, int] = {}
    for domain in library.framework.domains:
        inside = [each for each in domain.competencies if used[each.id]]
        top = assessment.create_category(
            trainer.organisation_id, domain.name, key=domain.id.lower(), at=at, by_id=trainer.id
        )
        shelves |= {each.id: top.id for each in domain.competencies}
        if sum(used[each.id] for each in inside) >= MANY:
            for each in inside:
                below = assessment.create_category(
                    trainer.organisation_id, each.name, parent=top, key=each.id.lower(), at=at, by_id=trainer.id
                )
                shelves[each.id] = below.id
    for course in library.courses:
        for question in course.quiz.questions:
            _file(courses[course.id].id, question, shelves, TAGS[course.id])
    _fill(library, shelves, trainer, reviewer, at)


def _file(course_id: int, content: QuestionContent, shelves: Mapping[str, int], tag: str) -> None:
    row = db.session.scalars(select(Question).where(Question.course_id == course_id, Question.key == content.id)).one()
    tags = tags_in(f"{tag},{COUNTED}" if content.type == "numeric" else tag)
    assessment.file_question(row.id, category_id=shelves.get(content.competency), tags=tags)


def _fill(library: Library, shelves: Mapping[str, int], trainer: Person, reviewer: Person, at: datetime) -> None:
    """Write, send, approve and comment as the trainer and a colleague would; the last one waits for the trainer."""
    questions = {each.id: each for each in library.courses[0].quiz.questions}
    for number, key in enumerate((*READY, *IN_REVIEW, *DRAFTS)):
        content, written_at = questions[key], at + timedelta(days=number)
        author, judge = (reviewer, trainer) if key == next(iter(IN_REVIEW)) else (trainer, reviewer)
        question = assessment.add_to_bank(
            trainer.organisation_id,
            assessment.Written(content.type, content.content, content.competency, difficulty=content.difficulty),
            category_id=shelves.get(content.competency),
            tags=tags_in(f"{FRONT_LINE},{TAGS[library.courses[0].id]}"),
            key=f"front-{key}",
            at=written_at,
            by_id=author.id,
        )
        if key in DRAFTS:
            continue
        assessment.move_state(question.id, "send", at=written_at + timedelta(hours=2), by_id=author.id)
        looked = written_at + timedelta(days=1)
        if key in IN_REVIEW:
            assessment.add_comment(question.id, IN_REVIEW[key], at=looked, by_id=judge.id)
        else:
            assessment.move_state(question.id, "approve", at=looked, by_id=judge.id)
