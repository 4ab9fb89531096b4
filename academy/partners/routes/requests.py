"""Self-registration as a partner's administrator sees it: its terms, the requests, and the decision about one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import services as accounts
from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation, OrgUnit
from academy.base import clock, place
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.partners import policies, queries, services
from academy.partners import queries_of_joining as joining
from academy.partners.forms_of_joining import RefusalForm, RegistrationForm
from academy.partners.models import JoinRequest
from academy.partners.routes.blueprints import bp
from academy.partners.rules import seats_short
from academy.partners.rules_of_joining import is_open
from academy.partners.services.joining import CONFIRMED
from academy.web.access import requires
from academy.web.identity import actor

name_act(policies.OPEN_REGISTRATION, _l("Self-registration changed"))
name_act(policies.DECIDE_REQUEST, _l("Request to join decided"))
name_act(CONFIRMED, _l("Request to join confirmed"))

STATES = {
    joining.WAITING: (_l("Waiting"), "warn", "clock"),
    joining.APPROVED: (_l("Approved"), "ok", "check"),
    joining.REFUSED: (_l("Refused"), "bad", "x"),
}


@bp.get("/admin/partners/<int:organisation_id>/joining")
@requires(policies.SEE_REQUESTS, find=queries.partner, auditors=True)
def requests(partner: Organisation) -> ResponseReturnValue:
    """The requests to join a partner, and whether more may come."""
    row, found = joining.registration(partner.id), joining.requests(partner.id)
    taken = accounts.seats_taken(partner.id)
    return render_template(
        "partners/join/requests.html", partner=partner, row=row, states=STATES,
        is_open=row is not None and partner.active and is_open(row.open, row.ends_on, clock.today()),
        waiting=[each for each in found if each.state == joining.WAITING],
        decided=[each for each in found if each.state != joining.WAITING],
        taken=taken, short=seats_short(taken, partner.seats),
        address=place.base_url() + url_for("accounts.door", organisation_key=partner.key),
    )  # fmt: skip


@bp.route("/admin/partners/<int:organisation_id>/joining/edit", methods=["GET", "POST"])
@requires(policies.OPEN_REGISTRATION, find=queries.partner)
def edit_registration(partner: Organisation) -> ResponseReturnValue:
    """Open or close self-registration, and say for whom."""
    form = RegistrationForm()
    if form.validate_on_submit():
        try:
            services.change_registration(
                partner, opened=bool(form.open.data), domains=form.domains.data or "", ends_on=form.ends_on.data,
                actor_id=actor().person_id, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".requests", organisation_id=partner.id))
    elif not form.is_submitted():
        form.show(joining.registration(partner.id))
    return render_template("partners/join/edit.html", form=form, partner=partner), 422 if form.errors else 200


@bp.get("/admin/partners/joining/<int:join_request_id>")
@requires(policies.SEE_REQUESTS, find=joining.asked, auditors=True)
def join_request(row: JoinRequest) -> ResponseReturnValue:
    """A request to join, and what there is to decide."""
    return _shown(row, RefusalForm())


def _shown(row: JoinRequest, form: RefusalForm) -> ResponseReturnValue:
    partner = db.session.get_one(Organisation, row.organisation_id)
    unit = db.session.get(OrgUnit, row.org_unit_id) if row.org_unit_id else None
    taken = accounts.seats_taken(partner.id)
    shown = render_template(
        "partners/join/request.html", row=row, partner=partner, unit=unit, form=form, states=STATES, taken=taken,
        full=partner.seats is not None and taken >= partner.seats,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/admin/partners/joining/<int:join_request_id>/approve")
@requires(policies.DECIDE_REQUEST, find=joining.asked)
def approve_request(row: JoinRequest) -> ResponseReturnValue:
    """Approve a request: a person is added and invited."""
    here, back = (
        url_for(".join_request", join_request_id=row.id),
        url_for(".requests", organisation_id=row.organisation_id),
    )
    try:
        services.approve_request(row, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(here)
    flash(_("Approved. The invitation is on its way."), "ok")
    return redirect(back)


@bp.post("/admin/partners/joining/<int:join_request_id>/refuse")
@requires(policies.DECIDE_REQUEST, find=joining.asked)
def refuse_request(row: JoinRequest) -> ResponseReturnValue:
    """Refuse a request with a reason."""
    form = RefusalForm()
    if form.validate_on_submit():
        try:
            services.refuse_request(row, form.reason.data or "", actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Refused. The person is told by letter."), "ok")
            return redirect(url_for(".requests", organisation_id=row.organisation_id))
    return _shown(row, form)
