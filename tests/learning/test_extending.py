"""More time for one person: given by their manager, with a reason, read by both; by nobody else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.learning import rules
from academy.learning.models import DueExtension
from academy.learning.services.extending import extend
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning

TODAY = date(2026, 11, 23)


@pytest.fixture
def late(app):
    """Somebody who is late with a course, and their manager."""
    boss = people.person(language="en")
    who = people.person(manager=boss, language="en")
    return boss, who, learning.assigned(catalogue.course(), who, TODAY - timedelta(days=3))


def test_whoever_was_late_is_in_time_again_and_is_told_why(late):
    """CA10"""
    boss, who, place = late
    assert rules.standing(place.state, place.due_on, True, TODAY) == "overdue"
    extend(place.id, TODAY + timedelta(days=20), reason="On leave", by_id=boss.id, at=NOW)
    assert rules.standing(place.state, place.due_on, True, TODAY) == "in_progress"
    jobs.run_all_due()
    assert "due_extended" in db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id)).all()
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "learning:due_day:extend"))
    assert (entry.organisation_id, entry.after["reason"]) == (who.organisation_id, "On leave")


def test_odd_extensions_are_refused(late):
    """CA10"""
    boss, who, place = late
    for day, reason in (
        (TODAY - timedelta(days=5), "x"),
        (TODAY - timedelta(days=1), "x"),
        (TODAY + timedelta(days=9), " "),
    ):
        with pytest.raises(Invalid):
            extend(place.id, day, reason=reason, by_id=boss.id, at=NOW)
    learning.completed(place)
    with pytest.raises(Conflict):
        extend(place.id, TODAY + timedelta(days=9), reason="x", by_id=boss.id, at=NOW)
    assert db.session.scalar(select(DueExtension)) is None


def test_a_manager_gives_more_time_and_both_read_it(late, visit):
    """CA10"""
    boss, who, place = late
    browser, path = visit(boss), f"/enrolments/{place.id}/extend"
    assert browser.get(f"/team/people/{who.id}").select(f"a[href='{path}']")
    assert browser.get(path).select(f"main nav a[href='/team/people/{who.id}']")
    browser.post(path, {"to_day": "", "reason": ""}, 422)
    browser.post(path, {"to_day": "2020-01-01", "reason": "x"}, 422)
    later = clock.today() + timedelta(days=30)
    page = browser.post(path, {"to_day": later.isoformat(), "reason": "Was on leave"})
    assert "Was on leave" in page.words and place.due_on == later
    mine = visit(who).get(f"/courses/{db.session.get(catalogue.Course, place.course_id).key}")
    assert "Was on leave" in mine.words


def test_nobody_else_gives_more_time(late, visit):
    """CA10"""
    _boss, who, place = late
    agency = db.session.get(people.Organisation, who.organisation_id)
    strangers = [
        who,
        people.person(of=agency),
        people.manager(),
        people.administrator(people.organisation(), everywhere=False),
    ]
    for stranger in strangers:
        browser = visit(stranger)
        browser.get(f"/enrolments/{place.id}/extend", 404)
        browser.post(f"/enrolments/{place.id}/extend", {"to_day": "2031-01-01", "reason": "x"}, 404)
    assert db.session.scalar(select(DueExtension)) is None
