"""Reports in the background: large files in batches with their progress, and letters once for each period."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from academy.base import clock, storage
from academy.base.access import Actor
from academy.base.db import db, insert_once, lock, settle
from academy.base.i18n import _l, in_language
from academy.base.jobs import enqueue, job, on_last_try
from academy.insights.reports import reach, services, writing
from academy.insights.reports.kinds import REPORT_READY
from academy.insights.reports.models import (
    EMPTY,
    FAILED,
    QUEUED,
    READY,
    REFUSED,
    RUNNING,
    SENT,
    WAITING,
    Report,
    ReportDelivery,
    ReportFile,
    ReportSchedule,
)
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS
from academy.insights.reports.queries.running import Run
from academy.insights.reports.rules import definitions, periods
from academy.insights.reports.rules.expressions import Unreadable
from academy.notices import kinds as notices
from academy.notices.services import tell

BATCH = 200
notices.stands_while(REPORT_READY, finding.standing)


@job("insights.report_file", _l("Make the file of a report"), tries=3, lease=timedelta(minutes=30))
def report_file(file_id: int) -> None:
    """Make one file. Its rows are read in batches; between them the database is free and the progress is seen."""
    file: ReportFile | None = lock(ReportFile, file_id)
    if file is None or file.state not in (WAITING, RUNNING):
        return
    reader = reach.actor_of(file.owner_id)
    if reader is None or reach.rights_of(reader) != file.rights:
        file.state = FAILED
        return
    file.state, file.as_of, file.done = RUNNING, clock.now(), 0
    settle()
    try:
        body = _made(file, reader, file.as_of)
        storage.keep_made(services.name_of(file), body)
    except Exception:
        if on_last_try(services.job_key(file_id)):
            _give_up(file_id)
        raise
    file.state = READY


def _made(file: ReportFile, reader: Actor, as_of: datetime) -> bytes:
    with in_language(file.language):
        dataset = DATASETS[file.dataset]
        asked = definitions.read(file.definition, dataset.kinds, dataset.choices)
        run = Run(dataset, asked, reader, today=clock.today(), language=file.language)
        lines = writing.lines(run, _rows(run, file), file.kind)
        return writing.made(file.kind, file.title, writing.header(run), lines, writing.note_of(run, as_of))


def _give_up(file_id: int) -> None:
    """Let nobody wait for a file that is not tried again."""
    db.session.rollback()
    file: ReportFile | None = lock(ReportFile, file_id)
    if file is not None:
        file.state = FAILED
    settle()


def _rows(run: Run, file: ReportFile) -> Iterator[tuple[Any, ...]]:
    """Each row once: which they are is settled at the start, for a row that changes its place meanwhile would be told twice or never."""
    keys = run.keys(most=writing.MOST_PRINTED if file.kind == "pdf" else writing.MOST_ROWS)
    for first in range(0, len(keys), writing.BATCH):
        part = keys[first : first + writing.BATCH]
        yield from run.rows_of(part)
        file.done = first + len(part)
        settle()


@job("insights.forget_files", _l("Delete files of reports that nobody can fetch any more"), every=timedelta(days=1))
def forget_files() -> None:
    """Delete the next 200 files that expired, each with its bytes, then the rest; a file that is being made is left alone."""
    over = ReportFile.expires_at < clock.now(), ReportFile.state.in_((READY, FAILED))
    rows = db.session.scalars(select(ReportFile).where(*over).order_by(ReportFile.id).limit(BATCH)).all()
    for row in rows:
        # The bytes first: what expired opens no more, and a row that stays behind is found again tomorrow.
        storage.forget_made(services.name_of(row))
        db.session.delete(row)
    if len(rows) == BATCH:
        enqueue("insights.forget_files")


@job("insights.report_letters", _l("Find reports to send"), every=timedelta(hours=1))
def report_letters() -> None:
    """Queue what is due of every schedule."""
    queue_letters(0)


@job("insights.queue_report_letters", _l("Prepare reports to send"))
def queue_letters(after_id: int) -> None:
    """Queue the letters of the next 200 schedules whose period has begun, each once, then the rest."""
    today, at = clock.today(), clock.now()
    query = select(ReportSchedule).where(ReportSchedule.id > after_id).order_by(ReportSchedule.id).limit(BATCH)
    rows = db.session.scalars(query).all()
    for row in rows:
        period = periods.due(row.rhythm, since=row.since, today=today)
        if period is None:
            continue
        wanted = {"schedule_id": row.id, "period": period}

        def make(wanted: dict[str, Any] = wanted) -> ReportDelivery:
            return ReportDelivery(**wanted, outcome=QUEUED, queued_at=at)

        def find(wanted: dict[str, Any] = wanted) -> ReportDelivery | None:
            return db.session.scalar(select(ReportDelivery).filter_by(**wanted))

        delivery, made = insert_once(make, find)
        if made:
            key = finding.job_key(delivery.id)
            enqueue("insights.report_letter", unique_key=key, delivery_id=delivery.id)
    if len(rows) == BATCH:
        enqueue("insights.queue_report_letters", after_id=rows[-1].id)


@job("insights.report_letter", _l("Send a report"))
def report_letter(delivery_id: int) -> None:
    """Send one report to its reader for one period, with the rights they have now; an empty one is not sent."""
    delivery: ReportDelivery | None = lock(ReportDelivery, delivery_id)
    if delivery is None or delivery.outcome != QUEUED:
        return
    schedule = db.session.get_one(ReportSchedule, delivery.schedule_id)
    report = db.session.get_one(Report, schedule.report_id)
    reader = reach.actor_of(schedule.person_id)
    rows = None if reader is None else _rows_for(reader, report)
    delivery.rows, delivery.settled_at = rows or 0, clock.now()
    delivery.outcome = REFUSED if rows is None else SENT if rows else EMPTY
    if rows and reader is not None:
        tell(
            reader.person_id, REPORT_READY, f"report:{schedule.id}:{delivery.period.isoformat()}", at=clock.now(),
            address=f"/reports/{report.id}", about_id=schedule.id, report=report.title, rows=rows, day=clock.today(),
        )  # fmt: skip


def _rows_for(reader: Actor, report: Report) -> int | None:
    """How many rows a report has for its reader now; None when it is not theirs to open, or cannot be read any more."""
    if not reach.sees(reader, report):
        return None
    dataset = DATASETS[report.dataset]
    try:
        asked = definitions.read(report.definition, dataset.kinds, dataset.choices)
    except Unreadable:
        return None
    return Run(dataset, asked, reader, today=clock.today(), language=reader.language).count()
