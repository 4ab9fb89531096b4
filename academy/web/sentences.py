"""Translated sentences in templates: `_` and `ngettext`, with the values escaped into them.

Jinja's own way makes three calls for each sentence and wraps every value; a page says a hundred sentences.
"""

from functools import lru_cache

from flask import Flask
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from academy.base.i18n import translated, translated_number


@pass_eval_context
def say(page: EvalContext, sentence: str, /, **values: object) -> str:
    """Return a sentence in the reader's language."""
    return _filled(translated(sentence), values, page.autoescape)


@pass_eval_context
def say_number(page: EvalContext, singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return a sentence about a number of things in the reader's language."""
    values.setdefault("num", num)
    return _filled(translated_number(singular, plural, num), values, page.autoescape)


def _filled(said: str, values: dict[str, object], escaping: bool) -> str:
    """Put the values into a sentence; in HTML the sentence is markup and the values are escaped, numbers excepted."""
    if not escaping:
        return said % values
    if not values:
        return _markup(said)
    return Markup(said % {name: value if type(value) is int else escape(value) for name, value in values.items()})


@lru_cache(maxsize=4096)
def _markup(said: str) -> Markup:
    return Markup(said % {})


def install(app: Flask) -> None:
    """Give every template these two; must come after Babel, which brings its own."""
    app.jinja_env.globals.update({"_": say, "gettext": say, "ngettext": say_number})
