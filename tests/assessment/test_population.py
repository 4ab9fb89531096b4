"""What the statistics recover of 2,000 simulated learners whose abilities and questions are known."""

from fractions import Fraction
from itertools import product
from math import asin, cos, exp, pi, sin, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules import Case, Mark, calibrate, mantel_haenszel, precision
from academy.assessment.rules.precision import below, expected_share, jeffreys
from academy.assessment.rules.rasch import abilities

some = settings(max_examples=40, deadline=None)
PEOPLE = 2_000
HARD = tuple(-2 + 4 * place / 23 for place in range(24))
COMPETENCIES = [tuple(range(start, 24, 4)) for start in range(4)]


def chance(able, hard):
    return 1 / (1 + exp(hard - able))


@pytest.fixture(scope="module")
def population():
    """Abilities, whether each read English, and answers; question 5 is one logit harder in English."""
    rng = Random(20_261)
    able = [rng.gauss(0.4, 1.0) for _person in range(PEOPLE)]
    english = [rng.random() < 0.35 for _person in range(PEOPLE)]
    answers = [
        [int(rng.random() < chance(one - (1.0 if reads and n == 5 else 0.0), hard)) for n, hard in enumerate(HARD)]
        for one, reads in zip(able, english, strict=True)
    ]
    return able, english, answers


@pytest.fixture(scope="module")
def scale(population):
    return calibrate(population[2])


def others(values):
    """All but the question that differs between the languages, around their mean."""
    kept = [value for n, value in enumerate(values) if n != 5]
    return [value - sum(kept) / len(kept) for value in kept]


def test_the_difficulties_come_back(scale):
    """AS19. Root mean square error below 0.08 logits; the errors that are told are of that size."""
    pairs = zip(others([item.difficulty for item in scale.items]), others(HARD), strict=True)
    error = sqrt(sum((found - true) ** 2 for found, true in pairs) / 23)
    assert error < 0.08
    assert 0.6 < error / (sum(item.error for item in scale.items) / 24) < 1.4


def test_abilities_come_back_within_their_errors(population, scale):
    """AS19. Nine of ten true abilities lie inside their margins; the error is what the standard errors tell."""
    able, _english, answers = population
    found = [scale.abilities[sum(row)] for row in answers]
    inside = sum(abs(one.ability - true) <= 1.645 * one.error for one, true in zip(found, able, strict=True))
    assert abs(inside / PEOPLE - 0.9) < 3 * sqrt(0.9 * 0.1 / PEOPLE) + 0.01
    error = sqrt(sum((one.ability - true) ** 2 for one, true in zip(found, able, strict=True)) / PEOPLE)
    told = sqrt(sum(one.error**2 for one in found) / PEOPLE)
    assert error < 0.6 and 0.85 < error / told < 1.15


def by_definition(chances):
    """The chance of each number right: all patterns of answers, one by one."""
    found = [0.0] * (len(chances) + 1)
    for pattern in product((0, 1), repeat=len(chances)):
        weight = 1.0
        for right, one in zip(pattern, chances, strict=True):
            weight *= one if right else 1 - one
        found[sum(pattern)] += weight
    return found


@pytest.mark.parametrize("places", COMPETENCIES)
def test_true_shares_of_a_competency_lie_in_their_margins(population, scale, places):
    """AS19. At 90 % or somewhat more, as a number right moves in steps: as often as reckoned from the definition."""
    able, english, answers = population
    known = {n: scale.items[n].difficulty for n in places}
    inside = expected = 0.0
    margins = [expected_share(tuple(sorted(HARD[n] for n in places)), right) for right in range(len(places) + 1)]
    people = [(one, row) for one, reads, row in zip(able, english, answers, strict=True) if not (reads and 5 in places)]
    for one, row in people:
        chances = [chance(one, HARD[n]) for n in places]
        true = sum(chances) / len(chances)
        found = precision([Mark(n, 1, Fraction(row[n])) for n in places], known)
        inside += found.low <= true <= found.high
    for one, _row in people[:150]:
        chances = [chance(one, HARD[n]) for n in places]
        true = sum(chances) / len(chances)
        expected += sum(
            weight
            for weight, margin in zip(by_definition(chances), margins, strict=True)
            if margin.low <= true <= margin.high
        )
    share = inside / len(people)
    assert share > 0.9 - 3 * sqrt(0.09 / len(people))
    assert share < 0.97
    assert share == pytest.approx(expected / 150, abs=3 * sqrt(0.09 / len(people)) + 0.02)


@pytest.mark.parametrize("count", [2, 3, 4, 6, 8])
def test_with_few_questions_the_margin_holds_what_it_says(count):
    """AS19. Over people at least 90 %, nearer to it than a normal margin around Warm's estimate; nowhere below 80 %."""
    hard = tuple(-1 + 2 * place / (count - 1) for place in range(count))
    margins, warm = [expected_share(hard, right) for right in range(count + 1)], abilities(hard)
    people = held = held_by_warm = 0.0
    for step in range(-30, 39):
        able = step / 10
        chances = [chance(able, one) for one in hard]
        true, numbers, weight = sum(chances) / count, by_definition(chances), exp(-((able - 0.4) ** 2) / 2)
        inside = sum(part for part, one in zip(numbers, margins, strict=True) if one.low <= true <= one.high)
        assert inside > 0.8
        people, held = people + weight, held + weight * inside
        held_by_warm += weight * sum(
            part for part, one in zip(numbers, warm, strict=True) if abs(one.ability - able) <= 1.645 * one.error
        )
    assert 0.9 <= held / people < held_by_warm / people


def test_the_ends_are_where_the_number_seen_is_in_the_tail_by_half():
    """The definition of the mid-P interval, with the chances summed over all patterns of answers."""
    hard = (-1.2, -0.3, 0.1, 0.9, 1.4)
    for right in range(1, 5):
        margin = expected_share(hard, right)
        for end, tail in ((margin.low, slice(right + 1, None)), (margin.high, slice(0, right))):
            low, high = -12.0, 12.0
            while high - low > 1e-10:
                middle = (low + high) / 2
                low, high = (middle, high) if sum(chance(middle, h) for h in hard) / 5 < end else (low, middle)
            numbers = by_definition([chance(low, h) for h in hard])
            assert sum(numbers[tail]) + numbers[right] / 2 == pytest.approx(0.05, abs=1e-6)


def test_a_number_that_cannot_be_is_an_error():
    with pytest.raises(ValueError):
        expected_share((0.0,), 2)


@some
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=9), st.data())
def test_the_margin_holds_the_share_and_grows_with_it(hard, data):
    right = data.draw(st.integers(0, len(hard)))
    margin = expected_share(tuple(sorted(hard)), right)
    assert 0 <= margin.low <= right / len(hard) <= margin.high <= 1
    if right:
        before = expected_share(tuple(sorted(hard)), right - 1)
        assert before.low <= margin.low and before.high <= margin.high


def integrated(x, a, b, steps=4_000):
    """The beta distribution by its integral over the angle whose squared sine is the share: smooth for a, b >= 1/2."""

    def area(end):
        angles = ((step + 0.5) * end / steps for step in range(steps))
        return sum(sin(one) ** (2 * a - 1) * cos(one) ** (2 * b - 1) for one in angles) * end / steps

    return area(asin(sqrt(x))) / area(pi / 2)


@some
@given(st.floats(0.01, 0.99), st.integers(0, 20), st.integers(0, 20))
def test_the_beta_distribution_is_its_integral(x, right, wrong):
    assert below(x, right + 0.5, wrong + 0.5) == pytest.approx(integrated(x, right + 0.5, wrong + 0.5), abs=2e-6)


def test_without_difficulties_the_questions_are_a_sample():
    """Jeffreys' interval: 5 % on each side; unequal points count as fewer questions, partial credit as its share."""
    margin = jeffreys(0.7, 10)
    assert integrated(margin.low, 7.5, 3.5) == pytest.approx(0.05, abs=1e-5)
    assert integrated(margin.high, 7.5, 3.5) == pytest.approx(0.95, abs=1e-5)
    known = {1: 0.0, 2: 0.5}
    assert precision([Mark(1, 1, Fraction(1)), Mark(2, 1, Fraction(0))], known).method == "rasch"
    for marks in (
        [Mark(1, 1, Fraction(1, 2)), Mark(2, 1, Fraction(0))],
        [Mark(1, 3, Fraction(1)), Mark(2, 1, Fraction(0))],
        [Mark(1, 1, Fraction(1)), Mark(3, 1, Fraction(0))],
    ):
        assert precision(marks, known).method == "binomial"
    uneven = precision([Mark(1, 3, Fraction(1)), Mark(2, 1, Fraction(0))], {})
    assert (uneven.low, uneven.high) == pytest.approx((jeffreys(0.75, 1.6).low, jeffreys(0.75, 1.6).high))


def sizes(answers, focal):
    cases = [(sum(row), reads, row) for row, reads in zip(answers, focal, strict=True)]
    return [mantel_haenszel(Case(total, reads, bool(row[n])) for total, reads, row in cases) for n in range(24)]


def test_the_one_question_that_is_harder_in_english_is_found(population):
    """AS19. A logit is 2.35 delta; its own odds ratio, from the definition, is about 2.7. No other is of class B or C."""
    _able, english, answers = population
    found = sizes(answers, english)
    assert [n for n, each in enumerate(found) if each.size != "A"] == [5]
    assert found[5].size == "C" and abs(found[5].delta + 2.35) < 3 * found[5].error
    agree = oppose = 0.0
    for total in range(25):
        same = [(reads, row[5]) for row, reads in zip(answers, english, strict=True) if sum(row) == total]
        if same:
            agree += same.count((False, 1)) * same.count((True, 0)) / len(same)
            oppose += same.count((False, 0)) * same.count((True, 1)) / len(same)
    assert found[5].odds_ratio == pytest.approx(agree / oppose)


def test_a_language_given_by_lot_makes_no_question_harder(population):
    _able, _english, answers = population
    rng = Random(3)
    found = sizes(answers, [rng.random() < 0.35 for _row in answers])
    assert {each.size for each in found} == {"A"}
