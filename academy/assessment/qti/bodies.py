"""What an item says: its body for one attempt, with marks where the controls go, and the feedback that outcomes show."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from academy.assessment.qti.interactions import INLINE, KINDS, MEDIA, Interaction
from academy.assessment.qti.items import Item
from academy.assessment.qti.values import Value, printed
from academy.base.html import clean_html
from academy.base.strict_xml import inner_text
from academy.base.text import clean_block

GAP = "_____"
DRAWN_LATER = "…"
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+)\\.([0-9]+){_CLOSE}")
_FEEDBACK = frozenset(("feedbackInline", "feedbackBlock", "modalFeedback"))
_SILENT = frozenset(("script", "style", "stylesheet", "catalogInfo", "companionMaterialsInfo", "math", *MEDIA))
_BLOCK_LIST = "address article aside blockquote dd div dl dt figure footer header hr li ol p pre section table tr ul"
_BLOCKS = frozenset(_BLOCK_LIST.split())
_HEADING = re.compile("h[1-6]")
_TIGHT = re.compile(rf"{GAP} ([.,;:!?)؟،؛])")
_SPACES = re.compile("[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a control in a body: which interaction, and for gaps and hot texts which of them."""

    interaction: int
    part: int


@dataclass(frozen=True, slots=True)
class Words:
    """How an attempt's template values are written into a text; without values their places are left open."""

    templates: Mapping[str, Value] | None

    def printed(self, element: Element) -> str:
        """Return what a printedVariable shows."""
        if self.templates is None:
            return DRAWN_LATER
        value = self.templates.get(element.get("identifier", ""), Value())
        return printed(value, element.get("format", ""), element.get("delimiter", ", "))

    def visible(self, element: Element) -> bool:
        """Whether a templateInline or templateBlock is shown."""
        value = (self.templates or {}).get(element.get("templateIdentifier", ""), Value())
        return (element.get("identifier") in value.members) == (element.get("showHide", "show") == "show")


Placed = Callable[[int, int], str]


class _Shaper:
    """Turns a copy of an item's content into plain HTML elements."""

    def __init__(self, interactions: Sequence[Interaction], words: Words, placed: Placed) -> None:
        self.places = {each.element: number for number, each in enumerate(interactions)}
        self.words, self.placed = words, placed

    def shape(self, source: Element, tag: str = "div") -> Element:
        """Return a new element with the content of `source`."""
        made = Element(tag, {name: value for name, value in source.attrib.items() if name in ("dir", "lang")})
        made.text = source.text
        self._children(source, made)
        return made

    def _children(self, source: Element, made: Element) -> None:
        for child in source:
            for piece in self._piece(child):
                if isinstance(piece, str):
                    _append(made, piece)
                else:
                    made.append(piece)
            _append(made, child.tail or "")

    def _piece(self, child: Element) -> Iterator[Element | str]:
        tag = child.tag
        if tag == "printedVariable":
            yield self.words.printed(child)
        elif tag in ("hottext", "gap"):
            yield self._inner_mark(child)
        elif child in self.places:
            yield from self._interaction(child)
        elif tag in ("templateInline", "templateBlock"):
            if self.words.visible(child):
                yield self._element(child, "span" if tag == "templateInline" else "div")
        elif tag == "rubricBlock":
            if "candidate" in child.get("view", "candidate").split():
                yield self._element(child, "div")
        elif tag not in _FEEDBACK and tag not in _SILENT and tag not in ("gapText", "prompt"):
            yield self._heading(child) if _HEADING.fullmatch(tag) else self._element(child, tag)

    def _element(self, source: Element, tag: str) -> Element:
        made = Element(tag, dict(source.attrib))
        made.text = source.text
        self._children(source, made)
        return made

    def _heading(self, source: Element) -> Element:
        made = Element("p")
        made.append(self._element(source, "strong"))
        return made

    def _interaction(self, element: Element) -> Iterator[Element | str]:
        number = self.places[element]
        kind = KINDS[element.tag]
        if kind in INLINE:
            yield self.placed(number, 0)
            return
        prompt = element.find("prompt")
        if prompt is not None:
            yield self._element(prompt, "div")
        if kind in ("gap", "hottext"):
            yield self._element(element, "div")
        else:
            yield self.placed(number, 0)

    def _inner_mark(self, child: Element) -> str:
        for element, number in self.places.items():
            inner = [part for part in element.iter() if part.tag == child.tag]
            if child in inner:
                return self.placed(number, inner.index(child))
        return ""


def _append(made: Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def _html(element: Element) -> str:
    whole = tostring(element, encoding="unicode", method="html")
    return whole[whole.index(">") + 1 : whole.rindex("<")]


def body_of(item: Item, interactions: Sequence[Interaction], words: Words) -> list[str | Mark]:
    """Return the body as safe HTML cut at the places of the controls."""
    shaper = _Shaper(interactions, words, lambda number, part: f"{_OPEN}{number}.{part}{_CLOSE}")
    source = item.root.find("itemBody")
    if source is None:
        return []
    html = clean_html(_html(shaper.shape(_without_marks(source, shaper))))
    pieces: list[str | Mark] = []
    place = 0
    for found in _MARK.finditer(html):
        pieces += [html[place : found.start()], Mark(int(found[1]), int(found[2]))]
        place = found.end()
    return [*pieces, html[place:]]


def _without_marks(source: Element, shaper: _Shaper) -> Element:
    """Return the content without our own marks in its texts, were they there; the same one when there are none."""
    if not any(sign in inner_text(source) for sign in (_OPEN, _CLOSE)):
        return source
    copy = deepcopy(source)
    twins = dict(zip(source.iter(), copy.iter(), strict=True))
    shaper.places = {twins[element]: number for element, number in shaper.places.items()}
    for element in copy.iter():
        element.text = _bare(element.text)
        element.tail = _bare(element.tail)
    return copy


def _bare(text: str | None) -> str | None:
    return text.replace(_OPEN, "").replace(_CLOSE, "") if text else text


def stem_of(item: Item, interactions: Sequence[Interaction], words: Words) -> str:
    """Return the body as plain text, with a line for each gap in it."""
    kinds = [each.kind for each in interactions]
    shaper = _Shaper(interactions, words, lambda number, part: _gap(kinds[number], interactions[number], part))
    source = item.root.find("itemBody")
    return _TIGHT.sub(rf"{GAP}\1", plain(shaper.shape(source))) if source is not None else ""


def _gap(kind: str, interaction: Interaction, part: int) -> str:
    if kind == "hottext":
        return _SPACES.sub(" ", inner_text(interaction.options[part].element)).strip()
    return f" {GAP} " if kind in INLINE or kind == "gap" else ""


def html_of(element: Element, words: Words) -> str:
    """Return the content of a choice or a prompt as safe HTML."""
    return clean_html(_html(_Shaper((), words, lambda number, part: "").shape(element)))


def plain_of(element: Element, words: Words) -> str:
    """Return the content of a choice or a prompt as plain text."""
    return plain(_Shaper((), words, lambda number, part: "").shape(element))


def plain(element: Element) -> str:
    """Return shaped content as plain text: blocks on lines of their own, list items with a dash."""
    pieces: list[str] = []
    _gather(element, pieces)
    lines = (line.strip() for line in "".join(pieces).split("\v"))
    return clean_block("\n".join(line for line in lines if line))


def _gather(element: Element, pieces: list[str]) -> None:
    block = element.tag in _BLOCKS
    if block or element.tag == "br":
        pieces.append("\v- " if element.tag == "li" else "\v")
    pieces.append(_SPACES.sub(" ", element.text or ""))
    for child in element:
        _gather(child, pieces)
        pieces.append(_SPACES.sub(" ", child.tail or ""))
    if block:
        pieces.append("\v")
    elif element.tag in ("td", "th"):
        pieces.append(" ")


def feedback_of(item: Item, outcomes: Mapping[str, Value], words: Words) -> list[str]:
    """Return the feedback that outcomes show, modal and inline, as plain texts in the order of the item (IM 7)."""
    return [
        text
        for element in item.root.iter()
        if element.tag in _FEEDBACK and _told(element, outcomes) and (text := plain_of(element, words))
    ]


def modal_feedback(item: Item, outcomes: Mapping[str, Value]) -> list[str]:
    """Return the identifiers of the modal feedback that outcomes show."""
    return [each.get("identifier", "") for each in item.root.findall("modalFeedback") if _told(each, outcomes)]


def _told(element: Element, outcomes: Mapping[str, Value]) -> bool:
    value = outcomes.get(element.get("outcomeIdentifier", ""), Value())
    return (element.get("identifier") in value.members) == (element.get("showHide", "show") == "show")
