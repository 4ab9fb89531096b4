"""Item statistics against hand-made cases and an independent computation."""

from fractions import Fraction
from random import Random
from statistics import StatisticsError, correlation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules import FLAGS, difficulty, discrimination, item_statistics

some = settings(max_examples=60, deadline=None)
marks = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), max_size=40)


def fractions(numbers):
    return [Fraction(number) for number in numbers]


def population(count, chance):
    """(points, totals) of learners who get the item right with a chance that depends on their rank from 0 to 1."""
    rng = Random(11)
    items = [int(rng.random() < chance(rank / count)) for rank in range(count)]
    return fractions(items), fractions([item + 10 * rank // count for rank, item in enumerate(items)])


def test_difficulty_is_the_share_earned():
    assert difficulty([Fraction(1), Fraction(1, 2), Fraction(0)]) == Fraction(1, 2)
    assert difficulty([]) is None


@some
@given(marks)
def test_discrimination_is_the_item_rest_correlation(pairs):
    item = fractions(one for one, _ in pairs)
    total = fractions(one + rest for one, rest in pairs)
    try:
        expected = correlation([one for one, _ in pairs], [rest for _, rest in pairs])
    except StatisticsError:
        expected = None
    found = discrimination(item, total)
    assert found == (None if expected is None else pytest.approx(expected))
    assert found is None or -1 <= found <= 1


def test_the_rest_leaves_the_item_itself_out():
    item, rest = fractions([1, 0, 1, 0]), fractions([3, 3, 5, 5])
    assert discrimination(item, [one + other for one, other in zip(item, rest, strict=True)]) == 0


def test_figures_of_different_attempts_are_an_error():
    with pytest.raises(ValueError):
        discrimination(fractions([1]), fractions([1, 2]))


@pytest.mark.parametrize(
    ("chance", "flags"),
    [
        (lambda rank: rank > 0.9, ("too_hard",)),
        (lambda rank: rank > 0.02, ("too_easy",)),
        (lambda rank: rank > 0.5, ()),
        (lambda rank: rank < 0.5, ("weak_discrimination",)),
        (lambda rank: rank < 0.1, ("too_hard", "weak_discrimination")),
        (lambda rank: True, ("too_easy",)),
    ],
)
def test_a_question_to_look_at_is_flagged(chance, flags):
    """AS19."""
    found = item_statistics(Fraction(1), *population(200, chance))
    assert found.flags == flags
    assert found.enough and all(str(FLAGS[flag]) for flag in flags)


def test_below_thirty_attempts_nothing_is_claimed():
    """AS19."""
    item, total = population(29, lambda rank: False)
    found = item_statistics(Fraction(1), item, total)
    assert (found.attempts, found.enough) == (29, False)
    assert (found.difficulty, found.discrimination, found.flags) == (None, None, ())
    assert item_statistics(Fraction(1), [*item, Fraction(0)], [*total, Fraction(0)]).difficulty == 0


def test_difficulty_counts_shares_whatever_the_points():
    found = item_statistics(Fraction(4), fractions([4, 2] * 20), fractions([8, 2] * 20))
    assert found.difficulty == Fraction(3, 4)
    assert found.discrimination == pytest.approx(1)


def test_a_question_without_points_has_no_difficulty():
    assert item_statistics(Fraction(0), fractions([0] * 30), fractions(range(30))).difficulty is None
