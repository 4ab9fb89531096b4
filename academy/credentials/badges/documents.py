"""What a badge says, as Open Badges 3.0 and Verifiable Credentials 2.0 want it; the same facts make the same document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from academy.base import place
from academy.base.dates import RIYADH, end_of_day
from academy.base.text import LocalizedText
from academy.credentials.badges import status
from academy.credentials.rules import CertificateFacts
from academy.credentials.signing import linked_data
from academy.credentials.signing.keys import jwk, thumbprint


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the academy, by its names and the address for letters."""

    name: LocalizedText
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was achieved: the course as it stood when the badge was sealed. `competencies` are code and name."""

    credential: str
    summary: LocalizedText
    competencies: Sequence[tuple[str, LocalizedText]] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom it is about, beside the name: the digest of their address, salted, or None when nobody has one any more."""

    digest: str | None
    salt: str


def issuer_address() -> str:
    """Return the address that names the academy as an issuer."""
    return f"{place.base_url()}/badges/issuer"


def method_of(multikey: str) -> str:
    """Return the name of a key as proofs give it: the issuer's address with the key after it."""
    return f"{issuer_address()}#{multikey}"


def key_address(multikey: str) -> str:
    """Return where a key can be fetched, as the headers of tokens give it."""
    return f"{place.base_url()}/badges/keys/{multikey}"


def achievement_address(credential: str) -> str:
    """Return the address of what is achieved, such as …/badges/achievements/course:KEY."""
    return f"{place.base_url()}/badges/achievements/{quote(credential, safe=':')}"


def picture_address() -> str:
    """Return the address of the badge's picture, without any credential in it."""
    return f"{place.base_url()}/badges/picture.png"


def both(text: LocalizedText) -> str:
    """Return a text in one line for readers of either language."""
    return " · ".join(dict.fromkeys(part for part in (text.ar, text.en) if part))


def profile(issuer: Issuer) -> dict[str, Any]:
    """Return the issuer as it stands inside a credential."""
    told = {
        "id": issuer_address(), "type": ["Profile"], "name": both(issuer.name) or place.base_url(), "url": place.base_url(),
    }  # fmt: skip
    return told | ({"email": issuer.email} if issuer.email else {})


def issuer_with_keys(issuer: Issuer, multikeys: Sequence[str]) -> dict[str, Any]:
    """Return the issuer's own document, a controlled identifier document too, with every key it ever signed with."""
    own = issuer_address()
    return {
        "@context": [*linked_data.CONTEXTS, linked_data.CONTROLLED],
        **profile(issuer),
        "verificationMethod": [_method(own, key) for key in multikeys],
        "assertionMethod": [f"{own}#{key}" for key in multikeys],
    }


def did(multikeys: Sequence[str]) -> dict[str, Any]:
    """Return the same keys as the document of the academy's did:web name, each for readers of Multikey and of JWK."""
    own = f"did:web:{quote(urlsplit(place.base_url()).netloc, safe='')}"
    methods = [method for key in multikeys for method in (_method(own, key), _jwk_method(own, key))]
    return {
        "@context": [linked_data.DID, linked_data.CONTROLLED],
        "id": own,
        "alsoKnownAs": [issuer_address()],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def key_set(multikeys: Sequence[str]) -> dict[str, Any]:
    """Return the keys as a JSON Web Key Set: each by its address, as the headers of tokens name it, and by its thumbprint."""
    return {"keys": [jwk(key, kid) for key in multikeys for kid in (key_address(key), thumbprint(key))]}


def public_key(multikey: str) -> dict[str, str]:
    """Return what stands at a key's own address."""
    return jwk(multikey, key_address(multikey))


def _method(owner: str, key: str) -> dict[str, Any]:
    return {"id": f"{owner}#{key}", "type": "Multikey", "controller": owner, "publicKeyMultibase": key}


def _jwk_method(owner: str, key: str) -> dict[str, Any]:
    # A method of its own: two forms of a key in one method are forbidden (Controlled Identifiers 1.0, Verification Material).
    kid = thumbprint(key)
    return {"id": f"{owner}#{kid}", "type": "JsonWebKey", "controller": owner, "publicKeyJwk": jwk(key, kid)}


def credential(
    facts: CertificateFacts, achieved: Achievement, issuer: Issuer, recipient: Recipient, *, certificate_id: int
) -> dict[str, Any]:
    """Return the credential, not signed yet. Its address is the page of the register, where anyone checks it."""
    title = LocalizedText(facts.title_ar, facts.title_en)
    since = moment(begin_of_day(facts.issued_on))
    document: dict[str, Any] = {
        "@context": list(linked_data.CONTEXTS),
        "id": facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": both(title),
        "issuer": profile(issuer),
        "validFrom": since,
        "awardedDate": since,
        "credentialSubject": {
            "id": uuid5(NAMESPACE_URL, facts.verify_url).urn,
            "type": ["AchievementSubject"],
            "identifier": _identifiers(facts, recipient),
            "licenseNumber": facts.number,
            "achievement": _achievement(title, facts, achieved),
        },
        "credentialStatus": status.entry(certificate_id),
    }
    if facts.expires_on:
        document["validUntil"] = moment(end_of_day(facts.expires_on))
    if not facts.imported_on:
        document["evidence"] = [_evidence(title, facts)]
    return document


def claims(document: dict[str, Any]) -> dict[str, Any]:
    """Return the credential as claims of a token, with those that any reader of tokens looks for."""
    told = {name: value for name, value in document.items() if name != "proof"}
    told |= {"iss": document["issuer"]["id"], "jti": document["id"], "sub": document["credentialSubject"]["id"]}
    told["nbf"] = _seconds(document["validFrom"])
    return told | ({"exp": _seconds(document["validUntil"])} if "validUntil" in document else {})


def _identifiers(facts: CertificateFacts, recipient: Recipient) -> list[dict[str, Any]]:
    name = both(LocalizedText(facts.holder_name_ar, facts.holder_name_en))
    told = [{"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": name}]
    if recipient.digest:
        told.append(
            {
                "type": "IdentityObject",
                "identityType": "emailAddress",
                "hashed": True,
                "identityHash": f"sha256${recipient.digest}",
                "salt": recipient.salt,
            }
        )
    return told


def _achievement(title: LocalizedText, facts: CertificateFacts, achieved: Achievement) -> dict[str, Any]:
    own = achievement_address(achieved.credential)
    giver = LocalizedText(facts.issuer_ar, facts.issuer_en) or LocalizedText(facts.academy_ar, facts.academy_en)
    told: dict[str, Any] = {
        "id": own,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": both(title),
        "description": both(achieved.summary) or both(title),
        "criteria": {"narrative": _criteria(title, facts)},
        "image": {"id": picture_address(), "type": "Image"},
    }
    if giver:
        told["creator"] = {"id": f"{own}#creator", "type": ["Profile"], "name": both(giver)}
    if achieved.competencies:
        told["alignment"] = [_alignment(code, name) for code, name in achieved.competencies]
    return told


def _criteria(title: LocalizedText, facts: CertificateFacts) -> str:
    """Say in both languages what it took: a document is read by whoever gets it, in no page's language."""
    if facts.imported_on:
        return (
            f"تُثبت الأكاديمية شهادة سابقة رقمها {facts.former_number}، أدخلتها في سجلها في {facts.imported_on.isoformat()}.\n\n"
            f"The academy attests an earlier certificate, number {facts.former_number}, which it entered in its register on "
            f"{facts.imported_on.isoformat()}."
        )
    arabic = f"أتم صاحب الشارة جميع متطلبات «{title.ar or title.en}»."
    english = f"The holder completed everything that “{title.en or title.ar}” asks for."
    if facts.hours:
        arabic += f" الساعات التدريبية: {facts.hours.normalize():f}."
        english += f" Training hours: {facts.hours.normalize():f}."
    return f"{arabic}\n\n{english}"


def _evidence(title: LocalizedText, facts: CertificateFacts) -> dict[str, Any]:
    """Say what the achievement rests on: the entry of the register. What the academy knows beyond it is the holder's alone."""
    day = facts.issued_on.isoformat()
    return {
        "id": facts.verify_url,
        "type": ["Evidence"],
        "name": "القيد في السجل العام · Entry in the public register",
        "narrative": (
            f"قيّدت الأكاديمية في سجلها العام شهادة «{title.ar or title.en}» المؤرخة {day} بعد أن تحققت من سجلات التعلّم لديها "
            "أن صاحبها استوفى جميع المتطلبات. ويجيب السجل في هذا العنوان عن حالتها اليوم.\n\n"
            f"The academy entered the certificate “{title.en or title.ar}”, dated {day}, in its public register once its records of "
            "learning showed that the holder had met every requirement. The register answers at this address how it stands today."
        ),
    }


def _alignment(code: str, name: LocalizedText) -> dict[str, Any]:
    return {
        "type": ["Alignment"],
        "targetCode": code,
        "targetName": both(name) or code,
        "targetType": "ceasn:Competency",
        "targetUrl": f"{place.base_url()}/competencies/{quote(code)}",
    }


def begin_of_day(day: date) -> datetime:
    """Return the first moment of a day in Riyadh."""
    return datetime.combine(day, time(), tzinfo=RIYADH)


def moment(at: datetime) -> str:
    """Return a moment as credentials write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp())
