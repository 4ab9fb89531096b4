"""Colours that an organisation chooses: how they are read, and whether white text can be read on them."""

import re

from academy.base.text import clean_line

_COLOUR = re.compile(r"#[0-9a-f]{6}")
LEAST_CONTRAST = 4.5


def parse_colour(typed: str) -> str | None:
    """Return a colour as #rrggbb in lower case; None when it is not one."""
    colour = f"#{clean_line(typed).lower().removeprefix('#')}"
    return colour if _COLOUR.fullmatch(colour) else None


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of white text on a colour, 1 to 21 (WCAG 2.2)."""
    return contrast(colour, "#ffffff")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
