"""How one attempt gets its own order of questions and options, the same again from the same stored seed."""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")
QUESTIONS = 0  # the position whose numbers order the questions themselves; questions count from 1


def seeded_rng(seed: int, position: int) -> Random:
    """Return the numbers that belong to one position of a paper; other positions get unrelated ones.

    `seed` is drawn from the system source when the attempt starts, stored with it and never shown: who has it can undo
    the shuffle.
    """
    digest = hashlib.sha256(f"{seed}:{position}".encode()).digest()
    return Random(int.from_bytes(digest, "big"))


def shuffled(items: Sequence[Item], rng: Random) -> list[Item]:
    """Return the items in another order (Knuth, The Art of Computer Programming, 3.4.2, algorithm P).

    Written out because Python promises the same sequence for ever only for `Random.random`, not for `Random.shuffle`.
    """
    result = list(items)
    for end in range(len(result) - 1, 0, -1):
        other = int(rng.random() * (end + 1))
        result[end], result[other] = result[other], result[end]
    return result


class AsWritten(Random):
    """Numbers with which `shuffled` changes nothing, for pages that show a question as it was written."""

    def random(self) -> float:
        """Return the largest number below 1."""
        return 1 - 2**-53


def question_order(seed: int, count: int, *, shuffle: bool) -> list[int]:
    """Return the authored positions (1 to `count`) in the order in which this attempt shows them."""
    positions = list(range(1, count + 1))
    return shuffled(positions, seeded_rng(seed, QUESTIONS)) if shuffle else positions
