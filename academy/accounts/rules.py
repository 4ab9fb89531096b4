"""Pure rules of accounts: which passwords are too easy, how often one may try, and what a browser calls itself."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from academy.base.numbers import to_ascii_digits

# Lengths count code points after NFC. NIST SP 800-63B rev 4: 15 when the password stands alone, 64 and more allowed.
SHORTEST, LONGEST = 15, 256
EASIEST = 8

INVITATION_LIVES = timedelta(days=14)
RESET_LIVES = timedelta(hours=1)

Weakness = Literal["short", "long", "common", "personal", "pattern"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` within `window`."""

    tries: int
    window: timedelta


PER_ACCOUNT = Limit(10, timedelta(minutes=15))
PER_ADDRESS = Limit(50, timedelta(minutes=15))
RESETS_PER_ACCOUNT = Limit(3, timedelta(minutes=15))

_LEET = str.maketrans("@4301!$57", "aaeoiisst")
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "ابجدهوزحطيكلمنسعفصقرشت", "ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ",
)  # fmt: skip
_LINES = _ROWS + tuple(row[::-1] for row in _ROWS)
_YEAR = re.compile(r"(?:19|20|13|14)\d\d")


def normalised(password: str) -> str:
    """Return a password in NFC, so that the same text signs in whatever keyboard composed it."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, *, listed: Collection[str], personal: Iterable[str] = ()) -> Weakness | None:
    """Say why a password (in NFC) would be guessed, or None when it is fit.

    It is covered with listed words, the person's own words, keyboard rows, repeats and years. What remains counts one a
    character, each different piece counts two; below eight the password is refused for its most telling piece.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    own = {word for text in personal for word in _words(text)}
    kinds: set[Weakness] = set()
    lowest = 1_000
    for spelled in (_plain(password), _plain(password.translate(_LEET))):
        left, pieces = _cover(spelled, listed, own)
        score = left + 2 * len(pieces)
        if score < EASIEST:
            kinds |= set(pieces.values())
        lowest = min(lowest, score)
    if lowest >= EASIEST and len(set(password.casefold())) > 4:
        return None
    return next((kind for kind in ("personal", "common", "pattern") if kind in kinds), "pattern")  # type: ignore[return-value]


def _plain(text: str) -> str:
    """Letters and digits only, folded: separators do not make a password harder."""
    folded = to_ascii_digits(unicodedata.normalize("NFKC", text)).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded


def _words(text: str) -> list[str]:
    """The words of a name or an address that are long enough to stand out."""
    return [word for part in re.split(r"[\W_]+", unicodedata.normalize("NFC", text)) if len(word := _plain(part)) >= 3]


def _cover(text: str, listed: Collection[str], own: Collection[str]) -> tuple[int, dict[str, Weakness]]:
    """Cover the text greedily with the longest known pieces; return how many characters remain, and the pieces."""
    pieces: dict[str, Weakness] = {}
    left = start = 0
    while start < len(text):
        end, kind = _longest_piece(text, start, listed, own)
        if kind is None:
            left += 1
            start += 1
            continue
        pieces[text[start:end] if kind != "pattern" else kind] = kind
        start = end
    return left, pieces


def _longest_piece(text: str, start: int, listed: Collection[str], own: Collection[str]) -> tuple[int, Weakness | None]:
    for length in range(min(24, len(text) - start), 2, -1):
        piece = text[start : start + length]
        if piece in own:
            return start + length, "personal"
        if length >= 4 and piece in listed:
            return start + length, "common"
        if _is_pattern(piece):
            return start + length, "pattern"
    return start, None


@cache
def _is_pattern(piece: str) -> bool:
    """Whether a piece is one character or pair repeated, a stretch of a keyboard row or alphabet, or a year."""
    repeated = len(set(piece)) == 1 or (len(piece) >= 4 and piece == (piece[:2] * len(piece))[: len(piece)])
    in_a_row = any(piece in line or piece in line + line for line in _LINES)
    return repeated or in_a_row or bool(_YEAR.fullmatch(piece))


def wait(tries: list[datetime], limit: Limit, at: datetime) -> timedelta:
    """Return how long until another try is allowed; zero when it is allowed now. `tries` newest first."""
    if len(tries) < limit.tries:
        return timedelta(0)
    return max(timedelta(0), tries[limit.tries - 1] + limit.window - at)


_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def browser_words(user_agent: str) -> tuple[str, str]:
    """Return the browser's and the system's names of a User-Agent header; "" for what is not recognised."""
    browser = next((name for name, pattern in _BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, user_agent)), "")
    return browser, system
