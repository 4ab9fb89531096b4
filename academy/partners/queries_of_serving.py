"""Who of a partner may serve on a day: read from places, agreements, certificates and leavings, decided by the rules."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select

from academy.accounts.models import Organisation, OrgUnit, Person, PersonPlace
from academy.base.clock import RIYADH
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import Certificate, CertificateHold
from academy.partners import queries
from academy.partners.models import Agreement, Leaving
from academy.partners.queries import Agreed
from academy.partners.rules import (
    COURSE,
    LEAVERS_SHOWN,
    PROGRAMME,
    May,
    Member,
    Proof,
    Required,
    Terms,
    Verdict,
    decide,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the roster of a day: who, in which unit, and what they may do. `title` is of the course or programme that it hangs on."""

    person_id: int
    name: LocalizedText
    employee_number: str | None
    unit_id: int | None
    unit: LocalizedText | None
    verdict: Verdict
    title: LocalizedText | None


@dataclass(frozen=True, slots=True)
class Roster:
    """All lines of a partner on a day, sorted by unit and name, and the agreement that held."""

    day: date
    agreement: Agreement | None
    lines: tuple[Line, ...]

    def count(self, may: str) -> int:
        """Return how many people may do this."""
        return sum(line.verdict.may == may for line in self.lines)

    def by_unit(self, units: Mapping[int, LocalizedText]) -> list[tuple[LocalizedText | None, dict[str, int]]]:
        """Return each unit in order with how many of its people may do what; people without a unit stand under None.

        Those of `units` in which nobody is yet come last.
        """
        found: dict[int, tuple[LocalizedText | None, dict[str, int]]] = {}
        for line in self.lines:
            _unit, counts = found.setdefault(line.unit_id or 0, (line.unit, dict.fromkeys(May, 0)))
            counts[line.verdict.may] += 1
        for unit_id, name in units.items():
            found.setdefault(unit_id, (name, dict.fromkeys(May, 0)))
        return list(found.values())


def roster_on(
    organisation_id: int,
    day: date,
    *,
    today: date,
    unit_id: int | None = None,
    person_id: int | None = None,
    agreements: Sequence[Agreed] | None = None,
) -> Roster:
    """Return who of a partner may serve on a day, in three statements; narrowed to a unit with its sub-units, or to one person.

    Whoever has read all `agreements` of the partner hands them in, the latest first, and saves a statement.
    """
    agreed = _holding(agreements, day) if agreements is not None else queries.agreement_on(organisation_id, day)
    agreement, titles = (agreed.agreement, agreed.required) if agreed else (None, {})
    terms = Terms(agreement.last_day, agreement.grace_days, tuple(titles)) if agreement else None
    query = _now(organisation_id) if day >= today else _then(organisation_id, day)
    if unit_id is not None:
        root = select(OrgUnit.path).where(OrgUnit.id == unit_id, OrgUnit.organisation_id == organisation_id)
        query = query.where(OrgUnit.path.startswith(root.scalar_subquery()))
    if person_id is not None:
        query = query.where(Person.id == person_id)
    rows = [row for row in db.session.execute(query) if row.left_on is None or row.left_on >= day - LEAVERS_SHOWN]
    proofs = proofs_of([row.id for row in rows], titles)
    lines = [_line(row, terms, proofs[row.id], titles, day) for row in rows]
    lines.sort(key=lambda line: (line.unit.show("ar") if line.unit else "", line.name.show("ar"), line.person_id))
    return Roster(day, agreement, tuple(lines))


def _holding(agreements: Sequence[Agreed], day: date) -> Agreed | None:
    held = (each for each in agreements if each.agreement.starts_on <= day <= each.agreement.last_day)
    return next(held, None)


def _line(
    row: Any, terms: Terms | None, proofs: dict[Required, list[Proof]], titles: dict[Required, LocalizedText], day: date
) -> Line:
    joined = riyadh_day(row.joined_at) if row.joined_at else None
    member = Member(row.state, joined, left=row.left_on is not None, open=row.open)
    verdict = decide(member, terms, proofs, day)
    title = titles[verdict.of] if verdict.of else None
    return Line(row.id, row.name, row.employee_number, row.unit_id, row.unit, verdict, title)


def _joined(organisation_id: int) -> Any:
    """Return when each person of an organisation first became active in it, else when they were added to it."""
    first = func.coalesce(func.min(case((PersonPlace.state == "active", PersonPlace.at))), func.min(PersonPlace.at))
    return (
        select(PersonPlace.person_id, first.label("joined_at"))
        .where(PersonPlace.organisation_id == organisation_id)
        .group_by(PersonPlace.person_id)
        .subquery()
    )


def _columns(organisation_id: int, state: Any, joined: Any, is_open: Any) -> Select[Any]:
    # Who went to another partner has a number there that is nobody else's business.
    number = case((Person.organisation_id == organisation_id, Person.employee_number))
    return select(
        Person.id, Person.name, number.label("employee_number"), OrgUnit.id.label("unit_id"), OrgUnit.name.label("unit"),
        state.label("state"), joined.c.joined_at, Leaving.left_on, is_open.label("open"),
    )  # fmt: skip


def _now(organisation_id: int) -> Select[Any]:
    """Return the query of the present people of a partner, as they stand now."""
    joined = _joined(organisation_id)
    left = and_(
        Leaving.person_id == Person.id, Leaving.organisation_id == organisation_id, Leaving.returned_at.is_(None)
    )
    return (
        _columns(organisation_id, Person.state, joined, Organisation.active)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(joined, joined.c.person_id == Person.id)
        .outerjoin(Leaving, left)
        .where(Person.organisation_id == organisation_id)
    )


def _then(organisation_id: int, day: date) -> Select[Any]:
    """Return the query of who was of a partner at the end of a past day, as they stood then."""
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=RIYADH)
    theirs = select(PersonPlace.person_id).where(PersonPlace.organisation_id == organisation_id)
    newest = func.row_number().over(
        partition_by=PersonPlace.person_id, order_by=(PersonPlace.at.desc(), PersonPlace.id.desc())
    )
    place = (
        select(
            PersonPlace.person_id, PersonPlace.organisation_id, PersonPlace.org_unit_id, PersonPlace.state,
            newest.label("nth"),
        )
        .where(PersonPlace.at < end, PersonPlace.person_id.in_(theirs))
        .subquery()
    )  # fmt: skip
    joined = _joined(organisation_id)
    left = and_(
        Leaving.person_id == Person.id, Leaving.organisation_id == organisation_id, Leaving.left_at < end,
        or_(Leaving.returned_at.is_(None), Leaving.returned_at >= end),
    )  # fmt: skip
    return (
        _columns(organisation_id, place.c.state, joined, literal(True))
        .join(place, place.c.person_id == Person.id)
        .outerjoin(OrgUnit, OrgUnit.id == place.c.org_unit_id)
        .outerjoin(joined, joined.c.person_id == Person.id)
        .outerjoin(Leaving, left)
        .where(place.c.nth == 1, place.c.organisation_id == organisation_id)
    )


def proofs_of(
    people: Collection[int] | Select[Any], required: Collection[Required]
) -> dict[int, dict[Required, list[Proof]]]:
    """Return the certificates of the courses and programmes by person and by what they are of, with the times in which each was suspended."""
    found: dict[int, dict[Required, list[Proof]]] = defaultdict(lambda: defaultdict(list))
    if not required or (not isinstance(people, Select) and not people):
        return found
    of = (
        Certificate.course_id.in_([each.id for each in required if each.kind == COURSE]),
        Certificate.programme_id.in_([each.id for each in required if each.kind == PROGRAMME]),
    )
    query = (
        select(
            Certificate.id, Certificate.holder_id, Certificate.course_id, Certificate.programme_id, Certificate.issued_on,
            Certificate.expires_on, Certificate.revoked_at, CertificateHold.held_at, CertificateHold.released_at,
        )
        .outerjoin(CertificateHold, CertificateHold.certificate_id == Certificate.id)
        .where(Certificate.holder_id.in_(people), or_(*of))
        .order_by(Certificate.id, CertificateHold.id)
    )  # fmt: skip
    papers: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        papers[row.id].append(row)
    for rows in papers.values():
        one = rows[0]
        holds = tuple(
            (riyadh_day(row.held_at), riyadh_day(row.released_at) if row.released_at else None)
            for row in rows
            if row.held_at
        )
        proof = Proof(one.issued_on, one.expires_on, riyadh_day(one.revoked_at) if one.revoked_at else None, holds)
        found[one.holder_id][queries.required(one.course_id, one.programme_id)].append(proof)
    return found
