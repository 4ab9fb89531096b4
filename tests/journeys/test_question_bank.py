"""AS18: a trainer writes into the bank, a colleague approves, a quiz takes it, and an attempt keeps what it was asked."""

import pytest
from playwright.sync_api import expect

from academy.base.text import LocalizedText
from academy.devdata import accounts as demo
from tests.factories import catalogue
from tests.journeys.desk import CourseDesk, Form, QuestionEditor
from tests.journeys.knowing import arabic
from tests.journeys.pages import CoursePage
from tests.journeys.prepared import person as row_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
STEM, BETTER = (
    ("ما الذي يسبق الرد؟", "What comes before the reply?"),
    ("ما الذي يسبق كل رد؟", "What precedes any reply?"),
)


@pytest.fixture
def quiz_id(academy) -> int:
    """The empty quiz of a course that the trainer writes."""
    with academy.inside():
        course = catalogue.course(
            trainer=row_of(demo.TRAINER), key="before-the-reply", published=False, lessons=0,
            title=LocalizedText("ما قبل الرد", "Before the reply"),
        )  # fmt: skip
        unit = catalogue.unit(catalogue.draft(course))
        return catalogue.activity(unit, "quiz", title=LocalizedText("اختبار البنك", "Quiz of the bank")).id


def write(trainer) -> str:
    """Write a question into the bank and return the address of its page."""
    bank = Form(trainer.open("/bank")).check()
    bank.find(".page-head details.menu summary").click()
    bank.press_and_arrive(".menu-list a[href*='/bank/new/single']")
    editor = QuestionEditor(trainer).fill_pair("stem", STEM)
    editor.options([("الإصغاء", "Listening"), ("الوعد", "A promise")], right=[0])
    editor.check().press_and_arrive(".form-acts button.btn-primary")
    Form(trainer).says(arabic("The question has been saved."), arabic("Draft")).check()
    return trainer.path.split("?")[0].split("#")[0]


def test_from_the_bank_to_an_attempt_that_keeps_its_version(academy, person, quiz_id):
    trainer = person().sign_in(demo.TRAINER)
    address = write(trainer)
    page = Form(trainer)
    page.press_and_arrive("button[value=send]")
    page.says(arabic("You wrote the newest version. Somebody else reviews it.")).check()

    reviewer = person().sign_in(demo.ADMINISTRATOR)
    review = Form(reviewer.open(address)).check()
    review.fill("text", "سؤال واضح.").press_and_arrive("#comments .form-acts button")
    review.says("سؤال واضح.").press_and_arrive("button[value=approve]")
    review.says(arabic("The question is ready. Quizzes can take it."))

    picker = Form(trainer.open(f"/teach/activities/{quiz_id}/quiz/bank")).check()
    picker.fill("q", "يسبق الرد").press_and_arrive(".filter-bar button")
    expect(picker.find(".bank-sheet tbody tr")).to_have_count(1)
    picker.find("input[name=question]").check()
    picker.press_and_arrive(".bank-form .form-acts button.btn-primary")
    expect(picker.find(".question-stem")).to_have_text(STEM[0])
    picker.check()
    CourseDesk.of(trainer, "before-the-reply").publish(person().sign_in(demo.REVIEWER))

    learner = person().sign_in(demo.NEWCOMER)
    attempt = CoursePage.of(learner, "before-the-reply").enrol().start_quiz()
    result = attempt.says(STEM[0]).answer_all_rightly().submit()
    assert result.is_passed
    where = learner.path

    trainer.open(f"{address}/edit")
    QuestionEditor(trainer).fill_pair("stem", BETTER).press_and_arrive(".form-acts button.btn-primary")
    Form(trainer).says(BETTER[0], arabic("Draft"))
    learner.open(where)
    result.says(STEM[0])
    assert BETTER[0] not in result.words
    history = Form(trainer.open(f"{address}/history")).says("ما قبل الرد").check()
    attempts = history.find("[aria-labelledby=versions-title] td:last-child").all_inner_texts()
    assert [each.strip() for each in attempts] == ["0", "1"]
    expect(history.find("ins").first).to_contain_text("كل")


def test_many_questions_are_tagged_and_taken_back_with_the_keyboard_alone(person):
    trainer = person().sign_in(demo.TRAINER)
    bank = Form(trainer.open("/bank?place=bank"))
    tick = bank.find("[data-bulk-all] input")
    tick.focus()
    trainer.page.keyboard.press("Space")
    expect(bank.find(".bulk-bar")).to_have_class("panel bulk-bar some")
    bank.check().fill("tag", "مراجعة سنوية")
    bank.find("button[value=tag]").focus()
    with trainer.page.expect_navigation():
        trainer.page.keyboard.press("Enter")
    tagged = bank.find(".bank-sheet .chip", has_text="مراجعة سنوية")
    assert tagged.count() == bank.find(".bank-sheet tbody tr").count() > 5
    bank.press_and_arrive(trainer.page.locator("#flashes form.undo button"))
    expect(tagged).to_have_count(0)


def test_enter_in_the_field_of_the_tag_tags_and_moves_nothing(person):
    trainer = person().sign_in(demo.TRAINER)
    bank = Form(trainer.open("/bank?place=bank"))
    rows = bank.find(".bank-sheet tbody tr")
    before = rows.first.inner_text()
    rows.first.locator("input[name=question]").check()
    bank.fill("tag", "بالمفتاح")
    with trainer.page.expect_navigation():
        bank.find("[name=tag][maxlength]").press("Enter")
    expect(rows.first.locator(".chip", has_text="بالمفتاح")).to_be_visible()
    assert set(before.split()) < set(rows.first.inner_text().split())
    bank.press_and_arrive(trainer.page.locator("#flashes form.undo button"))
    assert rows.first.inner_text() == before
