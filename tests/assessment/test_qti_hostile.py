"""QTI items meant to do harm: they end soon, with a refusal or with NULL, and no answer to one ever breaks a page."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.assessment.exchange import Taken, read
from academy.assessment.qti import NotUnderstood, UnsoundXml, item_of
from academy.assessment.qti.bodies import Words, body_of
from academy.assessment.qti.interactions import interactions_of
from academy.assessment.types import kind
from tests.factories import qti_items

pytestmark = pytest.mark.usefixtures("app")
SET = '<setOutcomeValue identifier="SCORE">{}</setOutcomeValue>'
ONE = '<baseValue baseType="float">1</baseValue>'
ASK = "<p>? <textEntryInteraction responseIdentifier='R'/></p>"
ASKED = qti_items.declared("R", "string", "single", "x")


def repeated(depth, times):
    """Containers in containers, each repeated."""
    return f'<repeat numberRepeats="{times}">' * depth + ONE + "</repeat>" * depth


def pattern(text, sought):
    return f'<patternMatch pattern="{sought}"><baseValue baseType="string">{text}</baseValue></patternMatch>'


def when(test):
    return f"<responseCondition><responseIf>{test}{SET.format(ONE)}</responseIf></responseCondition>"


LONG_RULES = {
    "repeats": SET.format(f"<containerSize>{repeated(20, 400)}</containerSize>"),
    "many repeats": SET.format(f"<containerSize>{repeated(1, 10**9)}</containerSize>"),
    "rules": "<responseProcessingFragment/>" * 6_000,
    "states": when(pattern("a", "(a{200}){200}")),
    "deep pattern": when(pattern("a", "(" * 100 + "a" + ")" * 100)),
    "choices": SET.format('<randomInteger min="0" max="10000000000"/>'),
}


@pytest.mark.parametrize("rules", LONG_RULES.values(), ids=LONG_RULES)
def test_rules_that_would_run_long_break_off(rules):
    source = qti_items.item("x", ASKED, ASK, qti_items.point("R") + rules)
    with pytest.raises(NotUnderstood) as refused:
        item = item_of(source)
        item.mark({}, item.undrawn(), Random(0))
    assert refused.value.code == "too_long"
    (entry,) = read(source.encode(), "x.xml").entries
    if isinstance(entry, Taken):  # the rules were long but harmless: one of our own types scores the same
        assert entry.type == "short_text"
    else:
        assert entry.reason.code == "too_long"


def test_a_pattern_that_ruins_backtracking_engines_is_matched_at_once():
    source = qti_items.item("x", ASKED, ASK, when(pattern("a" * 2_000 + "b", "(a*)*(a|aa)*")) + when(pattern("a" * 30, "(a?){30}a{30}")))  # fmt: skip
    item = item_of(source)
    assert item.mark({}, item.undrawn(), Random(0))["SCORE"].number == 1


@pytest.mark.parametrize(
    "expression",
    [
        f"<divide>{ONE}<baseValue baseType='float'>0</baseValue></divide>",
        "<power><baseValue baseType='float'>10</baseValue><power><baseValue baseType='float'>9</baseValue><baseValue baseType='float'>9</baseValue></power></power>",
        "<product>" + "<baseValue baseType='float'>1e30</baseValue>" * 40 + "</product>",
        "<mathOperator name='exp'><baseValue baseType='float'>100000</baseValue></mathOperator>",
        "<mathOperator name='log'><baseValue baseType='float'>0</baseValue></mathOperator>",
    ],
)
def test_numbers_without_end_are_null(expression):
    item = item_of(qti_items.item("x", ASKED, ASK, SET.format(expression)))
    assert item.mark({}, item.undrawn(), Random(0))["SCORE"].null


def test_squaring_again_and_again_stays_small():
    squares = (SET.format("<product><variable identifier='SCORE'/><variable identifier='SCORE'/></product>")) * 400
    start = SET.format(
        "<divide><baseValue baseType='float'>7</baseValue><baseValue baseType='float'>3</baseValue></divide>"
    )
    item = item_of(qti_items.item("x", ASKED, ASK, start + squares))
    assert item.mark({}, item.undrawn(), Random(0))["SCORE"].null


def test_a_constraint_that_never_holds_leaves_the_defaults():
    """IM 11: after a hundred draws the variables keep their defaults."""
    more = (
        "<templateDeclaration identifier='A' cardinality='single' baseType='integer'><defaultValue><value>4</value></defaultValue></templateDeclaration>"
        "<templateProcessing><setTemplateValue identifier='A'><randomInteger max='9'/></setTemplateValue>"
        "<templateConstraint><isNull><variable identifier='A'/></isNull></templateConstraint></templateProcessing>"
    )
    drawn = item_of(qti_items.item("x", ASKED, ASK, SET.format(ONE), more=more)).draw(Random(5))
    assert drawn.templates["A"].number == 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("<itemBody>", "<itemBody>" + "<div>" * 150 + "</div>" * 150), "xml_deep"),
        (("<itemBody>", "<itemBody>" + "<p>x</p>" * 30_000), "too_big"),
        (("<assessmentItem", "<!DOCTYPE x [<!ENTITY a 'b'>]><assessmentItem"), "xml_declares"),
        (("</itemBody>", ""), "bad_xml"),
    ],
)
def test_items_that_are_unsound_xml_are_not_opened(change, code):
    with pytest.raises(UnsoundXml) as refused:
        item_of(qti_items.CHOICE.replace(*change))
    assert refused.value.code == code
    assert kind("qti").check({**qti_items.content(), "item": qti_items.CHOICE.replace(*change)})[0].code == "bad_item"


RULES_NOBODY_KNOWS = [
    "<customOperator class='x'/>", "<variable identifier='NOBODY'/>", "<sum/>", f"<divide>{ONE}</divide>",
    "<mapResponse identifier='R'/>", "<testVariables variableIdentifier='SCORE'/>", "<numberCorrect/>",
]  # fmt: skip


@pytest.mark.parametrize("expression", RULES_NOBODY_KNOWS)
def test_rules_that_are_not_known_are_refused_before_anybody_answers(expression):
    """Also where they stand in a branch that no tried answer reaches."""
    hidden = f"<responseCondition><responseIf><isNull>{ONE}</isNull>{SET.format(expression)}</responseIf></responseCondition>"
    with pytest.raises(NotUnderstood):
        item_of(qti_items.item("x", ASKED, ASK, qti_items.point("R") + hidden))


HARMFUL = (
    "<p onclick='evil()' id='R' class='x' style='color:red'>Hi <a href='http://127.0.0.1/x'>there</a>"
    "<script>evil()</script><style>p{}</style><b>bold</b> &lt;script&gt; \ue0001.0\ue001</p>"
)


def test_a_body_is_cleaned_of_all_that_acts_or_leads_away():
    item = item_of(qti_items.item("x", ASKED, HARMFUL + ASK, qti_items.point("R")))
    interactions = interactions_of(item)
    pieces = body_of(item, interactions, Words({}))
    assert len(pieces) == 3 and "".join(map(str, pieces[::2])).count("<p>") == 2
    html = pieces[0]
    assert "<b>bold</b>" in html and "&lt;script&gt;" in html and "there" in html
    assert not any(word in html for word in ("evil", "http", "onclick", "class", "style", "id=", "href", "<script"))


WILD = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@WILD
@given(st.sampled_from(sorted(qti_items.ALL)), st.integers(0, 10**6), st.integers(1, 30), st.integers(0, 255))
def test_damaged_items_are_taken_or_refused_and_taken_ones_can_be_answered(name, place, length, byte):
    data = qti_items.ALL[name].encode()
    cut = place % len(data)
    for damaged in (data[:cut] + data[cut + length :], data[:cut] + bytes([byte]) + data[cut + 1 :]):
        try:
            entries = read(damaged, "x.xml").entries
        except Exception as refused:
            assert type(refused).__name__ == "UnreadableQuestions"
            continue
        for entry in entries:
            if isinstance(entry, Taken) and entry.type == "qti":
                of_type = kind("qti")
                paper = of_type.paper(entry.content, Random(1))
                of_type.control(entry.content, paper)
                assert 0 <= of_type.score(of_type.drawn(entry.content, paper), None) <= Fraction(1)
            else:
                assert isinstance(entry, Taken) or entry.reason.sentence
