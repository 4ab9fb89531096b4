"""Authored Markdown as safe HTML, with headings, directions and tables that fit the page around it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from academy.base.formulas import formulas, isolating_tag
from academy.base.text import has_arabic, without_controls

_TAG_LIST = """
    p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr br strong em s a img div table thead
    tbody tr th td bdi bdo
"""
_TAGS = set(_TAG_LIST.split())
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"tabindex", "role", "aria-label"},
}
_CLASSES = {
    "div": {"table-scroll"},
    "th": {"align-start", "align-center", "align-end"},
    "td": {"align-start", "align-center", "align-end"},
}
_SCHEMES = {"http", "https", "mailto"}
# Authors write left and right; the page only knows start and end.
_ALIGNMENTS = {
    "text-align:left": "align-start",
    "text-align:center": "align-center",
    "text-align:right": "align-end",
}
_OWN_TEXT = {"paragraph_open", "heading_open", "th_open", "td_open"}
_CONTAINERS = {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open", "list_item_open"}
_LONGEST_KEPT = 60_000

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# It sorts its rules at the first text; two threads with their first ones could meet them half sorted.
_parser.render("a")


def _first_direction(tokens: Sequence[Token]) -> str | None:
    """The direction of the first letter in the text of the tokens; None without letters."""
    for token in tokens:
        for child in token.children or []:
            for char in child.content if child.type in ("text", "image") else "":
                if (kind := unicodedata.bidirectional(char)) in ("L", "R", "AL"):
                    return "ltr" if kind == "L" else "rtl"
    return None


def _end_of(tokens: Sequence[Token], start: int) -> int:
    """The place of the token that closes the one at `start`."""
    level = tokens[start].level
    return next(
        place for place in range(start + 1, len(tokens)) if tokens[place].level == level and tokens[place].nesting < 0
    )


def _is_tight(tokens: Sequence[Token], start: int) -> bool:
    """Whether the list item at `start` holds its text directly, not in a paragraph with a direction of its own."""
    return start + 1 < len(tokens) and tokens[start + 1].hidden


def _direct(tokens: Sequence[Token]) -> None:
    """Give every block a direction.

    Blocks with text of their own get dir=auto. Containers get the direction of their first letter, because dir=auto
    does not look into elements with a direction of their own: the markers of an Arabic list would stand on the left.
    """
    for place, token in enumerate(tokens):
        if token.type in _OWN_TEXT or (token.type == "list_item_open" and _is_tight(tokens, place)):
            token.attrSet("dir", "auto")
        elif token.type in _CONTAINERS and (direction := _first_direction(tokens[place : _end_of(tokens, place)])):
            token.attrSet("dir", direction)


def _shift_headings(tokens: Sequence[Token], offset: int) -> None:
    """Move headings down by `offset`, and up where a level was skipped, so that the page's outline has no holes."""
    above = offset
    for token in tokens:
        if token.type == "heading_open":
            above = max(1, min(int(token.tag[1]) + offset, above + 1, 6))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{above}"


def _tidy_cells(tokens: Sequence[Token]) -> None:
    """Turn alignment styles, which our content policy forbids, into classes, and say that head cells head columns."""
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            alignment = _ALIGNMENTS.get(str(token.attrs.pop("style", "")))
            if alignment:
                token.attrSet("class", alignment)
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _is_own_file(address: str) -> bool:
    """Whether an image's address stays below /files/, however it is spelled."""
    plain = unquote(unquote(address))
    return plain.startswith("/files/") and ".." not in plain and "\\" not in plain


def _is_external(address: str) -> bool:
    """Whether a link leads to another host."""
    parts = urlsplit(address.strip())
    return bool(parts.netloc) or parts.scheme in ("http", "https") or address.startswith("//")


def _tidy_inline(token: Token) -> None:
    """Replace foreign images by their description, mark external links, keep code and bare addresses left to right."""
    children = token.children or []
    for place, child in enumerate(children):
        if child.type == "image":
            if _is_own_file(str(child.attrGet("src") or "")):
                child.attrSet("loading", "lazy")
            else:
                children[place] = Token("text", "", 0, content=child.content)
        elif child.type == "code_inline":
            child.attrSet("dir", "ltr")
        elif child.type == "link_open":
            if _is_external(str(child.attrGet("href") or "")):
                child.attrSet("rel", "noopener noreferrer")
            if child.info == "auto":
                child.attrSet("dir", "ltr")


def _isolate_formulas(token: Token) -> None:
    """Keep formulas in Arabic text left to right, those too of which a part is emphasised: 225 ÷ 300 = **75%**."""
    children = token.children or []
    words = "".join(_as_read(child) for child in children)
    if not has_arabic(words) or not (found := formulas(words)):
        return
    edges = sorted({edge for span in found for edge in span})
    token.children = children = [piece for child in _placed(children) for piece in _cut(*child, edges)]
    starts = [sum(len(_as_read(child)) for child in children[:place]) for place in range(len(children) + 1)]
    for start, end in reversed(found):
        first = max(place for place, at in enumerate(starts) if at == start)
        after = min(place for place, at in enumerate(starts) if at == end)
        first, after = _balanced(children, first, after)
        if first < after:
            tag = isolating_tag(words[start:end])
            children.insert(after, Token("formula_close", tag, -1))
            children.insert(first, Token("formula_open", tag, 1, attrs={"dir": "ltr"}))


def _as_read(token: Token) -> str:
    """The text of an inline token in the line; what is neither text nor emphasis stands as one foreign sign."""
    if token.type == "text":
        return token.content
    if token.type == "softbreak":
        return "\n"
    return "" if token.type.startswith(("strong_", "em_", "s_")) else "\ufffc"


def _placed(children: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with where it begins in the line."""
    at = 0
    for child in children:
        yield child, at
        at += len(_as_read(child))


def _cut(token: Token, start: int, edges: Sequence[int]) -> list[Token]:
    """Cut a text token where formulas begin or end in it."""
    end = start + len(token.content) if token.type == "text" else start
    places = [0, *(edge - start for edge in edges if start < edge < end), len(token.content)]
    if len(places) == 2:
        return [token]
    return [Token("text", "", 0, content=token.content[one:other]) for one, other in pairwise(places)]


def _balanced(children: Sequence[Token], first: int, after: int) -> tuple[int, int]:
    """Move the ends of a formula out of emphasis that begins or ends with it; an empty place where that cannot be."""

    def depth() -> list[int]:
        return list(accumulate((child.nesting for child in children[first:after]), initial=0))

    while first and min(depth()) < 0 and children[first - 1].nesting > 0:
        first -= 1
    while after < len(children) and depth()[-1] > 0 and children[after].nesting < 0:
        after += 1
    return (first, after) if min(depth()) == 0 == depth()[-1] else (0, 0)


def _table_frame(label: str, number: int) -> str:
    """The opening of the scrolling frame around a table; from the second on labels are numbered, so they differ."""
    name = f"{label} {number}" if number > 1 else label
    labelled = f' aria-label="{escapeHtml(name)}"' if label else ""
    return f'<div class="table-scroll" tabindex="0" role="group"{labelled}>'


def _framed(html: str, table_label: str) -> str:
    """Put every table into its scrolling frame."""
    number = 0

    def frame(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"{_table_frame(table_label, number)}{found.group()}"

    return re.sub(r"<table(?=[ >])", frame, html).replace("</table>", "</table></div>")


def _render(source: str, heading_offset: int, table_label: str) -> str:
    """Parse, adjust, write and sanitise."""
    tokens = _parser.parse(without_controls(source))
    _shift_headings(tokens, heading_offset)
    _tidy_cells(tokens)
    _direct(tokens)
    for token in tokens:
        if token.type == "inline":
            _tidy_inline(token)
            _isolate_formulas(token)
    html = _parser.renderer.render(tokens, _parser.options, {})
    html = html.replace("<pre>", '<pre dir="ltr">')
    return nh3.clean(
        _framed(html, without_controls(table_label)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


_render_kept = lru_cache(maxsize=512)(_render)


def render(source: str, *, heading_offset: int = 1, table_label: str = "") -> str:
    """Return Markdown (tables and ~~strikethrough~~ included, raw HTML shown as text) as safe HTML.

    `#` becomes h2 with the default offset; skipped levels are closed up. Images are kept only from /files/, links only
    to http, https, mailto and our own pages. `table_label` names the scrolling regions of tables for screen readers.
    """
    make = _render_kept if len(source) <= _LONGEST_KEPT else _render
    return make(source, heading_offset, table_label)


def words_of(source: str) -> str:
    """Return the words of Markdown on one line, without its signs: for where there is room for a beginning only."""
    inline = [token for token in _parser.parse(without_controls(source)) if token.type == "inline"]
    parts = ("".join(_spoken(child) for child in token.children or ()) for token in inline)
    return " ".join(" ".join(parts).split())


def _spoken(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content
