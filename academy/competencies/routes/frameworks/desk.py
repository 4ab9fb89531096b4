"""The desk of those who keep frameworks: the list, making one, its tree, its own texts and its scale."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.competencies import policies, services
from academy.competencies.forms.frameworks import LEVELS, NewFrameworkForm, details_form, scale_form
from academy.competencies.queries import versions as queries
from academy.competencies.queries.versions import FrameworkDesk
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import asked_mark, by_now, desk_page, saved_or_shown, to_desk
from academy.competencies.services import drafting
from academy.web import navigation
from academy.web.access import requires

navigation.enter(
    "admin", 30, _l("Competency frameworks"), "competencies.kept_frameworks", "target", policies.KEEP_FRAMEWORKS
)


@bp.get("/manage/frameworks")
@requires(policies.KEEP_FRAMEWORKS)
def kept_frameworks() -> ResponseReturnValue:
    """List the frameworks."""
    return render_template("competencies/frameworks/kept.html", rows=queries.frameworks_kept())


@bp.route("/manage/frameworks/new", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS)
def new_framework() -> ResponseReturnValue:
    """Make a framework."""
    form = NewFrameworkForm()
    if form.validate_on_submit():
        try:
            row = services.create_framework(form.key.data or "", form.title.text, **by_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The framework has been created as a draft. Add its first domain."), "ok")
            return redirect(url_for(".framework_desk", framework_key=row.key))
    return render_template("competencies/frameworks/new.html", form=form), 422 if form.errors else 200


@bp.get("/manage/frameworks/<framework_key>")
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def framework_desk(desk: FrameworkDesk) -> ResponseReturnValue:
    """Show the tree of domains and competencies, ready to be worked on when there is a draft."""
    known = {each.key for each in desk.published.competencies} if desk.published else set()
    return desk_page("desk", desk, known=known)


@bp.post("/manage/frameworks/<framework_key>/draft")
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def edit_framework(desk: FrameworkDesk) -> ResponseReturnValue:
    """Open a draft of the next version."""
    services.open_draft(desk.framework, **by_now())
    flash(_("You are editing a draft. Everybody keeps seeing the published version until you publish."), "info")
    return to_desk(desk)


@bp.post("/manage/frameworks/<framework_key>/draft/discard")
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def discard_framework(desk: FrameworkDesk) -> ResponseReturnValue:
    """Throw the draft away; the published version stays."""
    if services.discard_draft(desk.framework, **by_now()):
        flash(_("The draft has been discarded. The published version is unchanged."), "ok")
    return to_desk(desk)


@bp.route("/manage/frameworks/<framework_key>/details", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def framework_details(desk: FrameworkDesk) -> ResponseReturnValue:
    """Change what the draft says of itself."""
    form, mark = details_form(desk.content), asked_mark()

    def save() -> None:
        label, title, rule = form.label.data or "", form.title.text, form.rule.text
        services.change_draft(
            desk.framework, lambda content: drafting.change_details(content, label, title, rule, mark=mark), **by_now()
        )

    return saved_or_shown("details", desk, form, save, _("The details have been saved."), current=desk.content.mark)


@bp.route("/manage/frameworks/<framework_key>/levels", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def framework_scale(desk: FrameworkDesk) -> ResponseReturnValue:
    """Change the levels of the draft."""
    form, mark = scale_form(desk.content), asked_mark()

    def save() -> None:
        steps = form.steps()
        services.change_draft(
            desk.framework, lambda content: drafting.change_scale(content, steps, mark=mark), **by_now()
        )

    said = _("The levels have been saved.")
    return saved_or_shown("scale", desk, form, save, said, current=desk.content.scale_mark, levels=LEVELS)
