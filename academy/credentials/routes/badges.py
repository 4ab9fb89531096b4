"""Badges: what the holder takes along, and what wallets and strangers read of them without an account."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound
from academy.credentials import policies, queries_of_badges, services_of_badges
from academy.credentials.badges import baking, older
from academy.credentials.kinds import STOPPED
from academy.credentials.models import Certificate, SealedBadge
from academy.credentials.queries_of_signing import issuing
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.keys import LINKED, published
from academy.credentials.routes.own import facts_of, file_name, given_out, the_certificate
from academy.credentials.routes.register import counting_misses
from academy.credentials.signing import linked_data
from academy.web.access import public, requires


def _given(certificate: Certificate, data: str | bytes, media_type: str, ending: str) -> Response:
    raw = data.encode() if isinstance(data, str) else data
    return given_out(raw, media_type, name=file_name(facts_of(certificate), ending))


def _sealed(certificate: Certificate) -> SealedBadge:
    facts_of(certificate)
    return services_of_badges.sealed(certificate.id, at=clock.now())


@bp.get("/certificates/<number>/badge.json")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate, auditors=True)
def badge_document(certificate: Certificate) -> ResponseReturnValue:
    """The badge as a credential with its proof inside."""
    return _given(certificate, _sealed(certificate).document, "application/ld+json", "json")


@bp.get("/certificates/<number>/badge.jwt")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate)
def badge_token(certificate: Certificate) -> ResponseReturnValue:
    """The badge as a signed token."""
    return _given(certificate, _sealed(certificate).token, "application/vc+jwt", "jwt")


@bp.get("/certificates/<number>/badge.png")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate)
def badge_png(certificate: Certificate) -> ResponseReturnValue:
    """The picture of the badge with the signed token in it."""
    return _given(certificate, baking.into_png(_sealed(certificate).token), "image/png", "png")


@bp.get("/certificates/<number>/badge.svg")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate)
def badge_svg(certificate: Certificate) -> ResponseReturnValue:
    """The picture of the badge with the credential in it."""
    return _given(certificate, baking.into_svg(_sealed(certificate).document), "image/svg+xml", "svg")


@bp.get("/badges/picture.<any(png, svg):file_kind>")
@public
def badge_picture(file_kind: str) -> ResponseReturnValue:
    """The picture of every badge, with nothing in it."""
    response = published("", "image/png" if file_kind == "png" else "image/svg+xml", minutes=24 * 60)
    response.set_data(baking.picture(file_kind))
    return response


@bp.get("/badges/achievements/<credential>")
@public
def achievement(credential: str) -> ResponseReturnValue:
    """What the badges of a course attest; it stays when the course is gone."""
    return published({"@context": list(linked_data.CONTEXTS), **_achievement(credential)})


@bp.get("/badges/status/<int:list_number>")
@public
def status_list(list_number: int) -> ResponseReturnValue:
    """A signed list of revocations, in which nobody can see whose badge was looked up."""
    found = services_of_badges.signed_list(list_number, at=clock.now())
    if found is None:
        raise NotFound
    return published(found, "application/vc+ld+json", minutes=5)


@bp.get("/badges/2/issuer")
@public
def older_issuer() -> ResponseReturnValue:
    """The issuer for older wallets."""
    return published(older.issuer(issuing()))


@bp.get("/badges/2/classes/<credential>")
@public
def older_class(credential: str) -> ResponseReturnValue:
    """The class of a badge for older wallets."""
    return published(older.badge_class(credential, _achievement(credential)))


@bp.get("/badges/2/<number>")
@public
@counting_misses
def older_assertion(number: str) -> ResponseReturnValue | None:
    """The hosted assertion of a badge for older wallets; of one that was revoked or is suspended only that it is."""
    certificate = the_certificate(number)
    badge = queries_of_badges.badge_of(certificate.id) if certificate else None
    if certificate is None or badge is None:
        return None
    if certificate.revoked_at is not None or certificate.held_class is not None:
        because = str(STOPPED.get(certificate.revoked_class or certificate.held_class or "", STOPPED["other"]))
        response = published(older.taken_back(certificate.number, because), LINKED, minutes=0)
        response.status_code = 410
        return response
    told = older.assertion(badge.document, badge.credential)
    return published(told, LINKED, minutes=5) if told else None


def _achievement(credential: str) -> dict[str, object]:
    found = queries_of_badges.sealed_achievement(credential)
    if found is None:
        raise NotFound
    return found
