"""Texts with gaps, categories and opinions: by mouse, by keyboard alone, by touch on a phone, and without scripts."""

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

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
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
TYPES = ("gap_fill", "categories", "matrix")
RIGHT = {place: quizzes.RIGHT[type] for place, type in enumerate(TYPES, start=1)}


@pytest.fixture
def taking(academy, person):
    """Sit somebody down before a quiz with a text with gaps, categories and opinions."""

    def sit(who: demo.Account, language: str = "ar", **options) -> AttemptPage:
        at, learner = clock.now(), person_id(academy, who)
        with academy.inside():
            title = LocalizedText(ar="وضع الأشياء في أماكنها", en="Putting things in their places")
            quiz = services.create_quiz(
                course_by_key("cx-measurement").id, "placing", title=title, shuffle=False, at=at
            )
            for type in TYPES:
                key = f"placing-{quiz.number}-{type}"
                services.add_question(quiz, key=key, type=type, content=quizzes.content(type), at=at)
            services.freeze(quiz.id, at)
            attempt_id = services.start_attempt(quiz.id, learner, at=at).id
        visitor = person(**options).sign_in(who)
        if language != "ar":
            visitor.speak(language)
        visitor.open(f"/attempts/{attempt_id}")
        return AttemptPage(visitor)

    return sit


def drag(page: AttemptPage, card: Locator, place: Locator) -> None:
    """Drag a card with the mouse."""
    start, end = card.bounding_box(), place.bounding_box()
    mouse = page.page.mouse
    mouse.move(start["x"] + 12, start["y"] + 12)
    mouse.down()
    mouse.move(start["x"] + 40, start["y"] + 40, steps=3)
    mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=5)
    mouse.up()


def boxes(page):
    """How high each zone is, and where it lies in its board."""
    return page.page.evaluate(
        "[...document.querySelectorAll('.zone')].map((zone) => [zone.offsetLeft, zone.offsetTop, zone.offsetHeight])"
    )


def test_words_and_items_are_dragged_to_their_places(academy, taking):
    """AS3: by mouse, in RTL; what is dragged is saved, and there again after a reload."""
    page = taking(demo.EMPLOYEE).check()
    page.find("input.gap-field").fill("الرضا")
    page.find("select.gap-field:not([data-slot])").select_option(label="خيار o2")
    drag(page, page.find(".word-piece", has_text="خيار w1"), page.find(".slot"))
    drag(page, page.find(".word-piece", has_text="خيار w2"), page.find(".slot"))
    expect(page.find(".slot")).to_have_text("خيار w2")
    page.is_saved()
    before = page.given
    page.page.reload()
    assert page.given == before
    expect(page.find(".slot")).to_have_text("خيار w2")
    page.next().check()
    for item, category in quizzes.RIGHT["categories"]["pairs"].items():
        zone = page.find(".zone", has_text=f"خيار {category}")
        drag(page, page.find(".card-piece", has_text=f"خيار {item}"), zone)
    expect(page.find(".zone.waiting .card-piece")).to_have_count(0)
    page.is_saved()
    page.next().check()
    page.find(".matrix-row").nth(0).get_by_text("خيار k3").click()
    page.find(".matrix-row").nth(1).get_by_text("خيار k1").click()
    page.is_saved()
    assert responses(academy, page.attempt_id) == RIGHT
    result = page.review().submit().says("100%").check()
    assert result.is_passed and result.find(".gap.right").count() == 3


def test_everything_is_placed_with_the_keyboard_alone(academy, taking):
    """AS3: pick up with Enter, put down with Enter; what happens is said aloud."""
    page = taking(demo.MANAGER)
    keys, voice = page.page.keyboard, page.find("[data-attempt-say]")
    page.find("input.gap-field").focus()
    keys.type("satisfaction")
    word = page.find(".word-piece", has_text="خيار w2")
    word.focus()
    keys.press("Enter")
    expect(word).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(word).to_have_attribute("aria-pressed", "false")
    expect(word).to_be_focused()
    keys.press("Enter")
    expect(page.find(".slot")).to_be_focused()
    keys.press("Enter")
    expect(voice).to_contain_text("خيار w2")
    expect(page.find(".slot")).to_have_text("خيار w2")
    keys.press("Enter")
    expect(page.find(".slot")).to_have_text("……")
    page.is_saved()
    page.next()
    for item, category in quizzes.RIGHT["categories"]["pairs"].items():
        page.find(".card-piece", has_text=f"خيار {item}").focus()
        keys.press("Enter")
        for _step in range(1, int(category[1:])):
            keys.press("Tab")
        keys.press("Enter")
        expect(voice).to_contain_text(f"خيار {category}")
    page.is_saved()
    page.next()
    page.find(".matrix-row input").first.focus()
    keys.press("Space")
    keys.press("ArrowDown")
    page.is_saved()
    given = responses(academy, page.attempt_id)
    assert given[1] == {"gaps": {"1": "satisfaction"}} and given[2] == RIGHT[2]
    assert given[3] == {"ratings": {"s1": "k2"}}


def test_everything_is_placed_by_touch_on_a_phone_in_english(academy, taking):
    """AS3, AS5: a press picks up, a press puts down, at 390 pixels."""
    page = taking(demo.PARTNER, "en", **PHONE).check()
    page.find("input.gap-field").fill("satisfaction")
    page.find("select.gap-field:not([data-slot])").select_option(label="Choice o2")
    page.press(page.find(".word-piece", has_text="Choice w2"))
    page.press(".slot")
    page.is_saved()
    page.next().check()
    for item, category in quizzes.RIGHT["categories"]["pairs"].items():
        before = boxes(page)
        page.press(page.find(".card-piece", has_text=f"Choice {item}"))
        assert boxes(page) == before, "nothing moves away while something is held"
        page.press(page.find(".zone", has_text=f"Choice {category}").locator(".zone-put"))
        page.is_saved()  # what the page says of it may take a line more
    page.next().check()
    page.press(page.find(".matrix-row").nth(0).locator("label", has_text="Choice k3"))
    page.press(page.find(".matrix-row").nth(1).locator("label", has_text="Choice k1"))
    page.is_saved()
    in_english = {"gaps": {**RIGHT[1]["gaps"], "1": "satisfaction"}}
    assert responses(academy, page.attempt_id) == {**RIGHT, 1: in_english}
    page.review().submit().says("100%").check()


def test_an_item_is_dragged_by_its_grip_with_a_finger(academy, taking):
    """AS3: the touch that began on the grip carries the card all the way; elsewhere on the card the page scrolls."""
    page = taking(demo.EMPLOYEE, **PHONE).go_to(2)
    finger = page.page.context.new_cdp_session(page.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    for item, category in quizzes.RIGHT["categories"]["pairs"].items():
        card, zone = page.find(".card-piece", has_text=f"خيار {item}"), page.find(".zone", has_text=f"خيار {category}")
        card.evaluate("card => card.scrollIntoView({ block: 'center', behavior: 'instant' })")
        grip = card.locator(".grip").bounding_box()
        x, y = grip["x"] + 12, grip["y"] + 14
        touch("touchStart", (x, y))
        touch("touchMove", (x, y + 9))  # lifted: the places open
        place = zone.bounding_box()
        for step in range(1, 9):
            touch("touchMove", (x + (place["x"] + 40 - x) * step / 8, y + (place["y"] + 20 - y) * step / 8))
        touch("touchEnd")
        expect(zone.locator(".card-piece", has_text=f"خيار {item}")).to_be_visible()
    page.is_saved()
    assert responses(academy, page.attempt_id)[2] == RIGHT[2]


def test_without_scripts_the_same_answers_are_chosen_from_lists(academy, taking):
    """AS3: plain selects, fields and radio buttons."""
    page = taking(demo.DIRECTOR, java_script_enabled=False)
    with academy.inside():
        papers = dict(
            db.session.execute(
                select(AttemptItem.position, AttemptItem.paper).where(AttemptItem.attempt_id == page.attempt_id)
            ).all()
        )
    page.find("input.gap-field").fill("الرضا")
    page.find("select.gap-field").nth(0).select_option(f"p{papers[1]['choices.2'].index('o2') + 1}")
    page.find("select.gap-field").nth(1).select_option(f"p{papers[1]['words'].index('w2') + 1}")
    page.find("button[name=go][value=next]").last.click()
    for place, item in enumerate(papers[2]["items"], start=1):
        category = RIGHT[2]["pairs"][item]
        page.find(f"select[name=a2-p{place}]").select_option(f"p{papers[2]['categories'].index(category) + 1}")
    page.find("button[name=go][value=next]").last.click()
    page.find("input[name=a3-p1][value=p3]").check()
    page.find("input[name=a3-p2][value=p1]").check()
    page.find("button[name=go][value=review]").last.click()
    assert responses(academy, page.attempt_id) == RIGHT
