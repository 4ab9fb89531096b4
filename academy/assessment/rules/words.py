"""Counting the words of a text, in Arabic as in English."""

import unicodedata
from collections.abc import Iterator

JOINERS = "'’-_\u200c\u200d"
NUMERAL_JOINERS = ".,٫٬"


def count_words(text: str) -> int:
    """Return how many words a text has: runs of letters, digits and vowel signs that hold a letter or a digit.

    Vowel signs, kashida, apostrophes, hyphens and joiners are inside a word; any other sign ends it, so that «كتاب،قلم»
    are two. A point or comma between two digits is inside a number. The conjunction و is written on to its word and adds
    none, as in every word count of Arabic.
    """
    return sum(1 for word in _runs(text) if any(letter.isalnum() for letter in word))


def _runs(text: str) -> Iterator[str]:
    run = ""
    for place, sign in enumerate(text):
        if _inside(text, place, sign):
            run += sign
        elif run:
            yield run
            run = ""
    if run:
        yield run


def _inside(text: str, place: int, sign: str) -> bool:
    if sign.isalnum() or sign in JOINERS or unicodedata.category(sign).startswith("M"):
        return True
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return sign in NUMERAL_JOINERS and len(around) == 2 and around.isnumeric()
