"""The pages of the quiz editor: every type written and read back, rows without scripts, problems at their fields."""

import re

import pytest

from academy.assessment import services
from academy.assessment.models import Attempt
from academy.assessment.queries_of_editing import edited_questions
from academy.base.db import db
from academy.catalogue.kinds import lookups
from tests.assessment.test_editing import add, published, quiz_activity, quiz_of, stems
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO, both

ZOO = "مُـحَمَّد \u200d👨‍👩‍👧 O'Brien <b>{{7*7}} =1+1 ﻻ٣۴"


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def activity(trainer):
    objectives = [catalogue.services.Objective(both("يميّز", "Tell apart"))]
    return quiz_activity(catalogue.course(trainer=trainer, published=False, objectives=objectives))


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def address(activity, rest=""):
    return f"/teach/activities/{activity.id}/quiz{rest}"


def fields(page):
    """Return the form of a question as a browser would send it."""
    form = page.select_one("form.question-form")
    sent = {}
    for control in form.select("input, textarea, select"):
        name, kind = control.get("name"), control.get("type")
        if not name or name == "csrf_token" or (kind in ("radio", "checkbox") and not control.has_attr("checked")):
            continue
        if control.name == "textarea":
            value = control.get_text()[1:] if control.get_text().startswith("\n") else control.get_text()
            value = value.removeprefix("\r\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]")
            value = chosen["value"] if chosen else ""
        else:
            value = control.get("value", "on" if kind == "checkbox" else "")
        sent.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def text(name, ar, en):
    return {f"{name}-ar": ar, f"{name}-en": en}


BASE = {**text("stem", "السؤال", "Question"), "difficulty": "3", "points": "٤"}
TYPED = {
    "single": {
        **text("options-0-text", "أ", "a"), **text("options-1-text", "ب", "b"), **text("options-1-feedback", "نعم", "yes"),
        "options-0-id": "o1", "options-1-id": "o2", "options-2-id": "o3", "right": "o2", "shuffle": "y",
    },
    "multiple": {
        **text("options-0-text", "أ", "a"), **text("options-1-text", "ب", "b"), "options-0-id": "o1", "options-1-id": "o2",
        "right": ["o1", "o2"], "scoring": "partial",
    },
    "true_false": {"answer": "false"},
    "numeric": {"answer": "١٢٫٥", "tolerance": "٠٫٥", **text("unit", "دقيقة", "minutes")},
    "ordering": {
        **text("items-0-text", "أول", "first"), **text("items-2-text", "ثان", "second"), "scoring": "partial",
    },
    "matching": {
        **text("pairs-0-left", "١", "1"), **text("pairs-0-right", "فردي", "odd"),
        **text("pairs-1-left", "٣", "3"), **text("pairs-1-right", "فردي", "odd"),
        **text("pairs-2-left", "٢", "2"), **text("pairs-2-right", "زوجي", "even"),
        **text("extras-0-text", "كسري", "broken"), "scoring": "partial",
    },
    "short_text": {"accept_ar": "رحلة المستفيد\n\n رحلة العميل ", "accept_en": "customer journey"},
}  # fmt: skip
KEPT = {
    "single": {"options": [
        {"id": "o1", "text": {"ar": "أ", "en": "a"}},
        {"id": "o2", "text": {"ar": "ب", "en": "b"}, "correct": True, "feedback": {"ar": "نعم", "en": "yes"}},
    ]},
    "multiple": {"shuffle": False, "scoring": "partial"},
    "true_false": {"answer": False},
    "numeric": {"answer": "12.5", "tolerance": "0.5", "unit": {"ar": "دقيقة", "en": "minutes"}},
    "ordering": {"answer": ["i1", "i2"], "scoring": "partial"},
    "matching": {"answer": {"l1": "r1", "l2": "r1", "l3": "r2"}},
    "short_text": {"accept": {"ar": ["رحلة المستفيد", "رحلة العميل"], "en": ["customer journey"]}},
}  # fmt: skip


@pytest.mark.parametrize("type", sorted(TYPED))
def test_a_question_of_each_type_is_written_and_kept(page, activity, type):
    page.get(address(activity, f"/new/{type}"))
    shown = page.post(address(activity, f"/new/{type}"), {**BASE, **TYPED[type], "objective": "o1"})
    assert "حُفظ السؤال" in shown.words or "question has been saved" in shown.words
    question = edited_questions(quiz_of(activity).id)[0]
    assert (question.type, question.difficulty, question.points, question.objective) == (type, 3, 4, "o1")
    assert {name: question.content[name] for name in KEPT[type]} == KEPT[type]
    assert question.sound


@pytest.mark.parametrize("type", sorted(set(assessment.ALL_TYPES) - set(assessment.PICTURE_TYPES)))
def test_opening_and_saving_a_question_unchanged_changes_nothing(page, activity, type):
    item = services.add_written(
        activity.id, services.Written(type, assessment.content(type)), at=assessment.LONG_AGO, by_id=None
    )
    before = edited_questions(quiz_of(activity).id)[0]
    form = page.get(address(activity, f"/questions/{item.id}"))
    page.post(address(activity, f"/questions/{item.id}"), fields(form))
    after = edited_questions(quiz_of(activity).id)[0]
    learned = services.check_question(after.type, after.content)
    assert learned is None and after.stem == before.stem
    for response, share in ((assessment.RIGHT[type], 1), (assessment.WRONG[type], 0)):
        share = share if kind_of(type).scored else 0
        assert (kind_of(type).score(after.content, response) == 1) == (share == 1)


def kind_of(name):
    from academy.assessment.types import kind

    return kind(name)


@pytest.mark.parametrize(
    ("type", "typed", "field"),
    [
        ("single", {}, "stem-ar"),
        ("single", {**TYPED["single"], "right": ""}, "options"),
        ("multiple", {**TYPED["multiple"], **text("options-1-text", "أ", "b")}, "options-1-text-ar"),
        ("numeric", {"answer": "كثير"}, "answer"),
        ("numeric", {"answer": ""}, "answer"),
        ("numeric", {"answer": "1", "tolerance": "-1"}, "tolerance"),
        ("true_false", {}, "answer"),
        ("short_text", {"accept_en": "!!"}, "accept_en"),
        ("short_text", {}, "accept_ar"),
        ("ordering", {**text("items-0-text", "أول", "first")}, "items"),
        ("matching", {**text("pairs-0-left", "١", "1"), **text("pairs-1-left", "٢", "2")}, "pairs-0-right-ar"),
    ],
)
def test_problems_are_shown_at_their_fields_and_nothing_typed_is_lost(page, activity, type, typed, field):
    base = {**BASE, "explanation-en": "Kept"} if field != "stem-ar" else {"explanation-en": "Kept", "points": "1"}
    shown = page.post(address(activity, f"/new/{type}"), {**base, **typed}, status=422)
    links = [link["href"] for link in shown.select("[data-error-summary] a")]
    assert f"#{field}" in links or f"#{field}-0" in links
    assert shown.select(f"#{field}"), f"no element {field}"
    assert fields(shown)["explanation-en"] == "Kept"
    assert stems(activity) == []


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed(page, activity):
    where = address(activity, "/new/ordering")
    typed = {**BASE, **text("items-1-text", "", ""), **TYPED["ordering"], "points": "not a number"}
    shown = fields(page.post(where, {**typed, "act": "items:add"}))
    assert "items-3-text-ar" in shown and shown["items-2-text-en"] == "second"
    assert shown["points"] == "not a number" and shown["stem-ar"] == "السؤال"
    shown = fields(page.post(where, {**shown, "act": "items:2:up"}))
    assert shown["items-1-text-en"] == "second"
    shown = fields(page.post(where, {**shown, "act": "items:0:remove"}))
    assert shown["items-0-text-en"] == "second" and "items-3-text-ar" not in shown
    assert stems(activity) == []
    for act in ("items:99:up", "items:x:remove", "stem:add", "items:0:fly"):
        page.post(where, {**BASE, **TYPED["ordering"], "act": act}, status=None if act == "stem:add" else 200)


def test_a_new_choice_can_be_marked_right_at_once(page, activity):
    shown = fields(page.post(address(activity, "/new/single"), {**BASE, **TYPED["single"], "act": "options:add"}))
    assert shown["options-3-id"] not in {shown[f"options-{n}-id"] for n in range(3)}
    shown |= {**text("options-3-text", "ج", "c"), "right": shown["options-3-id"]}
    page.post(address(activity, "/new/single"), shown)
    options = edited_questions(quiz_of(activity).id)[0].content["options"]
    assert [option.get("correct", False) for option in options] == [False, False, True]


def test_the_competencies_on_offer_come_from_the_framework(page, activity, monkeypatch):
    names = [("D1.1", both("الإنصات", "Listening")), ("D2.1", both("القياس", "Measuring"))]
    monkeypatch.setattr(lookups, "competency_choices", lambda: names)
    shown = page.get(address(activity, "/new/single"))
    assert "الإنصات" in shown.select_one("#competency").get_text()
    page.post(address(activity, "/new/true_false"), {**BASE, "answer": "true", "competency": "D2.1"})
    assert edited_questions(quiz_of(activity).id)[0].competency_key == "D2.1"
    page.post(address(activity, "/new/true_false"), {**BASE, "answer": "true", "competency": "D9.9"}, status=422)


def test_the_rules_of_the_quiz_are_saved_and_a_stale_page_is_told(page, activity):
    where = address(activity, "/rules")
    seen = page.get(where).select_one("[name=seen]")["value"]
    rules = {**text("title", "اختبار", "Test"), "pass_percent": "٨٠", "minutes": "", "attempts_allowed": "3",
             "layout": "all", "navigation": "free", "counting": "best", "tries": "1", "cooling_unit": "hours",
             "review": ["after:score", "later:score", "closed:score", "during:responses", "during:marks"],
             "pre_quiz_id": "0", "seen": seen}  # fmt: skip
    page.post(where, rules)
    quiz = quiz_of(activity)
    assert (quiz.pass_percent, quiz.minutes, quiz.attempts_allowed, quiz.layout) == (80, None, 3, "all")
    assert quiz.shuffle is False and (quiz.release, quiz.review) == ("score", {})
    stale = page.post(where, {**rules, "pass_percent": "50"}, status=409)
    assert quiz_of(activity).pass_percent == 80
    page.post(where, {**rules, "pass_percent": "50", "seen": stale.select_one("[name=seen]")["value"]})
    assert quiz_of(activity).pass_percent == 50
    for wrong in (
        {"pass_percent": "101"},
        {"pass_percent": ""},
        {"minutes": "-1"},
        {"review": ["always:score"]},
        {"title-ar": "", "title-en": ""},
    ):
        page.post(where, {**rules, "seen": stale.select_one("[name=seen]")["value"], **wrong}, status=422)


def test_a_stale_question_is_refused_with_the_text_kept_and_the_second_save_counts(page, activity):
    item = add(activity, "true_false", stem="First")
    where = address(activity, f"/questions/{item.id}")
    old = fields(page.get(where))
    page.post(where, {**old, "stem-en": "Second"})
    shown = page.post(where, {**old, "stem-en": "Third"}, status=409)
    assert fields(shown)["stem-en"] == "Third" and stems(activity) == ["Second"]
    page.post(where, fields(shown))
    assert stems(activity) == ["Third"]


def test_questions_are_moved_removed_and_brought_back_by_buttons(page, activity):
    ids = [add(activity, stem=f"Q{number}").id for number in range(3)]
    page.post(address(activity, "/order"), {"key": ids[2], "move": "up"})
    assert stems(activity) == ["Q0", "Q2", "Q1"]
    response = page.client.post(
        address(activity, "/order"), data={"order": ",".join(map(str, ids)), "csrf_token": page.csrf_token()},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert response.status_code == 204
    db.session.expire_all()
    assert stems(activity) == ["Q0", "Q1", "Q2"]
    page.post(address(activity, "/order"), {"order": "1,2,x"})
    shown = page.post(address(activity, f"/questions/{ids[1]}/remove"))
    assert stems(activity) == ["Q0", "Q2"]
    undo = shown.select_one("form.undo")
    sent = {each["name"]: each["value"] for each in undo.select("input") if each["name"] != "csrf_token"}
    page.post(undo["action"], sent)
    assert stems(activity) == ["Q0", "Q1", "Q2"]
    page.post(address(activity, f"/questions/{ids[0]}/duplicate"))
    assert stems(activity) == ["Q0", "Q0", "Q1", "Q2"]


@pytest.mark.parametrize("type", assessment.ALL_TYPES)
def test_a_question_can_be_tried_and_no_attempt_is_kept(page, activity, type):
    item = services.add_written(
        activity.id, services.Written(type, assessment.content(type)), at=assessment.LONG_AGO, by_id=None
    )
    where = address(activity, f"/questions/{item.id}/try")
    shown = page.get(where)
    assert not shown.select("#feedback")
    shown = page.post(where, {"seed": shown.select_one("[name=seed]")["value"]})
    assert (
        bool(shown.select("#feedback .mark.wrong")) is kind_of(type).scored
        and "شرح" in shown.select_one("#feedback").get_text()
    )
    assert not db.session.query(Attempt).count()


def test_a_right_answer_is_marked_right_in_a_trial(page, activity):
    item = add(activity, "numeric")
    shown = page.post(address(activity, f"/questions/{item.id}/try"), {"seed": "5", "answer": "١٢٫٧"})
    assert shown.select("#feedback .mark.right")


def test_the_text_zoo_is_kept_exactly_and_shown_as_text(page, activity):
    page.post(address(activity, "/new/true_false"), {**BASE, **text("stem", ZOO, "\u202eabc\x00"), "answer": "true"})
    question = edited_questions(quiz_of(activity).id)[0]
    assert question.stem == both(ZOO, "abc")
    shown = page.get(address(activity))
    assert ZOO in shown.select_one(".question-stem").get_text()
    assert not shown.select(".question-stem b")


def test_a_published_quiz_cannot_be_edited(page, activity):
    item = add(activity)
    draft = published(activity)
    way_on = page.get(address(activity, "/rules"), status=409).select_one("main .btn-primary")
    assert way_on["href"] == address(draft) and page.get(way_on["href"])
    draft.removed_at = LONG_AGO
    db.session.commit()
    course = f"/teach/{activity.version.course.key}"
    assert page.get(address(activity), status=409).select_one("main .btn-primary")["href"] == course
    catalogue.services.discard_draft(activity.version.course)
    closed = page.get(address(activity), status=409)
    assert "نُشر" in closed.words and closed.select_one(f"main form[action='{course}/draft'] .btn-primary")
    page.get(address(activity, "/new/single"), status=409)
    page.get(address(activity, f"/questions/{item.id}"), status=409)
    page.post(address(activity, f"/questions/{item.id}/remove"), status=409)
    page.get(address(activity, f"/questions/{item.id}/try"))


def test_the_wrong_people_find_nothing(visit, browser, activity):
    item = add(activity)
    paths = ["", "/rules", "/new/single", "/sections/new/draw", f"/questions/{item.id}", f"/questions/{item.id}/try"]
    posts = ["/rules", "/order", "/restore", "/sections/new/fixed", "/sections/order", f"/questions/{item.id}/remove", f"/questions/{item.id}/duplicate", "/new/single",
             f"/questions/{item.id}", f"/questions/{item.id}/try"]  # fmt: skip
    strangers = [people.person(), people.trainer(), people.manager(), people.trainer(of=people.organisation("partner"))]
    for stranger in strangers:
        visitor = visit(stranger)
        for path in paths:
            visitor.get(address(activity, path), status=404)
        for path in posts:
            visitor.post(address(activity, path), status=404)
    browser.get(address(activity), status=302)
    assert stems(activity) == ["What?"]


def test_a_question_is_not_found_through_another_quiz_or_kind_of_activity(page, activity, trainer):
    other = quiz_activity(catalogue.course(trainer=trainer, published=False))
    item = add(other)
    page.get(address(activity, f"/questions/{item.id}"), status=404)
    page.post(address(activity, f"/questions/{item.id}/remove"), status=404)
    lesson = catalogue.lesson(catalogue.unit(activity.version))
    page.get(address(lesson), status=404)
    page.get(address(activity, "/new/no-such-type"), status=404)
    page.get("/teach/activities/999999/quiz", status=404)


@pytest.mark.parametrize("count", [1, 40])
def test_the_editor_takes_the_same_few_statements_however_many_questions(page, activity, statements, count):
    for number in range(count):
        add(activity, stem=f"Q{number}")
    with statements() as seen:
        page.get(address(activity))
    assert len(seen) <= 8


def test_the_editor_reads_in_english(page, activity, trainer):
    trainer.language = "en"
    add(activity)
    shown = page.get(address(activity))
    assert shown.html["lang"] == "en" and "Add a question" in shown.words and "Arabic incomplete" in shown.words


@pytest.mark.parametrize(
    ("type", "typed", "lines"),
    [
        ("single", {}, ["الخيارات: ما كُتب هنا لا يكفي: الحد الأدنى 2"]),
        ("multiple", {**TYPED["multiple"], **text("options-1-text", "أ", "b")}, ["الخيار 2 · العربية: النص نفسه"]),
        ("matching", {}, ["الأزواج: ما كُتب هنا لا يكفي"]),
        ("categories", {}, ["الفئات: ما كُتب هنا لا يكفي", "العناصر: ما كُتب هنا لا يكفي"]),
        (
            "categories",
            {
                **text("categories-0-text", "أ", "a"), **text("categories-1-text", "ب", "b"), "categories-0-id": "c1",
                "categories-1-id": "c2", **text("items-0-text", "١", "1"), **text("items-1-text", "٢", "2"),
                "items-0-category": "c1",
            },
            ["العنصر 2 · الفئة: يُرجى اختيار الفئة"],
        ),
        (
            "calculated",
            {"variables-0-name": "a", "variables-0-low": "كثير", "variables-0-high": "2", "formula": "a"},
            ["قيمة 1 · الأدنى: يُرجى إدخال عدد"],
        ),
        (
            "calculated",
            {"variables-0-name": "a", "variables-0-low": "1", "variables-0-high": "2", "variables-0-step": "1", "formula": "z"},
            ["ليس بين القيم المسحوبة قيمة بهذا الاسم: z"],
        ),
        (
            "essay",
            {**text("rubric-0-text", "الوضوح", "Clear"), **text("rubric-0-levels-0-text", "جيد", "Good"),
             **text("rubric-0-levels-1-text", "ضعيف", "Weak"), "rubric-0-levels-0-points": "2.5", "rubric-0-levels-1-points": "0"},
            ["المعيار 1 · مستوى المعيار 1 · الدرجات: يُرجى إدخال عدد صحيح"],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_names_the_list_the_row_and_the_field_in_the_readers_language(page, activity, type, typed, lines):
    shown = page.post(address(activity, f"/new/{type}"), {**BASE, **typed}, status=422)
    said = [each.get_text() for each in shown.select("[data-error-summary] li")]
    assert len(said) == len(set(said))
    assert [line for line in lines if not any(line in each for each in said)] == [], said
    assert not [each for each in said if re.search(r"[A-Za-z]+-\d", each)], said


def test_a_wait_of_more_than_a_year_is_refused_rather_than_cut(page, activity):
    where = address(activity, "/rules")
    typed = {"cooling": "500000", "cooling_unit": "days", "seen": page.get(where).select_one("[name=seen]")["value"]}
    shown = page.post(where, typed, status=422)
    assert "366" in shown.select_one("#cooling-error").get_text()


def test_a_question_without_points_has_no_difficulty_in_the_list(page, activity):
    add(activity, "matrix")
    facts = page.get(address(activity)).select_one(".question-facts").get_text()
    assert "متوسط" not in facts and "Medium" not in facts
