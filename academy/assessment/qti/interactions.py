"""The interactions of an item that can be drawn as plain controls: each with its choices and limits (IM 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from xml.etree.ElementTree import Element

from academy.assessment.qti.items import Item, item_of
from academy.assessment.qti.values import Value, parsed_number

MEDIA = frozenset(
    ["img", "object", "video", "audio", "iframe", "embed", "canvas", "svg", "picture", "source", "applet", "gapImg"]
)
MOST_INTERACTIONS = 20
MOST_OPTIONS = 40
KINDS = {
    "choiceInteraction": "choice",
    "inlineChoiceInteraction": "inline",
    "textEntryInteraction": "entry",
    "extendedTextInteraction": "long",
    "orderInteraction": "order",
    "matchInteraction": "match",
    "associateInteraction": "associate",
    "gapMatchInteraction": "gap",
    "hottextInteraction": "hottext",
    "sliderInteraction": "slider",
}
INLINE = frozenset(("inline", "entry"))
WRITTEN = frozenset(("entry", "long", "slider"))
_OPTIONS = {
    "choice": ("simpleChoice",),
    "inline": ("inlineChoice",),
    "order": ("simpleChoice",),
    "associate": ("simpleAssociableChoice",),
    "gap": ("gapText",),
    "hottext": ("hottext",),
}
_BASES = {
    "choice": ("identifier",),
    "inline": ("identifier",),
    "order": ("identifier",),
    "hottext": ("identifier",),
    "match": ("directedPair",),
    "gap": ("directedPair",),
    "associate": ("pair",),
    "entry": ("string", "integer", "float"),
    "long": ("string",),
    "slider": ("integer", "float"),
}
_CARDINALITIES = {
    "choice": ("single", "multiple"),
    "hottext": ("single", "multiple"),
    "order": ("ordered",),
    "match": ("multiple",),
    "associate": ("multiple",),
    "gap": ("multiple", "single"),
}


class CannotDraw(Exception):
    """The item has something that no control of ours can ask for; `code` and `params` say what."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of an interaction; `most` is in how many pairs it may stand (0 means any number)."""

    identifier: str
    element: Element
    fixed: bool
    most: int

    def shown(self, templates: Mapping[str, Value]) -> bool:
        """Whether the attempt's template values let it be seen (IM 6, templateIdentifier and showHide of a choice)."""
        name = self.element.get("templateIdentifier")
        if not name:
            return True
        there = self.identifier in templates.get(name, Value()).members
        return there == (self.element.get("showHide", "show") == "show")


@dataclass(frozen=True, slots=True)
class Interaction:
    """One interaction; `options` are its choices (for matches the left ones), `targets` the right ones or the gaps."""

    kind: str
    response: str
    base: str
    single: bool
    element: Element
    options: tuple[Option, ...]
    targets: tuple[Option, ...]
    most: int
    shuffle: bool
    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None


def interactions_of(item: Item) -> tuple[Interaction, ...]:
    """Return the interactions of an item in the order of its body. Raises CannotDraw."""
    body = item.root.find("itemBody")
    if body is None:
        raise CannotDraw("not_understood")
    _refuse_what_cannot_be_shown(item, body)
    found = [element for element in body.iter() if element.tag.endswith("Interaction")]
    if not found:
        raise CannotDraw("description")
    named = {element.get("responseIdentifier", "") for element in found}
    if len(found) > MOST_INTERACTIONS or len(named) < len(found):
        raise CannotDraw("several_parts")
    return tuple(_interaction(element, item) for element in found)


def _refuse_what_cannot_be_shown(item: Item, body: Element) -> None:
    if item.root.get("adaptive") == "true":
        raise CannotDraw("adaptive")
    names = {element.tag for element in item.root.iter()}
    if names & {"include", "stimulusRef", "assessmentStimulusRef"}:
        raise CannotDraw("external")
    inside = {element.tag for element in body.iter()}
    if inside & MEDIA:
        raise CannotDraw("image")
    if "math" in inside:
        raise CannotDraw("formula")


def _interaction(element: Element, item: Item) -> Interaction:
    kind = KINDS.get(element.tag)
    if kind is None:
        raise CannotDraw("other_type", type=element.tag[:40])
    declared = item.declared.responses.get(element.get("responseIdentifier", ""))
    if declared is None:
        raise CannotDraw("not_understood")
    fits = declared.base in _BASES[kind] and declared.cardinality in _CARDINALITIES.get(kind, ("single",))
    if not fits:
        raise CannotDraw("other_type", type=element.tag[:40])
    options, targets = _options(element, kind)
    limit = element.get("maxAssociations" if kind in ("match", "associate") else "maxChoices", "")
    default = 1 if kind in ("choice", "hottext", "associate", "match") else 0
    return Interaction(
        kind,
        declared.identifier,
        declared.base,
        declared.cardinality == "single",
        element,
        options,
        targets,
        int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 5 else default if not limit else 0,
        element.get("shuffle", "false") == "true",
        parsed_number(element.get("lowerBound")),
        parsed_number(element.get("upperBound")),
        parsed_number(element.get("step")),
    )


def _options(element: Element, kind: str) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    if kind in WRITTEN:
        return (), ()
    if kind == "match":
        sets = [_made(each.findall("simpleAssociableChoice")) for each in element.findall("simpleMatchSet")]
        if len(sets) != 2 or not all(sets):
            raise CannotDraw("not_understood")
        _different(sets[0] + sets[1])
        return sets[0], sets[1]
    options = _made(part for part in element.iter() if part.tag in _OPTIONS[kind])
    targets = _made(element.iter("gap")) if kind == "gap" else ()
    _different(options + targets)
    if len(options) < (1 if kind in ("gap", "hottext") else 2) or (kind == "gap" and not targets):
        raise CannotDraw("too_few", least="2")
    return options, targets


def _different(options: tuple[Option, ...]) -> None:
    names = {option.identifier for option in options}
    if len(names) < len(options) or any(not name or " " in name or len(name) > 200 for name in names):
        raise CannotDraw("repeated_id")
    if len(options) > MOST_OPTIONS:
        raise CannotDraw("too_many", most=str(MOST_OPTIONS))


def _made(elements: Iterable[Element]) -> tuple[Option, ...]:
    return tuple(
        Option(
            element.get("identifier", ""),
            element,
            element.get("fixed") == "true",
            int(most) if (most := element.get("matchMax", "1")).isascii() and most.isdigit() and len(most) < 5 else 1,
        )
        for element in elements
    )


@lru_cache(maxsize=64)
def sound_item(source: str) -> tuple[Item, tuple[Interaction, ...]]:
    """Return an item and its interactions. Raises UnsoundXml, NotUnderstood, CannotDraw."""
    item = item_of(source)
    return item, interactions_of(item)
