"""CA2, CA3, CA9 with real threads: seats are never oversold, one leaves and one moves up, two decide and one has decided."""

import pytest

from academy.base.db import db
from academy.learning import services
from academy.learning.models import CourseSeat, Enrolment, PlaceRequest, WaitingPlace
from academy.learning.refusals import AlreadyAnswered, CourseFull
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, entry

pytestmark = pytest.mark.concurrency


def active(course_id):
    return db.session.query(Enrolment).filter_by(course_id=course_id, state="active").count()


def test_twenty_press_for_five_seats_and_five_have_one(crowd_app):  # noqa: F811
    """CA2: twenty parallel enrolments on five seats."""
    with prepared(crowd_app):
        course = catalogue.course()
        entry.rule(course, seats=5)
        number, crowd = course.id, [people.person().id for _ in range(20)]
    outcomes = run_together(20, lambda n: services.enrol(crowd[n], number, at=NOW).id, app=crowd_app)
    assert len(winners(outcomes)) == 5
    assert {type(each) for each in outcomes if isinstance(each, Exception)} == {CourseFull}
    with prepared(crowd_app):
        assert active(number) == 5
        assert sorted(row.number for row in db.session.query(CourseSeat)) == [1, 2, 3, 4, 5]


def test_everybody_leaves_at_once_and_as_many_move_up_in_order(crowd_app):  # noqa: F811
    """CA9: four leave together; the first four of eight in line have their seats, each once."""
    with prepared(crowd_app):
        course = catalogue.course()
        entry.rule(course, seats=4, waits=True)
        number = course.id
        places = [services.enrol(people.person().id, number, at=NOW).id for _ in range(4)]
        line = [people.person().id for _ in range(8)]
        for who in line:
            services.wait_for_seat(who, number, at=NOW)
    outcomes = run_together(8, lambda n: services.withdraw(places[n % 4], at=NOW).state, app=crowd_app)
    assert outcomes == ["withdrawn"] * 8
    with prepared(crowd_app):
        moved = db.session.query(WaitingPlace).filter_by(state="promoted").order_by(WaitingPlace.id)
        assert [row.learner_id for row in moved] == line[:4]
        assert active(number) == 4


def test_two_decide_at_once_and_one_has_decided(crowd_app):  # noqa: F811
    """CA3: one decision stands, everybody else is told."""
    with prepared(crowd_app):
        top = people.person()
        boss = people.person(manager=top)
        learner, course = people.person(manager=boss), catalogue.course()
        request = entry.request(learner, course, at=NOW, answer_days=1)
        services.escalate(request.id, 1, at=NOW.replace(year=2027))
        number, deciders = request.id, [boss.id, top.id]

    def act(n):
        return services.decide(number, approve=n % 2 == 0, reason="x", by_id=deciders[n % 2], at=NOW).state

    outcomes = run_together(8, act, app=crowd_app)
    assert len(winners(outcomes)) == 1
    assert {type(each) for each in outcomes if isinstance(each, Exception)} == {AlreadyAnswered}
    with prepared(crowd_app):
        row = db.session.get(PlaceRequest, number)
        assert row.state == winners(outcomes)[0]
        assert db.session.query(Enrolment).count() == (1 if row.state == "approved" else 0)


def test_a_turn_ends_once_however_many_workers_see_it(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        learner = people.person(manager=people.person(manager=people.person()))
        number = entry.request(learner, catalogue.course(), at=NOW, answer_days=1).id
    outcomes = run_together(8, lambda n: services.escalate(number, 1, at=NOW.replace(year=2027)), app=crowd_app)
    assert sorted(outcomes) == [False] * 7 + [True]
