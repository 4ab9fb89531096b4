"""Short answers: one slip of spelling that is shown, strictness where it is wanted, half for what is partly right."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment.rules import Shown
from academy.assessment.types import kind
from academy.base.arabic import same_answer

SHORT = kind("short_text")
HALF = Fraction(1, 2)
EVERYTHING = Shown(True, True, True, True, True)


def content(**more):
    return {"stem": {"ar": "؟"}, "accept": {"ar": ["الاستبانة"], "en": ["journey"]}, **more}


def judged(typed, **more):
    feedback = SHORT.feedback(content(**more), {"text": typed}, {}).limited(EVERYTHING)
    return feedback.share, [note.code for note in feedback.notes]


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("journey", 1),
        ("jorney", 1),  # one letter lost
        ("jourrney", 1),  # one added
        ("jaurney", 1),  # one changed
        ("juorney", 1),  # two neighbours exchanged
        ("journye", 1),
        ("jurnei", 0),
        ("uojrney", 0),
        ("الاستبناة", 1),
        ("استبانه", 1),
        ("استبان", 1),
        ("الاستيبانات", 0),
    ],
)
def test_one_slip_in_a_word_counts_and_two_do_not(typed, share):
    """AS1: Damerau-Levenshtein distance 1 on the folded form."""
    assert judged(typed)[0] == share


def test_a_forgiven_slip_is_said_with_the_accepted_spelling():
    """AS1: accepted with a spelling difference, and the spelling is shown once the key is."""
    feedback = SHORT.feedback(content(), {"text": "juorney"}, {})
    (note,) = feedback.limited(EVERYTHING).notes
    assert note.code == "spelling_note" and "journey" in note.sentence
    assert feedback.limited(Shown(score=True, responses=True, feedback=True)).notes == ()
    assert judged("Journey") == (1, []) and judged("إستبانة") == (1, [])


def test_spelling_may_be_strict_and_learners_are_told_before():
    """AS1."""
    assert judged("juorney", typos=0) == (0, []) and judged("الإستبانه", typos=0) == (1, [])
    assert [note.code for note in SHORT.terms(content(typos=0))] == ["terms_strict_spelling"]
    assert SHORT.terms(content(typos=1)) == SHORT.terms(content()) == ()


@pytest.mark.parametrize("word", ["خطوة", "map", "رضا"])
def test_words_of_fewer_than_five_letters_forgive_nothing(word):
    other = word[:-1] + ("x" if word.isascii() else "ض")
    assert same_answer(word, [word]) and not same_answer(other, [word])


def test_answers_that_are_partly_right_earn_half():
    partly = {"partly": {"ar": ["الاستفتاء"], "en": ["travel"]}}
    assert judged("الاستفتاء", **partly) == (HALF, [])
    assert judged("travle", **partly) == (HALF, ["spelling_note_half"])
    assert judged("travle", **partly, typos=0) == (0, [])
    assert judged("journey", **partly) == (1, [])
    assert [note.code for note in SHORT.terms(content(**partly))] == ["terms_partly"]
    near = {"accept": {"en": ["affect"]}, "partly": {"en": ["effect"]}}
    assert judged("effect", **near) == (HALF, []) and judged("affect", **near) == (1, [])


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"typos": 2}, "typos", "bad_typos"),
        ({"typos": True}, "typos", "bad_typos"),
        ({"typos": "1"}, "typos", "bad_typos"),
        ({"partly": ["x"]}, "partly", "bad_accepted"),
        ({"partly": {"en": ["!"]}}, "partly.en.0", "blank_accepted"),
    ],
)
def test_settings_that_cannot_be_are_said_at_their_field(change, path, code):
    assert [(problem.path, problem.code) for problem in SHORT.check(content(**change))] == [(path, code)]


@given(st.text("abcdefgه", min_size=5, max_size=9), st.integers(0, 8), st.sampled_from("xyz"))
def test_any_single_slip_is_forgiven_and_forgiveness_is_never_called_exact(word, place, letter):
    word = "m" + word + "m"
    place = min(place, len(word) - 2)
    slips = {
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }
    for typed in slips:
        found = same_answer(typed, [word])
        assert found and (found.exact or found.accepted == word)
        assert same_answer(typed, [word], slips=False) is None or found.exact
