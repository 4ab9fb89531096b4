"""The pages of the rules of duties: written, looked at, in effect; and who does not open them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.learning.models import DutyRule, RuleRun
from academy.learning.rules.duties import Condition
from academy.learning.services import duties
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, programmes
from tests.factories import duties as rules
from tests.factories.accounts import both


@pytest.fixture
def house(app):
    """An agency with a unit, somebody in it and somebody outside it, a course, and its administrator."""
    of = people.organisation()
    unit = people.org_unit(of, name=both("المراكز", "Centres"))
    inside = people.person(unit=unit, name=both("نورة", "Noura"))
    outside = people.person(of=of, name=both("فهد", "Fahd"))
    boss = people.administrator(of, everywhere=False, language="en")
    return of, unit, inside, outside, boss, catalogue.course(of=of, title=both("مقرر", "The course"))


def typed(course, unit, **more) -> dict:
    return {
        "name-ar": "قاعدة المراكز", "name-en": "Rule of the centres", "thing": f"course:{course.id}", "reach": "0",
        "match": "all", "due_kind": "working_days", "due_count": "10", "consequence": "suspend",
        "unit_values": [str(unit.id)], **more,
    }  # fmt: skip


def test_an_administrator_writes_looks_and_puts_into_effect(house, visit):
    """CA5"""
    of, unit, inside, outside, boss, course = house
    browser = visit(boss)
    browser.get("/manage/duties")
    browser.get("/manage/duties/new", 302)
    browser.get(f"/manage/duties/new/{of.id}")
    preview = browser.post(f"/manage/duties/new/{of.id}", typed(course, unit))
    rule = db.session.scalar(select(DutyRule))
    assert rule.state == "draft" and "Noura" in preview.words and "Fahd" not in preview.words
    assert "Organisational unit: Centres" in preview.words
    seen = preview.select_one("input[name=seen]")["value"]
    browser.post(f"/manage/duties/{rule.id}/apply", {"seen": seen})
    jobs.run_all_due()
    page = browser.get(f"/manage/duties/{rule.id}")
    assert rule.state == "active" and "Noura" in page.words and "Assigned: 1" in page.words
    run = db.session.scalar(select(RuleRun))
    assert "Noura" in browser.get(f"/manage/duties/runs/{run.id}").words
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.organisation_id == of.id).order_by(AuditEntry.id)
    ).all()
    assert "learning:duty_rule:apply" in acts
    inside.language = "en"
    mine = visit(inside).get(f"/courses/{course.key}")
    assert "Why this is your duty" in mine.words and "Organisational unit: Centres" in mine.words


def test_a_rule_for_newcomers_concerns_whoever_joined_lately(house, visit):
    """CA5"""
    of, unit, inside, outside, boss, course = house
    inside.joined_on, outside.joined_on = NOW.date() - timedelta(days=5), NOW.date() - timedelta(days=500)
    browser = visit(boss)
    preview = browser.post(
        f"/manage/duties/new/{of.id}", typed(course, unit, unit_values=[], joined_within_number="30")
    )
    assert "Noura" in preview.words and "Fahd" not in preview.words
    rule = db.session.scalar(select(DutyRule))
    browser.post(f"/manage/duties/{rule.id}/apply", {"seen": preview.select_one("input[name=seen]")["value"]})
    jobs.run_all_due()
    assert "Noura" in browser.get(f"/manage/duties/{rule.id}").words


def test_a_rule_changed_twice_within_a_minute_runs_twice(house, visit):
    """CA5: what is put into effect happens, however soon after the last time."""
    of, unit, inside, outside, boss, course = house
    browser, rule = visit(boss), rules.rule(of, course=course)
    for conditions in ({"unit_values": [], "people_values": outside.email}, {"people_values": ""}):
        preview = browser.post(f"/manage/duties/{rule.id}/edit", typed(course, unit, **conditions))
        browser.post(f"/manage/duties/{rule.id}/apply", {"seen": preview.select_one("input[name=seen]")["value"]})
        jobs.run_all_due()
    assert len(db.session.scalars(select(RuleRun).where(RuleRun.rule_id == rule.id)).all()) == 2
    assert "Noura" in browser.get(f"/manage/duties/{rule.id}").words


def test_a_rule_in_effect_is_changed_run_stopped_and_started(house, visit):
    """CA5"""
    of, unit, inside, outside, boss, course = house
    rule = rules.rule(of, course=course)
    duties.run_rule(rule.id, cause="asked", at=NOW)
    browser = visit(boss)
    browser.get(f"/manage/duties/{rule.id}/edit")
    preview = browser.post(f"/manage/duties/{rule.id}/edit", typed(course, unit))
    leaving = browser.get(f"/manage/duties/{rule.id}/preview?show=leaving")
    assert "Fahd" in leaving.words and "Noura" not in leaving.words
    browser.post(f"/manage/duties/{rule.id}/discard")
    assert rule.pending is None and preview
    for act, state in (("stop", "stopped"), ("start", "active"), ("run", "active")):
        browser.post(f"/manage/duties/{rule.id}/{act}")
        assert rule.state == state


def test_odd_forms_are_answered_at_their_fields(house, visit):
    of, unit, _inside, _outside, boss, course = house
    browser = visit(boss)
    for wrong in (
        {"name-ar": "", "name-en": ""}, {"thing": "course:99999"}, {"thing": "x"}, {"due_kind": "days", "due_count": ""},
        {"due_kind": "fixed"}, {"due_count": "many"}, {"consequence": "burn"}, {"unit_values": ["99999"]}, {"match": "none"},
        {"people_values": "nobody@example.test"}, {"joined_within_number": "0"}, {"reach": "99999"},
    ):  # fmt: skip
        page = browser.post(f"/manage/duties/new/{of.id}", typed(course, unit, **wrong), 422)
        assert page.select(".error"), wrong
    assert db.session.scalar(select(DutyRule)) is None


def test_a_manager_by_role_rules_over_their_unit_only(house, visit):
    """CA5"""
    of, unit, inside, outside, _boss, course = house
    leader = people.manager(unit, language="en")
    browser = visit(leader)
    browser.get(f"/manage/duties/new/{of.id}")
    browser.post(f"/manage/duties/new/{of.id}", typed(course, unit), 422)  # the whole organisation is not theirs
    more = {"reach": str(unit.id), "unit_values": [], "people_values": outside.email}
    browser.post(f"/manage/duties/new/{of.id}", typed(course, unit, **more), 422)
    page = browser.post(f"/manage/duties/new/{of.id}", typed(course, unit, reach=str(unit.id), unit_values=[]))
    assert "Noura" in page.words and "Fahd" not in page.words
    whole, elsewhere = rules.rule(of, course=course), rules.rule(of, course=course, unit=people.org_unit(of))
    for foreign in (whole, elsewhere):
        browser.get(f"/manage/duties/{foreign.id}", 404)
    assert len(browser.get("/manage/duties").select("tbody tr")) == 1


def test_nobody_else_opens_a_rule(house, visit):
    """CA5"""
    of, _unit, inside, _outside, _boss, course = house
    rule = rules.rule(of, course=course)
    ran = duties.run_rule(rule.id, cause="asked", at=NOW)
    strangers = [
        inside,
        people.trainer(of),
        people.administrator(people.organisation(), everywhere=False),
        people.manager(),
    ]
    for who in strangers:
        browser = visit(who)
        for path in (f"{rule.id}", f"{rule.id}/preview", f"{rule.id}/edit", f"runs/{ran.run_id}", f"new/{of.id}"):
            browser.get(f"/manage/duties/{path}", 404)
        for act in ("apply", "discard", "run", "stop", "start"):
            browser.post(f"/manage/duties/{rule.id}/{act}", status=404)
    assert rule.state == "active"


def test_the_pages_take_few_statements_however_many_people(house, visit, statements):
    of, unit, _inside, _outside, boss, course = house
    browser = visit(boss)
    rule = rules.rule(of, Condition("unit", (str(unit.id),)), course=course)
    for _each in range(40):
        people.person(unit=unit)
        rules.rule(of, course=course)
    ran = duties.run_rule(rule.id, cause="asked", at=NOW)
    duties.change_rule(rule, rules.definition(Condition("unit", (str(unit.id),))))
    browser.get("/manage/duties")
    paths = ["", f"/{rule.id}", f"/{rule.id}/preview", f"/{rule.id}/edit", f"/runs/{ran.run_id}", f"/new/{of.id}"]
    for path in paths:
        with statements() as seen:
            browser.get(f"/manage/duties{path}")
        assert len(seen) <= 8, (path, len(seen), seen)


def test_a_programme_says_why_and_by_when(house, visit):
    """CA5, CA6"""
    of, _unit, inside, _outside, _boss, _course = house
    programme = programmes.programme(of)
    duties.run_rule(rules.rule(of, programme=programme).id, cause="asked", at=NOW)
    inside.language = "en"
    page = visit(inside).get(f"/programmes/{programme.key}")
    assert "Why this is your duty" in page.words and "It is about everyone" in page.words and "Finish by" in page.words
