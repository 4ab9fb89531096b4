"""Rating rounds: what people, their managers and their colleagues say of them, and the level that is agreed on."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

OPEN, CLOSED, AGREED = "open", "closed", "agreed"
SELF, MANAGER, PEER = "self", "manager", "peer"
PROPOSED, INVITED = "proposed", "invited"
CONFIRMED, OBJECTED, SETTLED = "confirmed", "objected", "settled"


class RatingRound(Model):
    """One occasion on which people of an organisation are rated, from its opening to its closing moment.

    `proposes`: the rated person proposes colleagues. `notes_shown`: what peers write is shown, without names, where their
    figures are.
    """

    __tablename__ = "rating_round"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("self_rates OR manager_rates OR peers_rate", name="somebody_rates"),
        CheckConstraint("peers_rate OR NOT proposes", name="only_peers_are_proposed"),
        CheckConstraint("peers_rate OR NOT notes_shown", name="only_notes_of_peers_are_shown"),
        CheckConstraint("title <> ''", name="has_title"),
        Index("ix_rating_round_closes_at", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    self_rates: Mapped[bool]
    manager_rates: Mapped[bool]
    peers_rate: Mapped[bool]
    proposes: Mapped[bool] = mapped_column(default=False)
    notes_shown: Mapped[bool] = mapped_column(default=False)


class Rating(Model):
    """The round of one person: open, then closed, then agreed. `revision` counts what was agreed, `answer` is the person's."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id", name="uq_rating_person"),
        CheckConstraint("state IN ('open', 'closed', 'agreed')", name="known_state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_dated"),
        CheckConstraint("(state = 'agreed') = (revision > 0)", name="agreed_when_counted"),
        CheckConstraint("(state = 'agreed') = (agreed_at IS NOT NULL)", name="agreed_when_dated"),
        CheckConstraint("answer IN ('confirmed', 'objected', 'settled')", name="known_answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when_dated"),
        CheckConstraint("answer IS NULL OR state = 'agreed'", name="only_what_is_agreed_is_answered"),
        CheckConstraint("answer <> 'objected' OR objection <> ''", name="objection_has_reason"),
        CheckConstraint("revision >= 0", name="revisions_counted"),
        Index("ix_rating_state_agreed_at", "state", "agreed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rating_round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    closed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answer: Mapped[str | None] = mapped_column(String(10))
    objection: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]


class RatingLine(Model):
    """A competency in somebody's round with the level asked for. The figures of peers are written at closing and never again.

    `peers` counts those who gave a level; where they were fewer than three, nothing is kept at all.
    """

    __tablename__ = "rating_line"
    __table_args__ = (
        UniqueConstraint("rating_id", "competency_id", name="uq_rating_line_competency"),
        UniqueConstraint("id", "rating_id", name="uq_rating_line_rating"),
        CheckConstraint("target BETWEEN 0 AND 4", name="known_target"),
        CheckConstraint("peers >= 3", name="enough_peers"),
        CheckConstraint("peers_sum BETWEEN peers * peers_low AND peers * peers_high", name="sum_fits_spread"),
        CheckConstraint("peers_low BETWEEN 0 AND peers_high AND peers_high <= 4", name="spread_in_range"),
        CheckConstraint(
            "(peers IS NULL) = (peers_sum IS NULL) AND (peers IS NULL) = (peers_low IS NULL)"
            " AND (peers IS NULL) = (peers_high IS NULL)",
            name="figures_together",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    target: Mapped[int]
    peers: Mapped[int | None]
    peers_sum: Mapped[int | None]
    peers_low: Mapped[int | None]
    peers_high: Mapped[int | None]


class RatingVoice(Model):
    """Somebody who rates in somebody's round, once: the person, a manager, or a peer, who may only be proposed so far.

    `reminders` counts those that came by themselves; `reminded_at` tells when the last one came, by itself or by hand.
    """

    __tablename__ = "rating_voice"
    __table_args__ = (
        UniqueConstraint("rating_id", "rater_id", name="uq_rating_voice_rater"),
        UniqueConstraint("id", "rating_id", name="uq_rating_voice_rating"),
        CheckConstraint("voice IN ('self', 'manager', 'peer')", name="known_voice"),
        CheckConstraint("state IN ('proposed', 'invited')", name="known_state"),
        CheckConstraint("state = 'invited' OR voice = 'peer'", name="only_peers_are_proposed"),
        CheckConstraint("submitted_at IS NULL OR state = 'invited'", name="only_the_invited_hand_in"),
        CheckConstraint("reminders >= 0", name="reminders_counted"),
        Index(
            "uq_rating_voice_single",
            "rating_id",
            "voice",
            unique=True,
            sqlite_where=text("voice <> 'peer'"),
            postgresql_where=text("voice <> 'peer'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"))
    rater_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    voice: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=INVITED)
    submitted_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]


class RatingAnswer(Model):
    """What a rater says about one competency: a level from 0 (below the first) to 4; None: not observed."""

    __tablename__ = "rating_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["voice_id", "rating_id"],
            ["rating_voice.id", "rating_voice.rating_id"],
            name="fk_rating_answer_voice",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["line_id", "rating_id"],
            ["rating_line.id", "rating_line.rating_id"],
            name="fk_rating_answer_line",
            ondelete="CASCADE",
        ),
        CheckConstraint("level BETWEEN 0 AND 4", name="known_level"),
    )

    voice_id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    rating_id: Mapped[int]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")


class RatingAgreement(Model):
    """The level agreed on for one competency, with the note of the talk; None: nothing was agreed. A later revision replaces it."""

    __tablename__ = "rating_agreement"
    __table_args__ = (
        UniqueConstraint("line_id", "revision", name="uq_rating_agreement_revision"),
        CheckConstraint("level BETWEEN 0 AND 4", name="known_level"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("rating_line.id", ondelete="CASCADE"))
    revision: Mapped[int]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    made_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
