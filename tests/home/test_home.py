"""The front door: what strangers, newcomers, learners and managers find behind it."""

from datetime import timedelta

import pytest

from academy.base import clock
from academy.catalogue.services import Target
from academy.competencies import services as competencies
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import competencies as standing
from tests.factories import credentials as credentials
from tests.factories.accounts import both


def due_in(days):
    return clock.today() + timedelta(days=days)


def test_a_stranger_learns_what_the_academy_is(browser):
    page = browser.get("/")
    assert "نعلّم خدمة الناس" in page.words
    assert page.select("a[href='/sign-in']") and page.select("form[action='/verify'] input[name=number]")


def test_a_stranger_sees_public_courses_and_no_others(browser):
    catalogue.course(public=True, title=both("مقرر عام", "Public course"))
    catalogue.course(title=both("CANARY مقرر داخلي", "CANARY internal"))
    page = browser.get("/")
    assert "مقرر عام" in page.words
    assert "CANARY" not in page.words


def test_the_front_page_speaks_english(browser):
    browser.client.set_cookie("language", "en", domain="localhost")
    page = browser.get("/")
    assert page.html["lang"] == "en"
    assert "We teach serving people." in page.words and "How it works" in page.words


def test_a_newcomer_is_led_to_a_first_course(visit):
    course = catalogue.course(title=both("أسس الخدمة", "Foundations"))
    page = visit(people.person()).get("/")
    assert "أسس الخدمة" in page.h1.get_text()
    assert page.select_one(".hero a.btn")["href"] == f"/courses/{course.key}"
    assert page.select(".empty")


def test_an_academy_without_courses_has_a_home_too(visit):
    page = visit(people.person()).get("/")
    assert page.select_one(".hero a.btn")["href"] == "/courses"


def test_the_hero_goes_on_with_the_overdue_course(visit):
    """RE1: what is overdue comes first."""
    who = people.person()
    learning.enrolment(who, catalogue.course())
    late = catalogue.course(title=both("المتأخر", "Late"))
    learning.assigned(late, who, due_in(-4))
    page = visit(who).get("/")
    assert "المتأخر" in page.h1.get_text()
    assert page.select_one(".hero a.btn")["href"] == f"/courses/{late.key}/go-on"
    assert page.select(".hero .chip.bad")


def test_a_course_that_is_not_begun_names_its_first_activity(visit):
    who = people.person(language="en")
    enrolled = learning.enrolment(who, catalogue.course(lessons=2))
    assert "First: “" in visit(who).get("/").words
    learning.completed(enrolled, but=1)
    assert "completed · next: “" in visit(who).get("/").words


def test_no_credited_hours_are_none_and_not_less_than_one(visit):
    who = people.person()
    learning.enrolment(who)
    assert "الساعات المعتمدة لا ساعات" in visit(who).get("/").words


def test_required_courses_stand_apart_from_chosen_ones(visit):
    """RE1: required and chosen, each with what is in progress."""
    who = people.person()
    must, may = catalogue.course(title=both("واجب", "Must")), catalogue.course(title=both("اختيار", "May"))
    learning.assigned(must, who, due_in(5))
    learning.enrolment(who, may)
    panels = visit(who).get("/").select("section.panel:has(.sheet)")
    assert [("واجب" in p.get_text(), "اختيار" in p.get_text()) for p in panels] == [(True, False), (False, True)]


def test_the_first_recommendation_is_the_next_step_and_says_what_it_raises(visit):
    standing.framework()
    who = people.person()
    competencies.set_profile(who.id, "frontline", at=NOW)
    catalogue.course(title=both("سهل", "Easy"))
    catalogue.course(title=both("يسدّ الفجوة", "Closes the gap"), level=2, competencies=(Target("D2.1", 2),))
    page = visit(who).get("/")
    assert "يسدّ الفجوة" in page.h1.get_text() and "كفاية 2-1" in page.select_one(".hero .chip").get_text()
    assert [card.h3.get_text(strip=True) for card in page.select(".course")] == ["سهل"]


def test_whoever_is_in_a_course_finds_recommendations_below_it(visit):
    standing.framework()
    who = people.person()
    competencies.set_profile(who.id, "frontline", at=NOW)
    learning.enrolment(who)
    catalogue.course(competencies=(Target("D1.1", 2),))
    assert "كفاية 1-1" in visit(who).get("/").select_one(".course .chip.info").get_text()


def test_competencies_and_the_latest_certificate_are_shown(visit):
    """RE1: what is done, and until when the latest certificate holds."""
    standing.framework()
    who = people.person()
    competencies.set_profile(who.id, "frontline", at=NOW)
    standing.evidence(who, "D1.1", items=10)
    paper = credentials.certificate(who, title=both("خدمة المستفيد", "Serving"))
    page = visit(who).get("/")
    assert page.select_one(".ring")["aria-label"].endswith("33%")
    assert "خدمة المستفيد" in page.words
    assert page.select(f"a[href='/certificates/{paper.number}.pdf']")


def test_a_revoked_certificate_is_not_the_latest(visit):
    who = people.person()
    paper = credentials.revoked(credentials.certificate(who))
    assert not visit(who).get("/").select(f"a[href='/certificates/{paper.number}.pdf']")


def test_only_managers_find_the_way_to_a_team(visit):
    boss = people.person()
    worker = people.person(manager=boss)
    assert visit(boss).get("/").select(".strip[href='/team']")
    assert not visit(worker).get("/").select("a[href='/team']")


def test_nobody_finds_anything_of_others(visit):
    theirs = people.organisation()
    stranger, who = people.person(of=theirs, name=both("CANARY شخص", "CANARY person")), people.person()
    learning.assigned(
        catalogue.course(of=theirs, title=both("CANARY مقرر", "CANARY"), audience="organisation"), stranger, due_in(3)
    )
    assert "CANARY" not in visit(who).get("/").words


@pytest.mark.parametrize("taken", [0, 12])
def test_home_needs_seven_statements_however_much_is_taken(visit, statements, taken):
    who = people.person()
    standing.framework()
    competencies.set_profile(who.id, "frontline", at=NOW)
    credentials.certificate(who)
    for _ in range(taken):
        learning.assigned(catalogue.course(lessons=3), who, due_in(9))
    browser = visit(who)
    with statements() as seen:
        browser.get("/")
    assert len(seen) <= 7, seen


def test_home_speaks_english_too(visit):
    who = people.person(language="en", name=both("ليلى حسن", "Layla Hassan"))
    learning.assigned(catalogue.course(title=both("أ", "Alpha")), who, due_in(1))
    page = visit(who).get("/")
    assert page.h1.get_text() == "Start: Alpha"
    assert "Layla" in page.select_one(".hero").get_text() and "Due tomorrow" in page.words
