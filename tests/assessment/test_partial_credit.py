"""How answers are counted, by every rule of partial credit, and how learners are told before they answer."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment import services
from academy.assessment.types import all_types, kind
from tests.factories import accounts as people
from tests.factories import assessment as quizzes

pytestmark = pytest.mark.usefixtures("app")


def multiple(scoring):
    """Right: a, b, c. Wrong: d, e."""
    return quizzes.content(
        "multiple", options=quizzes.entries(*"abcde", correct=("a", "b", "c")), scoring=scoring
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scoring", "chosen", "share"),
    [
        ("each", "abc", 1),
        ("each", "ab", Fraction(4, 5)),
        ("each", "abd", Fraction(3, 5)),
        ("each", "de", 0),
        ("each", "d", Fraction(1, 5)),
        ("each", "abcde", Fraction(3, 5)),
        ("each", "", 0),
        ("capped", "abc", 1),
        ("capped", "ab", Fraction(2, 3)),
        ("capped", "abd", Fraction(2, 3)),
        ("capped", "de", 0),
        ("capped", "abcd", Fraction(2, 3)),
        ("capped", "abcde", Fraction(1, 3)),
        ("capped", "", 0),
    ],
)
def test_multiple_choice_earns_what_its_rule_says(scoring, chosen, share):
    """AS1: multiple true-false, and right choices without penalty up to their number."""
    response = {"choices": list(chosen)} if chosen else None
    assert kind("multiple").score(multiple(scoring), response) == share


@given(st.sets(st.sampled_from("abcde")), st.sampled_from(kind("multiple").scorings))
def test_no_rule_gives_more_for_ticking_a_wrong_choice_beside_the_right_ones(chosen, scoring):
    """AS1."""
    content, of = multiple(scoring), kind("multiple")
    right = {"a", "b", "c"}
    more = of.score(content, {"choices": sorted(right | (chosen - right))})
    assert 0 <= of.score(content, {"choices": sorted(chosen)} if chosen else None) <= 1
    assert more <= of.score(content, {"choices": sorted(right)}) == 1


def test_too_many_ticks_are_pointed_out_before_submitting_and_kept():
    content = multiple("capped")
    notes = kind("multiple").warnings(content, {"choices": list("abcd")})
    assert [note.code for note in notes] == ["too_many_chosen"] and "3" in notes[0].sentence
    assert not kind("multiple").warnings(content, {"choices": list("abc")})
    assert not kind("multiple").warnings(multiple("partial"), {"choices": list("abcde")})


@pytest.mark.parametrize(
    ("scoring", "pairs", "share"),
    [
        ("partial", {"i1": "c2", "i2": "c1", "i3": "c2"}, 1),
        ("partial", {"i1": "c2", "i2": "c2"}, Fraction(1, 3)),
        ("partial", {}, 0),
        ("all_or_nothing", {"i1": "c2", "i2": "c1"}, 0),
        ("all_or_nothing", {"i1": "c2", "i2": "c1", "i3": "c2"}, 1),
    ],
)
def test_categories_earn_the_share_of_items_in_their_category(scoring, pairs, share):
    """AS3."""
    content = quizzes.content("categories", scoring=scoring)
    assert kind("categories").score(content, {"pairs": pairs} if pairs else None) == share


def test_categories_stay_in_their_order_and_items_are_mixed():
    content = quizzes.content("categories")
    papers = [kind("categories").paper(content, Random(seed)) for seed in range(20)]
    assert {tuple(paper["categories"]) for paper in papers} == {("c1", "c2")}
    assert len({tuple(paper["items"]) for paper in papers}) > 1
    assert kind("categories").describe(content, {"pairs": {"i2": "c1"}}, "en") == "Choice i2: Choice c1"


@pytest.mark.parametrize("type", ["multiple", "ordering", "matching", "categories", "gap_fill"])
def test_the_rule_of_partial_credit_is_shown_in_words_for_every_choice_of_rule(type):
    """AS1: "Partial credit rule shown"."""
    rules = [kind(type).terms(quizzes.content(type, scoring=scoring)) for scoring in kind(type).scorings]
    sentences = [" ".join(note.sentence for note in notes) for notes in rules]
    assert all(sentences) and len(set(sentences)) == len(kind(type).scorings) >= 2
    default = {**quizzes.content(type), "scoring": None}
    assert kind(type).terms(default) == rules[0]


@pytest.mark.parametrize("scoring", ["partial", "capped"])
def test_the_rule_stands_on_the_page_before_the_answer_is_given(visit, scoring):
    """AS1: "Partial credit rule shown", in Arabic and in English."""
    version = quizzes.draft_quiz()
    quizzes.question(version, "multiple", content=multiple(scoring))
    services.freeze(version.id, quizzes.LONG_AGO)
    learner = people.person()
    attempt = quizzes.attempt(version, learner)
    page = visit(learner).get(f"/attempts/{attempt.id}")
    assert page.select_one(".terms").get_text(strip=True).startswith("لكل خيار صحيح نصيبه من الدرجات")


def test_types_that_are_scored_say_so_and_only_opinions_are_not():
    """AS5."""
    assert [each.name for each in all_types() if not each.scored] == ["matrix", "ranking"]
    assert [note.code for note in kind("matrix").terms(quizzes.content("matrix"))] == ["terms_unscored"]
