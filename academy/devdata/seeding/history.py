"""Half a year of learning: who took what, when, how well, who is late, and whose certificate runs out soon."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Organisation, Person
from academy.assessment import services as assessment
from academy.assessment.models import AttemptItem, QuestionVersion
from academy.base.db import db
from academy.catalogue import queries as catalogue
from academy.catalogue.models import Activity, Course
from academy.credentials import services as credentials
from academy.devdata.seeding import answers
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.readiness import READINESS
from academy.learning import services as learning
from academy.learning.models import COMPLETED, Enrolment

DAY = timedelta(days=1)
STEP_MINUTES, MOST_STEPS = 3, 4
SECONDS_A_QUESTION = 55
CHECKED_THEMSELVES = 40


class History:
    """Plays the story through the services, at the moments in which it would have happened."""

    def __init__(self, cast: Cast, courses: dict[str, Course], *, seed: int, now: datetime) -> None:
        self.cast, self.courses, self.now = cast, courses, now
        self.rng = random.Random(seed)
        self.ability: dict[int, float] = {}

    def between(self, low: float, high: float) -> float:
        """Draw a number between two bounds."""
        return low + (high - low) * self.rng.random()

    def working_moment(self, days_ago: float) -> datetime:
        """Return a moment of a working day (Sunday to Thursday, 8 to 15 in Riyadh), about so many days ago."""
        at = (self.now - days_ago * DAY).replace(hour=5, minute=0, second=0, microsecond=0)
        while at.weekday() in (4, 5):
            at -= DAY
        return min(at + timedelta(minutes=int(self.between(0, 420))), self.now - timedelta(minutes=90))

    def skill(self, person: Person) -> float:
        """Return the share of questions of middling difficulty that a person gets right; it stays the same."""
        if person.id not in self.ability:
            self.ability[person.id] = min(0.97, max(0.35, self.between(0.55, 1.0)))
        return self.ability[person.id]

    def play(self) -> None:
        """Play all of it."""
        self._veterans()
        self._foundations()
        self._measurement()
        self._design()
        self._the_demo_people()

    def _assign(self, key: str, people: list[Person], *, by: Person, days_ago: float, due_in: int) -> None:
        at = self.working_moment(days_ago)
        due_on = (self.now - days_ago * DAY + due_in * DAY).date()
        learning.assign(self.courses[key].id, [p.id for p in people], by_id=by.id, due_on=due_on, at=at)

    def _veterans(self) -> None:
        """Some completed the foundations nearly two years ago: their certificates run out within weeks."""
        for person in self.cast.staff[:7]:
            self._take(person, "cx-foundations", days_ago=self.between(690, 705), until=1.0)

    def _foundations(self) -> None:
        cast, by = self.cast, self.cast.demo["director"]
        learners = [p for p in cast.staff[7:] if p not in cast.specialists[-2:]]
        self._assign("cx-foundations", learners, by=by, days_ago=170, due_in=60)
        for person in learners:
            share = self.rng.random()
            if share < 0.74:
                self._take(person, "cx-foundations", days_ago=self.between(110, 165), until=1.0)
            elif share < 0.9:
                self._take(person, "cx-foundations", days_ago=self.between(20, 90), until=self.between(0.15, 0.85))
        for partner in cast.partners:
            agents = [p for p in cast.agents if p.organisation_id == partner.id]
            self._assign("cx-foundations", agents, by=cast.heads[partner.key], days_ago=100, due_in=45)
            for place, person in enumerate(agents):
                if place < len(agents) * 0.7:
                    self._take(person, "cx-foundations", days_ago=self.between(60, 95), until=1.0)
                elif place < len(agents) * 0.85:
                    self._take(person, "cx-foundations", days_ago=self.between(10, 40), until=0.5)

    def _ready(self, key: str) -> list[Person]:
        done = self._completed(key)
        return [person for person in self.cast.staff if person.id in done]

    def _completed(self, key: str) -> set[int]:
        mine = Enrolment.course_id == self.courses[key].id, Enrolment.state == COMPLETED
        return set(db.session.scalars(select(Enrolment.learner_id).where(*mine)))

    def _measurement(self) -> None:
        chosen = [p for place, p in enumerate(self._ready("cx-foundations")) if place % 2 == 0]
        self._assign("cx-measurement", chosen, by=self.cast.demo["director"], days_ago=60, due_in=66)
        for person in chosen:
            share = self.rng.random()
            if share < 0.45:
                self._take(person, "cx-measurement", days_ago=self.between(12, 55), until=1.0)
            elif share < 0.85:
                self._take(person, "cx-measurement", days_ago=self.between(1, 30), until=self.between(0.1, 0.8))

    def _design(self) -> None:
        for place, person in enumerate(self._ready("cx-measurement")):
            if place % 2 == 0:
                self._take(person, "service-design", days_ago=self.between(2, 11), until=self.between(0.3, 1.15))

    def _the_demo_people(self) -> None:
        cast, by = self.cast, self.cast.demo["manager"]
        employee, partner = cast.demo["employee"], cast.demo["partner"]
        self.ability |= {employee.id: 0.93, partner.id: 0.8, cast.heads["jusoor"].id: 0.97}
        self._assign("cx-foundations", [employee], by=by, days_ago=120, due_in=40)
        self._take(employee, "cx-foundations", days_ago=100, until=1.0)
        self._assign("cx-measurement", [employee], by=by, days_ago=20, due_in=25)
        self._take(employee, "cx-measurement", days_ago=3, until=0.4)
        self._assign("cx-foundations", [partner], by=cast.heads["jusoor"], days_ago=15, due_in=24)
        self._take(partner, "cx-foundations", days_ago=2, until=0.35)
        self._take(cast.heads["jusoor"], "cx-foundations", days_ago=702, until=1.0)

    def check_readiness(self) -> None:
        """Let the front line check itself with questions drawn from the bank: enough attempts to judge drawn papers."""
        for person in self.cast.staff[7 : 7 + CHECKED_THEMSELVES]:
            self._take(person, READINESS, days_ago=self.between(2, 24), until=1.0)
        employee = self.cast.demo["employee"]
        self.ability[employee.id] = 0.97
        self._take(employee, READINESS, days_ago=22, until=1.0)

    def certify(self, partner: Organisation) -> None:
        """Let all of a partner's agents finish the foundations, and its supervisor the course on measuring."""
        head = self.cast.heads[partner.key]
        agents = [person for person in self.cast.agents if person.organisation_id == partner.id]
        self.ability |= dict.fromkeys((person.id for person in (head, *agents)), 0.97)
        done = self._completed("cx-foundations")
        for person in agents:
            if person.id not in done:
                self._take(person, "cx-foundations", days_ago=self.between(8, 9.5), until=1.0)
        self._take(head, "cx-foundations", days_ago=24, until=1.0)
        self._take(head, "cx-measurement", days_ago=13, until=1.0)

    def _take(self, person: Person, key: str, *, days_ago: float, until: float) -> None:
        """Let somebody take a course from a day on; `until` is the share of its activities, above 1 all of it."""
        course = self.courses[key]
        at = self.working_moment(days_ago)
        enrolment = learning.enrol(person.id, course.id, at=at)
        outline = catalogue.outline(enrolment.version_id).activities
        stop = round(len(outline) * min(until, 1.0))
        for place, step in enumerate(outline[:stop]):
            at = min(at + timedelta(minutes=self.between(8, 40)), self.now - timedelta(minutes=30))
            activity = db.session.get_one(Activity, step.id)
            _spend(person, enrolment, activity, until=at)
            self._do(person, enrolment, activity, at)
            if place % 4 == 3 and at + 2 * DAY < self.now:
                at += DAY
        if stop < len(outline):
            learning.open_activity(enrolment.id, outline[stop].id, at=at)

    def _do(self, person: Person, enrolment: Enrolment, activity: Activity, at: datetime) -> None:
        learning.open_activity(enrolment.id, activity.id, at=at)
        if activity.kind == "classify":
            placed = {item["id"]: item["answer"] for item in activity.content["items"]}
            learning.place_items(enrolment.id, activity.id, placed, at=at)
        elif activity.kind == "quiz":
            self._quiz(person, enrolment, activity, at)
        else:
            learning.complete_activity(enrolment.id, activity.id, at=at)

    def _quiz(self, person: Person, enrolment: Enrolment, activity: Activity, at: datetime) -> None:
        """Try the quiz until it is passed or no attempt is left; who fails has learned something for the next time."""
        version_id = int(activity.content["quiz_version_id"])
        for learned in (0.0, 0.12, 0.2):
            attempt = assessment.start_attempt(
                version_id, person.id, cycle=enrolment.cycle, at=at, language=person.language
            )
            for position, type, content, difficulty in _questions(attempt.id):
                chance = self.skill(person) + learned - 0.12 * (difficulty - 2)
                known = self.rng.random() < chance
                answer = answers.right(type, content) if known else answers.wrong(type, content, self.rng)
                at += timedelta(seconds=SECONDS_A_QUESTION * self.between(0.4, 1.6))
                assessment.save_response(attempt.id, position, answer, at=at)
            attempt = assessment.submit(attempt.id, at=at)
            if attempt.passed:
                db.session.refresh(enrolment)
                if enrolment.state == COMPLETED:
                    credentials.issue_for_completion(enrolment.id, at=at)
                return
            at = min(at + timedelta(hours=3), self.now - timedelta(minutes=20))


def _spend(person: Person, enrolment: Enrolment, activity: Activity, *, until: datetime) -> None:
    """Let somebody have been at an activity for about as long as its author thinks, in steps as long as one may be."""
    pace = 0.6 + (7 * person.id + 3 * activity.id) % 9 / 10
    steps = max(1, round(activity.minutes * pace / STEP_MINUTES))
    for left in range(min(steps, MOST_STEPS) - 1, -1, -1):
        at = until - left * timedelta(minutes=STEP_MINUTES)
        learning.count_time(person.id, enrolment.id, activity.id, STEP_MINUTES * 60, at=at)


def _questions(attempt_id: int) -> list[tuple[int, str, dict[str, Any], int]]:
    """Return (position, type, content, difficulty) of an attempt in the order authored: the order shown is drawn by lot."""
    rows = db.session.execute(
        select(AttemptItem.position, QuestionVersion.type, QuestionVersion.content, QuestionVersion.difficulty)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(QuestionVersion.id)
    )
    return [(row.position, row.type, row.content, row.difficulty) for row in rows]
