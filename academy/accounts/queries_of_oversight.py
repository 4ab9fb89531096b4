"""Reads of the audit trail and of background jobs."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.queries_of_administration import matching
from academy.base.access import ADMINISTRATOR, Actor
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.text import LocalizedText

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the trail is narrowed to. `day` is the moment at which the day begins."""

    act: str = ""
    text: str = ""
    day: datetime | None = None


def _within(column: Any, actor: Actor) -> ColumnElement[bool]:
    organisations = actor.organisations_as(ADMINISTRATOR)
    return true() if organisations is None else column.in_(organisations)


def audit_entries(actor: Actor, wanted: AuditFilter) -> Select[Any]:
    """Return the query of the trail an administrator may read, newest first.

    People of other organisations who acted here stay unnamed, and so does where they sat.
    """
    doer, subject = aliased(Person), aliased(Person)
    about = and_(AuditEntry.subject_type == "person", subject.id == AuditEntry.subject_id)
    columns = (
        AuditEntry.id, AuditEntry.at, AuditEntry.act, AuditEntry.actor_id, AuditEntry.subject_type, AuditEntry.subject_id,
        AuditEntry.subject_label, AuditEntry.before, AuditEntry.after, AuditEntry.address,
        doer.id.label("doer_id"), doer.name.label("doer"), subject.name.label("whom"),
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(doer, and_(doer.id == AuditEntry.actor_id, _within(doer.organisation_id, actor)))
        .outerjoin(subject, and_(about, _within(subject.organisation_id, actor)))
        .where(_within(AuditEntry.organisation_id, actor))
        .order_by(AuditEntry.id.desc())
    )
    if wanted.act:
        query = query.where(AuditEntry.act == wanted.act)
    if wanted.day is not None:
        query = query.where(AuditEntry.at >= wanted.day, AuditEntry.at < wanted.day + DAY)
    if wanted.text:
        query = query.where(or_(matching(doer, wanted.text), matching(subject, wanted.text)))
    return query


def all_entries(actor: Actor, wanted: AuditFilter, *, batch: int = 500) -> Iterator[Sequence[Any]]:
    """Yield every entry, newest first, a batch a statement: a file may be read long after the request's transaction."""
    query, before = audit_entries(actor, wanted).limit(batch), None
    while True:
        rows = db.session.execute(query if before is None else query.where(AuditEntry.id < before)).all()
        yield rows
        if len(rows) < batch:
            return
        before = rows[-1].id


Named = Select[int, LocalizedText]


def names_of_people(ids: Collection[int], actor: Actor) -> Named:
    """Return the query of the names of people in the organisations of an administrator; others stay unnamed."""
    return _names(Person, ids, _within(Person.organisation_id, actor))


def names_of_units(ids: Collection[int], actor: Actor) -> Named:
    """Return the query of the names of units of an administrator's organisations."""
    return _names(OrgUnit, ids, _within(OrgUnit.organisation_id, actor))


def names_of_organisations(ids: Collection[int], actor: Actor) -> Named:
    """Return the query of the names of an administrator's organisations."""
    return _names(Organisation, ids, _within(Organisation.id, actor))


def _names(model: Any, ids: Collection[int], mine: ColumnElement[bool]) -> Named:
    return select(model.id, model.name).where(model.id.in_(ids), mine)


def names_by(queries: Sequence[Named]) -> list[dict[int, LocalizedText]]:
    """Return what each of these queries names, all asked in one statement."""
    found: list[dict[int, LocalizedText]] = [{} for _each in queries]
    if queries:
        parts = [query.add_columns(literal(place)) for place, query in enumerate(queries)]
        for id_, name, place in db.session.execute(union_all(*parts)):
            found[place][id_] = name
    return found


def acts(actor: Actor) -> list[str]:
    """Return the acts that occur in the trail an administrator may read."""
    query = select(AuditEntry.act).where(_within(AuditEntry.organisation_id, actor)).distinct()
    return list(db.session.scalars(query.order_by(AuditEntry.act)))


def entries_about(person: Person, actor: Actor, *, most: int = 20) -> Sequence[Any]:
    """Return the latest entries of the trail about a person."""
    about = (AuditEntry.subject_type == "person", AuditEntry.subject_id == person.id)
    return db.session.execute(audit_entries(actor, AuditFilter()).where(*about).limit(most)).all()


def jobs(state: str = "") -> Select[Any]:
    """Return the query of background jobs, newest first."""
    columns: tuple[Any, ...] = (
        Job.id,
        Job.name,
        Job.state,
        Job.tries,
        Job.last_error,
        Job.created_at,
        Job.run_after,
        Job.finished_at,
    )
    query = select(*columns).order_by(Job.id.desc())
    return query.where(Job.state == state) if state else query


def job_counts() -> dict[str, int]:
    """Return how many jobs are in each state."""
    return {
        row.state: row.many
        for row in db.session.execute(select(Job.state, func.count().label("many")).group_by(Job.state))
    }


def job(job_id: int) -> Job | None:
    """Return a job by id."""
    return db.session.get(Job, job_id)
