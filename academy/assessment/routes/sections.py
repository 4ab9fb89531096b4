"""The trainer's pages of a quiz's sections: fixed questions, draws with their pools, the order of sections."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms import DrawForm, FixedForm
from academy.assessment.forms.rows import act_on_rows
from academy.assessment.forms.sections import row_of
from academy.assessment.queries_of_editing import EditedQuiz, edited_questions
from academy.assessment.queries_of_pools import DRAWN, LinePool, draft_drawing, shelves
from academy.assessment.refusals_of_editing import QuestionsOutOfStep
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing import a_number, refuse_closed, to_quiz
from academy.assessment.routes.finding_quizzes import SectionPlace, the_new_section, the_quiz, the_section
from academy.base.errors import Invalid
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.catalogue.kinds import lookups
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.filters import plain


@bp.route("/teach/activities/<int:activity_id>/quiz/sections/new/<kind>", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_new_section)
def new_section(place: SectionPlace) -> ResponseReturnValue:
    """Make a section of a quiz."""
    refuse_closed(place.desk)
    return _draw_page(place) if place.kind == DRAWN else _fixed_page(place)


@bp.route("/teach/activities/<int:activity_id>/quiz/sections/<int:section_id>", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_section)
def edit_section(place: SectionPlace) -> ResponseReturnValue:
    """Change a section."""
    refuse_closed(place.desk)
    return _draw_page(place) if place.kind == DRAWN else _fixed_page(place)


def _fixed_page(place: SectionPlace) -> ResponseReturnValue:
    questions = edited_questions(place.desk.quiz.id)
    mine = [question.item_id for question in questions if place.section_id and question.section_id == place.section_id]
    formdata = request.form if request.method == "POST" else None
    form = FixedForm(formdata, data={"title": place.title, "questions": mine})
    if form.validate_on_submit():
        try:
            services.keep_fixed(place.desk.activity.id, place.section_id, form.title.text, form.questions.data or [])
        except QuestionsOutOfStep as refusal:
            flash(refusal.for_reader(), "bad")
            return to_quiz(place.desk)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _kept(place.desk)
    page = render_template(
        "assessment/edit_section.html",
        desk=place.desk,
        form=form,
        place=place,
        action=_action(place),
        questions=questions,
    )
    return page, 422 if form.errors else 200


def _draw_page(place: SectionPlace) -> ResponseReturnValue:
    domains, competencies = lookups.all_choices() if lookups.all_choices else ([], [])
    offers, names = _offers(place.desk, [*domains, *competencies]), dict(domains)
    formdata = request.form if request.method == "POST" else None
    data = {"title": place.title, "lines": [row_of(line) for line in place.lines] or [{}]}
    form, act = DrawForm(formdata, offers, data=data), request.form.get("act", "")
    if act == "blueprint:fill":
        filled = form.fill_from_blueprint([key for key, _name in offers["competency"]])
        return _draw_form(place, form, names), 200 if filled else 422
    if act and act_on_rows(form, act):
        return _draw_form(place, form, names), 200
    if form.validate_on_submit():
        lines = [line for line in form.draw_lines() if line is not None]
        try:
            services.keep_draw(place.desk.activity.id, place.section_id, form.title.text, lines)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _kept(place.desk)
    return _draw_form(place, form, names), 422 if form.errors else 200


def _draw_form(place: SectionPlace, form: DrawForm, domains: dict[str, LocalizedText]) -> str:
    form.offer()
    return render_template(
        "assessment/edit_draw.html",
        desk=place.desk,
        form=form,
        place=place,
        action=_action(place),
        pools=_pools(place, form),
        domains=domains,
    )


def _pools(place: SectionPlace, form: DrawForm) -> list[LinePool | None]:
    """Return what each typed line finds now; None for one that cannot be read yet."""
    typed = [line if line is not None and line.names_something else None for line in form.draw_lines()]
    readable, desk = [line for line in typed if line is not None], place.desk
    drawing = draft_drawing(desk.quiz, desk.course, place.section_id or 0, readable)
    found = iter([each for each in drawing.lines if each.section_id == (place.section_id or 0)])
    return [next(found, None) if line is not None else None for line in typed]


def _offers(desk: EditedQuiz, measured: Sequence[tuple[str, LocalizedText]]) -> dict[str, Sequence[tuple[str, str]]]:
    return {
        "competency": [(key, f"{key} · {plain(name)}") for key, name in measured],
        "category": [
            (str(key), "– " * depth + plain(name)) for key, name, depth in shelves(desk.course.organisation_id)
        ],
        "objective": [(row["id"], plain(LocalizedText.of(row["text"]))) for row in desk.version.objectives],
    }


def _action(place: SectionPlace) -> str:
    here: dict[str, Any] = {"activity_id": place.desk.activity.id}
    if place.section_id is None:
        return url_for("assessment.new_section", kind=place.kind, **here)
    return url_for("assessment.edit_section", section_id=place.section_id, **here)


def _kept(desk: EditedQuiz) -> ResponseReturnValue:
    flash(_("The section has been saved."), "ok")
    return to_quiz(desk, "questions-title")


@bp.post("/teach/activities/<int:activity_id>/quiz/sections/<int:section_id>/remove")
@requires(EDIT_COURSE, find=the_section)
def remove_section(place: SectionPlace) -> ResponseReturnValue:
    """Take a section away; its fixed questions stay."""
    services.remove_section(place.desk.activity.id, place.section_id or 0)
    flash(_("The section has been removed. Its fixed questions are still in the quiz."), "ok")
    return to_quiz(place.desk, "questions-title")


@bp.post("/teach/activities/<int:activity_id>/quiz/sections/order")
@requires(EDIT_COURSE, find=the_quiz)
def order_sections(desk: EditedQuiz) -> ResponseReturnValue:
    """Move a section a place up or down."""
    section_id = a_number(request.form.get("key", ""))
    services.move_section(desk.activity.id, section_id, "up" if request.form.get("move") == "up" else "down")
    return to_quiz(desk, f"section-{section_id}")
