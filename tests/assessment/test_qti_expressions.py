"""The expressions of QTI: a table of what each gives, and properties that hold for all values (IM 10)."""

import math
import re
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.qti import NULL, NotUnderstood, Value, item_of
from academy.assessment.qti.bounds import Steps
from academy.assessment.qti.patterns import matches
from academy.assessment.qti.values import as_text, parsed, parsed_number, printed

ITEM = """<assessmentItem identifier="x">
<responseDeclaration identifier="R" cardinality="multiple" baseType="identifier">{r}</responseDeclaration>
<responseDeclaration identifier="P" cardinality="multiple" baseType="point">
<areaMapping defaultValue="-1"><areaMapEntry shape="circle" coords="10,10,5" mappedValue="2"/><areaMapEntry shape="rect" coords="20,20,30,30" mappedValue="3"/></areaMapping></responseDeclaration>
<outcomeDeclaration identifier="O" cardinality="{cardinality}" baseType="{base}"/>
<outcomeDeclaration identifier="STEPS" cardinality="single" baseType="string"><interpolationTable defaultValue="F">
<interpolationTableEntry sourceValue="9" targetValue="A" includeBoundary="false"/><interpolationTableEntry sourceValue="5" targetValue="C"/></interpolationTable></outcomeDeclaration>
<itemBody/><responseProcessing>{rules}</responseProcessing></assessmentItem>"""
ordinary = settings(max_examples=80, deadline=None)


def worked_out(expression, base="float", cardinality="single", responses=None, rng=None, r=""):
    """The value that an expression gives an outcome."""
    rules = f'<setOutcomeValue identifier="O">{expression}</setOutcomeValue>'
    item = item_of(ITEM.format(rules=rules, base=base, cardinality=cardinality, r=r))
    return item.mark(responses or {}, item.undrawn(), rng or Random(1))["O"]


def num(value, base="float"):
    return f'<baseValue baseType="{base}">{value}</baseValue>'


def of(tag, *parts, **attributes):
    marks = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{tag}{marks}>{''.join(parts)}</{tag}>"


def words(*texts):
    return [of("baseValue", text, baseType="string") for text in texts]


def ids(kind, *names):
    return of(kind, *[of("baseValue", name, baseType="identifier") for name in names])


NONE, YES, NO = "<null/>", num("true", "boolean"), num("false", "boolean")
NUMBERS = [
    (of("sum", num(1), num("2.5"), num(-4)), "-0.5"),
    (of("sum", num(1), NONE), None),
    (of("product", num(2), num("1.5")), 3),
    (of("subtract", num(5), num(2)), 3),
    (of("divide", num(6), num(4)), "1.5"),
    (of("divide", num(6), num(0)), None),
    (of("integerDivide", num(-7, "integer"), num(2, "integer")), -4),
    (of("integerModulus", num(-7, "integer"), num(2, "integer")), 1),
    (of("integerModulus", num(7, "integer"), num(0, "integer")), None),
    (of("power", num(2), num(10)), 1024),
    (of("power", num(0), num(-1)), None),
    (of("power", num(-1), num("0.5")), None),
    (of("power", num(10), num(400)), None),
    (of("round", num("6.5")), 7),
    (of("round", num("-6.5")), -6),
    (of("round", num("-6.51")), -7),
    (of("truncate", num("-6.8")), -6),
    (of("roundTo", num("1.2345"), roundingMode="decimalPlaces", figures="3"), "1.235"),
    (of("roundTo", num("123456"), roundingMode="significantFigures", figures="3"), 123000),
    (of("roundTo", num("0.00098765"), roundingMode="significantFigures", figures="2"), "0.00099"),
    (of("roundTo", num("5"), roundingMode="significantFigures", figures="0"), None),
    (of("max", num(3), num(8), num(5)), 8),
    (of("min", of("multiple", num(3), num(8)), num(5)), 3),
    (of("gcd", num(12, "integer"), num(18, "integer")), 6),
    (of("lcm", num(4, "integer"), num(6, "integer")), 12),
    (of("mathOperator", num(-3), name="abs"), 3),
    (of("mathOperator", num("-3.2"), name="ceil"), -3),
    (of("mathOperator", num(-3), name="signum"), -1),
    (of("mathOperator", num(-3), name="ln"), None),
    (of("mathOperator", num(2), name="asin"), None),
    (of("statsOperator", of("multiple", num(1), num(2), num(6)), name="mean"), 3),
    (of("statsOperator", of("multiple", num(1), num(3)), name="popVariance"), 1),
    (of("statsOperator", of("multiple", num(1), num(3)), name="sampleVariance"), 2),
    (of("statsOperator", of("multiple", num(1), num(3)), name="popSD"), 1),
    (of("statsOperator", of("multiple", num(1)), name="sampleSD"), None),
    (of("containerSize", ids("multiple", "A", "B")), 2),
    (of("containerSize", NONE), 0),
    (of("containerSize", of("repeat", num(1), num(2), numberRepeats="3")), 6),
    (of("index", of("ordered", num(4), num(5)), n="2"), 5),
    (of("index", of("ordered", num(4), num(5)), n="3"), None),
    (of("lookupTable", num(7), of("interpolationTable", of("interpolationTableEntry", sourceValue="5", targetValue="1"), defaultValue="0")), 1),
]  # fmt: skip
TRUTHS = [
    (of("and", YES, YES), True),
    (of("and", YES, NONE), None),
    (of("and", NO, NONE), False),
    (of("or", NO, NONE), None),
    (of("or", YES, NONE), True),
    (of("not", NONE), None),
    (of("anyN", YES, YES, NO, min="1", max="2"), True),
    (of("anyN", YES, YES, YES, min="1", max="2"), False),
    (of("anyN", YES, NONE, min="2", max="2"), None),
    (of("anyN", NO, NONE, min="2", max="2"), False),
    (of("isNull", of("baseValue", "", baseType="string")), True),
    (of("isNotNull", num(0)), True),
    (of("match", ids("multiple", "A", "B"), ids("multiple", "B", "A")), True),
    (of("match", ids("ordered", "A", "B"), ids("ordered", "B", "A")), False),
    (of("match", of("baseValue", "A B", baseType="pair"), of("baseValue", "B A", baseType="pair")), True),
    (of("match", of("baseValue", "A B", baseType="directedPair"), of("baseValue", "B A", baseType="directedPair")), False),
    (of("match", ids("multiple", "A", "A", "B"), ids("multiple", "A", "B", "B")), False),
    (of("match", num(1, "integer"), num("1.0")), True),
    (of("match", num(1), NONE), None),
    (of("lt", num(1), num(2)), True),
    (of("gte", num(2), num(2)), True),
    (of("lt", num(1), NONE), None),
    (of("equal", num("9.5"), num("10"), toleranceMode="absolute", tolerance="0.5 0.5"), True),
    (of("equal", num("9.5"), num("10"), toleranceMode="absolute", tolerance="0.5", includeUpperBound="false"), False),
    (of("equal", num(100), num(105), toleranceMode="relative", tolerance="5"), True),
    (of("equal", num(-100), num(-106), toleranceMode="relative", tolerance="5"), False),
    (of("equalRounded", num("3.175"), num("3.183"), roundingMode="significantFigures", figures="3"), True),
    (of("equalRounded", num("3.175"), num("3.183"), roundingMode="significantFigures", figures="4"), False),
    (of("member", *[of("baseValue", "A", baseType="identifier"), ids("multiple", "A", "B")]), True),
    (of("contains", ids("multiple", "A", "B", "C"), ids("multiple", "C", "A")), True),
    (of("contains", ids("ordered", "A", "B", "C"), ids("ordered", "A", "C")), False),
    (of("contains", ids("ordered", "A", "B", "C"), ids("ordered", "B", "C")), True),
    (of("match", of("delete", of("baseValue", "A", baseType="identifier"), ids("multiple", "A", "B", "A")), ids("multiple", "B")), True),
    (of("substring", *words("ello", "Hello"), caseSensitive="true"), True),
    (of("substring", *words("ELLO", "Hello"), caseSensitive="true"), False),
    (of("stringMatch", *words("Hello", "hello"), caseSensitive="false"), True),
    (of("stringMatch", words("x")[0], NONE, caseSensitive="false"), None),
    (of("patternMatch", words("Grey")[0], pattern="gr[ae]y|Gr.y"), True),
    (of("inside", of("baseValue", "12 12", baseType="point"), shape="circle", coords="10,10,5"), True),
    (of("inside", of("baseValue", "1 1", baseType="point"), shape="poly", coords="0,0,4,0,0,4"), True),
    (of("inside", of("baseValue", "3 3", baseType="point"), shape="poly", coords="0,0,4,0,0,4"), False),
    (of("durationLT", num(1, "duration"), num(2, "duration")), True),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), NUMBERS)
def test_numbers(expression, expected):
    assert worked_out(expression).number == (None if expected is None else Fraction(expected))


@pytest.mark.parametrize(("expression", "expected"), TRUTHS)
def test_truths(expression, expected):
    assert worked_out(expression, "boolean").truth is expected


def test_functions_that_leave_the_fractions_are_as_near_as_doubles():
    for name in ("sin", "cos", "tan", "atan", "exp", "log", "ln", "sinh", "toDegrees", "acot", "sec"):
        found = worked_out(of("mathOperator", num("0.7"), name=name)).number
        expected = {"log": math.log10, "ln": math.log, "toDegrees": math.degrees, "acot": lambda x: math.atan(1 / x), "sec": lambda x: 1 / math.cos(x)}  # fmt: skip
        assert float(found) == pytest.approx(expected.get(name, getattr(math, name, None))(0.7))
    assert float(worked_out('<mathConstant name="pi"/>').number) == math.pi


def test_points_score_each_area_once_and_the_default_for_each_miss():
    points = Value("point", "multiple", ("10 12", "9 9", "25 25", "0 0"))
    assert worked_out('<mapResponsePoint identifier="P"/>', responses={"P": points}).number == 2 + 3 - 1


def test_a_table_of_steps_takes_the_first_entry_at_or_below():
    item = item_of(ITEM.format(rules='<lookupOutcomeValue identifier="STEPS"><variable identifier="duration"/></lookupOutcomeValue>', base="float", cardinality="single", r=""))  # fmt: skip
    table = item.declared.outcomes["STEPS"].table
    assert [table.of(Fraction(n)) for n in (10, 9, 5, 4)] == ["A", "C", "C", "F"] and table.of(None) == "F"


numbers = st.fractions(-1000, 1000, max_denominator=64).map(lambda f: Fraction(as_text(f)))
three = st.one_of(st.none(), st.booleans())


def said(truth):
    return {True: YES, False: NO, None: NONE}[truth]


@ordinary
@given(numbers, numbers)
def test_arithmetic_is_exact(one, other):
    a, b = num(as_text(one)), num(as_text(other))
    assert worked_out(of("sum", a, b)).number == one + other
    assert worked_out(of("product", a, b)).number == one * other
    assert worked_out(of("subtract", a, b)).number == one - other
    assert worked_out(of("divide", a, b)).number == (one / other if other else None)
    assert worked_out(of("lt", a, b), "boolean").truth is (one < other)


@ordinary
@given(numbers)
def test_rounding_goes_to_the_nearest_and_halves_up(value):
    found = worked_out(of("round", num(as_text(value)))).number
    assert found.denominator == 1 and -Fraction(1, 2) < found - value <= Fraction(1, 2)
    cut = worked_out(of("truncate", num(as_text(value)))).number
    assert abs(cut) <= abs(value) < abs(cut) + 1


@ordinary
@given(three, three)
def test_and_or_not_obey_de_morgan_with_null(one, other):
    a, b = said(one), said(other)
    left = worked_out(of("not", of("and", a, b)), "boolean").truth
    assert left is worked_out(of("or", of("not", a), of("not", b)), "boolean").truth


@ordinary
@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_bags_match_in_any_order_and_mappings_count_each_member_once(members, chance):
    mixed = chance.sample(members, len(members))
    assert worked_out(of("match", ids("multiple", *members), ids("multiple", *mixed)), "boolean").truth
    mapping = '<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" mappedValue="2"/></mapping>'
    value = Value("identifier", "multiple", tuple(members))
    found = worked_out('<mapResponse identifier="R"/>', responses={"R": value}, r=mapping).number
    assert found == ("A" in members) + 2 * ("B" in members)


@ordinary
@given(st.integers(-50, 50), st.integers(0, 40), st.integers(1, 7), st.integers())
def test_random_integers_stay_on_their_steps(low, span, step, seed):
    found = worked_out(f'<randomInteger min="{low}" max="{low + span}" step="{step}"/>', rng=Random(seed)).number
    assert low <= found <= low + span and (found - low) % step == 0


@ordinary
@given(numbers)
def test_numbers_are_written_as_they_are_read(value):
    assert parsed_number(as_text(value)) == value
    assert parsed(as_text(value), "float") == value


def test_printed_variables_follow_their_format():
    third = Value("float", "single", (Fraction(1, 3),))
    assert (printed(third, "%.2f"), printed(third, "%d"), printed(third, "%n%n")) == ("0.33", "0", "0.333333333333333")
    assert printed(Value("integer", "multiple", (Fraction(1), Fraction(2)))) == "1, 2" and printed(NULL) == ""


letters = st.text("ab", max_size=6)
simple = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "{0,1}", "{2,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=5,
)


@ordinary
@given(simple, letters)
def test_patterns_match_what_an_independent_engine_matches(pattern, text):
    assert matches(pattern, text, Steps(10**6)) == bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\d{4}-\d{2}", "2024-05", True), (r"\p{Lu}\w*", "Éa1", True), (r"[a-z-[aeiou]]+", "xyz", True),
        (r"[a-z-[aeiou]]+", "xaz", False), (r"\i\c*", "_a.b-1", True), (r"\S+\s\S+", "خدمة العميل", True),
        (r"[+\-]?\d+", "-12", True), (r"a|", "", True), (r"", "", True), (r"\.\*", ".*", True), (r"^a", "^a", True),
    ],
)  # fmt: skip
def test_patterns_know_the_classes_of_xml_schema(pattern, text, found):
    assert matches(pattern, text, Steps()) is found


@pytest.mark.parametrize("pattern", ["(", ")", "a{2,1}", "[", "[]", "*a", "\\", "\\q", "\\p{", "a{", "[b-a]", "a{x}"])
def test_broken_patterns_are_refused(pattern):
    with pytest.raises(NotUnderstood):
        matches(pattern, "a", Steps())
