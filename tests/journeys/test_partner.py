"""The partner's person, in English, on a phone and by touch: the same course to the same certificate."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.knowing import right_answers
from tests.journeys.pages import Certificates, CoursePage, Home, Register
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}


def test_a_partners_person_completes_the_course_on_a_phone_in_english(academy, person):
    """Every type of question can be answered by touch; ordering, matching, judging and choosing are all in this quiz."""
    agent = person(**PHONE).sign_in(demo.PARTNER).speak("en")
    lesson = Home.of(agent).says("Foundations").check().go_on().check()
    lesson.do_everything_up_to_the_quiz()
    exercise = CoursePage.of(agent, "cx-foundations").open_activity("l3-a")
    exercise.sort().says("Everything is in its place").check()
    quiz = CoursePage.of(agent, "cx-foundations").open_activity("quiz").says("Before you start").check()
    attempt = quiz.start_quiz()
    types = set()
    known = right_answers(academy, attempt.attempt_id, "en")
    for position in range(1, len(known) + 1):
        attempt.answer(known[position]).is_saved()
        if known[position].type not in types:
            attempt.check()
        types.add(known[position].type)
        if position < len(known):
            attempt.next()
    assert types == {"single", "multiple", "true_false", "ordering", "matching"}
    result = attempt.review().says("Every question is answered.").check().submit()
    assert result.is_passed
    assert result.check().back_to_the_course().is_completed

    academy.work()
    mine = Certificates.of(agent).check()
    assert mine.download(mine.numbers[0]).startswith(b"%PDF")
    passer_by = person(**PHONE)
    register = Register.of(passer_by)
    register.visitor.speak("en")
    register.ask(mine.numbers[0]).says("This certificate is valid", demo.PARTNER.name.en).check()
