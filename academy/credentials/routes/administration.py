"""The administrators' list of certificates, one certificate in full, and its revocation by one person."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _, _l
from academy.base.ids import normalise_number
from academy.base.text import clean_line
from academy.credentials import policies, queries, services_of_revoking
from academy.credentials import queries_of_records as records
from academy.credentials.forms import (
    AnswerForm,
    ConfirmForm,
    CorrectionAnswerForm,
    CorrectionConfirmForm,
    HoldForm,
    ProposalForm,
    ReleaseForm,
    RequestRefusalForm,
    RevocationForm,
)
from academy.credentials.kinds import HOLDS, REVOCATIONS
from academy.credentials.models import Certificate
from academy.credentials.queries_of_revoking import second_person
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import the_certificate
from academy.credentials.rules import CertificateState
from academy.web.access import requires
from academy.web.forms import AcademyForm
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import Page, paginate

name_act(policies.REVOKE_CERTIFICATE, _l("Certificate revoked"))
name_act("credentials:certificate:hold", _l("Certificate suspended"))
name_act("credentials:certificate:release", _l("Suspension of a certificate ended"))


@bp.get("/admin/certificates")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def administration() -> ResponseReturnValue:
    """All certificates of the administrator's organisations, searched and filtered."""
    typed, state = clean_line(request.args.get("q", ""))[:200], request.args.get("state", "")
    state = state if state in set(CertificateState) else ""
    organisations = queries.organisation_choices(policies.organisations_kept(actor()))
    organisation = request.args.get("organisation", "")
    chosen = organisation if organisation in {str(key) for key, _name in organisations} else ""
    return render_template(
        "credentials/administration.html", page=_page(typed, chosen, state), typed=typed, organisation=chosen, state=state,
        organisations=organisations, today=clock.today(), section_navigation=menu("admin"),
    )  # fmt: skip


def _page(typed: str, organisation: str, state: str) -> Page:
    scope = policies.certificates_administered(actor())
    if organisation:
        scope = scope & (policies.organisation_of_holder() == int(organisation))
    found = queries.listing(
        scope, terms=search_terms(typed), number=normalise_number(typed), state=state, today=clock.today()
    )
    page = paginate(found)
    return replace(page, rows=[queries.row_of(row) for row in page.rows])


@bp.get("/admin/certificates/<number>")
@requires(policies.INSPECT_CERTIFICATE, find=the_certificate, auditors=True)
def record(certificate: Certificate) -> ResponseReturnValue:
    """One certificate: what it states, how it stands, what was decided about it, and the forms to decide."""
    return record_page(certificate), 200


@bp.post("/admin/certificates/<number>/revoke")
@requires(policies.REVOKE_CERTIFICATE, find=the_certificate)
def revoke(certificate: Certificate) -> ResponseReturnValue:
    """Revoke a certificate with a reason."""
    form = RevocationForm()
    if form.validate_on_submit():
        try:
            services_of_revoking.revoke(
                certificate.id, reason_class=form.reason_class.data, reason=form.reason.data or "",
                actor_id=actor().person_id, at=clock.now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("The certificate is revoked. The public register says so from now on."), "ok")
            return redirect(url_for("credentials.record", number=certificate.number))
    return record_page(certificate, form), 422


def record_page(certificate: Certificate, sent: AcademyForm | None = None) -> str:
    """Return the page of one certificate; the form that was sent keeps what was typed, the others are fresh."""
    by, two = actor(), services_of_revoking.takes_two()
    kinds = (
        RevocationForm, ProposalForm, ConfirmForm, AnswerForm, HoldForm, ReleaseForm, CorrectionConfirmForm, CorrectionAnswerForm,
        RequestRefusalForm,
    )  # fmt: skip
    forms = {kind.__name__: kind(formdata=None) for kind in kinds}
    if sent is not None:
        forms[type(sent).__name__] = sent
    now = records.now(certificate.id)
    row = replace(queries.row_of(certificate), renewed=now.renewed)
    return render_template(
        "credentials/record.html", certificate=certificate, row=row, forms=forms, sent=sent,
        takes_two=two, second=second_person(certificate, by.person_id, by.organisation_id) if two else None,
        proposal=now.proposal, correction=now.correction, asked=now.asked, hold=now.hold, successor=now.successor,
        imported_by=now.imported_by, doubted=now.doubted, history=records.history(certificate.id),
        classes={**REVOCATIONS, **HOLDS}, reader_id=by.person_id, today=clock.today(), section_navigation=menu("admin"),
    )  # fmt: skip


def acted(certificate: Certificate, form: AcademyForm, act: Callable[[], str | None], said: str) -> ResponseReturnValue:
    """Do what a form of the certificate's page asks for and open the certificate that stands then; else show what is wrong.

    `act` returns the number of the certificate to open when it is another one.
    """
    if not form.validate_on_submit():
        return record_page(certificate, form), 422
    number = certificate.number
    try:
        number = act() or number
    except Invalid as refusal:
        form.refuse(refusal)
        return record_page(certificate, form), 422
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(said, "ok")
    return redirect(url_for("credentials.record", number=number))
