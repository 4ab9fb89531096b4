"""Many at once in a programme: one place, one completion, one signature, and no step lost between joining and completing."""

import pytest

from academy import facts
from academy.base import bus
from academy.base.db import db
from academy.learning import services as learning_services
from academy.learning.models import IdentityConfirmation, ProgrammeEnrolment, ProgrammeStepDone, UndertakingSignature
from academy.learning.queries import programmes as queries
from academy.learning.services import programmes as services
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import programmes as make

pytestmark = pytest.mark.concurrency


@pytest.fixture
def told(monkeypatch):
    """The programmes that were completed during a test."""
    heard, before = [], bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (heard.append(fact), before(fact)))
    return lambda: [fact for fact in heard if isinstance(fact, facts.ProgrammeCompleted)]


def two_courses():
    of = people.organisation()
    courses = [catalogue.course(of=of) for _ in range(2)]
    return make.programme(of, groups=[(None, [make.for_course(each) for each in courses])]), courses


def no_failure(outcomes):
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes


def test_sixteen_presses_of_join_make_one_place(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        learner, programme = people.person().id, make.programme(prerequisites=[make.PLEDGE]).id
    outcomes = run_together(16, lambda n: services.join_programme(learner, programme, at=NOW).id, app=crowd_app)
    assert len(set(outcomes)) == 1, outcomes
    with prepared(crowd_app):
        assert db.session.query(ProgrammeEnrolment).count() == 1


def test_the_last_two_courses_at_once_complete_the_programme_once(crowd_app, told):  # noqa: F811
    with prepared(crowd_app):
        programme, courses = two_courses()
        learner = people.person()
        place = make.place(programme, learner).id
        open_ = [(learning.enrolment(learner, each).id, learning.activity_ids(each)[0]) for each in courses]
    outcomes = run_together(
        8, lambda n: learning_services.complete_activity(*open_[n % 2], at=NOW).state, app=crowd_app
    )
    no_failure(outcomes)
    assert told() == [facts.ProgrammeCompleted(place)]
    with prepared(crowd_app):
        row = db.session.get(ProgrammeEnrolment, place)
        assert (row.state, row.done, row.needed) == ("completed", 2, 2)
        assert db.session.query(ProgrammeStepDone).count() == 2


def test_a_course_completed_while_its_learner_joins_is_not_lost(crowd_app, told):  # noqa: F811
    with prepared(crowd_app):
        of = people.organisation()
        course = catalogue.course(of=of)
        programme = make.programme(of, groups=[(None, [make.for_course(course)])]).id
        learners = [people.person(of=of) for _ in range(6)]
        begun = [(each.id, learning.enrolment(each, course).id) for each in learners]
        activity = learning.activity_ids(course)[0]

    def act(n):
        learner, enrolment = begun[n // 2]
        if n % 2:
            return services.join_programme(learner, programme, at=NOW).id
        return learning_services.complete_activity(enrolment, activity, at=NOW).state

    no_failure(run_together(12, act, app=crowd_app))
    with prepared(crowd_app):
        states = [row.state for row in db.session.query(ProgrammeEnrolment)]
    assert states == ["completed"] * 6 and len(told()) == 6


def test_signing_and_confirming_at_once_leave_one_of_each_and_open_the_place(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        programme = make.programme(prerequisites=[make.PLEDGE, make.IDENTITY])
        learner, admin = people.person().id, people.administrator().id
        place = services.join_programme(learner, programme.id, at=NOW)
        need = queries.needs_of(place.version_id, place.programme_id, learner, today=NOW.date())[0]
        number, digest = place.id, queries.digest_of(need.title, need.text)

    def act(n):
        if n % 2:
            return services.sign_undertaking(number, "p1", digest, language="ar", at=NOW).state
        return services.confirm_identity(learner, method="بطاقة", actor_id=admin, at=NOW).id

    no_failure(run_together(8, act, app=crowd_app))
    with prepared(crowd_app):
        assert db.session.query(UndertakingSignature).count() == 1
        assert db.session.query(IdentityConfirmation).count() == 1
        assert db.session.get(ProgrammeEnrolment, number).state == "active"
