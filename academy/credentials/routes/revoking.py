"""Deciding about one certificate: revocations that take two people, and suspending by hand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.i18n import _, _l
from academy.credentials import policies, queries, services_of_holds, services_of_revoking
from academy.credentials import queries_of_revoking as proposals
from academy.credentials.forms import AnswerForm, ConfirmForm, HoldForm, ProposalForm, ReleaseForm
from academy.credentials.kinds import REVOCATIONS
from academy.credentials.models import Certificate, RevocationProposal
from academy.credentials.queries_of_proposals import Proposed
from academy.credentials.routes.administration import acted
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import the_certificate
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import paginate

name_act(services_of_revoking.PROPOSE, _l("Revocation of a certificate proposed"))
name_act(policies.CONFIRM_REVOCATION, _l("Proposed revocation of a certificate confirmed"))
name_act(policies.DECIDE_REVOCATION, _l("Proposed revocation of a certificate declined or withdrawn"))


@bp.get("/admin/certificates/revocations")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def revocations() -> ResponseReturnValue:
    """List what was proposed to be revoked and waits for a second person."""
    page = paginate(proposals.proposals(policies.certificates_to_revoke(actor())))
    return render_template(
        "credentials/revocations.html", page=page, row_of=queries.row_of, classes=REVOCATIONS,
        reader_id=actor().person_id, section_navigation=menu("admin"),
    )  # fmt: skip


@bp.post("/admin/certificates/<number>/propose")
@requires(policies.REVOKE_CERTIFICATE, find=the_certificate)
def propose_revocation(certificate: Certificate) -> ResponseReturnValue:
    """Propose to revoke a certificate, for another person to confirm."""
    form = ProposalForm()

    def act() -> None:
        services_of_revoking.propose(
            certificate.id, reason_class=form.reason_class.data, reason=form.reason.data or "",
            actor_id=actor().person_id, at=clock.now(),
        )  # fmt: skip

    return acted(
        certificate, form, act, _("The revocation is proposed. It takes effect when another person confirms it.")
    )


@bp.post("/admin/certificates/revocations/<int:proposal_id>/confirm")
@requires(policies.CONFIRM_REVOCATION, find=proposals.proposed)
def confirm_revocation(found: Proposed[RevocationProposal]) -> ResponseReturnValue:
    """Confirm what another person proposed: the certificate is revoked."""

    def act() -> None:
        services_of_revoking.confirm(found.proposal.id, actor_id=actor().person_id, at=clock.now())

    said = _("The certificate is revoked. The public register says so from now on.")
    return acted(found.certificate, ConfirmForm(), act, said)


@bp.post("/admin/certificates/revocations/<int:proposal_id>/decline")
@requires(policies.DECIDE_REVOCATION, find=proposals.proposed)
def decline_revocation(found: Proposed[RevocationProposal]) -> ResponseReturnValue:
    """Decline what was proposed, or withdraw one's own proposal, with a reason."""
    form = AnswerForm()

    def act() -> None:
        reason, by = form.answer.data or "", actor().person_id
        services_of_revoking.decline(found.proposal.id, reason=reason, actor_id=by, at=clock.now())

    return acted(found.certificate, form, act, _("The certificate stands. The reason is in its history."))


@bp.post("/admin/certificates/<number>/hold")
@requires(policies.HOLD_CERTIFICATE, find=the_certificate)
def hold_certificate(certificate: Certificate) -> ResponseReturnValue:
    """Suspend a certificate by hand, with a reason."""
    form = HoldForm()

    def act() -> None:
        services_of_holds.hold(
            certificate.id, reason_class=form.hold_class.data, reason=form.hold_reason.data or "",
            actor_id=actor().person_id, at=clock.now(),
        )  # fmt: skip

    return acted(certificate, form, act, _("The certificate is suspended. The public register says so from now on."))


@bp.post("/admin/certificates/<number>/release")
@requires(policies.HOLD_CERTIFICATE, find=the_certificate)
def release_certificate(certificate: Certificate) -> ResponseReturnValue:
    """Let a certificate that was suspended by hand count again, with a reason."""
    form = ReleaseForm()

    def act() -> None:
        reason, by = form.release_reason.data or "", actor().person_id
        services_of_holds.release(certificate.id, reason=reason, actor_id=by, at=clock.now())

    return acted(certificate, form, act, _("The suspension has ended."))
