"""Pictures of questions and places on them; a place is counted in tenths of a percent of the width and the height."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from academy.assessment.types.checking import check_text
from academy.assessment.types.parts import Problem
from academy.base.numbers import parse_number
from academy.base.text import LocalizedText

WHOLE = 1000
ALT_LENGTH = 255
MOST_CORNERS = 30
SHAPES = ("rectangle", "circle", "polygon")
_KEY = re.compile(r"[A-Za-z0-9_-]{10,50}\.(png|jpg|webp)")
_BETWEEN = re.compile(r"[\s;؛،|]+")


@dataclass(frozen=True)
class Picture:
    """A kept picture: the public name of its file, its size in pixels, what it shows in words."""

    key: str
    width: int
    height: int
    alt: LocalizedText


@dataclass(frozen=True)
class Place:
    """A point on a picture, in percent as pages write it."""

    x: str
    y: str


def picture_of(content: Mapping[str, Any]) -> Picture:
    """Return the picture of checked content."""
    image = content["image"]
    return Picture(image["key"], image["width"], image["height"], LocalizedText.of(image["alt"]))


def check_picture(image: object) -> list[Problem]:
    """Check {"key", "width", "height", "alt": {ar, en}}; the words are needed in both languages."""
    if not isinstance(image, Mapping) or not isinstance(image.get("key"), str) or not _KEY.fullmatch(image["key"]):
        return [Problem("image", "no_picture")]
    if not all(type(image.get(side)) is int and 0 < image[side] <= 100_000 for side in ("width", "height")):
        return [Problem("image", "no_picture")]
    alt = image.get("alt")
    problems = check_text(alt, "alt", limit=ALT_LENGTH)
    if problems or not isinstance(alt, Mapping):
        return problems
    return [Problem(f"alt.{half}", "alt_needed") for half in ("ar", "en") if not str(alt.get(half, "")).strip()]


def place_at(x: int, y: int) -> Place:
    """Return a point as pages write it."""
    return Place(percent(x), percent(y))


def percent(tenths: int) -> str:
    """Return tenths of a percent as a number of percent, without a needless zero."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def read_numbers(typed: str) -> list[int] | None:
    """Return the percentages in a text as tenths, rounded; None when one is no number from 0 to 100.

    Digits of any kind; between numbers stand spaces, semicolons, Arabic commas, or commas followed by a space.
    """
    found = []
    for word in _BETWEEN.split(typed.strip()):
        number = parse_number(word.rstrip(",")) if word else None
        if number is None or not 0 <= number <= 100:
            return None
        found.append(int((number * 10).quantize(Decimal(1))))
    return found


def check_place(value: object, path: str) -> list[Problem]:
    """Check a point [x, y]."""
    sound = _are_tenths(value) and isinstance(value, list) and len(value) == 2
    return [] if sound else [Problem(path, "bad_point")]


def check_shape(shape: object, at: object, path: str) -> list[Problem]:
    """Check an area: [left, top, width, height], [x, y, radius] (of the width) or the corners [x, y, x, y, …]."""
    if shape not in SHAPES:
        return [Problem(f"{path}.shape", "bad_shape_name")]
    if not isinstance(at, list) or not _are_tenths(at):
        return [Problem(f"{path}.at", "bad_numbers")]
    sound = {"rectangle": _is_rectangle, "circle": _is_circle, "polygon": _is_polygon}[str(shape)](at)
    return [] if sound else [Problem(f"{path}.at", f"bad_{shape}", {"most": MOST_CORNERS})]


def _are_tenths(value: object) -> bool:
    return isinstance(value, list) and all(type(each) is int and 0 <= each <= WHOLE for each in value)


def _is_rectangle(at: list[int]) -> bool:
    return len(at) == 4 and min(at[2:]) > 0 and at[0] + at[2] <= WHOLE and at[1] + at[3] <= WHOLE


def _is_circle(at: list[int]) -> bool:
    return len(at) == 3 and at[2] > 0


def _is_polygon(at: list[int]) -> bool:
    if len(at) % 2 or not 3 <= len(at) // 2 <= MOST_CORNERS:
        return False
    return any(_turn(at[0:2], one, other) for one, other in _sides(at))


def _sides(at: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    corners = [list(at[index : index + 2]) for index in range(0, len(at), 2)]
    return list(zip(corners, [*corners[1:], corners[0]], strict=True))


def _turn(start: Sequence[int], middle: Sequence[int], end: Sequence[int]) -> int:
    """Return twice the signed area of a triangle: 0 when three points lie on a line."""
    return (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (end[0] - start[0])


def holds(region: Mapping[str, Any], x: int, y: int, picture: Picture) -> bool:
    """Say whether a point lies in an area of a picture, its edge included."""
    at = region["at"]
    if region["shape"] == "rectangle":
        return bool(at[0] <= x <= at[0] + at[2] and at[1] <= y <= at[1] + at[3])
    if region["shape"] == "circle":
        across, down = (x - at[0]) * picture.width, (y - at[1]) * picture.height
        return bool(across**2 + down**2 <= (at[2] * picture.width) ** 2)
    return _in_polygon(at, x, y)


def _in_polygon(at: Sequence[int], x: int, y: int) -> bool:
    """Count the sides that a line from the point crosses: an odd number inside (Shimrat 1962, algorithm 112)."""
    inside = False
    for one, other in _sides(at):
        turn = _turn(one, other, (x, y))
        if not turn and min(one[0], other[0]) <= x <= max(one[0], other[0]) and _between(y, one[1], other[1]):
            return True
        if (one[1] > y) != (other[1] > y) and (turn > 0) == (other[1] > one[1]):
            inside = not inside
    return inside


def _between(value: int, one: int, other: int) -> bool:
    return min(one, other) <= value <= max(one, other)


@dataclass(frozen=True)
class Outline:
    """An area as SVG draws it on a canvas of 100 by 100: `kind` "rect", "ellipse" or "polygon" with its attributes."""

    kind: str
    values: tuple[tuple[str, str], ...]


def outline(region: Mapping[str, Any], picture: Picture) -> Outline:
    """Return an area as it is drawn over its picture, stretched to the picture's sides."""
    at = [percent(each) for each in region["at"]]
    if region["shape"] == "rectangle":
        return Outline("rect", tuple(zip(("x", "y", "width", "height"), at, strict=True)))
    if region["shape"] == "circle":
        height = f"{region['at'][2] / 10 * picture.width / picture.height:.2f}"
        return Outline("ellipse", (("cx", at[0]), ("cy", at[1]), ("rx", at[2]), ("ry", height)))
    return Outline("polygon", (("points", " ".join(at)),))
