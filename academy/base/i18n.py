"""The one door to translations: every slice imports its text functions from here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

import flask_babel
from flask_babel import LazyString, force_locale, get_locale

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")
DEFAULT_LANGUAGE: Language = "ar"
LANGUAGE_NAMES: dict[Language, str] = {"ar": "العربية", "en": "English"}

# Sentences as they were looked up, by language: asking the catalogue each time was a tenth of a page's processor time.
_kept: dict[tuple[str, str, int], str] = {}
_MOST_KEPT, _LARGEST_KEPT, _NO_NUMBER = 20_000, 1_000, -1

# The language of the page at hand. Asking Flask-Babel for it at each sentence cost a twentieth of a page.
_settled: ContextVar[Language | None] = ContextVar("language", default=None)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "Grouped",
    "Language",
    "_",
    "_l",
    "current_language",
    "direction",
    "gettext",
    "in_language",
    "ngettext",
    "settle_language",
    "translated",
    "translated_number",
]


def translated(sentence: str) -> str:
    """Return a sentence in the present language, its placeholders still in it."""
    found = _kept.get((_settled.get() or _asked(), sentence, _NO_NUMBER))
    return _keep((_asked(), sentence, _NO_NUMBER), flask_babel.gettext(sentence)) if found is None else found


def translated_number(singular: str, plural: str, num: int) -> str:
    """Return the form of a sentence for a number in the present language, its placeholders still in it."""
    if type(num) is not int or not 0 <= num <= _LARGEST_KEPT:
        return str(flask_babel.get_translations().ungettext(singular, plural, num))
    found = _kept.get((_settled.get() or _asked(), singular, num))
    if found is not None:
        return found
    return _keep((_asked(), singular, num), flask_babel.get_translations().ungettext(singular, plural, num))


def _asked() -> str:
    """The language as Flask-Babel knows it, "" where it knows none."""
    locale = get_locale()
    return locale.language if locale else ""


def _keep(key: tuple[str, str, int], found: str) -> str:
    if len(_kept) < _MOST_KEPT:
        _kept[key] = found
    return found


class Grouped(int):
    """A number that a sentence writes with its thousands grouped where it says %s, and bare where it says %d."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def settle_language(language: Language | None) -> None:
    """Say that the rest of this request is in this language; None at its end."""
    _settled.set(language)


def gettext(sentence: str, /, **values: object) -> str:
    """Return a sentence in the present language with the values in it."""
    said = translated(sentence)
    return said % values if values else said


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return a sentence about a number of things in the present language; `num` is a value too unless one is given."""
    return translated_number(singular, plural, num) % {"num": Grouped(num), **values}


def lazy_gettext(sentence: str, /, **values: object) -> LazyString:
    """Return a sentence that is translated when it is shown, for texts written down at import."""
    return LazyString(gettext, sentence, **values)


_ = gettext
_l = lazy_gettext


def current_language() -> Language:
    """Return the language texts are shown in right now."""
    return _settled.get() or ("en" if _asked() == "en" else "ar")


def direction(language: str) -> str:
    """Return the writing direction of a language: "rtl" or "ltr"."""
    return "rtl" if language == "ar" else "ltr"


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Show texts in the given language inside a `with` block, as for a letter to its reader."""
    token = _settled.set(None)
    try:
        with force_locale(language):
            yield
    finally:
        _settled.reset(token)
