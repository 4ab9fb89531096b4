"""How well a question does its work, from graded attempts; the caller picks one attempt a person, the first one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from academy.assessment.rules.distractors import ChoiceStatistics
from academy.assessment.rules.fairness import Difference
from academy.assessment.rules.intervals import Interval, wilson
from academy.assessment.rules.rasch import FITTING, RaschItem
from academy.base.i18n import _l

Points = Fraction | int
ENOUGH_ATTEMPTS = 30
TOO_HARD = Fraction(1, 4)
TOO_EASY = Fraction(95, 100)
WEAK = 0.15
OFTEN_OMITTED = Fraction(1, 10)
FLAGS = {
    "too_hard": _l("Fewer than a quarter answered it right: check the key and the wording."),
    "too_easy": _l("Nearly everyone answered it right: it tells people apart hardly at all."),
    "weak_discrimination": _l("Strong and weak learners answer it alike: review the question."),
    "lures": _l(
        "A wrong choice draws stronger learners than the right one: check the key, and whether that choice is wrong in every case."
    ),
    "idle_choice": _l(
        "Hardly anyone takes one of the wrong choices: replace it with a mistake that learners really make."
    ),
    "often_omitted": _l("More than a tenth left it empty: check the time allowed and how the answer is to be given."),
    "harder_for_partners": _l(
        "At the same total score, learners of partner organisations get it right less often than those of the agency: look for words, systems or cases that only the agency knows."
    ),
    "harder_for_agency": _l(
        "At the same total score, learners of the agency get it right less often than those of partner organisations: look for words, systems or cases that only partners know."
    ),
    "harder_in_english": _l(
        "The English face is harder: at the same total score, those who read it in English get it right less often. Have a colleague at home in both languages compare the two faces of the text, each choice and the key."
    ),
    "harder_in_arabic": _l(
        "The Arabic face is harder: at the same total score, those who read it in Arabic get it right less often. Have a colleague at home in both languages compare the two faces of the text, each choice and the key."
    ),
    "erratic": _l(
        "The answers are more erratic than the Rasch model expects: look for a double meaning, a second right answer or guessing."
    ),
    "too_predictable": _l(
        "The answers follow the other questions more closely than the Rasch model expects: look for a question that gives this one away."
    ),
}


@dataclass(frozen=True)
class ItemStatistics:
    """Figures of one question, None until there are `ENOUGH_ATTEMPTS`; `interval` belongs to the difficulty (95 %)."""

    attempts: int
    difficulty: Fraction | None
    discrimination: float | None
    flags: tuple[str, ...]
    interval: Interval | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough attempts to say anything."""
        return self.attempts >= ENOUGH_ATTEMPTS


def difficulty(shares: Sequence[Fraction]) -> Fraction | None:
    """Return the mean share earned (0 nobody, 1 everybody right), the classical item difficulty; None without answers.

    Source: Crocker and Algina, Introduction to Classical and Modern Test Theory, chapter 14.
    """
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def discrimination(item: Sequence[Points], total: Sequence[Points]) -> float | None:
    """Return the item-rest correlation: Pearson's r, -1 to 1, of points on the item with points on all other items.

    `item` and `total` hold points of the same attempts in the same order. None when either side never varies or fewer
    than two attempts exist. The rest leaves the item out, as it would otherwise correlate with itself (Henrysson 1963,
    Psychometrika 28, 211-218).
    """
    if len(item) != len(total):
        raise ValueError("item and total must belong to the same attempts")
    count = len(item)
    if count < 2:
        return None
    rest = [whole - part for whole, part in zip(total, item, strict=True)]
    item_sum, rest_sum = sum(item), sum(rest)
    spread = (count * sum(one * one for one in item) - item_sum * item_sum) * (
        count * sum(one * one for one in rest) - rest_sum * rest_sum
    )
    if spread == 0:
        return None
    together = count * sum(one * other for one, other in zip(item, rest, strict=True)) - item_sum * rest_sum
    size = sqrt(Fraction(together * together, spread))  # exact up to here, so that r never leaves -1 to 1
    return -size if together < 0 else size


def _flags(hard: Fraction | None, sharp: float | None) -> tuple[str, ...]:
    found = []
    if hard is not None and hard < TOO_HARD:
        found.append("too_hard")
    if hard is not None and hard > TOO_EASY:
        found.append("too_easy")
    if sharp is not None and sharp < WEAK:
        found.append("weak_discrimination")
    return tuple(found)


def item_statistics(points: Points, item: Sequence[Points], total: Sequence[Points]) -> ItemStatistics:
    """Return the figures of a question worth `points` from the points earned on it and in total, attempt by attempt.

    All may be counted in any common part of a point: whole numbers are reckoned with fastest.

    Flags: difficulty below 0.25 or above 0.95, discrimination below 0.15; see `FLAGS` for what each one means.
    """
    if len(item) < ENOUGH_ATTEMPTS:
        return ItemStatistics(len(item), None, None, ())
    hard = Fraction(sum(item)) / (points * len(item)) if points else None
    sharp = discrimination(item, total)
    likely = wilson(float(hard), len(item)) if hard is not None else None
    return ItemStatistics(len(item), hard, sharp, _flags(hard, sharp), likely)


def _lean(difference: Difference | None) -> float:
    """Return the difference in delta units if it is worth a remark, else 0."""
    return 0.0 if difference is None or difference.size == "A" else difference.delta


def remarks(
    statistics: ItemStatistics,
    *,
    omitted: Fraction,
    choices: Iterable[ChoiceStatistics],
    difference: Difference | None,
    faces: Difference | None,
    fit: RaschItem | None,
) -> tuple[str, ...]:
    """Return every flag of a question in the order of `FLAGS`: none before there are `ENOUGH_ATTEMPTS`.

    `omitted` is the share who left it empty, looked at above 0.1; a difference between groups from class B upwards:
    `difference` of partners from the agency, `faces` of English from Arabic; the fit outside 0.7 to 1.3.
    """
    if not statistics.enough:
        return ()
    given, partners, english = tuple(choices), _lean(difference), _lean(faces)
    fits = (fit.infit, fit.outfit) if fit else (1.0, 1.0)
    said = {
        **dict.fromkeys(statistics.flags, True),
        "lures": any(choice.lures for choice in given),
        "idle_choice": any(choice.idle for choice in given),
        "often_omitted": omitted > OFTEN_OMITTED,
        "harder_for_partners": partners < 0,
        "harder_for_agency": partners > 0,
        "harder_in_english": english < 0,
        "harder_in_arabic": english > 0,
        "erratic": max(fits) > FITTING[1],
        "too_predictable": min(fits) < FITTING[0],
    }
    return tuple(flag for flag in FLAGS if said.get(flag))
