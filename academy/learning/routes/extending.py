"""Giving one person more time for a course, by their manager or administrator; the history of it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.learning import policies
from academy.learning.queries.extensions import ExtendedPlace, extended_place, extensions_of
from academy.learning.routes.blueprints import bp
from academy.learning.services.extending import LONGEST_REASON, extend
from academy.web.access import requires
from academy.web.forms import AcademyForm, BlockField, DayField
from academy.web.identity import actor

name_act("learning:due_day:extend", _l("Due date extended"))


class ExtensionForm(AcademyForm):
    """Until when, and why."""

    to_day = DayField(_l("New due date"), [InputRequired(_l("Enter a day such as 2027-03-01 or 12/9/1448."))])
    reason = BlockField(
        _l("Reason"), [InputRequired(_l("Say why more time is given."))], limit=LONGEST_REASON, render_kw={"rows": 3},
        description=_l("The learner reads it too."),
    )  # fmt: skip


@bp.route("/enrolments/<int:enrolment_id>/extend", methods=["GET", "POST"])
@requires(policies.EXTEND, find=extended_place)
def extend_due_day(place: ExtendedPlace) -> ResponseReturnValue:
    """Give somebody more time."""
    form, enrolment = ExtensionForm(), place.enrolment
    if form.validate_on_submit() and form.to_day.data is not None:
        try:
            extend(
                enrolment.id, form.to_day.data, reason=form.reason.data or "", by_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The due date has been extended, and the learner is told."), "ok")
            return redirect(url_for(".extend_due_day", enrolment_id=enrolment.id))
    page = render_template(
        "learning/extend.html", form=form, place=place, enrolment=enrolment, extensions=extensions_of(enrolment.id)
    )
    return page, 422 if form.errors else 200
