"""A number or date in a sentence stays on one line."""

import html

import pytest
from markupsafe import Markup

from academy.web.filters import unbroken


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("بأي كتابة معتادة: 0512345678 أو \u2066+966 51 234 5678\u2069.", "\u2066+966 51 234 5678\u2069"),
        ("مثل 12/9/1448 هنا", "12/9/1448"),
        ("For example 2027-03-01.", "2027-03-01"),
        ("مثل ٢٠٢٧-٠٣-٠١.", "٢٠٢٧-٠٣-٠١"),
    ],
)
def test_what_has_parts_is_kept_together(sentence, kept):
    assert str(unbroken(sentence)) == sentence.replace(kept, f'<span class="text-nowrap">{kept}</span>')


def test_a_day_in_two_calendars_breaks_between_them_alone():
    whole = '<span class="day-whole">{}</span>'.format
    for first, second in (
        ("13 ربيع الثاني 1448هـ", "(24 سبتمبر 2026م)"),
        ("٥ مايو ٢٠٢٦", "(١٨ ذو القعدة ١٤٤٧هـ)"),
        ("1 October 2026", "(20 Rabi&#39; al-Thani 1448 AH)"),
    ):
        assert str(unbroken(html.unescape(f"{first} {second}"))) == f"{whole(first)} {whole(second)}"


@pytest.mark.parametrize("sentence", ["from 3 to 15 letters", "CXA-101, 1.5", "بين 1 و5"])
def test_other_sentences_stay_as_they_are(sentence):
    assert str(unbroken(sentence)) == sentence


def test_signs_of_markup_are_signs_and_tags_are_left_alone():
    assert str(unbroken("<b>1-2</b>")) == '&lt;b&gt;<span class="text-nowrap">1-2</span>&lt;/b&gt;'
    link = Markup('<a href="/1-2">1-2</a>')
    assert str(unbroken(link)) == '<a href="/1-2"><span class="text-nowrap">1-2</span></a>'


def test_the_number_in_the_hint_of_a_form_is_one_piece(app):
    page = app.jinja_env.from_string('{{ _("Any usual way of writing it: 0512345678 or +966 51 234 5678.")|unbroken }}')
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert '<span class="text-nowrap">\u2066+966 51 234 5678\u2069</span>' in page.render()
