"""The keys that sign badges: public for ever, and the page on which the one in use is replaced."""

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock, place
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _, _l
from academy.credentials import policies, services_of_keys
from academy.credentials import queries_of_keys as proposals
from academy.credentials import queries_of_signing as queries
from academy.credentials import services_of_signing as services
from academy.credentials.badges import documents
from academy.credentials.forms import KeyAnswerForm, KeyConfirmForm, RotationForm
from academy.credentials.models_of_keys import KeyProposal
from academy.credentials.queries_of_signing import issuing
from academy.credentials.routes.blueprints import bp
from academy.web.access import public, requires
from academy.web.errors import as_json
from academy.web.forms import AcademyForm
from academy.web.identity import actor
from academy.web.navigation import menu

name_act(policies.ROTATE_KEYS, _l("Key of badges replaced"))
name_act(services_of_keys.PROPOSE_KEY, _l("Replacing the key of badges proposed"))
name_act(policies.CONFIRM_KEY, _l("Replacing the key of badges confirmed"))
name_act(policies.DECIDE_KEY, _l("Replacing the key of badges declined"))
LINKED = "application/ld+json; charset=utf-8"
PLAIN = "application/json; charset=utf-8"


def published(body: object, media_type: str = LINKED, *, minutes: int = 60) -> Response:
    """Return a document that any wallet of the world may read, from its own pages too."""
    text = body if isinstance(body, str) else as_json(body)
    response = Response(text, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={minutes * 60}"
    return response


@bp.get("/badges/issuer")
@public
def issuer() -> ResponseReturnValue:
    """The academy as an issuer, with every key it ever signed with."""
    names = [key.multikey for key in queries.signing_keys()]
    return published(documents.issuer_with_keys(issuing(), names), minutes=5)


@bp.get("/.well-known/did.json")
@public
def did() -> ResponseReturnValue:
    """The same as a DID document, for those who know the academy by its did:web name."""
    names = [key.multikey for key in queries.signing_keys()]
    return published(documents.did(names), "application/did+ld+json", minutes=5)


@bp.get("/.well-known/jwks.json")
@public
def jwks() -> ResponseReturnValue:
    """All keys as a JSON Web Key Set."""
    names = [key.multikey for key in queries.signing_keys()]
    return published(documents.key_set(names), PLAIN, minutes=5)


@bp.get("/badges/keys/<multikey>")
@public
def public_key(multikey: str) -> ResponseReturnValue:
    """One key as a JSON Web Key: where the header of a signed badge leads."""
    found = queries.signing_key(multikey)
    if found is None:
        raise NotFound
    return published(documents.public_key(found.multikey), PLAIN)


@bp.get("/admin/certificates/keys")
@requires(policies.ROTATE_KEYS, auditors=True)
def signing_keys() -> ResponseReturnValue:
    """The key in use, those before it, and the way to replace it, which takes two."""
    return _page(), 200


@bp.post("/admin/certificates/keys")
@requires(policies.ROTATE_KEYS)
def propose_key() -> ResponseReturnValue:
    """Propose to replace the key in use, with a reason."""
    form = RotationForm()

    def do() -> None:
        seen, because = form.seen.data or "", form.reason.data or ""
        services_of_keys.propose(seen=seen, because=because, actor_id=actor().person_id, at=clock.now())

    return _acted(form, do, _("Proposed. The key in use signs on until another person confirms."))


@bp.post("/admin/certificates/keys/<int:key_proposal_id>/confirm")
@requires(policies.CONFIRM_KEY, find=proposals.key_proposal)
def confirm_key(proposal: KeyProposal) -> ResponseReturnValue:
    """Replace the key, as another person proposed."""
    said = _("A new key signs from now on. What was signed before can still be verified.")
    return _acted(
        KeyConfirmForm(),
        lambda: services_of_keys.confirm(proposal.id, actor_id=actor().person_id, at=clock.now()),
        said,
    )


@bp.post("/admin/certificates/keys/<int:key_proposal_id>/decline")
@requires(policies.DECIDE_KEY, find=proposals.key_proposal)
def decline_key(proposal: KeyProposal) -> ResponseReturnValue:
    """Let the key in use sign on, with a reason."""
    form = KeyAnswerForm()

    def do() -> None:
        answer = form.answer.data or ""
        services_of_keys.decline(proposal.id, reason=answer, actor_id=actor().person_id, at=clock.now())

    return _acted(form, do, _("The key in use signs on."))


def _acted(form: AcademyForm, do: Callable[[], object], said: str) -> ResponseReturnValue:
    """Do what a form of the page asks for; else show the page again with what is wrong."""
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        do()
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form), 422
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(said, "ok")
    return redirect(url_for("credentials.signing_keys"))


def _page(sent: AcademyForm | None = None) -> str:
    forms = {kind.__name__: kind(formdata=None) for kind in (RotationForm, KeyConfirmForm, KeyAnswerForm)}
    if sent is not None:
        forms[type(sent).__name__] = sent
    rows, waiting, trouble = queries.signing_keys(), proposals.waiting(), ""
    used = next((row for row in rows if row.in_use), None)
    forms["RotationForm"]["seen"].data = used.multikey if used else ""
    try:
        brings = services_of_keys.brought()
    except Conflict as refusal:
        brings, trouble = None, refusal.for_reader()
    return render_template(
        "credentials/keys.html", forms=forms, sent=sent, used=used, earlier=[row for row in rows if not row.in_use],
        by_file=services.BY_FILE, in_file=place.badge_key() is not None, brings=brings, trouble=trouble, waiting=waiting,
        others=proposals.names_of_keepers(but=waiting.proposed_by_id if waiting else actor().person_id),
        decided=proposals.decided(), reader_id=actor().person_id, section_navigation=menu("admin"),
    )  # fmt: skip
