"""Imported QTI items on their pages: import, quiz editor, trial, attempt, result; nothing of the key before its time."""

from io import BytesIO

import pytest

from academy.assessment import services
from academy.assessment.exchange.safe_zip import packed
from academy.assessment.queries_of_editing import edited_questions
from academy.base.db import db
from tests.assessment.test_edit_pages import fields as form_of
from tests.assessment.test_editing import quiz_activity, quiz_of
from tests.assessment.test_exchange_pages import address as exchange
from tests.assessment.test_exchange_pages import plan_of
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, qti_items
from tests.factories.accounts import LONG_AGO, both

every_item = pytest.mark.parametrize("name", sorted(qti_items.ALL))
FIXED = "نص هذا السؤال ثابت"


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


def add_item(activity, name="choice"):
    written = services.Written("qti", qti_items.content(name))
    return services.add_written(activity.id, written, at=LONG_AGO, by_id=None)


def test_the_preview_says_of_each_item_what_becomes_of_it(page, activity):
    essay = qti_items.LONG.replace('"long"', '"essay"').replace("variable identifier='L'", "null")
    files = {"choice.xml": qti_items.CHOICE, "drawn.xml": qti_items.DRAWN, "essay.xml": essay}
    sent = {"file": (BytesIO(packed({n: s.encode() for n, s in files.items()})), "p.zip"), "format": "", "language": ""}
    shown = page.post(exchange(activity), sent, content_type="multipart/form-data")
    rows = [row.get_text(" ", strip=True) for row in shown.select("tbody tr")]
    assert "يُحفظ كما هو بندًا من QTI" in rows[0] and "Choice A" in rows[0] and "درجتان" in rows[0]
    assert "لكل متدرب أعداده الخاصة" in rows[1] and "مرفوض" in rows[2]
    page.post(exchange(activity, f"/import/{plan_of(activity).id}/apply"), {"take": ["0", "1"]})
    found = edited_questions(quiz_of(activity).id)
    assert [(q.type, q.points, q.content["item"]) for q in found] == [("qti", 2, qti_items.CHOICE), ("qti", 1, qti_items.DRAWN)]  # fmt: skip


def test_what_it_measures_can_be_edited_and_the_item_cannot(page, activity):
    item = add_item(activity)
    where = address(activity, f"/questions/{item.id}")
    shown = page.get(where)
    assert FIXED in shown.words and "choice" in shown.words
    assert not shown.select("textarea") and "assessmentItem" not in str(shown.select_one("main"))
    forged = {"stem-en": "Mine", "item": "<x/>", "kept": "x", "content": "{}"}
    page.post(where, {**form_of(shown), **forged, "points": "7", "difficulty": "3", "objective": "o1"})
    (question,) = edited_questions(quiz_of(activity).id)
    assert (question.points, question.difficulty, question.objective) == (7, 3, "o1")
    assert question.content == qti_items.content()
    shown = page.post(where, {**form_of(page.get(where)), "points": "0"}, status=422)
    assert shown.select(".field .error, .error") and FIXED in shown.words


def test_nobody_writes_such_a_question_here(page, activity):
    assert not [a for a in page.get(address(activity)).select("a") if a["href"].endswith("/new/qti")]
    page.get(address(activity, "/new/qti"), status=404)


@pytest.mark.parametrize("who", ["learner", "other_trainer"])
def test_others_neither_see_nor_edit_it(visit, activity, who):
    item = add_item(activity)
    browser = visit(people.person() if who == "learner" else people.trainer())
    for rest in (f"/questions/{item.id}", f"/questions/{item.id}/try"):
        browser.get(address(activity, rest), status=404)
        browser.post(address(activity, rest), {"points": "9"}, status=404)


def test_it_can_be_duplicated_and_exported_again(page, activity):
    item = add_item(activity, "drawn")
    page.post(address(activity, f"/questions/{item.id}/duplicate"))
    assert [q.type for q in edited_questions(quiz_of(activity).id)] == ["qti", "qti"]
    assert "لا شيء: ينتقل كل سؤال إلى الملف كاملًا" in page.get(address(activity, "/export?format=qti22")).words
    assert "لا يوجد هذا النوع من الأسئلة" in page.get(address(activity, "/export?format=gift")).words


@every_item
def test_it_can_be_tried_with_each_of_its_controls(page, activity, name):
    item = add_item(activity, name)
    where = address(activity, f"/questions/{item.id}/try")
    shown = page.get(where)
    controls = shown.select(".item-body input, .item-body select, .item-body textarea")
    assert controls and all(control["name"].startswith("answer-r") for control in controls)
    named = [c for c in controls if not (c.get("aria-label") or c.find_parent("label") or c.get("id"))]
    assert not named, "every control has a name for screen readers"
    shown = page.post(where, {"seed": shown.select_one("[name=seed]")["value"]})
    assert shown.select("#feedback .mark.wrong")


def test_drawn_numbers_stay_while_one_trial_goes_on_and_the_feedback_fits_them(page, activity):
    item = add_item(activity, "drawn")
    where = address(activity, f"/questions/{item.id}/try")
    shown = page.get(where)
    asked = shown.select_one(".item-body").get_text(" ", strip=True)
    numbers = [int(word) for word in asked.replace("?", " ").split() if word.isdigit()]
    seed = shown.select_one("[name=seed]")["value"]
    shown = page.post(where, {"seed": seed, "answer-r1": str(sum(numbers))})
    assert shown.select("#feedback .mark.right") and "Well done." in shown.select_one("#feedback").get_text()
    assert shown.select_one(".item-body").get_text(" ", strip=True) == asked
    shown = page.post(where, {"seed": seed, "answer-r1": "x"})
    assert f"The sum of {numbers[0]} and {numbers[1]} is another." in shown.select_one("#feedback").get_text()


def started(visit, *names, **given):
    """A learner's browser and their open attempt at a quiz of items."""
    version = assessment.draft_quiz(**given)
    for name in names:
        assessment.question(version, "qti", content=qti_items.content(name))
    services.freeze(version.id, LONG_AGO)
    learner = people.person()
    attempt = assessment.attempt(version, learner, at=LONG_AGO)
    db.session.commit()
    return visit(learner), attempt


def test_an_attempt_without_a_script_from_question_to_result(visit):
    browser, attempt = started(visit, "entries", "choice", layout="all", shuffle=False)
    where = f"/attempts/{attempt.id}"
    shown = browser.get(where)
    assert "12" not in shown.select_one("[data-sheet='1']").get_text() and "queue" not in str(shown.select_one("main"))
    order = assessment.items(attempt)[1].paper["order RESPONSE"]
    sent = {"seen-1": "0", "seen-2": "0", "a1-r1": "١٢", "a1-r2": "queue", "a2-r1": f"p{order.index('A') + 1}"}
    shown = browser.post(where, {**sent, "go": "save"})
    assert shown.select_one("input[name=a1-r1]")["value"] == "١٢" and shown.select_one("input[name=a2-r1][checked]")
    assert "لم تكتمل الإجابة بعد" in browser.get(f"{where}/review").words
    browser.post(f"{where}/submit")
    shown = browser.get(f"{where}/result")
    first, second = shown.select("section.question")
    assert first.select(".mark.partly") and "How many days?" in first.get_text() and "7" in first.get_text()
    assert second.select(".mark.right") and "Which service comes first?" in second.get_text()


def test_an_answer_that_cannot_be_kept_is_said_so_at_its_question(visit):
    browser, attempt = started(visit, "choices")
    shown = browser.post(
        f"/attempts/{attempt.id}", {"seen-1": "0", "q": "1", "a1-r1": ["p1", "p2", "p3"], "go": "save"}, status=422
    )
    assert "الحد الأقصى لعدد الخيارات هنا 2" in shown.select_one("#a1-error").get_text()


def test_the_script_saves_what_the_form_saves(visit):
    browser, attempt = started(visit, "gaps")
    message = {"attempt": attempt.id, "client_key": "12345678", "client_sequence": 1}
    message["items"] = [{"position": 1, "known": 0, "response": {"answers": {"r1-p1": ["p1"]}}}]
    assert browser.send_json(f"/attempts/{attempt.id}/save", message)["items"][0]["verdict"] == "saved"
    (item,) = assessment.items(attempt)
    assert item.response == {"answers": {"G": [f"{item.paper['order G'][0]} G1"]}}
    assert browser.get(f"/attempts/{attempt.id}").select_one("select[name=a1-r1-p1] option[selected]")["value"] == "p1"
    db.session.commit()
    shown = browser.post(f"/attempts/{attempt.id}", {"seen-1": "1", "q": "1", "a1-r1-p2": "p2", "go": "save"})
    assert shown.select_one("select[name=a1-r1-p2] option[selected]")["value"] == "p2"
    (item,) = assessment.items(attempt)
    assert item.response == {"answers": {"G": [f"{item.paper['order G'][1]} G2"]}}
