"""What learners said to questions that are not scored: how many chose which step of the scale, statement by statement."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from academy.assessment.rules import ENOUGH_PEOPLE
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Opinion:
    """One statement: how many chose each step of the scale, in its order, and how many said nothing to it."""

    text: LocalizedText
    counts: tuple[int, ...]
    omitted: int

    @property
    def answered(self) -> int:
        """How many rated the statement."""
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """The share of each step among those who rated the statement; zeros when nobody did."""
        return tuple(Fraction(count, self.answered or 1) for count in self.counts)

    @property
    def middle(self) -> int | None:
        """The place (from 0) of the median step, the lower one of two; None when nobody rated it.

        The median, not a mean: steps of a scale have an order but no distances (Stevens 1946, Science 103, 677-680).
        """
        seen = 0
        for place, count in enumerate(self.counts):
            seen += count
            if count and 2 * seen >= self.answered:
                return place
        return None


@dataclass(frozen=True, slots=True)
class Opinions:
    """The opinions of at least `ENOUGH_PEOPLE` learners on the statements of one question, and the steps of its scale."""

    scale: tuple[LocalizedText, ...]
    statements: tuple[Opinion, ...]


def opinions(content: Mapping[str, Any], responses: Sequence[Mapping[str, Any]]) -> Opinions | None:
    """Count the stored answers to a question on a scale; None below `ENOUGH_PEOPLE`, as few could be recognised."""
    given = [response["ratings"] for response in responses if response.get("ratings")]
    if len(given) < ENOUGH_PEOPLE:
        return None
    steps = [step["id"] for step in content["scale"]]
    return Opinions(
        tuple(LocalizedText.of(step["text"]) for step in content["scale"]),
        tuple(_opinion(statement, steps, given, len(responses)) for statement in content["statements"]),
    )


def _opinion(
    statement: Mapping[str, Any], steps: Sequence[str], given: Sequence[Mapping[str, str]], asked: int
) -> Opinion:
    counts = Counter(ratings[statement["id"]] for ratings in given if statement["id"] in ratings)
    return Opinion(
        LocalizedText.of(statement["text"]), tuple(counts[step] for step in steps), asked - sum(counts.values())
    )
