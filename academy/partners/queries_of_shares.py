"""The certified share of partners' front lines, today and at the end of each month before: computed from records for all at once."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from academy.accounts.models import Organisation, PersonPlace
from academy.base.clock import RIYADH
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.competencies.models import PersonProfile, RoleProfile
from academy.partners.models import Agreement, RequiredCertificate
from academy.partners.queries import required
from academy.partners.queries_of_serving import proofs_of
from academy.partners.rules import FRONT_LINE, NOT_ACTIVE, May, Member, Terms, decide

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a partner's active front line might serve on a day without company, and for how many of all its people that ends soon."""

    day: date
    able: int
    people: int
    ending: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None when there was nobody."""
        return 100 * self.able / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class _Agreement:
    first: date
    terms: Terms


def days_told(today: date, months: int = MONTHS) -> list[date]:
    """Return the last days of the months before and today, the earliest first."""
    days, first = [today], today.replace(day=1)
    for _month in range(months):
        days.append(first - timedelta(days=1))
        first = (first - timedelta(days=1)).replace(day=1)
    return days[::-1]


def does_other_work(person_id: Any) -> ColumnElement[bool]:
    """Return whether a person's role profiles are of other work than serving customers, all of them."""
    profiles = select(RoleProfile.key).join(PersonProfile, PersonProfile.profile_id == RoleProfile.id)
    theirs = profiles.where(PersonProfile.person_id == person_id)
    return and_(exists(theirs), ~exists(theirs.where(RoleProfile.key.in_(FRONT_LINE))))


def shares(organisation_ids: Collection[int], days: Sequence[date], *, today: date) -> dict[int, list[Share]]:
    """Return the shares of partners on days, in three statements whatever their number; role profiles count as they are today.

    Whoever has left is suspended since then, so that leavings need no look.
    """
    agreements = _agreements(organisation_ids)
    asked = {of for each in agreements.values() for one in each for of in one.terms.required}
    places = _places(organisation_ids)
    proofs = proofs_of(select(PersonPlace.person_id).where(PersonPlace.organisation_id.in_(organisation_ids)), asked)
    found: dict[int, list[Share]] = {each: [] for each in organisation_ids}
    for day in days:
        end = datetime.combine(day + timedelta(days=1), time(), tzinfo=RIYADH)
        able, people, ending = (defaultdict[int, int](int) for _each in range(3))
        for organisation_id, person_id, member in _members(places, end, open_only=day >= today):
            terms = next(
                (one.terms for one in agreements[organisation_id] if one.first <= day <= one.terms.last_day), None
            )
            verdict = decide(member, terms, proofs[person_id], day)
            ending[organisation_id] += verdict.ends_soon(day)
            if not places[person_id][0].elsewhere:
                people[organisation_id] += verdict.why not in NOT_ACTIVE
                able[organisation_id] += verdict.may is May.SERVE
        for each in organisation_ids:
            found[each].append(Share(day, able[each], people[each], ending[each]))
    return found


def _agreements(organisation_ids: Collection[int]) -> dict[int, list[_Agreement]]:
    last = func.coalesce(Agreement.closed_on, Agreement.ends_on)
    query = (
        select(Agreement.id, Agreement.organisation_id, Agreement.starts_on, last.label("last"), Agreement.grace_days, RequiredCertificate.course_id, RequiredCertificate.programme_id)
        .join(RequiredCertificate, RequiredCertificate.agreement_id == Agreement.id)
        .where(Agreement.organisation_id.in_(organisation_ids))
        .order_by(Agreement.starts_on.desc(), Agreement.id.desc(), RequiredCertificate.id)
    )  # fmt: skip
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        rows[row.id].append(row)
    found: dict[int, list[_Agreement]] = defaultdict(list)
    for lines in rows.values():
        one = lines[0]
        terms = Terms(one.last, one.grace_days, tuple(required(line.course_id, line.programme_id) for line in lines))
        found[one.organisation_id].append(_Agreement(one.starts_on, terms))
    return found


def _places(organisation_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return where each of their people stood from when on, places in other houses too, since they end one's own."""
    theirs = select(PersonPlace.person_id).where(PersonPlace.organisation_id.in_(organisation_ids))
    query = (
        select(PersonPlace.person_id, PersonPlace.organisation_id, PersonPlace.state, PersonPlace.at, Organisation.active, does_other_work(PersonPlace.person_id).label("elsewhere"))
        .join(Organisation, Organisation.id == PersonPlace.organisation_id)
        .where(PersonPlace.person_id.in_(theirs))
        .order_by(PersonPlace.person_id, PersonPlace.at, PersonPlace.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.person_id].append(row)
    return found


def _members(places: dict[int, list[Any]], end: datetime, *, open_only: bool) -> Iterator[tuple[int, int, Member]]:
    """Yield who was of which organisation at the end of a day, as they stood then."""
    for person_id, rows in places.items():
        nth = bisect_left(rows, end, key=lambda row: row.at)
        if not nth:
            continue
        now = rows[nth - 1]
        here = [row for row in rows if row.organisation_id == now.organisation_id]
        joined = next((row.at for row in here if row.state == "active"), here[0].at)
        member = Member(now.state, riyadh_day(joined), open=now.active or not open_only)
        yield now.organisation_id, person_id, member
