"""Reads of accreditation: schemes, applications with their evidence, accreditations with their history, and the register."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, bindparam, exists, func, select

from academy.accounts.models import Organisation, Person, RoleGrant
from academy.accounts.queries_of_memberships import same_human, same_humans
from academy.base.access import ADMINISTRATOR, COMMITTEE
from academy.base.db import db
from academy.base.documents import packed, unpacked
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText
from academy.partners.accreditation.models import (
    Accreditation,
    AccreditationApplication,
    AccreditationPaper,
    AccreditationScheme,
    ApplicationDocument,
    Breach,
    EnteredMeasure,
    Suspension,
    Vote,
)
from academy.partners.accreditation.rules import OPEN, Ballot, Purpose, Reading, Scheme, Status, Way
from academy.partners.models import PARTNER


def packed_readings(readings: Collection[Reading]) -> list[Any]:
    """Return readings as they are stored."""
    return [{**packed(each), "way": Way(each.way).value} for each in readings]


def readings_in(stored: list[Any] | None) -> dict[str, Reading]:
    """Return stored readings by criterion."""
    found = [unpacked(Reading, each) for each in stored or ()]
    return {each.criterion: each for each in found}


def present_scheme() -> AccreditationScheme | None:
    """Return the scheme that applications are made under: the one that was published last."""
    return db.session.scalar(select(AccreditationScheme).order_by(AccreditationScheme.id.desc()).limit(1))


def scheme_of(scheme_id: int) -> Scheme:
    """Return a scheme as it was published."""
    return unpacked(Scheme, db.session.get_one(AccreditationScheme, scheme_id).document)


def application(application_id: int) -> AccreditationApplication | None:
    """Return an application by id."""
    return db.session.get(AccreditationApplication, application_id)


def accreditation(accreditation_id: int) -> Accreditation | None:
    """Return an accreditation by id."""
    return db.session.get(Accreditation, accreditation_id)


def numbered(accreditation_number: str) -> Accreditation | None:
    """Return an accreditation by its number, written as it is stored."""
    return db.session.scalar(select(Accreditation).where(Accreditation.number == accreditation_number))


def in_force(organisation_id: int) -> Accreditation | None:
    """Return the accreditation of a partner that was neither replaced nor withdrawn; it may have expired."""
    mine = Accreditation.organisation_id == organisation_id
    return db.session.scalar(
        select(Accreditation).where(mine, Accreditation.replaced_on.is_(None), Accreditation.withdrawn_on.is_(None))
    )


def accreditations(organisation_id: int) -> list[Accreditation]:
    """Return all that was ever granted to a partner, the newest first."""
    query = select(Accreditation).where(Accreditation.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(Accreditation.id.desc())))


def suspended(accreditation_id: int) -> Suspension | None:
    """Return the suspension that is open."""
    query = select(Suspension).where(Suspension.accreditation_id == accreditation_id, Suspension.ended_on.is_(None))
    return db.session.scalar(query)


def breaches(accreditation_ids: Collection[int]) -> dict[int, list[Breach]]:
    """Return the breaches of accreditations, the newest first."""
    query = select(Breach).where(Breach.accreditation_id.in_(accreditation_ids)).order_by(Breach.id.desc())
    found: dict[int, list[Breach]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.accreditation_id].append(row)
    return found


def suspensions(accreditation_ids: Collection[int]) -> dict[int, list[Suspension]]:
    """Return the times in which accreditations were suspended, the newest first."""
    query = select(Suspension).where(Suspension.accreditation_id.in_(accreditation_ids)).order_by(Suspension.id.desc())
    found: dict[int, list[Suspension]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.accreditation_id].append(row)
    return found


def open_application(organisation_id: int, purpose: str = Purpose.ACCREDIT) -> AccreditationApplication | None:
    """Return what of a partner is not decided yet."""
    open_ = AccreditationApplication.state.in_(OPEN), AccreditationApplication.purpose == purpose
    return db.session.scalar(
        select(AccreditationApplication).where(AccreditationApplication.organisation_id == organisation_id, *open_)
    )


def applications_of(organisation_id: int) -> list[AccreditationApplication]:
    """Return the applications of a partner, the newest first."""
    query = select(AccreditationApplication).where(AccreditationApplication.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(AccreditationApplication.id.desc())))


def applications(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of (application, partner's name), those that wait first."""
    waits = AccreditationApplication.state.in_(OPEN)
    columns: tuple[Any, ...] = (AccreditationApplication, Organisation.name)
    return (
        select(*columns)
        .join(Organisation, Organisation.id == AccreditationApplication.organisation_id)
        .where(scope)
        .order_by(waits.desc(), AccreditationApplication.id.desc())
    )


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of an application with its file."""

    row: ApplicationDocument
    name: str
    size: int


def documents_of(application_id: int) -> dict[str, list[DocumentRow]]:
    """Return the documents of an application by what they are, the newest first."""
    query = (
        select(ApplicationDocument, StoredFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == ApplicationDocument.file_id)
        .where(ApplicationDocument.application_id == application_id)
        .order_by(ApplicationDocument.id.desc())
    )
    found: dict[str, list[DocumentRow]] = defaultdict(list)
    for row, name, size in db.session.execute(query):
        found[row.ref].append(DocumentRow(row, name, size))
    return found


def document(accreditation_document_id: int) -> ApplicationDocument | None:
    """Return a document of an application by id."""
    return db.session.get(ApplicationDocument, accreditation_document_id)


def file_of(row: ApplicationDocument) -> StoredFile:
    """Return the kept file of a document."""
    return db.session.get_one(StoredFile, row.file_id)


def measures_of(application_id: int) -> list[EnteredMeasure]:
    """Return every measure that was entered, the newest first."""
    query = select(EnteredMeasure).where(EnteredMeasure.application_id == application_id)
    return list(db.session.scalars(query.order_by(EnteredMeasure.id.desc())))


def votes_of(application_id: int) -> list[tuple[Vote, LocalizedText]]:
    """Return the votes with the names of who gave them, in their order."""
    query = select(Vote, Person.name).join(Person, Person.id == Vote.voter_id)
    return [
        (vote, name)
        for vote, name in db.session.execute(query.where(Vote.application_id == application_id).order_by(Vote.id))
    ]


def ballots_of(application_id: int) -> list[Ballot]:
    """Return the votes as they are counted."""
    query = select(Vote.voter_id, Vote.in_favour).where(Vote.application_id == application_id)
    return [Ballot(*row) for row in db.session.execute(query)]


def involved(application_id: int) -> set[int]:
    """Return who supplied the evidence of an application, in any organisation of theirs: who entered a measure or reviewed a document."""
    entered = select(EnteredMeasure.entered_by_id).where(EnteredMeasure.application_id == application_id)
    reviewed = select(ApplicationDocument.reviewed_by_id).where(
        ApplicationDocument.application_id == application_id, ApplicationDocument.reviewed_by_id.is_not(None)
    )
    return set(db.session.scalars(same_humans(entered.union(reviewed))))


def members() -> list[int]:
    """Return the active people who sit on the committee."""
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(RoleGrant.role == COMMITTEE, RoleGrant.organisation_id.is_(None), Organisation.kind != PARTNER)
        .where(Person.state == "active", Organisation.active)
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def reviewers() -> list[int]:
    """Return the active administrators of the academy."""
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ADMINISTRATOR, RoleGrant.organisation_id.is_(None), Person.state == "active")
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


@cache
def count_awaited() -> ScalarSelect[int]:
    """Return the query of how many applications before the committee have no vote of the parameter `visitor_id` yet."""
    voter: Any = bindparam("visitor_id", type_=Integer)
    own = exists().where(Vote.application_id == AccreditationApplication.id, Vote.voter_id.in_(same_human(voter)))
    waiting = AccreditationApplication.state == "committee", ~own
    return select(func.count()).select_from(AccreditationApplication).where(*waiting).scalar_subquery()


def standing_accreditations(day: date) -> list[int]:
    """Return the accreditations that are to be checked on a day: in force and not over."""
    here = Accreditation.replaced_on.is_(None), Accreditation.withdrawn_on.is_(None), Accreditation.valid_until >= day
    return list(db.session.scalars(select(Accreditation.id).where(*here).order_by(Accreditation.id)))


def open_applications() -> list[int]:
    """Return the applications whose readings are still kept up to date."""
    query = select(AccreditationApplication.id).where(
        AccreditationApplication.state.in_(("draft", "submitted")), AccreditationApplication.purpose == Purpose.ACCREDIT
    )
    return list(db.session.scalars(query.order_by(AccreditationApplication.id)))


@dataclass(frozen=True, slots=True)
class PartnerStanding:
    """A partner's accreditation in the list of partners."""

    level: LocalizedText
    status: Status
    in_breach: bool


def standings(organisation_ids: Collection[int], today: date) -> dict[int, PartnerStanding]:
    """Return how the partners of a list are accredited, in one statement."""
    held = exists().where(Suspension.accreditation_id == Accreditation.id, Suspension.ended_on.is_(None))
    broken = exists().where(Breach.accreditation_id == Accreditation.id, Breach.healed_on.is_(None))
    query = select(Accreditation, held, broken).where(
        Accreditation.organisation_id.in_(organisation_ids), Accreditation.replaced_on.is_(None),
        Accreditation.withdrawn_on.is_(None),
    )  # fmt: skip
    return {
        row.organisation_id: PartnerStanding(
            LocalizedText.of(row.facts["level_name"]), row.status_on(today, suspended=on_hold), in_breach
        )
        for row, on_hold, in_breach in db.session.execute(query)
    }


def scheme_named(key: str, version: str) -> AccreditationScheme | None:
    """Return a version of a scheme."""
    mine = AccreditationScheme.key == key, AccreditationScheme.version == version
    return db.session.scalar(select(AccreditationScheme).where(*mine))


def vote_of(application_id: int, voter_id: int) -> Vote | None:
    """Return what somebody has voted, in any organisation of theirs."""
    mine = Vote.application_id == application_id, Vote.voter_id.in_(same_human(voter_id))
    return db.session.scalar(select(Vote).where(*mine).limit(1))


def number_of_paper(digest: str) -> str | None:
    """Return the number of the accreditation of which a certificate with this SHA-256 was given out."""
    papers = select(Accreditation.number).join(
        AccreditationPaper, AccreditationPaper.accreditation_id == Accreditation.id
    )
    return db.session.scalar(papers.where(AccreditationPaper.sha256 == digest))
