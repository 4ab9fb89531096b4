"""The way through a course: its units and activities with a learner's state in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, Course, CourseUnit, CourseVersion
from academy.catalogue.queries import ShownActivity, shown
from academy.learning.models import COMPLETED, WITHDRAWN, ActivityState, Enrolment
from academy.learning.queries.counting import LIVE


@dataclass(frozen=True, slots=True)
class PathStep:
    """One activity on the way. `state` is open, started or done."""

    id: int
    key: str
    kind: str
    title: LocalizedText
    minutes: int
    required: bool
    state: str


@dataclass(frozen=True, slots=True)
class PathUnit:
    """A unit with its activities; `number` counts from 1."""

    number: int
    title: LocalizedText
    activities: tuple[PathStep, ...]

    @property
    def minutes(self) -> int:
        """How long the unit takes."""
        return sum(step.minutes for step in self.activities)


@dataclass(frozen=True, slots=True)
class Path:
    """Everything there is to do in a course version, in order."""

    units: tuple[PathUnit, ...]

    @property
    def steps(self) -> tuple[PathStep, ...]:
        """All activities in order."""
        return tuple(step for unit in self.units for step in unit.activities)

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(unit.minutes for unit in self.units)

    @property
    def minutes_left(self) -> int:
        """How long what is not yet done takes."""
        return sum(step.minutes for step in self.steps if step.state != "done")

    @property
    def order(self) -> list[tuple[int, bool]]:
        """Each activity's id and whether it is completed."""
        return [(step.id, step.state == "done") for step in self.steps]

    def by_id(self, activity_id: int | None) -> PathStep | None:
        """Return the activity with this id, if it is on the way."""
        return next((step for step in self.steps if step.id == activity_id), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A learner in front of one activity: all that the player shows besides the outline."""

    enrolment_id: int
    learner_id: int
    course_id: int
    course_key: str
    course_title: LocalizedText
    version_id: int
    cycle: int
    enrolment_state: str
    done: int
    required: int
    activity: ShownActivity
    state: str
    completed_at: datetime | None
    resume: Mapping[str, Any]


@cache
def _way() -> Any:
    """Return the query of `path`, built once for all courses."""
    columns = (
        CourseUnit.id.label("unit_id"), CourseUnit.title.label("unit_title"), Activity.id, Activity.key, Activity.kind,
        Activity.title, Activity.minutes, Activity.required, ActivityState.state,
    )  # fmt: skip
    mine = and_(ActivityState.activity_id == Activity.id, ActivityState.enrolment_id == bindparam("enrolment_id"))
    return (
        select(*columns)
        .select_from(Activity)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, mine)
        .where(Activity.version_id == bindparam("version_id"), LIVE)
        .order_by(CourseUnit.position, CourseUnit.id, Activity.position, Activity.id)
    )


def path(version_id: int, enrolment_id: int | None = None) -> Path:
    """Return the way through a version, with the states of an enrolment if one is given (one statement)."""
    asked = {"version_id": version_id, "enrolment_id": enrolment_id or 0}
    units: dict[int, tuple[LocalizedText, list[PathStep]]] = {}
    for row in db.session.execute(_way(), asked):
        _, steps = units.setdefault(row.unit_id, (row.unit_title, []))
        steps.append(PathStep(row.id, row.key, row.kind, row.title, row.minutes, row.required, _shown(row.state)))
    numbered = enumerate(units.values(), start=1)
    return Path(tuple(PathUnit(number, title, tuple(steps)) for number, (title, steps) in numbered))


def step(enrolment_id: int, activity_key: str) -> Step | None:
    """Return a learner's place in front of an activity of the version they take (one statement)."""
    mine = and_(ActivityState.activity_id == Activity.id, ActivityState.enrolment_id == Enrolment.id)
    query = (
        select(Enrolment, Course.key, CourseVersion.title, Activity, ActivityState)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, mine)
        .where(Enrolment.id == enrolment_id, Activity.key == activity_key, LIVE)
    )
    row = db.session.execute(query).one_or_none()
    return _step(row) if row else None


def enrolment_with(learner_id: int, course_id: int, activity_key: str) -> int | None:
    """Return the id of somebody's place in a course, if the version that they take has this activity."""
    query = (
        select(Enrolment.id)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(
            Enrolment.learner_id == learner_id, Enrolment.course_id == course_id, Enrolment.state != WITHDRAWN,
            Activity.key == activity_key, LIVE,
        )
    )  # fmt: skip
    return db.session.scalar(query)


def _step(row: Any) -> Step:
    enrolment, course_key, course_title, activity, state = row
    return Step(
        enrolment_id=enrolment.id,
        learner_id=enrolment.learner_id,
        course_id=enrolment.course_id,
        course_key=course_key,
        course_title=course_title,
        version_id=enrolment.version_id,
        cycle=enrolment.cycle,
        enrolment_state=enrolment.state,
        done=enrolment.done,
        required=enrolment.required,
        activity=shown(activity),
        state=_shown(state.state if state else None),
        completed_at=state.completed_at if state else None,
        resume=(state.resume or {}) if state else {},
    )


_SHOWN = {None: "open", COMPLETED: "done"}


def _shown(state: str | None) -> str:
    return _SHOWN.get(state, "started")
