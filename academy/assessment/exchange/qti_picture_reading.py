"""Reading QTI items on a picture: areas to mark (hotspot), labels to put on spots (graphicGapMatch)."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice
from typing import Any
from xml.etree.ElementTree import Element

from academy.assessment.exchange.numbers import number
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.qti_item import Item, interactions_in, own_ids, remove, take_explanation
from academy.assessment.exchange.qti_scoring import MOST_TRIES, Scorer, agree
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, change
from academy.assessment.exchange.texts import filled
from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.values import NULL, Value
from academy.assessment.types import Response
from academy.assessment.types.pictures import ALT_LENGTH, WHOLE
from academy.base.text import clean_line

HOTSPOT, LABELS = "hotspotInteraction", "graphicGapMatchInteraction"
PICTURED = (HOTSPOT, LABELS)
SHOWN = ("object", "img")
SHAPES = {"rect": "rectangle", "circle": "circle", "poly": "polygon"}
Tries = Iterator[tuple[Value, Response | None]]


class _PictureItem(Item):
    """An item whose one picture stands inside its interaction; it is taken out before the rest is looked at."""

    shown: Element

    def _refuse_what_no_question_has(self) -> None:
        interaction = next(iter(interactions_in(self.body)))
        found = [each for each in interaction if each.tag in SHOWN]
        if len(found) != 1:
            raise CannotTake("image")
        self.shown = found[0]
        remove(interaction, found[0])
        super()._refuse_what_no_question_has()


def read_picture_item(
    root: Element, language: str, marks: Sequence[str], album: Album, folder: str
) -> tuple[Draft, Fraction]:
    """Return the question on a picture of an item, and its most points. Raises CannotTake."""
    item = _PictureItem(root, language)
    draft = item.draft
    size = _take_picture(item, album, folder)
    draft.type, reader = ("hotspot", _areas) if item.interaction.tag == HOTSPOT else ("drag_on_image", _spots)
    run = Scorer(item.runs, item.response)
    tries = reader(item, size, run)
    draft.content["stem"] = item.stem()
    take_explanation(item)
    draft.read_marks(marks)
    points = _keep_scoring(item, run, tries)
    draft.note(*item.notes)
    return draft, points


def _take_picture(item: _PictureItem, album: Album, folder: str) -> tuple[Fraction, Fraction]:
    """Take the picture; return its size as the item reckons places on it."""
    shown = item.shown
    path = shown.get("data") or shown.get("src") or ""
    image = album.picture(posixpath.join(folder, path))
    words = clean_line(shown.get("alt") or inner_text(shown) or item.root.get("title") or "")[:ALT_LENGTH]
    item.draft.content["image"] = {**image, "alt": {"ar": words, "en": words}}
    item.draft.note(change("alt_once"))
    width, height = number(shown.get("width")), number(shown.get("height"))
    if not width or not height or width <= 0 or height <= 0:
        return Fraction(image["width"]), Fraction(image["height"])
    return Fraction(width), Fraction(height)


def _coords(element: Element) -> list[Fraction]:
    found = [number(each) for each in element.get("coords", "").split(",")]
    if not found or any(each is None for each in found):
        raise CannotTake("bad_numbers")
    return [Fraction(each) for each in found if each is not None]


def _tenths(at: Fraction, whole: Fraction) -> int:
    return min(max(round(at * WHOLE / whole), 0), WHOLE)


def _shape(element: Element, size: tuple[Fraction, Fraction]) -> tuple[str, list[int]]:
    """Return a shape in pixels as ours in tenths of a percent. Raises CannotTake."""
    shape, at = SHAPES.get(element.get("shape", "")), _coords(element)
    width, height = size
    if shape == "circle" and len(at) == 3:
        return shape, [_tenths(at[0], width), _tenths(at[1], height), _tenths(at[2], width)]
    if shape == "rectangle" and len(at) == 4:
        left, top = _tenths(at[0], width), _tenths(at[1], height)
        return shape, [left, top, _tenths(at[2], width) - left, _tenths(at[3], height) - top]
    if shape == "polygon" and not len(at) % 2:
        corners = [_tenths(each, height if place % 2 else width) for place, each in enumerate(at)]
        closed = len(corners) > 6 and corners[:2] == corners[-2:]
        return shape, corners[:-2] if closed else corners
    raise CannotTake("bad_shape_name")


def _middle(shape: str, at: Sequence[int]) -> list[int]:
    if shape == "circle":
        return list(at[:2])
    if shape == "rectangle":
        return [at[0] + at[2] // 2, at[1] + at[3] // 2]
    return [(min(side) + max(side)) // 2 for side in (at[::2], at[1::2])]


# --- Areas ----------------------------------------------------------------


def _areas(item: _PictureItem, size: tuple[Fraction, Fraction], run: Scorer) -> Tries:
    choices = item.interaction.findall("hotspotChoice")
    names = own_ids(choices, "g")
    right = _right_areas(item)
    if not right or not right <= set(names):
        raise CannotTake("no_key")
    regions: list[dict[str, Any]] = []
    for place, choice in enumerate(choices, start=1):
        name = choice.get("identifier", "")
        shape, at = _shape(choice, size)
        label = clean_line(choice.get("hotspotLabel", ""))
        if not label:
            label = str(place)
            item.draft.note(change("labels_numbered"))
        text = filled(label, item.language)
        regions.append({"id": names[name], "text": text, "shape": shape, "at": at, "correct": name in right})
    item.draft.content["regions"] = regions
    limit = item.interaction.get("maxChoices", "1")
    most = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 4 else 0
    if most and most != len(right):
        item.draft.content["most"] = most
    return _marked(run, names, right, most or len(right))


def _right_areas(item: _PictureItem) -> set[str]:
    found = {str(each) for each in item.response.correct.members}
    entries = item.response.mapping.entries if item.response.mapping else ()
    return found or {key for key, points, _case in entries if points > 0}


def _marked(run: Scorer, names: Mapping[str, str], right: set[str], most: int) -> Tries:
    yield NULL, None
    sizes = range(1, min(most, len(names)) + 1)
    sets = chain.from_iterable(combinations(names, size) for size in sizes)
    whole = tuple(name for name in names if name in right)
    for chosen in chain([whole], islice(sets, MOST_TRIES)):
        if len(chosen) <= most:
            yield run.value(chosen), {"regions": sorted(names[name] for name in chosen), "points": []}


# --- Labels ----------------------------------------------------------------


def _spots(item: _PictureItem, size: tuple[Fraction, Fraction], run: Scorer) -> Tries:
    if item.interaction.find("gapImg") is not None:
        raise CannotTake("image")
    labels, spots = item.interaction.findall("gapText"), item.interaction.findall("associableHotspot")
    names, places = own_ids(labels, "b"), own_ids(spots, "s")
    pairs = [text.split() for text in _right_pairs(item)]
    if any(len(pair) != 2 or pair[0] not in names or pair[1] not in places for pair in pairs):
        raise CannotTake("not_understood")
    item.draft.content |= {
        "labels": [{"id": names[each.get("identifier", "")], "text": item.text(each)} for each in labels],
        "spots": [{"id": places[each.get("identifier", "")], "at": _middle(*_shape(each, size))} for each in spots],
        "answer": {places[spot]: names[label] for label, spot in pairs},
    }
    return _put(run, names, places, dict((spot, label) for label, spot in pairs))


def _right_pairs(item: _PictureItem) -> list[str]:
    found = [str(each) for each in item.response.correct.members]
    entries = item.response.mapping.entries if item.response.mapping else ()
    return found or [key for key, points, _case in entries if points > 0]


def _put(run: Scorer, names: Mapping[str, str], places: Mapping[str, str], right: Mapping[str, str]) -> Tries:
    yield NULL, None
    left_out = ({spot: label for spot, label in right.items() if spot != gone} for gone in right)
    changed = ({**right, spot: label} for spot in right for label in names)
    alone = ({spot: label} for spot in places for label in names)
    for put in islice(chain([dict(right)], left_out, changed, alone), MOST_TRIES):
        if put:
            told = (f"{label} {spot}" for spot, label in put.items())
            yield run.value(told), {"pairs": {places[spot]: names[label] for spot, label in put.items()}}


def _keep_scoring(item: _PictureItem, run: Scorer, tries: Tries) -> Fraction:
    if item.root.find("responseProcessing") is None:
        item.draft.note(change("unscored"))
        return Fraction(1)
    try:
        made = [(run.score(theirs), ours) for theirs, ours in tries]
    except NotUnderstood as error:
        raise CannotTake("custom_scoring") from error
    return agree(item.draft, item.runs, [ours for _score, ours in made], [score for score, _ours in made])
