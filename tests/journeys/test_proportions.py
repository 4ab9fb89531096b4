"""What only somebody who looks sees: what fills its row, what lines up, and what letters enlarged to twice their size do to it."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.pages import CoursePage, Home
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.appearance]
ENLARGE = "() => { document.documentElement.style.fontSize = '200%' }"
BOX = "(element) => { const { left, right, width } = element.getBoundingClientRect(); return { left, right, width }; }"
LETTERS = "(element) => { const words = document.createRange(); words.selectNodeContents(element); return words.getBoundingClientRect().width; }"


def test_a_single_recommendation_fills_its_row(person):
    home = Home.of(person().sign_in(demo.EMPLOYEE))
    (card,) = home.find(".home-next > *").all()
    assert card.evaluate(BOX)["width"] == pytest.approx(home.find(".home-head").evaluate(BOX)["width"], abs=2)


def test_enlarged_initials_stay_in_their_circle(person):
    home = Home.of(person().sign_in(demo.EMPLOYEE))
    circle = home.page.locator("header .avatar").first
    home.page.evaluate(ENLARGE)
    assert circle.evaluate(LETTERS) < circle.evaluate(BOX)["width"]


def test_enlarged_letters_do_not_widen_the_pages_of_a_phone(person):
    learner = person().sign_in(demo.EMPLOYEE)
    learner.page.set_viewport_size(NARROW)
    for path in ("/", "/my-courses", "/my-hours", "/competencies"):
        learner.open(path)
        learner.page.evaluate(ENLARGE)
        assert not learner.too_wide(), path


def test_on_a_phone_the_time_left_begins_where_its_label_does(person):
    learner = person().sign_in(demo.EMPLOYEE)
    learner.page.set_viewport_size(NARROW)
    quiz = CoursePage.of(learner, "cx-measurement").open_activity("quiz")
    quiz.start_quiz()
    label, time = learner.page.locator("#time-label"), learner.page.locator("[data-time-left]")
    assert time.evaluate(BOX)["right"] == pytest.approx(label.evaluate(BOX)["right"], abs=2)
