"""The Rasch model: how hard each question is and how able each score, on one scale of logits with standard errors.

Source: Rasch 1960, Probabilistic Models for Some Intelligence and Attainment Tests. Difficulties by conditional maximum
likelihood (Andersen 1972, Journal of the Royal Statistical Society B 34, 42-54), which needs no assumption about the
learners; abilities by Warm's weighted likelihood (Warm 1989, Psychometrika 54, 427-450).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

ENOUGH_TO_CALIBRATE = 100
FITTING = (0.7, 1.3)
Z90 = 1.6448536269514722
MOST_QUESTIONS = 120
_MOST_STEPS, _CLOSE, _LONGEST_STEP, _FAR = 60, 1e-9, 1.0, 20.0


@dataclass(frozen=True, slots=True)
class RaschItem:
    """A question: difficulty in logits (0 is the mean question), its standard error, and the fit of its answers.

    `infit` and `outfit` are mean squares around 1 (Wright and Masters 1982, Rating Scale Analysis, chapter 5), taken
    from the probabilities given the score, so that no estimated ability biases them (Müller 2020, Journal of
    Statistical Distributions and Applications 7:5). Above 1.3 the answers are more erratic than the model expects,
    below 0.7 more predictable (Wright and Linacre 1994, Rasch Measurement Transactions 8:3).
    """

    difficulty: float
    error: float
    infit: float
    outfit: float


@dataclass(frozen=True, slots=True)
class Ability:
    """What a number of right answers says of a learner: ability in logits and its standard error."""

    right: int
    ability: float
    error: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The questions in their order (None: all or none were right, so it has no finite difficulty) and the abilities.

    `abilities` has a row for each number right among the calibrated questions, from none to all.
    """

    attempts: int
    items: tuple[RaschItem | None, ...]
    abilities: tuple[Ability, ...]


def calibrate(answers: Sequence[Sequence[int]]) -> Calibration | None:
    """Return the calibration from right (1) and wrong (0) answers, a row an attempt; None if it cannot be computed.

    That is below `ENOUGH_TO_CALIBRATE` attempts, with fewer than two usable questions or more than `MOST_QUESTIONS`
    (the work grows with their fourth power), or when the answers allow no finite maximum (Fischer 1981, Psychometrika
    46, 59-77).
    """
    if len(answers) < ENOUGH_TO_CALIBRATE:
        return None
    kept = _usable(answers)
    if not 2 <= len(kept) <= MOST_QUESTIONS:
        return None
    people, right = _table(answers, kept)
    found = _maximum(people, right)
    if found is None:
        return None
    difficulties, chances, covariance = found
    items: list[RaschItem | None] = [None] * len(answers[0])
    for place, (column, difficulty) in enumerate(zip(kept, difficulties, strict=True)):
        infit, outfit = _fit(people, [row[place] for row in right], [row[place] for row in chances])
        items[column] = RaschItem(difficulty, sqrt(covariance[place][place]), infit, outfit)
    return Calibration(len(answers), tuple(items), abilities(difficulties))


def abilities(difficulties: Sequence[float]) -> tuple[Ability, ...]:
    """Return the weighted likelihood estimate for each number right: finite for none and for all right, too."""
    return tuple(_ability(right, difficulties) for right in range(len(difficulties) + 1))


def _ability(right: int, difficulties: Sequence[float]) -> Ability:
    low, high = min(difficulties) - _FAR, max(difficulties) + _FAR
    information = 1.0
    while high - low > _CLOSE:
        middle = (low + high) / 2
        chances = [1 / (1 + exp(hard - middle)) for hard in difficulties]
        spreads = [chance * (1 - chance) for chance in chances]
        information = sum(spreads)
        lean = sum(spread * (1 - 2 * chance) for spread, chance in zip(spreads, chances, strict=True))
        if right - sum(chances) + lean / (2 * information) > 0:
            low = middle
        else:
            high = middle
    return Ability(right, (low + high) / 2, 1 / sqrt(information))


def _usable(answers: Sequence[Sequence[int]]) -> list[int]:
    """Return the questions that some got right and some wrong among those with a mixed result; both may shrink."""
    kept, rows = list(range(len(answers[0]))), list(answers)
    while kept:
        rows = [row for row in rows if 0 < sum(row[column] for column in kept) < len(kept)]
        still = [column for column in kept if 0 < sum(row[column] for row in rows) < len(rows)]
        if still == kept:
            return kept
        kept = still
    return []


def _table(answers: Sequence[Sequence[int]], kept: Sequence[int]) -> tuple[list[int], list[list[int]]]:
    """Return, by number right, how many people had it and how many of them had each question right.

    These counts are sufficient: nothing else of the answers enters an estimate.
    """
    people = [0] * (len(kept) + 1)
    right = [[0] * len(kept) for _score in people]
    for row in answers:
        picked = [row[column] for column in kept]
        score = sum(picked)
        people[score] += 1
        right[score] = [count + one for count, one in zip(right[score], picked, strict=True)]
    for extreme in (0, len(kept)):
        people[extreme], right[extreme] = 0, [0] * len(kept)
    return people, right


Matrix = list[list[float]]


def _maximum(people: Sequence[int], right: Sequence[Sequence[int]]) -> tuple[list[float], Matrix, Matrix] | None:
    """Return difficulties that sum to 0, the chances by score at them, and their covariance: Newton's method."""
    scores = [sum(row[place] for row in right) for place in range(len(right[0]))]
    total = sum(people)
    found = _centred([log((total - score) / score) for score in scores])
    for _step in range(_MOST_STEPS):
        chances, information = _expected(people, found)
        misses = [
            sum(count * row[place] for count, row in zip(people, chances, strict=True)) - score
            for place, score in enumerate(scores)
        ]
        covariance = _inverse(information)
        if covariance is None:
            return None
        moves = [sum(one * miss for one, miss in zip(row, misses, strict=True)) for row in covariance]
        longest = max(abs(move) for move in moves)
        if longest < _CLOSE:
            return found, chances, covariance
        found = _centred(
            [one + move * min(1.0, _LONGEST_STEP / longest) for one, move in zip(found, moves, strict=True)]
        )
        if max(abs(one) for one in found) > _FAR:
            return None
    return None


def _centred(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def symmetric(factors: Sequence[float]) -> list[float]:
    """Return the elementary symmetric functions of order 0 to n; the sum algorithm only adds, so it loses no digits."""
    found = [1.0]
    for factor in factors:
        found = [1.0, *(found[r] + factor * found[r - 1] for r in range(1, len(found))), factor * found[-1]]
    return found


def _expected(people: Sequence[int], difficulties: Sequence[float]) -> tuple[Matrix, Matrix]:
    """Return the chance of each question by score, given that score, and the information about the difficulties."""
    ease = [exp(-hard) for hard in difficulties]
    count, whole = len(ease), symmetric(ease)
    without = [symmetric([*ease[:place], *ease[place + 1 :]]) for place in range(count)]
    inner = range(1, count)
    chances = [[0.0] * count for _score in people]
    for score in inner:
        chances[score] = [ease[place] * without[place][score - 1] / whole[score] for place in range(count)]
    information = [[0.0] * count for _place in ease]
    for one in range(count):
        information[one][one] = sum(people[r] * chances[r][one] * (1 - chances[r][one]) for r in inner)
        for other in range(one):
            rest = symmetric([*ease[:other], *ease[other + 1 : one], *ease[one + 1 :]])
            factor = ease[one] * ease[other]
            shared = sum(
                people[r] * ((factor * rest[r - 2] / whole[r] if r > 1 else 0.0) - chances[r][one] * chances[r][other])
                for r in inner
                if people[r]
            )
            information[one][other] = information[other][one] = shared
    return chances, information


def _inverse(information: Matrix) -> Matrix | None:
    """Return the covariance under difficulties that sum to 0: the inverse of the information beside the constant.

    The information has no part in the direction (1, …, 1); a projection added there and taken off again makes the
    matrix invertible and gives its Moore-Penrose inverse.
    """
    count = len(information)
    rows = [[*(value + 1 / count for value in row), *(float(i == j) for j in range(count))]
            for i, row in enumerate(information)]  # fmt: skip
    for column in range(count):
        pivot = max(range(column, count), key=lambda place: abs(rows[place][column]))
        if abs(rows[pivot][column]) < 1e-12:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        top = rows[column] = [value / lead for value in rows[column]]
        for place in range(count):
            factor = rows[place][column]
            if place != column and factor:
                rows[place] = [value - factor * above for value, above in zip(rows[place], top, strict=True)]
    return [[value - 1 / count for value in row[count:]] for row in rows]


def _fit(people: Sequence[int], right: Sequence[int], chances: Sequence[float]) -> tuple[float, float]:
    """Return the weighted (infit) and the plain (outfit) mean square of what was left over for one question."""
    squares = spread = standard = count = 0.0
    for number, good, chance in zip(people, right, chances, strict=True):
        if number:
            square, room = good * (1 - chance) ** 2 + (number - good) * chance**2, chance * (1 - chance)
            squares, spread = squares + square, spread + number * room
            standard, count = standard + square / room, count + number
    return squares / spread, standard / count
