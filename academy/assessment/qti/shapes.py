"""Areas of a picture by shape and coordinates (IM 6.5.1, shape and coords)."""

from dataclasses import dataclass
from fractions import Fraction

from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.values import parsed_number

MOST_CORNERS = 200
_LENGTHS = {"circle": 3, "rect": 4, "ellipse": 4, "default": 0}


@dataclass(frozen=True, slots=True)
class Area:
    """An area: "circle" (x, y, radius), "rect", "ellipse" (x, y, two radii), "poly" or "default", which is everything."""

    shape: str
    coords: tuple[Fraction, ...]

    def holds(self, point: str) -> bool:
        """Whether a point "x y" lies in the area, its edge included."""
        words = [parsed_number(word) for word in point.split()]
        if len(words) != 2 or words[0] is None or words[1] is None:
            return False
        x, y, c = words[0], words[1], self.coords
        match self.shape:
            case "circle":
                return (x - c[0]) ** 2 + (y - c[1]) ** 2 <= c[2] ** 2
            case "rect":
                return min(c[0], c[2]) <= x <= max(c[0], c[2]) and min(c[1], c[3]) <= y <= max(c[1], c[3])
            case "ellipse":
                return bool(c[2] and c[3]) and ((x - c[0]) / c[2]) ** 2 + ((y - c[1]) / c[3]) ** 2 <= 1
            case "poly":
                return _inside(x, y, list(zip(c[::2], c[1::2], strict=True)))
            case _:
                return True


def area_of(shape: str, coords: str) -> Area:
    """Read an area; NotUnderstood for a shape that is none."""
    numbers = [parsed_number(part.strip().removesuffix("%")) for part in coords.split(",") if part.strip()]
    found = tuple(number for number in numbers if number is not None)
    wanted = _LENGTHS.get(shape, len(found))
    odd = shape == "poly" and (len(found) % 2 or not 6 <= len(found) <= 2 * MOST_CORNERS)
    if len(found) < len(numbers) or len(found) != wanted or odd or shape not in (*_LENGTHS, "poly"):
        raise NotUnderstood(name=shape[:40])
    return Area(shape, found)


def _inside(x: Fraction, y: Fraction, corners: list[tuple[Fraction, Fraction]]) -> bool:
    """Count the edges that a ray to the right crosses; an odd number means inside."""
    crossings = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        between = min(y1, y2) <= y <= max(y1, y2) and min(x1, x2) <= x <= max(x1, x2)
        if between and (x - x1) * (y2 - y1) == (y - y1) * (x2 - x1):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings = not crossings
    return crossings
