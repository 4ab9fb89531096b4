"""The categories of a bank: adding, renaming, moving in the tree, ordering, removing."""

import re
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select, update

from academy.accounts.models import Organisation
from academy.assessment.models import Question, QuestionCategory
from academy.assessment.rules.bank import DEEPEST, deepest_after_move, depth, lies_within, path_below
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText

NAME_NEEDED = _l("Enter the name in Arabic or in English.")
KEY_LENGTH = 50
MADE, RENAMED, MOVED, REMOVED = (f"assessment:category:{act}" for act in ("create", "rename", "move", "remove"))


def create_category(
    organisation_id: int,
    name: LocalizedText,
    *,
    parent: QuestionCategory | None = None,
    key: str | None = None,
    at: datetime,
    by_id: int | None,
) -> QuestionCategory:
    """Add a category at the end of its parent's, or of the top. Its key is made of its English name and never changes."""
    _check_name(name)
    lock(Organisation, organisation_id)
    path = _path_of(parent, organisation_id)
    if path and depth(path) >= DEEPEST:
        raise _too_deep()
    row = QuestionCategory(
        organisation_id=organisation_id,
        parent_id=parent.id if parent else None,
        key=_free_key(organisation_id, name, key),
        position=_next_position(organisation_id, parent.id if parent else None),
        name=name,
    )
    db.session.add(row)
    db.session.flush()
    row.path = path_below(path, row.id)
    _note(MADE, row, by_id, at, after={"name": name.as_dict(), "parent_id": row.parent_id})
    return row


def rename_category(category: QuestionCategory, name: LocalizedText, *, at: datetime, by_id: int | None) -> None:
    """Give a category another name; its key stays."""
    _check_name(name)
    if name != category.name:
        before, category.name = category.name.as_dict(), name
        _note(RENAMED, category, by_id, at, before={"name": before}, after={"name": name.as_dict()})


def move_category(
    category: QuestionCategory, parent: QuestionCategory | None, *, at: datetime, by_id: int | None
) -> None:
    """Put a category with everything below it under another one or at the top. Nothing can come to lie below itself."""
    # Two moves at once could make a circle together, so they wait for one another.
    lock(Organisation, category.organisation_id)
    db.session.refresh(category)
    path = _path_of(parent, category.organisation_id)
    if category.parent_id == (parent.id if parent else None):
        return
    if parent is not None and lies_within(parent.path, category.path):
        raise Invalid(_l("A category cannot lie below itself. Choose another place."), field="parent")
    old, new = category.path, path_below(path, category.id)
    inside = db.session.scalars(select(QuestionCategory.path).where(QuestionCategory.path.startswith(old))).all()
    if deepest_after_move(old, inside, path) > DEEPEST:
        raise _too_deep()
    before, category.parent_id = category.parent_id, parent.id if parent else None
    category.position = _next_position(category.organisation_id, category.parent_id)
    db.session.flush()
    moved = update(QuestionCategory).where(QuestionCategory.path.startswith(old))
    moved = moved.values(path=new + func.substr(QuestionCategory.path, len(old) + 1))
    db.session.execute(moved, execution_options={"synchronize_session": False})
    db.session.expire_all()
    _note(MOVED, category, by_id, at, before={"parent_id": before}, after={"parent_id": category.parent_id})


def order_category(category: QuestionCategory, direction: Literal["up", "down"]) -> None:
    """Move a category a place up or down among those beside it; at an end it stays."""
    lock(Organisation, category.organisation_id)
    beside = list(db.session.scalars(_siblings(category.organisation_id, category.parent_id)))
    here = next(place for place, row in enumerate(beside) if row.id == category.id)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(beside):
        beside[here], beside[there] = beside[there], beside[here]
    for position, row in enumerate(beside, start=1):
        row.position = position
    db.session.flush()


def remove_category(
    category: QuestionCategory, *, lift: bool = False, at: datetime, by_id: int | None
) -> QuestionCategory | None:
    """Remove an empty category. With `lift` what lies in it goes up to its parent first, which is returned (None: the top)."""
    lock(Organisation, category.organisation_id)
    category_in(category.id, category.organisation_id)
    parent = db.session.get(QuestionCategory, category.parent_id) if category.parent_id else None
    below = list(db.session.scalars(_siblings(category.organisation_id, category.id)))
    if (below or holds_questions(category)) and not lift:
        raise Conflict(_l("This category is not empty. Choose what becomes of what lies in it."), field="lift")
    for child in below:
        move_category(child, parent, at=at, by_id=by_id)
    moved = update(Question).where(Question.category_id == category.id).values(category_id=category.parent_id)
    db.session.execute(moved, execution_options={"synchronize_session": "fetch"})
    _note(REMOVED, category, by_id, at, before={"name": category.name.as_dict(), "parent_id": category.parent_id})
    db.session.delete(category)
    db.session.flush()
    return parent


def holds_questions(category: QuestionCategory) -> bool:
    """Whether any question lies in a category itself, retired ones and those of others' courses too."""
    return db.session.scalar(select(Question.id).where(Question.category_id == category.id).limit(1)) is not None


def category_in(category_id: int | None, organisation_id: int) -> QuestionCategory | None:
    """Hold a category of an organisation until the transaction ends, so that nobody removes it under what is put there.

    None for none; NotFound for one that has gone or is another organisation's. Always before the questions are held.
    """
    if not category_id:
        return None
    row = lock(QuestionCategory, category_id)
    if row is None or row.organisation_id != organisation_id:
        raise NotFound
    return row  # type: ignore[no-any-return]


def _path_of(parent: QuestionCategory | None, organisation_id: int) -> str:
    if parent is None:
        return ""
    db.session.refresh(parent)
    if parent.organisation_id != organisation_id:
        raise NotFound
    return parent.path


def _siblings(organisation_id: int, parent_id: int | None) -> Select[QuestionCategory]:
    query = select(QuestionCategory).where(
        QuestionCategory.organisation_id == organisation_id, QuestionCategory.parent_id == parent_id
    )
    return query.order_by(QuestionCategory.position, QuestionCategory.id)


def _next_position(organisation_id: int, parent_id: int | None) -> int:
    last = select(func.max(QuestionCategory.position)).where(
        QuestionCategory.organisation_id == organisation_id, QuestionCategory.parent_id == parent_id
    )
    return (db.session.scalar(last) or 0) + 1


def _check_name(name: LocalizedText) -> None:
    if not name:
        raise Invalid(NAME_NEEDED, field="name")


def _too_deep() -> Invalid:
    return Invalid(_("Categories lie at most %(most)s deep. Choose another place.", most=DEEPEST), field="parent")


def _free_key(organisation_id: int, name: LocalizedText, wanted: str | None) -> str:
    query = select(QuestionCategory.key).where(QuestionCategory.organisation_id == organisation_id)
    taken = set(db.session.scalars(query))
    base = wanted or re.sub(r"[^a-z0-9]+", "-", name.en.lower()).strip("-")[:KEY_LENGTH].strip("-") or "category"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _note(
    act: str,
    row: QuestionCategory,
    by_id: int | None,
    at: datetime,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = ("question_category", row.id, row.name.ar or row.name.en)
    audit.record(
        act, at=at, actor_id=by_id, subject=subject, organisation_id=row.organisation_id, before=before, after=after
    )
    db.session.flush()
