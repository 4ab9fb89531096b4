"""The stable ASCII keys of courses, units and activities."""

import re
import unicodedata
from collections.abc import Collection, Iterable

LONGEST = 60
RESERVED = frozenset({"new", "activities", "preview"})
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_key(text: str) -> bool:
    """Whether a text can be a course's key: small Latin letters, digits and single hyphens, at most 60, not reserved."""
    return len(text) <= LONGEST and bool(_KEY.fullmatch(text)) and text not in RESERVED


def suggested(title: str, taken: Collection[str] = ()) -> str:
    """Return a key made of an English title («course» when nothing in it fits), numbered when it is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = "-".join(re.findall("[a-z0-9]+", plain))[: LONGEST - 8].strip("-") or "course"
    key, number = words, 1
    while key in taken or key in RESERVED:
        number += 1
        key = f"{words}-{number}"
    return key


def next_key(letter: str, taken: Iterable[str]) -> str:
    """Return the next key of a row, such as a7: above every number used so far, so that no key is ever used twice."""
    numbers = [int(key[1:]) for key in taken if key[:1] == letter and key[1:].isascii() and key[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"
