"""A crowd for measuring: many thousands of people with their learning, written straight into the tables in batches.

The demonstration goes through the services; at a hundred thousand people that would take hours, so this module writes
rows that the services would have written, with Core inserts and nothing else. The invariants of the tables hold.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.assessment.models import Attempt, AttemptItem, QuizItem, QuizVersion
from academy.base.arabic import search_document
from academy.base.db import Model, db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Activity, Course, CourseUnit, CourseVersion
from academy.competencies import rules
from academy.competencies import services as competencies
from academy.competencies.models import Competency, PersonProfile, RoleProfile, Standing
from academy.devdata.names import DemoName, people
from academy.learning import services as learning
from academy.learning.models import ActivityState, Enrolment

BATCH = 2_000
UNIT_SIZE = 1_000
DOMAIN = "crowd.example"
NAME = LocalizedText("هيئة القياس", "Measuring Authority")


@dataclass(frozen=True)
class Track:
    """A published course as the crowd takes it."""

    course_id: int
    version_id: int
    activities: list[tuple[int, str]]
    quiz_id: int
    quiz_version_id: int
    questions: list[int]


def crowd(count: int, *, seed: int, now: datetime, say: Callable[[str], None] = lambda text: None) -> Organisation:
    """Add an organisation with `count` people, a manager for each thousand, and what they have learned."""
    rng = random.Random(seed)
    organisation = accounts.create_organisation(NAME, key="crowd", at=now)
    tracks = [_track(course) for course in db.session.scalars(select(Course).order_by(Course.id))]
    profile_id = db.session.scalar(select(RoleProfile.id).order_by(RoleProfile.id).limit(1))
    competency_ids = list(db.session.scalars(select(Competency.id).order_by(Competency.id)))
    names, done = people(seed + 1, count), 0
    while done < count:
        size = min(UNIT_SIZE, count - done)
        team = _unit(organisation, done // UNIT_SIZE, [next(names) for _ in range(size)], profile_id, now)
        for track in tracks[:2]:
            _learn(track, team, rng, now)
        _insert(Standing, _standings(team, competency_ids, rng, now))
        done += size
        say(f"{done} of {count} people")
    return organisation


def _track(course: Course) -> Track:
    version_id = db.session.scalar(
        select(CourseVersion.id).where(CourseVersion.course_id == course.id, CourseVersion.state == PUBLISHED)
    )
    inside = (
        select(Activity.id, Activity.kind, Activity.content)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(Activity.version_id == version_id, Activity.required)
        .order_by(CourseUnit.position, Activity.position)
    )
    rows = db.session.execute(inside).all()
    quiz_version_id = next(int(row.content["quiz_version_id"]) for row in rows if row.kind == "quiz")
    questions = select(QuizItem.question_version_id).where(QuizItem.quiz_version_id == quiz_version_id)
    return Track(
        course.id, version_id or 0, [(row.id, row.kind) for row in rows],
        db.session.get_one(QuizVersion, quiz_version_id).quiz_id, quiz_version_id,
        list(db.session.scalars(questions.order_by(QuizItem.position))),
    )  # fmt: skip


def _next_id(model: type[Model]) -> int:
    return (db.session.scalar(select(func.max(model.id))) or 0) + 1  # type: ignore[attr-defined]


def _insert(model: type[Model], rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            db.session.execute(insert(model), batch)
            batch = []
    if batch:
        db.session.execute(insert(model), batch)


def _unit(
    organisation: Organisation, number: int, names: list[DemoName], profile_id: int | None, now: datetime
) -> list[int]:
    unit = accounts.create_org_unit(
        organisation.id, LocalizedText(f"قطاع {number + 1}", f"Sector {number + 1}"), key=f"sector-{number + 1}", at=now
    )
    manager = _manager(organisation, unit, number, now)
    before = db.session.scalar(select(func.max(Person.id))) or 0
    _insert(Person, [_person(name, organisation.id, unit.id, manager.id, now) for name in names])
    team = list(db.session.scalars(select(Person.id).where(Person.id > before).order_by(Person.id)))
    accounts.note_places(team, now)
    if profile_id:
        _insert(
            PersonProfile, [{"person_id": i, "profile_id": profile_id, "source": "person", "set_at": now} for i in team]
        )
        competencies.ask(team)
    return team


def _manager(organisation: Organisation, unit: OrgUnit, number: int, now: datetime) -> Person:
    details = accounts.PersonDetails(
        email=f"manager{number + 1}@{DOMAIN}",
        name=LocalizedText(f"مدير القطاع {number + 1}", f"Manager of sector {number + 1}"),
        org_unit_id=unit.id,
    )
    manager = accounts.create_person(details, organisation_id=organisation.id, at=now)
    manager.state = "active"
    accounts.grant_role(manager, "manager", organisation_id=organisation.id, org_unit_id=unit.id, at=now)
    return manager


def _person(name: DemoName, organisation_id: int, unit_id: int, manager_id: int, now: datetime) -> dict[str, Any]:
    email = f"{name.email_local}@{DOMAIN}"
    return {
        "email": email, "name": name.name, "search_text": search_document(name.ar, name.en, email),
        "organisation_id": organisation_id, "org_unit_id": unit_id, "manager_id": manager_id, "state": "active",
        "created_at": now,
    }  # fmt: skip


def _learn(track: Track, team: list[int], rng: random.Random, now: datetime) -> None:
    """Let a team take a course: a third has completed it, a third is on the way, a third has not begun."""
    enrolment_id, plan = _next_id(Enrolment), []
    for learner_id in team:
        share = rng.random()
        done = len(track.activities) if share < 0.34 else int((share - 0.34) * 3 * len(track.activities) / 2)
        plan.append((learner_id, min(done if share < 0.67 else 0, len(track.activities))))
    at = now - timedelta(days=40)
    _insert(Enrolment, (_enrolment(track, enrolment_id + n, who, done, at, rng) for n, (who, done) in enumerate(plan)))
    learning.note_duties([enrolment_id + n for n in range(len(plan))], at=at)
    states = (
        {
            "enrolment_id": enrolment_id + n,
            "activity_id": activity_id,
            "state": "completed",
            "started_at": at,
            "completed_at": at,
        }
        for n, (_, done) in enumerate(plan)
        for activity_id, _kind in track.activities[:done]
    )
    _insert(ActivityState, states)
    _attempts(track, [who for who, done in plan if done == len(track.activities)], at, rng)
    _move_counters()


def _enrolment(track: Track, id: int, learner_id: int, done: int, at: datetime, rng: random.Random) -> dict[str, Any]:
    completed = done == len(track.activities)
    return {
        "id": id, "learner_id": learner_id, "course_id": track.course_id, "version_id": track.version_id, "cycle": 1,
        "state": "completed" if completed else "active", "enrolled_at": at, "started_at": at if done else None,
        "due_on": (at + timedelta(days=int(20 + 60 * rng.random()))).date(), "done": done,
        "required": len(track.activities), "completed_at": at if completed else None,
        "last_activity_at": at if done else None, "last_activity_id": track.activities[done - 1][0] if done else None,
    }  # fmt: skip


def _attempts(track: Track, learners: list[int], at: datetime, rng: random.Random) -> None:
    attempt_id, worth = _next_id(Attempt), len(track.questions)
    rights = [max(int(worth * 0.7 + 0.5), int(worth * (0.7 + 0.3 * rng.random()))) for _ in learners]
    common = {
        "quiz_id": track.quiz_id, "quiz_version_id": track.quiz_version_id, "cycle": 1, "number": 1, "seed": 1,
        "state": "graded", "sequence": worth, "started_at": at, "submitted_at": at, "graded_at": at,
        "closed_by": "learner", "max_score": Decimal(worth), "passed": True,
    }  # fmt: skip
    rows = zip(learners, rights, strict=True)
    _insert(
        Attempt,
        (
            {**common, "id": attempt_id + n, "learner_id": who, "score": Decimal(right)}
            for n, (who, right) in enumerate(rows)
        ),
    )
    items: Iterator[dict[str, Any]] = (
        {"attempt_id": attempt_id + n, "question_version_id": question, "position": place, "points": 1, "paper": {},
         "response": None, "saved_at": at, "share": Decimal(place <= right)}
        for n, right in enumerate(rights)
        for place, question in enumerate(track.questions, 1)
    )  # fmt: skip
    _insert(AttemptItem, items)


def _standings(
    team: list[int], competency_ids: list[int], rng: random.Random, now: datetime
) -> Iterator[dict[str, Any]]:
    for person_id in team:
        for competency_id in competency_ids[::3]:
            items = int(rng.random() * 8)
            weighted = Decimal(round(items * 2 * rng.random(), 4))
            score = (
                (weighted / (items + rules.PRIOR)).quantize(Decimal("0.01")) if items >= rules.ENOUGH_ITEMS else None
            )
            yield {
                "person_id": person_id, "competency_id": competency_id, "score": score, "pieces": 1, "items": items,
                "level": None if score is None else int(score > 1) + int(score > Decimal("1.4")),
                "weight": Decimal(items), "weighted": weighted, "model_version": rules.MODEL, "computed_at": now,
            }  # fmt: skip


def _move_counters() -> None:
    """PostgreSQL counts ids apart from the rows; put its counters behind the ids written here."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for model in (Enrolment, Attempt):
        name = model.__tablename__
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), _next_id(model), False)))
