"""Courses that must be completed before others never form a circle."""

from collections.abc import Iterable, Mapping


def closes_circle(course_id: int, wanted: Iterable[int], graph: Mapping[int, Iterable[int]]) -> bool:
    """Whether the course would, directly or through others, come to need itself."""
    waiting, seen = list(wanted), set[int]()
    while waiting:
        needed = waiting.pop()
        if needed == course_id:
            return True
        if needed not in seen:
            seen.add(needed)
            waiting.extend(graph.get(needed, ()))
    return False
