"""Whether what a notice is about still stands when its letter goes out, as the slice of its kind says."""

from collections.abc import Callable, Collection

Standing = Callable[[Collection[int]], set[int]]
STANDING: dict[str, Standing] = {}
StandingFor = Callable[[int, Collection[int]], set[int]]
STANDING_FOR: dict[str, StandingFor] = {}


def stands_while(name: str, standing: Standing) -> None:
    """Say how to ask which of the things that notices of a kind are about still stand, just before a letter goes out."""
    STANDING[name] = standing


def stands_for(name: str, standing: StandingFor) -> None:
    """Say how to ask which of them still stand for one person, as for somebody who has left the course meanwhile."""
    STANDING_FOR[name] = standing


def standing(name: str, about: Collection[int], person_id: int) -> set[int]:
    """Return which of these things still stand for a person, by the kind of the notices about them."""
    kept = STANDING[name](about) if about and name in STANDING else set(about)
    return STANDING_FOR[name](person_id, kept) if kept and name in STANDING_FOR else kept
