"""Replaying the log of an attempt's saves, to show that the answers that were graded are the ones that were given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any] | None
NOTHING_SAID: Mapping[int, int | None] = {}


@dataclass(frozen=True, slots=True)
class LoggedSave:
    """One acknowledged save: its number in the attempt, the question, what was kept, how sure the learner said to be."""

    sequence: int
    position: int
    response: Answer
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A save as the replay meets it: what stood there before and what it made of it."""

    save: LoggedSave
    before: Answer
    confidence_before: int | None = None

    @property
    def change(self) -> str:
        """Say what it did: "answered", "changed", "cleared", "certainty" (no more than that), or "same"."""
        if (self.save.response or None) == (self.before or None):
            return "same" if self.save.confidence == self.confidence_before else "certainty"
        if not self.save.response:
            return "cleared"
        return "changed" if self.before else "answered"


@dataclass(frozen=True, slots=True)
class Replay:
    """The log played through: each step, the answers and certainties at its end, and what is wrong with the log itself.

    `gaps` are receipt numbers that are missing, `doubles` numbers that occur more than once.
    """

    steps: tuple[Step, ...]
    answers: dict[int, Answer]
    certainties: dict[int, int | None]
    gaps: tuple[int, ...]
    doubles: tuple[int, ...]

    def differences(
        self, kept: Mapping[int, Answer], certainties: Mapping[int, int | None] = NOTHING_SAID
    ) -> tuple[int, ...]:
        """Return the positions at which the answers or certainties kept with the attempt are not those of the log."""
        return tuple(
            place
            for place in sorted({*kept, *self.answers})
            if (kept.get(place) or None) != (self.answers.get(place) or None)
            or certainties.get(place) != self.certainties.get(place)
        )


def replay(log: Iterable[LoggedSave]) -> Replay:
    """Play a log in the order of its receipts: every save replaces the answer to its question and how sure one is of it."""
    steps: list[Step] = []
    answers: dict[int, Answer] = {}
    certainties: dict[int, int | None] = {}
    seen: dict[int, int] = {}
    for save in sorted(log, key=lambda save: save.sequence):
        steps.append(Step(save, answers.get(save.position), certainties.get(save.position)))
        answers[save.position], certainties[save.position] = save.response, save.confidence
        seen[save.sequence] = seen.get(save.sequence, 0) + 1
    gaps = tuple(number for number in range(1, max(seen, default=0)) if number not in seen)
    doubles = tuple(number for number, count in seen.items() if count > 1)
    return Replay(tuple(steps), answers, certainties, gaps, doubles)
