"""The pages of programmes for those who take them: what each says, in the reader's language, and who sees which."""

import re

import pytest

from academy.base.db import db
from academy.catalogue.services import Details
from academy.learning.models import Enrolment, ProgrammeEnrolment, UndertakingSignature
from academy.learning.services import programmes as services
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories import programmes as make
from tests.factories.accounts import both


@pytest.fixture
def home(app):
    """An agency with a programme of two courses and a step that the academy does not have."""
    of = people.organisation()
    first = catalogue.course(of=of, title=both("الأسس", "Foundations"), hours=3)
    second = catalogue.course(of=of, title=both("القياس", "Measurement"), hours=4)
    programme = make.programme(
        of,
        title=both("شهادة الخدمة", "Service certificate"),
        groups=[(None, [make.for_course(first), make.for_course(second), make.absent()])],
        hours=12,
        key="service",
    )
    return of, programme, first, second


def reader(of, **given):
    return people.person(of=of, language="en", **given)


def finish(learner, course):
    from academy.learning import services as courses

    learning.completed(courses.enrol(learner.id, course.id, at=NOW), at=NOW)


def test_a_learner_joins_and_is_led_from_step_to_step(home, visit):
    of, _programme, first, second = home
    learner = reader(of)
    visitor = visit(learner)
    assert "Service certificate" in visitor.get("/programmes").words
    page = visitor.get("/programmes/service")
    assert "Join the programme" in page.words and not page.select("progress")
    page = visitor.post("/programmes/service/join")
    assert "3 steps left: Foundations, Measurement, A project." in re.sub("[\u2066-\u2069]", "", page.words)
    assert "Opens after: " in page.words and "Not yet available in the academy" in page.words
    assert "cannot be completed yet" in page.words
    visitor.post("/programmes/service/steps/s1/open", status=302, follow=False)
    assert visitor.response.location == f"/courses/{first.key}/go-on"
    assert db.session.query(Enrolment).filter_by(learner_id=learner.id, course_id=first.id).count() == 1
    finish(learner, first)
    page = visitor.get("/programmes/service")
    assert page.select_one("progress")["value"] == "1.0" and page.select_one("progress")["max"] == "3.0"
    assert "3 of 12" in page.words and "2 steps left" in page.words
    finish(learner, second)
    page = visitor.get("/programmes/service")
    assert "1 step left" in page.words and "7 of 12" in page.words
    assert not page.select("form[action$='/open']"), "nothing can be opened when only an absent step is left"


def test_a_locked_or_absent_step_is_not_opened_by_its_address(home, visit):
    of, programme, _first, second = home
    learner = reader(of)
    visitor = visit(learner)
    make.place(programme, learner)
    assert "Opens after" in visitor.post("/programmes/service/steps/s2/open").words
    assert "Not yet available" in visitor.post("/programmes/service/steps/s3/open").words
    visitor.post("/programmes/service/steps/none/open", status=404)
    assert db.session.query(Enrolment).filter_by(learner_id=learner.id, course_id=second.id).count() == 0


def test_a_step_whose_course_builds_on_another_says_so(app, visit):
    of = people.organisation()
    base = catalogue.course(of=of)
    course = catalogue.course(
        of=of, details=Details(title=both("أ", "A"), summary=both("م", "s"), prerequisites=[base.id])
    )
    programme = make.programme(of, groups=[(None, [make.for_course(course)])], key="needy")
    learner = reader(of)
    make.place(programme, learner)
    page = visit(learner).post("/programmes/needy/steps/s1/open")
    assert "Complete the courses this one builds on first." in page.words


def test_a_quiz_step_opens_the_quiz_in_its_course_and_is_done_by_passing_it(app, visit):
    of = people.organisation()
    course, version = make.course_with_quiz(of)
    step = services.StepDetails(kind="quiz", quiz_id=version.quiz_id, title=both("اختبار", "The quiz"))
    make.programme(of, groups=[(None, [step])], key="tested")
    learner = reader(of)
    visitor = visit(learner)
    visitor.post("/programmes/tested/join")
    visitor.post("/programmes/tested/steps/s1/open", follow=False, status=302)
    place = db.session.query(Enrolment).filter_by(learner_id=learner.id, course_id=course.id).one()
    assert visitor.response.location == f"/learn/{place.id}/a2"
    visitor.get(visitor.response.location)
    assessment.graded(version, learner)
    assert "Completed" in visitor.get("/programmes/tested").words


def test_an_undertaking_is_read_in_both_languages_and_signed_once(app, visit):
    programme = make.programme(prerequisites=[make.PLEDGE], key="pledged")
    learner = reader(None, organisation_id=programme.organisation_id)
    visitor = visit(learner)
    page = visitor.post("/programmes/pledged/join")
    assert "as soon as the prerequisites are met" in page.words and not page.select("form[action$='/open']")
    assert "as soon as the prerequisites are met" in visitor.post("/programmes/pledged/steps/s1/open").words
    page = visitor.get("/programmes/pledged/undertakings/p1")
    words = {part["lang"]: part.get_text() for part in page.select(".words")}
    assert words == {"en": "I will keep it secret.", "ar": "أتعهد بالسرية."}
    digest = page.select_one("[name=digest]")["value"]
    page = visitor.post("/programmes/pledged/undertakings/p1", {"digest": digest}, status=422)
    assert "Confirm that you have read" in page.words and db.session.query(UndertakingSignature).count() == 0
    page = visitor.post("/programmes/pledged/undertakings/p1", {"digest": "0" * 64, "agreed": "y"})
    assert "has changed since you opened the page" in page.words
    for _twice in range(2):
        page = visitor.post("/programmes/pledged/undertakings/p1", {"digest": digest, "agreed": "y"})
    assert "Signed" in page.words and page.select("form[action$='/steps/s1/open']")
    row = db.session.query(UndertakingSignature).one()
    assert (row.person_id, row.language) == (learner.id, "en")
    assert not visitor.get("/programmes/pledged/undertakings/p1").select("form[action$='/p1']")


def test_waiting_for_an_administrator_is_said(app, visit):
    programme = make.programme(prerequisites=[make.IDENTITY, make.SPONSOR], key="waiting")
    learner = reader(None, organisation_id=programme.organisation_id)
    page = visit(learner).post("/programmes/waiting/join")
    assert "Waiting for an administrator of your organisation" in page.words
    assert "not a member of an active partner" in page.words
    visit(learner).get("/programmes/waiting/undertakings/p1", status=404)


def test_leaving_is_possible_and_coming_back_too(home, visit):
    of, programme, first, _second = home
    learner = reader(of)
    place = make.place(programme, learner)
    finish(learner, first)
    visitor = visit(learner)
    assert "You have left the programme" in visitor.post("/programmes/service/leave").words
    visitor.post("/programmes/service/leave", status=404)
    visitor.post("/programmes/service/join")
    assert db.session.query(ProgrammeEnrolment).one().id == place.id and place.done == 1


def test_a_completed_programme_says_so_and_offers_nothing_more(app, visit):
    of = people.organisation()
    course = catalogue.course(of=of)
    make.programme(of, groups=[(None, [make.for_course(course)])], key="short")
    learner = reader(of)
    finish(learner, course)
    page = visit(learner).post("/programmes/short/join")
    assert "you have completed everything this programme needs" in page.words
    assert not page.select("form[action$='/open'], form[action$='/leave']")


def test_home_shows_the_programmes_one_is_in_with_the_next_step(home, visit):
    of, programme, _first, _second = home
    learner = reader(of)
    assert "My programmes" not in visit(learner).get("/").words
    make.place(programme, learner)
    page = visit(learner).get("/")
    panel = page.select_one(".home-programmes")
    assert (
        "Service certificate" in panel.get_text() and "Next: " in panel.get_text() and "Foundations" in panel.get_text()
    )
    assert panel.select_one("progress")["max"] == "3.0"


def test_arabic_says_what_is_left_with_its_plurals(home, visit):
    of, programme, _first, _second = home
    learner = people.person(of=of)
    make.place(programme, learner)
    page = visit(learner).get("/programmes/service")
    assert "بقيت 3 خطوات" in page.words and page.html["dir"] == "rtl"


@pytest.mark.parametrize("state", ["none", "active", "older"])
def test_the_page_needs_eight_statements_however_many_steps(app, visit, statements, state):
    of, partner = people.organisation(), people.organisation("partner")
    steps = [make.for_course(catalogue.course(of=of)) for _ in range(12)]
    programme = make.programme(
        of, groups=[(None, steps), (2, [make.absent(), make.absent("practice"), make.absent("exam")])], audience="any",
        prerequisites=[make.PLEDGE, make.IDENTITY, make.SPONSOR], key="long",
    )  # fmt: skip
    learner = people.person(of=partner)
    if state != "none":
        make.place(programme, learner)
    if state == "older":
        services.programme_draft(programme, at=NOW)
        services.publish_programme(programme, actor_id=None, at=NOW)
    visitor = visit(learner)
    with statements() as seen:
        visitor.get("/programmes/long")
    assert len(seen) <= 8, "\n".join(seen)


def test_the_list_needs_eight_statements_however_many_programmes(app, visit, statements):
    of = people.organisation()
    learner = people.person(of=of)
    for number in range(12):
        programme = make.programme(of)
        if number % 2:
            make.place(programme, learner)
    visitor = visit(learner)
    with statements() as seen:
        page = visitor.get("/programmes")
    assert len(seen) <= 8 and len(page.select(".programme-card")) == 12


# --- Who sees what ----------------------------------------------------------------------------


def test_programmes_reach_those_whom_they_are_for_and_nobody_else(app, visit):
    """MT1: another organisation's programme does not exist, neither in lists nor by its address."""
    agency, other = people.organisation(), people.organisation()
    partner, second = people.organisation("partner"), people.organisation("partner")
    canaries = {
        "employee": make.programme(agency, title=both("كناري-أ", "Canary A"), key="for-employees"),
        "partner": make.programme(agency, title=both("كناري-ب", "Canary B"), key="for-partners", audience="partner"),
        "any": make.programme(agency, title=both("كناري-ج", "Canary C"), key="for-any", audience="any"),
        "own": make.programme(partner, title=both("كناري-د", "Canary D"), key="of-partner"),
        "draft": make.programme(
            agency, title=both("كناري-هـ", "Canary E"), key="draft", audience="any", published=False
        ),
    }
    seen_by = {
        agency: {"employee", "any"},
        other: set(),
        partner: {"partner", "any", "own"},
        second: {"partner", "any"},
    }
    for organisation, expected in seen_by.items():
        visitor = visit(people.person(of=organisation))
        listed = visitor.get("/programmes").words
        for name, programme in canaries.items():
            title = programme.key
            visible = name in expected
            assert (queries_title(programme) in listed) == visible, (name, title)
            visitor.get(f"/programmes/{programme.key}", status=200 if visible else 404)
            if not visible:
                visitor.post(f"/programmes/{programme.key}/join", status=404)
    assert db.session.query(ProgrammeEnrolment).count() == 0


def queries_title(programme) -> str:
    from academy.learning.queries.programmes import programme_desk

    return programme_desk(programme.key).version.title.ar


def test_a_partners_administrator_finds_the_way_to_their_participants(app, visit):
    agency, partner = people.organisation(), people.organisation("partner")
    make.programme(agency, audience="any", key="found")
    link = "a[href='/manage/programmes/found/participants']"
    assert visit(people.administrator(of=partner, everywhere=False)).get("/programmes/found").select(link)
    assert not visit(people.person(of=partner)).get("/programmes/found").select(link)


def test_anothers_place_cannot_be_used(home, visit):
    of, programme, _first, _second = home
    make.place(programme, reader(of))
    outsider = visit(reader(of))
    for path in ("leave", "steps/s1/open"):
        outsider.post(f"/programmes/service/{path}", status=404)
    outsider.get("/programmes/service/undertakings/p1", status=404)


@pytest.mark.parametrize("path", ["", "/x", "/x/undertakings/p1"])
def test_strangers_are_asked_to_sign_in(app, browser, path):
    browser.get(f"/programmes{path}", status=302)
    assert "/sign-in" in browser.response.location


def test_whoever_takes_part_keeps_seeing_a_retired_programme(home, visit):
    of, programme, _first, _second = home
    inside, outside = reader(of), reader(of)
    make.place(programme, inside)
    services.retire_programme(programme, actor_id=None, at=NOW)
    assert "3 steps left" in visit(inside).get("/programmes/service").words
    page = visit(outside).get("/programmes/service")
    assert "no longer takes new participants" in page.words
    visit(outside).post("/programmes/service/join", status=404)
    assert "Service certificate" not in visit(outside).get("/programmes").words
