"""Writing questions on pictures as QTI items: areas as hotspots, labels as a graphic gap match.

Places become whole pixels of the picture; the spots of labels, which are points here, become small circles.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.exchange.pictures import media_type, picture_path
from academy.assessment.exchange.qti_gaps import name_of
from academy.assessment.exchange.shape import Note, change
from academy.assessment.types.pictures import WHOLE
from academy.base.text import LocalizedText

SHAPES = {"rectangle": "rect", "circle": "circle", "polygon": "poly"}
RADIUS = 25


def losses_of_picture(content: Mapping[str, Any]) -> list[Note]:
    """Return what changes about the places of a question on a picture."""
    said = []
    places = [*content.get("regions", ()), *content.get("spots", ())]
    if any(not _exact(content, each) for each in places):
        said.append(change("whole_pixels"))
    return [*said, change("spots_as_circles")] if content.get("spots") else said


def _exact(content: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    """Whether pixels say a place so that the same tenths of a percent come out of them."""
    sides = _sides(content, place.get("shape", ""), len(place["at"]))
    ends = _ends(place.get("shape", ""), place["at"])
    return all(round(_pixel(at, side) * WHOLE / side) == at for at, side in zip(ends, sides, strict=True))


def _sides(content: Mapping[str, Any], shape: str, count: int) -> list[int]:
    width, height = content["image"]["width"], content["image"]["height"]
    return [width, height, width] if shape == "circle" else [width, height] * (count // 2)


def _ends(shape: str, at: Sequence[int]) -> list[int]:
    return [at[0], at[1], at[0] + at[2], at[1] + at[3]] if shape == "rectangle" else list(at)


def _pixel(at: int, side: int) -> int:
    return round(at * side / WHOLE)


def _coords(content: Mapping[str, Any], shape: str, at: Sequence[int]) -> str:
    sides = _sides(content, shape, len(at))
    return ",".join(str(_pixel(*each)) for each in zip(_ends(shape, at), sides, strict=True))


def _picture(made: Element, content: Mapping[str, Any], language: str) -> None:
    image = content["image"]
    shown = SubElement(
        made, "object", data=f"../{picture_path(content)}", type=media_type(content),
        width=str(image["width"]), height=str(image["height"]),
    )  # fmt: skip
    shown.text = LocalizedText.of(image["alt"]).show(language)


def area_names(content: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the names of the right areas and of all."""
    names = [name_of(region["id"]) for region in content["regions"]]
    return [name_of(region["id"]) for region in content["regions"] if region.get("correct")], names


def add_areas(made: Element, content: Mapping[str, Any], language: str) -> None:
    """Add the picture and its areas to a hotspot interaction."""
    _picture(made, content, language)
    for region in content["regions"]:
        SubElement(
            made, "hotspotChoice", identifier=name_of(region["id"]), shape=SHAPES[region["shape"]],
            coords=_coords(content, region["shape"], region["at"]),
            hotspotLabel=LocalizedText.of(region["text"]).show(language),
        )  # fmt: skip


def spot_pairs(content: Mapping[str, Any]) -> list[str]:
    """Return the right pairs of labels and spots."""
    return [f"L{name_of(label)} S{name_of(spot)}" for spot, label in content["answer"].items()]


def add_spots(made: Element, content: Mapping[str, Any], language: str) -> None:
    """Add the picture, the labels and the spots to a graphic gap match."""
    _picture(made, content, language)
    for label in content["labels"]:
        text = SubElement(made, "gapText", identifier=f"L{name_of(label['id'])}", matchMax="1")
        first, *rest = LocalizedText.of(label["text"]).show(language).split("\n")
        text.text = first
        for line in rest:
            SubElement(text, "br").tail = line
    for spot in content["spots"]:
        x, y = _coords(content, "", spot["at"]).split(",")
        SubElement(
            made, "associableHotspot", identifier=f"S{name_of(spot['id'])}", shape="circle",
            coords=f"{x},{y},{RADIUS}", matchMax="1",
        )  # fmt: skip
