"""The scoring cases of real QTI items: every one run by the engine that scores attempts, none left out."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from academy.assessment.exchange import Refused, Taken, read
from academy.assessment.qti import NotUnderstood, item_of
from academy.assessment.qti.bodies import Words, modal_feedback, stem_of
from academy.assessment.qti.interactions import CannotDraw, interactions_of
from academy.assessment.qti.items import score_of, share_of, typed_value
from academy.assessment.types import kind

pytestmark = pytest.mark.usefixtures("app")
FOLDERS = sorted((Path(__file__).resolve().parents[1] / "samples" / "qti" / "qti2-scoring-cases").iterdir())


def file_of(folder):
    return json.loads((folder / "cases.json").read_text())


def source_of(folder):
    text = (folder / "item.xml").read_text()
    return text[text.index("<assessmentItem") :]


CASES = [
    pytest.param(folder, case, id=f"{folder.name}-{case['name']}")
    for folder in FOLDERS
    for case in file_of(folder)["cases"]
]


def run(folder, case):
    """Return the item, what was drawn and the outcomes of a case; without a seed in the file, of seed 0."""
    item, rng = item_of(source_of(folder)), Random(file_of(folder).get("seed", 0))
    drawn = item.draw(rng)
    given = {
        name: typed_value(case["responses"].get(name), one.base, one.cardinality)
        for name, one in item.declared.responses.items()
    }
    return item, drawn, item.mark(given, drawn, rng)


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_a_case_scores_what_it_says(folder, case):
    if case.get("xfail"):
        with pytest.raises(NotUnderstood) as refused:
            run(folder, case)
        assert refused.value.code == "test_level" and "test-level" in case["xfailReason"]
        return
    item, drawn, outcomes = run(folder, case)
    expected = dict(case["expect"].get("outcomes", {}))
    if "score" in case["expect"]:
        expected["SCORE"] = case["expect"]["score"]
    if "maxScore" in case["expect"]:
        expected["MAXSCORE"] = case["expect"]["maxScore"]
    assert expected
    for name, value in expected.items():
        got = outcomes[name]
        assert (got.text == value) if isinstance(value, str) else (got.number == Fraction(str(value))), name
    if "modalFeedbackIdentifiers" in case["expect"]:
        assert modal_feedback(item, outcomes) == case["expect"]["modalFeedbackIdentifiers"]
    for words in case["expect"].get("itemBodyContains", ()):
        assert words in stem_of(item, interactions_of(item), Words(drawn.templates)).replace("_____", "")


def kept(interactions, case):
    """The answers of a case as an attempt keeps them."""
    answers = {}
    for each in interactions:
        given = case["responses"].get(each.response)
        if given is not None:
            answers[each.response] = [str(one) for one in (given if isinstance(given, list) else [given])]
    return {"answers": answers} if answers else None


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_an_attempt_earns_the_share_that_the_case_says(folder, case):
    """The same case through the question type, for each item whose interactions can be drawn."""
    try:
        interactions = interactions_of(item_of(source_of(folder)))
    except (CannotDraw, NotUnderstood) as refused:
        (entry,) = read((folder / "item.xml").read_bytes(), "item.xml").entries
        assert isinstance(entry, Refused) and entry.reason.code == refused.code in ("description", "test_level")
        return
    content = {"stem": {"en": "?"}, "item": source_of(folder), "language": "en", "most": "10"}
    assert kind("qti").check(content) == []
    paper = kind("qti").paper(content, Random(0))
    response = kept(interactions, case)
    outcomes = run(folder, case)[2]
    whole = kind("qti").drawn(content, paper)
    assert kind("qti").outcomes(whole, response) == outcomes
    assert kind("qti").score(whole, response) == share_of(outcomes, Fraction(10))


# What the preview says of each item: the type it becomes, or why it is refused.
BECOMES = {
    "choice_match_correct": "single",
    "isNull_isNotNull": "qti",
    "mapResponse_multiple_cardinality": "description",  # no interaction, as in the others
    "mapping_mapResponse": "qti",
    "modalFeedback_basic": "single",
    "ordered_match": "description",
    "outcomeProcessing_numberExpressions": "test_level",
    "outcomeProcessing_outcomeMaximum": "test_level",
    "outcomeProcessing_outcomeProcessingFragment": "description",
    "responseCondition_elseIf_chain": "qti",
    "responseProcessing_boolean_compare_ops": "qti",
    "responseProcessing_default_expression": "no_score",
    "responseProcessing_lookupTable_interpolationTable": "description",
    "responseProcessing_mapOutcome_basic": "most_unknown",  # the score comes from a number the learner types
    "responseProcessing_math_max_min_round_truncate": "most_unknown",
    "responseProcessing_random_lookupOutcomeValue": "description",
    "responseProcessing_setDefaultValue": "description",
    "responseProcessing_subtract_divide": "description",
    "responseProcessing_template_match_correct": "single",
    "responseProcessing_template_match_nothing": "qti",
    "stringMatch_caseSensitive_substring": "qti",
    "templateProcessing_setCorrectResponse": "qti",
    "templateProcessing_templateConstraint": "description",
    "template_randomInteger_printedVariable": "no_score",
}


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_an_item_becomes_a_question_or_is_refused_with_its_reason(folder):
    (entry,) = read((folder / "item.xml").read_bytes(), "item.xml").entries
    assert BECOMES[folder.name] == (entry.type if isinstance(entry, Taken) else entry.reason.code)


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_an_imported_item_scores_the_case_as_a_share_of_its_most_points(folder, case):
    (entry,) = read((folder / "item.xml").read_bytes(), "item.xml").entries
    score = case["expect"].get("outcomes", {}).get("SCORE", case["expect"].get("score"))
    if isinstance(entry, Refused) or score is None:
        return
    if entry.type == "single":
        response = {"choice": case["responses"]["RESPONSE"]}
        most = 1
    else:
        response = kept(interactions_of(item_of(source_of(folder))), case)
        most = Fraction(entry.content["most"])
    of_type = kind(entry.type)
    content = of_type.drawn(entry.content, of_type.paper(entry.content, Random(0)))
    assert of_type.score(content, response) == max(Fraction(score) / most, 0)


def test_drawn_values_always_keep_their_constraint():
    """The case names no seed and expects 3; whatever is drawn, A and B differ and the score is their sum."""
    folder = next(folder for folder in FOLDERS if folder.name == "templateProcessing_templateConstraint")
    item, sums = item_of(source_of(folder)), set()
    for seed in range(200):
        drawn = item.draw(Random(seed))
        a, b = (drawn.templates[name].number for name in "AB")
        assert a != b and score_of(item.mark({}, drawn, Random(0))) == a + b
        sums.add(a + b)
    assert sums == {3, 4, 5}


def test_there_are_twenty_four_folders_and_each_has_its_place():
    assert {folder.name for folder in FOLDERS} == set(BECOMES) and len(FOLDERS) == 24
