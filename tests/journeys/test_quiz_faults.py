"""Two windows, two devices, a crash, a restart, other clocks and zones: what the learner sees, and what is kept."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select, update

from academy.accounts import services as accounts
from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import Attempt, AttemptItem, IntegrityEvent
from academy.base import clock
from academy.base.db import db
from academy.devdata import accounts as demo
from tests.invariants import unfaithful
from tests.journeys.knowing import arabic, attempt_row, begin_attempt, person_id, responses
from tests.journeys.pages import AttemptPage
from tests.journeys.test_quiz_survives import first_choice, taking  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ZOO = "نصّ 👩‍👧‍👦 بَعْدَهُ كلام — O’Brien ‎٣٫٥ 🇸🇦 {{7*7}} <b>"
HIDE = """(hidden) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => hidden ? "hidden" : "visible" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
KEPT_HERE = "Object.keys(localStorage).filter((name) => /^attempt\\./.test(name))"


def first_text(page: AttemptPage) -> int:
    """Open the first question that is answered by writing; return its place."""
    while page.sheet().get_attribute("data-kind") != "short_text":
        page.next()
    return page.position


def test_two_windows_of_one_device_are_told_of_each_other(taking):  # noqa: F811
    """AS10: detected, explained, and taken back when one is closed."""
    page = taking(demo.EMPLOYEE)
    explained = arabic("This attempt is also open in another window of this device. Answer in one of them only: a page that does not know of a newer answer never replaces it without asking you.")  # fmt: skip
    other = page.visitor.another_tab().open(f"/attempts/{page.attempt_id}")
    for each in (page.page, other.page):
        expect(each.locator("[data-message=tab]")).to_contain_text(explained)
    other.page.close()
    expect(page.find("[data-message=tab]")).to_have_count(0)
    page.check()


def test_a_second_device_is_told_of_and_explained(academy, person, taking):  # noqa: F811
    """AS10, R26: whoever opens or saves next learns that the newest answers came from another device."""
    desk = taking(demo.MANAGER, "service-design", layout="all")
    choices = desk.page.locator("[data-kind=single]")
    first, second = (int(choices.nth(place).get_attribute("data-sheet")) for place in (0, 1))
    desk.choose(0, position=first).is_saved()
    phone = AttemptPage(person().sign_in(demo.MANAGER).open(f"/attempts/{desk.attempt_id}"))
    phone.says("حُفظت أحدث إجابات هذه المحاولة من جهاز آخر")
    phone.choose(1, position=second).is_saved()
    expect(desk.find("[data-message=elsewhere]")).to_have_count(0)
    desk.choose(1, position=first)
    expect(desk.find("[data-message=elsewhere]")).to_be_visible()
    desk.check()
    desk.press("[data-message=elsewhere] a")
    expect(desk.sheet(second).locator("input[type=radio]").nth(1)).to_be_checked()
    with academy.inside():
        assert desk.attempt_id not in unfaithful()


def test_a_browser_that_crashes_keeps_what_was_not_saved(academy, taking):  # noqa: F811
    """P1, R1: nothing goes through, the tab dies; a new one has the answer and sends it; afterwards nothing stays behind."""
    page = taking(demo.DIRECTOR)
    position, attempt_id = first_choice(page), page.attempt_id
    with academy.refusing("/save"):
        page.choose(2)
        expect(page.saved_state).to_have_attribute("data-state", "unsaved")
        with pytest.raises(Error):
            page.page.goto("chrome://crash")
    assert responses(academy, attempt_id)[position] is None
    again = AttemptPage(page.visitor.another_tab().open(f"/attempts/{attempt_id}?q={position}"))
    expect(again.option(2)).to_be_checked()
    again.is_saved()
    assert responses(academy, attempt_id)[position]
    assert again.page.evaluate(f"{KEPT_HERE}.filter((name) => /\\d$/.test(name))") == []


def test_whoever_was_signed_out_and_comes_back_by_the_sign_in_page_finds_the_answer(academy, taking):  # noqa: F811
    """P1, ASVS 7.3.1: the session ends, the learner reloads, signs in, is back in the attempt, the answer is sent."""
    page = taking(demo.TRAINER)
    position, learner = first_choice(page), person_id(academy, demo.TRAINER)
    with academy.inside():
        accounts.end_all_sessions(learner, at=clock.now())
    page.choose(0)
    expect(page.saved_state).to_have_attribute("data-state", "unsaved")
    page.page.once("dialog", lambda dialog: dialog.accept())
    page.page.reload()
    page.visitor.give_credentials(demo.TRAINER.email, demo.TRAINER.password)
    page.page.wait_for_url(re.compile(r"/attempts/\d+"))
    page.is_saved()
    assert responses(academy, page.attempt_id)[position]


def test_signing_out_leaves_nothing_of_the_attempt_in_the_browser(taking):  # noqa: F811
    """ASVS 14.3.1, 14.3.3."""
    page = taking(demo.ADMINISTRATOR)
    first_choice(page)
    page.choose(0).is_saved()
    page.visitor.press("summary.avatar-button")
    page.visitor.press("form[action$='/sign-out'] button")
    page.page.wait_for_url(re.compile(r"/(sign-in)?$"))
    assert page.page.evaluate(KEPT_HERE) == []


def test_a_restart_of_the_academy_in_the_middle_costs_nothing(academy, taking, tmp_path):  # noqa: F811
    """P1, P10: what was given while it was away is sent when it is back; who was signed in still is."""
    page = taking(demo.NEWCOMER)
    position = first_choice(page)
    page.choose(0).is_saved()
    before, settings = responses(academy, page.attempt_id)[position], academy.app.extensions["settings"]
    academy.stop()
    page.choose(1)
    expect(page.saved_state).to_have_attribute("data-state", "unsaved")
    academy.restart(settings)
    page.is_saved()
    kept = responses(academy, page.attempt_id)[position]
    assert kept and kept != before
    with academy.inside():
        assert page.attempt_id not in unfaithful()


def test_more_time_reaches_an_open_page_before_its_clock_runs_out(academy, person):
    """AS16, AS9: granted meanwhile, learned without a reload; the page does not submit by its old clock."""
    attempt_id = begin_attempt(academy, demo.PARTNER, "cx-measurement", seconds=120)
    visitor = person()
    visitor.page.clock.install()
    page = AttemptPage(visitor.sign_in(demo.PARTNER).open(f"/attempts/{attempt_id}"))
    learner = person_id(academy, demo.PARTNER)
    with academy.inside():
        someone = db.session.get_one(Person, learner)
        assessment.accommodate(someone, assessment.Terms(extra_percent=300), actor_id=None, at=clock.now())
    page.page.clock.fast_forward(125_000)
    expect(page.find("[data-message=more]")).to_be_visible()
    assert page.time_left > 600 and "/result" not in page.page.url
    assert attempt_row(academy, attempt_id).state == "open"
    page.check()


def test_the_timer_of_a_quiz_that_was_left_does_nothing_elsewhere(academy, person):
    """R5: left by a link of the page, its time over long ago: nothing is submitted, the reader stays where they are."""
    attempt_id = begin_attempt(academy, demo.PARTNER_ADMINISTRATOR, "cx-measurement", seconds=120)
    visitor = person()
    visitor.page.clock.install()
    visitor.sign_in(demo.PARTNER_ADMINISTRATOR).open(f"/attempts/{attempt_id}")
    visitor.page.locator("a[href='/courses']").first.click()
    visitor.page.wait_for_url(re.compile("/courses$"))
    visitor.page.clock.fast_forward(300_000)
    assert visitor.path == "/courses"
    assert attempt_row(academy, attempt_id).state == "open"


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns"])
def test_the_time_left_is_the_academys_in_every_zone(zone, academy, person):
    """R31: a zone of quarter hours east, one of half hours with daylight saving west."""
    attempt_id = begin_attempt(academy, demo.PARTNER_ADMINISTRATOR, "cx-measurement", seconds=1_200)
    page = AttemptPage(person(timezone_id=zone).sign_in(demo.PARTNER_ADMINISTRATOR).open(f"/attempts/{attempt_id}"))
    left = (attempt_row(academy, attempt_id).deadline - clock.now()).total_seconds()
    assert abs(page.time_left - left) < 10


def test_text_behind_an_emoji_is_kept_and_shown_again(academy, taking):  # noqa: F811
    """R33: family emoji, marks, quotes and what looks like markup, byte for byte."""
    page = taking(demo.EMPLOYEE)
    position = first_text(page)
    page.write(ZOO).is_saved()
    stored = responses(academy, page.attempt_id)[position]["text"]
    page.page.reload()
    expect(page.sheet().locator("input[type=text]")).to_have_value(stored)
    assert stored == ZOO.replace("\u200e", "") or stored == ZOO


def test_time_on_a_question_and_absences_are_counted_while_it_can_be_seen(academy, person):
    """AS21: half a minute on a question counts, the time behind another tab does not; that is an absence."""
    attempt_id = begin_attempt(academy, demo.PARTNER, "cx-measurement", seconds=1_200)
    visitor = person()
    visitor.page.clock.install()
    page = AttemptPage(visitor.sign_in(demo.PARTNER).open(f"/attempts/{attempt_id}"))
    with academy.inside():
        earlier = clock.now() - timedelta(minutes=5)
        db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(timed_until=earlier))
        db.session.execute(update(AttemptItem).where(AttemptItem.attempt_id == attempt_id).values(seconds=0))
    position = page.position
    page.page.clock.fast_forward(30_000)
    page.page.evaluate(HIDE, True)
    page.page.clock.fast_forward(40_000)
    page.page.evaluate(HIDE, False)
    page.next()
    with academy.inside():
        mine = AttemptItem.attempt_id == attempt_id, AttemptItem.position == position
        seconds = db.session.scalar(select(AttemptItem.seconds).where(*mine))
        away = db.session.scalars(select(IntegrityEvent.seconds).where(IntegrityEvent.attempt_id == attempt_id)).all()
        opened = select(AttemptItem.opened_at).where(
            AttemptItem.attempt_id == attempt_id, AttemptItem.position == position + 1
        )
        assert 30 <= seconds <= 39 and 40 in away
        assert db.session.scalar(opened) is not None
