"""Writing a text with gaps as a QTI item: entries and lists inside the text, or words to drag into it (gapMatch)."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.types.accepting import answers_in
from academy.assessment.types.passage import MARKER
from academy.base.text import LocalizedText, clean_line

RESPONSE = "RESPONSE"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def name_of(key: str) -> str:
    """Return a key as an XML name."""
    return key if _NAME.fullmatch(key) else "_" + re.sub(r"[^A-Za-z0-9._-]", "-", key)


def all_drag(content: Mapping[str, Any]) -> bool:
    """Whether every gap is filled from the bank: only then can the words be dragged."""
    return all(gap["kind"] == "drag" for gap in content["gaps"])


def response_of(key: str) -> str:
    """Return the name of the response of a gap."""
    return f"{RESPONSE}_{key}"


def options_of(content: Mapping[str, Any], gap: Mapping[str, Any]) -> list[tuple[str, Any, bool]]:
    """Return identifier, text and rightness of what may be chosen in a gap with choices or words."""
    if gap["kind"] == "drag":
        return [(name_of(word["id"]), word["text"], word["id"] == gap["word"]) for word in content["words"]]
    return [(name_of(each["id"]), each["text"], bool(each.get("correct"))) for each in gap["options"]]


def broken_lines(content: Mapping[str, Any], language: str) -> bool:
    """Whether a choice inside the text has line breaks, which a list inside a line cannot show."""
    gaps = [] if all_drag(content) else [gap for gap in content["gaps"] if gap["kind"] != "typed"]
    return any("\n" in _shown(text, language) for gap in gaps for _key, text, _right in options_of(content, gap))


def declare(root: Element, content: Mapping[str, Any]) -> None:
    """Declare the responses: one for all gaps that words are dragged into, else one for each gap."""
    if all_drag(content):
        pairs = [f"{name_of(gap['word'])} G{gap['id']}" for gap in content["gaps"]]
        made = _response(root, RESPONSE, "multiple", "directedPair", pairs)
        _mapping(made, pairs)
        return
    for gap in content["gaps"]:
        if gap["kind"] == "typed":
            answers = list(dict.fromkeys(answers_in(gap["accept"])))
            made = _response(root, response_of(gap["id"]), "single", "string", answers[:1])
            _mapping(made, answers, caseSensitive="false")
        else:
            right = [key for key, _text, right in options_of(content, gap) if right]
            _mapping(_response(root, response_of(gap["id"]), "single", "identifier", right), right)


def _response(root: Element, name: str, cardinality: str, base: str, correct: list[str]) -> Element:
    made = SubElement(root, "responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    values = SubElement(made, "correctResponse")
    for value in correct:
        SubElement(values, "value").text = value
    return made


def _mapping(response: Element, keys: list[str], **more: str) -> None:
    made = SubElement(response, "mapping", defaultValue="0")
    for key in keys:
        SubElement(made, "mapEntry", {"mapKey": key, "mappedValue": "1", **more})


def body(root: Element, content: Mapping[str, Any], stem: str, language: str) -> None:
    """Write what is asked and the text, each gap at its place."""
    made = SubElement(root, "itemBody")
    _add(SubElement(made, "p", {"class": "stem"}), stem)
    where = made
    if all_drag(content):
        where = SubElement(made, "gapMatchInteraction", responseIdentifier=RESPONSE, shuffle="true")
        most = "0" if content.get("reuse") else "1"
        for word in content["words"]:
            _add(
                SubElement(where, "gapText", identifier=name_of(word["id"]), matchMax=most),
                _shown(word["text"], language),
            )
    paragraph, place = SubElement(where, "p"), 0
    gaps, text = {gap["id"]: gap for gap in content["gaps"]}, LocalizedText.of(content["text"]).show(language)
    for found in MARKER.finditer(text):
        _add(paragraph, text[place : found.start()])
        _gap(paragraph, content, gaps[str(int(found.group(1)))], language)
        place = found.end()
    _add(paragraph, text[place:])


def _gap(paragraph: Element, content: Mapping[str, Any], gap: Mapping[str, Any], language: str) -> None:
    if all_drag(content):
        SubElement(paragraph, "gap", identifier=f"G{gap['id']}")
    elif gap["kind"] == "typed":
        SubElement(paragraph, "textEntryInteraction", responseIdentifier=response_of(gap["id"]))
    else:
        made = SubElement(
            paragraph, "inlineChoiceInteraction", responseIdentifier=response_of(gap["id"]), shuffle="true"
        )
        for key, text, _right in options_of(content, gap):
            SubElement(made, "inlineChoice", identifier=key).text = clean_line(_shown(text, language))


def _shown(value: Any, language: str) -> str:
    return LocalizedText.of(value).show(language)


def _add(element: Element, text: str) -> None:
    """Add text at the end of an element, line breaks as <br/>."""
    first, *rest = text.split("\n")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + first
    else:
        element.text = (element.text or "") + first
    for line in rest:
        SubElement(element, "br").tail = line


def rules(content: Mapping[str, Any]) -> list[Element]:
    """Return the rules: a point for each gap filled rightly, or one point when all are."""
    names = [RESPONSE] if all_drag(content) else [response_of(gap["id"]) for gap in content["gaps"]]
    total = Element("sum")
    for name in names:
        SubElement(total, "mapResponse", identifier=name)
    if content.get("scoring") != "all_or_nothing":
        made = Element("setOutcomeValue", identifier="SCORE")
        made.append(total)
        return [made]
    condition = Element("responseCondition")
    branch = SubElement(condition, "responseIf")
    test = SubElement(branch, "gte")
    test.append(total)
    SubElement(test, "baseValue", baseType="float").text = str(len(content["gaps"]))
    SubElement(SubElement(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", baseType="float").text = "1"
    return [condition]
