"""What a manager or an assessor saw somebody do at work, signed by both."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

DRAFT, SENT, CONFIRMED, OBJECTED, SETTLED = "draft", "sent", "confirmed", "objected", "settled"
COUNTS = (CONFIRMED, SETTLED)


class Observation(Model):
    """A checklist filled in where somebody works. The observer signs by sending it, the person by confirming it.

    It counts once it is confirmed, or settled because nobody answered in time; never while it is a draft or objected to.
    """

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sent', 'confirmed', 'objected', 'settled')", name="known_state"),
        CheckConstraint("person_id <> observer_id", name="of_somebody_else"),
        CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name="sent_unless_draft"),
        CheckConstraint("state <> 'objected' OR answer <> ''", name="objection_has_reason"),
        CheckConstraint("cases BETWEEN 1 AND 20", name="cases_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    observed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    cases: Mapped[int] = mapped_column(default=3)
    note: Mapped[str] = mapped_column(String(2000), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(2000), default="")


class ObservationLine(Model):
    """One line of the checklist: the indicator of a competency at a level, and how often it was seen; None: no chance to see."""

    __tablename__ = "observation_line"
    __table_args__ = (
        UniqueConstraint("observation_id", "competency_id", name="uq_observation_line_competency"),
        CheckConstraint("level BETWEEN 1 AND 4", name="known_level"),
        CheckConstraint("mark IN ('always', 'sometimes', 'never')", name="known_mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id", ondelete="CASCADE"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    level: Mapped[int]
    mark: Mapped[str | None] = mapped_column(String(10))
