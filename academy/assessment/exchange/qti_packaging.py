"""Writing a QTI package: an item for each question, a test that weighs them, and the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from academy.assessment.exchange.pictures import picture_path
from academy.assessment.exchange.qti_gaps import broken_lines, name_of
from academy.assessment.exchange.qti_pictures import losses_of_picture
from academy.assessment.exchange.qti_writing import WRITERS, brought_to_3, most_of, write_item
from academy.assessment.exchange.safe_zip import packed
from academy.assessment.exchange.shape import Exported, Note, Taken, change, loss, marks_of, refusal
from academy.assessment.exchange.texts import other_language
from academy.base.text import LocalizedText

KEPT = "qti"
LOM = "http://ltsc.ieee.org/xsd/LOM"


@dataclass(frozen=True, slots=True)
class _Version:
    """What differs between the versions besides the names of elements."""

    items: str
    package: str
    resource: str
    schema: str
    schema_version: str


VERSIONS = {
    "2.1": _Version(
        "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imscp_v1p1", "xmlv2p1",
        "QTIv2.1 Package", "1.0.0",
    ),
    "2.2": _Version(
        "http://www.imsglobal.org/xsd/imsqti_v2p2", "http://www.imsglobal.org/xsd/imscp_v1p1", "xmlv2p2",
        "QTIv2.2 Package", "1.0.0",
    ),
    "3.0": _Version(
        "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "xmlv3p0",
        "QTI Package", "3.0.0",
    ),
}  # fmt: skip


def write_qti(questions: Sequence[Taken], pictures: Mapping[str, bytes], language: str, version: str) -> Exported:
    """Return the questions as a QTI package of a version ("2.1", "2.2" or "3.0") in one language."""
    given = list(questions)
    questions = [question for question in given if _has_place(question, version)]
    of, names = VERSIONS[version], _names(questions)
    items = [
        None if question.type == KEPT else write_item(question, name, language)
        for question, name in zip(questions, names, strict=True)
    ]
    most = [_most(question, item) for question, item in zip(questions, items, strict=True)]
    files = {"imsmanifest.xml": _bytes(_manifest(questions, names, of))}
    for name, item, question in zip(names, items, questions, strict=True):
        whole = _shaped(item, version) if item is not None else as_it_came(question.content["item"])
        files[f"items/{name}.xml"] = whole
        if "image" in question.content:
            files[picture_path(question.content)] = pictures.get(question.content["image"]["key"], b"")
    files["test.xml"] = _shaped(_test(most, questions, names), version)
    notes = {place: _losses(question, language, version) for place, question in enumerate(given)}
    return Exported(packed(files), f"qti-{version}.zip", "application/zip", notes)


def _has_place(question: Taken, version: str) -> bool:
    """Whether a version has the type; in QTI 2.1 labels on a picture are pictures themselves."""
    if question.type == "drag_on_image" and version == "2.1":
        return False
    return question.type in WRITERS or question.type == KEPT


def _shaped(tree: Element, version: str) -> bytes:
    shaped = brought_to_3(tree) if version == "3.0" else tree
    if version == "3.0":
        _wrap_modal(shaped)
    shaped.set("xmlns", VERSIONS[version].items)
    return _bytes(shaped)


def _most(question: Taken, item: Element | None) -> Fraction:
    """Return the most points an item gives, by which its weight is reckoned."""
    return Fraction(most_of(item)) if item is not None else Fraction(question.content["most"])


def as_it_came(source: str) -> bytes:
    """Return the file of an item that was kept."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{source}\n'.encode()


def _version_of(source: str) -> str:
    """Return the QTI version that the namespace of a kept item names; the oldest when it names none."""
    return next((name for name, of in VERSIONS.items() if of.items in source[:2000]), "2.1")


def _names(questions: Sequence[Taken]) -> list[str]:
    """Return a name for each question that no other has, whatever the case of its letters."""
    found: list[str] = []
    used: set[str] = set()
    for place, question in enumerate(questions, start=1):
        name = name_of(question.key or f"q{place}")
        while name.casefold() in used:
            name += "_"
        used.add(name.casefold())
        found.append(name)
    return found


def _losses(question: Taken, language: str, version: str) -> list[Note]:
    if question.type == KEPT:
        return []
    if not _has_place(question, version):
        return [refusal("format_lacks_type")]
    content = question.content
    said = [loss("other_language")] if other_language(content, language) else []
    kinds = {gap["kind"] for gap in content.get("gaps") or ()}
    if question.type == "short_text" or "typed" in kinds:
        said.append(change("strict_answers"))
    if question.type == "gap_fill" and broken_lines(content, language):
        said.append(change("one_line"))
    if "drag" in kinds and len(kinds) > 1:
        said.append(change("drag_as_list"))
    if "image" in content:
        said += losses_of_picture(content)
    if LocalizedText.of(content.get("hint")):
        said.append(loss("hints"))
    if question.type == "categories":
        said.append(change("as_pairs"))
    if content.get("tolerance_kind"):
        said.append(change("absolute_tolerance"))
    if content.get("units"):
        said.append(loss("units"))
    if content.get("unit_rule"):
        said.append(loss("unit_rule"))
    return said


def _wrap_modal(root: Element) -> None:
    """In QTI 3 modal feedback holds a content body."""
    for modal in root.findall("qti-modal-feedback"):
        body = Element("qti-content-body")
        body.text, modal.text = modal.text, None
        body.extend(list(modal))
        for child in list(modal):
            modal.remove(child)
        modal.append(body)


def _bytes(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _test(most: Sequence[Fraction], questions: Sequence[Taken], names: Sequence[str]) -> Element:
    test = Element("assessmentTest", identifier="test", title="Questions")
    part = SubElement(test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    section = SubElement(part, "assessmentSection", identifier="section", title="Questions", visible="true")
    for highest, question, name in zip(most, questions, names, strict=True):
        place = SubElement(section, "assessmentItemRef", identifier=name, href=f"items/{name}.xml")
        weight = f"{float(question.points / highest):.5f}".rstrip("0").rstrip(".")
        SubElement(place, "weight", identifier="POINTS", value=weight)
    return test


def _manifest(questions: Sequence[Taken], names: Sequence[str], of: _Version) -> Element:
    root = Element("manifest", {"xmlns": of.package, "identifier": "package"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = of.schema
    SubElement(metadata, "schemaversion").text = of.schema_version
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    test = SubElement(
        resources, "resource", identifier="test-resource", type=f"imsqti_test_{of.resource}", href="test.xml"
    )
    SubElement(test, "file", href="test.xml")
    for question, name in zip(questions, names, strict=True):
        _resource(resources, question, name, of)
        SubElement(test, "dependency", identifierref=f"{name}-resource")
    indent(root)
    return root


def _resource(resources: Element, question: Taken, name: str, of: _Version) -> None:
    path = f"items/{name}.xml"
    kept = VERSIONS[_version_of(question.content["item"])] if question.type == KEPT else of
    made = SubElement(
        resources, "resource", identifier=f"{name}-resource", type=f"imsqti_item_{kept.resource}", href=path
    )
    general = SubElement(SubElement(SubElement(made, "metadata"), "lom", xmlns=LOM), "general")
    for mark in marks_of(question):
        SubElement(SubElement(general, "keyword"), "string", language="en").text = mark
    SubElement(made, "file", href=path)
    if "image" in question.content:
        SubElement(made, "file", href=picture_path(question.content))
