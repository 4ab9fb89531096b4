"""What became of each choice of a question: who took it, and how those people did on the rest of the quiz."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

ENOUGH_PEOPLE = 10
IDLE = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class ChoiceStatistics:
    """How many took a choice, their share of all, and their mean share (0 to 1) of the points of all other questions.

    `rest` is None when fewer than `ENOUGH_PEOPLE` took it. `lures` says that a wrong choice was taken by stronger
    learners than the right one; `idle` that hardly anybody took a wrong choice.
    """

    chosen: int
    share: Fraction
    rest: float | None
    lures: bool = False
    idle: bool = False


def choice_statistics(
    keys: Sequence[str],
    right: Collection[str],
    taken: Sequence[Collection[str]],
    rests: Sequence[float],
    *,
    judged: bool,
) -> Mapping[str, ChoiceStatistics]:
    """Return the figures of each choice; `taken` and `rests` belong to the same attempts in the same order.

    A wrong choice lures when its takers have a higher mean on the rest of the quiz than those of every right choice,
    both groups counting `ENOUGH_PEOPLE` (a working distractor draws weaker learners: Haladyna and Downing 1993,
    Educational and Psychological Measurement 53, 999-1010); it is idle when fewer than 5 % took it (same source).
    Neither is said unless `judged`.
    """
    counts = dict.fromkeys(keys, 0)
    sums = dict.fromkeys(keys, 0.0)
    for chosen, rest in zip(taken, rests, strict=True):
        for key in chosen:
            if key in counts:
                counts[key] += 1
                sums[key] += rest
    means = {key: sums[key] / counts[key] if counts[key] >= ENOUGH_PEOPLE else None for key in keys}
    best = [means[key] for key in keys if key in right]
    known = [mean for mean in best if mean is not None]
    bar = max(known) if known and len(known) == len(best) else None
    total = len(taken)

    def one(key: str) -> ChoiceStatistics:
        share, mean = Fraction(counts[key], total) if total else Fraction(0), means[key]
        wrong = judged and key not in right
        lures = wrong and mean is not None and bar is not None and mean > bar
        return ChoiceStatistics(counts[key], share, mean, lures, wrong and share < IDLE)

    return {key: one(key) for key in keys}
