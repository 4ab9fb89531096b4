"""Requests for a place: who asked, whose turn it was to decide, what they decided, and the links their letters carried."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

PLACE, EXEMPTION = "place", "exemption"
ASKED, APPROVED, REFUSED, TAKEN_BACK = "waiting", "approved", "refused", "withdrawn"


def _one_waiting(name: str, column: str, condition: str = "state = 'waiting'") -> Index:
    where = text(condition)
    return Index(name, "learner_id", column, "about", unique=True, sqlite_where=where, postgresql_where=where)


class PlaceRequest(Model):
    """A learner's request for a place on a course or in a programme, or for an exemption from a course or from a step of
    a programme that has no course to be exempted from; decided once, for good.

    A refusal gives its reason, and so does every answer about an exemption. `by_id` proposed it for the learner; never decides.

    `turn` is the number of the turn it is in; the turns say who was asked and since when.
    """

    __tablename__ = "place_request"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="for_one_thing"),
        CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_when_dated"),
        CheckConstraint("(state IN ('approved', 'refused')) = (decided_by_id IS NOT NULL)", name="decided_by_somebody"),
        CheckConstraint("state <> 'refused' OR length(reason) > 0", name="refused_with_reason"),
        CheckConstraint("decided_by_id <> learner_id", name="decided_by_another"),
        CheckConstraint("about IN ('place', 'exemption')", name="known_about"),
        CheckConstraint(
            "about = 'place' OR course_id IS NOT NULL OR step_id IS NOT NULL", name="exemption_from_something"
        ),
        CheckConstraint(
            "step_id IS NULL OR (about = 'exemption' AND programme_id IS NOT NULL)", name="step_of_a_programme"
        ),
        CheckConstraint("about = 'place' OR length(note) > 0", name="exemption_asked_with_reason"),
        CheckConstraint(
            "about = 'place' OR decided_by_id IS NULL OR length(reason) > 0", name="exemption_decided_with_reason"
        ),
        CheckConstraint("by_id <> learner_id", name="proposed_by_another"),
        CheckConstraint("decided_by_id <> by_id", name="proposer_does_not_decide"),
        _one_waiting("uq_place_request_course", "course_id"),
        _one_waiting("uq_place_request_programme", "programme_id", "state = 'waiting' AND step_id IS NULL"),
        _one_waiting("uq_place_request_step", "step_id"),
        Index("ix_place_request_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("programme_step.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(10), default=PLACE)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    turn: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RequestTurn(Model):
    """That a request came to somebody: a manager, or with no name the administrators. Nobody is asked twice."""

    __tablename__ = "request_turn"
    __table_args__ = (
        UniqueConstraint("request_id", "number", name="uq_request_turn_number"),
        UniqueConstraint("request_id", "decider_id", name="uq_request_turn_decider"),
        Index(
            "uq_request_turn_administrators",
            "request_id",
            unique=True,
            sqlite_where=text("decider_id IS NULL"),
            postgresql_where=text("decider_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("place_request.id", ondelete="CASCADE"))
    number: Mapped[int]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class DecisionLink(Model):
    """A link in a letter that lets one decider decide one request, once and not for long. Only its digest lies here."""

    __tablename__ = "decision_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("place_request.id", ondelete="CASCADE"), index=True)
    decider_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
