"""A page asks the database as often for many rows as for few, and stays small."""

from datetime import date

import pytest

from academy.assessment import services
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, competencies, learning

MOST, MOST_OF_A_COURSE, MOST_OF_THE_PLAYER, MOST_OF_A_SUBMIT = 8, 6, 4, 32


@pytest.fixture
def asked(app, visit, statements):
    """How many statements a page takes for a person."""

    def ask(person, address):
        visitor = visit(person)
        visitor.get(address)
        with statements() as seen:
            visitor.get(address)
        assert len(seen) <= MOST, "\n".join(seen)
        return len(seen)

    return ask


def test_the_catalogue(asked):
    learner = people.person()
    for _ in range(3):
        learning.enrolment(learner, catalogue.course())
    few = asked(learner, "/courses?q=course&level=1")
    for _ in range(37):
        catalogue.course()
    assert asked(learner, "/courses?q=course&level=1") == few


def test_the_page_of_a_course_with_43_activities(asked, visit):
    first = catalogue.course()
    course = catalogue.course(units=1, lessons=43, prerequisites=[first.id])
    learner = people.person()
    learning.completed(learning.enrolment(learner, first))
    learning.completed(learning.enrolment(learner, course), but=20)
    small = catalogue.course(prerequisites=[first.id])
    learning.enrolment(learner, small)
    assert asked(learner, f"/courses/{course.key}") == asked(learner, f"/courses/{small.key}") <= MOST_OF_A_COURSE
    visitor = visit(learner)
    visitor.get(f"/courses/{course.key}")
    assert len(visitor.response.get_data()) <= 60_000


def test_the_player(asked, visit):
    course, learner = catalogue.course(units=1, lessons=43), people.person()
    enrolment = learning.completed(learning.enrolment(learner, course), but=5)
    address = f"/learn/{enrolment.id}/{learning.activity_keys(course)[-1]}"
    assert asked(learner, address) <= MOST_OF_THE_PLAYER
    visitor = visit(learner)
    visitor.get(address)
    assert len(visitor.response.get_data()) <= 60_000


def test_the_page_of_a_quiz(asked):
    course, learner = catalogue.course(units=0, published=False), people.person()
    unit = catalogue.unit(catalogue.draft(course))
    version = assessment.quiz(course)
    catalogue.activity(unit, "quiz", content={"quiz_version_id": version.id})
    catalogue.services.publish(course, actor_id=None, at=learning.LONG_AGO)
    enrolment = learning.enrolment(learner, course)
    for _ in range(3):
        assessment.graded(version, learner, right=False)
    asked(learner, f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}")


def test_my_courses(asked):
    learner = people.person()
    learning.enrolment(learner, catalogue.course())
    one = asked(learner, "/my-courses")
    for _ in range(12):
        learning.assigned(catalogue.course(), learner, date(2030, 1, 1))
    assert asked(learner, "/my-courses") == one


def test_the_roster(asked):
    trainer = people.trainer()
    home = people.db.session.get(people.Organisation, trainer.organisation_id)
    course = catalogue.course(trainer=trainer)
    learning.enrolment(people.person(of=home), course)
    one = asked(trainer, f"/teach/{course.key}/roster")
    for _ in range(60):
        learning.enrolment(people.person(of=home), course)
    assert asked(trainer, f"/teach/{course.key}/roster") == one


@pytest.mark.parametrize("questions", [4, 30])
def test_submitting_a_quiz_that_is_passed(app, statements, questions):
    """Graded, noted as evidence, the activity and with it the course completed: as many statements for thirty questions as for four."""
    competencies.framework()
    course, learner = catalogue.course(units=0, published=False), people.person()
    unit = catalogue.unit(catalogue.draft(course))
    version = assessment.draft_quiz(course)
    for number in range(questions):
        assessment.question(version, competency_key=("D1.1", "D2.1")[number % 2])
    catalogue.activity(unit, "quiz", content={"quiz_version_id": version.id})
    catalogue.services.publish(course, actor_id=None, at=learning.LONG_AGO)
    enrolment = learning.enrolment(learner, course)
    attempt = assessment.attempt(version, learner)
    assessment.answer(attempt)
    people.db.session.flush()
    with statements() as seen:
        services.submit(attempt.id, at=learning.LONG_AGO)
    assert len(seen) <= MOST_OF_A_SUBMIT, "\n".join(seen)
    assert enrolment.state == "completed" and attempt.passed
