"""The lines of a section that draws, as they are kept, and blueprints ("D1: 4, D2: 2") as they are typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from academy.base.numbers import to_ascii_digits

MOST_LINES = 40
MOST_DRAWN = 200
_PART = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,19})\s*[:=：]\s*([0-9]{1,4})")
_BETWEEN = re.compile(r"[,،;؛\n\r]+")


class UnreadableBlueprint(ValueError):
    """A part of a typed blueprint is no "key: number"; the argument is that part."""


@dataclass(frozen=True, slots=True)
class DrawLine:
    """How many questions to draw, each worth so many points, and what they must be; all named kinds must fit.

    Within a kind any one fits: a category stands for its sub-categories too, a competency "D4" for the whole domain.
    """

    count: int
    points: int = 1
    categories: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()

    @property
    def names_something(self) -> bool:
        """Whether the line asks for anything; one that does not would open the whole bank."""
        return any((self.categories, self.tags, self.competencies, self.objectives, self.difficulties))

    def as_json(self) -> dict[str, Any]:
        """Return the line as it is kept."""
        wanted = {name: list(getattr(self, name)) for name in NAMES if getattr(self, name)}
        return {"count": self.count, "points": self.points, **wanted}


NAMES = ("categories", "tags", "competencies", "objectives", "difficulties")


def lines_of(draw: Mapping[str, Any]) -> tuple[DrawLine, ...]:
    """Return the lines of a section as it is kept."""
    return tuple(
        DrawLine(
            int(line.get("count", 1)),
            int(line.get("points", 1)),
            **{name: tuple(line.get(name) or ()) for name in NAMES},
        )
        for line in draw.get("lines") or ()
    )


def domain_of(competency_key: str | None) -> str | None:
    """Return the domain of a competency: what stands before the first dot of its key ("D4.1" is of "D4")."""
    return competency_key.split(".", 1)[0] if competency_key else None


def read_blueprint(typed: str) -> dict[str, int]:
    """Read "D1: 4, D2: 2" into {"D1": 4, "D2": 2}: any digits, commas of both scripts or lines between the parts.

    Raises UnreadableBlueprint for a part that is none, or for a key that comes twice.
    """
    found: dict[str, int] = {}
    for part in _BETWEEN.split(to_ascii_digits(typed)):
        if not part.strip():
            continue
        match = _PART.fullmatch(part.strip())
        if match is None or match[1] in found:
            raise UnreadableBlueprint(part.strip())
        found[match[1]] = int(match[2])
    return found


def show_blueprint(numbers: Mapping[str, object]) -> str:
    """Write numbers by key as they are typed."""
    return ", ".join(f"{key}: {number}" for key, number in numbers.items())


def show_line(line: DrawLine) -> str:
    """Write a line in short: "4 x D1 (2)" for four questions of D1 worth two points each."""
    wanted = [*map(str, line.competencies), *(f"[{each}]" for each in line.categories), *line.objectives]
    wanted += [*(f"#{tag}" for tag in line.tags), *("*" * each for each in line.difficulties)]
    return f"{line.count} × {' '.join(wanted)} ({line.points})"


def from_blueprint(numbers: Mapping[str, int], points: int = 1) -> tuple[DrawLine, ...]:
    """Return a line for each domain (or competency) that gets questions."""
    return tuple(DrawLine(count, points, competencies=(key,)) for key, count in numbers.items() if count > 0)


def guaranteed_domains(lines: Sequence[tuple[DrawLine, Sequence[str | None]]]) -> set[str]:
    """Return the domains that every paper holds, given each line with the domains of the questions it may draw.

    A line guarantees a domain when all it may draw belongs to it, or when what does not is less than it draws.
    """
    sure = set[str]()
    for line, domains in lines:
        for domain in {each for each in domains if each}:
            if sum(each != domain for each in domains) < line.count:
                sure.add(domain)
    return sure
