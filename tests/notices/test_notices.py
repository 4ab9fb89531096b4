"""The list of notices: what is in it, what is new, who may open it; and the letters administrators read."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.notices import kinds, queries, services
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COURSE = LocalizedText("فهم المستفيد", "Understanding the customer")
ZOO = [
    "كِتَابٌـــ", "٠١٢ ۳۴", "\u202eabc\u2066", "👨‍👩‍👧‍👦", "ا" * 255, "و", "O'Brien", "<b>x</b>", "{{7*7}}", "=1+1", "a\x00b", "null",
    "-0", "1e308", "NaN", "\ud800", "100% %(course)s",
]  # fmt: skip


def tell(person, cause="assigned:1", kind=kinds.COURSE_ASSIGNED, address="/account", **values):
    given = {"course": COURSE, "due": date(2026, 12, 20), **values}
    return services.tell(person.id, kind, cause, at=datetime.now(UTC), address=address, **given)


def test_an_empty_list_says_what_will_be_there(app, visit):
    assert visit(people.person()).get("/notices").select_one(".empty")
    assert "No notices yet" in visit(people.person(language="en")).get("/notices").words


def test_a_notice_is_read_in_the_language_of_the_day(app, visit):
    who = people.person()
    tell(who)
    browser = visit(who)
    page = browser.get("/notices")
    assert COURSE.ar in page.words and page.select_one(".notice-list bdi").get_text() == COURSE.ar
    browser.post("/language", {"language": "en", "next": "/notices"})
    assert COURSE.en in browser.get("/notices").words and "20 December 2026" in browser.get("/notices").words


def test_opening_a_notice_marks_it_read_and_leads_where_it_points(app, visit):
    who = people.person()
    notice = tell(who)
    browser = visit(who)
    page = browser.get("/notices")
    assert page.select_one(".bell .count").get_text(" ", strip=True).startswith("1") and page.select("li.unread")
    browser.post(f"/notices/{notice.id}/open", status=302, follow=False)
    assert browser.response.headers["Location"] == "/account"
    page = browser.get("/notices")
    assert not page.select("li.unread") and not page.select_one(".bell .count")
    first = db.session.get(Notice, notice.id).read_at
    browser.post(f"/notices/{notice.id}/open")
    assert db.session.get(Notice, notice.id).read_at == first


def test_reading_a_page_marks_nothing(app, visit):
    who = people.person()
    tell(who)
    visit(who).get("/notices")
    assert queries.unread_count(who.id) == 1


def test_all_are_marked_as_read_but_only_ones_own(app, visit):
    who, other = people.person(), people.person()
    for n in range(3):
        tell(who, f"cause:{n}")
        tell(other, f"cause:{n}")
    visit(who).post("/notices/read")
    assert (queries.unread_count(who.id), queries.unread_count(other.id)) == (0, 3)


def test_a_page_counts_unread_notices_in_the_statement_that_finds_its_reader(app, visit, statements):
    who, other = people.person(), people.person()
    for n in range(3):
        tell(who, f"cause:{n}")
        tell(other, f"cause:{n}")
    tell(other, "cause:more")
    browser = visit(who)
    with statements() as seen:
        page = browser.get("/account/sessions")
    assert page.select_one(".bell .count").get_text(" ", strip=True).startswith("3")
    assert [each.count("notice") > 0 for each in seen] == [True, *[False] * (len(seen) - 1)]
    assert not [each for each in seen if each.startswith("SELECT academy.")]


def test_a_refused_form_counts_them_too(app, visit):
    who = people.person()
    tell(who)
    page = visit(who).post("/account/password", {}, 422)
    assert page.select_one(".bell .count").get_text(" ", strip=True).startswith("1")


def test_nobody_sees_or_opens_the_notices_of_another(app, visit):
    victim = people.person()
    notice = tell(victim, course=LocalizedText("كناري-أ", "canary-a"))
    for intruder in (people.person(), people.administrator(), people.manager()):
        browser = visit(intruder)
        assert "كناري" not in browser.get("/notices").words
        browser.post(f"/notices/{notice.id}/open", status=404)
    assert queries.unread_count(victim.id) == 1


@pytest.mark.parametrize("path", ["/notices", "/admin/letters", "/admin/letters/1"])
def test_a_stranger_is_asked_to_sign_in(app, browser, path):
    browser.get(path, status=302)
    assert browser.response.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("elsewhere", ["https://evil.test", "//evil.test", "javascript:alert(1)"])
def test_a_notice_leads_only_to_our_own_pages(app, visit, elsewhere):
    who = people.person()
    notice = tell(who, address=elsewhere)
    browser = visit(who)
    browser.post(f"/notices/{notice.id}/open", status=302, follow=False)
    assert browser.response.headers["Location"] == "/notices"


@pytest.mark.parametrize("odd", ZOO)
def test_odd_names_are_shown_as_they_are(app, visit, odd):
    who = people.person()
    tell(who, course=LocalizedText(odd.replace("\ud800", ""), ""), note=odd)
    page = visit(who).get("/notices")
    assert (
        not page.select(".notice-list b, .notice-list script")
        and "49" not in page.select_one(".notice-title").get_text()
    )


def test_long_lists_come_in_pages_at_the_same_cost(app, visit, statements):
    who = people.person()
    browser = visit(who)
    tell(who, "first")
    with statements() as one:
        browser.get("/notices")
    for n in range(60):
        tell(who, f"cause:{n}")
    with statements() as many:
        page = browser.get("/notices")
    assert len(one) == len(many) <= 8, many
    assert len(page.select(".notice-list li")) == 25 and page.select("nav.pages")
    assert len(browser.get("/notices?page=3").select(".notice-list li")) == 11


def test_a_higher_slice_registers_a_kind_of_its_own(app, visit):
    kinds.add(kinds.Kind("harvest", "Harvest of %(year)s", ("It was %(how)s.",), "Look", icon="star", mailed=False))
    try:
        who = people.person()
        tell(who, kind="harvest", year=2026, how="rich")
        page = visit(who).get("/notices")
        assert page.select_one(".notice-list p").get_text().strip() == "It was rich." and not db.session.scalar(
            select(Letter.id)
        )
    finally:
        kinds.KINDS.pop("harvest")
    assert visit(who).get("/notices").select_one(".empty")


def test_a_kind_nobody_registered_is_a_mistake_of_ours(app):
    with pytest.raises(LookupError):
        tell(people.person(), kind="unheard-of")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_administrators_read_letters(app, visit, language):
    who = people.person(name=people.both("سارة", "Sara"))
    tell(who)
    jobs.run_all_due()
    browser = visit(people.administrator(language=language))
    page = browser.get("/admin/letters")
    assert COURSE.ar in page.words and who.email in page.words
    page = browser.get(page.select_one("tbody a")["href"])
    assert COURSE.ar in page.select_one("pre").get_text() and page.select_one("a[href='http://localhost/account']")
    assert len(browser.get("/admin/letters?state=kept").select("tbody tr")) == 1
    assert browser.get("/admin/letters?state=failed").select_one(".empty")
    assert len(browser.get("/admin/letters?state='--").select("tbody tr")) == 1
    browser.get("/admin/letters/99999", status=404)


def test_only_administrators_of_the_whole_academy_read_letters(app, visit):
    tell(people.person())
    letter_id = db.session.scalar(select(Letter.id))
    agency = people.organisation()
    for intruder in (
        people.person(),
        people.manager(),
        people.trainer(),
        people.administrator(agency, everywhere=False),
    ):
        browser = visit(intruder)
        browser.get("/admin/letters", status=403)
        browser.get(f"/admin/letters/{letter_id}", status=404)
        browser.post(f"/admin/letters/{letter_id}/send", status=404)


def test_the_link_of_an_invitation_can_be_followed_in_the_demo_but_is_hidden_in_production(app, visit, monkeypatch):
    who = people.person(state="invited")
    token = accounts.invite(who, at=datetime.now(UTC))
    browser = visit(people.administrator())
    address = f"/admin/letters/{db.session.scalar(select(Letter.id))}"
    assert token in browser.get(address).select_one("pre").get_text()
    demo = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", SimpleNamespace(mode="production", secure=True, mail_host="x"))
    browser.get(address)
    assert token not in browser.response.get_data(as_text=True)
    assert demo.mode == "test"


def test_a_sent_letter_is_not_sent_again_by_hand(app, visit):
    tell(people.person())
    browser = visit(people.administrator())
    letter_id = db.session.scalar(select(Letter.id))
    page = browser.post(f"/admin/letters/{letter_id}/send")
    assert page.select_one(".notice.bad")
    jobs.run_all_due()
    browser.post(f"/admin/letters/{letter_id}/send")
    assert db.session.scalar(select(AuditEntry.subject_id).where(AuditEntry.act == "notices:letter:send")) == letter_id


def test_sixty_letters_cost_no_more_statements_than_one(app, visit, statements):
    who = people.person()
    browser = visit(people.administrator())
    tell(who, "first")
    with statements() as one:
        browser.get("/admin/letters")
    for n in range(60):
        tell(who, f"cause:{n}")
    with statements() as many:
        browser.get("/admin/letters")
    assert len(one) == len(many) <= 8


@pytest.mark.concurrency
def test_one_event_heard_by_many_at_once_is_told_once(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who_id = people.person().id

    def hear(_number: int) -> int:
        notice = services.tell(who_id, kinds.COURSE_ASSIGNED, "assigned:1", at=NOW + timedelta(0), course=COURSE)
        return notice.id

    outcomes = run_together(8, hear, app=crowd_app)
    assert len(set(outcomes)) == 1, outcomes
    with crowd_app.app_context():
        assert len(db.session.scalars(select(Letter.id)).all()) == 1
        assert len(db.session.scalars(select(jobs.Job.id)).all()) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_several_people_in_a_notice_are_isolated_one_by_one(app, visit, language):
    who = people.person(language=language)
    late = [(number, LocalizedText(f"ريم {number}", f"Reem <{number}>"), COURSE) for number in (1, 2)]
    tell(who, kind=kinds.PEOPLE_LATE, **kinds.people_with(late))
    shown = visit(who).get("/notices").select_one(".notice-list")
    assert [each.get_text() for each in shown.select("bdi")] == [
        f"{name.show(language)} ({COURSE.show(language)})" for _id, name, _title in late
    ]
    assert "bdi" not in shown.get_text()
