"""Moving through an attempt: freely, or one question at a time and never back; trying a question again in practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

SEQUENTIAL, FREE = "sequential", "free"


def current_position(opened: Sequence[bool]) -> int:
    """Return the only question that a sequential attempt is at, from 1: the last one that was opened, else the first.

    `opened` says of each question in order whether it was opened.
    """
    return max((position for position, was in enumerate(opened, start=1) if was), default=1)


@dataclass(frozen=True, slots=True)
class Try:
    """One checked answer of a question in practice: the share it earned by itself, and what was answered."""

    share: Fraction
    response: Any

    def as_json(self) -> dict[str, Any]:
        """Return the try as it is kept."""
        return {"share": str(self.share), "response": self.response}


def tries_of(kept: Sequence[Any]) -> list[Try]:
    """Return the tries of a question as they were kept."""
    return [Try(Fraction(each["share"]), each.get("response")) for each in kept]


def is_settled(tried: Sequence[Try], allowed: int) -> bool:
    """Say whether a question takes no more answers: it was right once, or all its tries are used."""
    return bool(tried) and (tried[-1].share == 1 or len(tried) >= allowed)


def practice_share(tried: Sequence[Try], last: Fraction, last_response: Any, penalty: int) -> Fraction:
    """Return the share that counts in practice: the best of all tries, each less `penalty` percent for each one before.

    The n-th try keeps 100 - penalty x (n - 1) percent of what it earned, never less than nothing; trying again never
    costs what was earned before. An answer that was not checked any more counts as the next try when it is another one.
    """
    shares = [each.share for each in tried]
    if not tried or tried[-1].response != last_response:
        shares.append(last)
    kept = (share * max(0, 100 - penalty * before) / 100 for before, share in enumerate(shares))
    return max(kept, default=Fraction(0))
