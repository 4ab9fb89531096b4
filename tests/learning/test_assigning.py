"""Making a course due from people, reminding them, and telling them of it."""

from datetime import date, timedelta

import pytest

from academy import facts
from academy.base import bus, jobs
from academy.base.db import db
from academy.base.errors import Conflict
from academy.catalogue import services as courses
from academy.learning import jobs as learning_jobs  # noqa: F401
from academy.learning import services, subscribers  # noqa: F401
from academy.learning.models import Enrolment
from academy.learning.queries import enrolment_of
from academy.notices.models import Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning

DUE = date(2026, 12, 31)


@pytest.fixture
def heard(monkeypatch):
    """Every fact that is published, in order."""
    told = []
    before = bus.publish
    monkeypatch.setattr(bus, "publish", lambda fact: (told.append(fact), before(fact)))
    return told


def test_assigning_enrols_makes_due_and_leaves_the_completed_in_peace(app, heard):
    boss, course = people.person(), catalogue.course()
    fresh, taking, done, gone = (people.person() for _ in range(4))
    learning.enrolment(taking, course)
    learning.completed(learning.enrolment(done, course))
    services.withdraw(learning.enrolment(gone, course).id, at=NOW)
    suspended = people.person(state="suspended")
    everyone = [person.id for person in (fresh, taking, done, gone, suspended)]
    told = services.assign(course.id, [*everyone, fresh.id], by_id=boss.id, due_on=DUE, note="مهم", at=NOW)
    assert (told.enrolled, told.updated, told.completed, told.left_out, told.due) == (2, 1, 1, 1, 3)
    assert enrolment_of(fresh.id, course.id).due_on == DUE
    assert enrolment_of(taking.id, course.id).assignment_id == told.assignment_id
    assert enrolment_of(gone.id, course.id).state == "active"
    assert enrolment_of(done.id, course.id).due_on is None
    assert enrolment_of(suspended.id, course.id) is None
    kinds = [type(fact) for fact in heard]
    assert kinds.count(facts.CourseAssigned) == 3 and kinds.count(facts.AssignmentMade) == 1


def test_whoever_is_brought_back_takes_the_newest_version_unless_something_was_done(app):
    """As whoever comes back alone does: a superseded version is for those who have begun it."""
    course, begun, fresh = catalogue.course(lessons=2), people.person(), people.person()
    for learner, left in ((begun, 1), (fresh, 2)):
        services.withdraw(learning.completed(learning.enrolment(learner, course), but=left).id, at=NOW)
    old = enrolment_of(begun.id, course.id).version_id
    catalogue.lesson(catalogue.unit(catalogue.draft(course)))
    new = courses.publish(course, actor_id=None, at=NOW)
    services.assign(course.id, [begun.id, fresh.id], by_id=None, due_on=DUE, at=NOW)
    db.session.expire_all()
    places = [enrolment_of(learner.id, course.id) for learner in (begun, fresh)]
    assert [(each.version_id, each.required, each.state) for each in places] == [
        (old, 2, "active"), (new.id, 3, "active"),
    ]  # fmt: skip


def test_a_second_assignment_moves_the_day(app):
    learner, course = people.person(), catalogue.course()
    learning.assigned(course, learner, DUE)
    services.assign(course.id, [learner.id], by_id=None, due_on=DUE + timedelta(days=9), at=NOW)
    assert enrolment_of(learner.id, course.id).due_on == DUE + timedelta(days=9)
    assert db.session.query(Enrolment).filter_by(learner_id=learner.id).count() == 1


def test_a_course_of_one_organisation_is_not_assigned_to_others(app):
    home, course = people.organisation(), None
    course = catalogue.course(of=home, audience="organisation")
    ours, theirs = people.person(of=home), people.person()
    told = services.assign(course.id, [ours.id, theirs.id], by_id=None, due_on=DUE, at=NOW)
    assert (told.enrolled, told.left_out) == (1, 1)


def test_a_draft_cannot_be_assigned(app):
    with pytest.raises(Conflict):
        services.assign(catalogue.course(published=False).id, [people.person().id], by_id=None, due_on=DUE, at=NOW)


def test_assigning_to_many_takes_as_many_statements_as_to_one(app, statements):
    course = catalogue.course()
    few, many = [people.person().id], [people.person().id for _ in range(40)]
    with statements() as one:
        services.assign(course.id, few, by_id=None, due_on=DUE, at=NOW)
    with statements() as forty:
        services.assign(course.id, many, by_id=None, due_on=DUE, at=NOW)
    assert len(forty) == len(one)


def test_assigned_people_are_told_once_in_the_background(app):
    boss, learner, course = people.person(), people.person(language="en"), catalogue.course()
    services.assign(course.id, [learner.id], by_id=boss.id, due_on=DUE, note="Before the audit", at=NOW)
    jobs.run_all_due()
    notice = db.session.query(Notice).filter_by(person_id=learner.id).one()
    assert (notice.kind, notice.address) == ("course_assigned", f"/courses/{course.key}")
    letter = db.session.query(Letter).filter_by(person_id=learner.id).one()
    assert "Before the audit" in letter.text and boss.name.en in letter.text


def test_a_reminder_goes_out_at_most_once_a_day(app):
    boss, learner, course = people.person(), people.person(), catalogue.course()
    enrolment = learning.assigned(course, learner, DUE)
    assert services.remind(enrolment.id, by_id=boss.id, at=NOW)
    assert not services.remind(enrolment.id, by_id=boss.id, at=NOW + timedelta(hours=1))
    assert services.remind(enrolment.id, by_id=boss.id, at=NOW + timedelta(days=1))


def test_nobody_is_reminded_of_what_is_completed(app):
    done = learning.completed(learning.enrolment())
    assert not services.remind(done.id, by_id=done.learner_id, at=NOW)
    assert not services.remind(999_999, by_id=done.learner_id, at=NOW)


def test_completing_is_celebrated_once(app):
    enrolment = learning.completed(learning.enrolment())
    jobs.run_all_due()
    told = db.session.query(Notice).filter_by(person_id=enrolment.learner_id, kind="course_completed").count()
    assert told == 1
