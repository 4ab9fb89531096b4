"""What the screen calls saved is never lost, and what is not saved is never called so: P1 and the incidents behind it."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from academy.accounts import services as accounts
from academy.assessment.models import Attempt, AttemptItem, SaveReceipt
from academy.base import clock
from academy.base.db import db
from academy.devdata import accounts as demo
from academy.learning.models import ActivityState
from tests.journeys.knowing import (
    arabic,
    attempt_row,
    begin_attempt,
    person_id,
    responses,
    right_answers,
    set_time_left,
)
from tests.journeys.pages import SENT_AGAIN, AttemptPage, CoursePage, ResultPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
MOVED_CLOCK = """(() => {
    const Real = Date, ahead = %d;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
        static now() { return Real.now() + ahead; }
    };
})()"""


@pytest.fixture
def taking(academy, person):
    """Sit somebody down before an attempt at a course's quiz."""

    def sit(who: demo.Account, course: str = "cx-measurement", **options) -> AttemptPage:
        attempt_id = begin_attempt(academy, who, course, **options)
        visitor = person().sign_in(who)
        visitor.open(f"/attempts/{attempt_id}")
        return AttemptPage(visitor)

    return sit


def first_choice(page: AttemptPage) -> int:
    """Return the place of the first question that is answered by choosing one option, and open it."""
    while page.sheet().get_attribute("data-kind") != "single":
        page.next()
    return page.position


def receipts(academy, attempt_id: int) -> int:
    """Count the receipts that an attempt has given."""
    with academy.inside():
        return db.session.scalar(select(func.count(SaveReceipt.id)).where(SaveReceipt.attempt_id == attempt_id))


def test_a_save_that_hangs_is_said_within_five_seconds(academy, person):
    """R1: the academy neither takes nor refuses; by the clock of the page, not by that of the machine."""
    attempt_id = begin_attempt(academy, demo.DEPUTY, "cx-measurement")
    visitor = person()
    visitor.page.clock.install()
    page = AttemptPage(visitor.sign_in(demo.DEPUTY).open(f"/attempts/{attempt_id}"))
    first_choice(page)
    held = []
    visitor.page.route("**/save", lambda route: held.append(route))
    with visitor.page.expect_request("**/save"):
        page.choose(1)
        visitor.page.clock.run_for(250)
    expect(page.saved_state).to_have_attribute("data-state", "saving")
    visitor.page.clock.run_for(4_750)
    expect(page.saved_state).to_have_attribute("data-state", "unsaved")
    for each in held:
        each.continue_()
    visitor.page.unroute("**/save")
    page.is_saved()


def test_a_save_that_fails_is_said_and_survives_a_reload(academy, taking):
    """R1, R3: the server refuses to answer; the page never says saved; after a reload the answer is there and then sent."""
    page = taking(demo.EMPLOYEE)
    position = first_choice(page)
    with academy.refusing("/save"):
        page.choose(1)
        expect(page.saved_state).to_have_attribute("data-state", "unsaved")
        page.says(arabic("Not saved"))
        page.page.once("dialog", lambda dialog: dialog.accept())  # the browser asks before it leaves something unsaved
        page.page.reload()
        page.says(arabic("Answers that had not been saved were restored from this device. Questions: %(numbers)s"))
        expect(page.option(1)).to_be_checked()
        expect(page.saved_state).to_have_attribute("data-state", "unsaved")
        assert responses(academy, page.attempt_id)[position] is None
    page.is_saved()
    page.check()
    assert responses(academy, page.attempt_id)[position]
    page.page.reload()
    expect(page.option(1)).to_be_checked()


def test_without_a_connection_the_page_stays_and_sends_by_itself_afterwards(academy, taking):
    """AS10, R1, R3: offline, answer, try to go on, online."""
    page = taking(demo.NEWCOMER)
    position = first_choice(page)
    address = page.page.url
    page.page.context.set_offline(True)
    page.choose(0)
    expect(page.saved_state).to_have_attribute("data-state", "offline")
    page.says("لا اتصال: إجاباتك محفوظة على هذا الجهاز")
    page.press("button[name=go][value=next]")
    expect(page.find("[data-message=stay]")).to_be_visible()
    assert page.page.url == address
    page.page.context.set_offline(False)
    page.is_saved()
    expect(page.find("[data-message]")).to_have_count(0)
    assert responses(academy, page.attempt_id)[position]
    page.next()


def test_a_reply_that_is_lost_makes_no_second_save(academy, taking):
    """R25: the academy keeps the answer, its receipt never arrives, the page sends again: one receipt."""
    page = taking(demo.DIRECTOR)
    first_choice(page)
    with academy.losing_replies("/save"):
        page.choose(2)
        expect(page.saved_state).to_have_attribute("data-state", "unsaved")
    page.is_saved()
    assert receipts(academy, page.attempt_id) == 1


def test_answers_of_every_type_stay_through_a_reload(academy, taking):
    """R2: for each type of question, all on one page."""
    page = taking(demo.MANAGER, "service-design", layout="all")
    for position, known in right_answers(academy, page.attempt_id, "ar").items():
        page.answer(known, position)
    page.is_saved()
    before = page.given
    page.page.reload()
    assert page.given == before
    assert all(responses(academy, page.attempt_id).values())


def test_the_language_can_change_in_the_middle(academy, taking):
    page = taking(demo.MANAGER, "cx-foundations")
    first_choice(page)
    page.choose(1).is_saved()
    page.visitor.speak("en")
    expect(page.option(1)).to_be_checked()
    page.says("Saved").visitor.speak("ar")


def test_an_attempt_that_was_begun_while_the_line_was_cut_is_the_one_that_is_continued(academy, person):
    """R4, R10: the reply to starting is lost; starting again opens the same attempt."""
    partner = person().sign_in(demo.PARTNER)
    quiz = CoursePage.of(partner, "cx-foundations").open_activity("quiz")

    with academy.losing_replies("/quiz/attempt"):
        quiz.press_and_arrive(".quiz-rules form button")
    attempt = (
        CoursePage.of(partner, "cx-foundations").open_activity("quiz").says(arabic("Continue the attempt")).start_quiz()
    )
    learner = person_id(academy, demo.PARTNER)
    with academy.inside():
        found = select(Attempt.id).where(Attempt.learner_id == learner)
        assert db.session.scalars(found).all() == [attempt.attempt_id]


def test_signing_in_again_saves_what_was_answered_while_signed_out(academy, taking):
    """R1: the session is ended by somebody else in the middle of the quiz."""
    page = taking(demo.TRAINER)
    position = first_choice(page)
    trainer = person_id(academy, demo.TRAINER)
    with academy.inside():
        accounts.end_all_sessions(trainer, at=clock.now())
    page.choose(0)
    page.says(arabic("You have been signed out. Your answers are kept on this device."))
    expect(page.saved_state).to_have_attribute("data-state", "unsaved")
    with page.page.context.expect_page() as opened:
        page.press("[data-message=signedOut] a")
    tab = opened.value
    tab.fill("input[name=email]", demo.TRAINER.email)
    tab.fill("input[name=password]", demo.TRAINER.password)
    tab.click("main form button[type=submit]")
    tab.wait_for_url(re.compile(r"/attempts/\d+"))
    tab.close()
    page.is_saved()
    assert responses(academy, page.attempt_id)[position]
    expect(page.find("[data-message=signedOut]")).to_have_count(0)


def test_a_second_device_never_overwrites_a_newer_answer_unasked(academy, person, taking):
    """R26: the older page is told and decides; both ways."""
    desk = taking(demo.ADMINISTRATOR)
    position = first_choice(desk)
    phone = AttemptPage(person().sign_in(demo.ADMINISTRATOR).open(f"/attempts/{desk.attempt_id}?q={position}"))
    phone.choose(0).is_saved()
    kept = responses(academy, desk.attempt_id)[position]
    desk.choose(1).says(arabic("A newer answer to this question was saved from another window or device.")).check()
    assert responses(academy, desk.attempt_id)[position] == kept
    desk.press("[data-keep-mine]")
    desk.is_saved()
    mine = responses(academy, desk.attempt_id)[position]
    assert mine != kept
    phone.choose(2)
    phone.press("[data-take-newer]")
    expect(phone.option(1)).to_be_checked()
    assert responses(academy, desk.attempt_id)[position] == mine


def left_behind(academy, person, taking, who: demo.Account) -> tuple[AttemptPage, int]:
    """Leave an older answer on a phone that lost its line, answer newer at the desk; return the phone, back on the line.

    It shows another question. The phone's answer is the option at place 0, the one that is kept that at place 1.
    """
    desk = taking(who, "cx-measurement")
    position = first_choice(desk)
    phone = person().sign_in(who).open(f"/attempts/{desk.attempt_id}?q={position}")
    phone.page.context.set_offline(True)
    AttemptPage(phone).choose(0)
    expect(AttemptPage(phone).saved_state).to_have_attribute("data-state", "offline")
    desk.choose(1).is_saved()
    away = phone.another_tab()
    phone.page.close()
    away.page.context.set_offline(False)
    other = AttemptPage(away.open(f"/attempts/{desk.attempt_id}?q={position + 1}"))
    expect(other.find(f"[data-message=item-{position}]")).to_be_visible()
    return other, position


def test_an_answer_that_came_too_late_holds_nobody_at_another_question(academy, person, taking):
    """R26: it is said on every page with the way to it; one goes on, decides at the question, and submits."""
    phone, position = left_behind(academy, person, taking, demo.OFFICER)
    kept = responses(academy, phone.attempt_id)[position]
    said = phone.find(f"[data-message=item-{position}]")
    phone.next()
    assert phone.position == position + 2
    expect(said).to_be_visible()
    review = phone.review()
    review.press(review.press_submit())
    expect(review.find("[data-message=stay]")).to_contain_text("تنتظر قرارك")
    assert attempt_row(academy, phone.attempt_id).state == "open"
    phone.press_and_arrive(said.locator("a"))
    assert phone.position == position
    expect(phone.option(0)).to_be_checked()
    phone.press("[data-keep-mine]")
    phone.is_saved()
    assert responses(academy, phone.attempt_id)[position] != kept
    phone.review().submit()


def test_an_answer_that_came_too_late_can_be_given_up_from_anywhere(academy, person, taking):
    """R26: the newer one stays, and nothing of the older one is left on the device."""
    phone, position = left_behind(academy, person, taking, demo.REVIEWER)
    kept = responses(academy, phone.attempt_id)[position]
    review = phone.review()
    review.press(f"[data-message=item-{position}] button >> nth=1")
    expect(review.find("[data-message]:not([data-message=elsewhere])")).to_have_count(0)
    review.submit()
    assert responses(academy, phone.attempt_id)[position] == kept


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wrong_clock_of_the_device_changes_nothing(hours, academy, person):
    """AS9, R32: an hour ahead or behind, the time left is the academy's."""
    attempt_id = begin_attempt(academy, demo.PARTNER_ADMINISTRATOR, "cx-measurement", seconds=1_200)
    visitor = person()
    visitor.page.context.add_init_script(MOVED_CLOCK % (hours * 3_600_000))
    visitor.sign_in(demo.PARTNER_ADMINISTRATOR).open(f"/attempts/{attempt_id}")
    page = AttemptPage(visitor)
    first_choice(page)
    left = (attempt_row(academy, attempt_id).deadline - clock.now()).total_seconds()
    assert abs(page.time_left - left) < 10
    page.choose(1 + hours).is_saved()


def test_when_time_is_over_the_open_page_sends_its_last_words_and_submits(academy, taking):
    """R7: what was typed in the last moment counts."""
    page = taking(demo.PARTNER, "cx-measurement")
    while page.sheet().get_attribute("data-kind") != "short_text":
        page.next()
    position = page.position
    with academy.inside():
        set_time_left(page.attempt_id, 15)  # enough to open the page and to type on a busy machine
    page.page.reload()
    page.sheet().locator("input[type=text]").press_sequentially("المستنتج")
    page.page.wait_for_url(re.compile("/result"), timeout=SENT_AGAIN)
    assert ResultPage(page.visitor).attempt_id == page.attempt_id
    assert responses(academy, page.attempt_id)[position] == {"text": "المستنتج"}


def test_an_attempt_whose_learner_never_returns_is_closed_with_what_was_saved(academy, taking):
    """R5, R6, R8, R9: the worker closes it, counts the saved answers, and completes nothing else."""
    page = taking(demo.EMPLOYEE, "cx-measurement")
    known = right_answers(academy, page.attempt_id, "ar")
    page.go_to(1).answer(known[1]).is_saved()
    begun = CoursePage.of(page.visitor, "cx-measurement")
    lesson = begun.open_activity("quiz")
    completed = completed_of(academy, lesson.ids[0])
    attempt_id = begin_attempt(academy, demo.EMPLOYEE, "cx-measurement", seconds=-60)
    academy.work()
    row = attempt_row(academy, attempt_id)
    assert (row.state, row.closed_by, row.passed) == ("graded", "clock", False)
    assert 1 <= row.score <= answered_of(academy, attempt_id), (
        "the right answer that was saved counts, and nothing unsaved"
    )
    assert completed_of(academy, lesson.ids[0]) == completed
    page.visitor.open(f"/attempts/{attempt_id}")
    ResultPage(page.visitor).says(arabic("closed when the time was over")).check()


def answered_of(academy, attempt_id: int) -> int:
    """Return how many questions of an attempt have a saved answer (an earlier story may have left some)."""
    with academy.inside():
        rows = db.session.scalars(select(AttemptItem.response).where(AttemptItem.attempt_id == attempt_id))
        return sum(response is not None for response in rows)


def completed_of(academy, enrolment_id: int) -> set[int]:
    """Return the activities that an enrolment has completed."""
    query = select(ActivityState.activity_id).where(ActivityState.state == "completed")
    with academy.inside():
        return set(db.session.scalars(query.where(ActivityState.enrolment_id == enrolment_id)))
