"""Texts of files: the language they fill, and HTML brought to plain text."""

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from academy.assessment.exchange.shape import CannotTake, loss
from academy.base.text import LocalizedText, clean_block, has_arabic

LANGUAGES = ("ar", "en")
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
PLAIN = frozenset(["p", "br", "div", "span"])
MEDIA = frozenset(
    ["img", "object", "video", "audio", "iframe", "embed", "canvas", "svg", "picture", "source", "applet"]
)
SILENT = frozenset(["script", "style", "head", "title", "template"])
_SPACES = re.compile("[ \t\n\r\f]+")
_FORMULA = re.compile(r"(\\)([(\[])|(?<=\$)()(?=\$)")
_NO_TAG = re.compile("<(?!/?[A-Za-z][^<>]{0,4000}>)")
_LATIN = re.compile("[A-Za-z]")
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3]")
_TAG = re.compile("<[^<>]{0,4000}>")


def language_of(text: str) -> str:
    """Return the language of a file that nobody named: Arabic when one letter in five is Arabic, else English.

    An English file may hold Arabic answers that count as right, and an Arabic one the many Latin letters of its format.
    """
    words = _TAG.sub(" ", text)
    arabic, latin = len(_ARABIC.findall(words)), len(_LATIN.findall(words))
    return "ar" if arabic and arabic * 4 >= latin else "en"


def filled(text: str, language: str) -> dict[str, str]:
    """Return a text that is there in one language only."""
    return LocalizedText(**{language: clean_block(text)}).as_dict()


def accepted(answers: Sequence[str], language: str) -> dict[str, list[str]]:
    """Return accepted answers by the language of their letters; those without letters go to the file's language."""
    found: dict[str, list[str]] = {"ar": [], "en": []}
    for answer in answers:
        text = clean_block(answer)
        where = "ar" if has_arabic(text) else "en" if _LATIN.search(text) else language
        if text and text not in found[where]:
            found[where].append(text)
    return found


class _Reader(HTMLParser):
    """Gathers text by language; remembers whether anything but paragraphs stood in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str | None, str]] = []
        self.spans: list[str | None] = []
        self.silent = 0
        self.formatted = self.media = self.multilingual = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note media and formatting, break lines at blocks, follow languages."""
        given = dict(attrs)
        if tag in SILENT:
            self.silent += 1
        if tag in MEDIA:
            self.media = True
        language = self._language(given) if tag == "span" else None
        if tag not in PLAIN or (set(given) - {"dir", "lang"} and not language):
            self.formatted = True
        if tag == "span":
            self.spans.append(language)
        if tag in BLOCKS or tag == "br":
            self._add("\n" if tag == "br" else "\v")
        if tag == "li":
            self._add("- ")

    def _language(self, given: dict[str, str | None]) -> str | None:
        if "multilang" not in (given.get("class") or "").split():
            return None
        self.multilingual = True
        code = (given.get("lang") or "").lower()[:2]
        return code if code in LANGUAGES else "other"

    def handle_endtag(self, tag: str) -> None:
        """Leave a language, end a block."""
        if tag in SILENT and self.silent:
            self.silent -= 1
        if tag == "span" and self.spans:
            self.spans.pop()
        if tag in BLOCKS:
            self._add("\v")

    def handle_data(self, data: str) -> None:
        """Take text, with single spaces."""
        if not self.silent:
            self._add(_SPACES.sub(" ", data))

    def _add(self, text: str) -> None:
        language = next((code for code in reversed(self.spans) if code), None)
        self.pieces.append((language, text))

    def text(self, language: str) -> str:
        """Return the text for readers of a language."""
        joined = "".join(text for code, text in self.pieces if code in (None, language))
        joined = re.sub("[ ]*\v[ \v]*", "\v", joined).strip("\v \n")
        return clean_block(re.sub(" *\n *", "\n", joined.replace("\v", "\n")))


def plain_text(source: str, draft_notes: list[Any], *, strict: bool = True) -> str:
    """Return HTML as plain text, noting lost formatting; CannotTake for media unless they may be dropped."""
    reader = _read(source)
    _note(reader, draft_notes, strict)
    return reader.text("other")


def localized(source: str, language: str, notes: list[Any], *, strict: bool = True) -> dict[str, str]:
    """Return HTML as a text; Moodle's multi-language spans fill both languages, anything else the file's."""
    reader = _read(source)
    _note(reader, notes, strict)
    if not reader.multilingual:
        return filled(reader.text(language), language)
    return {code: reader.text(code) if _speaks(reader, code) else "" for code in LANGUAGES}


def _speaks(reader: _Reader, code: str) -> bool:
    return any(language == code and text.strip() for language, text in reader.pieces)


def _sound(source: str) -> str:
    """Return HTML without comments and with every < that begins no whole tag as text.

    Python's parser starts over at each unfinished tag: on a page of nothing but < it would take minutes.
    """
    kept, place = [], 0
    while (start := source.find("<!--", place)) >= 0:
        kept.append(source[place:start])
        end = source.find("-->", start)
        place = end + 3 if end >= 0 else len(source)
    return _NO_TAG.sub("&lt;", "".join([*kept, source[place:]]))


def _read(source: str) -> _Reader:
    reader = _Reader()
    reader.feed(_sound(source))
    reader.close()
    return reader


def _note(reader: _Reader, notes: list[Any], strict: bool) -> None:
    if reader.media and strict:
        raise CannotTake("image")
    if (reader.formatted or reader.media) and loss("formatting") not in notes:
        notes.append(loss("formatting"))


def as_html(text: str) -> str:
    """Return plain text as HTML, in which Moodle takes nothing for the beginning of a formula."""
    return _FORMULA.sub(r"\1<span></span>\2", html.escape(text, quote=False)).replace("\n", "<br>")


def bilingual_line(text: LocalizedText) -> str:
    """Return a text of one line as Moodle's multi-language filter wants it, plain HTML where there is one language."""
    if not text.complete:
        return as_html(text.ar or text.en)
    return "".join(
        f'<span lang="{code}" class="multilang">{as_html(part)}</span>' for code, part in text.as_dict().items()
    )


def bilingual_html(text: LocalizedText) -> str:
    """Return a text as HTML, two languages as Moodle's multi-language filter wants them."""
    return f"<p>{bilingual_line(text)}</p>"


def has_text_in(value: object, language: str) -> bool:
    """Whether any text inside a question's content is there in a language."""
    if isinstance(value, dict):
        if set(value) <= set(LANGUAGES):
            return isinstance(value.get(language), str) and bool(value.get(language))
        return any(has_text_in(inner, language) for inner in value.values())
    return isinstance(value, list) and any(has_text_in(inner, language) for inner in value)


def other_language(content: Any, language: str) -> bool:
    """Whether a question says something in the language that an export leaves out."""
    return has_text_in(dict(content), "en" if language == "ar" else "ar")
