"""Reads about people, organisations and sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, select
from sqlalchemy.orm import aliased

from academy.accounts import rules
from academy.accounts.models import (
    Academy,
    Deputyship,
    MatrixLine,
    OneTimeLink,
    Organisation,
    Person,
    PersonSession,
    RoleGrant,
    SettingLock,
)
from academy.base import ids
from academy.base.access import Actor, Grant
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText


def academy() -> Academy:
    """Return the academy's own settings; before they were ever set, plain ones that are not stored."""
    return db.session.get(Academy, 1) or Academy(
        id=1,
        name=LocalizedText("أكاديمية تجربة العميل", "CX Academy"),
        short_name=LocalizedText("الأكاديمية", "Academy"),
        customer_word=LocalizedText("المستفيد", "customer"),
        introduction=LocalizedText(),
        signer_name=LocalizedText(),
        signer_role=LocalizedText(),
        retention_years=10,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visitor, and when they were last seen; for a page also how many notices wait and the academy's settings."""

    actor: Actor
    seen_at: datetime
    unread: int | None = None
    academy: Academy | None = None


@dataclass
class Lent:
    """What slices above lend to the statement of `arrival`: the count of a person's unread notices."""

    unread: Callable[[Any], ColumnElement[int]] = lambda person_id: literal(0)


lent = Lent()


@cache
def _visitor(for_page: bool) -> Any:
    """Return the query of `arrival`: built once, for every page asks it and building takes longer than asking."""
    report, elsewhere = aliased(Person), aliased(Person)
    bound = elsewhere.account_id == Person.account_id, elsewhere.id != Person.id, elsewhere.state == "active"
    several = exists().where(*bound)
    leads = exists().where(report.manager_id == Person.id)
    matrix = exists().where(MatrixLine.manager_id == Person.id)
    deputising, absent = aliased(Deputyship), aliased(Person)
    stands_in = (
        select(deputising.deputy_id, deputising.manager_id, absent.organisation_id)
        .join(absent, absent.id == deputising.manager_id)
        .where(deputising.holds_on(bindparam("today")), absent.state != "suspended")
        .subquery()
    )
    columns = (
        Person.id, Person.name, Person.email, Person.organisation_id, Person.org_unit_id, Person.language, Person.digits,
        Person.calendar, Person.account_id, Organisation.name.label("organisation"), Organisation.kind.label("organisation_kind"), several.label("several"), PersonSession.id.label("session_id"), PersonSession.last_seen_at, PersonSession.created_at,
        RoleGrant.role, RoleGrant.organisation_id.label("in_organisation"), RoleGrant.org_unit_id.label("in_unit"), leads.label("leads"),
        matrix.label("matrix"), stands_in.c.manager_id.label("deputy_for"), SettingLock.setting,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(PersonSession)
        .join(Person, Person.id == PersonSession.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(SettingLock, SettingLock.organisation_id == RoleGrant.organisation_id)
        .outerjoin(
            stands_in,
            and_(stands_in.c.deputy_id == Person.id, stands_in.c.organisation_id == Person.organisation_id),
        )
        .where(
            PersonSession.token_digest == bindparam("digest"),
            PersonSession.ended_at.is_(None),
            PersonSession.last_seen_at > bindparam("seen_after"),
            PersonSession.created_at > bindparam("begun_after"),
            Person.state == "active",
            Organisation.active,
        )
    )
    if not for_page:
        return query
    return query.add_columns(lent.unread(Person.id).label("unread"), Academy).outerjoin(Academy, Academy.id == 1)


def arrival(token: str, *, at: datetime, idle: timedelta, longest: timedelta, for_page: bool) -> Arrival | None:
    """Return who holds a session's token; None when it has ended or its person may not enter.

    One statement: session, person, organisation, grants and what is locked there; for a page also unread notices and the academy's settings.
    """
    asked = {"digest": ids.digest(token), "seen_after": at - idle, "begun_after": at - longest, "today": riyadh_day(at)}
    rows = db.session.execute(_visitor(for_page), asked).all()
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        person_id=first.id,
        name=first.name,
        email=first.email,
        organisation_id=first.organisation_id,
        org_unit_id=first.org_unit_id,
        language=first.language,
        digits=first.digits,
        calendar=first.calendar,
        grants=tuple(dict.fromkeys(Grant(row.role, row.in_organisation, row.in_unit) for row in rows if row.role)),
        session_id=first.session_id,
        manages_people=bool(first.leads or first.matrix),
        matrix=bool(first.matrix),
        deputy_for=tuple(sorted({row.deputy_for for row in rows if row.deputy_for})),
        account_id=first.account_id,
        organisation=first.organisation,
        organisation_kind=first.organisation_kind,
        several=bool(first.several),
        locked=frozenset((row.in_organisation, row.setting) for row in rows if row.setting),
    )
    if not for_page:
        return Arrival(actor, first.last_seen_at)
    return Arrival(actor, first.last_seen_at, first.unread, first.Academy)


def person(person_id: int) -> Person | None:
    """Return a person by id."""
    return db.session.get(Person, person_id)


def may_enter(person_id: int) -> bool:
    """Whether a person may enter the academy, or may once they accept their invitation: neither they nor their organisation is shut out."""
    query = select(Person.id).join(Organisation, Organisation.id == Person.organisation_id)
    return (
        db.session.scalar(query.where(Person.id == person_id, Person.state != "suspended", Organisation.active))
        is not None
    )


def sign_in_address(person: Person) -> str:
    """Return the address that somebody signs in with; what protects their account is told there and not to an organisation."""
    return person.account.email if person.account else person.email


def person_by_email(email: str, organisation_id: int) -> Person | None:
    """Return an organisation's person by e-mail, in any case."""
    mine = Person.email == email.strip().lower(), Person.organisation_id == organisation_id
    return db.session.scalar(select(Person).where(*mine))


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """One live session as its owner sees it, and in which of their organisations it is. `browser` and `system` are names, "" when not recognised."""

    id: int
    browser: str
    system: str
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    organisation: LocalizedText


def sessions_of(person_id: int, account_id: int | None) -> ColumnElement[bool]:
    """Return the filter for the sessions of whoever is this person, in whichever of their organisations they are."""
    if account_id is None:
        return PersonSession.person_id == person_id
    return PersonSession.person_id.in_(select(Person.id).where(Person.account_id == account_id))


def live_sessions(actor: Actor, *, at: datetime, idle: timedelta, longest: timedelta) -> list[SignedInBrowser]:
    """Return a visitor's sessions that still open the academy, in all their organisations, the latest used first."""
    query = (
        select(PersonSession, Organisation.name)
        .join(Person, Person.id == PersonSession.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            sessions_of(actor.person_id, actor.account_id),
            PersonSession.ended_at.is_(None),
            PersonSession.last_seen_at > at - idle,
            PersonSession.created_at > at - longest,
        )
        .order_by(PersonSession.last_seen_at.desc(), PersonSession.id.desc())
    )
    return [
        SignedInBrowser(row.id, *rules.browser_words(row.browser), row.address, row.created_at, row.last_seen_at, name)
        for row, name in db.session.execute(query)
    ]


def own_session(session_id: int) -> PersonSession | None:
    """Return a session by id."""
    return db.session.get(PersonSession, session_id)


def live_link(token: str, purpose: str, *, at: datetime) -> Select[OneTimeLink]:
    """Return the query of the link with this token, if it still works."""
    return select(OneTimeLink).where(
        OneTimeLink.token_digest == ids.digest(token),
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > at,
    )


def person_of_invitation(token: str, *, at: datetime) -> Person | None:
    """Return the person whom an invitation lets in now; None when it no longer works."""
    link = live_link(token, "invitation", at=at).subquery()
    query = (
        select(Person)
        .join(link, link.c.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
    )
    return db.session.scalar(query.where(Person.state == "invited", Organisation.active))
