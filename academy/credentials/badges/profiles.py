"""The link by which holders enter a certificate into their profile on a professional network: only they follow it."""

from urllib.parse import urlencode

from academy.base.i18n import current_language
from academy.credentials.queries import CertificateRow
from academy.credentials.services import verify_url

ADD = "https://www.linkedin.com/profile/add"


def profile_link(row: CertificateRow) -> str:
    """Return the address of the network's form with what the certificate states filled in."""
    language = current_language()
    told = {
        "startTask": "CERTIFICATION_NAME",
        "name": row.title.show(language),
        "organizationName": row.issuer.show(language),
        "issueYear": row.issued_on.year,
        "issueMonth": row.issued_on.month,
        "certUrl": verify_url(row.number),
        "certId": row.number,
    }
    if row.expires_on:
        told |= {"expirationYear": row.expires_on.year, "expirationMonth": row.expires_on.month}
    return f"{ADD}?{urlencode(told)}"
