"""The shortest plan that closes a person's gaps.

A gap is the level asked for less the level proven; "not enough evidence" is a gap of its own kind, from nothing. How many
right answers are missing to a level follows from the model (judging.py): at least 3 items that can support the level, and a
weighted share of 0.7 when all further ones are right.

    a course brings     the questions that its quizzes ask for certain about a competency, for levels up to its aim and never
                        above 2, less those in the ledger already; and 1 item for having completed it, for level 1
    a gap is a course's when all courses that the person could take bring together what is missing
    every other gap     needs an observation at work: levels 3 and 4 always do

Of all sets of courses that bring what is missing, the plan takes the one with the fewest courses that are not begun yet
(those that must come before counted in), then the fewest courses, the fewest hours, and the first in the catalogue's order.
With more than 10 useful courses, it takes for the largest gap the course that brings most to all gaps, begun ones first,
and so on, and drops in the end what has become superfluous. The largest gap comes first; before each course stands what must
be completed before it. A course is no candidate when something that must come before it cannot be taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil

from academy.competencies.rules.judging import COURSE_ITEMS, CURRENT, Model, Piece, judge, supports
from academy.competencies.rules.kinds import CAPS

EXACT_UP_TO = 10
ANSWER_PLAN_WITHIN = timedelta(days=5)
CLAIMABLE = CAPS["prior"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A competency that is not proven to the level asked for; `level` None: not enough evidence. `short`: right answers missing."""

    key: str
    needed: int
    level: int | None
    short: int = 1

    @property
    def size(self) -> int:
        """Levels missing."""
        return self.needed - (self.level or 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A course that the person could take and has not completed. `needs`: courses to complete before it that they have not."""

    id: int
    hours: Decimal
    begun: bool
    needs: tuple[int, ...]
    brings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a course, with the gaps it serves (none: it must come before another), or an observation of one gap."""

    course_id: int | None
    serves: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What has changed about a competency since a plan was made; before and after are levels asked for or proven."""

    key: str
    how: str
    before: int | None
    after: int | None

    @property
    def matters(self) -> bool:
        """Whether the plan no longer fits; being proven is what it is for."""
        return self.how not in ("proven", "risen")


def short_of(pieces: Iterable[Piece], level: int, at: datetime, model: Model = CURRENT) -> int:
    """Return how many further right answers, all of them right, prove a level; at least 1."""
    live = [term for term in judge(pieces, at, model).terms if term.weight > 0 and term.piece.supports(model) >= level]
    items = sum(term.piece.items for term in live)
    total = sum((term.weight for term in live), Fraction(0))
    right = sum((term.weight * term.piece.share for term in live), Fraction(0))
    lacking = ceil((model.needed_share * total - right) / (1 - model.needed_share))
    return max(1, model.enough_items - items, lacking)


def brought(needed: int, aim: int | None, asked: int, held: int) -> int:
    """Return the fresh items that a course brings for a level: of `asked` questions `held` are in the ledger already."""
    tested = max(0, asked - held) if needed <= supports("attempt", aim) else 0
    return tested + (COURSE_ITEMS if aim and needed <= supports("course", aim) else 0)


def ranked(gaps: Iterable[Gap]) -> list[Gap]:
    """Return gaps, the largest first, then in the order given."""
    return sorted(gaps, key=lambda gap: -gap.size)


def ways(offers: Collection[Offer]) -> dict[int, frozenset[int]]:
    """Return for each course that can be reached the courses to take for it, itself among them."""
    known = {offer.id: offer for offer in offers}
    found: dict[int, frozenset[int] | None] = {}

    def way(course_id: int, above: frozenset[int]) -> frozenset[int] | None:
        if course_id in found:
            return found[course_id]
        if course_id not in known or course_id in above:
            return None
        parts = [way(need, above | {course_id}) for need in known[course_id].needs]
        whole: frozenset[int] | None = frozenset((course_id,))
        for part in parts:
            whole = None if whole is None or part is None else whole | part
        found[course_id] = whole
        return whole

    return {number: whole for number in known if (whole := way(number, frozenset())) is not None}


def propose(gaps: Iterable[Gap], offers: Sequence[Offer]) -> tuple[Step, ...]:
    """Return the plan for these gaps from these courses, in order."""
    order, reach = ranked(gaps), ways(offers)
    known = {offer.id: offer for offer in offers if offer.id in reach}
    taught = [gap for gap in order if _covered(gap, known.values())]
    chosen = _chosen(taught, known, reach)
    return _in_order(order, taught, [known[number] for number in known if number in chosen])


def _covered(gap: Gap, offers: Iterable[Offer]) -> bool:
    return sum(offer.brings.get(gap.key, 0) for offer in offers) >= gap.short


def _chosen(gaps: Sequence[Gap], known: Mapping[int, Offer], reach: Mapping[int, frozenset[int]]) -> frozenset[int]:
    useful = [offer for offer in known.values() if any(offer.brings.get(gap.key) for gap in gaps)]
    if len(useful) > EXACT_UP_TO:
        return _greedy(gaps, useful, known, reach)
    places = {number: place for place, number in enumerate(known)}
    best: tuple[tuple[object, ...], frozenset[int]] | None = None
    for size in range(len(useful) + 1):
        for some in combinations(useful, size):
            together = frozenset[int]().union(*(reach[offer.id] for offer in some))
            if all(_covered(gap, (known[number] for number in together)) for gap in gaps):
                cost = _cost([known[number] for number in together], places)
                best = (cost, together) if best is None or cost < best[0] else best  # type: ignore[operator]
    return best[1] if best else frozenset()


def _cost(offers: Sequence[Offer], places: Mapping[int, int]) -> tuple[object, ...]:
    fresh = sum(not offer.begun for offer in offers)
    hours = sum((offer.hours for offer in offers), Decimal(0))
    return fresh, len(offers), hours, tuple(sorted(places[offer.id] for offer in offers))


def _greedy(
    gaps: Sequence[Gap], useful: Sequence[Offer], known: Mapping[int, Offer], reach: Mapping[int, frozenset[int]]
) -> frozenset[int]:
    places = {number: place for place, number in enumerate(known)}
    chosen: list[int] = []
    for gap in gaps:
        while not _covered(gap, (known[number] for number in chosen)):
            left = [offer for offer in useful if offer.id not in chosen and offer.brings.get(gap.key)]
            best = min(left, key=lambda offer: _merit(offer, gaps, chosen, known, reach, places))
            chosen += [number for number in sorted(reach[best.id], key=places.__getitem__) if number not in chosen]
    return _pruned(chosen, gaps, known)


def _merit(
    offer: Offer, gaps: Sequence[Gap], chosen: Sequence[int], known: Mapping[int, Offer],
    reach: Mapping[int, frozenset[int]], places: Mapping[int, int],
) -> tuple[object, ...]:  # fmt: skip
    new = [number for number in reach[offer.id] if number not in chosen]
    missing = {gap.key: gap.short - sum(known[number].brings.get(gap.key, 0) for number in chosen) for gap in gaps}
    helps = sum(min(max(0, missing[key]), count) for key, count in offer.brings.items() if key in missing)
    fresh = sum(not known[number].begun for number in new)
    return fresh > 0, -helps, fresh, sum((known[number].hours for number in new), Decimal(0)), places[offer.id]


def _pruned(chosen: Sequence[int], gaps: Sequence[Gap], known: Mapping[int, Offer]) -> frozenset[int]:
    """Drop, the latest first, what nothing builds on and no gap misses, until nothing more can go."""
    kept, before = list(chosen), None
    while kept != before:
        before = list(kept)
        for number in reversed(before):
            rest = [known[other] for other in kept if other != number]
            if not any(number in other.needs for other in rest) and all(_covered(gap, rest) for gap in gaps):
                kept.remove(number)
    return frozenset(kept)


def _in_order(order: Sequence[Gap], taught: Sequence[Gap], chosen: Sequence[Offer]) -> tuple[Step, ...]:
    by_id, steps, done = {offer.id: offer for offer in chosen}, [], set[int]()

    def take(offer: Offer) -> None:
        if offer.id in done:
            return
        done.add(offer.id)
        for need in offer.needs:
            take(by_id[need])
        steps.append(Step(offer.id, tuple(gap for gap in taught if offer.brings.get(gap.key))))

    for gap in order:
        if gap not in taught:
            steps.append(Step(None, (gap,)))
            continue
        for offer in sorted(chosen, key=lambda each: -each.brings.get(gap.key, 0)):
            if offer.brings.get(gap.key):
                take(offer)
    return tuple(steps)


def compared(
    before: Mapping[str, tuple[int, int | None]], now: Mapping[str, tuple[int, int | None]]
) -> tuple[Change, ...]:
    """Return what has changed from one state of (level asked for, level proven) by competency to another."""
    changes = [_change(key, before.get(key, (0, None)), now.get(key, (0, None))) for key in {**before, **now}]
    return tuple(change for change in changes if change is not None)


def _change(key: str, was: tuple[int, int | None], now: tuple[int, int | None]) -> Change | None:
    if was[0] != now[0]:
        how = "new" if not was[0] else "dropped" if not now[0] else "more" if now[0] > was[0] else "less"
        return Change(key, how, was[0], now[0])
    if was[1] == now[1] or not now[0]:
        return None
    if (now[1] or 0) >= now[0]:
        return Change(key, "proven", was[1], now[1]) if (was[1] or 0) < now[0] else None
    return Change(key, "risen" if (now[1] or 0) > (was[1] or 0) else "fallen", was[1], now[1])
