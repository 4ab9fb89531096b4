"""Moving things up and down, within a list and from unit to unit."""

from collections.abc import Sequence
from typing import Literal

Direction = Literal["up", "down"]


def moved(keys: Sequence[str], key: str, direction: Direction) -> list[str]:
    """Return the keys with one of them a place further up or down; at an end it stays."""
    order = list(keys)
    here = order.index(key)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    return order


def moved_between(
    units: Sequence[tuple[str, Sequence[str]]], key: str, direction: Direction
) -> list[tuple[str, list[str]]]:
    """Return units with their activities after one activity moved; past the edge of its unit it enters the neighbour."""
    order = [(unit, list(activities)) for unit, activities in units]
    place = next(number for number, (_unit, activities) in enumerate(order) if key in activities)
    activities = order[place][1]
    at_edge = activities.index(key) == (0 if direction == "up" else len(activities) - 1)
    if not at_edge:
        order[place] = (order[place][0], moved(activities, key, direction))
        return order
    neighbour = place - 1 if direction == "up" else place + 1
    if 0 <= neighbour < len(order):
        activities.remove(key)
        order[neighbour][1].insert(len(order[neighbour][1]) if direction == "up" else 0, key)
    return order
