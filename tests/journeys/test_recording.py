"""AS4: an answer is spoken on the page, heard, used and handed in; the marker plays it back."""

import pytest
from playwright.sync_api import expect

from academy.assessment import services
from academy.assessment.models import AttemptItem
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.queries import course_by_key
from academy.devdata import accounts as demo
from tests.factories import assessment as quizzes
from tests.journeys.knowing import person_id, responses
from tests.journeys.pages import AttemptPage
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FAKE = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
PLAYS = """async (player) => {
    player.muted = true;
    await player.play();
    return player.readyState;
}"""
DENY = """(name) => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
}"""


@pytest.fixture(scope="module")
def chromium(launch):
    """A Chromium with a microphone and a camera that nobody has to speak into."""
    browser = launch(*FAKE)
    yield browser
    browser.close()


@pytest.fixture
def taking(academy, person):
    """Sit somebody down before a question that asks for recordings of these kinds."""

    def sit(who: demo.Account, kinds: list[str], **options) -> AttemptPage:
        at, learner = clock.now(), person_id(academy, who)
        with academy.inside():
            title = LocalizedText(ar="إجابة منطوقة", en="A spoken answer")
            quiz = services.create_quiz(
                course_by_key("cx-measurement").id, "recording", title=title, shuffle=False, at=at
            )
            content = quizzes.content("file", kinds=kinds)
            services.add_question(quiz, key=f"recording-{quiz.number}", type="file", content=content, at=at)
            services.freeze(quiz.id, at)
            attempt_id = services.start_attempt(quiz.id, learner, at=at).id
        visitor = person(**options).sign_in(who)
        visitor.open(f"/attempts/{attempt_id}")
        return AttemptPage(visitor)

    return sit


def record(page: AttemptPage, kind: str) -> None:
    """Record for a second or a little more with the keyboard alone."""
    box = page.find(f"[data-recorder={kind}]")
    box.locator("[data-record]").press("Enter")
    expect(box.locator("[data-stop]")).to_be_focused()
    expect(box.locator("[data-time]")).to_contain_text("0:01")
    page.page.keyboard.press("Enter")
    expect(box.locator("[data-use]")).to_be_focused()
    expect(box.locator("[data-said]")).to_contain_text("لم يُحفظ بعد")
    expect(box.locator("[data-heard]")).to_be_visible()


def test_a_spoken_answer_is_recorded_saved_and_played_by_the_marker(academy, taking, person):
    """AS4: nothing is sent before its owner says so, leaving waits for the decision, a receipt tells that it is saved."""
    page = taking(demo.EMPLOYEE, ["audio"])
    record(page.check(), "audio")
    assert responses(academy, page.attempt_id)[1] is None
    page.press("[name=go][value=review]")
    expect(page.find("[data-said]")).to_contain_text("قبل المتابعة")
    page.press("[data-again]")
    expect(page.find("[data-stop]")).to_be_focused()
    expect(page.find("[data-time]")).to_contain_text("0:01")
    page.press("[data-stop]")
    page.check().press("[data-use]")
    expect(page.find("[data-attempt-say]")).to_contain_text("حُفظ التسجيل")
    expect(page.find(".file-list audio")).to_be_visible()
    expect(page.saved_state).to_contain_text("إيصال")
    entry = responses(academy, page.attempt_id)[1]["files"][0]
    assert (entry["kind"], entry["media"]) == ("webm", "audio") and entry["size"] > 500
    assert page.check().find(".file-list audio").evaluate(PLAYS) >= 2
    page.review().submit()
    desk = person().sign_in(demo.TRAINER)
    item = page_item(academy, page.attempt_id)
    desk.open(f"/marking/answers/{item}")
    desk.check()
    assert desk.page.locator("audio.answer-player").evaluate(PLAYS) >= 2


def page_item(academy, attempt_id: int) -> int:
    """Return the id of an attempt's only answer."""
    with academy.inside():
        return db.session.query(AttemptItem.id).filter_by(attempt_id=attempt_id).scalar()


def test_a_recording_outlives_a_cut_line_and_a_phone_records_a_video(academy, taking):
    """AS4, R1: refused by the line, it stays on the page and is sent when asked again; 390 px wide."""
    page = taking(demo.MANAGER, ["audio", "video"], viewport=NARROW)
    record(page, "video")
    expect(page.find("[data-recorder=audio]")).to_be_hidden()
    page.check()
    with academy.refusing("/attempts/"):
        page.press("[data-recorder=video] [data-use]")
        expect(page.find("[data-recorder=video] [data-said]")).to_contain_text("لم يُحفظ التسجيل")
    page.press("[data-recorder=video] [data-use]")
    expect(page.find(".file-list video")).to_be_visible()
    assert responses(academy, page.attempt_id)[1]["files"][0]["media"] == "video"
    page.check()


def test_without_a_script_or_a_microphone_a_file_can_still_be_chosen(taking):
    """AS4: the file field is always there; the recorder shows itself only where it works and says why it does not."""
    page = taking(demo.PARTNER, ["audio"])
    page.page.evaluate(DENY, "NotAllowedError")
    page.press("[data-record]")
    expect(page.find("[data-said]")).to_contain_text("لم يُسمح للمتصفح")
    page.page.evaluate(DENY, "NotFoundError")
    page.press("[data-record]")
    expect(page.find("[data-said]")).to_contain_text("لم يُعثر على ميكروفون")
    expect(page.check().find("input[type=file]")).to_be_visible()
    plain = taking(demo.PARTNER, ["audio"], java_script_enabled=False)
    assert plain.find("input[type=file]").is_visible() and not plain.find("[data-recorder]").is_visible()
