"""What is done with reports: kept, shared, copied, deleted, taken away, and asked for by letter."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from academy.base import audit, jobs
from academy.base.access import ADMINISTRATOR, MANAGER, Actor
from academy.base.dates import riyadh_day
from academy.base.db import change, db, insert_once
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.insights.reports import policies, reach
from academy.insights.reports.models import Report, ReportFile, ReportSchedule, ReportShare, SmallGroup
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS
from academy.insights.reports.rules import definitions, hiding, periods
from academy.insights.reports.rules.definitions import Definition

MOST_REPORTS, MOST_SHARES, MOST_OPEN_FILES = 200, 100, 5
KEPT_FOR = timedelta(days=7)
SHARED_ROLES = (MANAGER, ADMINISTRATOR)
SHARE = "insights:report:share"


def create(
    actor: Actor, title: str, dataset: str, *, at: datetime, document: Mapping[str, Any] | None = None
) -> Report:
    """Keep a new report of the actor's, with the usual columns of its dataset."""
    if dataset not in DATASETS:
        raise Invalid(_l("Choose one of the listed values."), field="dataset")
    mine = select(Report.id).where(Report.owner_id == actor.person_id).limit(MOST_REPORTS)
    if len(db.session.scalars(mine).all()) >= MOST_REPORTS:
        raise Conflict(_l("You have as many reports as anybody may have. Delete one first."))
    kept = document or Definition(columns=DATASETS[dataset].usual).as_json()
    row = Report(
        owner_id=actor.person_id, organisation_id=actor.organisation_id, title=title, dataset=dataset,
        definition=dict(kept), created_at=at, changed_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def rename(report: Report, title: str, *, at: datetime) -> None:
    """Give a report another title."""
    report.title, report.changed_at = title, at
    db.session.flush()


def keep(report: Report, *, at: datetime, **parts: Any) -> Definition:
    """Change parts of what a report asks for; what does not fit the dataset is refused by the reading."""
    dataset = DATASETS[report.dataset]
    found = definitions.read({**report.definition, **parts}, dataset.kinds, dataset.choices)
    report.definition, report.changed_at = found.as_json(), at
    db.session.flush()
    return found


def copy(report: Report, actor: Actor, title: str, *, at: datetime) -> Report:
    """Make an own report of the actor's that asks for the same; it is shared with nobody and sent to nobody."""
    return create(actor, title[:120], report.dataset, at=at, document=report.definition)


def remove(report: Report, actor: Actor, *, at: datetime) -> None:
    """Delete a report with its shares and schedules."""
    _note(policies.CHANGE, report, actor, at, before={"title": report.title, "dataset": report.dataset})
    db.session.execute(delete(Report).where(Report.id == report.id))
    db.session.expunge(report)


def share_with_role(report: Report, role: str, actor: Actor, *, at: datetime) -> None:
    """Share a report with all who hold a role in its organisation."""
    if role not in SHARED_ROLES:
        raise Invalid(_l("Choose one of the listed values."), field="role")
    _share(report, actor, at, role=role)


def share_with_person(report: Report, email: str, actor: Actor, *, at: datetime) -> None:
    """Share a report with a colleague of the same organisation who may build reports themself."""
    person_id = reach.colleague(report.organisation_id, email)
    if person_id is None:
        raise Invalid(_l("Nobody in your organisation has this e-mail."), field="email")
    if person_id == report.owner_id:
        raise Invalid(_l("This is your own report."), field="email")
    reader = reach.actor_of(person_id)
    if reader is None or not reach.builds(reader):
        raise Invalid(_l("This person leads nobody and would see an empty report."), field="email")
    _share(report, actor, at, person_id=person_id)


def _share(report: Report, actor: Actor, at: datetime, **whom: Any) -> None:
    if report.organisation_id != actor.organisation_id:
        raise Conflict(_l("You have moved to another organisation. Copy the report to share it there."))
    same = [getattr(ReportShare, name) == value for name, value in whom.items()]

    def make() -> ReportShare:
        return ReportShare(report_id=report.id, shared_at=at, **whom)

    def find() -> ReportShare | None:
        return db.session.scalar(select(ReportShare).where(ReportShare.report_id == report.id, *same))

    if len(finding.shares(report.id)) >= MOST_SHARES:
        raise Conflict(_l("It is shared with as many people as a report may be. Share it with a role."))
    _row, made = insert_once(make, find)
    if made:
        _note(SHARE, report, actor, at, after=whom)


def unshare(report: Report, share_id: int, actor: Actor, *, at: datetime) -> None:
    """Take one share back. Raises NotFound when it is none of this report's."""
    row = finding.share(share_id)
    if row is None or row.report_id != report.id:
        raise NotFound
    _note(SHARE, report, actor, at, before={"person_id": row.person_id, "role": row.role})
    db.session.delete(row)
    db.session.flush()


def subscribe(report: Report, actor: Actor, rhythm: str, *, at: datetime) -> None:
    """Send a report to a reader by letter from the next period on; "" ends that."""
    if rhythm and rhythm not in periods.RHYTHMS:
        raise Invalid(_l("Choose one of the listed values."), field="rhythm")
    row, today = finding.schedule(report.id, actor.person_id), riyadh_day(at)
    if not rhythm:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        wanted = {"report_id": report.id, "person_id": actor.person_id, "rhythm": rhythm, "since": today}
        insert_once(lambda: ReportSchedule(**wanted), lambda: finding.schedule(report.id, actor.person_id))
    elif row.rhythm != rhythm:
        row.rhythm, row.since = rhythm, today
    db.session.flush()


def note_export(report: Report, actor: Actor, kind: str, rows: int, *, at: datetime) -> None:
    """Put into the trail that somebody takes rows away as a file."""
    _note(policies.EXPORT, report, actor, at, after={"kind": kind, "rows": rows, "dataset": report.dataset})


def order_file(report: Report, actor: Actor, kind: str, rows: int, *, at: datetime) -> ReportFile:
    """Have a file made in the background, of the report as it is now."""
    open_ones = [file for file in finding.files(actor.person_id, at=at) if file.state in ("waiting", "running")]
    if len(open_ones) >= MOST_OPEN_FILES:
        raise Conflict(_l("Several files are being made for you. Wait until they are ready."))
    row = ReportFile(
        owner_id=actor.person_id, title=report.title, dataset=report.dataset, definition=report.definition, kind=kind,
        language=actor.language, rights=reach.rights_of(actor), total=rows, asked_at=at, expires_at=at + KEPT_FOR,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    jobs.enqueue("insights.report_file", unique_key=job_key(row.id), file_id=row.id)
    return row


def job_key(file_id: int) -> str:
    """Return the key under which the making of a file is queued once."""
    return f"report:file:{file_id}"


def name_of(file: ReportFile) -> str:
    """Return under which name the store keeps a file."""
    return f"report-{file.id}.{file.kind}"


def set_threshold(organisation_id: int | None, threshold: int | None, actor: Actor, *, at: datetime) -> None:
    """Set the smallest group that is shown, for the academy or one organisation; None takes an organisation's own rule back."""
    if threshold is not None and not hiding.LEAST <= threshold <= hiding.MOST:
        raise Invalid(_l("Enter a number from 5 to 100."), field="threshold")
    same = (
        SmallGroup.organisation_id.is_(None)
        if organisation_id is None
        else SmallGroup.organisation_id == organisation_id
    )
    before = db.session.scalar(select(SmallGroup.threshold).where(same))
    if before == threshold:
        return
    if threshold is None:
        change(delete(SmallGroup).where(same))
    else:
        wanted = {"organisation_id": organisation_id, "threshold": threshold, "changed_at": at}
        row, made = insert_once(lambda: SmallGroup(**wanted), lambda: db.session.scalar(select(SmallGroup).where(same)))
        if not made:
            row.threshold, row.changed_at = threshold, at
    db.session.flush()
    audit.record(
        policies.SMALL_GROUPS, at=at, actor_id=actor.person_id, organisation_id=organisation_id,
        subject=("small_group", organisation_id, ""), before={"threshold": before}, after={"threshold": threshold},
    )  # fmt: skip


def _note(
    act: str, report: Report, actor: Actor, at: datetime,
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    audit.record(
        act, at=at, actor_id=actor.person_id, organisation_id=report.organisation_id,
        subject=("report", report.id, report.title), before=before, after=after,
    )  # fmt: skip
