"""Loading the shipped framework, glossary and courses through the services, as a trainer would have entered them."""

from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.models import Course, CourseUnit, CourseVersion
from academy.competencies import services as competencies
from academy.devdata.reading import (
    ActivityContent,
    CourseContent,
    FrameworkContent,
    GlossaryContent,
    LessonContent,
    Library,
)

VALID_FOR_MONTHS = {"cx-foundations": 24, "cx-measurement": 36, "service-design": 36}
QUIZ_MINUTES = 30
QUIZ_UNIT = LocalizedText("الاختبار القصير الختامي", "Final quiz")


def load_framework(content: FrameworkContent, *, at: datetime) -> None:
    """Load the competency framework with its role profiles."""
    competencies.load_framework(
        "cx",
        version=content.version,
        title=content.title,
        evidence_rule=content.evidence_rule,
        scale=[(step.level, step.name, step.meaning) for step in content.scale],
        domains=content.domains,
        profiles=[(role.id, role.name, {t.id: t.level for t in role.targets}) for role in content.roles],
        at=at,
    )


def load_glossary(content: GlossaryContent, *, at: datetime) -> None:
    """Load the terms; their notes, which are in one language, are for those who keep the glossary."""
    for term in content.terms:
        details = catalogue.TermDetails(
            term=term.term,
            plural=LocalizedText(ar=term.ar_plural or ""),
            abbreviation=term.abbr or "",
            avoid=term.avoid_ar,
            note=LocalizedText.of(term.note),
        )
        catalogue.add_term(details, at=at, actor_id=None, key=term.id)


def load_courses(library: Library, *, organisation_id: int, trainer: Person, at: datetime) -> dict[str, Course]:
    """Write and publish the shipped courses; each after the ones it builds on. Returns them by key."""
    made: dict[str, Course] = {}
    for content in library.courses:
        course = _course(content, made, organisation_id=organisation_id, trainer=trainer, at=at)
        catalogue.publish(course, actor_id=trainer.id, at=at)
        made[content.id] = course
    return made


def _course(
    content: CourseContent, made: dict[str, Course], *, organisation_id: int, trainer: Person, at: datetime
) -> Course:
    details = catalogue.Details(
        title=content.title,
        summary=content.summary,
        intended_for=content.audience,
        level=content.level,
        hours=content.hours,
        objectives=[catalogue.Objective(text=o.text, id=o.id, bloom=o.bloom) for o in content.objectives],
        competencies=[catalogue.Target(key=target.id, level=target.level) for target in content.competencies],
        prerequisites=[made[key].id for key in content.prerequisites],
        gives_certificate=True,
        validity_months=VALID_FOR_MONTHS.get(content.id),
    )
    course = catalogue.create_course(
        title=content.title,
        organisation_id=organisation_id,
        at=at,
        actor_id=trainer.id,
        key=content.id,
        code=content.code,
        public=True,
        details=details,
    )
    draft = catalogue.draft_of(course, at=at)
    for unit in content.units:
        row = catalogue.add_unit(draft, title=unit.title, key=unit.id)
        for lesson in unit.lessons:
            _lesson(row, lesson, at)
    _quiz(course, draft, content, trainer, at)
    return course


def _lesson(unit: CourseUnit, lesson: LessonContent, at: datetime) -> None:
    content = {
        "body": lesson.body.as_dict(),
        "key_points": [point.as_dict() for point in lesson.key_points],
        "objectives": list(lesson.objectives),
    }
    catalogue.add_activity(
        unit, kind="lesson", title=lesson.title, minutes=lesson.minutes, content=content, key=lesson.id, at=at
    )
    if lesson.activity is not None:
        title = LocalizedText(f"تطبيق: {lesson.title.ar}", f"Exercise: {lesson.title.en}")
        sorting = _classify(lesson.activity)
        catalogue.add_activity(
            unit, kind="classify", title=title, minutes=10, content=sorting, key=f"{lesson.id}-a", at=at
        )


def _classify(activity: ActivityContent) -> dict[str, Any]:
    items = [
        {"id": f"i{number}", "text": item.text.as_dict(), "answer": item.answer}
        for number, item in enumerate(activity.items, 1)
    ]
    return {
        "prompt": activity.prompt.as_dict(),
        "categories": [{"id": each.id, "text": each.text.as_dict()} for each in activity.categories],
        "items": items,
    }


def _quiz(course: Course, draft: CourseVersion, content: CourseContent, trainer: Person, at: datetime) -> None:
    version = assessment.create_quiz(
        course.id,
        "final",
        title=LocalizedText(f"اختبار قصير: {content.title.ar}", f"Quiz: {content.title.en}"),
        pass_percent=content.quiz.pass_percent,
        attempts_allowed=content.quiz.attempts,
        minutes=QUIZ_MINUTES,
        shuffle=content.quiz.shuffle,
        at=at,
    )
    for question in content.quiz.questions:
        assessment.add_question(
            version,
            key=question.id,
            type=question.type,
            content=question.content,
            competency_key=question.competency,
            objective=question.objective,
            difficulty=question.difficulty,
            at=at,
            by_id=trainer.id,
        )
    unit = catalogue.add_unit(draft, title=QUIZ_UNIT, key="final")
    catalogue.add_activity(
        unit,
        kind="quiz",
        title=version.title,
        minutes=QUIZ_MINUTES,
        content={"quiz_version_id": version.id},
        key="quiz",
        at=at,
    )
