"""Assignment by rule: who matches is assigned, who stops to match keeps, rests or loses it; seen before it happens."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.accounts import services as accounts
from academy.base import jobs
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies.services import set_profile
from academy.learning import services as learning
from academy.learning.models import Duty, DutyRule, Enrolment, ProgrammeEnrolment, RuleOutcome, RuleRun
from academy.learning.queries import duties as queries
from academy.learning.rules.duties import Condition
from academy.learning.rules.working_days import DueRule
from academy.learning.services import duties, working_days
from academy.notices.models import Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, competencies, credentials, programmes
from tests.factories import duties as rules
from tests.factories import learning as courses
from tests.factories.accounts import both

TODAY = date(2026, 11, 23)


def run(rule, at=NOW, **more):
    return duties.run_rule(rule.id, cause="asked", at=at, **more)


def place(person, rule) -> Enrolment | None:
    return db.session.scalar(select(Enrolment).filter_by(learner_id=person.id, course_id=rule.course_id))


def matched(rule, *conditions, match="all") -> set[int]:
    wanted = queries.matching(rule, rules.definition(*conditions, match=match).audience, TODAY)
    return set(queries.first_ids(wanted, 100))


def test_a_rule_assigns_who_matches_and_a_second_run_changes_nothing(app):
    """CA5"""
    of = people.organisation()
    unit = people.org_unit(of)
    inside, below = people.person(unit=unit), people.person(unit=people.org_unit(parent=unit))
    outside = people.person(of=of)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)))
    assert run(rule).outcomes == {inside.id: "assigned", below.id: "assigned"}
    assert place(inside, rule).due_on == TODAY + timedelta(days=30)
    assert place(outside, rule) is None
    assert run(rule).outcomes == {}
    assert db.session.scalar(select(func.count()).select_from(Duty)) == 2


def test_due_days_keep_to_the_calendar_of_the_organisation(app):
    """CA5, CA10"""
    of = people.organisation()
    eid = working_days.EntryDetails("holiday", date(2026, 11, 24), date(2026, 11, 25), both("عيد", "Eid"))
    working_days.add_entry(of.id, eid, actor_id=None, at=NOW)
    who = people.person(of=of)
    rule = rules.rule(of, due=DueRule("working_days", count=2))
    run(rule)
    # Monday 23 November: Thursday 26 and, past the weekend, Sunday 29.
    assert place(who, rule).due_on == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("consequence", "outcome", "state", "due"),
    [("keep", "kept", "active", True), ("suspend", "suspended", "active", False), ("withdraw", "withdrawn", "withdrawn", False)],
)  # fmt: skip
def test_who_stops_to_match_keeps_rests_or_is_withdrawn_and_comes_back(app, consequence, outcome, state, due):
    """CA5, ID7"""
    of = people.organisation()
    unit = people.org_unit(of)
    who = people.person(unit=unit)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), consequence=consequence)
    run(rule)
    who.org_unit_id = None
    assert run(rule).outcomes == {who.id: outcome}
    assert (place(who, rule).state, place(who, rule).due_on is not None) == (state, due)
    assert run(rule).outcomes == {}
    who.org_unit_id = unit.id
    later = NOW + timedelta(days=10)
    assert set(run(rule, at=later).outcomes) == {who.id}
    assert (place(who, rule).state, place(who, rule).due_on is not None) == ("active", True)


def test_what_was_not_given_by_the_rule_is_not_taken(app):
    """CA5"""
    of = people.organisation()
    unit = people.org_unit(of)
    own, done, managed = (people.person(unit=unit) for _each in range(3))
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), consequence="withdraw")
    course = db.session.get(catalogue.Course, rule.course_id)
    courses.enrolment(own, course)
    courses.completed(courses.enrolment(done, course))
    courses.assigned(course, managed, date(2026, 12, 1))
    assert run(rule).outcomes == {own.id: "assigned", done.id: "completed", managed.id: "already_due"}
    assert place(managed, rule).due_on == date(2026, 12, 1)
    for each in (own, done, managed):
        each.org_unit_id = None
    run(rule)
    assert (place(own, rule).state, place(own, rule).due_on) == ("active", None)
    assert place(done, rule).state == "completed"
    assert (place(managed, rule).state, place(managed, rule).due_on) == ("active", date(2026, 12, 1))


def test_another_rule_takes_over(app):
    """CA5"""
    of = people.organisation()
    unit, course = people.org_unit(of), catalogue.course(of=of)
    who = people.person(unit=unit)
    first = rules.rule(of, Condition("unit", (str(unit.id),)), course=course, consequence="withdraw")
    second = rules.rule(of, course=course, due=DueRule("days", count=60))
    run(first)
    run(second)
    who.org_unit_id = None
    run(first)
    held = place(who, second)
    assert (held.state, held.due_on is not None, held.assignment_id is not None) == ("active", True, True)


def test_each_condition_finds_its_people(app):
    """CA5, ID7"""
    competencies.framework()
    of, foreign = people.organisation(), people.organisation()
    unit = people.org_unit(of)
    clerk = people.person(unit=unit, job_title=both("موظف خدمة", "Clerk"), joined_on=date(2026, 11, 10))
    head = people.person(of=of, job_title=both("مدير", "Head"), joined_on=date(2020, 1, 1))
    people.person(of=foreign, job_title=both("موظف خدمة", "Clerk"), joined_on=date(2026, 11, 10))
    gone = people.person(of=of, state="suspended", joined_on=date(2026, 11, 10))
    course = catalogue.course(of=of)
    credentials.certificate(head, course, at=NOW - timedelta(days=1))
    rule = rules.rule(of)
    everyone = {clerk.id, head.id}
    assert matched(rule) == everyone
    assert gone.id not in matched(rule)
    assert matched(rule, Condition("unit", (str(unit.id),))) == {clerk.id}
    assert matched(rule, Condition("job_title", ("موظف خدمة",))) == {clerk.id}
    assert matched(rule, Condition("job_title", ("Head", "Clerk"))) == everyone
    assert matched(rule, Condition("joined_within", number=30)) == {clerk.id}
    assert matched(rule, Condition("joined_before", number=365)) == {head.id}
    assert matched(rule, Condition("people", (str(head.id), "x"))) == {head.id}
    assert matched(rule, Condition("certificate_missing", (str(course.id),))) == {clerk.id}
    assert matched(rule, Condition("certificate_expiring", (str(course.id),), 3000)) <= {head.id}
    assert matched(rule, Condition("role_profile", ("nothing",))) == set()
    both_of = Condition("unit", (str(unit.id),)), Condition("joined_before", number=365)
    assert matched(rule, *both_of) == set()
    assert matched(rule, *both_of, match="any") == everyone


def test_a_role_and_its_gap_find_their_people(app):
    """CA5"""
    competencies.framework({"D1.1": 2})
    of = people.organisation()
    behind, other = people.person(of=of), people.person(of=of)
    set_profile(behind.id, "frontline", at=NOW)
    rule = rules.rule(of)
    assert matched(rule, Condition("role_profile", ("frontline",))) == {behind.id}
    assert matched(rule, Condition("gap", ("D1.1",))) == {behind.id}
    assert matched(rule, Condition("gap", ("D1.2",))) == set()
    assert other.id in matched(rule)


def test_nobody_of_another_organisation_is_ever_reached(app):
    """CA5, P3"""
    of, foreign = people.organisation(), people.organisation()
    stranger = people.person(unit=people.org_unit(foreign))
    named = Condition("people", (str(stranger.id),)), Condition("unit", (str(stranger.org_unit_id),))
    rule = rules.rule(of, *named, match="any")
    assert run(rule).outcomes == {}
    with pytest.raises(Invalid):
        rules.rule(of, course=catalogue.course(of=foreign, audience="organisation"))


def test_a_programme_becomes_a_duty_that_is_not_left(app):
    """CA5, CA6"""
    of = people.organisation()
    unit = people.org_unit(of)
    who = people.person(unit=unit)
    programme = programmes.programme(of)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), programme=programme, consequence="withdraw")
    assert run(rule).outcomes == {who.id: "assigned"}
    held = db.session.scalar(select(ProgrammeEnrolment).filter_by(learner_id=who.id))
    assert queries.why(who.id, programme_id=programme.id)[0].due_on == TODAY + timedelta(days=30)
    with pytest.raises(Conflict):
        learning.programmes.leave_programme(held.id, at=NOW)
    who.org_unit_id = None
    assert run(rule).outcomes == {who.id: "withdrawn"}
    assert held.state == "withdrawn"


def test_a_large_rule_runs_in_parts_under_one_run(app):
    """CA5"""
    of = people.organisation()
    for _each in range(5):
        people.person(of=of)
    rule = rules.rule(of)
    first = run(rule, batch=3)
    assert (len(first.outcomes), first.more) == (3, True)
    second = run(rule, batch=3, run_id=first.run_id)
    assert (len(second.outcomes), second.more) == (2, False)
    made = db.session.get(RuleRun, first.run_id)
    assert made.counts == {"assigned": 5} and made.finished_at is not None
    assert db.session.scalar(select(func.count()).select_from(RuleOutcome)) == 5


def test_a_rule_about_something_closed_assigns_nobody_and_says_so(app):
    of = people.organisation()
    people.person(of=of)
    rule = rules.rule(of)
    db.session.get(catalogue.Course, rule.course_id).retired_at = NOW
    ran = run(rule)
    assert ran.outcomes == {} and db.session.get(RuleRun, ran.run_id).closed


def test_why_says_the_conditions_that_were_met(app):
    """CA5"""
    of = people.organisation()
    unit = people.org_unit(of, name=both("خدمة المستفيدين", "Customer service"))
    who = people.person(unit=unit, joined_on=date(2020, 1, 1))
    either = Condition("unit", (str(unit.id),)), Condition("joined_within", number=30)
    rule = rules.rule(of, *either, match="any")
    run(rule)
    said = queries.why(who.id, course_id=rule.course_id)[0]
    assert [each.en for each in said.reasons] == ["Organisational unit: Customer service"]
    assert "خدمة المستفيدين" in said.reasons[0].ar


def test_what_is_written_waits_until_it_was_looked_at(app):
    """CA5"""
    of = people.organisation()
    unit = people.org_unit(of)
    inside, outside = people.person(unit=unit), people.person(of=of)
    rule = rules.rule(of)
    run(rule)
    duties.change_rule(rule, rules.definition(Condition("unit", (str(unit.id),)), consequence="suspend"))
    assert run(rule).outcomes == {}
    effect = queries.effect_of(rule, rules.definition(Condition("unit", (str(unit.id),))).audience, TODAY)
    assert (effect.matching, effect.joining, effect.leaving, effect.staying) == (1, 0, 1, 1)
    seen = duties.digest_of(rule)
    duties.change_rule(rule, rules.definition(Condition("unit", (str(unit.id),)), consequence="withdraw"))
    with pytest.raises(Conflict):
        duties.apply_rule(rule, seen=seen, actor_id=None, at=NOW)
    duties.apply_rule(rule, seen=duties.digest_of(rule), actor_id=None, at=NOW)
    assert run(rule).outcomes == {outside.id: "withdrawn"}
    assert place(inside, rule).state == "active"


def test_a_stopped_rule_does_nothing_and_a_draft_never_did(app):
    of = people.organisation()
    people.person(of=of)
    rule = rules.rule(of)
    assert duties.set_active(rule, False, actor_id=None, at=NOW)
    assert run(rule).run_id is None
    assert duties.set_active(rule, True, actor_id=None, at=NOW)
    assert run(rule).outcomes
    draft = duties.create_rule(
        rules.definition(), organisation_id=of.id, org_unit_id=None, course_id=rule.course_id, actor_id=None, at=NOW
    )
    assert run(draft).run_id is None
    assert not duties.discard_changes(draft)
    assert db.session.get(DutyRule, draft.id) is None


def test_the_day_and_a_change_of_a_person_run_the_rules_and_tell(app):
    """CA5"""
    noon = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    of = people.organisation()
    unit = people.org_unit(of)
    who = people.person(unit=unit)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), consequence="suspend")
    with time_machine.travel(noon, tick=False):
        jobs.KINDS["learning.run_rules"].run()
        jobs.run_all_due()
        assert place(who, rule).due_on is not None
        moved = accounts.people.details_of(who)
        accounts.change_person(who, type(moved)(email=moved.email, name=moved.name), actor_id=None, at=noon)
    with time_machine.travel(noon + timedelta(minutes=2), tick=False):
        jobs.run_all_due()
    assert place(who, rule).due_on is None
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id)).all()
    assert told == ["course_assigned", "duty_ended"]
    wrote = Letter.person_id == who.id, Letter.kind == "duty_ended"
    assert rule.name.ar in db.session.scalars(select(Letter.text).where(*wrote)).one()


def test_nobody_is_told_that_a_duty_has_ended_who_had_done_it_or_owes_it_still(app):
    """CA5, NO1: of who stops to match, only those for whom it is due no longer."""
    of = people.organisation()
    unit, course = people.org_unit(of), catalogue.course(of=of)
    free, done, managed, held = (people.person(unit=unit) for _each in range(4))
    group = people.org_unit(of)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), course=course, consequence="withdraw")
    other = rules.rule(of, Condition("people", (str(held.id),)), course=course)
    courses.assigned(course, managed, date(2026, 12, 1))
    run(rule)
    run(other)
    courses.completed(place(done, rule))
    for each in (free, done, managed, held):
        each.org_unit_id = group.id
    db.session.flush()
    jobs.KINDS["learning.run_rule"].run(rule_id=rule.id, cause="daily")
    told = select(Notice.person_id).where(Notice.kind == "duty_ended")
    assert db.session.scalars(told).all() == [free.id]
