"""The pages of a course's address, its audience, its trainers and its retirement. All of it takes effect at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Refusal, Stale
from academy.base.i18n import _
from academy.base.text import clean_line
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.courses import AccessForm
from academy.catalogue.queries import Desk
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import the_desk
from academy.catalogue.routes.saving import asked_revision, status_of
from academy.web.access import requires
from academy.web.identity import actor


@bp.route("/teach/<key>/access", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_desk)
def access(desk: Desk) -> ResponseReturnValue:
    """Change where a course lies and who may see it."""
    form = AccessForm(obj=desk.course)
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            course = services.change_access(
                desk.course,
                key=clean_line(form.key.data),
                code=form.code.data or "",
                audience=form.audience.data,
                public=form.public.data,
                actor_id=actor().person_id,
                at=clock.now(),
                revision=asked_revision(),
            )
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("Saved. The change has taken effect."), "ok")
            return redirect(url_for(".access", key=course.key))
    if refused is not None and refused.field:
        form.refuse(refused)
    page = render_template(
        "catalogue/access.html",
        form=form,
        desk=desk,
        states=STATES,
        trainers=queries.trainers_of(desk.course.id),
        others=queries.possible_trainers(desk.course),
        key_fixed=desk.published is not None,
        refused=refused,
        stale=isinstance(refused, Stale),
        current=desk.course.revision,
    )
    return page, status_of(form, refused)


def _asked_person() -> int:
    asked = request.form.get("person", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


@bp.post("/teach/<key>/trainers")
@requires(policies.EDIT_COURSE, find=the_desk)
def trainers(desk: Desk) -> ResponseReturnValue:
    """Add a trainer to a course or take one from it."""
    visitor, removes = actor(), request.form.get("act") == "remove"
    change = services.remove_trainer if removes else services.assign_trainer
    try:
        changed = change(desk.course, _asked_person(), actor_id=visitor.person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        if changed:
            flash(_("The trainer has been removed.") if removes else _("The trainer has been added."), "ok")
    if not policies.edits(visitor, desk.course):
        return redirect(url_for(".teach"))
    return redirect(url_for(".access", key=desk.course.key))


@bp.post("/teach/<key>/retire")
@requires(policies.EDIT_COURSE, find=the_desk)
def retire(desk: Desk) -> ResponseReturnValue:
    """Take a course out of the catalogue."""
    services.retire(desk.course, actor_id=actor().person_id, at=clock.now())
    flash(_("The course has been retired. Learners who are in it can finish it; nobody new can enrol."), "ok")
    return redirect(url_for(".access", key=desk.course.key))


@bp.post("/teach/<key>/bring-back")
@requires(policies.EDIT_COURSE, find=the_desk)
def bring_back(desk: Desk) -> ResponseReturnValue:
    """Put a retired course back into the catalogue."""
    services.bring_back(desk.course, actor_id=actor().person_id, at=clock.now())
    flash(_("The course is in the catalogue again."), "ok")
    return redirect(url_for(".access", key=desk.course.key))
