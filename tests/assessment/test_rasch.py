"""The Rasch calibration against published estimates, closed forms, a brute-force likelihood and simulated learners."""

from itertools import product
from math import exp, log, prod, sqrt
from random import Random

import pytest

from academy.assessment.rules import calibrate
from academy.assessment.rules.rasch import ENOUGH_TO_CALIBRATE, abilities, symmetric
from tests.assessment.lsat import LSAT6


def chance(able, hard):
    return 1 / (1 + exp(hard - able))


def simulated(difficulties, people, rng):
    """Their abilities and their answers."""
    able = [rng.gauss(0.3, 1.1) for _ in range(people)]
    return able, [[int(rng.random() < chance(one, hard)) for hard in difficulties] for one in able]


def test_a_published_calibration_is_met():
    """Conditional estimates of LSAT section 6: Andersen 1980, Discrete Statistical Models with Social Science Applications."""
    found = calibrate(LSAT6)
    assert [item.difficulty for item in found.items] == pytest.approx([-1.256, 0.475, 1.236, 0.168, -0.623], abs=1e-3)


def test_two_questions_have_a_closed_form():
    """The log of the odds of the two mixed patterns, with the standard error of a log odds: half of each a question."""
    rows = [(1, 0)] * 60 + [(0, 1)] * 25 + [(1, 1)] * 30 + [(0, 0)] * 10
    first, second = calibrate(rows).items
    assert second.difficulty - first.difficulty == pytest.approx(log(60 / 25))
    assert first.error == pytest.approx(sqrt(1 / 60 + 1 / 25) / 2)


def conditional(rows, hard):
    """The log of the conditional likelihood from its definition: each answer among all answers with the same score."""
    every = list(product((0, 1), repeat=len(hard)))
    weight = {one: prod(exp(-h) for h, right in zip(hard, one, strict=True) if right) for one in every}
    same = {}
    for one in every:
        same[sum(one)] = same.get(sum(one), 0) + weight[one]
    return sum(log(weight[row] / same[sum(row)]) for row in map(tuple, rows))


def test_the_estimates_are_the_top_of_the_conditional_likelihood():
    rows = LSAT6[::3]
    items = calibrate(rows).items
    found = [item.difficulty for item in items]
    step = 1e-3

    def at(place, move):
        """Move one question against all others, so that the sum stays 0."""
        count = len(found)
        return conditional(rows, [h + (move if i == place else -move / (count - 1)) for i, h in enumerate(found)])

    top = conditional(rows, found)
    for place in range(len(found)):
        assert at(place, step) < top > at(place, -step)


def test_the_errors_are_what_repeated_samples_show():
    rng = Random(21)
    difficulties = [-1.2, -0.3, 0.4, 1.1]
    samples = [calibrate(simulated(difficulties, 300, rng)[1]).items for _ in range(150)]
    for place in range(4):
        found = [items[place].difficulty for items in samples]
        mean = sum(found) / len(found)
        spread = sqrt(sum((one - mean) ** 2 for one in found) / (len(found) - 1))
        assert spread == pytest.approx(sum(items[place].error for items in samples) / len(samples), rel=0.2)


def test_symmetric_functions_are_sums_over_all_choices():
    factors = [0.5, 2.0, 3.0, 0.25]
    sums = [0.0] * 5
    for picked in product((0, 1), repeat=4):
        sums[sum(picked)] += prod(factor for factor, one in zip(factors, picked, strict=True) if one)
    assert symmetric(factors) == pytest.approx(sums)


def test_two_thousand_learners_give_back_the_known_difficulties_and_abilities():
    """AS19. 2,000 x 30: difficulties within their errors, abilities within their 90 % margins for about 90 %."""
    difficulties = [-2 + 4 * place / 29 for place in range(30)]
    able, answers = simulated(difficulties, 2_000, Random(7))
    found = calibrate(answers)
    misses = [(item.difficulty - hard) / item.error for item, hard in zip(found.items, difficulties, strict=True)]
    assert max(map(abs, misses)) < 3.5
    assert sum(abs(miss) < 1.96 for miss in misses) >= 26
    assert 0.5 < sum(miss * miss for miss in misses) / 30 < 1.7
    assert all(item.error < 0.09 for item in found.items)
    assert all(0.9 < item.infit < 1.1 and 0.8 < item.outfit < 1.2 for item in found.items)
    scores = [found.abilities[sum(row)] for row in answers]
    inside = sum(abs(one.ability - true) <= 1.645 * one.error for one, true in zip(scores, able, strict=True))
    assert 0.87 <= inside / 2_000 <= 0.93
    bias = sum(one.ability - true for one, true in zip(scores, able, strict=True)) / 2_000
    assert abs(bias) < 0.05


def test_a_question_answered_at_random_does_not_fit():
    rng = Random(4)
    _able, answers = simulated([-1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5], 1_000, rng)
    answers = [[*row, int(rng.random() < 0.3)] for row in answers]
    *others, guessed = calibrate(answers).items
    assert guessed.infit > 1.1 and guessed.outfit > 1.15
    assert guessed.outfit > max(item.outfit for item in others)


def test_abilities_solve_warms_equation_and_stay_finite():
    hard = [-1.0, 0.0, 0.5, 2.0]

    def target(able, right):
        """The log likelihood of the score plus half the log of the information: Warm's estimate is its top."""
        chances = [chance(able, h) for h in hard]
        information = sum(p * (1 - p) for p in chances)
        return right * able - sum(log(1 + exp(able - h)) for h in hard) + log(information) / 2

    for one in abilities(hard):
        assert abs(one.ability) < 6
        assert target(one.ability, one.right) > max(target(one.ability + d, one.right) for d in (-0.01, 0.01))
        assert one.error == pytest.approx(sum(p * (1 - p) for p in (chance(one.ability, h) for h in hard)) ** -0.5)


def test_questions_that_all_or_none_got_right_are_left_out():
    rows = [(1, a, b, 0) for a, b in [(1, 0)] * 60 + [(0, 1)] * 40 + [(1, 1)] * 20]
    found = calibrate(rows)
    assert (found.items[0], found.items[3]) == (None, None) and found.items[1].difficulty < found.items[2].difficulty
    assert len(found.abilities) == 3


@pytest.mark.parametrize(
    "rows",
    [
        LSAT6[: ENOUGH_TO_CALIBRATE - 1],
        [(1, 1)] * 200,
        [(1, 0)] * 200,
        [(1, 0, 0)] * 100 + [(1, 1, 0)] * 100,
        [(1, 1, 0, 0), (1, 0, 0, 0), (1, 1, 1, 0)] * 50,
    ],
)
def test_what_cannot_be_estimated_is_not(rows):
    assert calibrate(rows) is None


def test_answers_that_split_the_questions_have_no_finite_maximum():
    """Everyone has both easy ones before either hard one: the gap between them would grow without end (Fischer 1981)."""
    rows = [(1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 1, 0), (1, 1, 0, 1)] * 40
    assert calibrate(rows) is None
