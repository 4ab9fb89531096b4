"""The blueprint of discussions, and how the texts of posts are drawn."""

from flask import Blueprint
from markupsafe import Markup

from academy.base.i18n import _, direction
from academy.base.markdown import render, words_of
from academy.discussions.rules import language_of, opening

bp = Blueprint("discussions", __name__, template_folder="../templates")


@bp.app_template_global("post_text")
def post_text(text: str, language: str, heading_offset: int = 2) -> Markup:
    """Draw the text of a post, marked with the language it was typed in; its headings stand below those of the page."""
    body = Markup(render(text, heading_offset=heading_offset, table_label=_("Table")))
    whole = '<div class="prose post-text" lang="{}" dir="{}">{}</div>'
    return Markup(whole).format(language, direction("en" if language == "en" else "ar"), body)


@bp.app_template_global("post_opening")
def post_opening(text: str, language: str) -> Markup:
    """Draw the beginning of a post on one line, marked with its language."""
    words = opening(words_of(text))
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        language, direction("en" if language == "en" else "ar"), words
    )


@bp.app_template_global("typed_title")
def typed_title(title: str) -> Markup:
    """Draw the title of a thread, marked with the language it was typed in."""
    language = language_of(title)
    return Markup('<bdi lang="{}">{}</bdi>').format(language, title)
