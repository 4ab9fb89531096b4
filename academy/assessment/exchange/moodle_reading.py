"""Reading Moodle XML (docs.moodle.org/en/Moodle_XML_format)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from academy.assessment.exchange.category_paths import Path, from_moodle
from academy.assessment.exchange.choices import Weighed, choose, match, order
from academy.assessment.exchange.moodle_calculated import put_answer_back
from academy.assessment.exchange.moodle_gaps import GAP_READERS
from academy.assessment.exchange.moodle_numbers import (
    EMPTY_FORMULA,
    HALF,
    full_answers,
    read_calculated,
    read_numeric,
    says,
    value_in,
    weight_of,
)
from academy.assessment.exchange.moodle_pictures import read_labels
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.safe_xml import inner_text, parse
from academy.assessment.exchange.shape import (
    CannotTake,
    Draft,
    Entry,
    Note,
    Taken,
    UnreadableQuestions,
    change,
    label_of,
    loss,
    read_each,
)
from academy.assessment.exchange.texts import accepted, filled, localized
from academy.base.text import LocalizedText

ALIASES = {"multichoiceset": "multichoice"}
_FORMULAS = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"))
_WILDCARD = re.compile(r"(?<!\\)\*")


class _Texts:
    """How the texts of one question are read, and what is noted while reading them."""

    def __init__(self, language: str, album: Album) -> None:
        self.language, self.album = language, album
        self.notes: list[Note] = []

    def read(self, element: Element | None, *, strict: bool = True) -> dict[str, str]:
        """Return an element's <text>; a formula or a picture in it stops the question when `strict`."""
        if element is None:
            return filled("", self.language)
        source = EMPTY_FORMULA.sub("", inner_text(element.find("text")))
        if strict and any(_between(source, *signs) for signs in _FORMULAS):
            raise CannotTake("formula")
        if strict and (element.find("file") is not None or "@@PLUGINFILE@@" in source):
            raise CannotTake("image")
        if element.get("format", "html") in ("plain_text", "markdown"):
            if element.get("format") == "markdown":
                self.notes.append(loss("formatting"))
            return filled(source, self.language)
        return localized(source, self.language, self.notes, strict=strict)

    def read_text(self, element: Element | None) -> dict[str, str]:
        """Return an element that is itself the <text>."""
        around = Element("text")
        around.extend([element] if element is not None else [])
        return self.read(around)


def _between(source: str, opening: str, closing: str) -> bool:
    start = source.find(opening)
    return start >= 0 and source.find(closing, start + len(opening)) >= 0


def read_moodle(data: bytes, language: Callable[[str], str]) -> tuple[list[Entry], str, Album]:
    """Return each question of a Moodle file, taken or refused, the language used, and the pictures that were taken.

    `language` judges the text.
    """
    root = parse(data)
    if root.tag != "quiz":
        raise UnreadableQuestions("not_moodle")
    told = language(" ".join(part.text or "" for part in root.iter() if part.tag != "file"))
    album = Album()
    entries = read_each(
        _categorised(root),
        lambda found: replace(_read(found[0], told, album), category=found[1]),
        lambda found: _label(found[0]),
    )
    return entries, "both" if any(_holds_both(entry) for entry in entries) else told, album


def _holds_both(entry: Entry) -> bool:
    return isinstance(entry, Taken) and LocalizedText.of(entry.content["stem"]).complete


def _categorised(root: Element) -> Iterator[tuple[Element, Path]]:
    """Yield each question with the category that was named last before it."""
    category: Path = ()
    for question in root.findall("question"):
        if question.get("type") == "category":
            category = from_moodle(inner_text(question.find("category/text")))
        else:
            yield question, category


def _label(question: Element) -> str:
    name = inner_text(question.find("name/text"))
    stem = filled(re.sub("<[^<>]*>", " ", inner_text(question.find("questiontext/text"))), "en")["en"]
    return label_of(stem or name)


def _read(question: Element, language: str, album: Album) -> Taken:
    type = question.get("type", "")
    type = ALIASES.get(type, type)
    if type in ("essay", "description"):
        raise CannotTake(type)
    reader = _READERS.get(type)
    if reader is None:
        raise CannotTake("other_type", type=type[:40])
    texts = _Texts(language, album)
    draft = Draft("single", texts.read(question.find("questiontext")), inner_text(question.find("idnumber")))
    if type == "numerical" or question.find("defaultgrade") is not None:
        draft.worth(value_in(question, "defaultgrade") or None)
    reader(draft, question, texts)
    draft.explain(texts.read(question.find("generalfeedback"), strict=False))
    if draft.type == "calculated":
        put_answer_back(draft)
    if question.get("type") == "multichoiceset":
        draft.marks["scoring"] = "all_or_nothing"
    draft.note(*texts.notes)
    if any(says(question.find(name)) for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")):
        draft.note(loss("feedback"))
    _hints(draft, question, texts)
    draft.read_marks([inner_text(tag) for tag in question.findall("tags/tag/text")])
    return draft.finish()


def _hints(draft: Draft, question: Element, texts: _Texts) -> None:
    """Take the hints, several as one."""
    found = [texts.read(hint, strict=False) for hint in question.findall("hint")]
    found = [text for text in found if any(text.values())]
    draft.hint({half: "\n".join(text[half] for text in found if text[half]) for half in ("ar", "en")})
    if len(found) > 1:
        draft.note(change("hints_joined"))


def _choice(draft: Draft, question: Element, texts: _Texts) -> None:
    draft.type = "multiple" if value_in(question, "single").lower() in ("false", "0") else "single"
    answers = [answer for answer in question.findall("answer") if answer.find("text") is not None]
    choices = [
        Weighed(texts.read(answer), weight_of(answer), texts.read(answer.find("feedback"), strict=False))
        for answer in answers
    ]
    choose(draft, choices)
    if value_in(question, "shuffleanswers").lower() in ("false", "0"):
        draft.content["shuffle"] = False


def _true_false(draft: Draft, question: Element, texts: _Texts) -> None:
    draft.type = "true_false"
    answers = question.findall("answer")
    right = [inner_text(answer.find("text")).strip().lower() for answer in answers if weight_of(answer) >= 100]
    if len(right) != 1 or right[0] not in ("true", "false"):
        raise CannotTake("no_key")
    draft.content["answer"] = right[0] == "true"
    if any(says(answer.find("feedback")) for answer in answers):
        draft.note(loss("feedback"))


def _short(draft: Draft, question: Element, texts: _Texts) -> None:
    draft.type = "short_text"
    answers = [inner_text(answer.find("text")) for answer in full_answers(draft, question)]
    half = [inner_text(answer.find("text")) for answer in question.findall("answer") if weight_of(answer) == HALF]
    if any(_WILDCARD.search(answer) for answer in (*answers, *half)):
        raise CannotTake("wildcard")
    if half:
        draft.content["partly"] = accepted([answer.replace("\\*", "*") for answer in half], texts.language)
    if value_in(question, "usecase") == "1":
        draft.note(change("case"))
    draft.content["accept"] = accepted([answer.replace("\\*", "*") for answer in answers], texts.language)


def _matching(draft: Draft, question: Element, texts: _Texts) -> None:
    draft.type = "matching"
    pairs = [(texts.read(pair), texts.read(pair.find("answer"))) for pair in question.findall("subquestion")]
    match(draft, pairs)


def _ordering(draft: Draft, question: Element, texts: _Texts) -> None:
    draft.type = "ordering"
    order(draft, [texts.read(answer) for answer in question.findall("answer")])
    grading = value_in(question, "gradingtype").upper()
    exact = grading in ("ALL_OR_NOTHING", "ALL", "EXACT", "-1")
    draft.content["scoring"] = "all_or_nothing" if exact else "partial"
    if not exact and grading not in ("ABSOLUTE_POSITION", "ABSOLUTE", "0"):
        draft.note(change("ordering_places"))
    if value_in(question, "selecttype").upper() not in ("", "ALL", "0"):
        raise CannotTake("random_numbers")


_READERS: dict[str, Callable[[Draft, Element, Any], None]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": read_numeric,
    "calculated": read_calculated,
    "calculatedsimple": read_calculated,
    "matching": _matching,
    "ordering": _ordering,
    "ddimageortext": read_labels,
    "ddmarker": read_labels,
    **GAP_READERS,
}
