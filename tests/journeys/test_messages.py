"""A question to a trainer, an answer, a message that should not have been written, and what becomes of it."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.pages import Place
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}


def test_a_learner_asks_the_trainer_reports_an_answer_and_an_administrator_decides(academy, person):
    """NO3: from the course page to the trainer, the answer, a report, the decision; in Arabic and in English."""
    learner = person(**PHONE).sign_in(demo.PARTNER)
    learner.open("/courses/cx-foundations")
    page = Place(learner)
    page.press_and_arrive("a[href$='/courses/cx-foundations/ask']")
    page.says(demo.TRAINER.name.ar, "أنتما فقط").check()
    page.find("textarea").fill("هل يشمل الاختبار درس الشكاوى؟")
    page.check().press_and_arrive("#answer button[type=submit]")
    page.says("أُرسلت رسالتك", "هل يشمل الاختبار درس الشكاوى؟").check()

    trainer = person().sign_in(demo.TRAINER)
    trainer.open("/messages")
    desk = Place(trainer).says(demo.PARTNER.name.ar).check()
    desk.press_and_arrive(".inbox .unread a")
    desk.find("textarea").fill("سؤال سخيف، اقرأ الدرس.")
    desk.press_and_arrive("#answer button[type=submit]")
    desk.says("سؤال سخيف").check()

    learner.open("/")
    page.says("محادثة واحدة فيها جديد").press_and_arrive("a.strip[href='/messages']")
    page.check().press_and_arrive(".inbox .unread a")
    page.says("سؤال سخيف").check().press_and_arrive(page.find(".message.theirs .message-foot a").last)
    page.press_and_arrive("form button[type=submit]")
    page.says("يُرجى اختيار السبب").check()
    page.find("input[value=offensive]").check()
    page.find("textarea").fill("لم أسأل إلا عن الاختبار.")
    page.press_and_arrive("form button[type=submit]")
    page.says("قُدّم البلاغ", "أبلغت عن هذه الرسالة").check()

    office = person().sign_in(demo.ADMINISTRATOR).speak("en")
    office.open("/")
    case = Place(office).says("Reported messages")
    case.press_and_arrive("a.strip[href='/admin/message-reports']")
    case.check().press_and_arrive(case.find("tbody tr", has_text=demo.TRAINER.name.en).last.locator("a").first)
    case.says("سؤال سخيف", "This is all that you see").check()
    case.find("input[value=stopped]").check()
    case.press_and_arrive("form button[type=submit]")
    case.says("Enter the last day").check()
    case.find("input[value=hidden]").check()
    case.find("textarea").fill("Please stay kind.")
    case.press_and_arrive("form button[type=submit]")
    case.says("The report is decided").check()

    learner.speak("en").open("/messages")
    page.check().press_and_arrive(page.find(".inbox a", has_text=demo.TRAINER.name.en).first)
    page.says("This message was hidden by an administrator").check()
    assert "سؤال سخيف" not in page.words
    trainer.speak("en").open("/notices")
    Place(trainer).says("A message of yours was reported")
