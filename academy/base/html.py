"""HTML of strangers made safe to show: text, emphasis, lists and tables; no links, no pictures, no addresses, no styles."""

import nh3
from markupsafe import Markup

_TAG_LIST = """
    p br hr div span strong b em i u s small sub sup mark q cite abbr blockquote pre code kbd samp var
    ul ol li dl dt dd table caption thead tbody tfoot tr th td
"""
_TAGS = set(_TAG_LIST.split())
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}


def clean_html(source: str) -> Markup:
    """Return HTML that can stand on our pages: everything else is dropped, its text stays (but not that of scripts)."""
    return Markup(nh3.clean(source, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))
