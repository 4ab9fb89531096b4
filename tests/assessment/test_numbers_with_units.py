"""Numbers with units, and three ways to say how near is near enough."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment.types import kind

NUMERIC = kind("numeric")
MINUTE, HOUR = {"ar": "دقيقة", "en": "minutes"}, {"text": {"ar": "ساعة", "en": "hours"}, "factor": "60"}
QUARTER = Fraction(3, 4)


def content(**more):
    return {"stem": {"ar": "؟"}, "answer": "120", "unit": MINUTE, "units": [HOUR], **more}


REQUIRED, PENALTY = {"unit_rule": "required"}, {"unit_rule": "penalty", "unit_cost": 25}


@pytest.mark.parametrize(
    ("typed", "optional", "required", "penalty"),
    [
        ("120 دقيقة", 1, 1, 1),
        ("١٢٠ دقيقه", 1, 1, 1),
        ("120minutes", 1, 1, 1),
        ("2 ساعة", 1, 1, 1),
        ("٢ ساعة", 1, 1, 1),
        ("2٫0 HOURS", 1, 1, 1),
        ("120", 1, 0, QUARTER),
        ("٠١٢٠", 1, 0, QUARTER),
        ("120 kg", 0, 0, QUARTER),
        ("120 ساعة", 0, 0, QUARTER),
        ("2", 0, 0, 0),
        ("2 دقيقة", 0, 0, 0),
        ("ساعتان", 0, 0, 0),
        ("دقيقة", 0, 0, 0),
    ],
)
def test_a_unit_is_read_converted_and_costs_what_the_question_says(typed, optional, required, penalty):
    """AS2: accepted units with their factors; a missing or wrong one by the rule of the question."""
    shares = [NUMERIC.score(content(**rule), {"text": typed}) for rule in ({}, REQUIRED, PENALTY)]
    assert shares == [optional, required, penalty]


@pytest.mark.parametrize(
    ("typed", "rule", "codes"),
    [
        ("120", REQUIRED, ["unit_missing"]),
        ("120 kg", PENALTY, ["unit_wrong"]),
        ("120 ساعة", PENALTY, ["unit_wrong"]),
        ("5 kg", PENALTY, []),
        ("120 kg", {}, ["not_a_number"]),
        ("2 hours", PENALTY, []),
    ],
)
def test_what_is_amiss_with_a_unit_is_said(typed, rule, codes):
    feedback = NUMERIC.feedback(content(**rule), {"text": typed}, {})
    assert [note.code for note in feedback.notes] == codes


def test_the_unit_is_shown_beside_the_field_unless_it_has_to_be_written():
    assert NUMERIC.control(content(), {}).unit.en == "minutes"
    assert NUMERIC.control(content(**REQUIRED), {}).unit is None
    assert [note.code for note in NUMERIC.warnings(content(**REQUIRED), {"text": "120"})] == ["unit_missing"]
    for rule, code in ((REQUIRED, "terms_unit_required"), (PENALTY, "terms_unit_penalty"), ({}, "terms_units")):
        (term,) = NUMERIC.terms(content(**rule))
        assert term.code == code and term.sentence


@pytest.mark.parametrize(
    ("kind_", "tolerance", "answer", "right", "wrong"),
    [
        ("absolute", "0.5", "120", ["119.5", "120.5"], ["119.49", "120.51"]),
        ("relative", "5", "120", ["114", "126", "١٢٦"], ["113.99", "126.01"]),
        ("relative", "5", "-120", ["-114", "-126"], ["-113.99", "120"]),
        ("figures", "3", "3.14159", ["3.14", "3.1416", "3.135", "3.1449"], ["3.1", "3.1451", "3.13"]),
        ("figures", "2", "0.0456", ["0.046", "0.0455", "0.0464"], ["0.0454", "0.0465", "0.04"]),
        ("figures", "1", "1200", ["1000", "1499"], ["1500", "949"]),
    ],
)
def test_tolerance_is_absolute_relative_or_in_significant_figures(kind_, tolerance, answer, right, wrong):
    """AS2."""
    made = {"stem": {"ar": "؟"}, "answer": answer, "tolerance": tolerance, "tolerance_kind": kind_}
    assert NUMERIC.check(made) == []
    assert [NUMERIC.score(made, {"text": typed}) for typed in right] == [1] * len(right)
    assert [NUMERIC.score(made, {"text": typed}) for typed in wrong] == [0] * len(wrong)


@given(st.decimals(-10_000, 10_000, places=3), st.integers(1, 6))
def test_the_answer_itself_is_always_right(answer, figures):
    for tolerance, way in (("0", "absolute"), ("0", "relative"), (str(figures), "figures")):
        made = {"stem": {"ar": "؟"}, "answer": str(answer), "tolerance": tolerance, "tolerance_kind": way}
        assert NUMERIC.score(made, {"text": format(answer, "f")}) == 1


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"tolerance_kind": "near"}, "tolerance_kind", "bad_tolerance_kind"),
        ({"tolerance_kind": "figures", "tolerance": 0}, "tolerance", "bad_figures"),
        ({"tolerance_kind": "figures", "tolerance": "2.5"}, "tolerance", "bad_figures"),
        ({"unit_rule": "maybe"}, "unit_rule", "bad_unit_rule"),
        ({"unit_rule": "penalty"}, "unit_cost", "bad_unit_cost"),
        ({"unit_rule": "penalty", "unit_cost": 101}, "unit_cost", "bad_unit_cost"),
        ({"unit": None}, "unit", "unit_needed"),
        ({"unit": None, "units": None, "unit_rule": "required"}, "unit", "unit_needed"),
        ({"units": [{"text": {"en": "hours"}, "factor": 0}]}, "units.0.factor", "bad_factor"),
        ({"units": [{"text": {"en": ""}, "factor": 60}]}, "units.0.text", "missing_text"),
        ({"units": [HOUR, {"text": {"en": "Hours"}, "factor": 60}]}, "units.1.text", "repeated_text"),
        ({"units": [5]}, "units.0", "bad_entry"),
        ({"units": "hours"}, "units", "not_a_list"),
        ({"units": [HOUR] * 21}, "units", "too_many"),
    ],
)
def test_what_is_wrong_with_units_is_said_at_its_field(change, path, code):
    assert NUMERIC.check(content()) == []
    assert [(problem.path, problem.code) for problem in NUMERIC.check(content(**change))] == [(path, code)]
