"""How marks of people become the share of an answer: second markers by lot, a third one when two differ too much."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Waits = Literal["first", "second", "third", "marked"]
LEAST_MARGIN, MOST_MARGIN = 1, 100
USUAL_MARGIN = 20


@dataclass(frozen=True, slots=True)
class MarkingRules:
    """What a quiz says of its marking: names hidden until release, the percent of answers marked twice, the margin.

    `margin`: percent of an answer's points by which two markers may differ before a third one decides.
    """

    anonymous: bool = True
    second: int = 0
    margin: int = USUAL_MARGIN

    @classmethod
    def of(cls, stored: object) -> "MarkingRules":
        """Read the rules as a quiz version keeps them; what is missing is as by default."""
        given = stored if isinstance(stored, dict) else {}
        return cls(
            anonymous=bool(given.get("anonymous", True)),
            second=_within(given.get("second"), 0, 100, 0),
            margin=_within(given.get("margin"), LEAST_MARGIN, MOST_MARGIN, USUAL_MARGIN),
        )

    def as_json(self) -> dict[str, object]:
        """Return the rules as a quiz version keeps them."""
        return {"anonymous": self.anonymous, "second": self.second, "margin": self.margin}


def _within(value: object, least: int, most: int, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else default


def marked_twice(seed: int, item_id: int, percent: int) -> bool:
    """Draw whether an answer gets a second marker, from the attempt's secret seed, so that no marker can foresee it."""
    digest = hashlib.sha256(f"second:{seed}:{item_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < percent


def waits_for(finals: Sequence[Fraction], *, twice: bool, margin: int) -> Waits:
    """Say which mark an answer waits for; `finals` are the shares of the final marks in their turns."""
    if not finals:
        return "first"
    if len(finals) == 1:
        return "second" if twice else "marked"
    return "third" if len(finals) == 2 and abs(finals[0] - finals[1]) * 100 > margin else "marked"


def final_share(finals: Sequence[Fraction]) -> Fraction:
    """Return what the marks make of an answer: one stands, two are averaged, a third one decides alone."""
    if len(finals) == 2:
        return (finals[0] + finals[1]) / 2
    return finals[-1]
