"""Writing gaps, categories, opinions and units in the editor: kept as typed, problems at their fields, nothing lost."""

import pytest

from academy.assessment.queries_of_editing import edited_questions
from academy.base.db import db
from tests.assessment.test_edit_pages import BASE, activity, address, fields, page, text, trainer
from tests.assessment.test_editing import quiz_of
from tests.factories import assessment

__all__ = ["activity", "page", "trainer"]

GAPS = {
    **text("text", "قِس [[1]] ثم [[2]] ثم [[3]]", "Measure [[2]], [[1]], [[3]]"),
    "gaps-0-number": "1", "gaps-0-kind": "typed", **text("gaps-0-right", "الرضا\nرضا المستفيد", "satisfaction"),
    "gaps-1-number": "2", "gaps-1-kind": "choice", **text("gaps-1-right", "نعم", "yes"),
    **text("gaps-1-wrong", "لا\nربما", "no\n—"),
    "gaps-2-number": "3", "gaps-2-kind": "drag", **text("gaps-2-right", "رحلة", "journey"),
    **text("words", "خريطة\nزمن", "map\ntime"), "typos": "y", "scoring": "all_or_nothing",
}  # fmt: skip
CATEGORIES = {
    "categories-0-id": "c1", **text("categories-0-text", "أمام", "on stage"),
    "categories-1-id": "c2", **text("categories-1-text", "خلف", "behind"),
    **text("items-0-text", "تحية", "greeting"), "items-0-category": "c1",
    **text("items-1-text", "قاعدة", "database"), "items-1-category": "c2", "scoring": "partial",
}  # fmt: skip
MATRIX = {
    **text("statements-0-text", "واضح", "clear"), **text("scale-0-text", "لا", "no"), **text("scale-1-text", "نعم", "yes"),
    "needed": "y",
}  # fmt: skip
NUMERIC = {
    "answer": "١٢٠", "tolerance": "٥", "tolerance_kind": "relative", **text("unit", "دقيقة", "minutes"),
    **text("units-0-text", "ساعة", "hours"), "units-0-factor": "٦٠", "unit_rule": "penalty", "unit_cost": "٢٥",
}  # fmt: skip
SHORT = {"accept_ar": "الرحلة", "accept_en": "", "partly_ar": "الطريق\nالسفر", "partly_en": ""}
OPTIONS = [
    {"id": "o1", "text": {"ar": "نعم", "en": "yes"}, "correct": True},
    {"id": "o2", "text": {"ar": "لا", "en": "no"}},
    {"id": "o3", "text": {"ar": "ربما", "en": ""}},
]
WORDS = [("رحلة", "journey"), ("خريطة", "map"), ("زمن", "time")]
KEPT = {
    "gap_fill": (GAPS, {
        "gaps": [
            {"id": "1", "kind": "typed", "accept": {"ar": ["الرضا", "رضا المستفيد"], "en": ["satisfaction"]}},
            {"id": "2", "kind": "choice", "options": OPTIONS},
            {"id": "3", "kind": "drag", "word": "w1"},
        ],
        "words": [{"id": f"w{n}", "text": {"ar": ar, "en": en}} for n, (ar, en) in enumerate(WORDS, start=1)],
        "scoring": "all_or_nothing",
    }),
    "categories": (CATEGORIES, {"answer": {"i1": "c1", "i2": "c2"}, "scoring": "partial"}),
    "matrix": (MATRIX, {"needed": True, "scale": [
        {"id": "k1", "text": {"ar": "لا", "en": "no"}}, {"id": "k2", "text": {"ar": "نعم", "en": "yes"}},
    ]}),
    "numeric": (NUMERIC, {
        "answer": "120", "tolerance_kind": "relative", "unit_rule": "penalty", "unit_cost": "25",
        "units": [{"text": {"ar": "ساعة", "en": "hours"}, "factor": "60"}],
    }),
    "short_text": (SHORT, {"partly": {"ar": ["الطريق", "السفر"], "en": []}, "typos": 0}),
    "multiple": ({
        **text("options-0-text", "أ", "a"), **text("options-1-text", "ب", "b"),
        "options-0-id": "o1", "options-1-id": "o2", "right": "o1", "scoring": "each",
    }, {"scoring": "each"}),
}  # fmt: skip


@pytest.mark.parametrize("type", KEPT)
def test_what_is_written_is_kept_and_saved_again_unchanged(page, activity, type):
    """AS1, AS2, AS3, AS5."""
    typed, kept = KEPT[type]
    page.get(address(activity, f"/new/{type}"))
    page.post(address(activity, f"/new/{type}"), {**BASE, **typed})
    question = edited_questions(quiz_of(activity).id)[0]
    assert question.type == type and question.sound
    assert {name: question.content.get(name) for name in kept} == kept
    before = dict(question.content)
    where = address(activity, f"/questions/{question.item_id}")
    page.post(where, fields(page.get(where)))
    db.session.expire_all()
    assert edited_questions(quiz_of(activity).id)[0].content == before


@pytest.mark.parametrize(
    ("type", "typed", "field"),
    [
        ("gap_fill", {**GAPS, "text-en": "Measure [[1]] and [[2]]"}, "text-en"),
        ("gap_fill", {**GAPS, "text-ar": "[[1]] [[1]] [[2]] [[3]]"}, "text-ar"),
        ("gap_fill", {**GAPS, **text("gaps-0-right", "", "")}, "gaps-0-right-ar"),
        ("gap_fill", {**GAPS, **text("gaps-0-right", "كلمة", "!")}, "gaps-0-right-en"),
        ("gap_fill", {**GAPS, **text("gaps-1-wrong", "", "")}, "gaps-1-right-ar"),
        ("gap_fill", {**GAPS, **text("gaps-1-wrong", "نعم", "no")}, "gaps-1-wrong-ar"),
        ("gap_fill", {**GAPS, **text("gaps-2-right", "", "")}, "gaps-2-right-ar"),
        ("gap_fill", {**GAPS, "gaps-1-number": "1"}, "gaps-1-right-ar"),
        ("gap_fill", {"scoring": "partial"}, "text-ar"),
        ("categories", {**CATEGORIES, "items-1-category": ""}, "items-1-category"),
        ("categories", {**CATEGORIES, "items-1-category": "c9"}, "items-1-category"),
        ("categories", {**CATEGORIES, **text("items-1-text", "تحية", "x")}, "items-1-text-ar"),
        ("matrix", {**MATRIX, **text("scale-1-text", "لا", "yes")}, "scale-1-text-ar"),
        ("matrix", {**MATRIX, **text("statements-0-text", "", "")}, "statements"),
        ("numeric", {**NUMERIC, "units-0-factor": "0"}, "units-0-factor"),
        ("numeric", {**NUMERIC, "unit_cost": ""}, "unit_cost"),
        ("numeric", {**NUMERIC, **text("unit", "", "")}, "unit-ar"),
        ("numeric", {**NUMERIC, "tolerance_kind": "figures", "tolerance": "99"}, "tolerance"),
        ("short_text", {**SHORT, "partly_en": "?"}, "partly_en"),
    ],
)
def test_a_problem_is_said_at_its_field_and_what_was_typed_stays(page, activity, type, typed, field):
    page.get(address(activity, f"/new/{type}"))
    shown = page.post(address(activity, f"/new/{type}"), {**BASE, **typed}, status=422)
    links = [link["href"] for link in shown.select(".error-summary a")]
    assert f"#{field}" in links, links
    kept = fields(shown)
    lost = {name for name, value in typed.items() if value and value != kept.get(name)} - {"typos", "needed"}
    assert lost <= {"items-1-category"} or not lost, lost
    assert not edited_questions(quiz_of(activity).id)


def test_a_gap_that_is_marked_gets_its_row_when_the_form_is_sent(page, activity):
    """AS3: the trainer writes the text first; every number in it gets a row to fill."""
    page.get(address(activity, "/new/gap_fill"))
    typed = {**BASE, **text("text", "أ [[2]] ب [[1]] ج [[5]]", ""), "gaps-0-number": "1", "gaps-0-right-ar": "كلمة"}
    shown = page.post(address(activity, "/new/gap_fill"), typed, status=422)
    assert [fields(shown)[f"gaps-{row}-number"] for row in range(3)] == ["1", "2", "5"]
    links = [link["href"] for link in shown.select(".error-summary a")]
    assert links == ["#gaps-1-right-ar", "#gaps-2-right-ar"]


@pytest.mark.parametrize("number", ["x", "²", "-1", "0", "1" * 50, "1 2", "٣"])
def test_a_gap_with_a_forged_number_is_refused_without_harm(page, activity, number):
    page.get(address(activity, "/new/gap_fill"))
    page.post(address(activity, "/new/gap_fill"), {**BASE, **GAPS, "gaps-0-number": number}, status=422)


def test_a_category_that_was_added_can_be_chosen_for_an_item(page, activity):
    page.get(address(activity, "/new/categories"))
    shown = page.post(address(activity, "/new/categories"), {**BASE, **CATEGORIES, "act": "categories:add"})
    choices = [option["value"] for option in shown.select("[name=items-0-category] option")]
    assert choices == ["", "c1", "c2", "c3"] and "أمام" in shown.select_one("[name=items-0-category]").get_text()


def test_opinions_ask_for_no_points(page, activity):
    """AS5: the form says that nothing is scored, the list of questions says it, and the sum of points leaves it out."""
    form = page.get(address(activity, "/new/matrix"))
    assert form.select_one("[name=points]")["type"] == "hidden" and "لا يُحتسب" in form.words
    assert [area.get_text(strip=True) for area in form.select("textarea[name^=scale][name$=ar]")][2] == "محايد"
    page.post(address(activity, "/new/matrix"), {**BASE, **MATRIX, "points": "9"})
    listed = page.get(address(activity))
    assert "لا يُحتسب" in listed.select_one(".question-facts").get_text()
    assert edited_questions(quiz_of(activity).id)[0].worth == 0


def test_every_type_is_offered(page, activity):
    shown = page.get(address(activity))
    offered = {link["href"].rpartition("/")[2] for link in shown.select(".type-list a")}
    assert offered >= set(assessment.ALL_TYPES) and len(shown.select(".type-list svg use")) == len(offered)
