"""The pages of what a course says of itself, and of the texts that lack a language."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal, Stale
from academy.base.i18n import _
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.courses import details_form
from academy.catalogue.forms.rows import act_on_rows
from academy.catalogue.queries import Desk
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import the_desk
from academy.catalogue.routes.saving import asked_revision, status_of
from academy.web.access import requires
from academy.web.filters import plain


@bp.route("/teach/<key>/details", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_desk)
def details(desk: Desk) -> ResponseReturnValue:
    """Change the details of a course's draft."""
    form = details_form(desk.version, queries.possible_prerequisites(desk.course), plain)
    refused: Refusal | None = None
    acted = form.is_submitted() and act_on_rows(form, request.form.get("act", ""))
    if not acted and form.validate_on_submit():
        try:
            services.change_details(desk.version, form.details(), revision=asked_revision())
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The details have been saved."), "ok")
            return redirect(url_for(".details", key=desk.course.key))
    if refused is not None and refused.field:
        form.refuse(refused)
    page = render_template(
        "catalogue/details.html", form=form, desk=desk, states=STATES, refused=refused, stale=isinstance(refused, Stale),
        current=desk.version.revision,
    )  # fmt: skip
    return page, status_of(form, refused, acted)


@bp.get("/teach/<key>/translations")
@requires(policies.EDIT_COURSE, find=the_desk)
def translations(desk: Desk) -> ResponseReturnValue:
    """List the texts that are written in one language only."""
    units, activities = queries.kept(*queries.parts_of(desk.version.id))
    missing = queries.missing_translations(desk.version, units, activities)
    titles = {row.key: row.title for row in activities}
    return render_template("catalogue/translations.html", desk=desk, missing=missing, titles=titles, states=STATES)
