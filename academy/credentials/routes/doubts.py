"""Certificates in doubt after a regrade: a person decides about each, the academy about none."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l
from academy.credentials import policies, queries, services
from academy.credentials import queries_of_doubts as doubts
from academy.credentials.queries_of_doubts import Doubt
from academy.credentials.routes.blueprints import bp
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import paginate

name_act(policies.DECIDE_DOUBT, _l("Certificate kept after a regrade"))


@bp.get("/admin/certificates/doubts")
@requires(policies.LIST_CERTIFICATES, auditors=True)
def in_doubt() -> ResponseReturnValue:
    """List the certificates whose basis fell below the pass mark."""
    return _page()


def _page(refused: dict[int, str] | None = None, typed: str = "") -> str:
    """The list; `refused` says for a doubt why the reason that was `typed` for it is not taken."""
    page = paginate(doubts.doubts(policies.certificates_administered(actor())))
    return render_template(
        "credentials/doubts.html", page=page, row_of=queries.row_of, refused=refused or {}, typed=typed,
        section_navigation=menu("admin"),
    )  # fmt: skip


@bp.post("/admin/certificates/doubts/<int:doubt_id>/keep")
@requires(policies.DECIDE_DOUBT, find=doubts.doubt)
def keep_certificate(found: Doubt) -> ResponseReturnValue:
    """Let a certificate stand, with a reason."""
    reason = request.form.get("reason", "")
    try:
        services.keep_certificate(found.doubt.id, reason=reason, actor_id=actor().person_id, at=clock.now())
    except Invalid as refusal:
        return _page({found.doubt.id: refusal.for_reader()}, reason), 422
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        flash(_("The certificate stands. The reason is in the audit trail."), "ok")
    return redirect(url_for("credentials.in_doubt"))
