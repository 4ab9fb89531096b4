"""Data Integrity proofs (eddsa-rdfc-2022) over JSON-LD. Contexts are files of ours with known digests; the network is never asked."""

import hashlib
import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from academy.base.late import Late
from academy.credentials.signing import keys
from academy.credentials.signing.keys import Signer

# Read at the first signature: most web processes never sign or verify one.
jsonld: Any = Late("pyld.jsonld")

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTROLLED = "https://www.w3.org/ns/cid/v1"
DID = "https://www.w3.org/ns/did/v1"
CONTEXTS = (CREDENTIALS, OPEN_BADGES)  # of everything that is signed
FOLDER = Path(__file__).parent / "contexts"
FILES = {
    CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json", CONTROLLED: "cid-v1.json", DID: "did-v1.json",
}  # fmt: skip
SUITE = "eddsa-rdfc-2022"
_one_at_a_time = Lock()  # pyld keeps what it knows of contexts in caches that threads must not share


class NotLinkedData(Exception):
    """A document cannot be brought into its canonical form: a foreign context, a wrong term."""


def prove(document: dict[str, Any], key: Signer, *, method: str, created: str) -> dict[str, Any]:
    """Return the document with a proof: the same one each time. `method` is the address of the key."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    value = keys.multibase(key.sign(_digest(document, proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def proven(document: dict[str, Any], multikey: str) -> bool:
    """Whether the document carries a proof by this key. Under any but our two contexts it is not."""
    proof = document.get("proof")
    proof = proof[0] if isinstance(proof, list) and len(proof) == 1 else proof
    if not isinstance(proof, dict) or (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", SUITE):
        return False
    if proof.get("proofPurpose") != "assertionMethod":
        return False
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    try:
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        signature = keys.from_multibase(str(proof.get("proofValue")))
        return keys.verifies(multikey, signature, _digest(unsigned, options))
    except (NotLinkedData, ValueError):
        return False


def _digest(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    proof = {**options, "@context": document.get("@context")}
    return b"".join(hashlib.sha256(canonical(part).encode()).digest() for part in (proof, document))


def canonical(document: dict[str, Any]) -> str:
    """Return the document's statements in their one order (RDFC-1.0). Raises NotLinkedData.

    Only for documents of our own: a hostile one can be shaped so that its order takes for ever to find.
    """
    if document.get("@context") != list(CONTEXTS):
        raise NotLinkedData("other contexts")
    try:
        with _one_at_a_time:
            made = jsonld.normalize(
                document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
            )
    except (jsonld.JsonLdError, RecursionError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise NotLinkedData(str(error)[:200]) from error
    return str(made)


def load(address: str, _options: object) -> dict[str, Any]:
    """Return a context of ours as processors of JSON-LD ask for it. Raises NotLinkedData for any other."""
    if address not in FILES:
        raise NotLinkedData(f"a foreign context: {address[:100]}")
    return {
        "contextUrl": None, "documentUrl": address, "contentType": "application/ld+json", "document": _context(address),
    }  # fmt: skip


@cache
def _context(address: str) -> dict[str, Any]:
    data = (FOLDER / FILES[address]).read_bytes()
    known = json.loads((FOLDER / "digests.json").read_text(encoding="utf-8"))
    if hashlib.sha256(data).hexdigest() != known[FILES[address]]:
        raise NotLinkedData(f"{FILES[address]} is not what it was")
    found: dict[str, Any] = json.loads(data)
    return found
