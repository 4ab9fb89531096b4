"""The ledger of evidence and the standing computed from it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText


class Evidence(Model):
    """One piece of evidence about one competency of one person. Never edited: a new fact is a new row.

    A "regrade" replaces the attempt it corrects, as the later row of the same source and moment; its `ref` is its effect.
    `low` to `high` is the 90 % interval around `share` of an attempt, `method` what it rests on; it alone is reckoned
    anew, whenever the quiz is calibrated. A completed course has none. `expires_on` is the last day on which it counts;
    `by_id` is who watched, rated or decided.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("person_id", "competency_id", "kind", "ref", name="uq_evidence_ref"),
        CheckConstraint(
            "kind IN ('attempt', 'course', 'regrade', 'practice', 'observation', 'self', 'peer', 'prior', 'certificate',"
            " 'agreed')",
            name="known_kind",
        ),
        CheckConstraint("items >= 0", name="items_counted"),
        CheckConstraint("kind <> 'self' OR items = 0", name="self_adds_nothing"),
        CheckConstraint("share >= 0 AND share <= 1", name="share_in_range"),
        CheckConstraint("supports_level BETWEEN 0 AND 4", name="known_level"),
        CheckConstraint("low >= 0 AND low <= high AND high <= 1", name="interval_in_range"),
        CheckConstraint("method IN ('rasch', 'binomial')", name="known_method"),
        CheckConstraint(
            "(low IS NULL) = (method IS NULL) AND (high IS NULL) = (method IS NULL)", name="interval_has_method"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int]
    source: Mapped[str] = mapped_column(String(40))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    title: Mapped[LocalizedText]
    share: Mapped[Decimal] = mapped_column(Numeric(9, 8))
    low: Mapped[Decimal | None] = mapped_column(Numeric(9, 8))
    high: Mapped[Decimal | None] = mapped_column(Numeric(9, 8))
    method: Mapped[str | None] = mapped_column(String(10))
    items: Mapped[int] = mapped_column(default=0)
    supports_level: Mapped[int]
    observed_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Standing(Model):
    """What the evidence proves now; computed, never typed. `score` and `level` are None when it is too thin.

    `weight` and `weighted` are the sums behind the score, kept so that a domain can be pooled in one statement.
    """

    __tablename__ = "standing"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True, index=True)
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    level: Mapped[int | None]
    pieces: Mapped[int] = mapped_column(default=0)
    items: Mapped[int] = mapped_column(default=0)
    weight: Mapped[Decimal] = mapped_column(Numeric(14, 8), default=Decimal(0))
    weighted: Mapped[Decimal] = mapped_column(Numeric(14, 8), default=Decimal(0))
    model_version: Mapped[str] = mapped_column(String(20))
    computed_at: Mapped[datetime]


class Recomputation(Model):
    """All standings computed anew by the model of today: first as a preview of who moves, then in earnest.

    `after_person` is the last person reckoned so far; `moves` counts standings by how they move, and `movers` names the
    first of those whose level changes.
    """

    __tablename__ = "recomputation"
    __table_args__ = (
        CheckConstraint("state IN ('previewing', 'previewed', 'applying', 'applied')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    model_version: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="previewing")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None]
    after_person: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    moves: Mapped[dict[str, Any]]
    movers: Mapped[list[Any]]
