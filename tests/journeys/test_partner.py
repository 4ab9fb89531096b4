"""A partner: its administrator's token for a machine, and its person's way over a certificate onto the roster."""

import re

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.desk import Form
from tests.journeys.knowing import right_answers
from tests.journeys.pages import Certificates, CoursePage, Home, Register
from tests.journeys.visitor import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize(
    ("language", "size", "make", "once"),
    [
        ("ar", NARROW, "إنشاء رمز", "انسخ الرمز الآن"),
        ("en", WIDE, "Make a token", "Copy the token now"),
    ],
)
def test_a_partners_administrator_makes_a_token_with_which_a_gate_asks(academy, person, language, size, make, once):
    """MT1, R22: the machine learns whether somebody of the partner may serve; revoked, the token is refused at once."""
    chief = person().sign_in(demo.PARTNER_ADMINISTRATOR).speak(language)
    chief.page.set_viewport_size(size)
    page = Form(chief.open("/admin/partners"))
    page.check().press_and_arrive("a[href$='/tokens']")
    page.check().fill("name", "البوابة").press_and_arrive(page.page.get_by_role("button", name=make))
    page.says(once).check()
    secret = re.search(r"cxs_[\w-]{8,}", page.words).group()

    def ask(email: str):
        gate = person().page.request
        address = f"{academy.url}/api/serving?email={email}"
        return gate.get(address, headers={"Authorization": f"Bearer {secret}"})

    assert ask(demo.PARTNER.email).json()["may_serve"] == "accompanied"
    assert ask(demo.EMPLOYEE.email).status == 404
    page.visitor.open(page.visitor.path)
    assert secret not in page.words
    revoke = page.find("form[action$='/revoke'] button")
    page.press(revoke)
    page.press_and_arrive(page.page.locator("#confirm [data-confirm-ok]"))
    expect(revoke).to_have_count(0)
    assert ask(demo.PARTNER.email).status == 401


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

    chief = Form(person().sign_in(demo.PARTNER_ADMINISTRATOR).speak("en"))
    chief.visitor.open("/admin/partners")
    chief.press_and_arrive("a[href$='/roster']")
    row = chief.check().find("tbody tr").filter(has_text=demo.PARTNER.name.en)
    expect(row).to_contain_text("May serve")
    expect(row).to_contain_text("Holds every required certificate")
