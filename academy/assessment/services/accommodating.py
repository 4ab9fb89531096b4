"""Granting somebody other limits: for every quiz, and other dates for one; attempts under way move at once."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from academy.accounts.models import Person
from academy.assessment.models import OPEN, Accommodation, AccommodationDate, Attempt, QuizVersion
from academy.assessment.queries_of_accommodations import GrantedDates, granted_to_all, own_limits
from academy.assessment.rules import accommodated, is_late
from academy.base import audit
from academy.base.db import change, db, insert_once, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted for every quiz; `note` says why, for those who grant and for the person."""

    extra_percent: int = 0
    extra_attempts: int = 0
    larger_text: bool = False
    no_clock: bool = False
    any_browser: bool = False
    note: str = ""
    valid_until: date | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is granted."""
        return not (self.extra_percent or self.extra_attempts or self.larger_text or self.no_clock or self.any_browser)


@dataclass(frozen=True, slots=True)
class Dates:
    """Other dates for one quiz; None leaves the quiz's own."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_at: datetime | None = None


class NothingGranted(Invalid):
    """A form that grants nothing."""

    sentence = _l("Choose at least one accommodation.")


def accommodate(person: Person, terms: Terms, *, actor_id: int | None, at: datetime) -> bool:
    """Grant a person these terms in place of earlier ones; returns whether anything changed.

    Attempts under way get their later end at once. An end never moves to an earlier moment: what a learner was told when
    the attempt began stays true.
    """
    if terms.nothing:
        raise NothingGranted(field="extra_percent")
    lock(Person, person.id)  # an attempt that starts at this moment stands in line
    row, made = insert_once(
        lambda: Accommodation(person_id=person.id, granted_by_id=actor_id, granted_at=at, **asdict(terms)),
        lambda: db.session.scalar(select(Accommodation).where(Accommodation.person_id == person.id)),
    )
    before = None if made else terms_of(row)
    if before == terms:
        return False
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    row.granted_by_id, row.granted_at = actor_id, at
    db.session.flush()
    move_deadlines(person.id, at)
    _note("grant", person, actor_id=actor_id, at=at, before=_told(before), after=_told(terms))
    return True


def withdraw_accommodation(person: Person, *, actor_id: int | None, at: datetime) -> bool:
    """Take back what was granted for every quiz; attempts under way keep the end they have."""
    row = db.session.scalar(select(Accommodation).where(Accommodation.person_id == person.id))
    if row is None:
        return False
    before = _told(terms_of(row))
    db.session.delete(row)
    db.session.flush()
    _note("withdraw", person, actor_id=actor_id, at=at, before=before)
    return True


def terms_of(row: Accommodation) -> Terms:
    """Return the terms that a row holds."""
    return Terms(**{field.name: getattr(row, field.name) for field in fields(Terms)})


def grant_dates(quiz_id: int, person: Person, dates: Dates, *, actor_id: int | None, at: datetime) -> AccommodationDate:
    """Grant a person other dates for one quiz in place of earlier ones. Raises Invalid for dates that make no sense."""
    check_dates(dates, at)
    lock(Person, person.id)
    row, made = insert_once(
        lambda: AccommodationDate(
            quiz_id=quiz_id, person_id=person.id, granted_by_id=actor_id, granted_at=at, **asdict(dates)
        ),
        lambda: db.session.scalar(
            select(AccommodationDate).where(
                AccommodationDate.quiz_id == quiz_id, AccommodationDate.person_id == person.id
            )
        ),
    )
    before = None if made else _dated(Dates(row.opens_at, row.closes_at, row.ends_at))
    row.opens_at, row.closes_at, row.ends_at = dates.opens_at, dates.closes_at, dates.ends_at
    row.granted_by_id, row.granted_at = actor_id, at
    db.session.flush()
    move_deadlines(person.id, at)
    _note("dates", person, actor_id=actor_id, at=at, before=before, after={"quiz": quiz_id, **_dated(dates)})
    return row


def withdraw_dates(dates: GrantedDates, *, actor_id: int | None, at: datetime) -> None:
    """Take back the dates of one quiz; an attempt under way keeps the end it has."""
    db.session.execute(delete(AccommodationDate).where(AccommodationDate.id == dates.id))
    person = db.session.get_one(Person, dates.person_id)
    before = {"quiz": dates.quiz_id, **_dated(Dates(dates.opens_at, dates.closes_at, dates.ends_at))}
    _note("dates", person, actor_id=actor_id, at=at, before=before)


def check_dates(dates: Dates, at: datetime) -> None:
    """Raise Invalid for dates that make no sense."""
    if dates == Dates():
        raise Invalid(_l("Enter at least one date."), field="opens_at")
    if dates.opens_at and dates.closes_at and dates.closes_at <= dates.opens_at:
        raise Invalid(_l("The quiz must close after it opens."), field="closes_at")
    if dates.closes_at is not None and dates.closes_at <= at:
        raise Invalid(_l("The quiz must close in the future."), field="closes_at")
    if dates.ends_at is not None and dates.ends_at <= at:
        raise Invalid(_l("The end of the attempt must lie in the future."), field="ends_at")


def move_deadlines(person_id: int, at: datetime) -> int:
    """Give the open attempts of a person the later end that now holds for them; return how many moved."""
    return move_deadlines_of([person_id], at)


def move_deadlines_of(person_ids: Collection[int], at: datetime) -> int:
    """Give the open attempts of people the later end that now holds for them; return how many moved. Two statements, and one for
    each that moves.

    An attempt whose time is over already stays over: its answers are about to be graded, or are.
    """
    query = (
        select(Attempt.id, Attempt.learner_id, Attempt.started_at, Attempt.deadline, QuizVersion)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(Attempt.learner_id.in_(person_ids), Attempt.state == OPEN, Attempt.deadline.is_not(None))
    )
    rows = db.session.execute(query).tuples().all()
    granted = granted_to_all([(row[1], row[4].quiz_id) for row in rows], at) if rows else {}
    moved = 0
    for attempt_id, learner_id, started_at, deadline, version in rows:
        limits = accommodated(own_limits(version), granted.get((learner_id, version.quiz_id)), at)
        later = limits.deadline(started_at)
        if later is None or deadline is None or later <= deadline or is_late(at, deadline, version.grace_seconds):
            continue
        moving = update(Attempt).where(Attempt.id == attempt_id, Attempt.state == OPEN, Attempt.deadline < later)
        moved += change(moving.values(deadline=later))
    return moved


def _told(terms: Terms | None) -> dict[str, Any] | None:
    """Return the terms for the trail, without the words of the note."""
    if terms is None:
        return None
    told = {name: value for name, value in asdict(terms).items() if value and name != "note"}
    return told | ({"valid_until": terms.valid_until.isoformat()} if terms.valid_until else {})


def _dated(dates: Dates) -> dict[str, Any]:
    return {name: value.isoformat() for name, value in asdict(dates).items() if value}


def _note(verb: str, person: Person, **given: Any) -> None:
    audit.record(
        f"assessment:accommodation:{verb}",
        subject=("person", person.id, person.name.show("ar")),
        organisation_id=person.organisation_id,
        **given,
    )
