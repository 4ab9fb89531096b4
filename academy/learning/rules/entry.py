"""Whether a course or programme takes somebody today, and which seat is free. Pure values in, values out."""

from collections.abc import Collection, Sequence
from datetime import date

TAKES, TOO_EARLY, TOO_LATE = "takes", "too_early", "too_late"


def within(opens_on: date | None, closes_on: date | None, today: date) -> str:
    """Return whether the days of enrolment include today; both days still count."""
    if opens_on is not None and today < opens_on:
        return TOO_EARLY
    return TOO_LATE if closes_on is not None and today > closes_on else TAKES


def free_numbers(taken: Collection[int], seats: int, wanted: int) -> list[int]:
    """Return the lowest free seat numbers, at most as many as wanted; none above the number of seats."""
    free = (number for number in range(1, seats + 1) if number not in taken)
    return [number for number, _ in zip(free, range(wanted), strict=False)]


def next_decider(chain: Sequence[int], asked: Collection[int | None]) -> tuple[bool, int | None]:
    """Return (whether somebody is left to ask, whom): the managers upwards, each once, then None for the administrators."""
    for manager_id in chain:
        if manager_id not in asked:
            return True, manager_id
    return None not in asked, None


def upwards(manager_of: dict[int, int | None], person_id: int) -> list[int]:
    """Return the managers above somebody, the nearest first; a circle of managers ends where it closes."""
    chain: list[int] = []
    seen, above = {person_id}, manager_of.get(person_id)
    while above is not None and above not in seen:
        chain.append(above)
        seen.add(above)
        above = manager_of.get(above)
    return chain
