"""Reading QTI files: one item, or a package with its manifest."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.qti_keeping import keep_item
from academy.assessment.exchange.qti_one import ROOT as VERSION_1
from academy.assessment.exchange.qti_one import read_version_1
from academy.assessment.exchange.qti_reading import ITEM, brought_to_2, label_of_item, read_item
from academy.assessment.exchange.safe_xml import inner_text, parse
from academy.assessment.exchange.safe_zip import PICTURES, files_of
from academy.assessment.exchange.shape import (
    MOST_QUESTIONS,
    CannotTake,
    Entry,
    Refused,
    UnreadableQuestions,
    label_of,
    refusal,
)

MANIFEST = "imsmanifest.xml"
OF_PICTURES = ("picture_missing", "picture_broken")
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class _Resource:
    """An item that a manifest names, with its keywords."""

    path: str
    keywords: tuple[str, ...] = ()


def read_qti_item(data: bytes, language: Callable[[str], str]) -> tuple[list[Entry], str]:
    """Return the one question of an item's file, or those of a file of QTI 1.2, and the language used."""
    opened = parse(data)
    if opened.tag == VERSION_1:
        return read_version_1(opened, language)
    root = brought_to_2(opened)
    if root.tag != ITEM:
        raise UnreadableQuestions("not_qti")
    told = language(inner_text(root.find("itemBody")))
    return [_entry(root, _source(data), told, _Resource(""), None, Album())], told


def read_qti_package(data: bytes, language: Callable[[str], str]) -> tuple[list[Entry], str, Album]:
    """Return each item of a package, taken or refused, in the order of its manifest, the language, and its pictures."""
    album = Album(files_of(data, (".xml", *PICTURES)))
    files = album.files
    resources, weights = _contents(files)
    if not resources:
        return *_of_version_1(files, language), album
    if len(resources) > MOST_QUESTIONS:
        raise UnreadableQuestions("too_many")
    roots = {resource.path: _item(files.get(resource.path)) for resource in resources}
    told = language(" ".join(inner_text(root.find("itemBody")) for root in roots.values() if root is not None))
    entries: list[Entry] = []
    for resource in resources:
        root = roots[resource.path]
        if root is None:
            missing = resource.path not in files
            entries.append(Refused(label_of(resource.path), refusal("external" if missing else "bad_item")))
        else:
            source = _source(files[resource.path])
            entries.append(_entry(root, source, told, resource, weights.get(resource.path), album))
    return entries, told, album


def _of_version_1(files: Mapping[str, bytes], language: Callable[[str], str]) -> tuple[list[Entry], str]:
    """Return the questions of a package of QTI 1.2: one file or several, each with its items."""
    roots = [root for name in sorted(files) if name.endswith(".xml") and (root := _root(files[name])) is not None]
    items = Element(VERSION_1)
    for root in roots:
        items.extend(root.iter("item") if root.tag == VERSION_1 else ())
    if not len(items):
        raise UnreadableQuestions("zip_without_items")
    return read_version_1(items, language)


def _entry(root: Element, source: str, language: str, resource: _Resource, weight: str | None, album: Album) -> Entry:
    """Take an item as a question of our own types; else as it is, run by its own rules; else refuse it."""
    label, folder = label_of_item(root), posixpath.dirname(resource.path)
    shown = None
    try:
        return read_item(root, language, resource.keywords, weight, album, folder)
    except CannotTake as refused:
        shown = refused.reason if refused.reason.code in OF_PICTURES else None
    try:
        return keep_item(source, language, resource.keywords, weight)
    except CannotTake as refused:
        return Refused(label, shown or refused.reason)


def _source(data: bytes) -> str:
    """Return the text of an XML document as it came, without its declaration."""
    found = _ENCODING.match(data[:200])
    declared = found.group(1).decode("ascii") if found else "utf-8"
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else declared
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return ""
    return _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1).strip()


def _item(data: bytes | None) -> Element | None:
    root = _root(data)
    return root if root is not None and root.tag == ITEM else None


def _root(data: bytes | None) -> Element | None:
    try:
        return brought_to_2(parse(data)) if data is not None else None
    except UnreadableQuestions:
        return None


def _contents(files: Mapping[str, bytes]) -> tuple[list[_Resource], dict[str, str]]:
    """Return the items of a package and the weights its tests give them; without a manifest every item file counts."""
    path = min((name for name in files if posixpath.basename(name) == MANIFEST), key=len, default=None)
    manifest = parse(files[path]) if path is not None else None
    if manifest is None or path is None:
        return [_Resource(name) for name in files if _item(files[name]) is not None], {}
    base = posixpath.dirname(path)
    items: list[_Resource] = []
    weights: dict[str, str] = {}
    for resource in manifest.iter("resource"):
        kind, href = resource.get("type", ""), resource.get("href", "")
        where = _joined(base, href)
        if kind.startswith("imsqti_item"):
            items.append(_Resource(where, tuple(_keywords(resource))))
        elif kind.startswith(("imsqti_test", "imsqti_assessment")):
            weights |= _weights(_root(files.get(where)), posixpath.dirname(where))
    return items, weights


def _joined(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _keywords(resource: Element) -> list[str]:
    return [inner_text(keyword).strip() for keyword in resource.iter("keyword")]


def _weights(test: Element | None, folder: str) -> dict[str, str]:
    if test is None:
        return {}
    found = {}
    for place in test.iter("assessmentItemRef"):
        weight = place.find("weight")
        if weight is not None and weight.get("value"):
            found[_joined(folder, place.get("href", ""))] = weight.get("value", "1")
    return found
