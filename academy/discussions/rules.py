"""How posts are written, answered and moderated, without asking a database."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

QUESTION, DISCUSSION = "question", "discussion"
OPEN, CLOSED, OFF = "open", "closed", "off"
HIDDEN, KEPT, SHOWN, REMOVED = "hidden", "kept", "shown", "removed"
REASONS = ("insult", "private", "false", "spam", "other")

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE = 160, 8_000, 500
MOST_POSTS, WITHIN = 12, timedelta(minutes=10)
LONGEST_STOP = timedelta(days=366)
QUOTED = 180
_TOKEN = re.compile("[0-9a-f]{32}")


def language_of(text: str) -> str:
    """Return the language that most letters of a typed text are of: ar or en."""
    letters = [letter for letter in text if letter.isalpha()]
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    return "ar" if 2 * arabic > len(letters) else "en"


def is_token(typed: str) -> bool:
    """Whether this is a token as forms carry it, by which a post that is sent twice is written once."""
    return _TOKEN.fullmatch(typed) is not None


def opening(words: str, most: int = QUOTED) -> str:
    """Return the beginning of a text on one line, cut between words."""
    if len(words) <= most:
        return words
    cut = words[: most + 1].rsplit(" ", 1)[0][:most]
    return f"{cut.rstrip(' ،,.;:؛')}…"


def is_open(state: str, *, locked: bool, moderates: bool, stopped_until: date | None, today: date) -> bool:
    """Whether somebody may write: the discussions are open, the thread is not locked, and nobody stopped them.

    Moderators write in locked threads too, to say why; where the discussions are closed nobody does.
    """
    if state != OPEN or (locked and not moderates):
        return False
    return moderates or not is_stopped(stopped_until, today)


def is_stopped(until: date | None, today: date) -> bool:
    """Whether a stop of writing is in force; its last day counts."""
    return until is not None and today <= until


def vanishes(*, answered: bool, reported: bool) -> bool:
    """Whether a removed post leaves no trace: nobody has answered and nobody has reported it."""
    return not answered and not reported


def outcomes(*, hidden: bool) -> tuple[str, ...]:
    """Return what can be decided about a post: one that is seen is hidden or kept, a hidden one shown again or kept hidden."""
    return (SHOWN, KEPT) if hidden else (HIDDEN, KEPT)


def became(*, hidden: bool, removed: bool) -> str:
    """Return what is told of a post that was decided about to those who reported it: how it stands, and no more."""
    if removed:
        return REMOVED
    return HIDDEN if hidden else KEPT


def is_new(created: object, author_id: int, reader_id: int, seen: Iterable[object]) -> bool:
    """Whether a post is new to a reader: another wrote it after they last saw the thread or marked all as seen."""
    return author_id != reader_id and all(each is None or each < created for each in seen)  # type: ignore[operator]
