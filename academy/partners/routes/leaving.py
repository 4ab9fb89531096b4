"""Ending a membership, and letting somebody who left join another partner."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.base import clock
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l
from academy.partners import policies, queries, services
from academy.partners.forms import JoiningForm, LeavingForm
from academy.partners.kinds import LEAVING_REASONS
from academy.partners.routes.blueprints import bp
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor

name_act(policies.END_MEMBERSHIP, _l("Membership of a partner ended"))


@bp.route("/admin/partners/people/<int:person_id>/leave", methods=["GET", "POST"])
@requires(policies.END_MEMBERSHIP, find=queries.person_of_partner)
def end_membership(person: Person) -> ResponseReturnValue:
    """End the membership of one of the partner's own people."""
    form, left = LeavingForm(), queries.open_leaving(person.id)
    if form.validate_on_submit():
        try:
            services.end_membership(
                person, reason=form.reason.data, note=form.note.data or "", actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The membership has ended. What depended on it is suspended."), "ok")
            return redirect(url_for(".roster", organisation_id=person.organisation_id))
    shown = render_template(
        "partners/end_membership.html", form=form, person=person, left=left, reasons=LEAVING_REASONS
    )
    return shown, 422 if form.errors else 200


@bp.route("/admin/partners/people/<int:person_id>/join", methods=["GET", "POST"])
@requires(policies.MOVE_PERSON, find=queries.person_of_partner)
def join_partner(person: Person) -> ResponseReturnValue:
    """Let somebody who left join another partner."""
    left = queries.open_leaving(person.id)
    if left is None:
        raise NotFound
    form = JoiningForm()
    form.organisation_id.choices = [(key, plain(name)) for key, name in queries.other_partners(person.organisation_id)]
    if form.validate_on_submit():
        try:
            services.join_partner(person, form.organisation_id.data, actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The person is one of the new partner's people."), "ok")
            return redirect(url_for(".roster", organisation_id=person.organisation_id))
    return render_template(
        "partners/join_partner.html", form=form, person=person, left=left
    ), 422 if form.errors else 200
