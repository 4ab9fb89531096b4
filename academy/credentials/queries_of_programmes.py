"""Certificates of programmes: how they are renewed, and how far each renewal of a person is.

How one is renewed stands in the programme's newest version: `renewal` names the window, the grace, the hours, the shorter course.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import JSONDocument, db
from academy.base.jobs import asked_for
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import Certificate, RevocationProposal
from academy.credentials.queries import CertificateRow, is_current
from academy.credentials.queries_of_renewal import RenewalOf, next_cycle_of_row, next_cycles, standing_rows
from academy.credentials.rules_of_renewal import Stage, Terms
from academy.learning.models import (
    COMPLETED,
    PUBLISHED,
    Enrolment,
    Programme,
    ProgrammeEnrolment,
    ProgrammeRenewal,
    ProgrammeStepDone,
    ProgrammeVersion,
)
from academy.learning.models.renewals import RENEWED, RENEWING
from academy.learning.queries.ledger import is_credited


def credential_of(programme: Programme) -> str:
    """Return the name under which a programme is attested."""
    return f"programme:{programme.key}"


def terms_said(renewal: Mapping[str, Any], path_course_id: int | None = None) -> Terms:
    """Return what a version says of renewal, as terms; what it leaves out is as without a rule."""
    usual = Terms()
    return Terms(
        window_days=int(renewal.get("window_days_before", usual.window_days)),
        grace_days=int(renewal.get("grace_days_after", usual.grace_days)),
        path_course_id=path_course_id,
        automatic=bool(renewal.get("automatic", usual.automatic)),
        reminders=tuple(int(days) for days in renewal.get("reminders", usual.reminders)),
    )


def hours_asked(renewal: Mapping[str, Any]) -> Decimal | None:
    """Return the hours of professional development that renewing asks for; None for none."""
    return Decimal(str(renewal.get("cpd_hours") or 0)) or None


def newest_programme_version(programme_id: int) -> ProgrammeVersion | None:
    """Return the version of a programme that was published last."""
    mine = ProgrammeVersion.programme_id == programme_id, ProgrammeVersion.state != "draft"
    return db.session.scalar(select(ProgrammeVersion).where(*mine).order_by(ProgrammeVersion.number.desc()).limit(1))


def programme_terms(programme_ids: Collection[int]) -> dict[int, Terms]:
    """Return the terms of each of the programmes (one statement)."""
    rows = db.session.execute(_offers(programme_ids)).all() if programme_ids else []
    return {row.id: terms_said(row.renewal, row.path_id) for row in rows}


def automatic_programmes() -> list[int]:
    """Return the programmes whose certificates are renewed by themselves."""
    query = select(ProgrammeVersion.programme_id, ProgrammeVersion.renewal).where(ProgrammeVersion.state == PUBLISHED)
    rows = db.session.execute(query.order_by(ProgrammeVersion.programme_id))
    return [row.programme_id for row in rows if row.renewal.get("automatic")]


def longest_programme_reminder() -> int:
    """Return how many days before its last day any certificate of a programme is first reminded of."""
    published = db.session.scalars(select(ProgrammeVersion.renewal).where(ProgrammeVersion.state == PUBLISHED))
    return max((days for said in published for days in said.get("reminders", ())), default=0)


def on_course(row: Any, terms: Terms, expires_on: date, home: int, today: date) -> int | None:
    """Return on which shorter course somebody of an organisation renews today; None when they take the programme anew."""
    if terms.path_on(expires_on, today) is None or row.path_retired_at is not None or row.path_title is None:
        return None
    return row.path_id if row.path_audience == "everyone" or row.path_organisation_id == home else None


def offer_of(programme_id: int) -> Any:
    """Return a row of how a programme can be renewed now; None when it never was published."""
    return db.session.execute(_offers([programme_id])).first()


def is_open(row: Any) -> bool:
    """Whether a programme takes people."""
    return row.retired_at is None and row.state == PUBLISHED


def _offers(programme_ids: Collection[int]) -> Select[Any]:
    path, shorter, later = aliased(Course), aliased(CourseVersion), aliased(ProgrammeVersion)
    newest = (
        select(func.max(later.number))
        .where(later.programme_id == Programme.id, later.state != "draft")
        .correlate(Programme)
        .scalar_subquery()
    )
    named = type_coerce(ProgrammeVersion.renewal, JSONDocument)["path_course"].as_string()
    columns = (
        Programme.id, Programme.key, Programme.retired_at, ProgrammeVersion.title, ProgrammeVersion.state, ProgrammeVersion.renewal,
        path.id.label("path_id"), path.key.label("path_key"), path.audience.label("path_audience"),
        path.organisation_id.label("path_organisation_id"), path.retired_at.label("path_retired_at"), shorter.title.label("path_title"),
    )  # fmt: skip
    version = and_(ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.number == newest)
    published = and_(shorter.course_id == path.id, shorter.state == COURSE_PUBLISHED)
    query = select(*columns).select_from(Programme).join(ProgrammeVersion, version)
    query = query.outerjoin(path, path.key == named).outerjoin(shorter, published)
    return query.where(Programme.id.in_(programme_ids))


def programme_stages(
    holder_id: int, organisation_id: int, rows: Sequence[CertificateRow], *, today: date
) -> dict[int, RenewalOf]:
    """Return how far the renewal of each of a person's certificates of programmes is, by its id (one statement)."""
    current = [row for row in standing_rows(rows) if row.programme_id is not None]
    if not current:
        return {}
    found = db.session.execute(_rounds(holder_id, [row.programme_id for row in current if row.programme_id])).all()
    stages, following = {}, next_cycles(rows)
    for row in current:
        mine = [each for each in found if each.id == row.programme_id]
        if mine:
            begun = next((each for each in mine if each.cycle == following[row.credential]), None)
            stages[row.id] = _stage(row, begun or mine[0], begun is not None, organisation_id, today)
    return stages


def _rounds(learner_id: int, programme_ids: Collection[int]) -> Select[Any]:
    """The offers with the renewals of a person: the course of each and the hours credited since."""
    taken, on = aliased(CourseVersion), aliased(Course)
    learned, version = aliased(Enrolment), aliased(CourseVersion)
    credited = (
        select(func.coalesce(func.sum(version.hours), 0))
        .select_from(learned)
        .join(version, version.id == learned.version_id)
        .where(
            learned.learner_id == ProgrammeRenewal.learner_id, learned.state == COMPLETED, ~learned.exempted,
            learned.completed_at > ProgrammeRenewal.since,
        )
        .correlate(ProgrammeRenewal)
        .scalar_subquery()
    )  # fmt: skip
    mine = and_(
        ProgrammeRenewal.programme_id == Programme.id, ProgrammeRenewal.learner_id == learner_id,
        ProgrammeRenewal.state.in_((RENEWING, RENEWED)),
    )  # fmt: skip
    return (
        _offers(programme_ids)
        .add_columns(
            ProgrammeRenewal.cycle, ProgrammeRenewal.state.label("renewing"), ProgrammeRenewal.until, ProgrammeRenewal.hours,
            credited.label("credited"), on.key.label("on_key"), taken.title.label("on_title"),
        )
        .outerjoin(ProgrammeRenewal, mine)
        .outerjoin(Enrolment, Enrolment.id == ProgrammeRenewal.enrolment_id)
        .outerjoin(taken, taken.id == Enrolment.version_id)
        .outerjoin(on, on.id == Enrolment.course_id)
    )  # fmt: skip


def _stage(row: CertificateRow, found: Any, begun: bool, home: int, today: date) -> RenewalOf:
    assert row.expires_on is not None
    terms = terms_said(found.renewal, found.path_id)
    opens_on = terms.opens_on(row.expires_on)
    if begun and found.renewing == RENEWED:
        return RenewalOf(Stage.EARNED, opens_on)
    if begun and found.on_key:
        return RenewalOf(
            Stage.BEGUN, opens_on, found.on_key, found.on_title, found.until, hours=found.hours, credited=found.credited
        )
    if begun:
        return RenewalOf(
            Stage.BEGUN, opens_on, programme_key=found.key, programme=found.title, hours=found.hours, credited=found.credited
        )  # fmt: skip
    if not is_open(found):
        return RenewalOf(Stage.CLOSED, opens_on)
    stage, hours = Stage.EARLY if today < opens_on else Stage.OPEN, hours_asked(found.renewal)
    if on_course(found, terms, row.expires_on, home, max(today, opens_on)) is not None:
        until = terms.path_until(row.expires_on)
        return RenewalOf(stage, opens_on, found.path_key, found.path_title, until, hours=hours)
    return RenewalOf(stage, opens_on, programme_key=found.key, programme=found.title, hours=hours)


def current_of_programme(holder_id: int, programme_id: int) -> Certificate | None:
    """Return the certificate of a programme that stands for a person; it may have ended."""
    mine = Certificate.holder_id == holder_id, Certificate.programme_id == programme_id
    return db.session.scalar(select(Certificate).where(*mine, is_current()).limit(1))


def renewal_of_programme(*states: str) -> ColumnElement[bool]:
    """Return the filter on Certificate for those whose next cycle is in one of the states."""
    return exists().where(
        ProgrammeRenewal.learner_id == Certificate.holder_id, ProgrammeRenewal.programme_id == Certificate.programme_id,
        ProgrammeRenewal.cycle == next_cycle_of_row(), ProgrammeRenewal.state.in_(states),
    )  # fmt: skip


def programmes_to_begin(programme_id: int, terms: Terms, today: date, *, after_id: int, most: int) -> list[Certificate]:
    """Return the next certificates of a programme whose window is open and that nobody renews yet; long ended ones are left out."""
    lasts = Certificate.expires_on.between(
        today - timedelta(days=terms.grace_days), today + timedelta(days=terms.window_days)
    )
    query = (
        select(Certificate)
        .join(Person, Person.id == Certificate.holder_id)
        .where(Certificate.programme_id == programme_id, is_current(), Person.state == "active", lasts)
        .where(~renewal_of_programme(RENEWING, RENEWED), Certificate.id > after_id)
    )
    return list(db.session.scalars(query.order_by(Certificate.id).limit(most)))


def unissued(jobs: str, *, most: int) -> list[int]:
    """Return completed places in programmes, not exempted from all of it, for which no certificate was ever issued; imported ones were not.

    Left out are those for which there is a job (the beginning of its key).
    """
    issued = exists().where(
        Certificate.holder_id == ProgrammeEnrolment.learner_id,
        Certificate.programme_id == ProgrammeEnrolment.programme_id,
        Certificate.cycle > 0,
    )
    query = select(ProgrammeEnrolment.id).where(
        ProgrammeEnrolment.state == COMPLETED, ProgrammeEnrolment.cycle == 1, ~issued, learned_something(),
        ~asked_for(jobs, ProgrammeEnrolment.id),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(ProgrammeEnrolment.id).limit(most)))


def learned_something() -> ColumnElement[bool]:
    """Return the filter on ProgrammeEnrolment for places of which at least one step was done by learning."""
    by_learning = or_(ProgrammeStepDone.attempt_id.is_not(None), is_credited())
    steps = (
        select(ProgrammeStepDone.id)
        .outerjoin(Enrolment, Enrolment.id == ProgrammeStepDone.course_enrolment_id)
        .where(ProgrammeStepDone.enrolment_id == ProgrammeEnrolment.id, by_learning)
    )
    return exists(steps.correlate(ProgrammeEnrolment))


def learned_in(programme_enrolment_id: int) -> bool:
    """Whether at least one step of a place was done by learning, not by an exemption."""
    mine = ProgrammeEnrolment.id == programme_enrolment_id
    return db.session.scalar(select(ProgrammeEnrolment.id).where(mine, learned_something())) is not None


def completed_since(proposal_id: int) -> list[int]:
    """Return the place in a programme whose certificate it was proposed to take back, if it was completed after that."""
    query = (
        select(ProgrammeEnrolment.id)
        .join(Certificate, Certificate.programme_enrolment_id == ProgrammeEnrolment.id)
        .join(RevocationProposal, RevocationProposal.certificate_id == Certificate.id)
        .where(RevocationProposal.id == proposal_id, ProgrammeEnrolment.completed_at > RevocationProposal.proposed_at)
    )
    return list(db.session.scalars(query))
