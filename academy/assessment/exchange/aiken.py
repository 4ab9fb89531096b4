"""Aiken, the simplest format: a question, lettered choices, the letter of the right one (docs.moodle.org/en/Aiken_format)."""

import re
from collections.abc import Sequence

from academy.assessment.exchange.choices import Weighed, choose
from academy.assessment.exchange.shape import (
    CannotTake,
    Draft,
    Entry,
    Exported,
    Note,
    Taken,
    change,
    label_of,
    loss,
    read_each,
    refusal,
)
from academy.assessment.exchange.texts import filled, other_language
from academy.base.text import LocalizedText, clean_line

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHOICE = re.compile(r"\s*([A-Z])[.)]\s+(.*\S)\s*")
_ANSWER = re.compile(r"\s*ANSWER:\s*([A-Za-z])\s*")


def looks_like_aiken(text: str) -> bool:
    """Whether a text has a line that names the right choice as Aiken does."""
    return any(_ANSWER.fullmatch(line) for line in text.split("\n"))


def read_aiken(text: str, language: str) -> list[Entry]:
    """Return each question of an Aiken file, taken or refused."""
    return read_each(_questions(text), lambda lines: _read(lines, language), lambda lines: label_of(lines[0]))


def _questions(text: str) -> list[list[str]]:
    """Cut the file after each line that names the answer."""
    found: list[list[str]] = []
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line)
        if _ANSWER.fullmatch(line):
            found.append(lines)
            lines = []
    return [*found, lines] if lines else found


def _read(lines: Sequence[str], language: str) -> Entry:
    stem: list[str] = []
    choices: list[tuple[str, str]] = []
    answer = ""
    for line in lines:
        if named := _ANSWER.fullmatch(line):
            answer = named.group(1).upper()
        elif (found := _CHOICE.fullmatch(line)) and stem and found.group(1) == LETTERS[len(choices) : len(choices) + 1]:
            choices.append((found.group(1), found.group(2)))
        elif choices:
            raise CannotTake("not_understood")
        else:
            stem.append(line.strip())
    if not stem or not choices:
        raise CannotTake("not_understood")
    if answer not in [letter for letter, _text in choices]:
        raise CannotTake("no_key")
    draft = Draft("single", filled("\n".join(stem), language))
    choose(draft, [Weighed(filled(text, language), 100.0 if letter == answer else 0.0) for letter, text in choices])
    return draft.finish()


def write_aiken(questions: Sequence[Taken], language: str) -> Exported:
    """Return the single choice questions as an Aiken file in one language; everything else has no place in it."""
    blocks, notes = [], {}
    for place, question in enumerate(questions):
        if question.type != "single":
            notes[place] = [refusal("aiken_single_only")]
        elif len(question.content["options"]) > len(LETTERS):
            notes[place] = [refusal("aiken_most")]
        else:
            blocks.append(_block(question, language))
            notes[place] = _losses(question, language)
    return Exported(("\n\n".join(blocks) + "\n").encode(), "aiken.txt", "text/plain; charset=utf-8", notes)


def _block(question: Taken, language: str) -> str:
    options = question.content["options"]
    lines = [clean_line(_shown(question.content["stem"], language))]
    lines += [f"{LETTERS[n]}. {clean_line(_shown(option['text'], language))}" for n, option in enumerate(options)]
    right = next(n for n, option in enumerate(options) if option.get("correct"))
    return "\n".join([*lines, f"ANSWER: {LETTERS[right]}"])


def _shown(value: object, language: str) -> str:
    return LocalizedText.of(value).show(language)  # type: ignore[arg-type]


def _losses(question: Taken, language: str) -> list[Note]:
    content = question.content
    texts = [content["stem"], *(option["text"] for option in content["options"])]
    said = [loss("measures")]
    if other_language(content, language):
        said.append(loss("other_language"))
    if any("\n" in _shown(text, language) for text in texts):
        said.append(change("one_line"))
    if LocalizedText.of(content.get("hint")):
        said.append(loss("hints"))
    if LocalizedText.of(content.get("explanation")):
        said.append(loss("explanation"))
    if any(LocalizedText.of(option.get("feedback")) for option in content["options"]):
        said.append(loss("feedback"))
    return said
