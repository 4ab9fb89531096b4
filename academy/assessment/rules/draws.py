"""Which questions one attempt draws: never one twice, for each learner others, and for all of them equally many of a kind.

The lines of a quiz are filled together, over all its sections, as an assignment of questions to places (a bipartite
matching): Kuhn's method of augmenting paths finds a full one whenever there is one, also where lines overlap. Places and
candidates are taken in an order drawn from the attempt's seed. Where lines do not overlap, every set of questions of a
line is equally likely; where they do, every possible paper can come up, some more often than others.

Papers are comparable: the same number of questions of each line, and, wherever the pools allow it, the same number of
each difficulty within the line, shared out in proportion to the pool (largest remainders). Whether they allow it depends
on the pools alone, never on the seed, so it is the same for every learner.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from academy.assessment.rules.papers import seeded_rng, shuffled

DRAW = -1  # the position whose numbers belong to the draw; questions count from 1, their order is 0
BANK_RATIO = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn: its version, the question itself, its difficulty (1 to 3)."""

    version_id: int
    question_id: int
    difficulty: int = 2


@dataclass(frozen=True, slots=True)
class Pool:
    """What a line draws from and how many."""

    count: int
    candidates: tuple[Candidate, ...]

    @property
    def too_small(self) -> bool:
        """Whether the line alone cannot be filled."""
        return len({each.question_id for each in self.candidates}) < self.count

    @property
    def thin(self) -> bool:
        """Whether learners would often meet the same questions: fewer than `BANK_RATIO` times as many as are drawn."""
        return len({each.question_id for each in self.candidates}) < self.count * BANK_RATIO


def without(pool: Pool, question_ids: Collection[int]) -> Pool:
    """Return a pool without some questions, as those that the quiz asks anyway."""
    return Pool(pool.count, tuple(each for each in pool.candidates if each.question_id not in question_ids))


def draw(seed: int, pools: Sequence[Pool]) -> list[list[Candidate]] | None:
    """Return what each line draws, for one attempt, or None when the lines cannot all be filled."""
    rng = seeded_rng(seed, DRAW)
    return _filled(_balanced(pools), len(pools), rng) or _filled(_as_asked(pools), len(pools), rng)


def can_be_filled(pools: Sequence[Pool]) -> bool:
    """Say whether all lines together find enough different questions."""
    return _filled(_as_asked(pools), len(pools), seeded_rng(0, DRAW)) is not None


def shares(counts: Counter[int], total: int) -> dict[int, int]:
    """Share `total` places out in proportion to `counts`, by largest remainders (Hamilton); of equals the lower key first."""
    whole = sum(counts.values())
    if not whole:
        return {}
    given = {key: total * count // whole for key, count in counts.items()}
    by_remainder = sorted(counts, key=lambda key: (-(total * counts[key] % whole), key))
    for key in by_remainder[: total - sum(given.values())]:
        given[key] += 1
    return given


_Place = tuple[int, tuple[Candidate, ...]]


def _as_asked(pools: Sequence[Pool]) -> list[_Place]:
    return [(line, pool.candidates) for line, pool in enumerate(pools) for _place in range(pool.count)]


def _balanced(pools: Sequence[Pool]) -> list[_Place]:
    places: list[_Place] = []
    for line, pool in enumerate(pools):
        quota = shares(Counter(each.difficulty for each in pool.candidates), pool.count)
        for difficulty, count in sorted(quota.items()):
            some = tuple(each for each in pool.candidates if each.difficulty == difficulty)
            places += [(line, some)] * count
    return places if len(places) == sum(pool.count for pool in pools) else []


def _filled(places: Sequence[_Place], lines: int, rng: Random) -> list[list[Candidate]] | None:
    """Return the drawn questions of each line; None when some place stays empty."""
    drawn: list[list[Candidate]] = [[] for _line in range(lines)]
    if not places:
        return drawn if not lines else None
    order = shuffled(range(len(places)), rng)
    wishes = {place: shuffled(places[place][1], rng) for place in order}
    taken: dict[int, int] = {}
    for place in order:
        if not _place(place, wishes, taken):
            return None
    chosen = {place: question_id for question_id, place in taken.items()}
    for place in order:
        line, candidates = places[place]
        drawn[line].append(next(each for each in candidates if each.question_id == chosen[place]))
    return drawn


def _place(start: int, wishes: dict[int, list[Candidate]], taken: dict[int, int]) -> bool:
    """Find a question for a place along an augmenting path, breadth first; `taken` is question → place."""
    came_from: dict[int, tuple[int, int]] = {}
    seen, queue = set[int](), [start]
    for place in queue:
        for wish in wishes[place]:
            question_id = wish.question_id
            if question_id in seen:
                continue
            seen.add(question_id)
            holder = taken.get(question_id)
            if holder is None:
                _hand_over(place, question_id, came_from, taken)
                return True
            came_from[holder] = (place, question_id)
            queue.append(holder)
    return False


def _hand_over(place: int, question_id: int, came_from: dict[int, tuple[int, int]], taken: dict[int, int]) -> None:
    """Give the place the free question; whoever asked it to move takes what it held, up to where the path began."""
    while True:
        taken[question_id] = place
        if place not in came_from:
            return
        place, question_id = came_from[place]
