"""What learners said to questions that are not scored: how many chose which step of a scale, or gave which place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from academy.assessment.rules import ENOUGH_PEOPLE
from academy.assessment.types.ranking import ranks_all
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Opinion:
    """One statement: how many chose each step of the scale, in its order, and how many said nothing to it."""

    text: LocalizedText
    counts: tuple[int, ...]
    omitted: int

    def hidden(self) -> "Opinion":
        """Return it without any figure: too few rated it."""
        return replace(self, counts=(0,) * len(self.counts), omitted=0)

    @property
    def answered(self) -> int:
        """How many rated the statement."""
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """The share of each step among those who rated the statement; zeros when nobody did."""
        return tuple(Fraction(count, self.answered or 1) for count in self.counts)

    @property
    def mean(self) -> Fraction | None:
        """The mean place, counted from 1; it means something for places of a ranking only. None when nobody gave one."""
        places = sum(place * count for place, count in enumerate(self.counts, start=1))
        return Fraction(places, self.answered) if self.answered else None

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
    """The opinions of enough learners on the statements of one question, and the steps of its scale.

    Of a ranking the items are the statements and the places the steps.
    """

    scale: tuple[LocalizedText, ...]
    statements: tuple[Opinion, ...]


def opinions(
    content: Mapping[str, Any],
    responses: Sequence[Mapping[str, Any]],
    *,
    least: int = ENOUGH_PEOPLE,
    each: bool = False,
) -> Opinions | None:
    """Count the stored answers to a question that is not scored; None below `least` people, as few could be recognised.

    `each`: a statement that fewer rated is left out too, as if nobody had.
    """
    ranked = "items" in content
    given = _rankings(content, responses) if ranked else [one["ratings"] for one in responses if one.get("ratings")]
    if len(given) < least:
        return None
    steps = list(range(1, len(content["items"]) + 1)) if ranked else [step["id"] for step in content["scale"]]
    scale = [LocalizedText(str(step), str(step)) for step in steps] if ranked else _texts(content["scale"])
    found = [
        _opinion(statement, steps, given, len(responses)) for statement in content["items" if ranked else "statements"]
    ]
    return Opinions(tuple(scale), tuple(one if one.answered >= least or not each else one.hidden() for one in found))


def _texts(entries: Sequence[Mapping[str, Any]]) -> list[LocalizedText]:
    return [LocalizedText.of(entry["text"]) for entry in entries]


def _rankings(content: Mapping[str, Any], responses: Sequence[Mapping[str, Any]]) -> list[Mapping[str, int]]:
    """Return the rankings that place every item: a mean of parts would compare what was not compared."""
    return [response["places"] for response in responses if ranks_all(content, response)]


def _opinion(
    statement: Mapping[str, Any], steps: Sequence[Any], given: Sequence[Mapping[str, Any]], asked: int
) -> Opinion:
    counts = Counter(ratings[statement["id"]] for ratings in given if statement["id"] in ratings)
    return Opinion(
        LocalizedText.of(statement["text"]), tuple(counts[step] for step in steps), asked - sum(counts.values())
    )
