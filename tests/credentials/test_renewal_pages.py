"""CE5 on the pages: the holder renews, nobody else does; the manager sees how far it is; the rule is seen before it is saved."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from academy.base.db import db
from academy.credentials.models import RecertificationRule
from academy.credentials.queries_of_renewal import rule_of
from academy.learning.models import Renewal
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import renewals as factory

LAST = date(2027, 1, 10)
SAID = {"window_days": "٣٠", "grace_days": "10", "reminders": "30، 7", "path_course_id": "", "revision": "0"}


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def chief(app):
    return people.person()


@pytest.fixture
def paper(chief):
    """A certificate that ends soon, of somebody with a manager."""
    home = db.session.get(people.Organisation, chief.organisation_id)
    holder = people.person(of=home, manager=chief)
    return factory.ending(LAST, holder, catalogue.course(home, validity_months=12))


def holder_of(paper):
    return db.session.get(people.Person, paper.holder_id)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_holder_renews_from_the_list_and_goes_on_from_there(visit, paper):
    browser = visit(holder_of(paper))
    address = f"/certificates/{paper.number}/renew"
    assert browser.get("/certificates").find("form", action=address)
    course = browser.post(address)
    assert browser.response.request.path.startswith("/courses/") and "المرات السابقة" in course.words
    browser.post(address)
    assert count(Renewal) == 1
    page = browser.get("/certificates")
    assert not page.find("form", action=address) and "متابعة التجديد" in page.words
    assert "لتجديد شهادتك" in browser.get("/my-courses").words


def test_too_early_the_list_says_from_when_and_a_press_is_refused(visit, app):
    paper = factory.ending(date(2027, 9, 1))
    browser, address = visit(holder_of(paper)), f"/certificates/{paper.number}/renew"
    page = browser.get("/certificates")
    assert "يُفتح التجديد في" in page.words and not page.find("form", action=address)
    assert "يمكن تجديد هذه الشهادة ابتداءً من" in browser.post(address).words
    assert count(Renewal) == 0


def test_nobody_else_renews_it(visit, paper, chief):
    for who in (people.person(), chief, people.administrator()):
        visit(who).post(f"/certificates/{paper.number}/renew", status=404)
    assert count(Renewal) == 0


def test_the_manager_sees_whether_it_is_being_renewed(visit, paper, chief):
    browser = visit(chief)
    assert "لم تُجدَّد بعد" in browser.get("/team?state=expiring").words
    visit(holder_of(paper)).post(f"/certificates/{paper.number}/renew")
    assert "قيد التجديد" in browser.get("/team?state=expiring").words


def test_the_rule_is_seen_before_it_is_saved_and_a_stale_one_is_refused(visit, paper):
    course_id = paper.course_id
    browser = visit(people.administrator())
    address = f"/teach/{db.session.get(catalogue.Course, course_id).key}/recertification"
    browser.get(address)
    seen = browser.post(address, {**SAID, "act": "preview"})
    assert "المتأثرون بالتغيير" in seen.words and count(RecertificationRule) == 0
    browser.post(address, {**SAID, "act": "save"})
    rule = rule_of(course_id)
    assert (rule.window_days, rule.grace_days, rule.reminders) == (30, 10, [30, 7])
    browser.post(address, {**SAID, "window_days": "9", "act": "save"}, status=409)
    browser.post(address, {**SAID, "window_days": "0", "act": "save"}, status=422)
    browser.post(address, {**SAID, "path_course_id": "x", "revision": "1", "act": "save"}, status=422)
    assert rule_of(course_id).window_days == 30


def test_the_rule_is_for_those_who_edit_the_course(visit, paper, chief):
    address = f"/teach/{db.session.get(catalogue.Course, paper.course_id).key}/recertification"
    for who in (holder_of(paper), chief, people.trainer()):
        browser = visit(who)
        browser.get(address, status=404)
        browser.post(address, {**SAID, "act": "save"}, status=404)
    assert count(RecertificationRule) == 0


def test_the_list_of_certificates_asks_as_much_for_one_as_for_many(visit, statements, paper):
    browser = visit(holder_of(paper))
    with statements() as one:
        browser.get("/certificates")
    for _ in range(3):
        factory.ending(LAST, holder_of(paper))
    with statements() as many:
        browser.get("/certificates")
    assert len(one) == len(many) <= 8


def test_what_was_renewed_is_called_so_and_no_longer_ends_soon(visit, paper, chief):
    """CE5: the earlier round stays, on the holder's page, the officer's list and record, and the manager's page of the person."""
    holder, keeper = holder_of(paper), people.administrator()
    pages = {holder: "/certificates", keeper: f"/admin/certificates/{paper.number}", chief: f"/team/people/{holder.id}"}
    for who, path in pages.items():
        assert "تنتهي قريبًا" in visit(who).get(path).words, path
    visit(holder).post(f"/certificates/{paper.number}/renew")
    newer = factory.complete(db.session.scalars(select(Renewal)).one(), NOW.date())
    assert newer.cycle == paper.cycle + 1
    for who, path in {**pages, db.session.get(people.Person, keeper.id): "/admin/certificates"}.items():
        words = visit(who).get(path).words
        assert "مجدَّدة" in words and "تنتهي قريبًا" not in words, path
    register = visit(holder).get(f"/verify/{paper.number}").words
    assert "هذه الشهادة سارية" in register
