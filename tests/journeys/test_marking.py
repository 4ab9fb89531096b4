"""Questions on a picture: marked and labelled by mouse, by keyboard alone, by touch on a phone, and without scripts."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import AttemptItem
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.queries import course_by_key
from academy.devdata import accounts as demo
from tests.factories import assessment as quizzes
from tests.journeys.knowing import person_id, responses
from tests.journeys.pages import AttemptPage
from tests.journeys.test_placing import drag
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
LABELS = quizzes.RIGHT["drag_on_image"]
POINTS = {"regions": [], "points": [[250, 300], [650, 400]]}


def hall() -> dict:
    """A picture kept for the course, as content names it."""
    data = io.BytesIO()
    Image.new("RGB", (900, 600), "#d8d2c0").save(data, "PNG")
    kept = catalogue.keep_picture(
        course_by_key("cx-measurement"), data.getvalue(), "hall.png", most=10**6, actor_id=None, at=clock.now()
    )
    return quizzes.image(kept.key, 900, 600)


@pytest.fixture
def taking(academy, person):
    """Sit somebody down before a quiz with places to mark and labels to put on a picture."""

    def sit(who: demo.Account, language: str = "ar", **options) -> AttemptPage:
        at, learner = clock.now(), person_id(academy, who)
        with academy.inside():
            title = LocalizedText(ar="على الصورة", en="On the picture")
            quiz = services.create_quiz(
                course_by_key("cx-measurement").id, "marking", title=title, shuffle=False, at=at
            )
            for type in quizzes.PICTURE_TYPES:
                content = quizzes.content(type, image=hall())
                services.add_question(quiz, key=f"marking-{quiz.number}-{type}", type=type, content=content, at=at)
            services.freeze(quiz.id, at)
            attempt_id = services.start_attempt(quiz.id, learner, at=at).id
        visitor = person(**options).sign_in(who)
        if language != "ar":
            visitor.speak(language)
        visitor.open(f"/attempts/{attempt_id}")
        return AttemptPage(visitor)

    return sit


def at(stage: Locator, x: float, y: float) -> dict:
    """Where a point in percent lies on a picture, measured from its corner."""
    box = stage.bounding_box()
    return {"x": box["width"] * x / 100, "y": box["height"] * y / 100}


def near(given: dict, wanted: dict) -> bool:
    """Whether marks lie where they were meant: a pixel on a phone is a third of a percent."""
    pairs = zip(given["points"], wanted["points"], strict=True)
    return all(abs(a - b) <= 10 for one, other in pairs for a, b in zip(one, other, strict=True))


def test_places_are_marked_and_labels_dragged_with_the_mouse(academy, taking):
    """AS3: in RTL, without mirroring the picture; saved, and there again after a reload."""
    page = taking(demo.EMPLOYEE)
    stage = page.find("[data-stage]")
    for x, y in ((25, 30), (65, 40), (90, 90)):
        stage.click(position=at(stage, x, y))
    expect(page.find(".picture-mark")).to_have_count(2)
    expect(page.find("[data-attempt-say]")).to_contain_text("لا يمكن تحديد أكثر من مكانين")
    page.check().is_saved()
    before = page.given
    page.page.reload()
    assert page.given == before
    page.next()
    for label, spot in (("خيار b3", 0), ("خيار b1", 1)):
        card = page.find(".word-piece", has_text=label)
        card.scroll_into_view_if_needed()
        drag(page, card, page.find(".slot.spot").nth(spot))
    expect(page.find(".slot.spot.filled")).to_have_count(2)
    page.check().is_saved()
    given = responses(academy, page.attempt_id)
    assert near(given[1], POINTS) and given[2] == LABELS
    result = page.review().submit().says("100%").check()
    assert result.find(".right-area").count() == 2 and result.find(".picture-mark.right").count() == 2


def test_places_are_marked_and_labels_put_with_the_keyboard_alone(academy, taking):
    """AS3: arrows move a cross and Enter marks; what happens is said aloud; a mark is taken away the same way."""
    page = taking(demo.MANAGER)
    keys, voice = page.page.keyboard, page.find("[data-attempt-say]")
    page.find("[data-stage]").focus()
    for key in ["Shift+ArrowLeft"] * 3 + ["ArrowRight"] * 5 + ["Shift+ArrowUp"] * 2:
        keys.press(key)
    expect(voice).to_contain_text("25")
    keys.press("Enter")
    expect(page.find(".picture-mark")).to_have_count(1)
    keys.press("Space")
    expect(page.find(".picture-mark")).to_have_count(0)
    keys.press("Enter")
    page.find(".marking-names input").first.focus()
    page.is_saved()
    page.next()
    for label, spot in (("خيار b3", 0), ("خيار b1", 1)):
        page.find(".word-piece", has_text=label).focus()
        keys.press("Enter")
        page.find(".slot.spot").nth(spot).focus()
        keys.press("Enter")
        expect(voice).to_contain_text(label)
    page.is_saved()
    assert responses(academy, page.attempt_id) == {1: {"regions": [], "points": [[250, 300]]}, 2: LABELS}


def test_places_are_marked_and_labels_put_by_touch_on_a_phone_in_english(academy, taking):
    """AS3: at 390 pixels a press marks, a press on the mark takes it away; a press picks a label up, another puts it down."""
    page = taking(demo.PARTNER, "en", **PHONE)
    stage = page.find("[data-stage]")
    for x, y in ((90, 90), (90, 90), (25, 30), (65, 40)):
        stage.tap(position=at(stage, x, y))
    expect(page.find(".picture-mark")).to_have_count(2)
    page.check().is_saved()
    page.next()
    for label, spot in (("Choice b3", 0), ("Choice b1", 1)):
        page.press(page.find(".word-piece", has_text=label))
        page.press(page.find(".slot.spot").nth(spot))
    page.check().is_saved()
    given = responses(academy, page.attempt_id)
    assert near(given[1], POINTS) and given[2] == LABELS
    page.review().submit().says("100%").check()


def test_without_scripts_places_are_chosen_by_name_or_written(academy, taking):
    """AS3: the same is earned by whoever cannot see the picture or point at it."""
    page = taking(demo.DIRECTOR, java_script_enabled=False)
    with academy.inside():
        query = select(AttemptItem.position, AttemptItem.paper).where(AttemptItem.attempt_id == page.attempt_id)
        papers = dict(db.session.execute(query).all())
    page.find(f".marking-names input[value=p{papers[1]['regions'].index('g2') + 1}]").check()
    page.find(".marking-fields summary").click()
    page.find("input[name=a1-m1]").fill("٦٥ خطأ")
    page.find("button[name=go][value=next]").last.click()
    expect(page.find(".error:not([hidden])")).to_contain_text("يُرجى كتابة المكان بعددين")
    assert page.find("input[name=a1-m1]").input_value() == "٦٥ خطأ"
    page.find("input[name=a1-m1]").fill("٦٥ ٤٠")
    page.find("button[name=go][value=next]").last.click()
    for place, spot in enumerate(papers[2]["spots"], start=1):
        token = papers[2]["labels"].index(LABELS["pairs"][spot]) + 1
        page.find(f"select[name=a2-p{place}]").select_option(f"p{token}")
    page.find("button[name=go][value=review]").last.click()
    assert responses(academy, page.attempt_id) == {1: quizzes.RIGHT["hotspot"], 2: LABELS}
