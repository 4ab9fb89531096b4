"""The two pictures that pages draw by the dozen, made once and kept, icons and the covers of courses; the grid of charts."""

from functools import lru_cache
from itertools import count, pairwise

from markupsafe import Markup

from academy.web.assets import asset_url

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
_STEP, _PRIME = 58, 65521


@lru_cache(maxsize=1024, typed=True)
def icon(name: str, turns: bool = False, label: str = "") -> Markup:
    """Draw an icon. `turns`: mirrored in right-to-left; `label`: what it says to those who do not see it."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    shape = '<svg class="icon{}" {}><use href="{}#{}"/></svg>'
    return Markup(shape).format(" turns" if turns else "", spoken, asset_url("icons.svg"), name)


@lru_cache(maxsize=1024)
def cover(key: object, size: str = "") -> Markup:
    """Draw a course's journey line; the same key always draws the same line. `size` is "" or "banner" (wide)."""
    seed = 7
    for letter in str(key).lower():
        seed = (seed * 33 + _LETTERS.find(letter) + 2) % _PRIME
    tint, count = seed % 4, 22 if size == "banner" else 8
    dots = []
    for step in range(count):
        seed = (seed * 4011 + 2531) % _PRIME
        dots.append((step * _STEP - 2, 30 + seed % _STEP))
    frame = (
        '<div class="cover tint-{} {}"><svg viewBox="0 0 {} 116" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        '<path class="cover-hill" d="{} V120 H-2Z"/><path class="cover-line" d="{}"/>{}</svg></div>'
    )
    line = _line(dots)
    return Markup(frame).format(tint, size, (count - 1) * _STEP - 6, line, line, _dots(dots, count // 4 + seed % 4))


def _line(dots: list[tuple[int, int]]) -> str:
    """The path that swings from each dot to the next."""
    parts = [f"M-2 {dots[0][1]}"]
    for (x, y), (next_x, next_y) in pairwise(dots):
        middle = x + _STEP // 2
        parts.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
    return " ".join(parts)


def _dots(dots: list[tuple[int, int]], gold: int) -> Markup:
    """The dots of the line but the first and the last; one is golden."""
    dot = Markup('<circle class="cover-dot{}" cx="{}" cy="{}" r="5"/>')
    inner = list(enumerate(dots))[1:-1]
    return Markup("").join(dot.format(" gold" if place == gold else "", x, y) for place, (x, y) in inner)


def chart_steps(most: int) -> list[int]:
    """Return the round numbers that the grid of a chart tells, 0 first, at most five; the last is `most` or more."""
    size = next(size for tens in count() for size in (10**tens, 2 * 10**tens, 5 * 10**tens) if 4 * size >= most)
    return [step * size for step in range(max(1, -(-most // size)) + 1)]
