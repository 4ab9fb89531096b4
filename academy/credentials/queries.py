"""Reads of certificates: the holder's own, the public register, the administrators' list, figures for teams."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, case, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base.dates import riyadh_day
from academy.base.db import JSONDocument, db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.credentials.models import Certificate, CertificateHold, TemplateVersion
from academy.credentials.rules import CertificateState, state_at

EXPIRING_WITHIN = timedelta(days=60)
NOT_SAID = LocalizedText()


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as it is shown: every text comes from the facts frozen at its issue."""

    id: int
    number: str
    holder_id: int | None
    course_id: int | None
    programme_id: int | None
    credential: str
    cycle: int
    holder: LocalizedText
    title: LocalizedText
    issuer: LocalizedText
    issued_on: date
    expires_on: date | None
    revoked_at: datetime | None
    revoked_class: str | None
    held_class: str | None = None
    imported_on: date | None = None
    former_number: str = ""
    former_issuer: LocalizedText = NOT_SAID
    replaced: bool = False
    replaced_number: str = ""
    upright: bool = False
    hours: Decimal | None = None
    renewed: bool = False

    def state_on(self, today: date) -> CertificateState:
        """Return whether it is valid, expired or revoked on a day, or suspended now."""
        held = self.held_class is not None
        return state_at(self.issued_on, self.expires_on, self.revoked_at, today=today, held=held)

    def expires_soon(self, today: date) -> bool:
        """Whether it is valid but will not be in sixty days, and nothing newer goes on from it."""
        valid = self.state_on(today) is CertificateState.VALID and not self.renewed
        return valid and self.expires_on is not None and self.expires_on <= today + EXPIRING_WITHIN

    @property
    def given_by(self) -> LocalizedText:
        """Who issued it; of one from before the academy, who did then."""
        return self.former_issuer if self.imported_on else self.issuer

    @property
    def revoked_on(self) -> date | None:
        """The day in Riyadh on which it was revoked."""
        return riyadh_day(self.revoked_at) if self.revoked_at else None


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """A certificate that ends soon, and who holds it now."""

    person_id: int
    person: LocalizedText
    certificate: CertificateRow


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person's certificates stand; an older one that a newer cycle replaced is not counted."""

    valid: int = 0
    expiring: int = 0
    expired: int = 0
    next_expiry: date | None = None


HELD_CLASS: Any = Certificate.held_class
_COLUMNS = (
    Certificate.id, Certificate.number, Certificate.holder_id, Certificate.course_id, Certificate.programme_id, Certificate.credential, Certificate.cycle, Certificate.facts,
    Certificate.issued_on, Certificate.expires_on, Certificate.revoked_at, Certificate.revoked_class, Certificate.replaced, HELD_CLASS,
)  # fmt: skip


def row_of(found: Any) -> CertificateRow:
    """Return the row of a Certificate or of a result with its columns."""
    facts = found.facts
    issuer = _pair(facts, "issuer") or _pair(facts, "academy")
    return CertificateRow(
        id=found.id,
        number=found.number,
        holder_id=found.holder_id,
        course_id=found.course_id,
        programme_id=found.programme_id,
        credential=found.credential,
        cycle=found.cycle,
        holder=_pair(facts, "holder_name"),
        title=_pair(facts, "title"),
        issuer=issuer,
        issued_on=found.issued_on,
        expires_on=found.expires_on,
        revoked_at=found.revoked_at,
        revoked_class=found.revoked_class,
        held_class=found.held_class,
        imported_on=date.fromisoformat(facts["imported_on"]) if facts.get("imported_on") else None,
        former_number=str(facts.get("former_number") or ""),
        former_issuer=_pair(facts, "former_issuer"),
        replaced=found.replaced,
        replaced_number=str(facts.get("replaced_number") or ""),
        upright=bool(getattr(found, "upright", False)),
        renewed=bool(getattr(found, "renewed", False)),
        hours=Decimal(facts["hours"]) if facts.get("hours") else None,
    )


def certificate(number: str) -> Certificate | None:
    """Return the certificate with this number, written as it is stored."""
    return db.session.scalar(select(Certificate).where(Certificate.number == number))


def certificate_of_cycle(holder_id: int, credential: str, cycle: int) -> Certificate | None:
    """Return the certificate that a person has of a credential's cycle, revoked ones too, but for those that were corrected."""
    mine = Certificate.holder_id == holder_id, Certificate.credential == credential, Certificate.cycle == cycle
    return db.session.scalar(select(Certificate).where(*mine, ~Certificate.replaced))


def register_entry(number: str) -> CertificateRow | None:
    """Return what the public register knows of a number, from the frozen facts alone."""
    found = db.session.execute(
        select(*_COLUMNS).where(Certificate.number == number, Certificate.closed_on.is_(None))
    ).one_or_none()
    return row_of(found) if found else None


def certificates_of(person_id: int, *, replaced: bool = False) -> list[CertificateRow]:
    """Return all certificates of a person, the newest first; each says whether its page stands upright and whether it was renewed.

    Of one whose name was corrected only the corrected one is theirs, unless `replaced` ones are asked for too.
    """
    shape = type_coerce(TemplateVersion.look, JSONDocument)["shape"].as_string()
    upright = (func.coalesce(shape, "") == "portrait").label("upright")
    query = select(*_COLUMNS, upright, is_renewed().label("renewed"))
    query = query.outerjoin(TemplateVersion, TemplateVersion.id == Certificate.template_version_id)
    query = query.where(Certificate.holder_id == person_id).order_by(*_NEWEST)
    query = query if replaced else query.where(~Certificate.replaced)
    return [row_of(found) for found in db.session.execute(query)]


def certificates_of_programme(person_id: int, programme_id: int) -> list[CertificateRow]:
    """Return a person's certificates of a programme, the newest first."""
    mine = Certificate.holder_id == person_id, Certificate.programme_id == programme_id, ~Certificate.replaced
    return [row_of(found) for found in db.session.execute(select(*_COLUMNS).where(*mine).order_by(*_NEWEST))]


def number_held() -> ScalarSelect[str]:
    """Return the number of the reader's newest certificate of a course that was neither revoked nor replaced, as a column."""
    mine = Certificate.holder_id == bindparam("reader"), Certificate.course_id == bindparam("course")
    standing = Certificate.revoked_at.is_(None), ~Certificate.replaced
    return select(Certificate.number).where(*mine, *standing).order_by(*_NEWEST).limit(1).scalar_subquery()


def latest_of(person_id: int) -> CertificateRow | None:
    """Return the newest certificate of a person that was not revoked; it may have expired."""
    mine = (Certificate.holder_id == person_id, Certificate.revoked_at.is_(None))
    found = db.session.execute(select(*_COLUMNS).where(*mine).order_by(*_NEWEST).limit(1)).one_or_none()
    return row_of(found) if found else None


def certificate_for(enrolment_id: int) -> CertificateRow | None:
    """Return the certificate that completing this enrolment earned."""
    earned = Certificate.enrolment_id == enrolment_id, ~Certificate.replaced
    query = select(*_COLUMNS).where(*earned).order_by(*_NEWEST).limit(1)
    found = db.session.execute(query).one_or_none()
    return row_of(found) if found else None


def expiring(people: ColumnElement[bool], before: date, *, today: date | None = None) -> list[ExpiringRow]:
    """Return who of the people (a filter on Person) holds a certificate ending on or before a day, the first to end first.

    With `today`, those that have ended already are left out; those replaced by a newer cycle always are.
    """
    query = (
        select(*_COLUMNS, Person.id.label("person_id"), Person.name.label("person"))
        .join(Person, Person.id == Certificate.holder_id)
        .where(people, is_current(), Certificate.expires_on <= before)
        .order_by(Certificate.expires_on, Certificate.id)
    )
    if today is not None:
        query = query.where(Certificate.expires_on >= today)
    return [ExpiringRow(found.person_id, found.person, row_of(found)) for found in db.session.execute(query)]


def standing_certificates(person_ids: Iterable[int], *, today: date) -> dict[int, Standing]:
    """Return how the certificates of each of the people stand, in one statement; expiring means within sixty days."""
    wanted = list(person_ids)
    soon = today + EXPIRING_WITHIN
    lasting = or_(Certificate.expires_on.is_(None), Certificate.expires_on >= today) & ~is_held()
    query = (
        select(
            Certificate.holder_id,
            func.sum(case((lasting, 1), else_=0)),
            func.sum(case((Certificate.expires_on.between(today, soon) & ~is_held(), 1), else_=0)),
            func.sum(case((Certificate.expires_on < today, 1), else_=0)),
            func.min(case((Certificate.expires_on >= today, Certificate.expires_on))),
        )
        .where(Certificate.holder_id.in_(wanted), is_current())
        .group_by(Certificate.holder_id)
    )
    found = {row[0]: Standing(int(row[1]), int(row[2]), int(row[3]), row[4]) for row in db.session.execute(query)}
    return {person_id: found.get(person_id, Standing()) for person_id in wanted}


def count_valid(person_ids: Iterable[int], *, today: date) -> dict[int, int]:
    """Return how many valid certificates each of the people holds."""
    return {person_id: standing.valid for person_id, standing in standing_certificates(person_ids, today=today).items()}


def listing(
    scope: ColumnElement[bool], *, terms: list[str], number: str | None, state: str, today: date
) -> Select[Any]:
    """Return the statement of the administrators' list, the newest first, within a filter on Certificate.

    `terms` are search terms that must all match; `number` finds one certificate; `state` is a CertificateState or "".
    """
    query = select(*_COLUMNS, is_renewed().label("renewed")).where(scope).order_by(*_NEWEST)
    if number is not None:
        return query.where(Certificate.number == number)
    for term in terms:
        query = query.where(Certificate.search_text.like(f"% {term} %"))
    return query.where(_in_state(state, today)) if state else query


def organisation_choices(people_of: ColumnElement[bool]) -> list[tuple[int, LocalizedText]]:
    """Return id and name of the organisations within a filter on Organisation."""
    query = select(Organisation.id, Organisation.name).where(people_of).order_by(Organisation.id)
    return [(found.id, found.name) for found in db.session.execute(query)]


def name_of(person_id: int | None) -> LocalizedText | None:
    """Return how somebody is called, None for nobody and for those who are gone."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) if person_id is not None else None


_NEWEST = (Certificate.issued_at.desc(), Certificate.id.desc())


def _pair(facts: dict[str, Any], name: str) -> LocalizedText:
    return LocalizedText(str(facts.get(f"{name}_ar") or ""), str(facts.get(f"{name}_en") or ""))


def is_current() -> ColumnElement[bool]:
    """Neither revoked nor replaced by a later cycle of the same credential."""
    return Certificate.revoked_at.is_(None) & ~is_renewed()


def is_renewed() -> ColumnElement[bool]:
    """Replaced by a later cycle of the same credential."""
    later = aliased(Certificate)
    return exists().where(
        later.holder_id == Certificate.holder_id,
        later.credential == Certificate.credential,
        later.cycle > Certificate.cycle,
        later.revoked_at.is_(None),
    )


def is_held() -> ColumnElement[bool]:
    """Suspended now."""
    waiting = CertificateHold.certificate_id == Certificate.id, CertificateHold.released_at.is_(None)
    return exists().where(*waiting)


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    """The filter for one state; the same day counts as in `rules.state_at`."""
    revoked = Certificate.revoked_at.is_not(None)
    expired = Certificate.expires_on < today
    if state == CertificateState.REVOKED:
        return revoked
    if state == CertificateState.EXPIRED:
        return ~revoked & expired
    lasting = ~revoked & or_(Certificate.expires_on.is_(None), ~expired)
    return lasting & (is_held() if state == CertificateState.HELD else ~is_held())


def certified(organisation_ids: Collection[int] | None, terms: Collection[str]) -> Select[Any]:
    """Return the query of courses of these organisations (None: of all) that give certificates or have given some, with how many."""
    mine = Certificate.course_id == Course.id, ~Certificate.replaced
    given = select(func.count()).where(*mine).correlate(Course).scalar_subquery()
    gives = select(CourseVersion.id).where(
        CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED, CourseVersion.gives_certificate
    )
    columns: tuple[Any, ...] = (
        Course.id,
        Course.key,
        Course.code,
        Organisation.name.label("organisation"),
        given.label("given"),
    )
    query = (
        select(*columns).join(Organisation, Organisation.id == Course.organisation_id).order_by(Course.code, Course.id)
    )
    query = query.where(or_(gives.exists(), given > 0))
    if organisation_ids is not None:
        query = query.where(Course.organisation_id.in_(organisation_ids))
    return query.where(*(Course.search_text.contains(f" {term}", autoescape=True) for term in terms))
