"""Finding reports: one's own, those shared with one, with whom, when they are sent, and the files made of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, cast, literal, or_, select

from academy.accounts.models import Person
from academy.base.access import Actor
from academy.base.db import db
from academy.base.jobs import FAILED, Job
from academy.base.text import LocalizedText
from academy.insights.reports.models import Report, ReportDelivery, ReportFile, ReportSchedule, ReportShare
from academy.insights.reports.reach import actor_of, sees, shared_with


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list."""

    id: int
    title: str
    dataset: str
    owner: LocalizedText
    mine: bool
    rhythm: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One with whom a report is shared: a person, or all who hold a role."""

    id: int
    person: LocalizedText | None
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What became of one period; `failed` when its job gave up."""

    period: date
    outcome: str
    rows: int
    settled_at: datetime | None
    failed: bool


def report(report_id: int) -> Report | None:
    """Return a report by id."""
    return db.session.get(Report, report_id)


def file(file_id: int) -> ReportFile | None:
    """Return a file by id."""
    return db.session.get(ReportFile, file_id)


def schedule(report_id: int, person_id: int) -> ReportSchedule | None:
    """Return a reader's schedule of a report."""
    mine = ReportSchedule.report_id == report_id, ReportSchedule.person_id == person_id
    return db.session.scalar(select(ReportSchedule).where(*mine))


def share(share_id: int) -> ReportShare | None:
    """Return a share by id."""
    return db.session.get(ReportShare, share_id)


def reports(actor: Actor) -> Any:
    """Return the query of the reports the actor may open, their own ones first."""
    mine = Report.owner_id == actor.person_id
    sent = and_(ReportSchedule.report_id == Report.id, ReportSchedule.person_id == actor.person_id)
    return (
        select(Report, Person.name.label("owner"), ReportSchedule.rhythm)
        .join(Person, Person.id == Report.owner_id)
        .outerjoin(ReportSchedule, sent)
        .where(or_(mine, shared_with(actor)))
        .order_by(mine.desc(), Report.changed_at.desc(), Report.id.desc())
    )


def row_of(row: Any, actor: Actor) -> ReportRow:
    """Turn a fetched row of `reports` into what pages show."""
    of = row.Report
    return ReportRow(of.id, of.title, of.dataset, row.owner, of.owner_id == actor.person_id, row.rhythm, of.changed_at)


def shares(report_id: int) -> list[ShareRow]:
    """Return with whom a report is shared, roles first."""
    query = (
        select(ReportShare.id, Person.name, Person.email, ReportShare.role)
        .outerjoin(Person, Person.id == ReportShare.person_id)
        .where(ReportShare.report_id == report_id)
        .order_by(ReportShare.person_id.is_not(None), ReportShare.id)
    )
    return [ShareRow(key, name, email or "", role or "") for key, name, email, role in db.session.execute(query)]


def deliveries(schedule_id: int, *, most: int = 12) -> list[DeliveryRow]:
    """Return what became of the latest periods of a schedule."""
    query = (
        select(ReportDelivery.period, ReportDelivery.outcome, ReportDelivery.rows, ReportDelivery.settled_at, Job.state)
        .outerjoin(Job, Job.unique_key == literal("report:delivery:").concat(cast(ReportDelivery.id, String)))
        .where(ReportDelivery.schedule_id == schedule_id)
        .order_by(ReportDelivery.period.desc())
        .limit(most)
    )
    return [DeliveryRow(*row[:4], failed=row[1] == "queued" and row[4] == FAILED) for row in db.session.execute(query)]


def job_key(delivery_id: int) -> str:
    """Return the key under which the job of a delivery is queued once."""
    return f"report:delivery:{delivery_id}"


def files(person_id: int, *, at: datetime) -> Sequence[ReportFile]:
    """Return a person's files that can still be fetched or are being made, the newest first."""
    mine = ReportFile.owner_id == person_id, ReportFile.expires_at > at
    return db.session.scalars(select(ReportFile).where(*mine).order_by(ReportFile.id.desc()).limit(50)).all()


def standing(schedule_ids: Collection[int]) -> set[int]:
    """Return which schedules still stand: there, and their reader may still open the report. Asked before a letter leaves."""
    query = select(ReportSchedule, Report).join(Report, Report.id == ReportSchedule.report_id)
    kept = set()
    for row, of in db.session.execute(query.where(ReportSchedule.id.in_(set(schedule_ids)))):
        reader = actor_of(row.person_id)
        if reader is not None and sees(reader, of):
            kept.add(row.id)
    return kept
