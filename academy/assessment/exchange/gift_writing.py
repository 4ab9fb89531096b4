"""Writing GIFT, the plain-text format of Moodle."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from academy.assessment.exchange.category_paths import Path, moodle_path, shown
from academy.assessment.exchange.choices import as_matching, pairs_of, weights_of
from academy.assessment.exchange.numbers import limits
from academy.assessment.exchange.shape import Exported, Note, Taken, change, label_of, loss, marks_of, refusal
from academy.assessment.exchange.texts import other_language
from academy.base.text import LocalizedText

_SPECIAL = re.compile(r"[~=#{}:\\]")
_MISREAD = re.compile(r"\s*\[(?:html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%-?[0-9.]+%")


def write_gift(questions: Sequence[Taken], language: str) -> Exported:
    """Return the questions as a GIFT file in one language; ordering has no place in it."""
    blocks, notes = [], {}
    category: Path = ()
    for place, question in enumerate(questions):
        if question.category != category:
            category = question.category
            blocks.append(f"$CATEGORY: {moodle_path(shown(category, language))}")
        said: list[Note] = []
        writer = _WRITERS.get(question.type)
        if writer is None:
            said.append(refusal("format_lacks_type"))
        elif _arrow_inside(question):
            said.append(refusal("format_lacks_signs"))
        else:
            blocks.append(_block(question, writer(question.content, language), language))
            said += _losses(question, language)
        notes[place] = said
    return Exported(("\n\n".join(blocks) + "\n").encode(), "gift.txt", "text/plain; charset=utf-8", notes)


def _arrow_inside(question: Taken) -> bool:
    """Whether an arrow inside a text would be taken for the arrow of a pair."""
    content = question.content
    if question.type in ("matching", "categories"):
        lefts = content["left" if question.type == "matching" else "items"]
        return any("->" in text for side in lefts for text in LocalizedText.of(side["text"]).as_dict().values())
    return question.type == "short_text" and any(
        "->" in answer
        for name in ("accept", "partly")
        for each in (content.get(name) or {}).values()
        for answer in each or ()
    )


def _losses(question: Taken, language: str) -> list[Note]:
    said = [loss("other_language")] if other_language(question.content, language) else []
    if LocalizedText.of(question.content.get("hint")):
        said.append(loss("hints"))
    if question.content.get("unit"):
        said.append(loss("unit"))
    if question.content.get("units"):
        said.append(loss("units"))
    if question.content.get("unit_rule"):
        said.append(loss("unit_rule"))
    if question.content.get("tolerance_kind"):
        said.append(change("absolute_tolerance"))
    if question.type == "categories":
        said.append(change("as_pairs"))
    if question.type == "multiple" and question.content.get("scoring") != "partial":
        said.append(change("scored_in_parts"))
    if question.type in ("matching", "categories") and question.content.get("scoring") == "all_or_nothing":
        said.append(change("scored_in_parts"))
    return said


def _block(question: Taken, answers: str, language: str) -> str:
    marks = [*marks_of(question)]
    if question.type == "multiple" and "scoring" not in question.content:
        marks.append("scoring:all_or_nothing")
    tags = " ".join(f"[tag:{_in_brackets(mark)}]" for mark in marks)
    key = f"[id:{_in_brackets(question.key)}] " if question.key else ""
    stem = LocalizedText.of(question.content["stem"]).show(language)
    explained = LocalizedText.of(question.content.get("explanation")).show(language)
    general = f"\n\t####{_text(explained)}" if explained else ""
    return f"// {key}{tags}\n::{_text(label_of(stem))}::[plain]{_text(stem)}{{{answers}{general}\n}}"


def _in_brackets(value: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", value.replace("\n", " "))


def _text(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", text).replace("\n", "\\n")


def _shown(value: Any, language: str) -> str:
    text = LocalizedText.of(value).show(language)
    return f"[plain]{_text(text)}" if _MISREAD.match(text) else _text(text)


def _weighed(text: str) -> str:
    """Say the weight where the text itself begins like one."""
    return f"%100%{text}" if _WEIGHT.match(text) else text


def _feedback(option: Mapping[str, Any], language: str) -> str:
    said = _shown(option.get("feedback"), language)
    return f"#{said}" if said else ""


def _single(content: Mapping[str, Any], language: str) -> str:
    return "".join(
        f"\n\t{_sign(option, _shown(option['text'], language))}{_feedback(option, language)}"
        for option in content["options"]
    )


def _sign(option: Mapping[str, Any], text: str) -> str:
    weight = "100" if option.get("correct") else "0"
    return f"{'=' if option.get('correct') else '~'}{f'%{weight}%' if _WEIGHT.match(text) else ''}{text}"


def _multiple(content: Mapping[str, Any], language: str) -> str:
    return "".join(
        f"\n\t~%{weight}%{_shown(option['text'], language)}{_feedback(option, language)}"
        for option, weight in zip(content["options"], weights_of(content), strict=True)
    )


def _true_false(content: Mapping[str, Any], language: str) -> str:
    return "TRUE" if content["answer"] else "FALSE"


def _numeric(content: Mapping[str, Any], language: str) -> str:
    return "#{}:{}".format(*limits(content))


def _matching(content: Mapping[str, Any], language: str) -> str:
    return "".join(f"\n\t={_shown(left, language)} -> {_shown(right, language)}" for left, right in pairs_of(content))


def _short_text(content: Mapping[str, Any], language: str) -> str:
    answers = [answer for code in ("ar", "en") for answer in content["accept"].get(code) or ()]
    typed = (_weighed(_starred(answer)) for answer in dict.fromkeys(answers))
    half = [answer for code in ("ar", "en") for answer in (content.get("partly") or {}).get(code) or ()]
    return "".join(f"\n\t={answer}" for answer in (*typed, *(f"%50%{_starred(answer)}" for answer in half)))


def _starred(answer: str) -> str:
    return _text(answer).replace("*", "\\*")


_WRITERS: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "numeric": _numeric,
    "matching": _matching,
    "short_text": _short_text,
    "categories": lambda content, language: _matching(as_matching(content), language),
}
