"""How home greets, what it puts first and what it recommends, without asking a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, Protocol, TypeVar

MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
JUST_DONE = timedelta(days=30)
_JOINS_NEXT = frozenset(
    ["عبد", "أبو", "ابو", "أم", "ام", "بن", "ابن", "أبا", "ابا", "abd", "abdul", "abu", "umm", "al", "el", "bin", "ibn"]
)
_TITLES = frozenset(
    [
        "دكتور",
        "دكتورة",
        "الدكتور",
        "الدكتورة",
        "أستاذ",
        "أستاذة",
        "مهندس",
        "مهندسة",
        "د",
        "م",
        "أ",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "eng",
    ]
)
_ORDER = {"overdue": 0, "due_soon": 1, "in_progress": 2, "not_started": 3}


class Taken(Protocol):
    """A course somebody takes, as far as its place on the page depends on it."""

    @property
    def standing(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def assigned(self) -> bool: ...


class Offered(Protocol):
    """A course that could be recommended; `competencies` are {"key", "level"}."""

    @property
    def id(self) -> int: ...
    @property
    def level(self) -> int: ...
    @property
    def competencies(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def prerequisites(self) -> Sequence[int]: ...


SomeTaken = TypeVar("SomeTaken", bound=Taken)
SomeOffered = TypeVar("SomeOffered", bound=Offered)


@dataclass(frozen=True, slots=True)
class Recommended(Generic[SomeOffered]):
    """A course and why: the key of the competency whose gap it narrows, None when no gap is known."""

    course: SomeOffered
    competency: str | None


def part_of_day(hour: int) -> str:
    """Name the part of the day of an hour (0 to 23) on Riyadh's clock; the morning begins at four."""
    if 4 <= hour < 12:
        return MORNING
    return AFTERNOON if 12 <= hour < 17 else EVENING


def given_name(name: str) -> str:
    """Return what somebody is called: the first word, with what belongs to it («عبد الله», «أبو بكر»), titles left out."""
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        words = words[1:]
    taken = words[:1]
    for word in words[1:]:
        if taken[-1].casefold() not in _JOINS_NEXT:
            break
        taken.append(word)
    return " ".join(taken)


def next_course(courses: Iterable[SomeTaken]) -> SomeTaken | None:
    """Return the one course to go on with: overdue, then due soon, then in progress, then not started."""
    open_ones = [course for course in courses if course.standing in _ORDER]
    return min(open_ones, key=lambda course: _ORDER[course.standing], default=None)


def is_required(course: Taken) -> bool:
    """Whether somebody expects this course of its learner: it was assigned, or it has a last day."""
    return course.assigned or course.due_on is not None


def recommend(
    offered: Iterable[SomeOffered], *, gaps: Mapping[str, int], taken: set[int], completed: set[int], most: int
) -> list[Recommended[SomeOffered]]:
    """Return the courses that narrow the largest gaps (key to levels missing), else the easiest ones.

    Left out are courses already taken and those whose prerequisites are not completed.
    """
    ready = [each for each in offered if each.id not in taken and set(each.prerequisites) <= completed]
    weighed = sorted(ready, key=lambda each: (-_narrows(each, gaps), each.level, each.id))
    return [Recommended(each, _widest(each, gaps)) for each in weighed[:most]]


def _keys(course: Offered) -> list[str]:
    return [str(target["key"]) for target in course.competencies]


def _narrows(course: Offered, gaps: Mapping[str, int]) -> int:
    return sum(gaps.get(key, 0) for key in _keys(course))


def _widest(course: Offered, gaps: Mapping[str, int]) -> str | None:
    wanted = [key for key in _keys(course) if gaps.get(key, 0) > 0]
    return max(wanted, key=lambda key: gaps[key], default=None)
