"""Reads about announcements: whom one reaches, what a person may read, how far it was read."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.policies import organisations_administered
from academy.base.access import MANAGER, TRAINER, Actor
from academy.base.db import db
from academy.notices import kinds, kinds_of_audiences
from academy.notices.models import Announcement, Notice

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"


def announcement(announcement_id: int) -> Announcement | None:
    """Return an announcement by id."""
    return db.session.get(Announcement, announcement_id)


def told_of() -> ColumnElement[bool]:
    """Return the condition that a notice tells of an announcement, both of them in the statement."""
    return and_(Notice.kind.in_(kinds.ANNOUNCEMENTS), Notice.about_id == Announcement.id)


def reaches(belongs: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Return the condition that an announcement is meant for a person, both of them in the statement.

    `belongs` is the condition of its audience, where only one audience can be meant.
    """
    unit, root = aliased(OrgUnit), aliased(OrgUnit)
    inside = exists().where(
        unit.id == Person.org_unit_id, root.id == Announcement.org_unit_id, unit.path.startswith(root.path)
    )
    return and_(
        Person.state == "active",
        or_(Announcement.organisation_id.is_(None), Announcement.organisation_id == Person.organisation_id),
        or_(Announcement.org_unit_id.is_(None), inside),
        _belongs() if belongs is None else belongs,
    )


def _belongs() -> ColumnElement[bool]:
    report = aliased(Person)
    leads = or_(_holds(MANAGER), exists().where(report.manager_id == Person.id))
    more = kinds_of_audiences.AUDIENCES.values()
    return or_(
        Announcement.audience == "everyone",
        and_(Announcement.audience == "employees", _works_for("agency")),
        and_(Announcement.audience == "partners", _works_for("partner")),
        and_(Announcement.audience == "managers", leads),
        and_(Announcement.audience == "trainers", _holds(TRAINER)),
        *(and_(Announcement.audience == audience.name, audience.belongs()) for audience in more),
    )


def _holds(role: str) -> ColumnElement[bool]:
    return exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role)


def _works_for(kind: str) -> ColumnElement[bool]:
    return exists().where(Organisation.id == Person.organisation_id, Organisation.kind == kind)


def recipients(announcement_id: int, *, after_id: int, most: int) -> list[int]:
    """Return the ids of the next people whom an announcement reaches, in the order of their ids."""
    query = (
        select(Person.id)
        .join(Announcement, true())
        .where(Announcement.id == announcement_id, reaches(), Person.id > after_id)
        .order_by(Person.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def how_many(row: Announcement) -> int:
    """Return how many people an announcement reaches as things stand now."""
    query = select(func.count()).select_from(Person).join(Announcement, true())
    return db.session.scalar(query.where(Announcement.id == row.id, reaches())) or 0


def how_far_read(row: Announcement) -> tuple[int, int]:
    """Return how many people were told of an announcement, and how many of them have read it."""
    told = Notice.kind.in_(kinds.ANNOUNCEMENTS), Notice.about_id == row.id
    query = select(func.count(), func.count(Notice.read_at)).where(*told)
    sent, read = db.session.execute(query).one()
    return sent, read


def for_reader(person_id: int, today: date) -> Select[Any]:
    """Return the query of the announcements that a person may read now, newest first, with when they read each."""
    mine = and_(Notice.person_id == person_id, told_of())
    columns: tuple[Any, ...] = (
        Announcement.id, Announcement.title, Announcement.text, Announcement.published_at, Announcement.audience,
        Notice.id.label("notice_id"), Notice.read_at,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Announcement)
        .join(Person, Person.id == person_id)
        .outerjoin(Notice, mine)
        .where(open_to(person_id, today))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
    )


def open_to(person_id: Any, today: Any, reached: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Return the condition that a person may read an announcement now; both may be bound parameters.

    Announcements stay with those who were told of them, also when they have moved on since. `reached` is `reaches()` of one audience.
    """
    notice = aliased(Notice)
    told = exists().where(
        notice.person_id == person_id, notice.kind.in_(kinds.ANNOUNCEMENTS), notice.about_id == Announcement.id
    )
    shown = or_(Announcement.shown_until.is_(None), Announcement.shown_until >= today)
    return and_(
        Person.id == person_id,
        Announcement.state == PUBLISHED,
        shown,
        or_(told, reaches() if reached is None else reached),
    )


def may_read(person_id: int, row: Announcement, today: date) -> bool:
    """Whether an announcement is open to a person now."""
    query = select(Announcement.id).join(Person, true()).where(Announcement.id == row.id, open_to(person_id, today))
    return db.session.scalar(query) is not None


def notice_about(person_id: int, announcement_id: int) -> Notice | None:
    """Return the notice by which a person was told of an announcement."""
    mine = Notice.person_id == person_id, Notice.kind.in_(kinds.ANNOUNCEMENTS), Notice.about_id == announcement_id
    return db.session.scalar(select(Notice).where(*mine).limit(1))


def kept_by(actor: Actor) -> Select[Any]:
    """Return the query of the announcements that an administrator looks after, newest first, with what it says of them."""
    told = select(func.count()).where(Notice.kind == kinds.ANNOUNCEMENT, Notice.about_id == Announcement.id)
    columns: tuple[Any, ...] = (
        Announcement.id, Announcement.title, Announcement.state, Announcement.audience, Announcement.created_at,
        Announcement.published_at, Announcement.shown_until, Organisation.name.label("organisation"), OrgUnit.name.label("unit"),
        told.scalar_subquery().label("told"), told.where(Notice.read_at.is_not(None)).scalar_subquery().label("read"),
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(Organisation, Organisation.id == Announcement.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Announcement.org_unit_id)
        .order_by(Announcement.created_at.desc(), Announcement.id.desc())
    )
    query = query.where(Announcement.audience.not_in(list(kinds_of_audiences.AUDIENCES)))
    return query if actor.organisations_as("administrator") is None else query.where(organisations_administered(actor))


def still_open(ids: Collection[int]) -> set[int]:
    """Return which of these announcements still stand: a letter about one that was withdrawn is not sent."""
    return set(
        db.session.scalars(select(Announcement.id).where(Announcement.id.in_(ids), Announcement.state == PUBLISHED))
    )


def still_reached(person_id: int, ids: Collection[int]) -> set[int]:
    """Return which of these announcements still reach a person: who has left a course is sent no letter about it."""
    query = select(Announcement.id).join(Person, Person.id == person_id)
    return set(db.session.scalars(query.where(Announcement.id.in_(ids), reaches())))


def places(actor: Actor) -> list[tuple[str, Any, Any, int]]:
    """Return where an administrator may announce: ("o1" or "u4", its name, the name of its organisation, its depth)."""
    units = (
        select(OrgUnit.id, OrgUnit.name, OrgUnit.path, OrgUnit.organisation_id, Organisation.name.label("whole"))
        .join(Organisation, Organisation.id == OrgUnit.organisation_id)
        .where(organisations_administered(actor), Organisation.active, OrgUnit.active)
        .order_by(OrgUnit.path)
    )
    wholes = select(Organisation.id, Organisation.name).where(organisations_administered(actor), Organisation.active)
    below: dict[int, list[tuple[str, Any, Any, int]]] = {}
    for unit in db.session.execute(units):
        depth = unit.path.count("/") - 1
        below.setdefault(unit.organisation_id, []).append((f"u{unit.id}", unit.name, unit.whole, depth))
    found: list[tuple[str, Any, Any, int]] = []
    for whole in db.session.execute(wholes.order_by(Organisation.id)):
        found += [(f"o{whole.id}", whole.name, whole.name, 0), *below.get(whole.id, [])]
    return found
