"""Templates of development plans: the list, a template with its lines, writing it, beginning a plan with it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _, _l, ngettext
from academy.competencies import policies, queries, services
from academy.competencies.forms.development import SHOWN, AddCourseForm, TemplateEvidenceForm, TemplateForm
from academy.competencies.queries import templates
from academy.competencies.queries.templates import FoundTemplate
from academy.competencies.routes.blueprints import bp
from academy.web.access import requires
from academy.web.filters import number, plain
from academy.web.identity import actor

name_act("competencies:template:write", _l("Plan template written or changed"))
name_act("competencies:template:retire", _l("Plan template retired"))


@bp.get("/development/templates")
@requires(policies.DEVELOP)
def plan_templates() -> ResponseReturnValue:
    """The templates of my organisation, those for a role of mine first."""
    who = actor()
    return render_template(
        "competencies/plan_templates.html", rows=templates.templates_of(who.organisation_id, who.person_id)
    )


@bp.route("/development/templates/new", methods=["GET", "POST"])
@requires(policies.WRITE_TEMPLATE)
def new_template() -> ResponseReturnValue:
    """Begin a template: its name and its role."""
    form = TemplateForm()
    form.profile.choices = [(0, _("For everybody")), *((key, plain(name)) for key, name in templates.profile_choices())]
    if form.validate_on_submit():
        person = accounts.person(actor().person_id)
        assert person is not None
        row = services.write_template(person, form.title.text, form.profile.data or None, at=clock.now())
        return redirect(url_for(".add_to_template", template_id=row.id))
    return render_template("competencies/plan_template_new.html", form=form), 422 if form.errors else 200


@bp.get("/development/templates/<int:template_id>")
@requires(policies.SEE_TEMPLATE, find=templates.template)
def plan_template(found: FoundTemplate) -> ResponseReturnValue:
    """A template with its lines; whoever reads it may begin their plan with it."""
    return render_template(
        "competencies/plan_template.html", found=found, lines=templates.lines_of_template(found.id),
        levels=queries.level_names(), shown=SHOWN,
    )  # fmt: skip


@bp.route("/development/templates/<int:template_id>/add", methods=["GET", "POST"])
@requires(policies.KEEP_TEMPLATE, find=templates.template)
def add_to_template(found: FoundTemplate) -> ResponseReturnValue:
    """Choose a course, or evidence of a competency at a level, to put into a template."""
    act = request.form.get("act", "")
    course, evidence = _add_forms(found, act)
    form = evidence if act == "evidence" else course
    if form.validate_on_submit():
        by_id, at = actor().person_id, clock.now()
        try:
            if act == "evidence":
                services.add_template_evidence(
                    found.row, evidence.kind.data, evidence.competency.data, evidence.level.data, evidence.practice.text,
                    by_id=by_id, at=at,
                )  # fmt: skip
            else:
                services.add_template_course(found.row, course.course.data, by_id=by_id, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("It is in the template now."), "ok")
            return redirect(url_for(".plan_template", template_id=found.id))
    page = render_template(
        "competencies/plan_template_add.html", form=form, course=course, evidence=evidence, found=found
    )
    return page, 422 if form.errors else 200


def _add_forms(found: FoundTemplate, act: str) -> tuple[AddCourseForm, TemplateEvidenceForm]:
    course = AddCourseForm(formdata=None) if act == "evidence" else AddCourseForm()
    evidence = TemplateEvidenceForm() if act == "evidence" else TemplateEvidenceForm(formdata=None)
    course.course.choices = [(key, plain(name)) for key, name in templates.courses_for(found.row.organisation_id)]
    evidence.competency.choices = [(key, plain(name)) for key, name in queries.competency_choices()]
    evidence.level.choices = [(level, plain(name)) for level, name in queries.level_names().items() if level]
    return course, evidence


@bp.post("/development/templates/<int:template_id>/change")
@requires(policies.KEEP_TEMPLATE, find=templates.template)
def change_template(found: FoundTemplate) -> ResponseReturnValue:
    """Take a line out of a template, or retire the template."""
    by_id, at, line = actor().person_id, clock.now(), request.form.get("line", "")
    if request.form.get("act") == "retire":
        services.retire_template(found.row, by_id=by_id, at=at)
        flash(_("The template is retired. Plans made from it stay as they are."), "ok")
        return redirect(url_for(".plan_templates"))
    if not (line.isascii() and line.isdigit() and len(line) < 16):
        raise NotFound
    services.remove_template_line(found.row, int(line), by_id=by_id, at=at)
    return redirect(url_for(".plan_template", template_id=found.id))


@bp.post("/development/templates/<int:template_id>/use")
@requires(policies.SEE_TEMPLATE, find=templates.template)
def use_template(found: FoundTemplate) -> ResponseReturnValue:
    """Begin my plan with a template, or add it to the plan that I am writing."""
    person = accounts.person(actor().person_id)
    assert person is not None
    plan, left = services.use_template(found.row, person, at=clock.now())
    if left:
        flash(
            ngettext(
                "%(num)s line was left out: you have proven or completed it, it was there, or you cannot take it now.",
                "%(num)s lines were left out: you have proven or completed them, they were there, or you cannot take them now.",
                left,
                num=number(left),
            ),
            "info",
        )
    return redirect(url_for(".development_plan", development_id=plan.id))
