"""Labels on a picture in Moodle XML: read from "ddimageortext" and "ddmarker", written as the former.

Moodle puts the picture into the question, <file encoding="base64">; places are pixels. It has no words for a picture,
so ours stand in attributes of the file, which Moodle passes over.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.exchange.pictures import LARGEST, Album
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, Note, change
from academy.assessment.exchange.texts import LANGUAGES, bilingual_line
from academy.assessment.types.pictures import ALT_LENGTH, WHOLE
from academy.base.text import LocalizedText, clean_line

_NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,10})?")


# --- Writing ----------------------------------------------------------------


def write_labels(made: Element, content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> None:
    """Add the picture, the labels and the spots."""
    image, places = content["image"], {each["id"]: place for place, each in enumerate(content["labels"], start=1)}
    SubElement(made, "shuffleanswers").text = "1"
    words = {f"words-{code}": text for code, text in LocalizedText.of(image["alt"]).as_dict().items()}
    file = SubElement(made, "file", {"name": image["key"], "path": "/", "encoding": "base64", **words})
    file.text = b64encode(pictures.get(image["key"], b"")).decode()
    for label in content["labels"]:
        drag = SubElement(made, "drag")
        SubElement(drag, "no").text = str(places[label["id"]])
        SubElement(drag, "text").text = bilingual_line(LocalizedText.of(label["text"]))
        SubElement(drag, "draggroup").text = "1"
    for number, spot in enumerate(content["spots"], start=1):
        drop = SubElement(made, "drop")
        SubElement(drop, "text")
        SubElement(drop, "no").text = str(number)
        SubElement(drop, "choice").text = str(places[content["answer"][spot["id"]]])
        for name, pixels in zip(("xleft", "ytop"), _pixels(content, spot), strict=True):
            SubElement(drop, name).text = str(pixels)


def losses_of_labels(content: Mapping[str, Any]) -> list[Note]:
    """Return what other systems make of labels on a picture."""
    said = [change("spots_as_corners"), change("picture_words_ours")]
    exact = all(spot["at"] == _tenths(_pixels(content, spot), _sides(content["image"])) for spot in content["spots"])
    return said if exact else [*said, change("whole_pixels")]


def _sides(image: Mapping[str, Any]) -> tuple[int, int]:
    return image["width"], image["height"]


def _pixels(content: Mapping[str, Any], spot: Mapping[str, Any]) -> list[int]:
    sides = zip(spot["at"], _sides(content["image"]), strict=True)
    return [round(tenths * side / WHOLE) for tenths, side in sides]


# --- Reading ----------------------------------------------------------------


def read_labels(draft: Draft, question: Element, texts: Any) -> None:
    """Take the picture, its labels and where they belong."""
    draft.type = "drag_on_image"
    image = _picture(question, texts.album)
    draft.content["image"] = {**image, "alt": _words(draft, question)}
    labels, groups = {}, set()
    for place, drag in enumerate(question.findall("drag"), start=1):
        if drag.find("file") is not None:
            raise CannotTake("image")
        labels[_said(drag, "no") or str(place)] = {"id": f"b{place}", "text": texts.read_text(drag.find("text"))}
        groups.add(_said(drag, "draggroup"))
    spots = [_place(drop, question.get("type", "")) for drop in question.findall("drop")]
    chosen = [labels.get(_said(drop, "choice"), {"id": ""})["id"] for drop in question.findall("drop")]
    draft.content |= {
        "labels": list(labels.values()),
        "spots": [{"id": f"s{n}", "at": _tenths(at, _sides(image))} for n, at in enumerate(spots, start=1)],
        "answer": {f"s{n}": label for n, label in enumerate(chosen, start=1)},
    }
    if len(groups) > 1:
        draft.note(change("one_bank"))
    if question.get("type") == "ddmarker":
        draft.note(change("zones_as_spots"))
    elif change("alt_of_name") in draft.notes:  # Our own files begin a field where the spot is.
        draft.note(change("corners_as_spots"))


def _said(element: Element, name: str) -> str:
    return inner_text(element.find(name)).strip()


def _picture(question: Element, album: Album) -> dict[str, Any]:
    file = question.find("file")
    if file is None:
        raise CannotTake("no_picture")
    name, source = file.get("name", "")[:80], "".join((file.text or "").split())
    if file.get("encoding") != "base64" or len(source) > LARGEST * 4 // 3 + 4:
        raise CannotTake("picture_broken", name=name)
    try:
        return album.take(name, b64decode(source, validate=True))
    except binascii.Error as error:
        raise CannotTake("picture_broken", name=name) from error


def _words(draft: Draft, question: Element) -> dict[str, str]:
    given = question.find("file")
    file = given if given is not None else Element("file")
    said = {code: clean_line(file.get(f"words-{code}", ""))[:ALT_LENGTH] for code in LANGUAGES}
    if all(said.values()):
        return said
    draft.note(change("alt_of_name"))
    name = clean_line(inner_text(question.find("name/text")))[:ALT_LENGTH]
    return {code: said[code] or name for code in LANGUAGES}


def _place(drop: Element, type: str) -> Sequence[float]:
    if type == "ddimageortext":
        return _numbers(f"{_said(drop, 'xleft')},{_said(drop, 'ytop')}")[:2]
    at = _numbers(_said(drop, "coords"))
    shape = _said(drop, "shape")
    if shape == "circle":
        return at[:2]
    if shape == "rectangle" and len(at) == 4:
        return [at[0] + at[2] / 2, at[1] + at[3] / 2]
    if shape in ("polygon", "poly") and len(at) >= 6 and not len(at) % 2:
        return [(min(side) + max(side)) / 2 for side in (at[::2], at[1::2])]
    raise CannotTake("bad_shape_name")


def _numbers(typed: str) -> list[float]:
    parts = [part.strip() for part in re.split("[,;]", typed)]
    if len(parts) < 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise CannotTake("bad_numbers")
    return [float(part) for part in parts]


def _tenths(pixels: Sequence[float], sides: Sequence[int]) -> list[int]:
    """Return pixels as tenths of a percent; what lies outside comes to the edge."""
    return [min(WHOLE, max(0, round(pixel * WHOLE / side))) for pixel, side in zip(pixels, sides, strict=True)]
