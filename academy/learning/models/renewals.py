"""Renewals: that somebody takes a course or programme anew, or a shorter course, so that a certificate of theirs goes on."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

RENEWING, RENEWED, LAPSED = "open", "completed", "lapsed"


def _once(name: str, *columns: str, state: str) -> Index:
    """An index that allows one row a value among those in a state."""
    where = text(f"state = '{state}'")
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Renewal(Model):
    """One cycle after the first of what a course attests of a person: at most one is open, and each is completed once.

    `course_id` is the course whose certificate is renewed, `enrolment_id` the place in which it is earned: anew on the same
    course, or on a shorter one. `continues_from` is the last day of the certificate before, `until` the last day on which a
    shorter way counts. Both are kept as they were when it began, whatever the rule says later.
    """

    __tablename__ = "renewal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'completed', 'lapsed')", name="known_state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when_dated"),
        CheckConstraint("cycle > 1", name="after_the_first"),
        CheckConstraint("until IS NULL OR until >= continues_from", name="until_after_expiry"),
        _once("uq_renewal_open", "learner_id", "course_id", state=RENEWING),
        _once("uq_renewal_completed", "learner_id", "course_id", "cycle", state=RENEWED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    cycle: Mapped[int]
    continues_from: Mapped[date]
    until: Mapped[date | None]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default=RENEWING)
    ended_at: Mapped[datetime | None]


class ProgrammeRenewal(Model):
    """One cycle after the first of what a programme attests of a person; what a `Renewal` is to a course.

    It is earned in a new place in the programme (`programme_enrolment_id`) or in one on a shorter course (`enrolment_id`), and
    by so many `hours` credited for courses completed after `since`, if the programme asks for any.
    """

    __tablename__ = "programme_renewal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'completed', 'lapsed')", name="known_state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when_dated"),
        CheckConstraint("cycle > 1", name="after_the_first"),
        CheckConstraint("(programme_enrolment_id IS NULL) <> (enrolment_id IS NULL)", name="in_one_place"),
        CheckConstraint("(until IS NULL) = (enrolment_id IS NULL)", name="until_when_shorter"),
        CheckConstraint("until IS NULL OR until >= continues_from", name="until_after_expiry"),
        CheckConstraint("hours IS NULL OR hours > 0", name="hours_positive"),
        _once("uq_programme_renewal_open", "learner_id", "programme_id", state=RENEWING),
        _once("uq_programme_renewal_completed", "learner_id", "programme_id", "cycle", state=RENEWED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    programme_enrolment_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_enrolment.id", ondelete="CASCADE"), index=True
    )
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    cycle: Mapped[int]
    continues_from: Mapped[date]
    until: Mapped[date | None]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    since: Mapped[datetime]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default=RENEWING)
    ended_at: Mapped[datetime | None]
