"""Signs that an attempt deserves a second look, each with how often chance alone brings it about. Never a verdict."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

ENOUGH_TO_COMPARE = 50
ENOUGH_TIMES = 20
LEAST_SAME = 4
EXPECTED_BY_CHANCE = 0.05
SHARE_OF_MEDIAN = 0.1
LONGEST_FAST = 10.0
SHARE_OF_DURATION = 0.25
LEAST_FAST, SHARE_FAST = 3, 1 / 3

Wrong = Mapping[int, Hashable]


@dataclass(frozen=True, slots=True)
class SameWrong:
    """Two attempts (by their place in the list) with the same wrong answers to `same` of `both_wrong` questions.

    `expected` is how many of these chance would make the same; `by_chance` how many pairs of all those compared it
    would bring to as many.
    """

    one: int
    other: int
    same: int
    both_wrong: int
    expected: float
    by_chance: float


@dataclass(frozen=True, slots=True)
class Fast:
    """Very fast answers of one attempt: how many of how many measured ones, and how many of the fast ones were right."""

    fast: int
    measured: int
    right: int


def popularity(answers: Sequence[Hashable]) -> dict[Hashable, float]:
    """Return for each wrong answer to a question how likely another learner who is wrong gives it too.

    Its share among the wrong answers of the others; never below one in their number, so that a slip which nobody else
    has made does not count as impossible.
    """
    others = max(1, len(answers) - 1)
    return {answer: max(number - 1, 1) / others for answer, number in Counter(answers).items()}


def at_least(same: int, chances: Sequence[float]) -> float:
    """Return the probability of at least `same` successes in independent trials with these chances, exactly."""
    exactly = [1.0]
    for chance in chances:
        exactly = [
            (exactly[k] * (1 - chance) if k < len(exactly) else 0.0) + (exactly[k - 1] * chance if k else 0.0)
            for k in range(len(exactly) + 1)
        ]
    return min(1.0, sum(exactly[same:]))


def same_wrong(attempts: Sequence[Wrong]) -> list[SameWrong]:
    """Return the pairs of attempts that share more wrong answers than chance explains; question → wrong answer of each.

    Given the wrong answers of one, the other - if independent - gives each of them with its `popularity`, so the number
    of identical wrong answers among the questions both got wrong has a Poisson binomial distribution. That is the
    generalised binomial test (van der Linden and Sotaridona 2006, Journal of Educational and Behavioral Statistics 31,
    283-304), conditional on one of the two as in Wollack 1997 (Applied Psychological Measurement 21, 307-320), for wrong
    answers only as in Harpp and Hogan 1993 (Journal of Chemical Education 70, 306-311). Of the two directions the one
    that is likelier by chance is told, and only when all pairs in both directions together would bring fewer than
    `EXPECTED_BY_CHANCE` such cases (Bonferroni). Popularity is taken as the same for strong and weak learners, which
    overstates the sign where misconceptions go together: one more reason why it is only a hint. Nothing below
    `ENOUGH_TO_COMPARE` attempts.
    """
    if len(attempts) < ENOUGH_TO_COMPARE:
        return []
    takers: dict[int, dict[Hashable, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, wrong in enumerate(attempts):
        for question, answer in wrong.items():
            takers[question][answer].append(place)
    popular = {
        question: popularity([answer for answer, places in answers.items() for _place in places])
        for question, answers in takers.items()
    }
    shared: Counter[tuple[int, int]] = Counter()
    for answers in takers.values():
        for places in answers.values():
            shared.update(combinations(places, 2))
    directions = len(attempts) * (len(attempts) - 1)
    found = []
    for (one, other), same in shared.items():
        if same < LEAST_SAME:
            continue
        both = [question for question in attempts[one] if question in attempts[other]]
        sides = [[popular[question][attempts[side][question]] for question in both] for side in (one, other)]
        by_chance, expected = max((at_least(same, chances) * directions, sum(chances)) for chances in sides)
        if by_chance < EXPECTED_BY_CHANCE:
            found.append(SameWrong(one, other, same, len(both), expected, by_chance))
    return found


def fast_limits(times: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return for each question with enough measured times (seconds) the time below which an answer is very fast.

    A tenth of the median, at most ten seconds: the normative threshold NT10 of Wise and Ma 2012 (paper at the annual
    meeting of the National Council on Measurement in Education), with the median in place of the mean.
    """
    return {
        question: min(LONGEST_FAST, SHARE_OF_MEDIAN * median(seconds))
        for question, seconds in times.items()
        if len(seconds) >= ENOUGH_TIMES
    }


def fast_answers(answers: Mapping[int, tuple[float, bool]], limits: Mapping[int, float]) -> Fast | None:
    """Return how many answers (question → seconds, right) were very fast; None unless it is three and a third of them."""
    measured = {question: answer for question, answer in answers.items() if question in limits}
    fast = [right for question, (seconds, right) in measured.items() if seconds < limits[question]]
    if len(fast) < LEAST_FAST or len(fast) < SHARE_FAST * len(measured):
        return None
    return Fast(len(fast), len(measured), sum(fast))


def usual_duration(durations: Sequence[float]) -> float | None:
    """Return the median duration of attempts (seconds); None without enough of them."""
    return median(durations) if len(durations) > ENOUGH_TIMES else None


def is_fast(seconds: float, usual: float | None) -> bool:
    """Whether an attempt took less than a quarter of what is usual."""
    return usual is not None and seconds < SHARE_OF_DURATION * usual
