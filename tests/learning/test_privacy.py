"""Whoever may not see something gets the same answer as for what does not exist."""

import pytest

from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories.accounts import both


def test_another_persons_place_does_not_exist(app, visit):
    course = catalogue.course()
    theirs = learning.enrolment(course=course)
    address = f"/learn/{theirs.id}/{learning.activity_keys(course)[0]}"
    stranger = visit(people.administrator())
    stranger.get(address, status=404)
    for verb in ("complete", "place", "answers", "attempt"):
        stranger.post(f"{address}/{verb}", {"opened": "1"}, status=404)
    assert theirs.done == 0 and theirs.last_activity_id is None


def test_whoever_is_not_enrolled_cannot_open_the_player(app, visit):
    course = catalogue.course()
    visitor = visit(people.person())
    visitor.get(f"/learn/1/{learning.activity_keys(course)[0]}", status=404)
    visitor.get(f"/courses/{course.key}/go-on", status=404)
    visitor.post(f"/courses/{course.key}/withdraw", status=404)


def test_an_activity_of_another_course_is_not_in_the_players_reach(app, visit):
    learner, mine = people.person(), catalogue.course(lessons=1)
    enrolment = learning.enrolment(learner, mine)
    visit(learner).get(f"/learn/{enrolment.id}/a99", status=404)


def test_a_restricted_course_of_another_organisation_does_not_exist(app, visit):
    home, away = people.organisation(), people.organisation("partner")
    course = catalogue.course(of=home, audience="organisation", title=both("كناري-أ", "Canary-A"))
    outsider, insider = visit(people.person(of=away)), visit(people.person(of=home))
    outsider.get(f"/courses/{course.key}", status=404)
    outsider.post(f"/courses/{course.key}/enrol", status=404)
    assert "كناري-أ" not in outsider.get("/courses").words
    assert "كناري-أ" not in outsider.get("/courses", query_string={"q": "كناري"}).words
    assert "كناري-أ" in insider.get(f"/courses/{course.key}").words


def test_a_draft_is_not_shown_to_learners(app, visit):
    course = catalogue.course(published=False)
    visit(people.person()).get(f"/courses/{course.key}", status=404)


def test_whoever_was_enrolled_keeps_seeing_a_course_that_was_closed_to_them(app, visit):
    from academy.catalogue import services as courses
    from tests.conftest import NOW

    learner, course = people.person(), catalogue.course()
    enrolment = learning.enrolment(learner, course)
    courses.retire(course, actor_id=None, at=NOW)
    visitor = visit(learner)
    visitor.get(f"/courses/{course.key}")
    visitor.post(f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}/complete")
    assert enrolment.state == "completed"


@pytest.mark.parametrize(
    "address", ["/my-courses", "/courses/x/go-on", "/teach/x/roster", "/teach/x/roster.csv", "/learn/1/a1"]
)
def test_strangers_are_asked_to_sign_in(app, browser, address):
    browser.get(address, status=302)
    assert "/sign-in" in browser.response.location


def test_the_roster_is_for_those_who_may_edit_the_course(app, visit):
    course = catalogue.course(trainer=people.trainer())
    for who in (people.person(), people.trainer(), people.administrator(of=people.organisation(), everywhere=False)):
        for ending in ("", ".csv", ".xlsx"):
            visit(who).get(f"/teach/{course.key}/roster{ending}", status=404)


def test_a_trainer_sees_learners_of_their_own_organisation_only(app, visit):
    home, partner = people.organisation(), people.organisation("partner")
    trainer = people.trainer(of=home)
    course = catalogue.course(trainer=trainer)
    learning.enrolment(people.person(of=home, name=both("كناري-أ", "Canary-A")), course)
    learning.enrolment(people.person(of=partner, name=both("كناري-ب", "Canary-B")), course)
    ours, everywhere = visit(trainer), visit(people.administrator())
    page = ours.get(f"/teach/{course.key}/roster").words
    assert "كناري-أ" in page and "كناري-ب" not in page
    assert "كناري-ب" not in ours.get(f"/teach/{course.key}/roster", query_string={"q": "كناري"}).words
    ours.get(f"/teach/{course.key}/roster.csv")
    assert "كناري-ب" not in ours.response.get_data(as_text=True)
    assert "كناري-ب" in everywhere.get(f"/teach/{course.key}/roster").words
