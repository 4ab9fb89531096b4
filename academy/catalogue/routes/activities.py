"""Adding, ordering, removing and restoring activities."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _
from academy.catalogue import kinds, policies, queries, services
from academy.catalogue.forms.activities import NewActivityForm
from academy.catalogue.models import Activity
from academy.catalogue.queries import Desk, EditedActivity
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import EditedUnit, the_activity, the_desk, the_unit
from academy.catalogue.routes.saving import status_of
from academy.catalogue.routes.units import back, offer_undo
from academy.web.access import requires
from academy.web.identity import actor


def editor_of(key: str, activity: Activity) -> str:
    """Return the address where an activity's content is edited."""
    kind = kinds.of(activity.kind)
    if kind.editor == "catalogue.activity":
        return url_for("catalogue.activity", key=key, activity_key=activity.key)
    return url_for(kind.editor, activity_id=activity.id)


@bp.route("/teach/<key>/units/<unit_key>/activities", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_unit)
def add_activity(edited: EditedUnit) -> ResponseReturnValue:
    """Add an activity to a unit and go on to its editor."""
    form = NewActivityForm(data={"kind": request.args.get("kind", "lesson"), "minutes": 10, "required": True}).offer()
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            activity = services.add_activity(
                edited.unit,
                kind=form.kind.data,
                title=form.title.text,
                minutes=int(form.minutes.data or 0),
                required=form.required.data,
                actor_id=actor().person_id,
                at=clock.now(),
            )
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The activity has been added. Now fill it."), "ok")
            return redirect(editor_of(edited.course.key, activity))
    page = render_template(
        "catalogue/new_activity.html", desk=edited.desk, unit=edited.unit, form=form, refused=refused, states=STATES,
        kinds=kinds.KINDS,
    )  # fmt: skip
    return page, status_of(form, refused)


def _plan(sent: str) -> list[tuple[str, list[str]]]:
    """Read an order as our script sends it: "u1:a1,a3;u2:a2"."""
    parts = [part.partition(":") for part in sent.split(";") if part]
    return [(unit, [key for key in keys.split(",") if key]) for unit, _colon, keys in parts]


@bp.post("/teach/<key>/activities/order")
@requires(policies.EDIT_COURSE, find=the_desk)
def order_activities(desk: Desk) -> ResponseReturnValue:
    """Move one activity up or down, from unit to unit too, or put all of them into the order sent."""
    if "plan" in request.form:
        services.order_activities(desk.version, _plan(request.form["plan"]))
        return back(desk.course.key)
    activities = queries.activities_of(desk.version.id)
    found = next((each for each in activities if each.key == request.form.get("key")), None)
    if found is None:
        raise NotFound
    services.move_activity(found, "up" if request.form.get("move") == "up" else "down")
    return back(desk.course.key, f"activity-{found.key}")


@bp.post("/teach/<key>/activities/<activity_key>/remove")
@requires(policies.EDIT_COURSE, find=the_activity)
def remove_activity(edited: EditedActivity) -> ResponseReturnValue:
    """Take an activity out of the draft."""
    services.remove_activity(edited.activity, at=clock.now())
    address = url_for(".restore_activity", key=edited.course.key, activity_key=edited.activity.key)
    offer_undo(address, _("The activity has been removed from the draft."))
    return back(edited.course.key)


@bp.post("/teach/<key>/activities/<activity_key>/restore")
@requires(policies.EDIT_COURSE, find=the_activity)
def restore_activity(edited: EditedActivity) -> ResponseReturnValue:
    """Bring a removed activity back."""
    services.restore_activity(edited.activity)
    flash(_("The activity is back where it was."), "ok")
    return back(edited.course.key, f"activity-{edited.activity.key}")
