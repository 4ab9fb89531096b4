"""Replaying the log of an attempt's saves, to show that the answers that were graded are the ones that were given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Answer = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class LoggedSave:
    """One acknowledged save: its number in the attempt, the question, what was kept."""

    sequence: int
    position: int
    response: Answer


@dataclass(frozen=True, slots=True)
class Step:
    """A save as the replay meets it: what stood there before and what it made of it."""

    save: LoggedSave
    before: Answer

    @property
    def change(self) -> str:
        """Say what it did: "answered", "changed", "cleared" or "same"."""
        if (self.save.response or None) == (self.before or None):
            return "same"
        if not self.save.response:
            return "cleared"
        return "changed" if self.before else "answered"


@dataclass(frozen=True, slots=True)
class Replay:
    """The log played through: each step, the answers at its end, and what is wrong with the log itself.

    `gaps` are receipt numbers that are missing, `doubles` numbers that occur more than once.
    """

    steps: tuple[Step, ...]
    answers: dict[int, Answer]
    gaps: tuple[int, ...]
    doubles: tuple[int, ...]

    def differences(self, kept: Mapping[int, Answer]) -> tuple[int, ...]:
        """Return the positions at which the answers kept with the attempt are not those of the log."""
        places = {*kept, *self.answers}
        return tuple(
            place for place in sorted(places) if (kept.get(place) or None) != (self.answers.get(place) or None)
        )


def replay(log: Iterable[LoggedSave]) -> Replay:
    """Play a log in the order of its receipts: every save replaces the answer to its question."""
    steps: list[Step] = []
    answers: dict[int, Answer] = {}
    seen: dict[int, int] = {}
    for save in sorted(log, key=lambda save: save.sequence):
        steps.append(Step(save, answers.get(save.position)))
        answers[save.position] = save.response
        seen[save.sequence] = seen.get(save.sequence, 0) + 1
    gaps = tuple(number for number in range(1, max(seen, default=0)) if number not in seen)
    return Replay(tuple(steps), answers, gaps, tuple(number for number, count in seen.items() if count > 1))
