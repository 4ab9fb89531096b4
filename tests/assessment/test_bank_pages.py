"""AS18: the pages of the question bank: found in both languages, filtered, written, reviewed, counted in statements."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.queries_of_banked import banked
from academy.base import jobs
from academy.base.db import db
from academy.notices.models import Notice
from tests.assessment.test_edit_pages import BASE, TYPED, fields, text
from tests.factories import accounts as people
from tests.factories import assessment, bank, catalogue
from tests.factories.accounts import LONG_AGO, both

LATER = LONG_AGO + timedelta(days=1)
MOST = 8


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def keys(page):
    return [each.get_text() for each in page.select(".bank-sheet .question-facts > bdi:first-child")]


def named(trainer, stem_ar, stem_en="", **given):
    return bank.question(trainer, stem=both(stem_ar, stem_en), **given)


def test_an_empty_bank_says_how_to_begin(page):
    shown = page.get("/bank")
    assert "لا أسئلة هنا بعد" in shown.words and shown.select(".empty a")
    assert [link["href"] for link in shown.select(".sidenav a[aria-current]")] == ["/bank"]
    assert [link["href"] for link in shown.select(".mainnav a[aria-current]")] == ["/teach"]


@pytest.mark.parametrize("words", ["بالوعد", "وعد", "promises", "Promise", "أساسيّات"])
def test_words_are_found_in_both_languages_whatever_their_ending(page, trainer, words):
    wanted = named(trainer, "ما الوعد؟", "What is a promise?", tags="أساسيات")
    named(trainer, "شيء آخر", "Something else")
    assert keys(page.get("/bank", query_string={"q": words})) == [wanted.key]


def test_choices_are_searched_and_feedback_is_not(page, trainer):
    content = {"options": assessment.entries("a", "b", correct=("a",))}
    content["options"][0]["text"] = both("نخلة", "Palm").as_dict()
    content["options"][1]["feedback"] = both("سفينة", "Ship").as_dict()
    question = bank.question(trainer, content=content)
    assert keys(page.get("/bank?q=palms")) == [question.key] and keys(page.get("/bank?q=نخلة")) == [question.key]
    assert keys(page.get("/bank?q=ship")) == []


def test_a_question_of_stop_words_alone_finds_nothing_and_says_so(page, trainer):
    named(trainer, "ما هو؟")
    assert "لا سؤال يطابق ذلك" in page.get("/bank?q=ما").words


def test_filters_combine(page, trainer):
    shelf = bank.category(bank.home(trainer))
    below = bank.category(bank.home(trainer), shelf)
    hard = named(trainer, "أ", "A", category=below, tags="قياس", difficulty=3, competency_key="D1.1")
    named(trainer, "ب", "B", category=shelf, tags="قياس", difficulty=1)
    loose = named(trainer, "ج", "", type="numeric")
    gone = named(trainer, "د", "D", state="retired")
    assert len(keys(page.get("/bank"))) == 3
    assert keys(page.get(f"/bank?category={shelf.id}&tag=قياس&difficulty=3&type=single&language=both")) == [hard.key]
    assert keys(page.get("/bank?competency=D1.1&state=draft&place=bank&mine=1")) == [hard.key]
    assert keys(page.get("/bank?category=0")) == keys(page.get("/bank?language=en")) == [loose.key]
    assert keys(page.get("/bank?state=retired")) == [gone.key]
    assert keys(page.get("/bank?place=course")) == []
    assert keys(page.get("/bank?category=999999&difficulty=9&type=x")) == []


def test_odd_filters_are_no_fault(page, trainer):
    named(trainer, "أ")
    for odd in ("category=x", "difficulty=٣", "page=99", "organisation=", "tag=%00", "state=flying", "language=fr"):
        assert page.get(f"/bank?{odd}").select(".bank-sheet")
    page.get("/bank?organisation=999999", status=404)


def test_a_courses_question_is_listed_beside_the_banks(page, trainer):
    course = catalogue.course(trainer=trainer, title=both("مقرر الوعد", "The promise"))
    quiz = assessment.draft_quiz(course)
    assessment.question(quiz, key="own")
    shown = page.get("/bank?place=course")
    assert keys(shown) == ["own"] and "مقرر الوعد" in shown.words and "اختبار قصير واحد" in shown.words


def test_long_lists_have_pages(page, trainer):
    for number in range(27):
        named(trainer, f"سؤال {number}", f"Question {number}")
    first, second = page.get("/bank"), page.get("/bank?page=2")
    assert (len(keys(first)), len(keys(second))) == (25, 2) and not set(keys(first)) & set(keys(second))
    assert keys(page.get("/bank?page=77")) == keys(first)


def test_statements_do_not_grow_with_the_rows(page, trainer, statements):
    """AS18: at most eight statements, with one question or thirty."""
    shelf = bank.category(bank.home(trainer))
    counts = []
    for rounds in (1, 29):
        for _each in range(rounds):
            question = named(trainer, "أ", "A", category=shelf, tags="قياس, أساسيات")
            services.add_comment(question.id, "Why?", at=LATER, by_id=trainer.id)
        with statements() as seen:
            page.get(f"/bank?q=a&category={shelf.id}&tag=قياس")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= MOST, counts


@pytest.mark.parametrize("rest", ["", "/history", "/edit", "/filing", "/try"])
def test_the_pages_of_a_question_take_few_statements(page, trainer, statements, rest):
    question = bank.question(trainer, state="in_review", tags="قياس", competency_key="D1.1")
    for number in range(5):
        services.add_comment(question.id, "Why?", at=LATER, by_id=trainer.id)
        written = bank.written(stem=both("", f"Version {number}"))
        services.keep_in_bank(question.id, written, at=LATER, by_id=trainer.id)
    with statements() as seen:
        page.get(f"/bank/questions/{question.id}{rest}")
    assert len(seen) <= MOST, seen


@pytest.mark.parametrize("type", sorted(TYPED))
def test_a_question_of_each_type_is_written_into_a_category_and_edited(page, trainer, type):
    shelf = bank.category(bank.home(trainer))
    address = f"/bank/new/{type}?organisation={trainer.organisation_id}&category={shelf.id}"
    form = page.get(address)
    assert not form.select("[name=points], [name=objective]")
    shown = page.post(address, {**BASE, **TYPED[type]})
    assert "حُفظ السؤال" in shown.words and "مسودة" in shown.words
    question_id = int(page.response.request.path.rsplit("/", 1)[1])
    before = banked(question_id)
    assert (before.category.id, before.type, before.version.created_by_id) == (shelf.id, type, trainer.id)
    sent = fields(page.get(f"/bank/questions/{question_id}/edit"))
    page.post(f"/bank/questions/{question_id}/edit", sent)
    assert banked(question_id).version.number == 1, "saving unchanged makes no version"
    page.post(f"/bank/questions/{question_id}/edit", {**sent, **text("stem", "سؤال آخر", "Another")})
    assert banked(question_id).version.number == 2
    tried = page.get(f"/bank/questions/{question_id}/try")
    assert tried.select("script[src*='/try.js']") and tried.select("[data-attempt-say]"), "as learners meet it"


def test_problems_stand_at_their_fields_and_rows_are_added_without_saving(page, trainer):
    shown = page.post("/bank/new/single", {**BASE, **TYPED["single"], "right": ""}, status=422)
    assert "#options" in [link["href"] for link in shown.select("[data-error-summary] a")]
    assert fields(shown)["stem-en"] == "Question"
    again = page.post("/bank/new/single", {**BASE, **TYPED["single"], "act": "options:add"})
    assert "options-3-id" in fields(again)
    assert keys(page.get("/bank")) == []


def test_two_editors_are_told_of_each_other_and_nothing_typed_is_lost(page, trainer, visit):
    question = named(trainer, "أ", "First")
    where = f"/bank/questions/{question.id}/edit"
    mine = fields(page.get(where))
    services.keep_in_bank(question.id, bank.written(stem=both("", "Theirs")), at=LATER, by_id=trainer.id)
    shown = page.post(where, {**mine, "stem-en": "Mine"}, status=409)
    assert "لم يُحفظ" in shown.words and fields(shown)["stem-en"] == "Mine"
    page.post(where, fields(shown))
    assert banked(question.id).stem.en == "Mine" and banked(question.id).version.number == 3


def test_the_way_from_draft_to_ready_on_the_pages(page, trainer, visit):
    question = named(trainer, "أ", "A")
    colleague = visit(bank.colleague(trainer))
    where = f"/bank/questions/{question.id}"

    def press(browser, act, **more):
        seen = browser.get(where).select_one("[name=seen]")
        return browser.post(f"{where}/state", {"act": act, "seen": seen["value"] if seen else "", **more})

    assert "السؤال الآن قيد المراجعة" in press(page, "send").words
    assert "أحدث إصدار من كتابتك" in page.get(where).words
    assert not page.get(where).select("button[value=approve]")
    refused = colleague.post(f"{where}/state", {"act": "return", "note": " "}, status=422)
    assert "يُرجى ذكر ما ينبغي تغييره" in refused.words
    assert "أُرجع السؤال مع تعليقك" in press(colleague, "return", note="أقصر من فضلك").words
    assert "أقصر من فضلك" in page.get(where).words
    press(page, "send")
    assert "لا يمكن" not in press(colleague, "approve").words
    assert "جاهز" in page.get(where).words
    press(page, "retire")
    assert not page.get(where).select("a[href$='/edit']")
    page.get(f"{where}/edit", status=409)
    page.post(f"{where}/state", {"act": "fly"}, status=404)


def test_a_comment_is_added_refused_when_empty_and_settled(page, trainer):
    question = named(trainer, "أ", "A")
    where = f"/bank/questions/{question.id}"
    assert "كتابة تعليق" in page.post(f"{where}/comments", {"text": " "}, status=422).words
    shown = page.post(f"{where}/comments", {"text": "<b>لماذا؟</b>"})
    assert "<b>لماذا؟</b>" in shown.words
    form = shown.select_one(".comment-list form")
    assert "مغلق" in page.post(form["action"], {"act": "settle"}).words
    assert "مغلق" not in page.post(form["action"], {"act": "open"}).select_one(".comment-list").get_text()


def test_the_history_shows_what_differs_and_where_it_is_asked(page, trainer):
    question = named(trainer, "ما الوعد الأول؟", "What is the first promise?")
    services.keep_in_bank(
        question.id, bank.written("true_false", stem=both("ما الوعد الثاني؟", "")), at=LATER, by_id=trainer.id
    )
    shown = page.get(f"/bank/questions/{question.id}/history")
    assert [each.get_text() for each in shown.select("ins.changed-new")][:2] == ["صواب أو خطأ", "الثاني؟"]
    assert "تغيّرت الإجابة الصحيحة" in shown.words and "لا يرد هذا السؤال في أي اختبار" in shown.words
    assert "يُرجى اختيار إصدارين مختلفين" in page.get(f"/bank/questions/{question.id}/history?before=2&after=2").words
    page.get(f"/bank/questions/{question.id}/history?before=77&after=x")


def test_filing_a_question_keeps_what_was_typed_when_it_is_refused(page, trainer):
    question, shelf = named(trainer, "أ", "A", tags="قديم"), bank.category(bank.home(trainer))
    where = f"/bank/questions/{question.id}/filing"
    assert page.get(where).select_one("[name=tags]")["value"] == "قديم"
    many = ",".join(f"t{number}" for number in range(30))
    assert page.post(where, {"category": shelf.id, "tags": many}, status=422).select_one("[name=tags]")["value"] == many
    shown = page.post(where, {"category": shelf.id, "tags": "وسم، tag"})
    assert {each.get_text() for each in shown.select("dl .chip bdi")} == {"وسم", "tag"}
    page.post(where, {"category": bank.category(people.organisation()).id, "tags": ""}, status=422)


def test_the_tree_is_worked_on_by_forms(page, trainer):
    shown = page.post(
        f"/bank/categories/new?organisation={trainer.organisation_id}",
        {**text("name", "فهم", "Insight"), "category": 0},
    )
    assert "أُضيف التصنيف" in shown.words
    top = int(shown.select_one(".category-list li")["id"].rsplit("-", 1)[1])
    page.post(f"/bank/categories/new?category={top}", {**text("name", "بحوث", "Research"), "category": top})
    assert page.post("/bank/categories/new", {**text("name", "", ""), "category": 0}, status=422).select(
        "#name-ar-error"
    )
    inner = page.get("/bank/categories").select("li.deep-2")[0]["id"].rsplit("-", 1)[1]
    choices = [each["value"] for each in page.get(f"/bank/categories/{top}").select("[name=category] option")]
    assert choices == ["0"], "a category is not offered a place below itself"
    page.post(f"/bank/categories/{top}", {**text("name", "فهم", "Insight"), "category": inner}, status=422)
    shown = page.post(f"/bank/categories/{inner}", {**text("name", "بحوث المستفيد", "Research"), "category": 0})
    assert len(shown.select("li.deep-1")) == 2 and "بحوث المستفيد" in shown.words
    shown = page.post(f"/bank/categories/{inner}/order", {"move": "up"})
    assert shown.select(".category-list li")[0]["id"] == f"category-{inner}"
    bank.question(trainer, category=services.categories.category_in(int(inner), trainer.organisation_id))
    assert "ليس خاليًا" in page.post(f"/bank/categories/{inner}/remove", {"lift": "no"}).words
    shown = page.get(f"/bank/categories/{inner}")
    assert "يوجد فيه سؤال واحد" in shown.words, "what moves is said before it moves"
    assert shown.select_one("button[data-confirm]") and shown.select_one("[name=lift]")["value"] == "yes"
    assert "حُذف التصنيف" in page.post(f"/bank/categories/{inner}/remove", {"lift": "yes"}).words


def test_the_author_of_a_returned_question_is_told_why_until_it_is_sent_again(page, trainer):
    """AS18: a notice, a mark in the list, and the reviewer's words on the question's own page and where it is edited."""
    question, kept = named(trainer, "سؤال يُرجَع", state="in_review"), named(trainer, "سؤال يُستعاد", state="in_review")
    where, reviewer = f"/bank/questions/{question.id}", bank.colleague(trainer)
    services.move_state(question.id, "return", at=LATER, by_id=reviewer.id, note="البديل الثالث صحيح أيضًا")
    services.add_comment(kept.id, "ملاحظة لا غير", at=LATER, by_id=reviewer.id)
    services.move_state(kept.id, "withdraw", at=LATER + timedelta(minutes=1), by_id=reviewer.id)
    jobs.run_all_due()
    told = db.session.scalars(select(Notice).where(Notice.kind == "question_returned")).all()
    assert [(row.person_id, row.address) for row in told] == [(trainer.id, where)]
    assert "البديل الثالث صحيح أيضًا" in page.get("/notices").words
    assert [chip["href"] for chip in page.get("/bank").select("a.chip.warn")] == [where]
    for address in (where, f"{where}/edit"):
        assert "البديل الثالث صحيح أيضًا" in page.get(address).select_one(".notice.warn").get_text()
    assert not page.get(f"/bank/questions/{kept.id}").select(".notice.warn"), "taking back is no return"
    services.move_state(question.id, "send", at=LATER, by_id=trainer.id)
    assert not page.get(where).select(".notice.warn") and not page.get("/bank").select("a.chip.warn")


def test_the_pages_speak_english(page, trainer):
    trainer.language = "en"
    question = named(trainer, "أ", "A question", tags="tag", state="in_review")
    db.session.flush()
    assert "Question bank" in page.get("/bank").words and "In review" in page.get("/bank").words
    bank.colleague(trainer)
    assert "Somebody else reviews it" in page.get(f"/bank/questions/{question.id}").words
    for rest in ("/history", "/filing", "/edit", "/try"):
        page.get(f"/bank/questions/{question.id}{rest}")
    for path in ("/bank/categories", "/bank/categories/new", "/bank/import", "/bank/export", "/bank/new/matching"):
        page.get(path)


def test_whoever_works_in_several_banks_chooses_one(visit):
    one, two = people.organisation(), people.organisation()
    who = people.grant(people.trainer(one), "administrator", two)
    browser = visit(who)
    bank.question(people.trainer(two), stem=both("في الثانية", "In two"))
    assert keys(browser.get("/bank")) == [] and len(browser.get("/bank").select("[name=organisation] option")) == 2
    assert len(keys(browser.get(f"/bank?organisation={two.id}"))) == 1


def test_the_page_of_a_question_shows_every_choice_with_the_right_ones_marked(page, trainer):
    """AS18: whoever reviews sees what learners choose from, and what of it is right."""
    version = assessment.in_bank(trainer.organisation_id, "multiple")
    shown = page.get(f"/bank/questions/{version.question_id}")
    lines = shown.select(".plain-choices li")
    assert len(lines) == 4 and ["صحيح" in str(line) for line in lines] == [True, False, True, False], lines
