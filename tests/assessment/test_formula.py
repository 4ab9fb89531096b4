"""Formulas: read, printed and worked out exactly, as schools read them; whatever is typed, nothing breaks."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.types.formula import (
    DEEPEST,
    LONGEST,
    Call,
    FormulaError,
    Name,
    Number,
    names_in,
    parse,
    printed,
    rounded,
    value_of,
)

VALUES = {"a": Fraction(7, 2), "b": Fraction(-3), "visits": Fraction(1250), "زيارات": Fraction(4)}
some = settings(max_examples=150, deadline=None)
numbers = st.decimals(0, 1000, places=2).map(lambda number: Number(Fraction(number)))
trees = st.recursive(
    numbers | st.sampled_from(sorted(VALUES)).map(Name),
    lambda inner: (
        st.builds(lambda sign, one, other: Call(sign, (one, other)), st.sampled_from("+-*/"), inner, inner)
        | st.builds(lambda one: Call("negative", (one,)), inner)
        | st.builds(lambda one, power: Call("^", (one, Number(Fraction(power)))), inner, st.integers(0, 4))
        | st.builds(lambda name, over: Call(name, tuple(over)), st.sampled_from(["min", "max"]), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda one: Call("abs", (one,)), inner)
    ),
    max_leaves=12,
)  # fmt: skip


def by_python(tree):
    """What Python's own fractions make of a tree."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return VALUES[tree.name]
    over = [by_python(each) for each in tree.over]
    match tree.operation:
        case "+":
            return over[0] + over[1]
        case "-":
            return over[0] - over[1]
        case "*":
            return over[0] * over[1]
        case "/":
            return over[0] / over[1]
        case "^":
            return over[0] ** int(over[1])
        case "negative":
            return -over[0]
    return {"min": min, "max": max, "abs": lambda each: abs(each[0])}[tree.operation](over)


@some
@given(trees)
def test_what_is_printed_is_read_back_as_the_same_tree(tree):
    """AS2."""
    text = printed(tree)
    if len(text) <= LONGEST:
        assert parse(text) == tree
    assert names_in(tree) <= set(VALUES)


@some
@given(trees)
def test_formulas_agree_with_exact_fractions(tree):
    """AS2: nothing is rounded on the way."""
    try:
        found = value_of(tree, VALUES)
    except FormulaError as error:
        assert error.code in ("formula_zero", "formula_large")
        if error.code == "formula_zero":
            with pytest.raises(ZeroDivisionError):
                by_python(tree)
        return
    assert found == by_python(tree)


@some
@given(st.text(max_size=40) | st.text("0123456789.+-*/^(), abminmaxroundsqrt×÷٣٫{}[]_'\"\\", max_size=LONGEST + 5))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    try:
        tree = parse(text)
        value_of(tree, {name: Fraction(2) for name in names_in(tree)})
    except FormulaError as error:
        assert error.code.startswith("formula_")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("2 - 3 - 4", -5), ("8 / 4 / 2", 1), ("-2^2", -4), ("2^3^2", 512),
        ("2^-1", Fraction(1, 2)), ("--3", 3), ("2 * -3", -6), (".5 + 1.25", Fraction(7, 4)), ("sqrt(2.25)", Fraction(3, 2)),
        ("round(2.5)", 3), ("round(-2.5)", -3), ("round(10 / 3, 2)", Fraction(333, 100)), ("min(3, 1, 2)", 1),
        ("max(a, b)", Fraction(7, 2)), ("abs(b)", 3), ("٢ × ٣٫٥", 7), ("١٠ ÷ ٤ − ١", Fraction(3, 2)),
        ("max(١، ٢؛ ٣)", 3), ("زيارات * 2", 8), ("0^0", 1),
    ],
)  # fmt: skip
def test_formulas_are_read_as_schools_read_them(text, value):
    assert value_of(parse(text), VALUES) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "formula_missing"), ("   ", "formula_missing"), ("2 +", "formula_ends"), ("(2", "formula_bracket"),
        ("2)", "formula_unread"), ("a b", "formula_unread"), ("2a", "formula_unread"), ("a.b", "formula_unread"),
        ("__import__('os')", "formula_unread"), ("a[0]", "formula_unread"), ("min()", "formula_unread"),
        ("sqrt(1, 2)", "formula_arguments"), ("abs", "formula_ends"), ("1" * (LONGEST + 1), "formula_long"),
        ("(" * (DEEPEST + 2) + "1" + ")" * (DEEPEST + 2), "formula_deep"), ("-" * (DEEPEST + 2) + "1", "formula_deep"),
        ("1e5", "formula_unread"), ("²", "formula_unread"), ("a := 1", "formula_unread"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_its_reason(text, code):
    with pytest.raises(FormulaError) as refused:
        parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / (a - 3.5)", "formula_zero"), ("0 ^ -1", "formula_zero"), ("sqrt(b)", "formula_root"),
        ("2 ^ 0.5", "formula_power"), ("2 ^ 65", "formula_power"), ("9999999 ^ 3", "formula_large"),
        ("999999999999999 * 10", "formula_large"), ("9 ^ 9 ^ 9", "formula_power"), ("round(1, 99)", "formula_decimals"),
        ("((((0.123456789^40)^40)^40)^40)^40", "formula_large"), ("unknown", "formula_name"),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_worked_out_says_why_at_once(text, code):
    with pytest.raises(FormulaError) as refused:
        value_of(parse(text), VALUES)
    assert refused.value.code == code


def test_the_root_of_a_number_that_is_no_square_is_right_to_forty_digits():
    root = value_of(parse("sqrt(2)"), {})
    assert abs(root * root - 2) < Fraction(1, 10**40)


@some
@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_moves_by_half_a_place_at_most_and_away_from_zero(value, decimals):
    found = rounded(value, decimals)
    assert abs(found - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded(-value, decimals) == -found and rounded(found, decimals) == found
