"""An examination in Arabic: drawn from the bank by a blueprint, one question after the other, with a password."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from academy.assessment.models import AttemptItem
from academy.base.db import db
from academy.catalogue.models import Activity
from academy.catalogue.queries import course_by_key, draft_version
from academy.devdata import accounts as demo
from tests.factories import assessment as quizzes
from tests.journeys.desk import CourseDesk, Form
from tests.journeys.knowing import arabic, right_answers
from tests.journeys.pages import AttemptPage, CoursePage, ReviewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
COURSE, PASSWORD = "cx-foundations", "نخلة ٧"


def fill_the_bank(academy) -> None:
    """Six ready questions of each of two domains lie in the bank of the course's organisation."""
    with academy.inside():
        home = course_by_key(COURSE).organisation_id
        for domain in ("D4", "D5"):
            for number in range(6):
                quizzes.in_bank(home, competency_key=f"{domain}.1", difficulty=number % 3 + 1)


def quiz_address(academy) -> str:
    """The editor of the quiz in the course's draft."""
    with academy.inside():
        draft = draft_version(course_by_key(COURSE).id)
        query = select(Activity.id).where(Activity.version_id == draft.id, Activity.kind == "quiz")
        return f"/teach/activities/{db.session.scalars(query).one()}/quiz"


def write_exam(academy, trainer, reviewer) -> None:
    """The trainer lets the quiz draw by a blueprint, sets its rules, and publishes the course."""
    desk = CourseDesk.of(trainer, COURSE).start_editing()
    address = quiz_address(academy)
    while True:
        trainer.open(address)
        remove = trainer.page.locator(".question-list form[action$='/remove'] button")
        if not remove.count():
            break
        Form(trainer).press_and_arrive(remove.first)
    draw = Form(trainer)
    draw.press_and_arrive(".type-list a[href$='/sections/new/draw']")
    draw.fill_pair("title", ("أسئلة الاختبار", "Exam questions")).fill("blueprint", "D4: ٢، D5: ١")
    draw.press_and_arrive("button[value='blueprint:fill']")
    expect(draw.find(".pool-found .chip.ok")).to_have_count(2)
    draw.check().save()
    draw.says("أسئلة الاختبار").check()
    draw.press_and_arrive("a[href$='/quiz/rules']")
    rules = Form(trainer)
    for name in (arabic("Movement and practice"), arabic("Access"), arabic("What is shown when")):
        group = rules.find("details").filter(has=rules.page.get_by_text(name, exact=True))
        if group.get_attribute("open") is None:
            rules.press(group.locator("summary"))
    rules.fill("password", PASSWORD).fill("floors", "D4: ٥٠")
    rules.press("input[name=navigation][value=sequential]")
    rules.press("button[value='preset:score']")
    expect(rules.find("input[name=review][value='later:responses']")).not_to_be_checked()
    rules.check().save()
    desk.outline().publish(reviewer)


def test_a_drawn_sequential_exam_from_the_blueprint_to_the_result(academy, person):
    """AS8, AS9, AS12, AS14: written, taken and finished in Arabic; there is no way back and no look ahead."""
    fill_the_bank(academy)
    trainer = person().sign_in(demo.TRAINER)
    write_exam(academy, trainer, person().sign_in(demo.REVIEWER))

    learner = person().sign_in(demo.NEWCOMER)
    CoursePage.of(learner, COURSE).enrol()
    quiz = CoursePage.of(learner, COURSE).open_activity("quiz")
    quiz.says(arabic("one question after the other, without a way back"), "3 أسئلة").check()
    quiz.press_and_arrive(".quiz-rules a.btn")
    asking = Form(learner).fill("password", "نخلة 7")
    asking.check().press_and_arrive("form button.btn-primary[type=submit]")
    asking.says(arabic("This is not the password of the quiz. Ask whoever invigilates it."))
    asking.fill("password", PASSWORD).press_and_arrive("form button.btn-primary[type=submit]")

    attempt = AttemptPage(learner)
    known = right_answers(academy, attempt.attempt_id, "ar")
    assert len(known) == 3
    for position in (1, 2, 3):
        learner.open(f"/attempts/{attempt.attempt_id}?q=3")
        assert attempt.position == position
        attempt.check().answer(known[position]).is_saved()
        if position < 3:
            attempt.next()
    review = attempt.review()
    assert review.find(".review-list a").count() == 0
    result = ReviewPage(learner).check().submit().check()
    assert result.is_passed and result.find(".question").count() == 0
    with academy.inside():
        query = select(AttemptItem.question_version_id).where(AttemptItem.attempt_id == attempt.attempt_id)
        assert len(set(db.session.scalars(query))) == 3
