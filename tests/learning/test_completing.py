"""What completes an activity and a course, and what never does."""

import pytest

from academy import facts
from academy.assessment.services import freeze
from academy.base import bus
from academy.base.db import db
from academy.base.errors import Conflict, NotFound
from academy.catalogue import kinds
from academy.catalogue import services as courses
from academy.catalogue.kinds import ActivityKind
from academy.catalogue.queries import units_of
from academy.learning import services
from academy.learning.models import ActivityState
from academy.learning.queries import path
from academy.learning.quizzes import completed_by
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories.accounts import LONG_AGO


@pytest.fixture
def heard(monkeypatch):
    """Every fact that is published, in order."""
    told = []
    before = bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (told.append(fact), before(fact)))
    return told


@pytest.fixture
def quizzes():
    """The kind "quiz", in case its own slice has not registered it."""
    if "quiz" not in kinds.KINDS:
        kinds.add(ActivityKind("quiz", "Quiz", "list-checks", "passed", "assessment.edit_quiz"))


def course_of(*activities, published=True):
    """A course of one unit whose activities are made by the given functions of the unit."""
    course = catalogue.course(units=0, published=False)
    unit = catalogue.unit(catalogue.draft(course))
    for make in activities:
        make(unit)
    if published:
        courses.publish(course, actor_id=None, at=LONG_AGO)
    return course


def course_with_quiz():
    """A course of one lesson and one quiz; returns it with the quiz version."""
    course = course_of(catalogue.lesson, published=False)
    version = assessment.draft_quiz(course)
    assessment.question(version, "single")
    catalogue.activity(units_of(catalogue.draft(course).id)[0], "quiz", content={"quiz_version_id": version.id})
    courses.publish(course, actor_id=None, at=LONG_AGO)
    freeze(version.id, LONG_AGO)
    return course, version


def state_of(enrolment, activity_id):
    return db.session.query(ActivityState).filter_by(enrolment_id=enrolment.id, activity_id=activity_id).one_or_none()


def test_the_last_required_activity_completes_the_course_once(app, heard):
    course = catalogue.course(lessons=2)
    enrolment = learning.completed(learning.enrolment(course=course))
    assert enrolment.state == "completed" and enrolment.completed_at is not None
    services.complete_activity(enrolment.id, learning.activity_ids(course)[0], at=NOW)
    kinds_heard = [type(fact) for fact in heard]
    assert kinds_heard.count(facts.CourseCompleted) == 1
    assert kinds_heard.count(facts.ActivityCompleted) == 2


def test_optional_activities_are_not_needed_and_do_not_count(app):
    course = course_of(catalogue.lesson, lambda unit: catalogue.lesson(unit, required=False))
    enrolment = learning.enrolment(course=course)
    first, optional = learning.activity_ids(course)
    services.complete_activity(enrolment.id, optional, at=NOW)
    assert (enrolment.done, enrolment.required, enrolment.state) == (0, 1, "active")
    services.complete_activity(enrolment.id, first, at=NOW)
    assert enrolment.state == "completed"


def test_a_sorting_exercise_is_completed_when_every_item_is_placed_right_or_wrong(app):
    course = course_of(catalogue.classify, catalogue.lesson)
    enrolment = learning.enrolment(course=course)
    activity_id = learning.activity_ids(course)[0]
    with pytest.raises(Conflict):
        services.complete_activity(enrolment.id, activity_id, at=NOW)
    partly = services.place_items(enrolment.id, activity_id, {"i1": "v"}, at=NOW)
    assert not partly.is_whole and enrolment.done == 0
    checked = services.place_items(enrolment.id, activity_id, {"i1": "v", "i2": "v"}, at=NOW)
    assert checked.right == {"i1": True, "i2": False}
    assert enrolment.done == 1


def test_what_is_completed_never_goes_back(app):
    course = course_of(catalogue.classify, catalogue.lesson)
    enrolment = learning.enrolment(course=course)
    activity_id = learning.activity_ids(course)[0]
    services.place_items(enrolment.id, activity_id, {"i1": "v", "i2": "f"}, at=NOW)
    services.place_items(enrolment.id, activity_id, {"i1": "nonsense"}, at=NOW)
    services.open_activity(enrolment.id, activity_id, at=NOW)
    services.keep_place(enrolment.id, activity_id, 0, at=NOW)
    assert state_of(enrolment, activity_id).state == "completed" and enrolment.done == 1


def test_an_activity_of_another_course_or_version_is_not_there(app):
    enrolment, other = learning.enrolment(), catalogue.course()
    with pytest.raises(NotFound):
        services.complete_activity(enrolment.id, learning.activity_ids(other)[0], at=NOW)


def test_nothing_is_completed_in_a_course_one_has_left(app):
    course = catalogue.course()
    enrolment = learning.enrolment(course=course)
    services.withdraw(enrolment.id, at=NOW)
    with pytest.raises(Conflict):
        services.complete_activity(enrolment.id, learning.activity_ids(course)[0], at=NOW)


def test_a_quiz_is_completed_by_passing_it_and_by_nothing_else(app, quizzes):
    course, version = course_with_quiz()
    enrolment = learning.enrolment(course=course)
    lesson, quiz = learning.activity_ids(course)
    services.complete_activity(enrolment.id, lesson, at=NOW)
    with pytest.raises(Conflict):
        services.complete_activity(enrolment.id, quiz, at=NOW)
    learner = people.Person(id=enrolment.learner_id)
    failed = assessment.graded(version, learner, right=False, at=NOW)
    services.hear_attempt(failed.id)
    assert enrolment.state == "active" and completed_by(failed.id) is None
    passed = assessment.graded(version, learner, right=True, at=NOW)
    services.hear_attempt(passed.id)
    services.hear_attempt(passed.id)
    assert (enrolment.state, enrolment.done, enrolment.completed_at) == ("completed", 2, passed.submitted_at)
    assert completed_by(passed.id) is not None


def test_a_passed_quiz_touches_only_its_own_learner_and_activity(app, quizzes):
    """R5"""
    course, version = course_with_quiz()
    lesson, quiz = learning.activity_ids(course)
    mine, other = learning.enrolment(course=course), learning.enrolment(course=course)
    services.open_activity(mine.id, lesson, at=NOW)
    attempt = assessment.graded(version, people.Person(id=mine.learner_id), at=NOW)
    services.hear_attempt(attempt.id)
    assert state_of(mine, quiz).state == "completed"
    assert state_of(mine, lesson).state == "started"
    assert state_of(other, quiz) is None
    assert [step.state for step in path(mine.version_id, mine.id).steps] == ["started", "done"]


def test_a_late_message_from_a_page_already_left_does_not_move_the_learner(app):
    course = catalogue.course(lessons=2)
    enrolment = learning.enrolment(course=course)
    first, second = learning.activity_ids(course)
    services.open_activity(enrolment.id, first, at=NOW)
    services.open_activity(enrolment.id, second, at=NOW)
    services.keep_place(enrolment.id, first, 7, at=NOW)
    assert enrolment.last_activity_id == second
    assert state_of(enrolment, first).resume == {"block": 7}


def test_a_quiz_passed_before_coming_back_can_still_be_completed(app, quizzes):
    course, version = course_with_quiz()
    enrolment = learning.enrolment(course=course)
    services.withdraw(enrolment.id, at=NOW)
    attempt = assessment.graded(version, people.Person(id=enrolment.learner_id), at=NOW)
    services.hear_attempt(attempt.id)
    assert enrolment.state == "withdrawn" and enrolment.done == 0
    services.enrol(enrolment.learner_id, course.id, at=NOW)
    services.complete_activity(enrolment.id, learning.activity_ids(course)[1], at=NOW)
    assert enrolment.done == 1
