"""Where a form says what was refused: at the field it blames, at one that can be seen, or at the form as a whole."""

from io import BytesIO

import pytest
from flask import render_template_string
from wtforms import HiddenField
from wtforms.validators import DataRequired

from academy.base.errors import Invalid
from academy.web.forms import AcademyForm, LineField, LocalizedLineField, UploadField

SAID = "Somebody else was quicker."
PAGE = """{% from "components/form.html" import form_wrapper %}{% from "components/field.html" import field %}
{% call form_wrapper(form, "/x", "Save", summary=summary) %}{% if form.words is defined %}{{ field(form.words) }}{% endif %}{% endcall %}"""


class Plain(AcademyForm):
    """A hidden field before the one that is seen."""

    seen = HiddenField()
    words = LineField("Words")


class Paired(AcademyForm):
    """A hidden field before a text in two languages."""

    seen = HiddenField()
    words = LocalizedLineField("Words")


class Bare(AcademyForm):
    """Nothing that can be seen."""

    seen = HiddenField()


def test_a_refusal_that_blames_no_field_never_stands_at_a_hidden_one(app):
    with app.test_request_context(method="POST"):
        form = Plain()
        form.refuse(Invalid(SAID))
        assert not form.seen.errors and form.words.errors == [SAID]
        pair = Paired()
        pair.refuse(Invalid(SAID))
        assert pair.words.form["ar"].errors == [SAID]


def test_a_form_without_anything_to_see_says_it_as_a_whole_with_and_without_a_summary(app):
    for summary in (True, False):
        with app.test_request_context(method="POST"):
            form = Bare()
            form.refuse(Invalid(SAID, field="gone"))
            assert form.errors, "so the page is answered as refused"
            assert render_template_string(PAGE, form=form, summary=summary).count(SAID) == 1


def test_a_refusal_stands_at_the_field_it_blames(app):
    with app.test_request_context(method="POST"):
        form = Plain()
        form.refuse(Invalid(SAID, field="words"))
        page = render_template_string(PAGE, form=form, summary=False)
        assert form.words.errors == [SAID] and 'aria-invalid="true"' in page


class Sending(AcademyForm):
    """One file with a limit of its own, one with the academy's."""

    logo = UploadField("Logo", most=2_000_000, render_kw={"accept": "image/png"})
    paper = UploadField("Paper")


def test_a_field_of_a_file_tells_the_browser_its_limit_and_what_to_say(app, monkeypatch):
    monkeypatch.setattr(app.extensions["settings"], "upload_megabytes", 7)
    with app.test_request_context():
        page = render_template_string(
            '{% from "components/field.html" import field, upload_area %}{{ field(form.logo) }}{{ upload_area(form.paper) }}',
            form=Sending(),
        )
    assert page.count('type="file"') == page.count("data-too-large") == 2
    assert 'data-most="2000000"' in page and 'accept="image/png"' in page
    assert 'data-most="7000000"' in page


class WithPaper(AcademyForm):
    """A needed line beside a file."""

    words = LineField("Words", [DataRequired("Write something.")])
    paper = UploadField("Paper")


@pytest.mark.parametrize(("words", "sends", "said"), [("", True, True), ("", False, False), ("fine", True, False)])
def test_a_file_that_another_field_cost_is_asked_for_again_at_its_own(app, words, sends, said):
    """A browser puts no file back into a page: without a word the second try would be sent without it."""
    sent = {"words": words} | ({"paper": (BytesIO(b"x"), "paper.pdf")} if sends else {})
    drawn = '{% from "components/field.html" import field %}{{ field(form.words) }}{{ field(form.paper) }}'
    with app.test_request_context(method="POST", data=sent):
        form = WithPaper(meta={"csrf": False})
        form.validate()
        page = render_template_string(drawn, form=form)
    assert [each in page for each in ('id="paper-lost"', 'aria-describedby="paper-lost"')] == [said, said]
