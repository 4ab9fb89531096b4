"""Texts with gaps: typed, chosen, or filled from a bank of words."""

from fractions import Fraction
from random import Random

import pytest

from academy.assessment.rules import Shown, answers_fit
from academy.assessment.types import BadResponse, kind
from tests.factories import accounts as people
from tests.factories import assessment as quizzes

GAPS = kind("gap_fill")
RIGHT, WRONG = quizzes.RIGHT["gap_fill"], quizzes.WRONG["gap_fill"]


def content(**more):
    return quizzes.content("gap_fill", **more)


def gap(number, **more):
    """The gaps of the usual question, one of them changed."""
    made = content()["gaps"]
    made[number - 1] = {**made[number - 1], **more}
    return made


def codes(problems):
    return [(problem.path, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("scoring", "given", "share"),
    [
        ("partial", RIGHT["gaps"], 1),
        ("partial", {"1": "satisfaction", "2": "o2"}, Fraction(2, 3)),
        ("partial", {"1": "satisfactoin", "2": "o1", "3": "w2"}, Fraction(2, 3)),
        ("partial", WRONG["gaps"], 0),
        ("all_or_nothing", RIGHT["gaps"], 1),
        ("all_or_nothing", {"1": "الرضا", "2": "o2"}, 0),
    ],
)
def test_each_gap_weighs_the_same_or_all_must_be_right(scoring, given, share):
    """AS3."""
    assert GAPS.score(content(scoring=scoring), {"gaps": given}) == share


@pytest.mark.parametrize(
    ("ar", "en", "found"),
    [
        ("[[1]] [[2]] [[3]]", "[[3]] [[1]] [[2]]", []),
        ("[[1]] [[2]] [[3]]", "", []),
        ("[[١]] [[ 2 ]] [[3]]", "", []),
        ("[[1]] [[2]] [[3]]", "[[1]] [[2]]", [("text.en", "gap_missing_en")]),
        ("[[1]] [[3]]", "[[1]] [[2]] [[3]]", [("text.ar", "gap_missing_ar")]),
        ("[[1]] [[2]] [[3]] [[1]]", "", [("text.ar", "gap_twice_ar")]),
        ("[[1]] [[2]] [[3]] [[7]]", "", [("text.ar", "gap_unknown_ar")]),
        ("لا فراغ", "", [("text.ar", "gap_missing_ar")]),
    ],
)
def test_both_languages_must_have_the_same_gaps(ar, en, found):
    """AS3: checked, with a message that names the gaps."""
    problems = GAPS.check(content(text={"ar": ar, "en": en}))
    assert codes(problems) == found
    assert all("[[" in problem.sentence for problem in problems)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"text": None}, "text", "missing_text"),
        ({"gaps": None}, "gaps", "not_a_list"),
        ({"gaps": []}, "text", "no_gaps"),
        ({"gaps": gap(1, id="x")}, "gaps.0", "bad_gap"),
        ({"gaps": gap(1, id="0")}, "gaps.0", "bad_gap"),
        ({"gaps": [*gap(1), 3]}, "gaps.3", "bad_gap"),
        ({"gaps": gap(1, id="2")}, "gaps.1", "repeated_id"),
        ({"gaps": gap(1, kind="sung")}, "gaps.0.kind", "bad_gap_kind"),
        ({"gaps": gap(1, accept={"ar": []})}, "gaps.0.accept", "no_accepted"),
        ({"gaps": gap(2, options=quizzes.entries("a", "b"))}, "gaps.1.options", "one_right_option"),
        ({"gaps": gap(2, options=[])}, "gaps.1.options", "too_few"),
        ({"gaps": gap(3, word="w9")}, "gaps.2.word", "no_word"),
        ({"gaps": gap(3, word=["w1"])}, "gaps.2.word", "no_word"),
        ({"gaps": gap(2, kind="drag", word="w2")}, "gaps.2.word", "word_twice"),
        ({"words": None}, "words", "not_a_list"),
        ({"reuse": "yes"}, "reuse", "bad_reuse"),
        ({"typos": 3}, "typos", "bad_typos"),
        ({"scoring": "magic"}, "scoring", "bad_scoring"),
    ],
)
def test_what_is_wrong_with_gaps_is_said_at_its_place(change, path, code):
    problems = GAPS.check(content(**change))
    assert codes(problems)[:1] == [(path, code)] and all(problem.sentence for problem in problems)


def test_a_word_may_serve_several_gaps_where_the_question_allows_it():
    shared = content(gaps=gap(2, kind="drag", word="w2"), reuse=True)
    assert GAPS.check(shared) == []
    twice = {"gaps": {"1": "الرضا", "2": "w2", "3": "w2"}}
    assert GAPS.score(shared, twice) == 1 and not GAPS.warnings(shared, twice)
    once = content(gaps=gap(2, kind="drag", word="w1"))
    assert [note.code for note in GAPS.warnings(once, twice)] == ["repeated_word"]
    assert GAPS.score(once, twice) == Fraction(2, 3)


def test_an_answer_comes_back_into_its_gaps_on_any_paper():
    """R2."""
    for seed in range(10):
        paper = GAPS.paper(content(), Random(seed))
        control = GAPS.control(content(), paper, RIGHT)
        form = {f"a-{each.token}": [each.text or each.chosen] for each in control.gaps}
        assert GAPS.read(form, content(), paper, "a") == RIGHT
        assert {piece.gap for piece in control.passage.ar} == {piece.gap for piece in control.passage.en}
    assert GAPS.read({}, content(), paper, "a") is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"gaps": {"p4": "x"}}, "unknown_choice"),
        ({"gaps": {"p2": "o2"}}, "unknown_choice"),
        ({"gaps": {"p3": "p9"}}, "unknown_choice"),
        ({"gaps": {"p1": 5}}, "bad_shape"),
        ({"gaps": {"p1": "x" * 301}}, "too_long"),
        ({"gaps": {"p1": "a\x00"}}, "unreadable_text"),
        ({"gaps": ["p1"]}, "bad_shape"),
        ({"gaps": {f"p{n}": "" for n in range(9)}}, "bad_shape"),
    ],
)
def test_a_forged_answer_is_refused_by_name(raw, code):
    with pytest.raises(BadResponse) as refused:
        GAPS.clean(raw, content(), GAPS.paper(content(), Random(1)))
    assert refused.value.code == code


def test_each_gap_is_marked_with_what_is_right_once_that_is_released():
    paper = GAPS.paper(content(), Random(1))
    feedback = GAPS.feedback(content(), {"gaps": {"1": "satisfactoin", "2": "o1"}}, paper)
    assert [part.state for part in feedback.parts] == ["right", "wrong", "missed"]
    assert [note.code for note in feedback.notes] == ["incomplete", "gap_spelling_note"]
    assert feedback.correct_answer[2].en == "3: Choice w2"
    before = feedback.limited(Shown(score=True, responses=True, marks=True, feedback=True))
    assert [part.state for part in before.parts] == ["right", "wrong", "neutral"]
    assert before.passage == feedback.passage and [note.code for note in before.notes] == ["incomplete"]


def test_reports_name_the_gaps_that_are_filled():
    assert GAPS.describe(content(), {"gaps": {"1": "رضا", "3": "w1"}}, "ar") == "1: رضا، 3: خيار w1"
    assert GAPS.describe(content(), None, "en") == ""


def test_a_text_that_was_refused_stays_in_its_gap(visit):
    """What was typed is kept: without a script the page comes back with the message and the text."""
    learner = people.person()
    attempt = quizzes.attempt(quizzes.quiz(types=("gap_fill",)), learner)
    page = visit(learner)
    page.get(f"/attempts/{attempt.id}")
    long = "ن" * 301
    shown = page.post(f"/attempts/{attempt.id}", {"q": "1", "go": "save", "seen-1": "0", "a1-p1": long}, status=422)
    assert shown.select_one("input[name=a1-p1]")["value"] == long and "300" in shown.select_one(".error").get_text()


def test_a_gap_that_is_filled_in_another_way_is_another_question():
    """AS17: an answer names a word of the bank; held against typed answers it would be wrong for everybody."""
    asked = quizzes.content("gap_fill")
    typed = {"id": "3", "kind": "typed", "accept": {"ar": ["خيار w2"], "en": []}}
    assert answers_fit(asked, {**asked, "gaps": [*asked["gaps"][:2], {**asked["gaps"][2], "word": "w1"}]})
    assert not answers_fit(asked, {**asked, "gaps": [*asked["gaps"][:2], typed]})
