"""Adding, changing, ordering and removing the groups, steps and prerequisites of a draft."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import NotFound, Refusal, Stale
from academy.base.i18n import _
from academy.learning import naming, policies
from academy.learning.forms import GroupForm, StepForm, prerequisite_form, step_form
from academy.learning.queries import programmes as queries
from academy.learning.queries.programmes import EditedPart, ProgrammeDesk
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.saving import asked_revision, back, desk_page, direction, status_of
from academy.learning.services import programmes as services
from academy.web.access import requires
from academy.web.filters import plain


def _kept(
    template: str, desk: ProgrammeDesk, form: Any, save: Callable[[], Any], said: str, part: Any, **more: Any
) -> ResponseReturnValue:
    """Save a form and go back to the outline, or show it again with what is wrong."""
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            save()
        except Refusal as refusal:
            refused = refusal
            if refusal.field:
                form.refuse(refusal)
        else:
            flash(said, "ok")
            return redirect(url_for(".programme_desk", programme_key=desk.programme.key))
    page = desk_page(
        template, desk, form=form, part=part, refused=refused if refused and not refused.field else None,
        stale=isinstance(refused, Stale), current=part.revision if part else 0, **more,
    )  # fmt: skip
    return page, status_of(form, refused)


# --- Groups -----------------------------------------------------------------------------------------------


@bp.route("/manage/programmes/<programme_key>/groups", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def add_group(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Add a group of steps."""
    form = GroupForm()

    def save() -> None:
        services.add_group(desk.version, title=form.title.text, needed=form.count())

    return _kept("group", desk, form, save, _("The group has been added."), None)


@bp.route("/manage/programmes/<programme_key>/groups/<group_key>", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.edited_group)
def edit_group(edited: EditedPart) -> ResponseReturnValue:
    """Rename a group or change how many of its steps are needed."""
    form = GroupForm(obj=edited.part)

    def save() -> None:
        revision = asked_revision()
        services.change_group(edited.part, title=form.title.text, needed=form.count(), revision=revision)

    return _kept("group", edited.desk, form, save, _("The group has been saved."), edited.part)


@bp.post("/manage/programmes/<programme_key>/groups/<group_key>/remove")
@requires(policies.EDIT_PROGRAMME, find=queries.edited_group)
def remove_group(edited: EditedPart) -> ResponseReturnValue:
    """Take a group with its steps out of the draft."""
    services.remove_group(edited.part)
    flash(_("The group and its steps have been removed from the draft."), "ok")
    return back(edited.programme.key)


@bp.post("/manage/programmes/<programme_key>/groups/order")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def order_groups(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Move one group up or down, or put all of them into the order sent."""
    if "order" in request.form:
        services.order_groups(desk.version, request.form["order"].split(","))
        return back(desk.programme.key)
    group = _found(queries.groups_of(desk.version.id))
    services.move_group(group, direction())
    return back(desk.programme.key, f"unit-{group.key}")


def _found(rows: list[Any]) -> Any:
    part = next((row for row in rows if row.key == request.form.get("key")), None)
    if part is None:
        raise NotFound
    return part


# --- Steps -----------------------------------------------------------------------------------------------


@bp.route("/manage/programmes/<programme_key>/groups/<group_key>/steps", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.edited_group)
def add_step(edited: EditedPart) -> ResponseReturnValue:
    """Choose a kind of step, then fill it in and add it."""
    kind = request.values.get("kind", "")
    if kind not in naming.STEP_KINDS:
        return desk_page("step_kinds", edited.desk, group=edited.part)
    form = _offering(step_form(kind=kind), edited.desk)

    def save() -> None:
        services.add_step(edited.part, form.details())

    return _kept("step", edited.desk, form, save, _("The step has been added."), None, kind=kind, group=edited.part)


@bp.route("/manage/programmes/<programme_key>/steps/<step_key>", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.edited_step)
def edit_step(edited: EditedPart) -> ResponseReturnValue:
    """Change a step."""
    step = edited.part
    form = _offering(step_form(step), edited.desk, step)

    def save() -> None:
        services.change_step(step, form.details(step.ref), revision=asked_revision())

    return _kept("step", edited.desk, form, save, _("The step has been saved."), step, kind=step.kind, group=None)


def _offering(form: StepForm, desk: ProgrammeDesk, step: Any = None) -> StepForm:
    """Offer the courses and quizzes that everyone whom the programme is for may take, and what the step has now."""
    kind = step.kind if step else form.kind.data
    form.kind.data = kind
    form.course.choices, form.quiz.choices = [(0, _("Choose a course"))], [(0, _("Choose a quiz"))]
    if kind == "course":
        form.course.choices += [(number, plain(title)) for number, title in queries.possible_courses(desk.programme)]
    if kind in ("quiz", "exam"):
        form.quiz.choices = [(0, _("Choose a quiz") if kind == "quiz" else _("Not yet in the academy"))]
        form.quiz.choices += [
            (each.quiz_id, f"{plain(each.course)}: {plain(each.title)}")
            for each in queries.possible_quizzes(desk.programme)
        ]
    for field, kept in ((form.course, step and step.course_id), (form.quiz, step and step.quiz_id)):
        if kept and kept not in dict(field.choices):
            field.choices.append((kept, _("No longer open to everyone whom the programme is for")))
    return form


@bp.post("/manage/programmes/<programme_key>/steps/<step_key>/remove")
@requires(policies.EDIT_PROGRAMME, find=queries.edited_step)
def remove_step(edited: EditedPart) -> ResponseReturnValue:
    """Take a step out of the draft."""
    services.remove_step(edited.part)
    flash(_("The step has been removed from the draft."), "ok")
    return back(edited.programme.key)


@bp.post("/manage/programmes/<programme_key>/steps/order")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def order_steps(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Move one step up or down, from group to group too, or put all of them into the order sent ("g1:s1,s3;g2:s2")."""
    if "plan" in request.form:
        parts = [part.partition(":") for part in request.form["plan"].split(";") if part]
        services.order_steps(
            desk.version, [(group, [k for k in keys.split(",") if k]) for group, _colon, keys in parts]
        )
        return back(desk.programme.key)
    step = _found(queries.steps_of(desk.version.id))
    services.move_step(step, direction())
    return back(desk.programme.key, f"activity-{step.key}")


# --- Prerequisites -----------------------------------------------------------------------------------------------


@bp.route("/manage/programmes/<programme_key>/prerequisites", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def add_prerequisite(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Choose a kind of prerequisite, then fill it in and add it."""
    kind = request.values.get("kind", "")
    if kind not in naming.PREREQUISITE_KINDS:
        return desk_page("prerequisite_kinds", desk)
    form = prerequisite_form(kind=kind)

    def save() -> None:
        services.add_prerequisite(desk.version, form.details())

    return _kept("prerequisite", desk, form, save, _("The prerequisite has been added."), None, kind=kind)


@bp.route("/manage/programmes/<programme_key>/prerequisites/<prerequisite_key>", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.edited_prerequisite)
def edit_prerequisite(edited: EditedPart) -> ResponseReturnValue:
    """Change a prerequisite."""
    form = prerequisite_form(edited.part)
    form.kind.data = edited.part.kind

    def save() -> None:
        services.change_prerequisite(edited.part, form.details(), revision=asked_revision())

    kind = edited.part.kind
    said = _("The prerequisite has been saved.")
    return _kept("prerequisite", edited.desk, form, save, said, edited.part, kind=kind)


@bp.post("/manage/programmes/<programme_key>/prerequisites/<prerequisite_key>/remove")
@requires(policies.EDIT_PROGRAMME, find=queries.edited_prerequisite)
def remove_prerequisite(edited: EditedPart) -> ResponseReturnValue:
    """Take a prerequisite out of the draft."""
    services.remove_prerequisite(edited.part)
    flash(_("The prerequisite has been removed from the draft."), "ok")
    return back(edited.programme.key)


@bp.post("/manage/programmes/<programme_key>/prerequisites/order")
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def order_prerequisites(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Move one prerequisite up or down."""
    services.move_prerequisite(_found(queries.prerequisites_of(desk.version.id)), direction())
    return back(desk.programme.key, "prerequisites")
