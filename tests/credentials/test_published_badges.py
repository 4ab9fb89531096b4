"""CE4, P6: what strangers need to verify a badge without us, as their programs read it: terms, keys, and badges of old."""

import base64
import json
from pathlib import Path

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld
from sqlalchemy import null

from academy.base.db import db
from academy.catalogue.services.detailing import Target
from academy.credentials import services_of_badges, services_of_signing
from academy.credentials.models import SealedBadge, SigningKey
from academy.credentials.signing import keys, linked_data
from tests import verifier
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, competencies, credentials
from tests.factories.accounts import both

# Sealed by an earlier release, by a key whose private part nobody has any more; both must be provable for ever.
EARLIER = Path(__file__).resolve().parents[1] / "samples" / "badges"


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def badge(app) -> SealedBadge:
    """The badge of a certificate with everything that a badge can say; its key was replaced meanwhile."""
    competencies.framework()
    owner = people.organisation(name=both("وكالة الإصدار", "Issuing agency"))
    course = catalogue.course(
        owner, title=both("قياس التجربة", "Measuring experience"), summary=both("ملخص", "Summary"), validity_months=24,
        hours=3, competencies=[Target("D1.1", 2)],
    )  # fmt: skip
    certificate = credentials.certificate(
        people.person(name=both("نورة العتيبي", "Noura Alotaibi"), email="noura@example.test"), course
    )
    made = services_of_badges.seal(certificate.id, at=NOW)
    used = services_of_signing.signer_in_use(at=NOW)[0].multikey
    credentials.rotate(used, "x", at=NOW)
    return made


def fetched(browser, address: str) -> dict:
    browser.get(address.removeprefix("http://localhost"))
    return json.loads(browser.response.get_data(as_text=True))


def undefined(document: dict) -> list[str]:
    """Return the terms of a document that its contexts do not define: what a strict reader of JSON-LD refuses it for."""
    dropped: list[str] = []
    options = {"documentLoader": linked_data.load}
    expanded = jsonld.expand(document, options, on_property_dropped=dropped.append)
    return dropped + [name for name in named(expanded) if ":" not in name]


def named(value: object):
    """Every type and every address in an expanded document."""
    if isinstance(value, list):
        for inner in value:
            yield from named(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("@id", "@type"):
                # A JSON literal has the one type that is no address.
                yield from (name for name in ([inner] if isinstance(inner, str) else inner) if name != "@json")
            elif key != "@value":
                yield from named(inner)


def believed(token: str, key: dict) -> bool:
    """Whether a token is signed by a JSON Web Key, read as its standard says."""
    signed, _, signature = token.rpartition(".")
    x = base64.urlsafe_b64decode(key["x"] + "=")
    try:
        Ed25519PublicKey.from_public_bytes(x).verify(base64.urlsafe_b64decode(signature + "=="), signed.encode())
    except InvalidSignature:
        return False
    return True


def header(token: str) -> dict:
    part = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


# --- Terms ---------------------------------------------------------------------------------------------


def test_every_term_that_is_published_is_defined(badge, browser):
    """A verifier in safe mode refuses a badge when its issuer's document has a word that no context explains."""
    told = json.loads(badge.document)
    addresses = [
        told["issuer"]["id"], told["credentialSubject"]["achievement"]["id"],
        told["credentialStatus"]["statusListCredential"], "/.well-known/did.json",
    ]  # fmt: skip
    for document in (told, *(fetched(browser, address) for address in addresses)):
        assert undefined(document) == [], document["id"]
    issuer = fetched(browser, told["issuer"]["id"])
    assert set(undefined({**issuer, "@context": list(linked_data.CONTEXTS)})) >= {
        "assertionMethod",
        "verificationMethod",
    }
    assert undefined({**told, "novel": "x"}) == ["novel"]


def test_a_verifier_that_shares_nothing_with_ours_accepts_a_badge_and_refuses_a_tampered_one(badge, browser):
    """CE4, P6: document and token, by the key that is published; whatever is changed in either, and any other key."""
    told = json.loads(badge.document)
    name = told["proof"]["verificationMethod"]
    (method,) = [each for each in fetched(browser, "/badges/issuer")["verificationMethod"] if each["id"] == name]
    key = verifier.key_of(method["publicKeyMultibase"])
    assert verifier.document_believed(told, key, linked_data.load) and verifier.token_believed(badge.token, key)
    subject = told["credentialSubject"]
    for tampered in (
        {**told, "validUntil": "2099-01-01T00:00:00Z"},
        {**told, "evidence": []},
        {**told, "credentialSubject": {**subject, "licenseNumber": "0" * 27}},
        {**told, "credentialSubject": {**subject, "achievement": {**subject["achievement"], "name": "Other"}}},
        {**told, "proof": {**told["proof"], "created": "2020-01-01T00:00:00Z"}},
    ):
        assert not verifier.document_believed(tampered, key, linked_data.load)
    start, claims, end = badge.token.split(".")
    other = (
        base64.urlsafe_b64encode(base64.urlsafe_b64decode(claims + "==").replace(b"Noura", b"Sarah"))
        .decode()
        .rstrip("=")
    )
    assert other != claims and not verifier.token_believed(f"{start}.{other}.{end}", key)
    stranger = verifier.key_of(keys.new().multikey)
    assert not verifier.document_believed(told, stranger, linked_data.load)
    assert not verifier.token_believed(badge.token, stranger)


def test_each_key_of_the_issuer_is_a_method_for_assertions(badge, browser):
    """Controlled Identifiers 1.0: one form of the key in each method, named in full, listed for its purpose."""
    for address, methods in (("/badges/issuer", 2), ("/.well-known/did.json", 4)):
        told = fetched(browser, address)
        found = told["verificationMethod"]
        assert len(found) == methods and told["assertionMethod"] == [method["id"] for method in found]
        for method in found:
            assert method["controller"] == told["id"] and method["id"].startswith(f"{told['id']}#")
            form = {"Multikey": "publicKeyMultibase", "JsonWebKey": "publicKeyJwk"}[method["type"]]
            assert set(method) == {"id", "type", "controller", form}


# --- Keys of tokens ------------------------------------------------------------------------------------


def test_a_token_finds_its_key_in_the_set_and_at_its_address(badge, browser):
    """RFC 7517, 4.5 and Open Badges 3.0: the `kid` of the token is that of the key, and leads to it."""
    kid = header(badge.token)["kid"]
    listed = fetched(browser, "/.well-known/jwks.json")["keys"]
    (key,) = [one for one in listed if one["kid"] == kid]
    assert fetched(browser, kid) == key
    assert believed(badge.token, key)
    (same,) = [one for one in listed if one["x"] == key["x"] and one is not key]
    assert same["kid"] == keys.thumbprint(kid.rpartition("/")[2]) and believed(badge.token, same)
    others = [one for one in listed if one["x"] != key["x"]]
    assert len(others) == 2 and not any(believed(badge.token, one) for one in others)
    assert not believed(badge.token.replace(".", ".A", 1), key)
    assert len({one["kid"] for one in listed}) == 4 and not any("d" in one for one in listed)


# --- Badges of old -------------------------------------------------------------------------------------


def test_a_badge_of_an_earlier_release_is_proven_by_what_is_published_today(app, browser):
    """The addresses in it still lead to its key, and the key still proves it: as document and as token."""
    document = json.loads((EARLIER / "sealed-2026.json").read_text())
    token = (EARLIER / "sealed-2026.jwt").read_text()
    method = document["proof"]["verificationMethod"]
    name = method.partition("#")[2]
    db.session.add(SigningKey(multikey=name, in_use=null(), made_at=NOW, retired_at=NOW, retired_because="x"))
    db.session.flush()
    issuer = fetched(browser, document["issuer"]["id"])
    assert method in issuer["assertionMethod"]
    (published,) = [one for one in issuer["verificationMethod"] if one["id"] == method]
    assert linked_data.proven(document, published["publicKeyMultibase"]) and undefined(document) == []
    assert not linked_data.proven({**document, "validUntil": "2038-11-03T20:59:59Z"}, published["publicKeyMultibase"])
    kid = header(token)["kid"]
    (listed,) = [one for one in fetched(browser, "/.well-known/jwks.json")["keys"] if one["kid"] == kid]
    assert believed(token, listed) and believed(token, fetched(browser, kid))
