"""Kinds and values put into words: for the page with `<bdi>`, for letters with invisible isolates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from academy.base.i18n import _, direction, in_language
from academy.base.numbers import format_number
from academy.base.text import isolate
from academy.notices import own_words
from academy.notices.kinds import Kind
from academy.notices.own_words import SHIPPED, OwnWords
from academy.notices.rules import Reader, written
from academy.notices.values import PHRASES, phrases_of

_mail = Environment(
    loader=PackageLoader("academy.notices", "templates/notices/mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language."""

    title: str
    paragraphs: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True)
class LetterWords:
    """A letter in one language, ready to be handed in."""

    subject: str
    text: str
    html: str


def _isolated(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def for_page(kind: Kind, values: Mapping[str, Any], reader: Reader) -> Words:
    """Word a message for a page in the language of the request; every part is safe HTML."""
    return _words(kind, written(values, reader, _isolated), own_words.SHIPPED_PLACE, markup=True)


def _for_letter(kind: Kind, values: Mapping[str, Any], reader: Reader) -> Words:
    return _words(kind, written(values, reader, isolate), own_words.SHIPPED_PLACE, markup=False)


def in_own_words(kind: Kind, own: OwnWords, values: Mapping[str, Any], reader: Reader, *, markup: bool) -> Words:
    """Word a letter as the academy has reworded its kind; as markup every part is safe HTML.

    To be called inside the reader's language.
    """
    if not own:
        return for_page(kind, values, reader) if markup else _for_letter(kind, values, reader)
    given = written(values, reader, _isolated if markup else isolate)
    for name in phrases_of(given.keys() & set(own_words.variables(kind))):
        number = Decimal(values[PHRASES[name].of]["number"])
        given[name] = PHRASES[name].say(int(number), format_number(number, reader.digits))
    return _words(own_words.reworded(kind, own, reader.language), given, own_words.PLACE, markup=markup)


def _words(kind: Kind, values: Mapping[str, str], places: re.Pattern[str], *, markup: bool) -> Words:
    def fill(sentence: object) -> str:
        if not markup:
            return places.sub(lambda place: values.get(place[1], ""), str(sentence))
        return Markup(places.sub(lambda place: str(escape(values.get(place[1], ""))), str(escape(str(sentence)))))

    said = tuple(fill(line) for line in kind.body if {*places.findall(str(line))} <= values.keys())
    return Words(fill(kind.title), said, str(kind.action))


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a letter's words. `stop` is the address that stops letters like it, "" when nothing can."""

    name: str
    academy: str
    stop: str
    choose: str


@dataclass(frozen=True, slots=True)
class Line:
    """One notice of a digest: its kind, its packed values, the whole address it leads to."""

    kind: Kind
    values: Mapping[str, Any]
    address: str


def letter(
    kind: Kind, values: Mapping[str, Any], reader: Reader, frame: Frame, *, address: str, own: OwnWords = SHIPPED
) -> LetterWords:
    """Write a letter in its reader's language. `address` is the whole https address of its button; "" for none."""
    with in_language(reader.language):
        plain = in_own_words(kind, own, values, reader, markup=False)
        rich = in_own_words(kind, own, values, reader, markup=True)
        return _rendered("letter", plain.title, reader, frame, address, {"words": plain}, {"words": rich}, kind)


def digest(
    kind: Kind, values: Mapping[str, Any], lines: Sequence[Line], reader: Reader, frame: Frame, *, address: str,
    own: OwnWords = SHIPPED,
) -> LetterWords:  # fmt: skip
    """Write the letter that gathers several notices, grouped by kind, in its reader's language."""
    with in_language(reader.language):
        plain = in_own_words(kind, own, values, reader, markup=False)
        rich = in_own_words(kind, own, values, reader, markup=True)
        groups: dict[str, list[Line]] = {}
        for line in lines:
            groups.setdefault(line.kind.name, []).append(line)
        said = [
            (str(of[0].kind.label), [(_for_letter(x.kind, x.values, reader), x.address) for x in of])
            for of in groups.values()
        ]
        marked = [
            (str(of[0].kind.label), [(for_page(x.kind, x.values, reader), x.address) for x in of])
            for of in groups.values()
        ]
        only = {"words": plain, "groups": said}, {"words": rich, "groups": marked}
        return _rendered("digest", plain.title, reader, frame, address, *only, kind)


def _rendered(
    template: str, subject: str, reader: Reader, frame: Frame, address: str,
    plain: Mapping[str, Any], rich: Mapping[str, Any], kind: Kind,
) -> LetterWords:  # fmt: skip
    shared = {
        "lang": reader.language,
        "direction": direction(reader.language),
        "address": address,
        "stop": frame.stop,
        "stop_words": _("Stop letters like this one"),
        "choose": frame.choose,
        "choose_words": _("Choose my letters"),
        "reason": str(kind.needed)
        or _("You receive this letter because you have an account there. Nobody reads answers to it."),
    }
    greeting = _("Hello %(name)s,", name=isolate(frame.name))
    text = _mail.get_template(f"{template}.txt").render(
        **shared, **plain, academy=isolate(frame.academy), greeting=greeting
    )
    greeting = Markup(escape(_("Hello %(name)s,"))) % {"name": _isolated(frame.name)}
    html = _mail.get_template(f"{template}.html").render(
        **shared, **rich, subject=subject, academy=_isolated(frame.academy), greeting=greeting
    )
    return LetterWords(subject, text.strip() + "\n", html)
