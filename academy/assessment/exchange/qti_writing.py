"""Writing QTI items of versions 2.1, 2.2 and 3.0, one language each."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.exchange import qti_gaps, qti_pictures
from academy.assessment.exchange.choices import as_matching, in_order
from academy.assessment.exchange.numbers import limits
from academy.assessment.exchange.qti_gaps import name_of
from academy.assessment.exchange.shape import Taken, label_of
from academy.assessment.types.units import unit_of
from academy.base.i18n import _, in_language
from academy.base.text import LocalizedText

RESPONSE, EXPLANATION, FEEDBACK = "RESPONSE", "EXPLANATION", "FEEDBACK"
HTML = {"p", "br", "span", "div", "object"}


def brought_to_3(root: Element) -> Element:
    """Return a tree with the names of QTI 3: «qti-» and dashes, HTML as it is."""
    for element in root.iter():
        if element.tag not in HTML:
            element.tag = f"qti-{_dashed(element.tag)}"
            for name in [name for name in element.attrib if name != _dashed(name) and ":" not in name]:
                element.set(_dashed(name), element.attrib.pop(name))
    return root


def _dashed(name: str) -> str:
    return re.sub("([A-Z])", r"-\1", name).lower()


class Writer:
    """One item while it is written."""

    def __init__(self, question: Taken, name: str, language: str) -> None:
        self.question, self.content, self.language = question, question.content, language
        stem = self.shown(self.content["stem"])
        attributes = {"identifier": name, "title": label_of(stem), "adaptive": "false", "timeDependent": "false"}
        self.root = Element("assessmentItem", attributes | {"xml:lang": language})
        self.stem = stem

    def shown(self, value: object) -> str:
        """Return a text in the language of the export, or the other one when it has no other."""
        return LocalizedText.of(value).show(self.language)  # type: ignore[arg-type]

    def response(self, cardinality: str, base: str, correct: list[str]) -> Element:
        """Declare the response with its right values."""
        made = SubElement(self.root, "responseDeclaration", identifier=RESPONSE, cardinality=cardinality, baseType=base)
        values = SubElement(made, "correctResponse")
        for value in correct:
            SubElement(values, "value").text = value
        return made

    def outcomes(self, most: int) -> None:
        """Declare the outcomes: the score, its most, the explanation that is always shown, feedback on choices."""
        score = self._outcome("SCORE", "float", "0")
        score.set("normalMaximum", str(most))
        self._outcome("MAXSCORE", "float", str(most))
        self.shows_explanation()
        if self.has_feedback:
            cardinality = "multiple" if self.question.type == "multiple" else "single"
            SubElement(
                self.root, "outcomeDeclaration", identifier=FEEDBACK, cardinality=cardinality, baseType="identifier"
            )

    @property
    def has_feedback(self) -> bool:
        """Whether any choice has feedback of its own."""
        return any(self.shown(option.get("feedback")) for option in self.content.get("options", ()))

    def _outcome(self, name: str, base: str, default: str) -> Element:
        made = SubElement(self.root, "outcomeDeclaration", identifier=name, cardinality="single", baseType=base)
        SubElement(SubElement(made, "defaultValue"), "value").text = default
        return made

    def finish(self, rules: list[Element]) -> Element:
        """Add the rules and the explanation."""
        processing = SubElement(self.root, "responseProcessing")
        processing.extend(rules)
        if self.has_feedback:
            rule = SubElement(processing, "setOutcomeValue", identifier=FEEDBACK)
            SubElement(rule, "variable", identifier=RESPONSE)
        return self.explain()

    def shows_explanation(self) -> None:
        """Declare the outcome that shows the explanation, where there is one."""
        if self.shown(self.content.get("explanation")):
            self._outcome(EXPLANATION, "identifier", "explanation")

    def explain(self) -> Element:
        """Add the explanation."""
        explained = self.shown(self.content.get("explanation"))
        if explained:
            modal = SubElement(
                self.root, "modalFeedback", outcomeIdentifier=EXPLANATION, identifier="explanation", showHide="show"
            )
            lines(modal, explained)
        return self.root


def lines(element: Element, text: str) -> Element:
    """Put a text into an element, line breaks as <br/>."""
    first, *rest = text.split("\n")
    element.text = first
    for line in rest:
        SubElement(element, "br").tail = line
    return element


def _set_score(value: Element) -> Element:
    rule = Element("setOutcomeValue", identifier="SCORE")
    rule.append(value)
    return rule


def _number(value: int) -> Element:
    made = Element("baseValue", baseType="float")
    made.text = str(value)
    return made


def _when(test: Element, then: Element) -> Element:
    condition = Element("responseCondition")
    branch = SubElement(condition, "responseIf")
    branch.extend([test, then])
    return condition


def _of(name: str, *parts: Element, **attributes: str) -> Element:
    made = Element(name, attributes)
    made.extend(parts)
    return made


def _right() -> Element:
    return _of("match", _of("variable", identifier=RESPONSE), _of("correct", identifier=RESPONSE))


def _all_or_nothing() -> list[Element]:
    return [_when(_right(), _set_score(_number(1)))]


def _mapped() -> list[Element]:
    return [_set_score(_of("mapResponse", identifier=RESPONSE))]


def _mapping(response: Element, entries: Mapping[str, int], **bounds: str) -> None:
    made = SubElement(response, "mapping", {"defaultValue": "0", **bounds})
    for key, points in entries.items():
        SubElement(made, "mapEntry", mapKey=key, mappedValue=str(points))


def _interaction(writer: Writer, name: str, **attributes: str) -> Element:
    body = SubElement(writer.root, "itemBody")
    made = SubElement(body, name, {"responseIdentifier": RESPONSE, **attributes})
    lines(SubElement(made, "prompt"), writer.stem)
    return made


def _choice(writer: Writer) -> Element:
    content, several = writer.content, writer.question.type == "multiple"
    right = [name_of(option["id"]) for option in content["options"] if option.get("correct")]
    response = writer.response("multiple" if several else "single", "identifier", right)
    scoring = content.get("scoring") if several else None
    names = [name_of(option["id"]) for option in content["options"]]
    if scoring == "partial":
        _mapping(response, {name: 1 if name in right else -1 for name in names}, lowerBound="0")
    elif scoring == "each":
        _mapping(response, {name: 1 if name in right else -1 for name in names})
    elif scoring == "capped":
        _mapping(response, dict.fromkeys(right, 1))
    most = {"partial": len(right), "capped": len(right), "each": len(names)}
    writer.outcomes(most.get(scoring or "", 1))
    shuffle = "false" if content.get("shuffle") is False else "true"
    made = _interaction(writer, "choiceInteraction", shuffle=shuffle, maxChoices="0" if several else "1")
    for option in content["options"]:
        _option(writer, made, option)
    return writer.finish(_choice_rules(scoring, len(names) - len(right), len(right)))


def _choice_rules(scoring: str | None, wrong: int, right: int) -> list[Element]:
    """Return the rules of a choice: `each` adds a point for every wrong option left empty, `capped` takes off excess."""
    mapped = _of("mapResponse", identifier=RESPONSE)
    if scoring == "each":
        answered = _of("not", _of("isNull", _of("variable", identifier=RESPONSE)))
        return [_when(answered, _set_score(_of("sum", mapped, _number(wrong))))]
    if scoring == "capped":
        size = _of("integerToFloat", _of("containerSize", _of("variable", identifier=RESPONSE)))
        excess = _of("max", _number(0), _of("subtract", size, _number(right)))
        return [_set_score(_of("max", _number(0), _of("subtract", mapped, excess)))]
    return _mapped() if scoring == "partial" else _all_or_nothing()


def _option(writer: Writer, parent: Element, option: Mapping[str, Any]) -> None:
    made = lines(SubElement(parent, "simpleChoice", identifier=name_of(option["id"])), writer.shown(option["text"]))
    said = writer.shown(option.get("feedback"))
    if said:
        feedback = SubElement(
            made, "feedbackInline", outcomeIdentifier=FEEDBACK, identifier=name_of(option["id"]), showHide="show"
        )
        lines(feedback, said)


def _true_false(writer: Writer) -> Element:
    writer.response("single", "identifier", ["true" if writer.content["answer"] else "false"])
    writer.outcomes(1)
    made = _interaction(writer, "choiceInteraction", shuffle="false", maxChoices="1")
    with in_language(writer.language):
        words = {"true": _("True"), "false": _("False")}
    for name, word in words.items():
        SubElement(made, "simpleChoice", identifier=name).text = word
    return writer.finish(_all_or_nothing())


def _entry(writer: Writer, unit: str = "") -> None:
    paragraph = lines(SubElement(SubElement(writer.root, "itemBody"), "p"), writer.stem)
    gap = SubElement(paragraph, "textEntryInteraction", responseIdentifier=RESPONSE)
    last = paragraph[-2] if len(paragraph) > 1 else None
    if last is None:
        paragraph.text = f"{paragraph.text} "
    else:
        last.tail = f"{last.tail} "
    if unit:
        gap.tail = " "
        SubElement(paragraph, "span", {"class": "unit"}).text = unit


def _numeric(writer: Writer) -> Element:
    content = writer.content
    value, around = limits(content)
    writer.response("single", "float", [value])
    writer.outcomes(1)
    unit = unit_of(content)
    _entry(writer, unit.show(writer.language) if unit else "")
    right = _of(
        "equal",
        _of("correct", identifier=RESPONSE),
        _of("variable", identifier=RESPONSE),
        toleranceMode="absolute",
        tolerance=f"{around} {around}",
    )
    return writer.finish([_when(right, _set_score(_number(1)))])


def _short_text(writer: Writer) -> Element:
    accept = writer.content["accept"]
    answers = list(dict.fromkeys(answer for code in ("ar", "en") for answer in accept.get(code) or ()))
    response = writer.response("single", "string", answers[:1])
    mapping = SubElement(response, "mapping", defaultValue="0")
    for answer in answers:
        SubElement(mapping, "mapEntry", mapKey=answer, mappedValue="1", caseSensitive="false")
    half = [answer for code in ("ar", "en") for answer in (writer.content.get("partly") or {}).get(code) or ()]
    for answer in dict.fromkeys(half):
        SubElement(mapping, "mapEntry", mapKey=answer, mappedValue="0.5", caseSensitive="false")
    writer.outcomes(1)
    _entry(writer)
    return writer.finish(_mapped())


def _ordering(writer: Writer) -> Element:
    content = writer.content
    writer.response("ordered", "identifier", [name_of(key) for key in content["answer"]])
    partial = content.get("scoring") == "partial"
    writer.outcomes(len(content["answer"]) if partial else 1)
    made = _interaction(writer, "orderInteraction", shuffle="true")
    for key, text in zip(content["answer"], in_order(content), strict=True):
        lines(SubElement(made, "simpleChoice", identifier=name_of(key)), writer.shown(text))
    if not partial:
        return writer.finish(_all_or_nothing())
    return writer.finish([_place(place) for place in range(1, len(content["answer"]) + 1)])


def _ranking(writer: Writer) -> Element:
    """An order without a right one and without a score, as QTI leaves both to the item."""
    SubElement(writer.root, "responseDeclaration", identifier=RESPONSE, cardinality="ordered", baseType="identifier")
    writer.shows_explanation()
    made = _interaction(writer, "orderInteraction", shuffle="true")
    for item in writer.content["items"]:
        lines(SubElement(made, "simpleChoice", identifier=name_of(item["id"])), writer.shown(item["text"]))
    return writer.explain()


def _place(place: int) -> Element:
    """One point for the right item at a place."""
    parts = (_of("index", _of(kind, identifier=RESPONSE), n=str(place)) for kind in ("variable", "correct"))
    more = _of("sum", _of("variable", identifier="SCORE"), _number(1))
    return _when(_of("match", *parts), _set_score(more))


def _matching(writer: Writer) -> Element:
    content = as_matching(writer.content) if writer.question.type == "categories" else writer.content
    names = {
        (side, entry["id"]): f"{side}_{name_of(entry['id'])}" for side in ("left", "right") for entry in content[side]
    }
    right = [f"{names['left', left]} {names['right', end]}" for left, end in content["answer"].items()]
    response = writer.response("multiple", "directedPair", right)
    partial = content.get("scoring") != "all_or_nothing"
    if partial:
        _mapping(response, dict.fromkeys(right, 1))
    writer.outcomes(len(right) if partial else 1)
    made = _interaction(writer, "matchInteraction", shuffle="true", maxAssociations=str(len(right)))
    for side, most in (("left", "1"), ("right", "0")):
        column = SubElement(made, "simpleMatchSet")
        for entry in content[side]:
            attributes = {"identifier": names[side, entry["id"]], "matchMax": most}
            lines(SubElement(column, "simpleAssociableChoice", attributes), writer.shown(entry["text"]))
    return writer.finish(_mapped() if partial else _all_or_nothing())


def _gap_fill(writer: Writer) -> Element:
    content = writer.content
    qti_gaps.declare(writer.root, content)
    writer.outcomes(1 if content.get("scoring") == "all_or_nothing" else len(content["gaps"]))
    qti_gaps.body(writer.root, content, writer.stem, writer.language)
    return writer.finish(qti_gaps.rules(content))


def _hotspot(writer: Writer) -> Element:
    content = writer.content
    right, names = qti_pictures.area_names(content)
    response = writer.response("multiple", "identifier", right)
    partial = content.get("scoring") != "all_or_nothing"
    if partial:
        _mapping(response, {name: 1 if name in right else -1 for name in names}, lowerBound="0")
    writer.outcomes(len(right) if partial else 1)
    most = content.get("most") or len(right)
    made = _interaction(writer, "hotspotInteraction", maxChoices=str(most))
    qti_pictures.add_areas(made, content, writer.language)
    return writer.finish(_mapped() if partial else _all_or_nothing())


def _labels(writer: Writer) -> Element:
    content = writer.content
    right = qti_pictures.spot_pairs(content)
    response = writer.response("multiple", "directedPair", right)
    partial = content.get("scoring") != "all_or_nothing"
    if partial:
        _mapping(response, dict.fromkeys(right, 1))
    writer.outcomes(len(right) if partial else 1)
    made = _interaction(writer, "graphicGapMatchInteraction")
    qti_pictures.add_spots(made, content, writer.language)
    return writer.finish(_mapped() if partial else _all_or_nothing())


WRITERS: dict[str, Callable[[Writer], Element]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "ordering": _ordering,
    "ranking": _ranking,
    "matching": _matching,
    "short_text": _short_text,
    "categories": _matching,
    "gap_fill": _gap_fill,
    "hotspot": _hotspot,
    "drag_on_image": _labels,
}


def write_item(question: Taken, name: str, language: str) -> Element:
    """Return a question as an item with the names of QTI 2."""
    return WRITERS[question.type](Writer(question, name, language))


def most_of(item: Element) -> int:
    """Return the most points an item written here gives."""
    found = item.find("outcomeDeclaration[@identifier='MAXSCORE']/defaultValue/value")
    return int(found.text or 1) if found is not None else 1
