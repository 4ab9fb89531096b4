"""Creating a course."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.base.db import db
from academy.base.naming import is_taken
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseTrainer
from academy.catalogue.refusals import CodeTaken, KeyReserved, KeyTaken, KeyUnfit
from academy.catalogue.rules.keys import RESERVED, is_key, suggested
from academy.catalogue.services.detailing import Details, fill
from academy.catalogue.services.drafting import draft_of
from academy.catalogue.services.searching import refresh_search_text


def key_for(title: LocalizedText) -> str:
    """Return a free key made of a title's English."""
    wanted = suggested(title.en)
    taken = set(db.session.scalars(select(Course.key).where(Course.key.startswith(wanted, autoescape=True))))
    return suggested(title.en, taken)


def check_key(key: str, but: int | None = None) -> None:
    """Refuse a key that is no key or belongs to another course."""
    if key in RESERVED:
        raise KeyReserved(field="key", example=f"{key}-course")
    if not is_key(key):
        raise KeyUnfit(field="key")
    owner = db.session.scalar(select(Course.id).where(Course.key == key))
    if owner is not None and owner != but:
        raise KeyTaken(field="key")


def check_code(code: str, organisation_id: int, but: int | None = None) -> None:
    """Refuse a code by which another course of the organisation goes, a retired one too: it may be brought back."""
    if code and is_taken(Course.code, code, organisation_id, but=but):
        raise CodeTaken(field="code")


def create_course(
    *,
    title: LocalizedText,
    organisation_id: int,
    at: datetime,
    actor_id: int | None = None,
    key: str = "",
    code: str = "",
    audience: str = "everyone",
    public: bool = False,
    details: Details | None = None,
) -> Course:
    """Create a course with its first draft; the actor becomes its trainer. Without a key, one is made of the English title."""
    key = key or key_for(title)
    check_key(key)
    check_code(code, organisation_id)
    course = Course(
        key=key, code=code, organisation_id=organisation_id, audience=audience, public=public and audience == "everyone",
        created_by_id=actor_id, created_at=at,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(course)
            db.session.flush()
    except IntegrityError as taken:
        check_code(code, organisation_id)
        raise KeyTaken(field="key") from taken
    if actor_id is not None:
        db.session.add(CourseTrainer(course_id=course.id, person_id=actor_id))
    draft = draft_of(course, at=at)
    fill(draft, details or Details(title=title))
    draft.title = title
    db.session.flush()
    refresh_search_text(course, draft)
    return course
