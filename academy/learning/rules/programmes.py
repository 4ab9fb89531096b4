"""How far somebody is in a programme: what counts, what is open, what waits for what, what is left; and how steps move."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from academy.base.dates import months_later
from academy.learning.rules.courses import Tally

COURSE, QUIZ, EXAM = "course", "quiz", "exam"
TAKEN_HERE = (COURSE, QUIZ, EXAM)
STEP_KINDS = (*TAKEN_HERE, "practice", "scenario", "observation", "project")
UNDERTAKING, IDENTITY, SPONSOR = "undertaking", "identity_verified", "sponsor"
PREREQUISITE_KINDS = (UNDERTAKING, IDENTITY, SPONSOR)
DONE, OPEN, LOCKED, ABSENT = "done", "open", "locked", "absent"
RENEW_BEFORE = timedelta(days=30)

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step as far as progress depends on it; `available` says that the academy has what it asks for."""

    key: str
    required: bool = True
    available: bool = True


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Steps of which every required one must be done or, with `any_of`, any so many."""

    key: str
    steps: tuple[StepPlan, ...]
    any_of: int | None = None

    @property
    def counting(self) -> tuple[StepPlan, ...]:
        """The steps that can count towards the group."""
        return self.steps if self.any_of is not None else tuple(step for step in self.steps if step.required)

    @property
    def needed(self) -> int:
        """How many steps of the group must be done."""
        return len(self.counting) if self.any_of is None else self.any_of

    def done(self, done: Collection[str]) -> int:
        """Return how many of the needed steps are done; more than needed do not count."""
        return min(self.needed, sum(step.key in done for step in self.counting))

    def is_met(self, done: Collection[str]) -> bool:
        """Whether nothing of the group is left."""
        return self.done(done) >= self.needed

    def can_be_met(self, done: Collection[str] = ()) -> bool:
        """Whether the steps that are done or can be done here are enough."""
        return sum(step.available or step.key in done for step in self.counting) >= self.needed


@dataclass(frozen=True, slots=True)
class StepStanding:
    """How a step stands: done, open, locked (`waits_for` names the step to do first) or absent from the academy."""

    state: str
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a group: so many of these steps; all of them when the numbers agree."""

    group: str
    count: int
    steps: tuple[str, ...]

    @property
    def is_choice(self) -> bool:
        """Whether the learner chooses among the steps."""
        return self.count < len(self.steps)


def tally(groups: Sequence[GroupPlan], done: Collection[str]) -> Tally:
    """Count what must be done in all groups and what of it is done. A programme without anything needed is never complete."""
    return Tally(sum(group.done(done) for group in groups), sum(group.needed for group in groups))


def can_be_completed(groups: Sequence[GroupPlan], done: Collection[str] = ()) -> bool:
    """Whether the academy has everything that is needed and not yet done."""
    return tally(groups, done).required > 0 and all(group.can_be_met(done) for group in groups)


def absent(groups: Sequence[GroupPlan], done: Collection[str] = ()) -> list[str]:
    """Return the steps for want of which the programme cannot be completed, in order."""
    short = [group for group in groups if not group.can_be_met(done)]
    return [step.key for group in short for step in group.counting if not step.available and step.key not in done]


def standings(groups: Sequence[GroupPlan], done: Collection[str], *, in_order: bool) -> dict[str, StepStanding]:
    """Return how each step stands.

    In order, a step waits for the first step before it that is needed, not done and can be done. What the academy does not
    have holds nobody up: it is said to be absent, and the programme stays incomplete. The steps of a choice never wait for
    each other.
    """
    found: dict[str, StepStanding] = {}
    waits_for: str | None = None
    for group in groups:
        for step in group.steps:
            found[step.key] = _standing(step, done, waits_for if in_order else None)
            if group.any_of is None and waits_for is None and step.required and _can_be_done(step, done):
                waits_for = step.key
        if group.any_of is not None and waits_for is None and not group.is_met(done):
            waits_for = next((step.key for step in group.steps if _can_be_done(step, done)), None)
    return found


def _can_be_done(step: StepPlan, done: Collection[str]) -> bool:
    return step.available and step.key not in done


def _standing(step: StepPlan, done: Collection[str], waits_for: str | None) -> StepStanding:
    if step.key in done:
        return StepStanding(DONE)
    if not step.available:
        return StepStanding(ABSENT)
    return StepStanding(OPEN) if waits_for is None else StepStanding(LOCKED, waits_for)


def next_step(groups: Sequence[GroupPlan], done: Collection[str], *, in_order: bool) -> str | None:
    """Return the step to go on with: the first open one that is still needed."""
    found = standings(groups, done, in_order=in_order)
    waiting = (step.key for group in groups if not group.is_met(done) for step in group.counting)
    return next((key for key in waiting if found[key].state == OPEN), None)


def what_is_left(groups: Sequence[GroupPlan], done: Collection[str]) -> list[Left]:
    """Return what is left of each group that is not met, in order."""
    return [
        Left(
            group.key,
            group.needed - group.done(done),
            tuple(step.key for step in group.counting if step.key not in done),
        )
        for group in groups
        if not group.is_met(done)
    ]


def valid_until(signed_on: date, months: int | None) -> date | None:
    """Return the last day a signature holds: the day before the same day so many months later; None without months."""
    if months is None:
        return None
    return months_later(signed_on, months) - timedelta(days=1)


def may_sign_again(valid_until: date | None, today: date) -> bool:
    """Whether a signature has run out or will within 30 days."""
    return valid_until is not None and valid_until < today + RENEW_BEFORE


def moved(keys: Sequence[str], key: str, direction: Direction) -> list[str]:
    """Return the keys with one of them a place further up or down; at an end it stays."""
    order, here = list(keys), keys.index(key)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order


def moved_between(
    groups: Sequence[tuple[str, Sequence[str]]], key: str, direction: Direction
) -> list[tuple[str, list[str]]]:
    """Return groups with their steps after one step moved; past the edge of its group it enters the neighbour."""
    order = [(group, list(steps)) for group, steps in groups]
    place = next(number for number, (_group, steps) in enumerate(order) if key in steps)
    group, steps = order[place]
    if steps.index(key) != (0 if direction == "up" else len(steps) - 1):
        order[place] = group, moved(steps, key, direction)
        return order
    neighbour = place - 1 if direction == "up" else place + 1
    if 0 <= neighbour < len(order):
        steps.remove(key)
        order[neighbour][1].insert(len(order[neighbour][1]) if direction == "up" else 0, key)
    return order


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs between two versions: `how` is added, removed, changed or moved; `sort` and `key` name it."""

    how: str
    sort: str
    key: str


def differences(before: Mapping[tuple[str, str], object], after: Mapping[tuple[str, str], object]) -> list[Difference]:
    """Return what differs, given what stands under each (sort, key) in order; the newer version's order, removed last."""
    found = [
        Difference("added" if name not in before else "changed", *name)
        for name, value in after.items()
        if name not in before or before[name] != value
    ]
    shared = [[name for name in side if name in other] for side, other in ((before, after), (after, before))]
    if shared[0] != shared[1]:
        told = {(each.sort, each.key) for each in found}
        places = {name: place for place, name in enumerate(shared[0])}
        found += [
            Difference("moved", *name)
            for place, name in enumerate(shared[1])
            if places[name] != place and name not in told
        ]
    return found + [Difference("removed", *name) for name in before if name not in after]
