"""The proof of receipts that a learner may keep: what was acknowledged and when, sealed so that the academy knows its own."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"
Document = Mapping[str, Any]


def answer_digest(attempt_id: int, sequence: int, response: Mapping[str, Any] | None) -> str:
    """Return the SHA-256 of an answer, bound to its attempt and receipt; the same for every order of its keys."""
    said = json.dumps(response or None, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{attempt_id}:{sequence}:{said}".encode()).hexdigest()


def sealed(document: Document, secret: str) -> dict[str, Any]:
    """Return the document with its seal (HMAC-SHA-256 under the academy's secret)."""
    return {**document, SEAL: _seal(document, secret)}


def is_genuine(document: Document, secret: str) -> bool:
    """Whether a document carries the academy's seal and nothing in it has changed since."""
    seal = document.get(SEAL)
    return isinstance(seal, str) and hmac.compare_digest(seal.encode(), _seal(document, secret).encode())


def _seal(document: Document, secret: str) -> str:
    bare = {name: value for name, value in document.items() if name != SEAL}
    said = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(f"receipts:{secret}".encode(), said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
