"""P4: what a page gets before release holds no key, feedback or explanation, and cannot depend on them."""

import json
from dataclasses import asdict
from random import Random

import pytest

from academy.assessment.rules import Shown
from academy.assessment.rules.release import PARTS
from academy.assessment.types import all_types, kind

CANARY = "canary"


def secret(words):
    return {"ar": f"{CANARY} {words}", "en": f"{CANARY} {words}"}


def shown(words):
    return {"ar": f"نص {words}", "en": f"text {words}"}


def entries(*keys, **more):
    return [{"id": f"{CANARY}-{key}", "text": shown(key), **more} for key in keys]


def options(*flags):
    return [
        {**entry, "correct": flag, "feedback": secret("why")}
        for entry, flag in zip(entries(*"abcd"), flags, strict=True)
    ]


def rubric():
    levels = [{**entry, "text": secret(entry["id"]), "points": n} for n, entry in enumerate(entries("low", "high"))]
    return [{"id": f"{CANARY}-c", "text": secret("criterion"), "levels": levels}]


ids = [entry["id"] for entry in entries(*"abcd")]


def gaps(right, word, accepted):
    """A text with a gap of each kind: the right choice by its place, the right word, the accepted answer."""
    return {
        "text": {"ar": "في [[1]] ثم [[2]] ثم [[3]]", "en": "In [[3]], [[2]] and [[1]]"},
        "gaps": [
            {"id": "1", "kind": "typed", "accept": {"ar": [f"{CANARY} {accepted}"], "en": [f"{CANARY} {accepted}"]}},
            {
                "id": "2",
                "kind": "choice",
                "options": [{**e, "correct": n == right} for n, e in enumerate(entries(*"abcd"))],
            },
            {"id": "3", "kind": "drag", "word": word},
        ],
        "words": entries(*"uvw"),
    }


def kept_item(right):
    """An imported item whose key, feedback and identifiers must stay on the server."""
    said = "".join(
        f"<modalFeedback outcomeIdentifier='F' identifier='{key}' showHide='show'>{CANARY} why</modalFeedback>"
        for key in ids
    )
    lines = "".join(f"<simpleChoice identifier='{key}'>text {key[-1]}</simpleChoice>" for key in ids)
    return (
        "<assessmentItem identifier='q'><responseDeclaration identifier='R' cardinality='single' baseType='identifier'>"
        f"<correctResponse><value>{right}</value></correctResponse></responseDeclaration>"
        "<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/>"
        "<outcomeDeclaration identifier='F' cardinality='single' baseType='identifier'/>"
        f"<itemBody><choiceInteraction responseIdentifier='R' shuffle='true'>{lines}</choiceInteraction></itemBody>"
        "<responseProcessing><setOutcomeValue identifier='F'><variable identifier='R'/></setOutcomeValue>"
        "<responseCondition><responseIf><match><variable identifier='R'/><correct identifier='R'/></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf>"
        f"</responseCondition></responseProcessing>{said}</assessmentItem>"
    )


IMAGE = {"key": "picture-of-a-hall.png", "width": 1200, "height": 800, "alt": shown("a hall")}


def areas(*flags):
    """Areas whose places must stay on the server: nothing of them is drawn on a page."""
    return [
        {**entry, "shape": "circle", "at": [987, 654, 321 + place], "correct": flag}
        for place, (entry, flag) in enumerate(zip(entries(*"abcd"), flags, strict=True))
    ]


def spots(*names):
    return [{"id": f"{CANARY}-{name}", "at": [100 * place, 500]} for place, name in enumerate(names, 1)]


QUESTIONS = {
    "single": {"options": options(False, True, False, False)},
    "multiple": {"options": options(True, True, False, False), "scoring": "partial"},
    "true_false": {"answer": True},
    "numeric": {"answer": 987654.25, "tolerance": 0.5, "unit": "%"},
    "ordering": {"items": entries(*"abcd"), "answer": ids, "scoring": "partial"},
    "matching": {"left": entries(*"abcd"), "right": entries(*"uvw"), "answer": dict.fromkeys(ids, f"{CANARY}-u")},
    "short_text": {"accept": {"ar": [f"{CANARY} جواب"], "en": [CANARY]}, "partly": {"en": [f"{CANARY} half"]}},
    "categories": {
        "items": entries(*"abcd"),
        "categories": entries(*"uvw"),
        "answer": dict.fromkeys(ids, f"{CANARY}-u"),
    },
    "gap_fill": gaps(1, f"{CANARY}-u", "other"),
    "matrix": {"statements": entries(*"abcd"), "scale": entries(*"uvw")},
    "ranking": {"items": entries(*"abcd")},
    "qti": {"item": kept_item(ids[1]), "language": "en", "most": "1"},
    "essay": {"rubric": rubric(), "notes": secret("sample"), "most_words": 300},
    "file": {"rubric": rubric(), "notes": secret("sample"), "kinds": ["pdf"], "most": 2, "megabytes": 5},
    "hotspot": {"image": IMAGE, "regions": areas(True, True, False, False)},
    "drag_on_image": {
        "image": IMAGE,
        "spots": spots("a", "b"),
        "labels": entries(*"uvw"),
        "answer": {f"{CANARY}-a": f"{CANARY}-u", f"{CANARY}-b": f"{CANARY}-v"},
    },
    "calculated": {
        "stem": {"ar": "كم {a}؟", "en": "How much is {a}?"},
        "variables": [{"name": "a", "low": "1", "high": "5", "step": "1"}],
        "formula": "a * 0 + 987654.25",
        "tolerance": "0.5",
    },
}
OTHER_KEYS = {
    "single": {"options": options(True, False, False, False)},
    "multiple": {"options": options(False, False, True, True)},
    "true_false": {"answer": False},
    "numeric": {"answer": 1},
    "ordering": {"items": entries(*"dcba"), "answer": ids[::-1]},
    "matching": {"answer": dict.fromkeys(ids, f"{CANARY}-w")},
    "short_text": {"accept": {"ar": ["غيره"], "en": []}},
    "categories": {"answer": dict.fromkeys(ids, f"{CANARY}-w")},
    "gap_fill": gaps(3, f"{CANARY}-w", "thing"),
    "matrix": {},
    "ranking": {},
    "qti": {"item": kept_item(ids[2])},
    "essay": {"rubric": [], "notes": shown("other")},
    "file": {"rubric": [], "notes": shown("other")},
    "hotspot": {"regions": areas(False, True, False, True)},
    "drag_on_image": {"answer": {f"{CANARY}-a": f"{CANARY}-w", f"{CANARY}-b": f"{CANARY}-u"}},
    "calculated": {"formula": "a + 1"},
}
RIGHT = {
    "single": {"choice": ids[1]},
    "multiple": {"choices": ids[:2]},
    "true_false": {"choice": "true"},
    "numeric": {"text": "987654"},
    "ordering": {"places": {key: place for place, key in enumerate(ids, 1)}},
    "matching": {"pairs": dict.fromkeys(ids, f"{CANARY}-u")},
    "short_text": {"text": "typed"},
    "categories": {"pairs": dict.fromkeys(ids, f"{CANARY}-u")},
    "gap_fill": {"gaps": {"1": "typed", "2": f"{CANARY}-b", "3": f"{CANARY}-u"}},
    "matrix": {"ratings": dict.fromkeys(ids, f"{CANARY}-u")},
    "ranking": {"places": {key: place for place, key in enumerate(ids, 1)}},
    "qti": {"answers": {"R": [ids[1]]}},
    "essay": {"text": "typed"},
    "file": {"files": [{"id": 1, "name": "typed.pdf", "size": 9, "kind": "pdf"}]},
    "hotspot": {"regions": ids[:2], "points": []},
    "drag_on_image": {"pairs": {f"{CANARY}-a": f"{CANARY}-u", f"{CANARY}-b": f"{CANARY}-v"}},
    "calculated": {"text": "987654"},
}
WRONG = {
    "single": {"choice": ids[0]},
    "multiple": {"choices": ids[2:]},
    "true_false": {"choice": "false"},
    "numeric": {"text": "1"},
    "ordering": {"places": {key: place for place, key in enumerate(ids[::-1], 1)}},
    "matching": {"pairs": dict.fromkeys(ids, f"{CANARY}-w")},
    "short_text": {"text": "typed"},
    "categories": {"pairs": dict.fromkeys(ids, f"{CANARY}-w")},
    "gap_fill": {"gaps": {"1": "typed", "2": f"{CANARY}-a", "3": f"{CANARY}-w"}},
    "matrix": {"ratings": dict.fromkeys(ids[:2], f"{CANARY}-w")},
    "ranking": {"places": {ids[0]: 1}},
    "qti": {"answers": {"R": [ids[0]]}},
    "essay": {"text": "typed"},
    "file": {"files": [{"id": 1, "name": "typed.pdf", "size": 9, "kind": "pdf"}]},
    "hotspot": {"regions": ids[2:3], "points": [[0, 0]]},
    "drag_on_image": {"pairs": {f"{CANARY}-a": f"{CANARY}-w"}},
    "calculated": {"text": "1"},
}
every_type = pytest.mark.parametrize("name", [kinds.name for kinds in all_types()])


def question(name, **change):
    return {"stem": shown("?"), "explanation": secret("because"), **QUESTIONS[name], **change}


@every_type
def test_a_control_holds_no_key_no_feedback_and_no_authored_id(name):
    """AS12, P4."""
    content = question(name)
    assert kind(name).check(content) == []
    paper = kind(name).paper(content, Random(5))
    for response in (None, RIGHT[name], WRONG[name]):
        control = repr(asdict(kind(name).control(content, paper, response)))
        assert CANARY not in control and "987654.25" not in control and "correct" not in control


@every_type
def test_a_paper_holds_ids_only_and_says_nothing_of_the_key(name):
    content = question(name)
    paper = kind(name).paper(content, Random(5))
    without_ids = json.dumps(paper)
    for entry in entries(*"abcduvw"):
        without_ids = without_ids.replace(entry["id"], "")
    assert CANARY not in without_ids and "987654" not in without_ids


@every_type
@pytest.mark.parametrize("seed", range(5))
def test_another_key_gives_the_same_paper_and_the_same_control(name, seed):
    one, other = question(name), question(name, **OTHER_KEYS[name])
    papers = [kind(name).paper(content, Random(seed)) for content in (one, other)]
    assert papers[0] == papers[1]
    assert kind(name).control(one, papers[0]) == kind(name).control(other, papers[0])


@every_type
@pytest.mark.parametrize("response", [RIGHT, WRONG], ids=["right", "wrong"])
def test_feedback_before_the_key_is_released_does_not_hold_it(name, response):
    """AS12: own answers with their marks, but neither right answers nor explanation."""
    content = question(name)
    feedback = kind(name).feedback(content, response[name], kind(name).paper(content, Random(5)))
    limited = feedback.limited(Shown(score=True, responses=True, marks=True, feedback=True))
    assert limited.explanation.as_dict() == {"ar": "", "en": ""}
    assert limited.correct_answer == ()
    assert all(part.right_place is None and part.right_partner is None for part in limited.parts)
    assert "missed" not in {part.state for part in limited.parts}
    assert all(part.feedback is None for part in limited.parts if not part.chosen)
    assert limited.share == feedback.share


@every_type
def test_released_responses_alone_carry_no_mark(name):
    content = question(name)
    paper = kind(name).paper(content, Random(5))
    bare = [
        kind(name).feedback(content, response[name], paper).limited(Shown(responses=True))
        for response in (RIGHT, WRONG)
    ]
    for limited in bare:
        assert (limited.correct, limited.share, limited.notes) == (None, None, ())
        assert {part.state for part in limited.parts} <= {"neutral"}
        assert CANARY not in repr(limited)


@every_type
def test_nothing_released_is_nothing_said_and_everything_released_is_everything(name):
    content = question(name)
    feedback = kind(name).feedback(content, RIGHT[name], kind(name).paper(content, Random(5)))
    nothing = feedback.limited(Shown())
    assert (nothing.correct, nothing.share, nothing.parts, nothing.given, nothing.notes) == (None, None, (), "", ())
    assert feedback.limited(Shown.of(PARTS)) == feedback


def test_a_spelling_note_waits_for_the_key_as_it_spells_it_out():
    content = question("short_text", accept={"ar": [], "en": ["visibility"]})
    feedback = kind("short_text").feedback(content, {"text": "visibilty"}, {})
    assert "visibility" in feedback.notes[0].sentence
    assert feedback.limited(Shown(score=True, responses=True, marks=True, feedback=True)).notes == ()


def test_the_review_of_an_ordering_keeps_the_learners_order_not_the_authored_one():
    content = question("ordering")
    feedback = kind("ordering").feedback(content, WRONG["ordering"], {"order": ids})
    assert [part.text.en for part in feedback.parts] == ["text d", "text c", "text b", "text a"]
    assert [part.right_place for part in feedback.parts] == [4, 3, 2, 1]
