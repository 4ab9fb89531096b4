"""What an e-mail address, a Saudi mobile number, a key and a colour must look like."""

import re
import unicodedata

from academy.base.numbers import to_ascii_digits
from academy.base.text import clean_line

_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
_MOBILE = re.compile(r"(?:\+966|00966|966|0)?(5[0-9]{8})")
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
LONGEST_EMAIL = 254
LEAST_CONTRAST = 4.5


def parse_email(typed: str) -> str | None:
    """Return the address in lower case, None when it is not one. Two spellings that differ in case are one address."""
    address = unicodedata.normalize("NFKC", clean_line(typed)).replace(" ", "").lower()
    sound = len(address) <= LONGEST_EMAIL and len(address.partition("@")[0]) <= 64 and _EMAIL.fullmatch(address)
    return address if sound else None


def parse_mobile(typed: str) -> str | None:
    """Return a Saudi mobile number as +9665XXXXXXXX from any of the usual ways to write it; None when it is not one."""
    found = _MOBILE.fullmatch(_BETWEEN.sub("", to_ascii_digits(typed[:60])).replace("\uff0b", "+"))
    return f"+966{found.group(1)}" if found else None


def show_mobile(number: str | None) -> str:
    """Write +966512345678 as +966 51 234 5678."""
    return f"{number[:4]} {number[4:6]} {number[6:9]} {number[9:]}" if number else ""


def key_from(name: str, fallback: str) -> str:
    """Return an ASCII key of a name, or the fallback when nothing of it is left."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")[:50].strip("-") or fallback


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
    return 1.05 / (_luminance(colour) + 0.05)
