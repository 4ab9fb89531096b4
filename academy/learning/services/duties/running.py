"""Running a rule, both ways: who matches is assigned, who has stopped to match keeps, rests or loses what was assigned.

A run compares the people who match with the duties that are there, so that running twice changes nothing. The rule is
held while it runs: two workers never assign at once, and the database allows one duty for a rule and a person.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.base.dates import riyadh_day
from academy.base.db import db, insert_missing, lock
from academy.learning.kinds import in_words
from academy.learning.models import Duty, DutyRule, RuleOutcome, RuleRun
from academy.learning.queries import duties as queries
from academy.learning.queries.working_days import work_calendar
from academy.learning.rules.duties import ANY, Condition, Definition
from academy.learning.services.duties.ending import end_duties
from academy.learning.services.duties.granting import Granted, grant_course, grant_programme

BATCH = 300


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run, or a part of it, came to. `more`: people are left for the next part."""

    run_id: int | None
    more: bool
    outcomes: dict[int, str]


def run_rule(
    rule_id: int, *, cause: str, at: datetime, by_id: int | None = None, run_id: int | None = None, batch: int = BATCH
) -> Ran:
    """Run a rule for the next people whom it concerns; a rule that is not in effect does nothing."""
    rule: DutyRule | None = lock(DutyRule, rule_id)
    if rule is None or rule.state != "active":
        return Ran(None, False, {})
    definition, today = Definition.of(rule.definition), riyadh_day(at)
    matched = queries.matching(rule, definition.audience, today)
    closed = not queries.is_open(rule)
    gone = queries.first_ids(queries.leaving(rule, matched), batch)
    come = [] if closed else queries.first_ids(queries.joining(rule, matched), batch - len(gone))
    outcomes = end_duties(rule, gone, definition.consequence, at=at)
    if come:
        outcomes |= _begin(rule, definition, come, at)
    rule.ran_at = at
    more = bool(outcomes) and len(gone) + len(come) >= batch
    run = _run(rule, run_id, cause, by_id, at) if outcomes or run_id or cause == "asked" else None
    if run is not None:
        _note(run, outcomes, closed=closed, finished_at=None if more else at)
    db.session.flush()
    return Ran(run.id if run else None, more, outcomes)


def _run(rule: DutyRule, run_id: int | None, cause: str, by_id: int | None, at: datetime) -> RuleRun:
    if run_id is not None:
        return db.session.get_one(RuleRun, run_id)
    run = RuleRun(rule_id=rule.id, cause=cause, by_id=by_id, began_at=at, counts={})
    db.session.add(run)
    db.session.flush()
    return run


def _note(run: RuleRun, outcomes: dict[int, str], *, closed: bool, finished_at: datetime | None) -> None:
    rows = [{"run_id": run.id, "person_id": person_id, "outcome": said} for person_id, said in outcomes.items()]
    insert_missing(RuleOutcome, rows)
    run.counts = dict(Counter(run.counts) + Counter(outcomes.values()))
    run.closed, run.finished_at = closed, finished_at


def _begin(rule: DutyRule, definition: Definition, people: list[int], at: datetime) -> dict[int, str]:
    """Make what the rule is about the duty of people; return the outcome for each."""
    due_on = definition.due.due_on(riyadh_day(at), work_calendar(rule.organisation_id))
    if rule.course_id is not None:
        granted = grant_course(rule.course_id, people, due_on=due_on, at=at)
    else:
        assert rule.programme_id is not None
        granted = grant_programme(rule.programme_id, people, due_on=due_on, at=at)
    reasons = _reasons(definition, people, riyadh_day(at))
    _write(rule, granted, reasons, at)
    return {person_id: one.outcome for person_id, one in granted.items()}


def _reasons(definition: Definition, people: Collection[int], today: Any) -> dict[int, list[dict[str, str]]]:
    """Say for each person which conditions they met."""
    met: dict[int, list[dict[str, str]]] = {person_id: [] for person_id in people}
    for condition in definition.audience.conditions:
        said = in_words(condition).as_dict()
        for person_id in _who_meet(condition, definition, people, today):
            met[person_id].append(said)
    return met


def _who_meet(condition: Condition, definition: Definition, people: Collection[int], today: Any) -> Collection[int]:
    if definition.audience.match != ANY or len(definition.audience.conditions) == 1:
        return people
    return queries.people_fitting(queries.condition_holds(condition, today), people)


def _write(rule: DutyRule, granted: dict[int, Granted], reasons: dict[int, list[dict[str, str]]], at: datetime) -> None:
    blank = {"rule_id": rule.id, "state": "active", "since": at, "made_place": False, "reasons": []}
    insert_missing(Duty, [{**blank, "person_id": person_id} for person_id in granted])
    rows = db.session.scalars(
        select(Duty)
        .where(Duty.rule_id == rule.id, Duty.person_id.in_(granted))
        .execution_options(populate_existing=True)
    )
    for duty in rows:
        one = granted[duty.person_id]
        duty.state, duty.ended_at, duty.since, duty.due_on = "active", None, at, one.due_on
        duty.reasons = reasons.get(duty.person_id, [])
        duty.enrolment_id, duty.assignment_id = one.enrolment_id, one.assignment_id
        duty.programme_enrolment_id = one.programme_enrolment_id
        duty.made_place = one.made_place or duty.made_place
    db.session.flush()
