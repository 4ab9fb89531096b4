"""The agency's employee, in Arabic: from the next step to the certificate, which a stranger then verifies."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.knowing import arabic, attempt_row, finish_course, person_id, right_answers
from tests.journeys.pages import Certificates, CoursePage, Home, Register, ReviewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_an_employee_completes_a_course_and_a_stranger_verifies_the_certificate(academy, person):
    """R11, R17: submitted twice, there is one result; the certificate is issued once and can be checked by anybody."""
    employee = person().sign_in(demo.EMPLOYEE)
    home = Home.of(employee).says("قياس التجربة").check()
    lesson = home.go_on().check()
    quiz = lesson.do_everything_up_to_the_quiz().says(arabic("Before you start")).check()
    attempt = quiz.start_quiz().check()
    review = attempt.answer_all_rightly().says(arabic("Every question is answered.")).check()
    second_tab = employee.another_tab().open(employee.path)
    result = review.submit_impatiently().check()
    assert result.says(arabic("Well done: you have completed the course.")).is_passed
    assert result.find(".result-next .btn-primary").get_attribute("href") == "/certificates"
    before = attempt_row(academy, result.attempt_id)
    assert ReviewPage(second_tab).submit().is_passed
    assert attempt_row(academy, result.attempt_id) == before
    course = result.back_to_the_course()
    assert course.is_completed

    academy.work()
    mine = Certificates.of(employee).check()
    number = mine.numbers[0]
    assert len(set(mine.numbers)) == 3  # of this course, of an earlier one, of a programme
    assert mine.download(number).startswith(b"%PDF")

    stranger = Register.of(person())
    stranger.ask(number.lower()).says(arabic("This certificate is valid"), demo.EMPLOYEE.name.ar).check()
    mistyped = number[:-1] + ("A" if number[-1] != "A" else "B")
    Register.of(stranger.visitor).ask(mistyped)
    assert demo.EMPLOYEE.name.ar not in stranger.words
    assert stranger.heading != arabic("This certificate is valid")
    stranger.check()

    manager = person().sign_in(demo.MANAGER)
    manager.open(f"/team/people/{person_id(academy, demo.EMPLOYEE)}").check()
    CoursePage(manager).says("قياس التجربة")
    assert manager.page.locator(f"a[href='/certificates/{number}.pdf']").count() >= 1


def test_a_newcomer_finds_a_course_enrols_and_sorts_by_keyboard(academy, person):
    newcomer = person().sign_in(demo.NEWCOMER)
    home = Home.of(newcomer)
    assert "أكاديمية" in home.words or home.next_step
    newcomer.open("/courses")
    newcomer.page.get_by_role("searchbox").fill("أسس التجربه")  # ta marbuta written as ha finds it all the same
    newcomer.page.keyboard.press("Enter")
    newcomer.page.wait_for_url("**/courses?*")
    newcomer.press("main a[href^='/courses/cx-foundations']")
    course = CoursePage(newcomer).says(arabic("Enrol")).check()
    exercise = course.enrol()
    while not exercise.is_sorting:
        exercise.complete()
    exercise.check().sort_by_keyboard().says(arabic("Everything is in its place.")).check()
    assert exercise.is_done
    assert CoursePage.of(newcomer, "cx-foundations").find("li.done").count() >= 2


def test_the_next_course_opens_once_the_one_before_is_completed_and_its_quiz_knows_more_types(academy, person):
    """R2: matching, ordering and numbers are answered with their own controls, saved, and there again after a reload."""
    employee = person().sign_in(demo.EMPLOYEE)
    finish_course(academy, demo.EMPLOYEE, "cx-measurement")
    course = CoursePage.of(employee, "service-design")
    course.enrol()
    quiz = CoursePage.of(employee, "service-design").open_activity("quiz")
    attempt = quiz.start_quiz()
    known = right_answers(academy, attempt.attempt_id, "ar")
    for position, answer in sorted(known.items()):
        attempt.answer(answer).is_saved()
        before = attempt.given
        employee.page.reload()
        assert attempt.given == before, answer.type
        if position < len(known):
            attempt.next()
    result = attempt.review().submit()
    assert result.is_passed
    assert {answer.type for answer in known.values()} >= {"matching", "ordering", "numeric", "short_text"}
