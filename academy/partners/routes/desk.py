"""The desk of a partner: the list, the partner's own page, its look and contacts, its seats."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import services as accounts
from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.accounts.policies import RENAME_ORGANISATION
from academy.base import clock, place
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.partners import policies, queries, services
from academy.partners.accreditation.kinds import STATUSES
from academy.partners.accreditation.queries import standings
from academy.partners.forms import ProfileForm, SeatsForm
from academy.partners.kinds import PURPOSES
from academy.partners.queries_of_desks import desk
from academy.partners.queries_of_serving import roster_on
from academy.partners.queries_of_shares import days_told, shares
from academy.partners.routes.blueprints import bp
from academy.partners.rules import May, seats_short
from academy.web import navigation
from academy.web.access import may, requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("admin", 14, _l("Partners"), "partners.partners", "handshake", policies.LIST_PARTNERS)
name_act(policies.EDIT_PARTNER, _l("Partner's look or contacts changed"))


@bp.get("/admin/partners")
@requires(policies.LIST_PARTNERS, auditors=True)
def partners() -> ResponseReturnValue:
    """The partners that the administrator looks after; whoever has one is led to it."""
    today = clock.today()
    page = paginate(queries.partners(policies.partners_administered(actor()), today))
    rows = [queries.PartnerRow(*row) for row in page.rows]
    if page.total == 1:
        return redirect(url_for(".partner", organisation_id=rows[0].id))
    ids = [row.id for row in rows]
    return render_template(
        "partners/partners.html", page=page, rows=rows, accredited=standings(ids, today), statuses=STATUSES,
        shares=shares(ids, days_told(today), today=today),
    )  # fmt: skip


@bp.get("/admin/partners/<int:organisation_id>/shares")
@requires(policies.SEE_PARTNER, find=queries.partner, auditors=True)
def partner_shares(partner: Organisation) -> ResponseReturnValue:
    """How many of the partner's front line were certified, month by month."""
    today = clock.today()
    found = shares([partner.id], days_told(today), today=today)[partner.id]
    return render_template("partners/shares.html", partner=partner, shares=found, today=today)


@bp.get("/admin/partners/<int:organisation_id>")
@requires(policies.SEE_PARTNER, find=queries.partner, auditors=True)
def partner(partner: Organisation) -> ResponseReturnValue:
    """A partner: seats, who may serve by unit, agreements, contacts."""
    today = clock.today()
    agreements, own = queries.agreements(partner.id), desk(partner.id)
    found = roster_on(partner.id, today, today=today, agreements=agreements)
    return render_template(
        "partners/partner.html", partner=partner, profile=own.profile, contacts=own.contacts, purposes=PURPOSES,
        agreements=agreements, taken=own.taken, short=seats_short(own.taken, partner.seats),
        holds=found.agreement, counts={each.value: found.count(each) for each in May},
        ending=sum(line.verdict.ends_soon(today) for line in found.lines), by_unit=found.by_unit(own.units), today=today,
        accredited=standings([partner.id], today).get(partner.id), statuses=STATUSES,
        joins=own.joins, door_url=place.base_url() + url_for("accounts.door", organisation_key=partner.key),
    )  # fmt: skip


@bp.route("/admin/partners/<int:organisation_id>/edit", methods=["GET", "POST"])
@requires(policies.EDIT_PARTNER, find=queries.partner)
def edit_partner(partner: Organisation) -> ResponseReturnValue:
    """The partner's look and contacts; its name only for those who may rename organisations."""
    form, profile = ProfileForm(), queries.profile(partner.id)
    renames = may(RENAME_ORGANISATION, partner)
    if not renames:
        del form.name
    if form.validate_on_submit():
        try:
            _change(partner, form, renames)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".partner", organisation_id=partner.id))
    elif not form.is_submitted():
        form.show(partner.name, profile, queries.contacts(partner.id))
    logo = f"/files/{profile.logo_key}" if profile and profile.logo_key else None
    shown = render_template("partners/edit_partner.html", form=form, partner=partner, logo_url=logo, renames=renames)
    return shown, 422 if form.errors else 200


def _change(partner: Organisation, form: ProfileForm, renames: bool) -> None:
    at, by = clock.now(), actor().person_id
    services.change_profile(
        partner, colour=form.colour.data, contacts=form.contacts, logo=form.picture,
        without_logo=bool(form.without_logo.data), actor_id=by, at=at,
    )  # fmt: skip
    if renames:
        accounts.rename_organisation(partner, form.name.text, at=at, actor_id=by)


@bp.route("/admin/partners/<int:organisation_id>/seats", methods=["GET", "POST"])
@requires(policies.SET_SEATS, find=queries.partner)
def seats(partner: Organisation) -> ResponseReturnValue:
    """How many people the partner may have."""
    form = SeatsForm(obj=partner)
    if form.validate_on_submit():
        try:
            number = int(form.seats.data) if form.seats.data is not None else None
            accounts.set_seats(partner, number, at=clock.now(), actor_id=actor().person_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".partner", organisation_id=partner.id))
    taken = accounts.seats_taken(partner.id)
    shown = render_template("partners/seats.html", form=form, partner=partner, taken=taken)
    return shown, 422 if form.errors else 200
