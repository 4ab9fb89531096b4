"""Courses for tests, made through the services as trainers make them."""

from itertools import count

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.catalogue import services
from academy.catalogue.models import Activity, Course, CourseUnit, CourseVersion
from tests.factories import accounts as people
from tests.factories.accounts import LONG_AGO, both

_numbers = count(1)


def lesson_content(ar: str = "نص الدرس.", en: str = "The text of the lesson.") -> dict:
    """The content of a lesson with one key point."""
    return {"body": both(ar, en).as_dict(), "key_points": [both("فكرة أساسية.", "A key point.").as_dict()]}


def classify_content() -> dict:
    """The content of a sorting exercise: two categories, two items."""
    return {
        "prompt": both("صنّف كل تواصل.", "Classify each contact.").as_dict(),
        "categories": [
            {"id": "v", "text": both("طلب قيمة", "Value demand").as_dict()},
            {"id": "f", "text": both("طلب خلل", "Failure demand").as_dict()},
        ],
        "items": [
            {"id": "i1", "text": both("أريد تسجيل عقد.", "I want to register a contract.").as_dict(), "answer": "v"},
            {"id": "i2", "text": both("أين وصل طلبي؟", "Where is my application?").as_dict(), "answer": "f"},
        ],
    }


def course(
    of: Organisation | None = None,
    trainer: Person | None = None,
    *,
    published: bool = True,
    units: int = 1,
    lessons: int = 1,
    **given,
) -> Course:
    """A course of `units` units with `lessons` lessons each; published unless told otherwise.

    `given` may hold what `create_course` takes (title, key, code, audience, public, details) and any field of Details
    (level, hours, summary, objectives, competencies, prerequisites, gives_certificate, validity_months, intended_for).
    """
    n = next(_numbers)
    of = of or (db.session.get(Organisation, trainer.organisation_id) if trainer else people.organisation())
    title = given.pop("title", both(f"مقرر {n}", f"Course {n}"))
    own = {name: given.pop(name) for name in ("key", "code", "audience", "public") if name in given}
    details = given.pop("details", None)
    if details is None:
        given.setdefault("summary", both(f"ملخص {n}", f"Summary {n}"))
        details = services.Details(title=title, **given)
    row = services.create_course(
        title=title,
        organisation_id=of.id,
        actor_id=trainer.id if trainer else None,
        at=LONG_AGO,
        details=details,
        **own,
    )
    draft = services.draft_of(row, at=LONG_AGO)
    for _unit in range(units):
        made = unit(draft)
        for _lesson in range(lessons):
            lesson(made)
    if published:
        services.publish(row, actor_id=trainer.id if trainer else None, at=LONG_AGO)
    return row


def draft(of: Course) -> CourseVersion:
    """The draft of a course, copied from its published version when there is none."""
    return services.draft_of(of, at=LONG_AGO)


def unit(version: CourseVersion, **given) -> CourseUnit:
    """A unit at the end of a draft."""
    n = next(_numbers)
    return services.add_unit(version, **{"title": both(f"الوحدة {n}", f"Unit {n}"), **given})


def activity(of: CourseUnit, kind: str = "lesson", **given) -> Activity:
    """An activity at the end of a unit."""
    n = next(_numbers)
    values = {"title": both(f"النشاط {n}", f"Activity {n}"), "minutes": 10, "at": LONG_AGO}
    return services.add_activity(of, kind=kind, **{**values, **given})


def lesson(of: CourseUnit, **given) -> Activity:
    """A lesson with text."""
    n = next(_numbers)
    values = {"title": both(f"الدرس {n}", f"Lesson {n}"), "content": lesson_content()}
    return activity(of, "lesson", **{**values, **given})


def classify(of: CourseUnit, **given) -> Activity:
    """A sorting exercise with two items."""
    return activity(of, "classify", **{"content": classify_content(), **given})
