"""Reads of partners: the list, one partner's profile and contacts, its agreements with what they ask for and their documents."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.base.access import ADMINISTRATOR
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.credentials.models import Certificate
from academy.learning.models import Programme, ProgrammeVersion
from academy.notices.models import Notice
from academy.partners.models import (
    PARTNER,
    Agreement,
    AgreementDocument,
    Leaving,
    PartnerContact,
    PartnerProfile,
    RequiredCertificate,
    RosterPaper,
    SelfRegistration,
    ServingRoster,
)
from academy.partners.rules import COURSE, PROGRAMME, Required, seats_short


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner in the list: people count as seats do; `ends_on` is the last day of the agreement that holds today."""

    id: int
    name: LocalizedText
    active: bool
    taken: int
    seats: int | None
    ends_on: date | None

    @property
    def short(self) -> bool:
        """Whether the seats run out."""
        return seats_short(self.taken, self.seats)


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement, and the titles of the courses and programmes whose certificates it asks for, courses first."""

    agreement: Agreement
    required: dict[Required, LocalizedText]


def partners(scope: ColumnElement[bool], today: date) -> Select[Any]:
    """Return the query of the partners within a filter on Organisation, for one page: what a `PartnerRow` is made of."""
    last = func.coalesce(Agreement.closed_on, Agreement.ends_on)
    holds = Agreement.organisation_id == Organisation.id, Agreement.starts_on <= today, last >= today
    return (
        select(
            Organisation.id, Organisation.name, Organisation.active, taken(), Organisation.seats,
            select(func.max(last)).where(*holds).scalar_subquery(),
        )
        .where(scope)
        .order_by(Organisation.active.desc(), Organisation.id)
    )  # fmt: skip


def taken() -> Any:
    """Return how many seats of the organisation of a row are taken, as a column beside it."""
    people = Person.organisation_id == Organisation.id, Person.state != "suspended"
    return select(func.count()).where(*people).scalar_subquery()


def partner(organisation_id: int) -> Organisation | None:
    """Return a partner by id; an agency is none."""
    found = db.session.get(Organisation, organisation_id)
    return found if found is not None and found.kind == PARTNER else None


def person_of_partner(person_id: int) -> Person | None:
    """Return a person of a partner by id."""
    found = db.session.get(Person, person_id)
    return found if found is not None and found.organisation.kind == PARTNER else None


def profile(organisation_id: int) -> PartnerProfile | None:
    """Return how a partner looks, if it has said so."""
    return db.session.get(PartnerProfile, organisation_id)


def contacts(organisation_id: int) -> dict[str, PartnerContact]:
    """Return a partner's contacts by purpose."""
    query = select(PartnerContact).where(PartnerContact.organisation_id == organisation_id)
    return {row.purpose: row for row in db.session.scalars(query.order_by(PartnerContact.purpose.desc()))}


def agreement(agreement_id: int) -> Agreement | None:
    """Return an agreement by id."""
    return db.session.get(Agreement, agreement_id)


def agreements(organisation_id: int) -> list[Agreed]:
    """Return a partner's agreements with what they ask for, the latest first (one statement)."""
    return _agreed(Agreement.organisation_id == organisation_id)


def agreement_on(organisation_id: int, day: date) -> Agreed | None:
    """Return the agreement that holds on a day, with what it asks for (one statement)."""
    holds = Agreement.starts_on <= day, func.coalesce(Agreement.closed_on, Agreement.ends_on) >= day
    query = select(Agreement.id).where(Agreement.organisation_id == organisation_id, *holds)
    newest = query.order_by(Agreement.starts_on.desc(), Agreement.id.desc()).limit(1)
    return next(iter(_agreed(Agreement.id == newest.scalar_subquery())), None)


def required_by(agreement_id: int) -> dict[Required, LocalizedText]:
    """Return the titles of the courses and programmes whose certificates an agreement asks for, courses first."""
    return _agreed(Agreement.id == agreement_id)[0].required


def _agreed(which: ColumnElement[bool]) -> list[Agreed]:
    query = (
        select(
            Agreement, Course.id.label("course_id"), Programme.id.label("programme_id"),
            func.coalesce(Course.key, Programme.key).label("key"), CourseVersion.title.label("course"),
            ProgrammeVersion.title.label("programme"),
        )
        .outerjoin(RequiredCertificate, RequiredCertificate.agreement_id == Agreement.id)
        .outerjoin(Course, Course.id == RequiredCertificate.course_id)
        .outerjoin(CourseVersion, (CourseVersion.course_id == Course.id) & (CourseVersion.state == PUBLISHED))
        .outerjoin(Programme, Programme.id == RequiredCertificate.programme_id)
        .outerjoin(
            ProgrammeVersion, (ProgrammeVersion.programme_id == Programme.id) & (ProgrammeVersion.state == PUBLISHED)
        )
        .where(which)
        .order_by(
            Agreement.starts_on.desc(), Agreement.id.desc(), Programme.id.is_not(None), Course.id, Programme.id
        )
    )  # fmt: skip
    found: dict[int, Agreed] = {}
    for row in db.session.execute(query):
        agreed = found.setdefault(row.Agreement.id, Agreed(row.Agreement, {}))
        if row.key is not None:
            of = required(row.course_id, row.programme_id)
            agreed.required[of] = row.course or row.programme or LocalizedText(en=row.key)
    return list(found.values())


def required(course_id: int | None, programme_id: int | None) -> Required:
    """Return what a certificate, or a line of an agreement, is of."""
    if course_id is not None:
        return Required(COURSE, course_id)
    assert programme_id is not None
    return Required(PROGRAMME, programme_id)


def ever_required(organisation_id: int) -> set[Required]:
    """Return the courses and programmes whose certificates any agreement of a partner has asked for."""
    query = (
        select(RequiredCertificate.course_id, RequiredCertificate.programme_id)
        .join(Agreement, Agreement.id == RequiredCertificate.agreement_id)
        .where(Agreement.organisation_id == organisation_id)
    )
    return {required(*row) for row in db.session.execute(query)}


def what_can_be_required() -> dict[Required, LocalizedText]:
    """Return the titles of what an agreement can ask for: published programmes and courses that give a certificate and are open to partners' people."""
    programmes = (
        select(Programme.id, ProgrammeVersion.title)
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(ProgrammeVersion.state == PUBLISHED, Programme.retired_at.is_(None), Programme.audience != "employee")
        .order_by(Programme.id)
    )
    courses = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == PUBLISHED, CourseVersion.gives_certificate, Course.audience == "everyone")
        .order_by(Course.id)
    )
    found = {Required(PROGRAMME, row.id): row.title for row in db.session.execute(programmes)}
    return found | {Required(COURSE, row.id): row.title for row in db.session.execute(courses)}


def documents_of(agreement_ids: Collection[int]) -> dict[int, list[tuple[int, str, int]]]:
    """Return (id, name, size) of the documents of each of the agreements, the oldest first."""
    query = (
        select(AgreementDocument.agreement_id, AgreementDocument.id, StoredFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == AgreementDocument.file_id)
        .where(AgreementDocument.agreement_id.in_(agreement_ids))
        .order_by(AgreementDocument.id)
    )
    found: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.agreement_id].append((row.id, row.name, row.size))
    return found


def document(document_id: int) -> AgreementDocument | None:
    """Return a document of an agreement by id."""
    return db.session.get(AgreementDocument, document_id)


def file_of(document: AgreementDocument) -> StoredFile:
    """Return the kept file of a document."""
    return db.session.get_one(StoredFile, document.file_id)


def units(organisation_id: int) -> list[tuple[int, LocalizedText]]:
    """Return the open units of a partner in the order of their tree."""
    mine = OrgUnit.organisation_id == organisation_id, OrgUnit.active
    query = select(OrgUnit.id, OrgUnit.name).where(*mine).order_by(OrgUnit.path)
    return [(row.id, row.name) for row in db.session.execute(query)]


def open_leaving(person_id: int) -> Leaving | None:
    """Return that a person has left a partner, as long as they are not back or elsewhere."""
    return db.session.scalar(select(Leaving).where(Leaving.person_id == person_id, Leaving.returned_at.is_(None)))


def other_partners(organisation_id: int) -> list[tuple[int, LocalizedText]]:
    """Return the open partners but one."""
    other = Organisation.kind == PARTNER, Organisation.active, Organisation.id != organisation_id
    query = select(Organisation.id, Organisation.name).where(*other).order_by(Organisation.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def administrators_of(organisation_id: int) -> list[int]:
    """Return the active administrators of one organisation."""
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ADMINISTRATOR, RoleGrant.organisation_id == organisation_id, Person.state == "active")
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def roster(roster_number: str) -> ServingRoster | None:
    """Return a signed roster by its number, written as it is stored."""
    return db.session.scalar(select(ServingRoster).where(ServingRoster.number == roster_number))


def number_of_paper(digest: str) -> str | None:
    """Return the number of the roster of which a file with this SHA-256 was given out."""
    papers = select(ServingRoster.number).join(RosterPaper, RosterPaper.roster_id == ServingRoster.id)
    return db.session.scalar(papers.where(RosterPaper.sha256 == digest))


def rosters(organisation_id: int, *, most: int = 10) -> Sequence[ServingRoster]:
    """Return the newest signed rosters of a partner."""
    query = select(ServingRoster).where(ServingRoster.organisation_id == organisation_id)
    return db.session.scalars(query.order_by(ServingRoster.made_at.desc(), ServingRoster.id.desc()).limit(most)).all()


def partners_serving(day: date) -> list[int]:
    """Return the open partners with an agreement that holds on a day."""
    holds = Agreement.starts_on <= day, func.coalesce(Agreement.closed_on, Agreement.ends_on) >= day
    query = select(Agreement.organisation_id).join(Organisation, Organisation.id == Agreement.organisation_id)
    return list(db.session.scalars(query.where(Organisation.active, *holds).order_by(Agreement.organisation_id)))


def was_told(person_id: int, cause: str) -> bool:
    """Whether a person has a notice of this cause already."""
    query = select(Notice.id).where(Notice.person_id == person_id, Notice.cause == cause)
    return db.session.scalar(query) is not None


def holder_at_partner(number: str) -> Person | None:
    """Return the holder of a certificate if they are, or last were, a partner's person."""
    query = (
        select(Person)
        .join(Certificate, Certificate.holder_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Certificate.number == number, Organisation.kind == PARTNER)
    )
    return db.session.scalar(query)


def look_of(organisation_key: str) -> Any:
    """Return a row (id, key, name, colour, logo_key) of an active partner by its key, with whether strangers may ask to join, until when."""
    joins = SelfRegistration.open, SelfRegistration.ends_on
    query = select(
        Organisation.id, Organisation.key, Organisation.name, PartnerProfile.colour, PartnerProfile.logo_key, *joins
    )
    query = query.outerjoin(PartnerProfile, PartnerProfile.organisation_id == Organisation.id)
    query = query.outerjoin(SelfRegistration, SelfRegistration.organisation_id == Organisation.id)
    partner = Organisation.key == organisation_key, Organisation.kind == PARTNER, Organisation.active
    return db.session.execute(query.where(*partner)).first()
