"""Development plans as their pages show them: the plan, what has come of each item, those that wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    ScalarSelect,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.accounts.policies import people_administered, people_managed
from academy.accounts.queries_of_leading import leaders_of
from academy.base import clock
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.competencies.models import (
    Claim,
    Competency,
    DevelopmentItem,
    DevelopmentPlan,
    Evidence,
    Observation,
    ObservationLine,
    PersonRequirement,
    PlanOrigin,
    PlanReview,
    Requirement,
)
from academy.competencies.models.claims import WAITING
from academy.competencies.models.development import CLOSED, COURSE, DRAFT, SENT
from academy.competencies.models.observations import DRAFT as UNSIGNED
from academy.competencies.models.observations import SENT as TO_CONFIRM
from academy.competencies.queries.planning import basis_of
from academy.competencies.queries.standing import PersonStanding, standing_against, untold
from academy.competencies.rules import Change, compared
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries.due_days import administrators_of
from academy.learning.queries.enrolments import latest

MOST = 100
EXEMPTED = "exempted"  # how an item stands whose course need not be taken
TESTED = ("attempt", "regrade")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something recorded since the plan was made: an observation, a claim or a quiz about one of its competencies."""

    sort: str
    number: int
    competency_id: int
    course_id: int | None
    state: str
    level: int | None
    share: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a plan with what has come of it. `key` and `name` are of the course, or of the competency."""

    id: int
    kind: str
    key: str
    name: LocalizedText
    hours: Decimal
    level: int | None
    serves: Sequence[Mapping[str, Any]]
    chosen: bool
    asked_at: datetime | None
    course_id: int | None
    enrolment_id: int | None
    state: str
    done: int
    required: int
    proven: bool
    happenings: tuple[Happening, ...]
    practice: LocalizedText | None = None

    @property
    def is_done(self) -> bool:
        """Whether the course is completed or exempted, or the level proven for which there was to be evidence."""
        return self.proven or self.state in (COMPLETED, EXEMPTED)


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """A plan with its person, what is asked of them now, the template it came from, and whether reviews were asked for."""

    plan: DevelopmentPlan
    person: Person
    profile: LocalizedText | None
    targets: dict[str, Any]
    origin: PlanOrigin | None = None
    reviewed: bool = False

    @property
    def id(self) -> int:
        """The number of the plan."""
        return self.plan.id

    @property
    def person_id(self) -> int:
        """Whose plan it is."""
        return self.plan.person_id

    def standing(self) -> PersonStanding:
        """Return what the person has proven by now; one statement."""
        return standing_against(self.person_id, self.profile, self.targets)


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for a decision."""

    id: int
    person: LocalizedText
    sent_at: datetime | None
    items: int
    hours: Decimal


def development_plan(development_id: int) -> FoundPlan | None:
    """Return a plan with its person; one statement."""
    return _found(DevelopmentPlan.id == development_id)


def open_plan(person_id: int) -> DevelopmentPlan | None:
    """Return a person's plan that is not closed."""
    mine = DevelopmentPlan.person_id == person_id, DevelopmentPlan.state != CLOSED
    return db.session.scalar(select(DevelopmentPlan).where(*mine))


def plans_of(person_id: int) -> Sequence[DevelopmentPlan]:
    """Return a person's plans, the newest first; one statement."""
    query = select(DevelopmentPlan).where(DevelopmentPlan.person_id == person_id)
    return db.session.scalars(query.order_by(DevelopmentPlan.id.desc()).limit(MOST)).all()


def _found(where: ColumnElement[bool]) -> FoundPlan | None:
    reviewed = select(PlanReview.id).where(PlanReview.plan_id == DevelopmentPlan.id).exists()
    query = (
        select(DevelopmentPlan, Person, Requirement.name, Requirement.targets, PlanOrigin, reviewed)
        .join(Person, Person.id == DevelopmentPlan.person_id)
        .outerjoin(PlanOrigin, PlanOrigin.plan_id == DevelopmentPlan.id)
        .outerjoin(PersonRequirement, PersonRequirement.person_id == Person.id)
        .outerjoin(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .where(where)
    )
    row = db.session.execute(query).one_or_none()
    return FoundPlan(row[0], row[1], row[2] or None, row[3] or {}, row[4], row[5]) if row else None


def changes_since(plan: DevelopmentPlan, standing: PersonStanding) -> tuple[Change, ...]:
    """Return what has changed since a plan was made."""
    before = {key: (int(said[0]), said[1]) for key, said in plan.basis.items()}
    return compared(before, basis_of(standing))


def items_of(plan: DevelopmentPlan, standing: PersonStanding) -> list[Item]:
    """Return the items of a plan in order, with what has come of them by what its person has proven; two statements."""
    mine = and_(Enrolment.course_id == Course.id, Enrolment.learner_id == plan.person_id, Enrolment.state != WITHDRAWN)
    query = (
        select(DevelopmentItem, Course.key, CourseVersion.title, Competency.key, Competency.name, Enrolment)
        .outerjoin(Course, Course.id == DevelopmentItem.course_id)
        .outerjoin(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .outerjoin(Enrolment, and_(mine, latest()))
        .outerjoin(Competency, Competency.id == DevelopmentItem.competency_id)
        .where(DevelopmentItem.plan_id == plan.id)
        .order_by(DevelopmentItem.position, DevelopmentItem.id)
    )
    rows = db.session.execute(query).all()
    happened = _happenings(plan, [row[0] for row in rows])
    levels = {each.key: each.level or 0 for domain in standing.domains for each in domain.competencies}
    return [_item(*row, happened, levels) for row in rows]


def _item(
    row: DevelopmentItem, course: str | None, title: LocalizedText | None, key: str | None, name: LocalizedText | None,
    enrolment: Enrolment | None, happened: Sequence[Happening], levels: Mapping[str, int],
) -> Item:  # fmt: skip
    if row.kind == COURSE:
        own = tuple(each for each in happened if each.course_id == row.course_id)
        state = (EXEMPTED if enrolment.exempted else enrolment.state) if enrolment else ""
    else:
        own = tuple(each for each in happened if each.sort == row.kind and each.competency_id == row.competency_id)
        state = _evidence_state(row, own)
    return Item(
        row.id, row.kind, course or key or "", title or name or LocalizedText(course or "", course or ""), row.hours, row.level,
        row.serves, row.chosen, row.asked_at, row.course_id, enrolment.id if enrolment else None, state,
        enrolment.done if enrolment else 0, enrolment.required if enrolment else 0,
        row.level is not None and levels.get(key or "", 0) >= row.level, own, row.practice,
    )  # fmt: skip


def _evidence_state(row: DevelopmentItem, happened: Sequence[Happening]) -> str:
    """Return the state of the newest piece that waits for an answer, else of the newest one, else "asked" or ""."""
    waiting = [each for each in happened if each.state in (WAITING, TO_CONFIRM)]
    if some := waiting or list(happened):
        return max(some, key=lambda each: (each.at, each.number)).state
    return "asked" if row.asked_at else ""


def courses_in(plan: DevelopmentPlan) -> set[int]:
    """Return the ids of the courses that a plan holds; one statement."""
    held = DevelopmentItem.plan_id == plan.id, DevelopmentItem.course_id.is_not(None)
    return {number for number in db.session.scalars(select(DevelopmentItem.course_id).where(*held)) if number}


def _happenings(plan: DevelopmentPlan, items: Sequence[DevelopmentItem]) -> list[Happening]:
    """Return what was recorded for a plan since it was made, or still waits for an answer, in order.

    One statement, none for a plan without items, and more where a quiz was taken: a result that it does not show is left out.
    """
    courses = [row.course_id for row in items if row.course_id is not None]
    wanted = [row.competency_id for row in items if row.competency_id is not None]
    if not courses and not wanted:
        return []
    nothing, no_share = cast(null(), Integer), cast(null(), Numeric(9, 8))
    seen: Any = (
        select(
            literal("observation"), Observation.id, ObservationLine.competency_id, nothing, Observation.state,
            ObservationLine.level, no_share, Observation.sent_at,
        )
        .join(ObservationLine, ObservationLine.observation_id == Observation.id)
        .where(Observation.person_id == plan.person_id, Observation.state != UNSIGNED)
        .where(or_(Observation.sent_at >= plan.made_at, Observation.state == TO_CONFIRM))
        .where(ObservationLine.competency_id.in_(wanted), ObservationLine.mark.is_not(None))
    )  # fmt: skip
    claimed: Any = select(
        literal("claim"), Claim.id, Claim.competency_id, nothing, Claim.state,
        func.coalesce(Claim.decided_level, Claim.level), no_share, Claim.made_at,
    ).where(
        Claim.person_id == plan.person_id, Claim.competency_id.in_(wanted),
        or_(Claim.made_at >= plan.made_at, Claim.state == WAITING),
    )  # fmt: skip
    tested: Any = select(
        literal("quiz"), Evidence.id, Evidence.competency_id, Evidence.course_id, Evidence.kind,
        Evidence.supports_level, Evidence.share, Evidence.observed_at,
    ).where(
        Evidence.person_id == plan.person_id, Evidence.kind.in_(TESTED), Evidence.course_id.in_(courses),
        Evidence.observed_at >= plan.made_at,
    )  # fmt: skip
    found = [Happening(*row) for row in db.session.execute(union_all(seen, claimed, tested)).all()]
    quizzes = [each.number for each in found if each.sort == "quiz"]
    ledger = db.session.scalars(select(Evidence).where(Evidence.id.in_(quizzes))).all() if quizzes else ()
    hidden = untold(ledger, now=clock.now()) if ledger else frozenset()
    shown = (each for each in found if each.sort != "quiz" or each.number not in hidden)
    return sorted(shown, key=lambda each: (each.at, each.number))


def _theirs(actor: Actor) -> ColumnElement[bool]:
    return and_(Person.id != actor.person_id, or_(people_managed(actor), people_administered(actor)))


def plans_waiting(actor: Actor) -> list[WaitingPlan]:
    """Return the plans that wait for the actor as manager, deputy or administrator, the longest waiting first; one statement."""
    item = aliased(DevelopmentItem)
    query = (
        select(
            DevelopmentPlan.id, Person.name, DevelopmentPlan.sent_at, func.count(item.id), func.coalesce(func.sum(item.hours), 0)
        )
        .join(Person, Person.id == DevelopmentPlan.person_id)
        .outerjoin(item, item.plan_id == DevelopmentPlan.id)
        .where(DevelopmentPlan.state == SENT, Person.state == "active", _theirs(actor))
        .group_by(DevelopmentPlan.id, Person.id)
        .order_by(DevelopmentPlan.sent_at, DevelopmentPlan.id)
        .limit(MOST)
    )  # fmt: skip
    return [WaitingPlan(*row) for row in db.session.execute(query)]


def count_of_waiting(people: Any) -> ScalarSelect[int]:
    """Return the query of how many plans of some people (a query of ids) wait for a decision."""
    waits = DevelopmentPlan.state == SENT, DevelopmentPlan.person_id.in_(people)
    return select(func.count()).select_from(DevelopmentPlan).where(*waits).scalar_subquery()


def silent_plans(at: datetime, *, patience: timedelta, most: int) -> list[int]:
    """Return the plans whose managers were told so long ago and have not decided."""
    silent = DevelopmentPlan.state == SENT, DevelopmentPlan.told_at <= at - patience
    return list(db.session.scalars(select(DevelopmentPlan.id).where(*silent).order_by(DevelopmentPlan.id).limit(most)))


def plans_still_waiting(ids: Collection[int]) -> set[int]:
    """Return those of some plans that still wait for a decision."""
    return set(
        db.session.scalars(select(DevelopmentPlan.id).where(DevelopmentPlan.id.in_(ids), DevelopmentPlan.state == SENT))
    )


def plans_to_decide_by(person_id: int, ids: Collection[int], *, today: date) -> set[int]:
    """Return those of some plans that are still somebody's to decide: as who leads the person, or administers their organisation."""
    plans = select(DevelopmentPlan.id, Person.id.label("of"), Person.organisation_id)
    rows = db.session.execute(
        plans.join(Person, Person.id == DevelopmentPlan.person_id).where(DevelopmentPlan.id.in_(ids))
    )
    return {
        row.id
        for row in rows.all()
        if person_id in leaders_of(row.of, today=today) or person_id in administrators_of(row.organisation_id)
    }


def may_show(plan: DevelopmentPlan, reader_id: int) -> bool:
    """Whether somebody else than its person may know of a plan: one that was never sent is the person's own."""
    return plan.person_id == reader_id or plan.sent_at is not None


def unsent(plan: DevelopmentPlan) -> bool:
    """Whether a plan is a draft that nobody else has seen."""
    return plan.state == DRAFT and plan.sent_at is None
