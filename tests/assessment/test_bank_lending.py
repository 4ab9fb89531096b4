"""AS18: between quizzes and the bank: taking, newer versions, giving; attempts keep the version they were answered in."""

from datetime import timedelta

import pytest

from academy.assessment import services
from academy.assessment.models import Question, QuestionVersion, QuizPool, QuizSection
from academy.assessment.queries_of_bank import BankFilter, bank_rows
from academy.assessment.queries_of_banked import banked, uses_of, versions_of
from academy.assessment.queries_of_editing import edited_questions
from academy.assessment.refusals_of_editing import ChangedMeanwhile, LiesInBank
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from tests.assessment.test_editing import add, published, quiz_activity, quiz_of, written
from tests.factories import accounts as people
from tests.factories import assessment, bank, catalogue
from tests.factories.accounts import LONG_AGO, both

pytestmark = pytest.mark.usefixtures("app")
LATER = LONG_AGO + timedelta(days=1)


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def activity(trainer):
    return quiz_activity(catalogue.course(trainer=trainer, published=False), questions=1)


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def asked(activity):
    return edited_questions(quiz_of(activity).id)


def edit(question, by, stem):
    services.keep_in_bank(question.id, bank.written(stem=both("", stem)), at=LATER, by_id=by.id)


def approve(question, author):
    for name, by in (("send", author), ("approve", bank.colleague(author))):
        services.move_state(question.id, name, at=LATER, by_id=by.id)


def test_only_what_is_ready_in_the_organisations_bank_is_taken_and_only_once(trainer, activity):
    ready = [bank.question(trainer, state="ready") for _each in range(2)]
    others = [bank.question(trainer, state=state) for state in ("draft", "in_review", "retired")]
    foreign = bank.question(people.trainer(), state="ready")
    everything = [each.id for each in (*others, ready[1], foreign, ready[0], ready[1])]
    made = services.take_from_bank(activity.id, everything)
    assert [item.question_version.question_id for item in made] == [ready[1].id, ready[0].id]
    assert [item.position for item in made] == [2, 3]
    assert services.take_from_bank(activity.id, everything) == []
    with pytest.raises(Invalid):
        services.take_from_bank(activity.id, range(101))


def test_an_attempt_and_a_published_quiz_keep_the_version_they_have(trainer, activity):
    """AS18: old attempts keep the version they were answered in."""
    question = bank.question(trainer, state="ready", stem=both("", "First"))
    services.take_from_bank(activity.id, [question.id])
    draft = published(activity)
    attempt = assessment.graded(quiz_of(activity), people.person())
    edit(question, trainer, "Second")
    approve(question, trainer)
    line = asked(draft)[1]
    assert (line.stem.en, line.number, line.newest, line.newer) == ("First", 1, 2, True)
    services.take_newest(draft.id, line.item_id)
    assert asked(draft)[1].stem.en == "Second" and not asked(draft)[1].newer
    assert asked(activity)[1].stem.en == "First"
    answered = {
        item.question_version.number
        for item in assessment.items(attempt)
        if item.question_version.question_id == question.id
    }
    assert answered == {1}
    assert {line.number: line.attempts for line in versions_of(question.id)} == {1: 1, 2: 0}
    assert sorted((use.number, use.course_state, use.drawn) for use in uses_of(question.id)) == [
        (1, "published", 0), (2, "draft", 0),
    ]  # fmt: skip


def test_a_newer_version_is_taken_only_once_it_is_approved(trainer, activity):
    question = bank.question(trainer, state="ready")
    item = services.take_from_bank(activity.id, [question.id])[0]
    edit(question, trainer, "Not yet")
    assert not asked(activity)[1].newer
    with pytest.raises(Conflict):
        services.take_newest(activity.id, item.id)
    assert asked(activity)[1].number == 1


def test_a_question_of_the_bank_is_not_changed_from_within_a_quiz_but_given_points(trainer, activity):
    question = bank.question(trainer, state="ready")
    item = services.take_from_bank(activity.id, [question.id])[0]
    with pytest.raises(LiesInBank):
        services.keep_written(activity.id, item.id, written(stem="Sneaky"), at=LATER, by_id=trainer.id)
    seen = asked(activity)[1].mark
    services.set_points(activity.id, item.id, 7, seen=seen)
    assert asked(activity)[1].points == 7
    with pytest.raises(ChangedMeanwhile):
        services.set_points(activity.id, item.id, 8, seen=seen)
    with pytest.raises(Invalid):
        services.set_points(activity.id, item.id, 0)
    assert banked(question.id).version.number == 1


def test_a_removed_question_of_the_bank_comes_back_but_no_unapproved_version_gets_in(trainer, activity):
    question = bank.question(trainer, state="ready")
    item = services.take_from_bank(activity.id, [question.id])[0]
    removed = services.remove_question(activity.id, item.id)
    edit(question, trainer, "Unapproved")
    newest = banked(question.id).version
    with pytest.raises(NotFound):
        services.restore_question(activity.id, services.Removed(newest.id, 1, 1))
    with pytest.raises(NotFound):
        foreign = bank.question(people.trainer(), state="ready")
        services.restore_question(activity.id, services.Removed(banked(foreign.id).version.id, 1, 1))
    assert services.restore_question(activity.id, removed) is not None
    assert asked(activity)[1].number == 1


def test_a_copy_in_the_bank_is_a_question_of_its_own_and_a_moved_one_stays_in_its_quiz(trainer, activity):
    shelf = bank.category(bank.home(trainer))
    first = asked(activity)[0]
    copy = services.give_to_bank(
        activity.id, first.item_id, category_id=shelf.id, copy=True, at=LATER, by_id=trainer.id
    )
    assert (copy.course_id, copy.category_id, copy.state) == (None, shelf.id, "draft")
    assert banked(copy.id).stem == first.stem and copy.id != first.question_id
    moved = services.give_to_bank(activity.id, first.item_id, category_id=None, copy=False, at=LATER, by_id=trainer.id)
    assert moved.id == first.question_id and moved.key != copy.key
    line = asked(activity)[0]
    assert (line.banked, line.state, line.version_id) == (True, "draft", first.version_id)
    with pytest.raises(Conflict):
        services.give_to_bank(activity.id, first.item_id, category_id=None, copy=True, at=LATER, by_id=trainer.id)
    with pytest.raises(NotFound):
        foreign = bank.category(people.organisation())
        second = add(activity)
        services.give_to_bank(activity.id, second.id, category_id=foreign.id, copy=True, at=LATER, by_id=trainer.id)


def test_a_version_that_a_draw_may_use_is_never_changed(trainer, activity):
    draft = published(activity)
    other = quiz_activity(catalogue.course(trainer=trainer, published=False))
    line = add(other)
    section = QuizSection(quiz_version_id=quiz_of(activity).id, position=1, title=both("", "Drawn"), kind="draw")
    db.session.add(section)
    db.session.flush()
    db.session.add(QuizPool(section_id=section.id, line=0, question_version_id=line.question_version_id))
    services.keep_written(other.id, line.id, written(stem="Changed"), at=LATER, by_id=None)
    assert db.session.get(QuestionVersion, line.question_version_id).number == 2
    assert draft is not None and uses_of(line.question_version.question_id)[0].drawn in (0, 1)
    rows, _total = bank_rows(bank.actor(trainer), BankFilter(trainer.organisation_id, place="course"))
    assert {row.id: row.uses for row in rows}[line.question_version.question_id] == 2


def test_the_picker_shows_what_is_ready_and_adds_what_is_ticked(page, trainer, activity):
    wanted = bank.question(trainer, state="ready", stem=both("نخلة", "Palm"), tags="وسم")
    other = bank.question(trainer, state="ready", stem=both("سفينة", "Ship"))
    bank.question(trainer, stem=both("مسودة", "Draft"))
    where = f"/teach/activities/{activity.id}/quiz/bank"
    assert page.get(f"/teach/activities/{activity.id}/quiz").select(f"a[href='{where}']")
    assert len(page.get(where).select(".bank-sheet input")) == 2
    found = page.get(f"{where}?q=palms").select(".bank-sheet input")
    assert [box["value"] for box in found] == [str(wanted.id)]
    shown = page.post(where, {"question": [wanted.id, other.id]})
    assert "أُضيف سؤالان إلى الاختبار القصير" in shown.words and "في البنك" in shown.words
    assert len(asked(activity)) == 3
    assert "لا أسئلة جاهزة" in page.get(where).words
    assert "يُرجى تحديد سؤال واحد" in page.post(where, {}).words
    assert "كانت" not in page.post(where, {"question": wanted.id}).words


def test_the_picker_takes_few_statements_however_many_there_are(page, trainer, activity, statements):
    counts, where = [], f"/teach/activities/{activity.id}/quiz/bank"
    for rounds in (1, 12):
        for _each in range(rounds):
            bank.question(trainer, state="ready", tags="وسم")
        with statements() as seen:
            page.get(where)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


def test_a_newer_version_is_one_press_in_the_quiz(page, trainer, activity):
    question = bank.question(trainer, state="ready", stem=both("", "First"))
    item = services.take_from_bank(activity.id, [question.id])[0]
    edit(question, trainer, "Second")
    approve(question, trainer)
    shown = page.get(f"/teach/activities/{activity.id}/quiz")
    press = shown.select_one("form[action$='/newest']")
    assert "استخدام الإصدار الأحدث" in press.get_text()
    lent = page.get(f"/teach/activities/{activity.id}/quiz/questions/{item.id}", follow_redirects=True)
    assert page.response.request.path.endswith("/lent") and "الإصدار 1، والإصدار 2 جاهز" in lent.words
    shown = page.post(press["action"], {})
    assert not shown.select("form[action$='/newest']") and asked(activity)[1].stem.en == "Second"


def test_points_of_a_question_of_the_bank_are_set_on_its_page(page, trainer, activity):
    question = bank.question(trainer, state="ready")
    item = services.take_from_bank(activity.id, [question.id])[0]
    where = f"/teach/activities/{activity.id}/quiz/questions/{item.id}/lent"
    seen = page.get(where).select_one("[name=seen]")["value"]
    assert page.post(where, {"points": "كثير", "seen": seen}, status=422).select("#points-error")
    page.post(where, {"points": "٥", "seen": seen})
    assert asked(activity)[1].points == 5
    assert "لم يُحفظ" in page.post(where, {"points": "6", "seen": seen}, status=409).words


def test_giving_to_the_bank_is_chosen_on_a_page(page, trainer, activity):
    shelf = bank.category(bank.home(trainer))
    where = f"/teach/activities/{activity.id}/quiz/questions/{asked(activity)[0].item_id}/give"
    assert page.get(f"/teach/activities/{activity.id}/quiz").select(f"a[href='{where}']")
    page.get(where)
    page.post(where, {"how": "steal", "category": shelf.id}, status=422)
    shown = page.post(where, {"how": "move", "category": shelf.id})
    assert "السؤال في البنك مسودةً" in shown.words
    assert db.session.get(Question, asked(activity)[0].question_id).course_id is None
    page.post(where, {"how": "copy", "category": "0"}, status=422)


def test_a_published_quiz_takes_nothing(page, trainer, activity):
    question = bank.question(trainer, state="ready")
    published(activity)
    page.get(f"/teach/activities/{activity.id}/quiz/bank", status=409)
    shown = page.post(f"/teach/activities/{activity.id}/quiz/bank", {"question": question.id}, status=409)
    assert shown.words and len(asked(activity)) == 1
