"""Granting a group other limits: a rule that reaches whoever belongs to it; attempts under way move at once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from academy.accounts.models import Person
from academy.assessment.models import AccommodationGroup, AccommodationGroupPerson
from academy.assessment.queries_of_groups import LIST, GroupGranted, Reach, group_granted, people_in
from academy.assessment.services.accommodating import Dates, NothingGranted, Terms, check_dates, move_deadlines_of
from academy.base import audit
from academy.base.dates import end_of_day
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l


def refuse_empty(reach: Reach, terms: Terms, dates: Dates, quiz_id: int | None, at: datetime) -> None:
    """Raise Invalid for a grant that grants nothing, has dates of no quiz, or reaches nobody on its list."""
    if reach.scope == LIST and not reach.listed:
        raise Invalid(_l("Nobody on the list was found."), field="emails")
    if dates != Dates():
        if quiz_id is None:
            raise Invalid(_l("Choose the quiz whose dates these are."), field="quiz")
        check_dates(dates, at)
    elif terms.nothing:
        raise NothingGranted(field="extra_percent")


def grant_group(
    reach: Reach, terms: Terms, dates: Dates, *, quiz_id: int | None, everywhere: bool, actor_id: int, at: datetime
) -> AccommodationGroup:
    """Grant a group these terms at every quiz, or at one with these dates.

    Attempts under way of whoever is reached get their later end at once; those that start at this moment stand in line.
    """
    refuse_empty(reach, terms, dates, quiz_id, at)
    conditions = people_in(reach, granted_by_id=actor_id, everywhere=everywhere)
    ids = db.session.scalars(select(Person.id).where(*conditions).order_by(Person.id).with_for_update()).all()
    given = {name: value for name, value in asdict(terms).items() if name != "valid_until"}
    group = AccommodationGroup(
        organisation_id=reach.organisation_id, scope=reach.scope, org_unit_id=reach.org_unit_id, below=reach.below,
        quiz_id=quiz_id, valid_before=end_of_day(terms.valid_until) if terms.valid_until else None,
        everywhere=everywhere, granted_by_id=actor_id, granted_at=at, **given, **asdict(dates),
    )  # fmt: skip
    db.session.add(group)
    db.session.flush()
    if reach.scope == LIST:
        rows = [{"group_id": group.id, "person_id": person_id} for person_id in ids]
        if rows:
            db.session.execute(insert(AccommodationGroupPerson), rows)
    moved = move_deadlines_of(ids, at)
    granted = group_granted(group.id)
    if granted is not None:
        _note("group", granted, actor_id=actor_id, at=at, after={**_told(group), "people": len(ids), "moved": moved})
    return group


def withdraw_group(granted: GroupGranted, *, actor_id: int, at: datetime) -> None:
    """Take back what a group was granted; attempts under way keep the end they have."""
    _note("group_withdrawn", granted, actor_id=actor_id, at=at, before=_told(granted.group))
    db.session.delete(granted.group)
    db.session.flush()


def _told(group: AccommodationGroup) -> dict[str, Any]:
    """Return what a group was granted, for the trail, without the words of the note."""
    names = ("scope", "org_unit_id", "quiz_id", *asdict(Terms()), *asdict(Dates()), "valid_before")
    values = {name: getattr(group, name, None) for name in names if name not in ("note", "valid_until")}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items() if value
    }


def _note(verb: str, granted: GroupGranted, **given: Any) -> None:
    audit.record(
        f"assessment:accommodation:{verb}",
        subject=("accommodation_group", granted.group.id, granted.name.name.show("ar")),
        organisation_id=granted.group.organisation_id,
        **given,
    )
