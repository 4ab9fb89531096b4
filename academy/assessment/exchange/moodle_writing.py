"""Writing Moodle XML: both languages travel, as Moodle's multi-language filter shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from academy.assessment.exchange.category_paths import Path, bilingual_names, moodle_path
from academy.assessment.exchange.choices import as_matching, in_order, pairs_of, weights_of
from academy.assessment.exchange.moodle_calculated import (
    in_moodle_names,
    losses_of_calculated,
    steps_of,
    write_calculated,
    write_data_sets,
)
from academy.assessment.exchange.moodle_gaps import gap_losses, write_gaps
from academy.assessment.exchange.moodle_pictures import losses_of_labels, write_labels
from academy.assessment.exchange.numbers import decimal, limits
from academy.assessment.exchange.shape import Exported, Note, Taken, change, label_of, marks_of, refusal
from academy.assessment.exchange.texts import bilingual_html
from academy.assessment.types.units import accepted_units, unit_cost, unit_of, unit_rule
from academy.base.text import LocalizedText

NAMES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "numeric": "numerical",
    "ordering": "ordering",
    "matching": "matching",
    "short_text": "shortanswer",
    "categories": "matching",
    "drag_on_image": "ddimageortext",
}


def write_moodle(questions: Sequence[Taken], pictures: Mapping[str, bytes], language: str) -> Exported:
    """Return the questions as Moodle XML in both languages; `language` names them in Moodle's lists."""
    root = Element("quiz")
    notes: dict[int, list[Note]] = {}
    category: Path = ()
    for place, question in enumerate(questions):
        if question.category != category:
            category = question.category
            root.append(_category(category))
        if question.type == "gap_fill":
            root.append(_gaps(question, language))
            notes[place] = gap_losses(question.content, language)
        elif question.type == "calculated":
            notes[place] = losses_of_calculated(question.content)
            if all(note.kind != "refusal" for note in notes[place]):
                root.append(_calculated(question, language))
        elif question.type in NAMES:
            root.append(_question(question, pictures, language))
            notes[place] = _losses(question)
        else:
            notes[place] = [refusal("format_lacks_type")]
    indent(root)
    data = tostring(root, encoding="utf-8", xml_declaration=True)
    return Exported(data, "moodle.xml", "application/xml", notes)


def _category(category: Path) -> Element:
    """Return what puts the questions after it into a category."""
    made = Element("question", type="category")
    _text(SubElement(made, "category"), moodle_path(bilingual_names(category)))
    return made


def _losses(question: Taken) -> list[Note]:
    content, said = question.content, []
    if question.type == "multiple" and content.get("scoring") != "partial":
        said.append(change("scored_in_parts"))
    if question.type in ("matching", "categories", "drag_on_image") and content.get("scoring") == "all_or_nothing":
        said.append(change("scored_in_parts"))
    if question.type == "categories":
        said.append(change("as_pairs"))
    if question.type == "drag_on_image":
        said += losses_of_labels(content)
    if content.get("tolerance_kind"):
        said.append(change("absolute_tolerance"))
    return said


def _gaps(question: Taken, language: str) -> Element:
    made, text = write_gaps(question, language)
    head = _head(question, text, language)
    for place, element in enumerate(head):
        made.insert(place, element)
    _finish(made, question)
    return made


def _calculated(question: Taken, language: str) -> Element:
    named = replace(question, content=in_moodle_names(question.content))
    made = Element("question", type="calculated")
    stem = LocalizedText.of(named.content["stem"])
    made.extend(_head(named, bilingual_html(stem), language))
    write_calculated(made, named.content)
    _units(made, named.content)
    write_data_sets(made, named.content)
    _finish(made, named)
    return made


def _question(question: Taken, pictures: Mapping[str, bytes], language: str) -> Element:
    made = Element("question", type=NAMES[question.type])
    stem = LocalizedText.of(question.content["stem"])
    made.extend(_head(question, bilingual_html(stem) if stem else "", language))
    if question.type == "drag_on_image":
        write_labels(made, question.content, pictures)
    else:
        _WRITERS[question.type](made, question.content)
    _finish(made, question)
    return made


def _head(question: Taken, text: str, language: str) -> list[Element]:
    """Return what every question begins with; `text` is what is asked, as HTML."""
    content = question.content
    made = Element("question")
    stem = LocalizedText.of(content["stem"])
    _text(SubElement(made, "name"), label_of(stem.show(language)))
    _text(SubElement(made, "questiontext", format="html"), text)
    _html(SubElement(made, "generalfeedback", format="html"), LocalizedText.of(content.get("explanation")))
    SubElement(made, "defaultgrade").text = str(question.points)
    SubElement(made, "penalty").text = "0"
    SubElement(made, "hidden").text = "0"
    SubElement(made, "idnumber").text = question.key
    return list(made)


def _finish(made: Element, question: Taken) -> None:
    """Add the hint, and the marks that Moodle has no place for."""
    hint = LocalizedText.of(question.content.get("hint"))
    if hint:
        _html(SubElement(made, "hint", format="html"), hint)
    marks = marks_of(question)
    if question.type == "calculated":
        marks.append(f"steps:{steps_of(question.content)}")
    if question.type == "multiple" and "scoring" not in question.content:
        marks.append("scoring:all_or_nothing")
    tags = SubElement(made, "tags")
    for mark in marks:
        _text(SubElement(tags, "tag"), mark)


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text


def _html(parent: Element, text: LocalizedText) -> None:
    _text(parent, bilingual_html(text) if text else "")


def _answer(parent: Element, fraction: str, text: str, kind: str) -> Element:
    made = SubElement(parent, "answer", fraction=fraction, format=kind)
    _text(made, text)
    return made


def _full_or_nothing(content: Mapping[str, Any]) -> list[str]:
    return ["100" if option.get("correct") else "0" for option in content["options"]]


def _single(made: Element, content: Mapping[str, Any]) -> None:
    SubElement(made, "single").text = "true"
    _options(made, content, _full_or_nothing(content))


def _multiple(made: Element, content: Mapping[str, Any]) -> None:
    SubElement(made, "single").text = "false"
    _options(made, content, weights_of(content))


def _options(made: Element, content: Mapping[str, Any], weights: Sequence[str]) -> None:
    SubElement(made, "shuffleanswers").text = "false" if content.get("shuffle") is False else "true"
    SubElement(made, "answernumbering").text = "none"
    for option, weight in zip(content["options"], weights, strict=True):
        answer = _answer(made, weight, bilingual_html(LocalizedText.of(option["text"])), "html")
        _html(SubElement(answer, "feedback", format="html"), LocalizedText.of(option.get("feedback")))


def _true_false(made: Element, content: Mapping[str, Any]) -> None:
    for value in (True, False):
        answer = _answer(made, "100" if content["answer"] is value else "0", str(value).lower(), "moodle_auto_format")
        _html(SubElement(answer, "feedback", format="html"), LocalizedText())


def _numeric(made: Element, content: Mapping[str, Any]) -> None:
    value, tolerance = limits(content)
    answer = _answer(made, "100", value, "moodle_auto_format")
    SubElement(answer, "tolerance").text = tolerance
    _units(made, content)


def _units(made: Element, content: Mapping[str, Any]) -> None:
    units = SubElement(made, "units") if unit_of(content) else made
    for unit, factor in accepted_units(content):
        one = SubElement(units, "unit")
        SubElement(one, "multiplier").text = decimal(1 / factor)
        both = unit.complete and unit.ar != unit.en
        SubElement(one, "unit_name").text = bilingual_html(unit) if both else unit.ar or unit.en
    graded = unit_rule(content) != "optional"
    SubElement(made, "unitgradingtype").text = "1" if graded else "0"
    SubElement(made, "unitpenalty").text = decimal(unit_cost(content))
    SubElement(made, "showunits").text = "0" if graded else "3"


def _short_text(made: Element, content: Mapping[str, Any]) -> None:
    SubElement(made, "usecase").text = "0"
    answers = [answer for code in ("ar", "en") for answer in content["accept"].get(code) or ()]
    for answer in dict.fromkeys(answers):
        _answer(made, "100", answer.replace("*", "\\*"), "moodle_auto_format")
    half = [answer for code in ("ar", "en") for answer in (content.get("partly") or {}).get(code) or ()]
    for answer in dict.fromkeys(half):
        _answer(made, "50", answer.replace("*", "\\*"), "moodle_auto_format")


def _matching(made: Element, content: Mapping[str, Any]) -> None:
    SubElement(made, "shuffleanswers").text = "true"
    for left, right in pairs_of(content):
        pair = SubElement(made, "subquestion", format="html")
        _html(pair, LocalizedText.of(left))
        _html(SubElement(pair, "answer"), LocalizedText.of(right))


def _ordering(made: Element, content: Mapping[str, Any]) -> None:
    partial = content.get("scoring") == "partial"
    SubElement(made, "layouttype").text = "VERTICAL"
    SubElement(made, "selecttype").text = "ALL"
    SubElement(made, "selectcount").text = "0"
    SubElement(made, "gradingtype").text = "ABSOLUTE_POSITION" if partial else "ALL_OR_NOTHING"
    for place, text in enumerate(in_order(content), start=1):
        _answer(made, str(place), bilingual_html(LocalizedText.of(text)), "html")


_WRITERS: dict[str, Callable[[Element, Mapping[str, Any]], None]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "short_text": _short_text,
    "categories": lambda made, content: _matching(made, as_matching(content)),
}
