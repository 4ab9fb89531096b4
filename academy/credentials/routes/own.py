"""What belongs to a certificate's holder: the list, the paper as PDF, its picture."""

import hashlib
import io
import logging

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from academy.accounts.queries import person
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, current_language
from academy.base.ids import normalise_number
from academy.base.text import LocalizedText
from academy.credentials import policies, queries, services_of_badges
from academy.credentials.badges.profiles import profile_link
from academy.credentials.drawing import CannotDraw
from academy.credentials.models import Certificate
from academy.credentials.papers import Form, paper
from academy.credentials.queries_of_asking import last_requests_of
from academy.credentials.queries_of_programmes import programme_stages
from academy.credentials.queries_of_renewal import renewal_stages
from academy.credentials.queries_of_templates import design_of
from academy.credentials.routes.blueprints import bp
from academy.credentials.rules import CertificateFacts
from academy.web.access import requires
from academy.web.identity import actor

log = logging.getLogger("academy.credentials")
LONGEST_TITLE = 80


class PaperRefused(Refusal):
    """The certificate stands in the register, but its paper could not be drawn."""

    status = 503
    sentence = _l("The certificate cannot be drawn at the moment. The register is not affected; try again later.")


def the_certificate(number: str) -> Certificate | None:
    """Return the certificate that a typed or linked number means."""
    stored = normalise_number(number)
    return queries.certificate(stored) if stored else None


@bp.get("/certificates")
@requires(policies.OWN_CERTIFICATES)
def mine() -> ResponseReturnValue:
    """The visitor's certificates."""
    certificates, today = queries.certificates_of(actor().person_id), clock.today()
    holder = person(actor().person_id)
    renewals = renewal_stages(holder, certificates, today=today) if holder else {}
    renewals |= programme_stages(actor().person_id, actor().organisation_id, certificates, today=today)
    return render_template(
        "credentials/mine.html",
        certificates=certificates,
        renewals=renewals,
        asked=last_requests_of(actor().person_id),
        today=today,
        profile_link=profile_link,
        reader_id=actor().person_id,
    )


@bp.get("/certificates/<number>.pdf")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate, auditors=True)
def download(certificate: Certificate) -> ResponseReturnValue:
    """The certificate as PDF, the same bytes every time."""
    facts = facts_of(certificate)
    made = _read(certificate, facts, "pdf")
    services_of_badges.PAPERS.note_given(certificate.id, made, at=clock.now())
    return given_out(made, "application/pdf", name=file_name(facts, "pdf"))


@bp.get("/certificates/<number>.png")
@requires(policies.FETCH_CERTIFICATE, find=the_certificate, auditors=True)
def picture(certificate: Certificate) -> ResponseReturnValue:
    """The certificate as a picture of 1123 by 794 pixels, or upright."""
    return given_out(_read(certificate, facts_of(certificate), "png"), "image/png")


def facts_of(certificate: Certificate) -> CertificateFacts:
    """Return what a certificate states; PaperRefused when that cannot be read."""
    try:
        return CertificateFacts.from_json(certificate.facts)
    except ValueError as error:
        log.exception("the facts of certificate %s cannot be read", certificate.id)
        raise PaperRefused from error


def _read(certificate: Certificate, facts: CertificateFacts, form: Form) -> bytes:
    try:
        return paper(facts, form, design_of(certificate.template_version_id))
    except CannotDraw as error:
        log.exception("certificate %s cannot be drawn", certificate.id)
        raise PaperRefused from error


def file_name(facts: CertificateFacts, ending: str) -> str:
    """Return the name under which a file is saved: kind, title and the number's beginning, in the reader's language."""
    title = LocalizedText(facts.title_ar, facts.title_en).show(current_language())
    said = _("Certificate - %(title)s", title=title[:LONGEST_TITLE])
    plain = "".join(sign if sign.isalnum() or sign in " -_." else " " for sign in said)
    return f"{' '.join(plain.split())} - {facts.number[:5]}.{ending}"


def given_out(data: bytes, media_type: str, name: str | None = None) -> Response:
    """Return bytes that never change for the one who asked: a file under its name, or a picture of a page."""
    response = send_file(
        io.BytesIO(data),
        mimetype=media_type,
        as_attachment=name is not None,
        download_name=name,
        etag=hashlib.sha256(data).hexdigest(),
        conditional=True,
    )
    response.headers["Cache-Control"] = "private, no-cache" if name else "private, max-age=86400"
    return response
