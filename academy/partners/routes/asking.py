"""Who may serve, for machines of a partner: the tokens they show, and the answer they get. See docs/serving.md.

`GET /api/serving?employee_number=…` (or `email=…`, `certificate=…`) with `Authorization: Bearer <token>` answers
{"may_serve": "serve"|"accompanied"|"not", "until": day in ISO form or null, "as_of": day}. Only people of the token's own partner are known.
"""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.base import clock, place, throttle
from academy.base.db import db, separately
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.text import clean_line
from academy.partners import policies, queries, services
from academy.partners import queries_of_tokens as tokens
from academy.partners.forms import TokenForm
from academy.partners.misses import MISSES, WINDOW
from academy.partners.models import PartnerToken
from academy.partners.queries_of_serving import roster_on
from academy.partners.routes.blueprints import bp
from academy.partners.rules import May
from academy.partners.services.tokens import WINDOW as USED_WITHIN
from academy.web.access import public, requires
from academy.web.errors import as_json
from academy.web.identity import actor

name_act(policies.MAKE_TOKEN, _l("Token of a partner's machine made"))
name_act(policies.REVOKE_TOKEN, _l("Token of a partner's machine revoked"))
LONGEST = 254


@bp.route("/admin/partners/<int:organisation_id>/tokens", methods=["GET", "POST"])
@requires(policies.MAKE_TOKEN, find=queries.partner)
def partner_tokens(partner: Organisation) -> ResponseReturnValue:
    """The tokens of a partner. One that was just made is shown in this answer, and never again."""
    form, secret = TokenForm(), ""
    if form.validate_on_submit():
        try:
            _row, secret = services.make_token(
                partner, form.name.data or "", actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.name.data = ""
    response = make_response(
        render_template(
            "partners/tokens.html", partner=partner, form=form, secret=secret, tokens=tokens.tokens(partner.id),
            address=place.base_url() + url_for("partners.serving"),
        )
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    response.status_code = 422 if form.errors else 200
    return response


@bp.post("/admin/partners/tokens/<int:token_id>/revoke")
@requires(policies.REVOKE_TOKEN, find=tokens.token)
def revoke_partner_token(row: PartnerToken) -> ResponseReturnValue:
    """Revoke a token: the machine that shows it is refused from now on."""
    organisation_id = row.organisation_id
    try:
        services.revoke_token(row.id, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("The token is revoked. Whatever shows it is refused from now on."), "ok")
    return redirect(url_for("partners.partner_tokens", organisation_id=organisation_id))


@bp.get("/api/serving")
@public
def serving() -> ResponseReturnValue:
    """Whether one person of the token's partner may serve today, and until when; nothing else of them."""
    at = clock.now()
    if throttle.count(db.session(), _visitor(), within=WINDOW, at=at) >= MISSES:
        return _refused(429, _("Too many tries. Wait a little, then try again."), int(WINDOW.total_seconds()))
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.token_said(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
    if token is None:
        with separately() as session:
            throttle.note(session, _visitor(), at=at)
        return _refused(401, _("This address needs a token that is not revoked."))
    if not services.count_use(token.id, at=at):
        return _refused(429, _("Too many tries. Wait a little, then try again."), int(USED_WITHIN.total_seconds()))
    asked = [(by, said) for by in tokens.ASKED_BY if (said := clean_line(request.args.get(by, ""))[:LONGEST])]
    if len(asked) != 1:
        return _refused(400, _("Ask by one of employee_number, email and certificate."))
    person_id = tokens.asked_about(token.organisation_id, *asked[0])
    if person_id is None:
        return _refused(404, _("Nobody of this partner is meant."))
    return _answer(token.organisation_id, person_id)


def _answer(organisation_id: int, person_id: int) -> Response:
    today = clock.today()
    lines = roster_on(organisation_id, today, today=today, person_id=person_id).lines
    verdict = lines[0].verdict if lines else None
    may = verdict.may if verdict else May.NOT
    until = verdict.until if verdict and may is not May.NOT else None
    return _json(
        {"may_serve": may.value, "until": until.isoformat() if until else None, "as_of": today.isoformat()}, 200
    )


def _refused(status: int, said: str, wait: int = 0) -> Response:
    response = _json({"error": said, "status": status, "reference": None}, status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="serving"'
    return response


def _json(said: dict[str, object], status: int) -> Response:
    response = Response(as_json(said), status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _visitor() -> str:
    return f"serving:{request.remote_addr or '?'}"
