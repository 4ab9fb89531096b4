"""The figures of quizzes and questions against published examples and second computations that go another way."""

from fractions import Fraction
from math import comb, exp, log, sqrt
from random import Random
from statistics import covariance, stdev, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules import (
    Case,
    Difference,
    ItemStatistics,
    RaschItem,
    choice_statistics,
    mantel_haenszel,
    reliability,
    remarks,
    wilson,
)
from academy.assessment.rules.fairness import _size, compare
from academy.assessment.rules.reliability import alpha, consistency, effective_length, kr21
from tests.assessment.lsat import LSAT6

some = settings(max_examples=60, deadline=None)


# Intervals


@pytest.mark.parametrize(
    ("right", "count", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]
)
def test_wilson_gives_the_published_intervals(right, count, low, high):
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    found = wilson(right / count, count)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@some
@given(st.integers(0, 60), st.integers(1, 60))
def test_the_ends_of_wilson_are_where_the_score_test_just_rejects(right, count):
    share = min(right, count) / count
    found = wilson(share, count)
    for end in (found.low, found.high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(share - end) / sqrt(end * (1 - end) / count) == pytest.approx(1.959964, abs=1e-4)


def test_nobody_gives_no_interval():
    assert wilson(0.5, 0) is None


# Reliability


def test_alpha_of_a_published_data_set():
    """LSAT section 6: alpha 0.295 (Rizopoulos 2006, Journal of Statistical Software 17:5, its first example)."""
    assert alpha(list(zip(*LSAT6, strict=True))) == pytest.approx(0.295, abs=5e-4)


tables = st.integers(2, 6).flatmap(
    lambda items: st.lists(st.lists(st.integers(0, 4), min_size=items, max_size=items), min_size=3, max_size=30)
)


@some
@given(tables)
def test_alpha_is_the_mean_covariance_of_pairs_over_the_variance_of_the_total(rows):
    columns = list(zip(*rows, strict=True))
    spread = variance([sum(row) for row in rows])
    count = len(columns)
    pairs = [covariance(columns[i], columns[j]) for i in range(count) for j in range(count) if i != j]
    found = alpha(columns)
    assert (
        found is None
        if spread == 0
        else found == pytest.approx(count**2 * (sum(pairs) / len(pairs)) / spread, abs=1e-9)
    )


def test_the_figures_of_a_quiz():
    rows = [(1, 1, 1, 1), (1, 1, 1, 0), (1, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)] * 8
    found = reliability([list(map(float, column)) for column in zip(*rows, strict=True)], [1.0] * 4, 50)
    scores = [25 * sum(row) for row in rows]
    assert (found.attempts, found.mean) == (40, pytest.approx(50))
    assert found.deviation == pytest.approx(stdev(scores))
    assert found.error == pytest.approx(stdev(scores) * sqrt(1 - found.alpha))
    assert found.consistency == consistency(4, 0.5, kr21(4, 2, variance([sum(row) for row in rows])), 2)


def test_a_quiz_without_attempts_points_or_differences_claims_nothing():
    assert reliability([], [], 70) is None and reliability([[]], [1], 70) is None
    same = reliability([[1.0] * 5, [1.0] * 5], [1, 1], 70)
    assert (same.alpha, same.error, same.consistency) == (None, None, None)


def by_integration(count, mean, trust, cut, steps=20_000):
    """Agreement and kappa from the definition: binomials averaged over the beta density of true shares."""
    whole = count * (1 / trust - 1)
    a, b = whole * mean, whole * (1 - mean)
    mass = together = passing = 0.0
    for step in range(steps):
        share = (step + 0.5) / steps
        weight = exp((a - 1) * log(share) + (b - 1) * log(1 - share))
        over = sum(comb(count, x) * share**x * (1 - share) ** (count - x) for x in range(cut, count + 1))
        mass, passing = mass + weight, passing + weight * over
        together += weight * (over**2 + (1 - over) ** 2)
    agreement, passing = together / mass, passing / mass
    chance = passing**2 + (1 - passing) ** 2
    return agreement, (agreement - chance) / (1 - chance)


@pytest.mark.parametrize(("count", "mean", "trust", "cut"), [(10, 0.7, 0.6, 7), (25, 0.6, 0.85, 18), (8, 0.5, 0.3, 4)])
def test_decision_consistency_is_what_integrating_over_true_scores_gives(count, mean, trust, cut):
    found = consistency(count, mean, trust, cut)
    agreement, kappa = by_integration(count, mean, trust, cut)
    assert found.agreement == pytest.approx(agreement, abs=1e-4)
    assert found.kappa == pytest.approx(kappa, abs=1e-3)


def test_decision_consistency_is_what_two_administrations_show():
    rng, count, cut = Random(5), 12, 8
    people = [rng.betavariate(6, 3) for _ in range(6_000)]
    twice = [[sum(rng.random() < share for _ in range(count)) for _time in "12"] for share in people]
    once = [first for first, _ in twice]
    mean = sum(once) / len(once)
    found = consistency(count, mean / count, kr21(count, mean, variance(once)), cut)
    same = sum((first >= cut) == (second >= cut) for first, second in twice) / len(twice)
    assert found.agreement == pytest.approx(same, abs=0.02)


@pytest.mark.parametrize(("mean", "trust"), [(0.5, 0.0), (0.5, -0.2), (0.5, 1.0), (0.0, 0.5), (1.0, 0.5)])
def test_decision_consistency_is_not_made_up(mean, trust):
    assert consistency(10, mean, trust, 7) is None


def test_the_effective_length_of_equal_questions_is_their_number():
    for count, mean, spread in ((10, 7.1, 4.0), (40, 22.0, 60.0)):
        trust = kr21(count, mean, spread)
        assert effective_length(mean / count, spread / count**2, trust) == count


def test_partial_credit_takes_the_way_of_the_effective_length():
    rng = Random(3)
    rows = [[rng.choice((0, 0.5, 1)) if rng.random() < 0.5 else float(able > 0.4) for _ in range(12)]
            for able in (rng.random() for _ in range(200))]  # fmt: skip
    found = reliability(list(zip(*rows, strict=True)), [1.0] * 12, 60)
    assert 0.5 < found.consistency.agreement <= 1


# Differences between groups


def test_mantel_haenszel_of_a_published_example():
    """Eight centres (Agresti 2002, Categorical Data Analysis, table 6.9): odds ratio 2.13, interval 1.18 to 3.87."""
    centres = [
        (11, 25, 10, 27), (16, 4, 22, 10), (14, 5, 7, 12), (2, 14, 1, 16), (6, 11, 0, 12), (1, 10, 0, 10), (1, 4, 1, 8),
        (4, 2, 6, 1),
    ]  # fmt: skip
    found = compare(centres)
    assert found.odds_ratio == pytest.approx(2.13, abs=0.01)
    reach = 1.96 * found.error / 2.35
    assert exp(log(found.odds_ratio) - reach) == pytest.approx(1.18, abs=0.01)
    assert exp(log(found.odds_ratio) + reach) == pytest.approx(3.87, abs=0.01)


def test_mantel_haenszel_of_another_published_example():
    """Migraine trial in two strata (SAS/STAT, the FREQ procedure, example of CMH): 3.3132, 1.4456 to 7.5934."""
    found = compare([(16, 11, 5, 20), (12, 16, 7, 19)])
    assert found.odds_ratio == pytest.approx(3.3132, abs=1e-4)
    reach = 1.959964 * found.error / 2.35
    assert exp(log(found.odds_ratio) - reach) == pytest.approx(1.4456, abs=1e-3)
    assert exp(log(found.odds_ratio) + reach) == pytest.approx(7.5934, abs=1e-3)


def population(rng, count, *, shift=0.0, focal):
    """Learners on ten questions of which the last is `shift` logits harder: (rights, focal)."""
    for _ in range(count):
        able = rng.gauss(0, 1)
        yield [rng.random() < 1 / (1 + exp(hard - able)) for hard in (*[-1.0, 0.0, 1.0] * 3, shift)], focal


def cases(rng, shift, sizes=(800, 500)):
    people = [*population(rng, sizes[0], focal=False), *population(rng, sizes[1], shift=shift, focal=True)]
    return [Case(sum(rights), focal, rights[-1]) for rights, focal in people]


@pytest.mark.parametrize(("shift", "size"), [(0.0, "A"), (1.5, "C"), (-1.5, "C")])
def test_a_question_that_is_harder_for_one_group_is_found(shift, size):
    """AS19. A shift of one logit is 2.35 delta units in the Rasch model (Holland and Thayer 1988)."""
    found = mantel_haenszel(cases(Random(17), shift))
    assert found.size == size
    assert abs(found.delta + 2.35 * shift) < 3 * found.error + 0.3


def test_the_chi_square_is_the_squared_distance_of_hypergeometric_counts():
    found = compare([(16, 11, 5, 20), (12, 16, 7, 19)])
    seen, expected, spread = 28, 0.0, 0.0
    for a, b, c, d in ((16, 11, 5, 20), (12, 16, 7, 19)):
        ways = {x: comb(a + c, x) * comb(b + d, a + b - x) for x in range(a + b + 1) if a + b - x <= b + d}
        total = sum(ways.values())
        mean = sum(x * way for x, way in ways.items()) / total
        expected, spread = expected + mean, spread + sum((x - mean) ** 2 * way for x, way in ways.items()) / total
    assert found.chi_square == pytest.approx((abs(seen - expected) - 0.5) ** 2 / spread)


@pytest.mark.parametrize(
    ("delta", "error", "chi_square", "size"),
    [(0.9, 0.1, 80, "A"), (2.0, 1.1, 3.3, "A"), (1.2, 0.3, 16, "B"), (-1.2, 0.3, 16, "B"), (1.8, 0.6, 9, "B"),
     (1.8, 0.3, 36, "C"), (-2.2, 0.4, 30, "C")],
)  # fmt: skip
def test_the_classes_of_ets(delta, error, chi_square, size):
    assert _size(delta, error, chi_square) == size


@pytest.mark.parametrize(("reference", "focal", "told"), [(30, 30, True), (30, 29, False), (29, 200, False)])
def test_groups_below_thirty_are_not_compared(reference, focal, told):
    assert (mantel_haenszel(cases(Random(1), 0.0, (reference, focal))) is not None) is told


# Choices and remarks


def test_choices_tell_who_took_them():
    taken = [["b"]] * 20 + [["a"]] * 12 + [["c"]] * 1
    rests = [0.5] * 20 + [0.75] * 12 + [1.0]
    found = choice_statistics(["a", "b", "c"], ["b"], taken, rests, judged=True)
    assert [found[key].chosen for key in "abc"] == [12, 20, 1] and found["a"].share == Fraction(12, 33)
    assert (found["a"].rest, found["b"].rest, found["c"].rest) == (0.75, 0.5, None)
    assert (found["a"].lures, found["b"].lures, found["c"].lures) == (True, False, False)
    assert (found["a"].idle, found["c"].idle) == (False, True)
    silent = choice_statistics(["a", "b", "c"], ["b"], taken, rests, judged=False)
    assert not any(each.lures or each.idle for each in silent.values())


FINE = ItemStatistics(40, Fraction(1, 2), 0.4, ())


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({}, ()),
        ({"omitted": Fraction(1, 10)}, ()),
        ({"omitted": Fraction(11, 100)}, ("often_omitted",)),
        ({"difference": Difference(2, -1.6, 0.2, 20, "C")}, ("harder_for_partners",)),
        ({"difference": Difference(0.5, 1.2, 0.2, 20, "B")}, ("harder_for_agency",)),
        ({"faces": Difference(2, -1.6, 0.2, 20, "C")}, ("harder_in_english",)),
        ({"faces": Difference(0.5, 1.2, 0.2, 20, "B")}, ("harder_in_arabic",)),
        ({"faces": Difference(0.9, 0.3, 0.2, 2, "A")}, ()),
        ({"difference": Difference(0.9, 0.3, 0.2, 2, "A")}, ()),
        ({"fit": RaschItem(0, 0.1, 1.0, 1.31)}, ("erratic",)),
        ({"fit": RaschItem(0, 0.1, 0.69, 0.9)}, ("too_predictable",)),
    ],
)
def test_remarks_follow_the_figures(given, flags):
    """AS19."""
    assert (
        remarks(
            FINE, **{"omitted": Fraction(0), "choices": (), "difference": None, "faces": None, "fit": None, **given}
        )
        == flags
    )


def test_below_thirty_attempts_there_are_no_remarks():
    few = ItemStatistics(29, None, None, ())
    assert remarks(few, omitted=Fraction(1), choices=(), difference=None, faces=None, fit=RaschItem(0, 1, 2, 2)) == ()


def test_when_everyone_passes_every_verdict_agrees():
    found = consistency(9, 0.5, 0.5, 0)
    assert found.agreement == pytest.approx(1) and found.kappa is None
