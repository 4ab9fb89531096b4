"""How a partner is accredited: what it holds, how its criteria stand, its history and applications; its certificate."""

import logging
from datetime import date

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.base.ids import normalise_number
from academy.partners import queries as partners
from academy.partners.accreditation import drawing, kinds, policies, queries, services
from academy.partners.accreditation.forms import ApplyForm, WithdrawalForm
from academy.partners.accreditation.models import Accreditation, Suspension
from academy.partners.accreditation.routes.blueprints import bp
from academy.partners.accreditation.rules import Status, may_renew_from
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.forms import AcademyForm
from academy.web.identity import actor

log = logging.getLogger("academy.partners")


def the_accreditation(accreditation_number: str) -> Accreditation | None:
    """Return the accreditation that a typed or linked number means."""
    stored = normalise_number(accreditation_number)
    return queries.numbered(stored) if stored else None


def _page(partner: Organisation, sent: AcademyForm | None = None) -> ResponseReturnValue:
    rows, today = queries.accreditations(partner.id), clock.today()
    present = next((row for row in rows if row.withdrawn_on is None and row.replaced_on is None), None)
    ids = [row.id for row in rows]
    held, published = queries.suspensions(ids), queries.present_scheme()
    scheme = queries.scheme_of(published.id) if published else None
    apply_form = sent if isinstance(sent, ApplyForm) else ApplyForm(formdata=None)
    _offer(apply_form, scheme, present, today)
    applied = queries.applications_of(partner.id)
    shown = render_template(
        "accreditation/standing.html", partner=partner, present=present, rows=rows, scheme=scheme,
        own_scheme=queries.scheme_of(present.scheme_id) if present else None,
        statuses_of={row.id: _status(row, held[row.id], today) for row in rows}, statuses=kinds.STATUSES,
        readings=queries.readings_in(present.findings) if present else {}, breaches=queries.breaches(ids), suspensions=held,
        applications=applied, schemes={each: queries.scheme_of(each) for each in {row.scheme_id for row in rows} | {row.scheme_id for row in applied}}, states=kinds.STATES, sources=kinds.SOURCES, apply_form=apply_form,
        withdrawal_form=sent if isinstance(sent, WithdrawalForm) else WithdrawalForm(formdata=None), sent=sent,
        renewable_from=may_renew_from(present.valid_until) if present else None,
    )  # fmt: skip
    return shown, 422 if sent is not None else 200


def _status(row: Accreditation, held: list[Suspension], today: date) -> Status:
    return row.status_on(today, suspended=any(each.ended_on is None for each in held))


def _offer(form: AcademyForm, scheme: object, present: Accreditation | None = None, today: date = date.max) -> None:
    """Set the levels of a form; of one that is shown, those that can be applied for today."""
    levels = getattr(scheme, "levels", ())
    if present is not None and today < may_renew_from(present.valid_until):
        levels = [each for each in levels if each.level > present.level]
    form["level"].choices = [(str(each.level), f"{plain(each.name)}: {plain(each.meaning)}") for each in levels]


@bp.get("/admin/partners/<int:organisation_id>/accreditation")
@requires(policies.SEE_ACCREDITATION, find=partners.partner, auditors=True)
def standing(partner: Organisation) -> ResponseReturnValue:
    """What the partner holds and how it stands, as of the last daily check."""
    return _page(partner)


@bp.post("/admin/partners/<int:organisation_id>/accreditation")
@requires(policies.MAKE_APPLICATION, find=partners.partner)
def apply(partner: Organisation) -> ResponseReturnValue:
    """Begin an application."""
    form, published = ApplyForm(), queries.present_scheme()
    _offer(form, queries.scheme_of(published.id) if published else None)
    if not form.validate_on_submit():
        return _page(partner, form)
    try:
        row = services.apply(
            partner, int(form.level.data), words=form.words.data or "", actor_id=actor().person_id, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        db.session.rollback()
        return _page(partner, form)
    flash(_("The application is begun. Hand in its documents, then submit it."), "ok")
    return redirect(url_for("accreditation.application", application_id=row.id))


@bp.post("/admin/accreditation/<int:accreditation_id>/withdrawal")
@requires(policies.END_ACCREDITATION, find=queries.accreditation)
def propose_withdrawal(row: Accreditation) -> ResponseReturnValue:
    """Ask the committee to withdraw an accreditation."""
    form, partner = WithdrawalForm(), partners.partner(row.organisation_id)
    assert partner is not None
    if not form.validate_on_submit():
        return _page(partner, form)
    try:
        made = services.propose_withdrawal(
            row, reason=form.reason.data or "", actor_id=actor().person_id, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        db.session.rollback()
        return _page(partner, form)
    flash(_("The committee is asked. Nothing changes until it has decided."), "ok")
    return redirect(url_for("accreditation.application", application_id=made.id))


@bp.get("/admin/accreditations/<accreditation_number>.pdf")
@requires(policies.SEE_ACCREDITATION, find=the_accreditation, auditors=True)
def paper(row: Accreditation) -> ResponseReturnValue:
    """The certificate as a PDF in both languages."""
    if not services.is_whole(row):
        log.error("accreditation %s is not what was granted: the database was changed by other hands", row.id)
        raise Refusal(_("What is kept of this accreditation is not what was granted. Tell the academy."))
    made, number = drawing.paper(row), row.number
    services.PAPERS.note_given(row.id, made, at=clock.now())
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="accreditation-{number[:5]}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
