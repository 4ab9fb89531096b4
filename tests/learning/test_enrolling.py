"""Taking a place, leaving it, coming back; prerequisites; the version one is in."""

from datetime import timedelta

import pytest

from academy import facts
from academy.base import bus
from academy.base.errors import Conflict
from academy.catalogue import services as courses
from academy.learning import services
from academy.learning.models import Enrolment
from academy.learning.queries import enrolment_of, tally_of
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning


@pytest.fixture
def heard(monkeypatch):
    """Every fact that is published, in order."""
    told = []
    before = bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (told.append(fact), before(fact)))
    return told


def test_enrolling_twice_gives_one_place(app, heard):
    learner, course = people.person(), catalogue.course(units=2, lessons=3)
    first = services.enrol(learner.id, course.id, at=NOW)
    assert services.enrol(learner.id, course.id, at=NOW) is first
    assert (first.done, first.required, first.state) == (0, 6, "active")
    assert [type(fact) for fact in heard].count(facts.LearnerEnrolled) == 1


def test_a_draft_or_a_retired_course_takes_nobody(app):
    learner = people.person()
    with pytest.raises(Conflict):
        services.enrol(learner.id, catalogue.course(published=False).id, at=NOW)
    retired = catalogue.course()
    courses.retire(retired, actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.enrol(learner.id, retired.id, at=NOW)


def test_a_course_opens_when_the_ones_it_builds_on_are_completed(app):
    learner, first = people.person(), catalogue.course()
    second = catalogue.course(prerequisites=[first.id])
    with pytest.raises(services.MissingPrerequisites) as refusal:
        services.enrol(learner.id, second.id, at=NOW)
    assert refusal.value.course_ids == [first.id]
    learning.completed(learning.enrolment(learner, first))
    assert services.enrol(learner.id, second.id, at=NOW).state == "active"


def test_leaving_keeps_what_was_done_and_coming_back_revives_it(app):
    course = catalogue.course(lessons=3)
    enrolment = learning.completed(learning.enrolment(course=course), but=2)
    services.withdraw(enrolment.id, at=NOW)
    assert enrolment.state == "withdrawn"
    revived = services.enrol(enrolment.learner_id, course.id, at=NOW + timedelta(days=1))
    assert (revived.id, revived.state, revived.done) == (enrolment.id, "active", 1)


def test_assigned_and_completed_courses_cannot_be_left(app):
    learner, course = people.person(), catalogue.course()
    assigned = learning.assigned(course, learner, NOW.date())
    with pytest.raises(Conflict):
        services.withdraw(assigned.id, at=NOW)
    done = learning.completed(learning.enrolment())
    with pytest.raises(Conflict):
        services.withdraw(done.id, at=NOW)


def test_whoever_is_in_an_older_version_finishes_it_there(app):
    course = catalogue.course(lessons=2)
    enrolment = learning.completed(learning.enrolment(course=course), but=1)
    old_version, last = enrolment.version_id, learning.activity_ids(course)[-1]
    draft = catalogue.draft(course)
    catalogue.lesson(catalogue.unit(draft))
    courses.publish(course, actor_id=None, at=NOW)
    services.complete_activity(enrolment.id, last, at=NOW)
    assert (enrolment.version_id, enrolment.state, enrolment.required) == (old_version, "completed", 2)
    assert services.enrol(people.person().id, course.id, at=NOW).required == 3


def test_whoever_comes_back_without_having_done_anything_gets_the_new_version(app):
    course = catalogue.course(lessons=1)
    enrolment = learning.enrolment(course=course)
    services.withdraw(enrolment.id, at=NOW)
    catalogue.lesson(catalogue.unit(catalogue.draft(course)))
    new = courses.publish(course, actor_id=None, at=NOW)
    revived = services.enrol(enrolment.learner_id, course.id, at=NOW)
    assert (revived.version_id, revived.required) == (new.id, 2)


def test_counters_are_those_of_the_rows(app):
    enrolment = learning.completed(learning.enrolment(course=catalogue.course(units=2, lessons=3)), but=2)
    counted = tally_of(enrolment.id, enrolment.version_id)
    assert (enrolment.done, enrolment.required) == (counted.done, counted.required) == (4, 6)


def test_the_latest_place_of_a_learner_is_found(app):
    enrolment = learning.enrolment()
    assert enrolment_of(enrolment.learner_id, enrolment.course_id) is enrolment
    assert enrolment_of(enrolment.learner_id, enrolment.course_id + 1) is None
    assert isinstance(enrolment, Enrolment)
