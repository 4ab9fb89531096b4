"""The trainer writes a course of their own, publishes it, edits the next version, and sees how learners did."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.desk import CourseDesk, Form, QuizEditor
from tests.journeys.knowing import arabic
from tests.journeys.pages import ActivityPage, CoursePage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
FIRST, SECOND = ("الاستماع", "Listening"), ("الاختبار", "The quiz")
LESSON, OTHER = ("فن الإصغاء", "The art of listening"), ("ما بعد الإصغاء", "After listening")
EXTRA = ("درس زائد", "A lesson too many")
QUIZ = ("اختبار قصير", "A short quiz")


def picture() -> bytes:
    """A small picture."""
    drawn = io.BytesIO()
    Image.new("RGB", (48, 32), "#1f7a4f").save(drawn, "PNG")
    return drawn.getvalue()


def write_course(visitor) -> CourseDesk:
    """Create a course with its details, two units, lessons with a picture, and an empty quiz."""
    visitor.open("/teach/new")
    form = Form(visitor).fill("title-ar", "فن الإصغاء للمستفيد")
    form.find("[name=title-en]").press_sequentially("The Art of Listening")
    expect(form.find("[name=key]")).to_have_value("the-art-of-listening")
    form.fill("code", "CXA-900").save()
    desk = CourseDesk(visitor).says(arabic("The course has been created as a draft. Add its first unit."))
    details = desk.check().part("details")
    details.fill_pair("summary", ("كيف يشعر المستفيد بأنه مسموع.", "How customers come to feel heard."))
    details.fill_pair("intended_for", ("موظفو مراكز الخدمة", "Staff of service centres"))
    details.fill("hours", "٢").add_row("objectives")
    details.fill_pair("objectives-0-text", ("يعيد صياغة ما سمعه", "Restates what was heard"))
    details.press_and_arrive(".sticky-acts button.btn-primary")
    details.says(arabic("The details have been saved.")).check()
    desk.outline().add_unit(FIRST).add_unit(SECOND)
    editor = desk.add_activity(FIRST[0], "lesson", LESSON)
    editor.write("# الإصغاء\n\nالإصغاء **نصف** الخدمة.\n\n", "# Listening\n\nListening is **half** of service.\n\n")
    editor.insert_picture(picture(), "شخصان يتحاوران").check()
    editor.press_and_arrive(".sticky-acts button.btn-primary")
    for title in (OTHER, EXTRA):
        editor = desk.outline().add_activity(FIRST[0], "lesson", title)
        editor.write(f"# {title[0]}\n\nنص.", f"# {title[1]}\n\nText.")
        editor.press_and_arrive(".sticky-acts button.btn-primary")
    return desk.outline()


def write_quiz(desk: CourseDesk) -> QuizEditor:
    """Add a quiz with questions of three types."""
    desk.add_activity(SECOND[0], "quiz", QUIZ)
    quiz = QuizEditor(desk.visitor).check()
    single = quiz.new_question("single", ("ما أول الإصغاء؟", "What comes first in listening?"))
    single.options([("الصمت", "Silence"), ("الجواب", "The answer")], right=[0])
    single.find("details.more-texts summary").nth(1).click()
    single.fill_pair("options-1-feedback", ("الجواب يأتي بعد الفهم.", "Answers come after understanding."))
    quiz = single.check().save_question()
    judged = quiz.new_question("true_false", ("الإصغاء مهارة تُكتسب.", "Listening can be learned."))
    judged.find("input[name=answer]").first.check()
    quiz = judged.save_question()
    number = quiz.new_question("numeric", ("كم دقيقة في نصف ساعة؟", "How many minutes are in half an hour?"))
    number.fill("answer", "٣٠").fill_pair("unit", ("دقيقة", "minutes"))
    tried = number.save_and_try().check()
    tried.find("form.question input[type=text]").fill("30")
    tried.press_and_arrive("form.question button.btn-primary")
    expect(tried.find("#feedback .mark-word, #feedback .question-head")).to_contain_text(arabic("Right"))
    desk.visitor.page.go_back()
    return quiz


def test_a_trainer_writes_publishes_and_improves_a_course(academy, person):
    trainer = person().sign_in(demo.TRAINER)
    desk = write_course(trainer)
    assert desk.titles() == [[LESSON[0], OTHER[0], EXTRA[0]], []]
    desk.move_by_key(OTHER[0], "up")
    assert desk.titles()[0] == [OTHER[0], LESSON[0], EXTRA[0]]
    desk.drag(LESSON[0], onto=OTHER[0])
    expect(desk.find("section.unit").first.locator("li a.grow").first).to_have_text(LESSON[0])
    assert desk.outline().titles()[0] == [LESSON[0], OTHER[0], EXTRA[0]]
    desk.remove(EXTRA[0]).check()
    assert desk.titles()[0] == [LESSON[0], OTHER[0]]
    assert desk.undo().titles()[0] == [LESSON[0], OTHER[0], EXTRA[0]]
    desk.remove(EXTRA[0])

    quiz = write_quiz(desk)
    desk.outline()
    desk.press_and_arrive(desk.activity(QUIZ[0]).locator("a.grow"))
    desk.press_and_arrive("a[href$='/quiz']")
    first, second, third = quiz.stems()
    quiz.move(3, "up")
    trainer.page.reload()
    assert quiz.stems() == [first, third, second]
    quiz.check()

    trainer.open("/teach/the-art-of-listening/preview")
    ActivityPage(trainer).says("الإصغاء نصف الخدمة").check()
    reviewer = person().sign_in(demo.REVIEWER)
    desk = CourseDesk.of(trainer, "the-art-of-listening").publish(reviewer)
    CoursePage.of(trainer, "the-art-of-listening").says("فن الإصغاء للمستفيد").check()

    learner = person().sign_in(demo.NEWCOMER)
    CoursePage.of(learner, "the-art-of-listening").enrol().says("الإصغاء نصف الخدمة")

    desk.outline().start_editing()
    trainer.page.get_by_role("link", name=LESSON[0], exact=True).click()
    editor = Form(trainer).fill("title-ar", "فن الإصغاء الجديد")
    editor.press_and_arrive(".sticky-acts button.btn-primary")
    differences = desk.part("differences").check()
    expect(differences.find("ins").filter(has_text="الجديد").first).to_be_visible()
    desk.publish(reviewer)
    CoursePage.of(trainer, "the-art-of-listening").says("فن الإصغاء الجديد")

    old = CoursePage.of(learner, "the-art-of-listening").says(
        arabic("You are taking an earlier version of this course and finish it as it was when you enrolled.")
    )
    assert "الجديد" not in old.words
    learner.open("/courses/the-art-of-listening/go-on")
    step = ActivityPage(learner).do_everything_up_to_the_quiz()
    result = step.start_quiz().answer_all_rightly().submit()
    assert result.is_passed
    assert result.back_to_the_course().is_completed

    trainer.open("/teach/the-art-of-listening/roster")
    Form(trainer).says(demo.NEWCOMER.name.ar, arabic("Completed")).check()
    trainer.open("/teach/the-art-of-listening/questions")
    Form(trainer).says(arabic("The statistics are not computed yet")).press_and_arrive("form[action$=reckon] button")
    Form(trainer).says(arabic("You can leave this page and come back.")).check()
    academy.work()
    trainer.page.get_by_role("link", name=arabic("Show the statistics")).click()
    Form(trainer).says(arabic("Question by question"), "كم دقيقة في نصف ساعة؟").check()
