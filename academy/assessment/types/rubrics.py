"""The rubric of a question that a person marks: criteria with levels, or with points alone; what a set of picks earns.

Content: `rubric` is a list of {"id", "text", "levels": [{"id", "text", "points"}, …]} or {"id", "text", "points"}, and may
be empty: then the marker gives points out of those of the question. `notes` are for markers only. Picks: criterion id →
level id, or → points as a decimal; without a rubric {"": points}.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from academy.assessment.types.checking import check_entries, check_text
from academy.assessment.types.parts import Problem
from academy.base.numbers import parse_number

MOST_CRITERIA = 10
MOST_LEVELS = 6
MOST_RUBRIC_POINTS = 100
STEP = Fraction(1, 4)
NOTES_LENGTH = 8000
WHOLE = ""  # the one criterion of a question without a rubric


def check_rubric(content: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the rubric and the notes of a question."""
    problems = check_text(content.get("notes"), "notes", limit=NOTES_LENGTH, required=False)
    rubric = content.get("rubric", [])
    found = check_entries(rubric, "rubric", least=0, most=MOST_CRITERIA)
    if found:
        return problems + found
    for place, criterion in enumerate(rubric):
        problems += _check_criterion(criterion, f"rubric.{place}")
    if not problems and rubric and not 0 < rubric_points(content) <= MOST_RUBRIC_POINTS:
        problems.append(Problem("rubric", "rubric_points", {"most": MOST_RUBRIC_POINTS}))
    return problems


def _check_criterion(criterion: Mapping[str, Any], path: str) -> list[Problem]:
    if "levels" not in criterion:
        return [] if _is_points(criterion.get("points"), least=1) else [Problem(f"{path}.points", "bad_points")]
    levels = criterion["levels"]
    problems = check_entries(levels, f"{path}.levels", least=2, most=MOST_LEVELS)
    if problems:
        return problems
    return [
        Problem(f"{path}.levels.{place}.points", "bad_points")
        for place, level in enumerate(levels)
        if not _is_points(level.get("points"), least=0)
    ]


def _is_points(value: object, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST_RUBRIC_POINTS


def criterion_points(criterion: Mapping[str, Any]) -> int:
    """Return the most that a criterion can earn."""
    if "levels" in criterion:
        return max(int(level["points"]) for level in criterion["levels"])
    return int(criterion["points"])


def rubric_points(content: Mapping[str, Any]) -> int:
    """Return the most that the whole rubric can earn; 0 without one."""
    return sum(criterion_points(criterion) for criterion in content.get("rubric") or [])


def read_picks(content: Mapping[str, Any], points: int, given: Mapping[str, str]) -> dict[str, str]:
    """Return those of the picks that the rubric knows; points are kept as decimals in quarter steps within their limit."""
    picks: dict[str, str] = {}
    for name, most, levels in _criteria(content, points):
        typed = given.get(name, "")
        if levels is not None:
            if typed in levels:
                picks[name] = typed
            continue
        number = parse_number(typed)
        if number is not None and 0 <= number <= most and Fraction(number) % STEP == 0:
            picks[name] = f"{number.normalize():f}"
    return picks


def refused_points(content: Mapping[str, Any], points: int, given: Mapping[str, str]) -> int | None:
    """Return the most that a criterion can earn for which something else than its points was typed; None without such a one."""
    read = read_picks(content, points, given)
    return next(
        (most for name, most, _levels in _criteria(content, points) if given.get(name) and name not in read), None
    )


def first_at_fault(content: Mapping[str, Any], points: int, given: Mapping[str, str]) -> str | None:
    """Return the criterion that a refused mark is about: the first with something else than its points, else undecided."""
    read = read_picks(content, points, given)
    open_ones = [name for name, _most, _levels in _criteria(content, points) if name not in read]
    return next((name for name in open_ones if given.get(name)), next(iter(open_ones), None))


def earned(content: Mapping[str, Any], points: int, picks: Mapping[str, str]) -> tuple[Fraction, int, bool]:
    """Return what the picks earn so far, of how many rubric points, and whether every criterion is decided."""
    raw, most_of_all, decided = Fraction(0), 0, True
    for name, most, levels in _criteria(content, points):
        most_of_all += most
        pick = picks.get(name)
        if pick is None or (levels is not None and pick not in levels):
            decided = False
            continue
        raw += levels[pick] if levels is not None else Fraction(Decimal(pick))
    return raw, most_of_all, decided


def share_of(content: Mapping[str, Any], points: int, picks: Mapping[str, str]) -> Fraction | None:
    """Return the share of the points that complete picks earn; None while a criterion is undecided."""
    raw, most, decided = earned(content, points, picks)
    return raw / most if decided else None


def _criteria(content: Mapping[str, Any], points: int) -> list[tuple[str, int, dict[str, Fraction] | None]]:
    """Return (id, most points, level → points or None) of each criterion."""
    rubric = content.get("rubric") or []
    if not rubric:
        return [(WHOLE, points, None)]
    return [(criterion["id"], criterion_points(criterion), _levels(criterion)) for criterion in rubric]


def _levels(criterion: Mapping[str, Any]) -> dict[str, Fraction] | None:
    if "levels" not in criterion:
        return None
    return {level["id"]: Fraction(level["points"]) for level in criterion["levels"]}
