"""Accepted answers by language, as short texts and typed gaps have them, and how a typed answer is held against them."""

from collections.abc import Iterator, Mapping
from typing import Any

from academy.assessment.types.checking import LANGUAGES, storable
from academy.assessment.types.parts import Problem
from academy.base.arabic import Match, same_answer
from academy.base.text import LocalizedText

LONGEST = 300
MOST_ACCEPTED = 50


def answers_in(accept: Mapping[str, Any] | None) -> list[str]:
    """Return the answers of both languages, Arabic first."""
    return [answer for language in LANGUAGES for answer in (accept or {}).get(language) or ()]


def check_accept(accept: object, path: str, *, required: bool = True) -> list[Problem]:
    """Check {"ar": [...], "en": [...]}: texts with letters or digits, not too long, not too many, one when required."""
    if accept is None and not required:
        return []
    if not isinstance(accept, Mapping) or not set(accept) <= set(LANGUAGES):
        return [Problem(path, "bad_accepted")]
    problems = [
        problem
        for language in accept
        if accept[language] is not None
        for problem in _check_answers(accept[language], f"{path}.{language}")
    ]
    return problems or ([] if answers_in(accept) or not required else [Problem(path, "no_accepted")])


def _check_answers(answers: object, path: str) -> Iterator[Problem]:
    if not isinstance(answers, list):
        yield Problem(path, "not_a_list")
        return
    if len(answers) > MOST_ACCEPTED:
        yield Problem(path, "too_many", {"most": MOST_ACCEPTED})
        return
    for index, answer in enumerate(answers):
        if not isinstance(answer, str) or not storable(answer):
            yield Problem(f"{path}.{index}", "bad_text")
        elif len(answer) > LONGEST:
            yield Problem(f"{path}.{index}", "text_too_long", {"limit": LONGEST})
        elif not any(character.isalnum() for character in answer):
            yield Problem(f"{path}.{index}", "blank_accepted")


def check_typos(content: Mapping[str, Any]) -> list[Problem]:
    """Check the setting `typos`: how many slips of spelling are forgiven in a word, 0 or 1; 1 when it is left out."""
    typos = content.get("typos", 1)
    return [] if type(typos) is int and typos in (0, 1) else [Problem("typos", "bad_typos")]


def forgiving(content: Mapping[str, Any]) -> bool:
    """Say whether one slip in a word of five letters or more is forgiven."""
    return bool(content.get("typos", 1))


def match(given: str, accept: Mapping[str, Any] | None, *, slips: bool) -> Match | None:
    """Return the accepted answer that was given, in either language; None when it is none."""
    return same_answer(given, answers_in(accept), slips=slips)


def first_answers(accept: Mapping[str, Any]) -> LocalizedText:
    """Return the first accepted answer of each language."""
    ar, en = (next(iter(accept.get(language) or ()), "") for language in LANGUAGES)
    return LocalizedText(ar=ar, en=en)
