"""Correcting the name on a certificate: the form, what waits for a second person, their answer."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.queries import person
from academy.base import clock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _, _l
from academy.credentials import policies, queries, services_of_correcting
from academy.credentials import queries_of_correcting as corrections
from academy.credentials.forms import CorrectionAnswerForm, CorrectionConfirmForm, CorrectionForm
from academy.credentials.kinds import CORRECTED
from academy.credentials.models import Certificate, CorrectionProposal, CorrectionRequest
from academy.credentials.queries_of_asking import open_request
from academy.credentials.queries_of_proposals import Proposed
from academy.credentials.queries_of_revoking import second_person
from academy.credentials.routes.administration import acted
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import the_certificate
from academy.credentials.services_of_revoking import takes_two
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import paginate

name_act(services_of_correcting.PROPOSE_CORRECTION, _l("Correction of a certificate proposed"))
name_act(policies.CORRECT_CERTIFICATE, _l("Certificate replaced by a corrected one"))
name_act(policies.CONFIRM_CORRECTION, _l("Proposed correction of a certificate confirmed"))
name_act(policies.DECIDE_CORRECTION, _l("Proposed correction of a certificate declined or withdrawn"))


@bp.get("/admin/certificates/corrections")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def proposed_corrections() -> ResponseReturnValue:
    """List the corrections that wait for a second person."""
    by = actor()
    page = paginate(corrections.corrections(policies.certificates_to_revoke(by)))
    return render_template(
        "credentials/corrections.html", page=page, row_of=queries.row_of, reader_id=by.person_id,
        section_navigation=menu("admin"),
    )  # fmt: skip


@bp.route("/admin/certificates/<number>/correct", methods=["GET", "POST"])
@requires(policies.CORRECT_CERTIFICATE, find=the_certificate)
def correct_certificate(certificate: Certificate) -> ResponseReturnValue:
    """Give a certificate its holder's right name, or propose it to a second person where the academy asks for two."""
    asked = open_request(certificate.id)
    form = CorrectionForm(**_proposal(certificate, asked))
    if not form.validate_on_submit():
        return _form_page(certificate, form, asked)
    try:
        return _corrected(certificate, form)
    except Invalid as refusal:
        form.refuse(refusal)
        return _form_page(certificate, form, asked)


def _proposal(certificate: Certificate, asked: CorrectionRequest | None) -> dict[str, Any]:
    """Return where the correction begins: what the holder asks for, else the name in the person's record."""
    if asked is not None:
        return {"name": asked.name, "reason": asked.reason}
    holder = person(certificate.holder_id) if certificate.holder_id is not None else None
    return {"name": holder.name if holder else None}


def _corrected(certificate: Certificate, form: CorrectionForm) -> ResponseReturnValue:
    number, two = certificate.number, takes_two()
    act = services_of_correcting.propose if two else services_of_correcting.correct
    try:
        made = act(
            certificate.id, name=form.name.text, reason=form.reason.data or "", actor_id=actor().person_id, at=clock.now()
        )  # fmt: skip
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        if isinstance(made, Certificate):
            number = made.number
            flash(_("This is the corrected certificate. The former one leads to it from now on."), "ok")
        else:
            flash(_("The correction is proposed. It takes effect when another person confirms it."), "ok")
    return redirect(url_for("credentials.record", number=number))


def _form_page(certificate: Certificate, form: CorrectionForm, asked: CorrectionRequest | None) -> ResponseReturnValue:
    by, two = actor(), takes_two()
    page = render_template(
        "credentials/correct.html", row=queries.row_of(certificate), form=form, takes_two=two, because=CORRECTED,
        asked=asked, waits=corrections.open_correction(certificate.id) is not None,
        second=second_person(certificate, by.person_id, by.organisation_id) if two else None,
        section_navigation=menu("admin"),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/admin/certificates/corrections/<int:correction_id>/confirm")
@requires(policies.CONFIRM_CORRECTION, find=corrections.corrected)
def confirm_correction(found: Proposed[CorrectionProposal]) -> ResponseReturnValue:
    """Confirm what another person proposed: the certificate is issued anew."""

    def act() -> str:
        return services_of_correcting.confirm(found.proposal.id, actor_id=actor().person_id, at=clock.now()).number

    said = _("This is the corrected certificate. The former one leads to it from now on.")
    return acted(found.certificate, CorrectionConfirmForm(), act, said)


@bp.post("/admin/certificates/corrections/<int:correction_id>/decline")
@requires(policies.DECIDE_CORRECTION, find=corrections.corrected)
def decline_correction(found: Proposed[CorrectionProposal]) -> ResponseReturnValue:
    """Decline what was proposed, or withdraw one's own proposal, with a reason."""
    form = CorrectionAnswerForm()

    def act() -> None:
        reason, by = form.answer.data or "", actor().person_id
        services_of_correcting.decline(found.proposal.id, reason=reason, actor_id=by, at=clock.now())

    said = _("The certificate stays as it is. The reason is in its history.")
    return acted(found.certificate, form, act, said)
