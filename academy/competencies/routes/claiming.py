"""Prior learning and certificates from elsewhere: to claim with proof, and to decide."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, services
from academy.competencies.forms.evidence import ClaimForm, DecisionForm
from academy.competencies.models import Claim
from academy.competencies.routes.blueprints import bp
from academy.web.access import may, requires
from academy.web.files import download
from academy.web.filters import plain
from academy.web.identity import actor

name_act("competencies:claim:decide", _l("Prior learning decided"))


@bp.get("/claims")
@requires(policies.CLAIM)
def claims() -> ResponseReturnValue:
    """What I have claimed, and what waits for my decision."""
    return render_template(
        "competencies/claims.html",
        mine=queries.claims_of(actor().person_id),
        waiting=queries.claims_to_decide(actor()),
        states=kinds.CLAIM_STATES,
        levels=queries.level_names(),
    )


@bp.route("/claims/new", methods=["GET", "POST"])
@requires(policies.CLAIM)
def new_claim() -> ResponseReturnValue:
    """Say what I have reached elsewhere, and show the proof."""
    form = ClaimForm()
    form.competency.choices = [(key, plain(name)) for key, name in queries.competency_choices()]
    form.level.choices = [(number, plain(name)) for number, name in sorted(queries.level_names().items()) if number < 4]
    if form.validate_on_submit():
        person = accounts.person(actor().person_id)
        ids = queries.competency_ids([form.competency.data])
        assert person is not None
        try:
            proof = form.proof.data
            row = services.claim(person, form.said(ids), proof.read(), proof.filename or "", at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your claim waits for a decision. You will be told."), "ok")
            return redirect(url_for(".claim", claim_id=row.id))
    return render_template("competencies/claim_new.html", form=form), 422 if form.errors else 200


def _shown(row: Claim, form: DecisionForm) -> ResponseReturnValue:
    levels = queries.level_names()
    form.level.choices = [(number, plain(name)) for number, name in sorted(levels.items()) if number < 4]
    shown = render_template(
        "competencies/claim.html", row=row, form=form, levels=levels, labels=kinds.CLAIM_KINDS, states=kinds.CLAIM_STATES,
        person=row.person.name, decided_by=row.decided_by.name if row.decided_by else None, competency=row.competency,
        decides=row.state == "waiting" and may(policies.DECIDE_CLAIM, row),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.get("/claims/<int:claim_id>")
@requires(policies.SEE_CLAIM, find=queries.claim)
def claim(row: Claim) -> ResponseReturnValue:
    """A claim with its proof, and the decision or the form for it."""
    return _shown(row, DecisionForm(data={"level": row.level}))


@bp.post("/claims/<int:claim_id>/decide")
@requires(policies.DECIDE_CLAIM, find=queries.claim)
def decide_claim(row: Claim) -> ResponseReturnValue:
    """Accept the proof for a level, or refuse it; either with a reason."""
    form = DecisionForm()
    form.level.choices = [(number, str(number)) for number in (1, 2, 3)]
    if not form.validate_on_submit():
        return _shown(row, form)
    by_id, at, reason = actor().person_id, clock.now(), form.reason.data or ""
    try:
        if request.form.get("act") == "accept":
            services.accept_claim(row, form.level.data, reason, by_id=by_id, at=at)
        else:
            services.refuse_claim(row, reason, by_id=by_id, at=at)
    except Invalid as refusal:
        form.refuse(refusal)
        return _shown(row, form)
    flash(_("Your decision has been kept. The person is told of it."), "ok")
    return redirect(url_for(".claim", claim_id=row.id))


@bp.get("/claims/<int:claim_id>/proof")
@requires(policies.SEE_CLAIM, find=queries.claim)
def claim_proof(row: Claim) -> ResponseReturnValue:
    """The proof as a download, for those who may read the claim."""
    return download(row.proof)
