"""Where a form says what was refused: at the field it blames, at one that can be seen, or at the form as a whole."""

from flask import render_template_string
from wtforms import HiddenField

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
