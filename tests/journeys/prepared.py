"""What pages need before they can be opened: people, courses and drafts of the demonstration, found or made."""

import io
from typing import Any

from PIL import Image
from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import (
    QuestionVersion,
    QuizItem,
    QuizVersion,
)
from academy.assessment.types import all_types
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.models import Activity, Course, CourseUnit
from academy.devdata import accounts as demo
from academy.learning.models import Enrolment
from tests.factories import assessment as quizzes
from tests.factories import qti_items
from tests.journeys.marking_addresses import HAND_MARKED

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GIFT = "::س1:: ما أول خطوة؟ {=الإصغاء ~الاعتذار ~الإحالة}\n\n::س2:: اشرح بكلماتك. {}\n".encode()
PEOPLE = "الاسم بالعربية,البريد الإلكتروني\nخالد الشمري,khalid.new@academy.example\n,not-an-address\n"

TYPES = tuple(each.name for each in all_types())
WRITTEN_HERE = tuple(each.name for each in all_types() if each.authored)


def person(account: demo.Account) -> Person:
    """Return the row of a demonstration account, the first one of whoever belongs to several organisations."""
    return db.session.scalars(select(Person).where(Person.email == account.email).order_by(Person.id).limit(1)).one()


def course(key: str) -> Course:
    """Return a course by its key."""
    return db.session.scalars(select(Course).where(Course.key == key)).one()


def first(model: type, *conditions: Any) -> Any:
    """Return the first row that fits."""
    found = db.session.scalars(select(model).where(*conditions).order_by(model.id)).first()
    assert found is not None, (model, conditions)
    return found


def draft_with_everything() -> Course:
    """Start a draft of a course, changed, and with an activity of every kind."""
    row, at = course("cx-measurement"), clock.now()
    draft = catalogue.draft_of(row, at=at)
    unit = first(CourseUnit, CourseUnit.version_id == draft.id)
    catalogue.change_unit(unit, title=LocalizedText("عنوان جديد", "A new title"))
    kept = catalogue.keep_file(row, PDF, "دليل.pdf", most=10_000, actor_id=None, at=at)
    content = {"note": {"ar": "اقرأ الدليل", "en": "Read the guide"}, "file_key": kept.key, "file_name": kept.name}
    content |= {"media_type": kept.media_type, "size": kept.size}
    catalogue.add_activity(
        unit, kind="file", title=LocalizedText("الدليل", "The guide"), content=content, at=at, key="guide"
    )
    sorting = first(Activity, Activity.kind == "classify").content
    catalogue.add_activity(
        unit, kind="classify", title=LocalizedText("فرز", "Sorting"), content=sorting, at=at, key="sorting"
    )
    gone = catalogue.add_activity(unit, kind="lesson", title=LocalizedText("محذوف", "Removed"), at=at)
    catalogue.remove_activity(gone, at=at)
    return row


def questions_of(quiz_version_id: int) -> dict[str, int]:
    """Return one item of a quiz for each type of question it has: type → id of the item."""
    rows = db.session.execute(
        select(QuestionVersion.type, QuizItem.id)
        .join(QuizItem, QuizItem.question_version_id == QuestionVersion.id)
        .where(QuizItem.quiz_version_id == quiz_version_id)
        .order_by(QuizItem.position)
    )
    return {type: item_id for type, item_id in rows}


def a_picture(named: dict[str, Any]) -> str:
    """Keep a picture of the named size as a file of the course; return its key."""
    drawn = io.BytesIO()
    Image.new("RGB", (named["width"], named["height"]), "white").save(drawn, "PNG")
    kept = catalogue.keep_picture(
        course("cx-measurement"), drawn.getvalue(), "hall.png", most=5_000_000, actor_id=None, at=clock.now()
    )
    return kept.key


def with_every_type(quiz_version_id: int) -> dict[str, int]:
    """Add a question of each type that a draft's quiz lacks; return type → id of the item."""
    version, at = db.session.get_one(QuizVersion, quiz_version_id), clock.now()
    for type in set(TYPES) - set(questions_of(quiz_version_id)):
        content = qti_items.content() if type == "qti" else HAND_MARKED.get(type) or quizzes.content(type)
        if "image" in content:
            content["image"] |= {"key": a_picture(content["image"])}
        assessment.add_question(version, key=f"extra-{type}", type=type, content=content, at=at, by_id=None)
    return questions_of(quiz_version_id)


def learners_of(course_id: int) -> Any:
    return select(Enrolment.learner_id).where(Enrolment.course_id == course_id)
