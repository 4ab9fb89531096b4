"""How each criterion is measured: one small function a measure, all of them giving a reading.

A measure is entered with `measure(name, way)`. Computed ones read the records of a day, by the rules of the serving roster; documents
count what a reviewer has accepted; entered ones take what a reviewer has typed in, until something above can compute them.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select

from academy.accounts.models import OrgUnit, Person, RoleGrant
from academy.base.access import MANAGER
from academy.base.dates import months_later
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.learning.models import COMPLETED, Enrolment, Programme, ProgrammeEnrolment
from academy.partners.accreditation.models import ApplicationDocument, EnteredMeasure
from academy.partners.accreditation.rules import Criterion, Reading, Scheme, Way
from academy.partners.queries_of_serving import Line, roster_on
from academy.partners.queries_of_shares import does_other_work
from academy.partners.rules import NOT_ACTIVE, PROGRAMME, May

AGENCY_AVERAGE = "agency_average_minus_moe"
NO_UNIT = LocalizedText("دون وحدة", "No unit")


class Case:
    """What a partner is measured by on a day: its records, and the evidence of its application."""

    def __init__(self, organisation_id: int, scheme: Scheme, *, application_id: int | None, day: date) -> None:
        self.organisation_id, self.scheme, self.application_id, self.day = organisation_id, scheme, application_id, day

    @cached_property
    def front_line(self) -> list[Line]:
        """The active people of the roster who serve customers: all but those whose role profiles are of other work only."""
        others = select(Person.id).where(Person.organisation_id == self.organisation_id, does_other_work(Person.id))
        elsewhere = set(db.session.scalars(others))
        lines = roster_on(self.organisation_id, self.day, today=self.day).lines
        return [line for line in lines if line.verdict.why not in NOT_ACTIVE and line.person_id not in elsewhere]

    @cached_property
    def documents(self) -> set[str]:
        """What of the documents a reviewer has accepted."""
        mine = ApplicationDocument.application_id == self.application_id, ApplicationDocument.state == "accepted"
        return set(db.session.scalars(select(ApplicationDocument.ref).where(*mine)))

    @cached_property
    def entered(self) -> dict[str, EnteredMeasure]:
        """The newest measure that was entered of each criterion."""
        query = select(EnteredMeasure).where(EnteredMeasure.application_id == self.application_id)
        return {row.criterion: row for row in db.session.scalars(query.order_by(EnteredMeasure.id))}


Measure = Callable[[Case, Criterion], Reading]
MEASURES: dict[str, tuple[Way, Measure]] = {}


def measure(name: str, way: Way) -> Callable[[Measure], Measure]:
    """Enter how a measure of the schemes is taken."""

    def enter(take: Measure) -> Measure:
        MEASURES[name] = (way, take)
        return take

    return enter


def way_of(criterion: Criterion) -> Way:
    """Return how the value of a criterion comes to be known."""
    return MEASURES[criterion.measure][0]


def read(case: Case, level: int, *, ways: tuple[Way, ...] = tuple(Way)) -> list[Reading]:
    """Return the readings of all criteria up to a level that are taken in these ways."""
    wanted = (each for each in case.scheme.up_to(level) if way_of(each) in ways)
    return [MEASURES[each.measure][1](case, each) for each in wanted]


@measure("certified_share", Way.COMPUTED)
def certified_share(case: Case, criterion: Criterion) -> Reading:
    """The share of the active front line who may serve by the roster. Nobody at all is no share."""
    people = case.front_line
    lacking = [line for line in people if line.verdict.may is not May.SERVE]
    value = Fraction(100 * (len(people) - len(lacking)), len(people)) if people else None
    threshold = Fraction(criterion.threshold)
    return Reading(
        criterion.key, Way.COMPUTED, value, threshold, value is not None and value >= threshold, case.day, "roster",
        part=len(people) - len(lacking), whole=len(people),
        excused=bool(lacking) and all(line.verdict.may is May.ACCOMPANIED for line in lacking),
    )  # fmt: skip


@measure("certified_supervisors", Way.COMPUTED)
def certified_supervisors(case: Case, criterion: Criterion) -> Reading:
    """In every unit with a front line, those who lead it and have completed what the scheme names; the fewest counts."""
    units: dict[int, LocalizedText] = {line.unit_id or 0: line.unit or NO_UNIT for line in case.front_line}
    able = _completed(case)
    leaders = _leaders(case.organisation_id, {line.person_id: line.unit_id or 0 for line in case.front_line})
    counts = {unit_id: len(leaders[unit_id] & able) for unit_id in units}
    threshold = Fraction(criterion.threshold)
    lacking = tuple(units[unit_id] for unit_id, count in counts.items() if count < threshold)
    value = Fraction(min(counts.values())) if counts else None
    return Reading(
        criterion.key, Way.COMPUTED, value, threshold, value is not None and not lacking, case.day, "completions",
        part=len(units) - len(lacking), whole=len(units), lacking=lacking,
    )  # fmt: skip


def _completed(case: Case) -> set[int]:
    """Return who of the active people has completed the course, or the programme, that the scheme names for supervisors."""
    kind, _colon, key = case.scheme.supervisors_course.rpartition(":")
    query: Select[Any]
    if kind == PROGRAMME:
        place, of = ProgrammeEnrolment, Programme
        query = (
            select(place.learner_id)
            .join(of, of.id == place.programme_id)
            .where(place.state == COMPLETED, of.key == key)
        )
    else:
        query = (
            select(Enrolment.learner_id)
            .join(Course, Course.id == Enrolment.course_id)
            .where(Enrolment.state == COMPLETED, Course.key == key)
        )
    people = select(Person.id).where(Person.organisation_id == case.organisation_id, Person.state == "active")
    return set(db.session.scalars(people.where(Person.id.in_(query))))


def _leaders(organisation_id: int, unit_of: dict[int, int]) -> dict[int, set[int]]:
    """Return who leads the front line of each unit: line managers of its people, and managers of it, of one above, or of all."""
    found: dict[int, set[int]] = defaultdict(set)
    people = select(Person.id, Person.manager_id).where(Person.organisation_id == organisation_id)
    for person_id, manager_id in db.session.execute(people.where(Person.manager_id.is_not(None))):
        if person_id in unit_of and manager_id is not None:
            found[unit_of[person_id]].add(manager_id)
    units = select(OrgUnit.id, OrgUnit.path).where(OrgUnit.organisation_id == organisation_id)
    paths = {row.id: row.path for row in db.session.execute(units)}
    grants = select(RoleGrant.person_id, RoleGrant.org_unit_id).where(
        RoleGrant.role == MANAGER, RoleGrant.organisation_id == organisation_id
    )
    for person_id, root in db.session.execute(grants):
        for unit_id in set(unit_of.values()):
            if root is None or paths.get(unit_id, "").startswith(paths[root]):
                found[unit_id].add(person_id)
    return found


@measure("document", Way.DOCUMENT)
def accepted_documents(case: Case, criterion: Criterion) -> Reading:
    """How many of the documents that are asked for a reviewer has accepted."""
    part, whole = len(case.documents & set(criterion.refs)), len(criterion.refs)
    return Reading(
        criterion.key, Way.DOCUMENT, Fraction(part), Fraction(whole), part == whole, case.day, "documents", part=part, whole=whole
    )  # fmt: skip


@measure("csat", Way.ENTERED)
@measure("loop_closed_5wd", Way.ENTERED)
@measure("improvements_verified", Way.ENTERED)
def entered(case: Case, criterion: Criterion) -> Reading:
    """What a reviewer entered, against the number of the scheme, or the agency's average less its margin of error.

    A value from before the window that the scheme looks at meets nothing.
    """
    row = case.entered.get(criterion.key)
    if row is None:
        return Reading(criterion.key, Way.ENTERED, None, _fixed(criterion), False, None, "none")
    threshold = _fixed(criterion)
    if threshold is None and row.reference is not None and row.margin is not None:
        threshold = Fraction(row.reference) - Fraction(row.margin)
    fresh = months_later(row.as_of, criterion.window_months) >= case.day
    met = threshold is not None and Fraction(row.value) >= threshold
    return Reading(criterion.key, Way.ENTERED, Fraction(row.value), threshold, met and fresh, row.as_of, row.source)


def _fixed(criterion: Criterion) -> Fraction | None:
    return None if criterion.threshold == AGENCY_AVERAGE else Fraction(Decimal(criterion.threshold))
