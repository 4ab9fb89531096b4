"""The keys that sign badges: public for ever, and the page on which the one in use is replaced."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock, place
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _, _l
from academy.credentials import policies
from academy.credentials import queries_of_signing as queries
from academy.credentials import services_of_signing as services
from academy.credentials.badges import documents
from academy.credentials.forms import RotationForm
from academy.credentials.queries_of_signing import issuing
from academy.credentials.routes.blueprints import bp
from academy.web.access import public, requires
from academy.web.errors import as_json
from academy.web.identity import actor
from academy.web.navigation import menu

name_act(policies.ROTATE_KEYS, _l("Key of badges replaced"))
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
@requires(policies.ROTATE_KEYS)
def signing_keys() -> ResponseReturnValue:
    """The key in use, those before it, and the form to replace it."""
    return _page(RotationForm()), 200


@bp.post("/admin/certificates/keys")
@requires(policies.ROTATE_KEYS)
def rotate_key() -> ResponseReturnValue:
    """Replace the key in use, with a reason."""
    form = RotationForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        services.rotate(
            seen=form.seen.data or "", because=form.reason.data or "", actor_id=actor().person_id, at=clock.now()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form), 422
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("A new key signs from now on. What was signed before can still be verified."), "ok")
    return redirect(url_for("credentials.signing_keys"))


def _page(form: RotationForm) -> str:
    rows = queries.signing_keys()
    used = next((row for row in rows if row.in_use), None)
    form.seen.data = used.multikey if used else ""
    return render_template(
        "credentials/keys.html", form=form, used=used, earlier=[row for row in rows if not row.in_use],
        by_file=services.BY_FILE, in_file=place.badge_key() is not None, section_navigation=menu("admin"),
    )  # fmt: skip
