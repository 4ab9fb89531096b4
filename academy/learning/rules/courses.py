"""What counts as done, due and complete; where a learner goes on; how a sorting exercise is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

SHORT, MIDDLE, LONG = "short", "middle", "long"
SHORT_HOURS, MIDDLE_HOURS = 2, 5
SOON = timedelta(days=7)
LONGEST_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How many required activities there are and how many of them are completed."""

    done: int
    required: int

    @property
    def fraction(self) -> float:
        """The share done, from 0 to 1."""
        return self.done / self.required if self.required else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether the course is completed: every required activity is; a course without required ones never is."""
        return self.required > 0 and self.done >= self.required


def standing(state: str, due_on: date | None, started: bool, today: date, *, exempted: bool = False) -> str:
    """Name how an enrolment stands: completed, exempted, withdrawn, overdue, due_soon, in_progress or not_started."""
    if exempted:
        return "exempted"
    if state != "active":
        return state
    if due_on is not None and due_on < today:
        return "overdue"
    if due_on is not None and due_on - today <= SOON:
        return "due_soon"
    return "in_progress" if started else "not_started"


def continue_at(order: Sequence[tuple[int, bool]], last_id: int | None) -> int | None:
    """Return the activity to go on with, given (id, completed) in order and the one last opened.

    The last one if it is not completed, else the next open one after it, else the first open one, else the last one.
    """
    if not order:
        return None
    ids = [activity_id for activity_id, _ in order]
    start = ids.index(last_id) if last_id in ids else 0
    for activity_id, completed in [*order[start:], *order[:start]]:
        if not completed:
            return activity_id
    return ids[start]


def after(ids: Sequence[int], activity_id: int) -> tuple[int | None, int | None]:
    """Return the activity before and the one after, in order."""
    place = ids.index(activity_id)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)


def hours_band(hours: Decimal | float) -> str:
    """Name the length of a course: short (up to 2 hours), middle (up to 5) or long."""
    if hours <= SHORT_HOURS:
        return SHORT
    return MIDDLE if hours <= MIDDLE_HOURS else LONG


def missing(required: Sequence[int], completed: set[int]) -> list[int]:
    """Return the courses that must be completed first and are not, in order."""
    return [course_id for course_id in required if course_id not in completed]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of placing the items of a sorting exercise: item to whether it lies right; and how many there are."""

    right: Mapping[str, bool]
    total: int

    @property
    def placed(self) -> int:
        """How many items were placed."""
        return len(self.right)

    @property
    def is_whole(self) -> bool:
        """Whether every item was placed."""
        return self.total > 0 and self.placed == self.total

    @property
    def correct(self) -> int:
        """How many items lie right."""
        return sum(self.right.values())


def check_items(solution: Mapping[str, str], categories: set[str], answers: Mapping[str, str]) -> Checked:
    """Compare placed items with the solution; answers that name no item or no category are left out."""
    placed = {item: answers[item] for item in solution if answers.get(item) in categories}
    return Checked({item: solution[item] == category for item, category in placed.items()}, len(solution))


def block_of(typed: object) -> int | None:
    """Read the number of the part of a lesson last read; anything odd is None."""
    said = str(typed or "")
    if said.isascii() and said.isdigit() and len(said) < 6 and int(said) <= LONGEST_BLOCK:
        return int(said)
    return None
