"""The name is wrong: the holder asks, takes it back, and reads the answer; whoever may correct it sees what waits and refuses."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _, _l
from academy.credentials import policies, queries, services_of_asking
from academy.credentials import queries_of_asking as asking
from academy.credentials.forms import NameRequestForm, RequestRefusalForm
from academy.credentials.models import Certificate
from academy.credentials.queries_of_asking import Asked
from academy.credentials.queries_of_correcting import open_correction, standing_for
from academy.credentials.routes.administration import acted
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import the_certificate
from academy.web.access import requires
from academy.web.files import download as send
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import paginate

name_act(policies.ASK_CORRECTION, _l("Holder asked for another name on a certificate"))
name_act(policies.WITHDRAW_REQUEST, _l("Request for another name on a certificate withdrawn"))
name_act(policies.REFUSE_REQUEST, _l("Request for another name on a certificate refused"))


@bp.route("/certificates/<number>/name", methods=["GET", "POST"])
@requires(policies.ASK_CORRECTION, find=the_certificate)
def ask_correction(certificate: Certificate) -> ResponseReturnValue:
    """Say that the name on one's own certificate is wrong, and see what became of that."""
    form = NameRequestForm(name=queries.row_of(certificate).holder)
    if not form.validate_on_submit():
        return _own_page(certificate, form)
    try:
        services_of_asking.ask(
            certificate.id, name=form.name.text, reason=form.reason.data or "", proof=form.upload(),
            actor_id=actor().person_id, at=clock.now(),
        )  # fmt: skip
    except Invalid as refusal:
        form.refuse(refusal)
        return _own_page(certificate, form)
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("Your request waits for a decision. You will be told."), "ok")
    return redirect(url_for("credentials.ask_correction", number=certificate.number))


def _own_page(certificate: Certificate, form: NameRequestForm) -> ResponseReturnValue:
    last = asking.last_request(certificate.id)
    page = render_template(
        "credentials/ask.html", row=queries.row_of(certificate), form=form, last=last,
        proof=asking.proof_of(last) if last else None, proposed=open_correction(certificate.id) is not None,
        successor=standing_for(certificate.id) if certificate.replaced else None, today=clock.today(),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/certificates/name-requests/<int:name_request_id>/withdraw")
@requires(policies.WITHDRAW_REQUEST, find=asking.asked)
def withdraw_name_request(found: Asked) -> ResponseReturnValue:
    """Take one's own request back."""
    try:
        services_of_asking.withdraw(found.request.id, actor_id=actor().person_id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("Your request is withdrawn. The certificate stays as it is."), "ok")
    return redirect(url_for("credentials.ask_correction", number=found.certificate.number))


@bp.get("/certificates/name-requests/<int:name_request_id>/proof")
@requires(policies.SEE_PROOF, find=asking.asked)
def name_request_proof(found: Asked) -> ResponseReturnValue:
    """The proof as a download, for the holder and those who decide."""
    stored = asking.proof_of(found.request)
    if stored is None:
        raise NotFound
    return send(stored)


@bp.get("/admin/certificates/name-requests")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def name_requests() -> ResponseReturnValue:
    """List what holders ask and nobody has decided about."""
    page = paginate(asking.waiting_requests(policies.certificates_to_revoke(actor())))
    return render_template(
        "credentials/asked.html", page=page, row_of=queries.row_of, section_navigation=menu("admin")
    )  # fmt: skip


@bp.post("/admin/certificates/name-requests/<int:name_request_id>/refuse")
@requires(policies.REFUSE_REQUEST, find=asking.asked)
def refuse_name_request(found: Asked) -> ResponseReturnValue:
    """Leave the name as it is, with a reason that the holder reads."""
    form = RequestRefusalForm()

    def act() -> None:
        reason, by = form.refusal.data or "", actor().person_id
        services_of_asking.refuse(found.request.id, reason=reason, actor_id=by, at=clock.now())

    return acted(found.certificate, form, act, _("The certificate stays as it is. The holder is told why."))
