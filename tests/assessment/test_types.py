"""The common question types: the starter questions, and a table of what each answer earns."""

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
import yaml

import academy.devdata
from academy.assessment.types import BadResponse, all_types, kind

COURSES = Path(academy.devdata.__file__).parent / "content" / "courses"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def starter_questions():
    for file in sorted(COURSES.glob("*.yaml")):
        for question in yaml.load(file.read_text(encoding="utf-8"), LOADER)["quiz"]["questions"]:
            yield pytest.param(question, id=f"{file.stem}-{question['id']}")


def right_response(content):
    """The stored response that the key asks for."""
    match content["type"]:
        case "single":
            return {"choice": next(option["id"] for option in content["options"] if option.get("correct"))}
        case "multiple":
            return {"choices": [option["id"] for option in content["options"] if option.get("correct")]}
        case "true_false":
            return {"choice": str(content["answer"]).lower()}
        case "numeric":
            return {"text": str(content["answer"])}
        case "ordering":
            return {"places": {key: place for place, key in enumerate(content["answer"], 1)}}
        case "matching":
            return {"pairs": dict(content["answer"])}
        case "short_text":
            return {"text": content["accept"]["ar"][0]}


def wrong_response(content):
    """A stored response with nothing right in it."""
    match content["type"]:
        case "single":
            return {"choice": next(option["id"] for option in content["options"] if not option.get("correct"))}
        case "multiple":
            return {"choices": [option["id"] for option in content["options"] if not option.get("correct")]}
        case "true_false":
            return {"choice": str(not content["answer"]).lower()}
        case "numeric":
            return {"text": str(content["answer"] + 1 + content["tolerance"])}
        case "ordering":
            turned = content["answer"][1:] + content["answer"][:1]
            return {"places": {key: place for place, key in enumerate(turned, 1)}}
        case "matching":
            rights = [side["id"] for side in content["right"]]
            return {"pairs": {left: next(r for r in rights if r != right) for left, right in content["answer"].items()}}
        case "short_text":
            return {"text": "خط التفاعل"}


def form_of(control, prefix):
    """The fields a browser would send for what the control shows."""
    fields = {}
    for line in control.choices:
        if line.chosen:
            fields.setdefault(prefix, []).append(line.token)
        if line.place is not None:
            fields[f"{prefix}-{line.token}"] = [str(line.place)]
        if line.partner:
            fields[f"{prefix}-{line.token}"] = [line.partner]
    if control.text:
        fields[prefix] = [control.text]
    return fields


@pytest.mark.parametrize("question", starter_questions())
def test_a_starter_question_is_sound_and_scores_by_its_key(question):
    kinds = kind(question["type"])
    right, wrong = right_response(question), wrong_response(question)
    assert kinds.check(question) == []
    assert (kinds.score(question, right), kinds.score(question, wrong), kinds.score(question, None)) == (1, 0, 0)
    assert kinds.describe(question, right, "ar") and kinds.describe(question, right, "en")
    assert kinds.describe(question, None, "ar") == ""


@pytest.mark.parametrize("question", starter_questions())
def test_a_stored_answer_comes_back_in_the_form_as_it_was(question):
    """R2: nothing is lost on reload, for each question type."""
    kinds = kind(question["type"])
    paper = kinds.paper(question, Random(7))
    for response in (right_response(question), wrong_response(question)):
        form = form_of(kinds.control(question, paper, response), "q3")
        assert kinds.read(form, question, paper, "q3") == response
    assert kinds.read({}, question, paper, "q3") is None
    assert form_of(kinds.control(question, paper), "q3") == {}


@pytest.mark.parametrize("question", starter_questions())
def test_feedback_agrees_with_the_score(question):
    kinds = kind(question["type"])
    paper = kinds.paper(question, Random(7))
    right = kinds.feedback(question, right_response(question), paper)
    wrong = kinds.feedback(question, wrong_response(question), paper)
    nothing = kinds.feedback(question, None, paper)
    assert (right.correct, wrong.correct, nothing.correct) == (True, False, False)
    assert (right.share, wrong.share, nothing.share) == (1, 0, 0)
    assert {part.state for part in right.parts} <= {"right", "neutral"}
    assert "right" not in {part.state for part in (*wrong.parts, *nothing.parts)}
    assert [note.code for note in nothing.notes] == ["unanswered"]
    assert right.correct_answer and all(text for text in right.correct_answer) and right.explanation.complete


def test_the_starter_courses_hold_the_seven_common_types():
    common = {"single", "multiple", "true_false", "numeric", "ordering", "matching", "short_text"}
    assert {case.values[0]["type"] for case in starter_questions()} == common
    assert common <= {kinds.name for kinds in all_types() if kinds.authored and not kinds.marked_by_hand}


def text(words):
    return {"ar": words, "en": words}


def lines(*keys):
    return [{"id": key, "text": text(f"text of {key}")} for key in keys]


def options(right, wrong):
    return [{**line, "correct": True} for line in lines(*right)] + lines(*wrong)


@pytest.mark.parametrize(
    ("scoring", "chosen", "share"),
    [
        (None, "abc", 1),
        (None, "ab", 0),
        (None, "abcd", 0),
        ("all_or_nothing", "abc", 1),
        ("partial", "abc", 1),
        ("partial", "ab", Fraction(2, 3)),
        ("partial", "abd", Fraction(1, 3)),
        ("partial", "ade", 0),
        ("partial", "de", 0),
        ("partial", "abcde", Fraction(1, 3)),
    ],
)
def test_multiple_choice_earns_right_minus_wrong_only_when_partial_credit_is_set(scoring, chosen, share):
    """AS1."""
    content = {"stem": text("?"), "options": options("abc", "de"), "scoring": scoring}
    assert kind("multiple").check(content) == []
    assert kind("multiple").score(content, {"choices": list(chosen)}) == share


@pytest.mark.parametrize(
    ("typed", "share", "notes"),
    [
        ("٣٢", 1, []),
        ("32", 1, []),
        ("+32", 1, []),
        ("32٫0", 1, []),
        ("32.0", 1, []),
        ("32%", 1, ["percent_note"]),
        ("٣٢٪", 1, ["percent_note"]),
        ("32 points", 1, []),
        ("32 نقطة", 1, []),
        ("32.05", 1, []),
        ("31.95", 1, []),
        ("32.0500001", 0, []),
        ("-32", 0, []),
        ("33%", 0, []),
        ("NaN", 0, ["not_a_number"]),
        ("1e308", 0, ["not_a_number"]),
        ("about 32", 0, ["not_a_number"]),
        ("9" * 40, 0, ["not_a_number"]),
    ],
)
def test_a_number_is_right_within_its_tolerance_exactly(typed, share, notes):
    """AS2; the vectors of domain.md 4.5. 32.05 fails where floats compare."""
    content = {"stem": text("?"), "answer": 32, "tolerance": 0.05, "unit": {"ar": "نقطة", "en": "points"}}
    response = kind("numeric").clean({"text": typed}, content, {})
    feedback = kind("numeric").feedback(content, response, {})
    assert response == {"text": typed}
    assert (feedback.share, [note.code for note in feedback.notes]) == (share, notes)


def test_a_percent_sign_is_no_remark_where_the_unit_is_percent():
    content = {"stem": text("?"), "answer": 68, "tolerance": 0.05, "unit": "%"}
    feedback = kind("numeric").feedback(content, {"text": "68%"}, {})
    assert (feedback.correct, feedback.notes) == (True, ())
    assert feedback.correct_answer[0].en == "68%"


@pytest.mark.parametrize("answer", [0.1, "0.1", 0])
def test_a_tolerance_may_be_left_out_and_then_means_exactly(answer):
    content = {"stem": text("?"), "answer": answer}
    assert kind("numeric").check(content) == []
    assert kind("numeric").score(content, {"text": str(answer)}) == 1
    assert kind("numeric").score(content, {"text": f"{float(answer)}0001"}) == 0


@pytest.mark.parametrize(
    ("typed", "share", "notes"),
    [
        ("خط الرؤية", 1, []),
        ("خط الرؤيه", 1, []),
        ("خَطّ الرُّؤية", 1, []),
        ("الخط الرؤية", 1, []),
        ("Line of Visibility ", 1, []),
        ("line of visibilty", 1, ["spelling_note"]),
        ("خط التفاعل", 0, []),
        ("؟؟", 0, []),
    ],
)
def test_a_short_answer_is_read_as_people_write(typed, share, notes):
    """AS1; the vectors of domain.md 4.5, and one typing slip that is shown."""
    content = {"stem": text("?"), "accept": {"ar": ["خط الرؤية"], "en": ["line of visibility"]}}
    feedback = kind("short_text").feedback(content, {"text": typed}, {})
    assert (feedback.share, [note.code for note in feedback.notes]) == (share, notes)
    assert feedback.given == typed


@pytest.mark.parametrize(
    ("scoring", "places", "share"),
    [
        (None, {"a": 1, "b": 2, "c": 3, "d": 4}, 1),
        (None, {"a": 1, "b": 2, "c": 4, "d": 3}, 0),
        (None, {"a": 1, "b": 2, "c": 3}, 0),
        ("partial", {"a": 1, "b": 2, "c": 4, "d": 3}, Fraction(1, 2)),
        ("partial", {"a": 1, "b": 1, "c": 1, "d": 1}, Fraction(1, 4)),
        ("partial", {"b": 2}, Fraction(1, 4)),
    ],
)
def test_ordering_earns_all_or_nothing_unless_partial_credit_is_set(scoring, places, share):
    """AS3."""
    content = {"stem": text("?"), "items": lines(*"abcd"), "answer": list("abcd"), "scoring": scoring}
    assert kind("ordering").check(content) == []
    assert kind("ordering").score(content, {"places": places}) == share


@pytest.mark.parametrize(
    ("scoring", "pairs", "share"),
    [
        (None, {"l1": "in", "l2": "out", "l3": "in"}, 1),
        (None, {"l1": "in", "l2": "in", "l3": "in"}, Fraction(2, 3)),
        (None, {"l2": "out"}, Fraction(1, 3)),
        (None, {"l2": "spare"}, 0),
        ("all_or_nothing", {"l1": "in", "l2": "in", "l3": "in"}, 0),
        ("all_or_nothing", {"l1": "in", "l2": "out", "l3": "in"}, 1),
    ],
)
def test_matching_earns_the_share_of_lefts_paired_rightly(scoring, pairs, share):
    """AS3; a right side may serve several lefts or none."""
    content = {
        "stem": text("?"),
        "left": lines("l1", "l2", "l3"),
        "right": lines("in", "out", "spare"),
        "answer": {"l1": "in", "l2": "out", "l3": "in"},
        "scoring": scoring,
    }
    assert kind("matching").check(content) == []
    assert kind("matching").score(content, {"pairs": pairs}) == share


def test_unfinished_answers_are_kept_and_pointed_out():
    ordering = {"items": lines(*"abc"), "answer": list("abc")}
    matching = {"left": lines("x", "y"), "right": lines("u", "v"), "answer": {"x": "u", "y": "v"}}
    paper = {"order": ["c", "a", "b"]}
    response = kind("ordering").read({"q1-p1": ["2"], "q1-p2": ["2"], "q1-p3": [""]}, ordering, paper, "q1")
    assert response == {"places": {"a": 2, "c": 2}}
    assert [note.code for note in kind("ordering").warnings(ordering, response)] == ["incomplete", "repeated_place"]
    assert [note.code for note in kind("matching").warnings(matching, {"pairs": {"x": "u"}})] == ["incomplete"]
    assert [note.code for note in kind("numeric").warnings({}, {"text": "many"})] == ["not_a_number"]
    assert kind("ordering").is_answered(response) and not kind("ordering").is_answered(None)


def test_the_text_zoo_is_stored_exactly_as_typed():
    """R33: nothing after an emoji is cut, nothing is tidied."""
    content = {"accept": {"ar": ["خط"], "en": []}}
    zoo = ["تَجْـرِبة", "👨‍👩‍👧 ثم نص", "\u202eعكس", "O'Brien", "<b>", "{{7*7}}", "=1+1", "null", " -0 ", "ﻻ", "é"]
    assert [kind("short_text").clean({"text": typed}, content, {}) for typed in zoo] == [
        {"text": typed} for typed in zoo
    ]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("single", {"choice": "a"}, "unknown_choice"),
        ("single", {"choice": "p9"}, "unknown_choice"),
        ("single", {"choice": 1}, "bad_shape"),
        ("single", ["p1"], "bad_shape"),
        ("single", {"choice": "p1", "score": 1}, "bad_shape"),
        ("multiple", {"choices": "p1"}, "bad_shape"),
        ("multiple", {"choices": ["p1"] * 1000}, "bad_shape"),
        ("multiple", {"choices": ["p1", "p7"]}, "unknown_choice"),
        ("true_false", {"choice": "yes"}, "unknown_choice"),
        ("true_false", {"choice": True}, "bad_shape"),
        ("numeric", {"text": 32}, "bad_shape"),
        ("numeric", {"text": "1" * 65}, "too_long"),
        ("short_text", {"text": "x" * 1_048_576}, "too_long"),
        ("short_text", {"text": "a\x00b"}, "unreadable_text"),
        ("short_text", {"text": "\ud800"}, "unreadable_text"),
        ("ordering", {"places": {"p1": 0}}, "bad_place"),
        ("ordering", {"places": {"p1": True}}, "bad_place"),
        ("ordering", {"places": {"p1": 10**30}}, "bad_place"),
        ("ordering", {"places": {"a": 1}}, "unknown_choice"),
        ("ordering", {"places": [1, 2]}, "bad_shape"),
        ("matching", {"pairs": {"p1": "u"}}, "unknown_choice"),
        ("matching", {"pairs": {"p1": ["p1"]}}, "bad_shape"),
    ],
)
def test_a_forged_response_is_refused_by_name(name, raw, code):
    content = {
        "options": options("a", "b"),
        "items": lines("a", "b"),
        "left": lines("a", "b"),
        "right": lines("u", "v"),
        "accept": {"en": ["x"]},
    }
    paper = {"order": ["b", "a"], "left": ["b", "a"], "right": ["u", "v"]}
    with pytest.raises(BadResponse) as refused:
        kind(name).clean(raw, content, paper)
    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    ("name", "field", "empty"),
    [
        ("single", "choice", ""),
        ("multiple", "choices", []),
        ("true_false", "choice", ""),
        ("numeric", "text", " "),
        ("short_text", "text", ""),
        ("ordering", "places", {}),
        ("matching", "pairs", {}),
    ],
)
def test_an_emptied_answer_is_no_answer(name, field, empty):
    for raw in (None, {field: None}, {field: empty}):
        assert kind(name).clean(raw, {"options": []}, {"order": [], "left": [], "right": []}) is None


SOUND = {
    "single": {"options": options("a", "b")},
    "multiple": {"options": options("ab", "c")},
    "true_false": {"answer": True},
    "numeric": {"answer": 5},
    "ordering": {"items": lines("a", "b"), "answer": ["a", "b"]},
    "matching": {"left": lines("a", "b"), "right": lines("u", "v"), "answer": {"a": "u", "b": "u"}},
    "short_text": {"accept": {"ar": ["خط"]}},
}


@pytest.mark.parametrize(
    ("name", "change", "path", "code"),
    [
        ("single", {"stem": None}, "stem", "missing_text"),
        ("single", {"stem": {"ar": " ", "en": ""}}, "stem", "missing_text"),
        ("single", {"stem": "plain"}, "stem", "bad_text"),
        ("single", {"stem": {"ar": "a\x00b"}}, "stem", "bad_text"),
        ("single", {"explanation": {"ar": "x" * 5000}}, "explanation", "text_too_long"),
        (
            "single",
            {"options": [*options("a", ""), {"id": "b", "text": {"ar": " "}}]},
            "options.1.text",
            "missing_text",
        ),
        ("single", {"options": None}, "options", "not_a_list"),
        ("single", {"options": options("a", "")}, "options", "too_few"),
        ("single", {"options": options("abcdefghijklmnopqrstu", "")}, "options", "too_many"),
        ("single", {"options": [*options("a", ""), 2]}, "options.1", "bad_entry"),
        ("single", {"options": options("ab", "c")}, "options", "one_right_option"),
        ("single", {"options": [*options("a", ""), {"id": "a", "text": text("b")}]}, "options.1.id", "repeated_id"),
        ("single", {"options": lines("a", "b c")}, "options.1.id", "bad_id"),
        (
            "single",
            {"options": [*options("a", ""), {"id": "z", "text": text("text of a")}]},
            "options.1.text",
            "repeated_text",
        ),
        ("single", {"options": [*lines("a"), {**lines("b")[0], "correct": "yes"}]}, "options.1.correct", "bad_correct"),
        ("single", {"options": [*lines("a"), {**lines("b")[0], "feedback": 3}]}, "options.1.feedback", "bad_text"),
        ("single", {"shuffle": "no"}, "shuffle", "bad_shuffle"),
        ("multiple", {"options": lines("a", "b")}, "options", "no_right_option"),
        ("multiple", {"scoring": "magic"}, "scoring", "bad_scoring"),
        ("true_false", {"answer": "true"}, "answer", "bad_true_false"),
        ("numeric", {"answer": True}, "answer", "bad_number"),
        ("numeric", {"answer": float("nan")}, "answer", "bad_number"),
        ("numeric", {"answer": "1e999999"}, "answer", "bad_number"),
        ("numeric", {"answer": "many"}, "answer", "bad_number"),
        ("numeric", {"answer": 10**400}, "answer", "bad_number"),
        ("numeric", {"tolerance": -1}, "tolerance", "bad_tolerance"),
        ("numeric", {"unit": 3}, "unit", "bad_text"),
        ("ordering", {"answer": ["a", "a"]}, "answer", "bad_order"),
        ("ordering", {"answer": ["a"]}, "answer", "bad_order"),
        ("ordering", {"items": []}, "items", "too_few"),
        ("matching", {"answer": {"a": "u"}}, "answer", "bad_pairs"),
        ("matching", {"answer": {"a": "u", "b": "b"}}, "answer", "bad_pairs"),
        ("matching", {"right": []}, "right", "too_few"),
        ("short_text", {"accept": {"fr": ["x"]}}, "accept", "bad_accepted"),
        ("short_text", {"accept": {"ar": []}}, "accept", "no_accepted"),
        ("short_text", {"accept": {"ar": "خط"}}, "accept.ar", "not_a_list"),
        ("short_text", {"accept": {"ar": ["؟!"]}}, "accept.ar.0", "blank_accepted"),
        ("short_text", {"accept": {"ar": [3]}}, "accept.ar.0", "bad_text"),
        ("short_text", {"accept": {"ar": ["x" * 301]}}, "accept.ar.0", "text_too_long"),
        ("short_text", {"accept": {"en": ["x"] * 51}}, "accept.en", "too_many"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field(name, change, path, code):
    sound = {"stem": text("?"), **SOUND[name]}
    assert kind(name).check(sound) == []
    problems = kind(name).check({**sound, **change})
    assert [(problem.path, problem.code) for problem in problems] == [(path, code)]
    assert problems[0].sentence and "%(" not in problems[0].sentence
