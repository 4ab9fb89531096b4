"""Adding, naming, ordering, removing and restoring units."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from academy.base import clock
from academy.base.errors import NotFound, Refusal, Stale
from academy.base.i18n import _
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.courses import UnitForm
from academy.catalogue.models import CourseUnit
from academy.catalogue.queries import Desk
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import EditedUnit, the_desk, the_unit
from academy.catalogue.routes.saving import asked_revision, status_of
from academy.web.access import requires
from academy.web.errors import wants_json


def back(key: str, anchor: str = "") -> ResponseReturnValue:
    """Return to the outline; our own scripts, which have changed the page already, get an empty answer."""
    return ("", 204) if wants_json() else redirect(url_for("catalogue.edit", key=key, _anchor=anchor or None))


def offer_undo(address: str, said: str) -> None:
    """Tell that something was removed, with a button that brings it back."""
    flash(Markup(render_template("catalogue/parts/undo.html", address=address, said=said)), "ok")


@bp.route("/teach/<key>/units", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_desk)
def add_unit(desk: Desk) -> ResponseReturnValue:
    """Add a unit."""
    form = UnitForm()
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            unit = services.add_unit(desk.version, title=form.title.text)
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The unit has been added."), "ok")
            return back(desk.course.key, f"unit-{unit.key}")
    return _page(desk, None, form, refused)


@bp.route("/teach/<key>/units/<unit_key>", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_unit)
def unit(edited: EditedUnit) -> ResponseReturnValue:
    """Rename a unit."""
    form = UnitForm(obj=edited.unit)
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            services.change_unit(edited.unit, title=form.title.text, revision=asked_revision())
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The unit has been renamed."), "ok")
            return back(edited.course.key, f"unit-{edited.unit.key}")
    return _page(edited.desk, edited.unit, form, refused)


def _page(desk: Desk, shown: CourseUnit | None, form: UnitForm, refused: Refusal | None) -> ResponseReturnValue:
    page = render_template(
        "catalogue/unit.html", desk=desk, unit=shown, form=form, refused=refused, stale=isinstance(refused, Stale),
        current=shown.revision if shown else 0, states=STATES,
    )  # fmt: skip
    return page, status_of(form, refused)


@bp.post("/teach/<key>/units/order")
@requires(policies.EDIT_COURSE, find=the_desk)
def order_units(desk: Desk) -> ResponseReturnValue:
    """Move one unit up or down, or put all of them into the order sent."""
    if "order" in request.form:
        services.order_units(desk.version, request.form["order"].split(","))
        return back(desk.course.key)
    units = queries.units_of(desk.version.id)
    found = next((each for each in units if each.key == request.form.get("key")), None)
    if found is None:
        raise NotFound
    services.move_unit(found, "up" if request.form.get("move") == "up" else "down")
    return back(desk.course.key, f"unit-{found.key}")


@bp.post("/teach/<key>/units/<unit_key>/remove")
@requires(policies.EDIT_COURSE, find=the_unit)
def remove_unit(edited: EditedUnit) -> ResponseReturnValue:
    """Take a unit out of the draft."""
    services.remove_unit(edited.unit, at=clock.now())
    address = url_for(".restore_unit", key=edited.course.key, unit_key=edited.unit.key)
    offer_undo(address, _("The unit and its activities have been removed from the draft."))
    return back(edited.course.key)


@bp.post("/teach/<key>/units/<unit_key>/restore")
@requires(policies.EDIT_COURSE, find=the_unit)
def restore_unit(edited: EditedUnit) -> ResponseReturnValue:
    """Bring a removed unit back."""
    services.restore_unit(edited.unit)
    flash(_("The unit is back where it was."), "ok")
    return back(edited.course.key, f"unit-{edited.unit.key}")
