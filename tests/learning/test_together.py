"""Many at once: one place, one completion."""

from datetime import date

import pytest

from academy import facts
from academy.base import bus
from academy.base.db import db
from academy.learning import services
from academy.learning.models import Enrolment
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning

pytestmark = pytest.mark.concurrency


def test_sixteen_presses_of_enrol_make_one_place(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        learner, course = people.person().id, catalogue.course().id
    outcomes = run_together(16, lambda n: services.enrol(learner, course, at=NOW).id, app=crowd_app)
    assert len(set(outcomes)) == 1, outcomes
    with prepared(crowd_app):
        assert db.session.query(Enrolment).count() == 1


def test_the_last_two_activities_at_once_complete_the_course_once(crowd_app, monkeypatch):  # noqa: F811
    told, before = [], bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (told.append(fact), before(fact)))
    with prepared(crowd_app):
        course = catalogue.course(lessons=2)
        enrolment = learning.enrolment(course=course).id
        ids = learning.activity_ids(course)
    outcomes = run_together(8, lambda n: services.complete_activity(enrolment, ids[n % 2], at=NOW).state, app=crowd_app)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert [fact for fact in told if isinstance(fact, facts.CourseCompleted)] == [facts.CourseCompleted(enrolment)]
    with prepared(crowd_app):
        row = db.session.get(Enrolment, enrolment)
        assert (row.state, row.done, row.required) == ("completed", 2, 2)


def test_enrolling_while_being_assigned_makes_one_place(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        learner, course = people.person().id, catalogue.course().id

    def act(n):
        if n % 2:
            return services.enrol(learner, course, at=NOW).id
        return services.assign(course, [learner], by_id=None, due_on=date(2027, 1, 1), at=NOW).due

    outcomes = run_together(8, act, app=crowd_app)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    with prepared(crowd_app):
        row = db.session.query(Enrolment).one()
        assert row.due_on == date(2027, 1, 1)
