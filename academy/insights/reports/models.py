"""Reports, with whom they are shared, when they are sent, the files made of them, and the smallest group that is shown."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

WAITING, RUNNING, READY, FAILED = "waiting", "running", "ready", "failed"
QUEUED, SENT, EMPTY, REFUSED = "queued", "sent", "empty", "refused"


class Report(Model):
    """What somebody asks of a dataset. It holds no figures: whoever opens it sees what they themself may see.

    `organisation_id` is the owner's when it was made; it is shared only within it.
    """

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    dataset: Mapped[str] = mapped_column(String(20))
    definition: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ReportShare(Model):
    """With whom a report is shared: one person, or everyone who holds a role, of its organisation."""

    __tablename__ = "report_share"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name="person_or_role"),
        CheckConstraint("role IN ('administrator', 'manager')", name="known_role"),
        UniqueConstraint("report_id", "person_id", name="uq_report_share_person"),
        UniqueConstraint("report_id", "role", name="uq_report_share_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(String(20))
    shared_at: Mapped[datetime]


class ReportSchedule(Model):
    """A reader's wish to get a report by letter, day by day, week by week or month by month."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        CheckConstraint("rhythm IN ('daily', 'weekly', 'monthly')", name="known_rhythm"),
        UniqueConstraint("report_id", "person_id", name="uq_report_schedule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    rhythm: Mapped[str] = mapped_column(String(10))
    since: Mapped[date]


class ReportDelivery(Model):
    """What became of one period of a schedule, once for each: sent, empty and so not sent, or refused as rights had gone."""

    __tablename__ = "report_delivery"
    __table_args__ = (
        CheckConstraint("outcome IN ('queued', 'sent', 'empty', 'refused')", name="known_outcome"),
        CheckConstraint("(outcome = 'queued') = (settled_at IS NULL)", name="settled_when_done"),
        UniqueConstraint("schedule_id", "period", name="uq_report_delivery_period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id", ondelete="CASCADE"))
    period: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(10), default=QUEUED)
    rows: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class ReportFile(Model):
    """A file that is made in the background: how far it is, and until when it can be fetched.

    `rights` is a digest of what its owner was allowed when it was asked for; with other rights it opens no more.
    """

    __tablename__ = "report_file"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'ready', 'failed')", name="known_state"),
        CheckConstraint("kind IN ('csv', 'xlsx', 'pdf')", name="known_kind"),
        CheckConstraint("done >= 0 AND total >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    dataset: Mapped[str] = mapped_column(String(20))
    definition: Mapped[dict[str, Any]]
    kind: Mapped[str] = mapped_column(String(4))
    language: Mapped[str] = mapped_column(String(2))
    rights: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    as_of: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class SmallGroup(Model):
    """The fewest people a group may have to be shown: for the academy (no organisation) or stricter for one of them."""

    __tablename__ = "small_group"
    __table_args__ = (
        CheckConstraint("threshold BETWEEN 5 AND 100", name="never_below_five"),
        Index("uq_small_group_organisation", text("coalesce(organisation_id, 0)"), unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    threshold: Mapped[int]
    changed_at: Mapped[datetime]
