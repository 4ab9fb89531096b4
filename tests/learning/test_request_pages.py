"""CA3 in the browser: asking, the inbox, deciding on the page and from a letter, and everybody who may not."""

from datetime import UTC, datetime, timedelta

import pytest

from academy.accounts import services as accounts
from academy.base import clock
from academy.base.db import db
from academy.learning import services
from academy.learning.models import Enrolment, PlaceRequest, ProgrammeEnrolment
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, entry
from tests.factories import programmes as make
from tests.factories.accounts import both


@pytest.fixture
def office(app):
    """A learner, their manager, a course on request."""
    of = people.organisation()
    boss = people.person(of=of, language="en", name=both("ليلى", "Layla"))
    learner = people.person(of=of, manager=boss, language="en", name=both("سالم", "Salem"))
    course = catalogue.course(of=of, title=both("القياس", "Measurement"))
    entry.rule(course, way="request")
    return learner, boss, course


def link_to(request, who):
    return "/decide/" + services.make_link(request.id, who.id, at=datetime.now(UTC))


def test_a_learner_asks_and_the_manager_approves_from_the_inbox(office, visit):
    """CA3: the menu counts what waits; the page decides; the learner is in."""
    learner, boss, course = office
    theirs, mine = visit(learner), visit(boss)
    assert "A place here is given on request." in theirs.get(f"/courses/{course.key}").words
    page = theirs.post(f"/courses/{course.key}/request", {"note": "I measure every week."})
    assert "Your request of" in page.words and "Layla" in page.words
    request = db.session.query(PlaceRequest).one()
    page = mine.get("/requests")
    assert "Salem" in page.words and "Measurement" in page.words
    assert any("1" in link.get_text() for link in page.select("a[href='/requests']"))
    page = mine.get(f"/requests/{request.id}")
    assert "I measure every week." in page.words and not page.select("input[type=radio][checked]")
    page = mine.post(f"/requests/{request.id}", {"answer": "", "reason": "kept words"}, status=422)
    assert "kept words" in page.select_one("#reason").get_text()
    page = mine.post(f"/requests/{request.id}", {"answer": "refuse", "reason": ""}, status=422)
    assert "Give the reason" in page.words
    page = mine.post(f"/requests/{request.id}", {"answer": "approve", "reason": ""})
    assert "The request was approved." in page.words and "Nothing waits for your decision." in page.words
    assert db.session.query(Enrolment).filter_by(learner_id=learner.id).count() == 1
    assert "Approved" in theirs.get("/requests").words


def test_a_letter_opens_a_page_and_only_the_form_decides(office, browser):
    """CA3: opening the link changes nothing, however often; it works once and without signing in."""
    learner, boss, course = office
    request = entry.request(learner, course)
    address = link_to(request, boss)
    for _mail_scanner in range(3):
        page = browser.get(address)
        assert "Layla" in page.words or "ليلى" in page.words
    assert db.session.get(PlaceRequest, request.id).state == "waiting"
    assert browser.response.headers["Referrer-Policy"] in (
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
    )
    browser.post(address, {"answer": "refuse", "reason": "في الربع القادم"})
    row = db.session.get(PlaceRequest, request.id)
    assert (row.state, row.decided_by_id, row.reason) == ("refused", boss.id, "في الربع القادم")
    browser.get(address, status=410)
    browser.post(address, {"answer": "approve"}, status=410, follow=False)


def test_a_link_ends_with_its_time_its_request_and_its_decider(office, browser, visit):
    """CA3: too old, taken back, no longer a manager, opened by somebody else who is signed in, made up."""
    learner, boss, course = office
    request = entry.request(learner, course)
    old = "/decide/" + services.make_link(request.id, boss.id, at=NOW - timedelta(days=900))
    browser.get(old, status=410)
    browser.get("/decide/made-up", status=410)
    address = link_to(request, boss)
    visit(learner).get(address, status=403)
    visit(learner).post(address, {"answer": "approve"}, status=403, follow=False)
    visit(boss).get(address)
    learner.manager_id = None
    db.session.commit()
    browser.get(address, status=410)
    browser.post(address, {"answer": "approve"}, status=410, follow=False)
    learner.manager_id = boss.id
    db.session.commit()
    visit(learner).post(f"/requests/{request.id}/withdraw")
    browser.get(address, status=410)
    assert db.session.query(Enrolment).count() == 0


def test_nobody_else_sees_decides_or_takes_back(office, visit):
    """CA3: a stranger, a colleague, another manager and an administrator of another organisation get nothing."""
    learner, boss, course = office
    request = entry.request(learner, course)
    colleague = people.person(of=db.session.get(type(learner.organisation), learner.organisation_id), manager=boss)
    others = [colleague, people.manager(), people.administrator(people.organisation(), everywhere=False)]
    for who in others:
        visitor = visit(who)
        visitor.get(f"/requests/{request.id}", status=404)
        visitor.post(f"/requests/{request.id}", {"answer": "approve"}, status=404, follow=False)
        visitor.post(f"/requests/{request.id}/withdraw", status=404, follow=False)
        assert "Salem" not in visitor.get("/requests").words
    visit(learner).post(f"/requests/{request.id}", {"answer": "approve"}, status=404, follow=False)
    visit(boss).post(f"/requests/{request.id}/withdraw", status=404, follow=False)
    assert db.session.get(PlaceRequest, request.id).state == "waiting"


def test_the_second_of_two_deciders_reads_what_was_decided(office, visit):
    learner, boss, course = office
    request = entry.request(learner, course)
    visitor = visit(boss)
    visitor.get(f"/requests/{request.id}")
    services.take_back(request.id, by_id=learner.id, at=NOW)
    page = visitor.post(f"/requests/{request.id}", {"answer": "approve"}, status=409)
    assert "Somebody else was first" in page.words and "Taken back" in page.words


def test_a_programme_is_asked_for_and_its_keeper_decides_how(office, visit):
    learner, boss, _course = office
    of = learner.organisation
    programme = make.programme(of, title=both("البرنامج", "The programme"), key="asked-for")
    keeper = visit(people.trainer(of, language="en"))
    keeper.get("/manage/programmes/asked-for/access")
    page = keeper.post(
        "/manage/programmes/asked-for/entry", {"way": "request", "answer_days": "4", "entry_revision": "1"}
    )
    assert page.select_one("input[name=way][value=request]").has_attr("checked")
    typed = {"way": "open", "answer_days": "many", "entry_revision": "2"}
    page = keeper.post("/manage/programmes/asked-for/entry", typed, status=422)
    assert page.select_one("#answer_days")["value"] == "many"
    stale = {"way": "open", "answer_days": "4", "entry_revision": "1"}
    page = keeper.post("/manage/programmes/asked-for/entry", stale, status=409)
    assert "was changed in the meantime" in page.words
    visitor = visit(learner)
    assert "Ask for a place" in visitor.get("/programmes/asked-for").words
    visitor.post("/programmes/asked-for/request", {"note": ""})
    request = db.session.query(PlaceRequest).filter_by(programme_id=programme.id).one()
    visit(boss).post(f"/requests/{request.id}", {"answer": "approve"})
    assert db.session.query(ProgrammeEnrolment).filter_by(learner_id=learner.id).count() == 1


def test_a_long_inbox_takes_as_many_statements_as_a_short_one(office, visit, statements):
    """At most eight statements, whatever waits."""
    learner, boss, course = office
    entry.request(learner, course)
    visitor = visit(boss)

    def asked():
        visitor.get("/requests")
        with statements() as seen:
            visitor.get("/requests")
        return len(seen)

    few = asked()
    for _each in range(12):
        entry.request(people.person(manager=boss), course)
    assert asked() == few <= 8


def test_a_deputy_without_a_team_finds_the_requests_of_the_lent_one(office, visit):
    """CA3, ID6: in the menu and in the inbox, until the last day."""
    learner, boss, course = office
    deputy, day = people.person(of=boss.organisation, language="en"), clock.today()
    entry.request(learner, course)
    row = accounts.name_deputy(boss, deputy.email, starts_on=day, ends_on=day, actor_id=boss.id, at=clock.now())
    browser = visit(deputy)
    page = browser.get("/requests")
    assert "Salem" in page.words and any("1" in link.get_text() for link in page.select("a[href='/requests']"))
    accounts.end_deputyship(row, actor_id=boss.id, at=clock.now())
    assert "Salem" not in browser.get("/requests").words
