"""Sentences in templates: translated, their values escaped, markup left alone, numbers in the plural of the language."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import g, render_template_string
from markupsafe import Markup

import academy
from academy.base.i18n import _, _l, current_language, gettext, in_language, ngettext, settle_language

ACADEMY = Path(academy.__file__).parent


@pytest.fixture
def shown(app):
    """Render a template for an Arabic reader."""

    def show(source, **values):
        with app.test_request_context("/"):
            for name in list(g):
                g.pop(name)
            return render_template_string(source, **values)

    return show


def test_a_value_cannot_bring_markup_into_a_sentence(shown):
    html = shown('{{ _("Unit %(number)s: %(title)s", number=3, title=title) }}', title="<script>&")
    assert "&lt;script&gt;&amp;" in html and "<script>" not in html and "3" in html


def test_markup_in_a_value_stays_markup(shown):
    html = shown('{{ _("Unit %(number)s: %(title)s", number=3, title=title) }}', title=Markup("<bdi>A</bdi>"))
    assert "<bdi>A</bdi>" in html


def test_a_sentence_is_translated_for_each_language_it_is_asked_in(app):
    with app.test_request_context("/"):
        lazy = _l("Courses")
        with in_language("ar"):
            arabic = (_("Courses"), str(lazy), render_template_string('{{ _("Courses") }}'))
        with in_language("en"):
            english = (_("Courses"), str(lazy), render_template_string('{{ _("Courses") }}'))
    assert set(english) == {"Courses"} and len(set(arabic)) == 1 and arabic[0] != "Courses"


def test_numbers_take_the_plural_of_the_language(app, shown):
    forms = {shown('{{ ngettext("%(num)s minute", "%(num)s minutes", n, num=n) }}', n=n) for n in (1, 2, 3, 11, 100)}
    assert len(forms) == 5
    with app.test_request_context("/"), in_language("en"):
        assert ngettext("%(num)s minute", "%(num)s minutes", 1) == "1 minute"
        assert ngettext("%(num)s minute", "%(num)s minutes", 5_000) == "5,000 minutes"


def test_a_percent_sign_survives(shown):
    assert shown('{{ _("100%% sure") }}') == "100% sure"
    assert shown('{{ _("100%% sure of %(thing)s", thing="it") }}') == "100% sure of it"


def test_the_same_words_with_and_without_markup_are_two_icons(shown):
    html = shown(
        '{{ draw_icon("star", label=plain) }}{{ draw_icon("star", label=safe) }}', plain="a & b", safe=Markup("a & b")
    )
    assert 'aria-label="a &amp; b"' in html and 'aria-label="a & b"' in html


def test_the_language_settled_by_a_page_gives_way_to_another_one_and_ends_with_the_request(app):
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        for name in list(g):
            g.pop(name)
        settle_language(current_language())
        assert gettext("Cancel") == "Cancel" and current_language() == "en"
        with in_language("ar"):
            assert gettext("Cancel") == "إلغاء" and current_language() == "ar"
        assert current_language() == "en"
        g.pop("_flask_babel")
    assert gettext("Cancel") == "إلغاء" and current_language() == "ar"


def test_every_sentence_of_a_template_can_take_values():
    """A percent sign in a template's sentence is written twice; one alone breaks the page that shows it."""
    said = re.compile(r"""\b_\((?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
    alone = re.compile(r"%(?!\(\w+\)[sd]|%)")
    sentences = [
        (path.name, double or single)
        for path in ACADEMY.rglob("*.html")
        for double, single in said.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(sentences) > 500
    assert not [(name, said) for name, said in sentences if alone.search(said.replace("%%", ""))]


def test_a_number_that_stands_in_a_template_is_shown_in_each_readers_digits(app):
    template = app.jinja_env.from_string("{{ 4000|number }} {{ 0.9|percent }} {{ 'of 4'|in_digits }}")
    for digits, language, expected in (
        ("latn", "ar", "4,000 90% of 4"),
        ("arab", "ar", "٤٬٠٠٠ ٩٠٪ of ٤"),
        ("arab", "en", "4,000 90% of 4"),
    ):
        with app.test_request_context("/"), in_language(language):
            g.actor = SimpleNamespace(digits=digits)
            assert template.render() == expected
