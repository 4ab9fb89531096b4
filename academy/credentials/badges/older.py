"""The same badges for wallets that know Open Badges 2.0 alone: hosted, so that the academy answers for them at each look."""

import json
from typing import Any
from urllib.parse import quote

from academy.base import place
from academy.credentials.badges.documents import Issuer, both, picture_address

CONTEXT = "https://w3id.org/openbadges/v2"


def address(number: str) -> str:
    """Return where the assertion of a certificate is hosted."""
    return f"{place.base_url()}/badges/2/{number}"


def class_address(credential: str) -> str:
    """Return where the class of its badges is described."""
    return f"{place.base_url()}/badges/2/classes/{quote(credential, safe=':')}"


def issuer_address() -> str:
    """Return where the issuer is described in the older form."""
    return f"{place.base_url()}/badges/2/issuer"


def issuer(own: Issuer) -> dict[str, Any]:
    """Return the issuer."""
    told = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": issuer_address(),
        "name": both(own.name),
        "url": place.base_url(),
    }
    return told | ({"email": own.email} if own.email else {})


def badge_class(credential: str, achievement: dict[str, Any]) -> dict[str, Any]:
    """Return the class of a badge from its sealed achievement."""
    aligned = achievement.get("alignment", [])
    return {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": class_address(credential),
        "name": achievement["name"],
        "description": achievement["description"],
        "image": picture_address(),
        "criteria": achievement["criteria"],
        "issuer": issuer_address(),
        "alignment": [{key: each[key] for key in ("targetName", "targetUrl", "targetCode")} for each in aligned],
    }


def assertion(document: str, credential: str) -> dict[str, Any] | None:
    """Return the assertion of a sealed badge; None for one whose holder had no address to be known by."""
    sealed = json.loads(document)
    subject = sealed["credentialSubject"]
    known = next((each for each in subject["identifier"] if each["identityType"] == "emailAddress"), None)
    if known is None:
        return None
    told = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": address(subject["licenseNumber"]),
        "recipient": {"type": "email", "hashed": True, "salt": known["salt"], "identity": known["identityHash"]},
        "badge": class_address(credential),
        "image": picture_address(),
        "issuedOn": sealed["validFrom"],
        "verification": {"type": "hosted"},
    }
    return told | ({"expires": sealed["validUntil"]} if "validUntil" in sealed else {})


def taken_back(number: str, because: str) -> dict[str, Any]:
    """Return what is said instead of an assertion that was revoked."""
    return {"@context": CONTEXT, "id": address(number), "revoked": True, "revocationReason": because}
