"""Sealing what nobody may read from the database alone: the key is made of the academy's secret, which lies outside it."""

import base64
import json
import os
from typing import Any

from academy.base.late import Late

# Few processes seal anything, and the library takes some ten megabytes.
exceptions: Any = Late("cryptography.exceptions")
aead: Any = Late("cryptography.hazmat.primitives.ciphers.aead")
hashes: Any = Late("cryptography.hazmat.primitives.hashes")
hkdf: Any = Late("cryptography.hazmat.primitives.kdf.hkdf")

NONCE_BYTES = 12
BLOCK = 1024


class CannotUnseal(Exception):
    """It was sealed with another secret, for another purpose, or changed since."""


def seal(document: Any, purpose: str, secret: str) -> str:
    """Return a JSON document so that only the secret opens it; its length says little, as it is filled up to whole blocks."""
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % BLOCK)
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(secret, purpose).encrypt(nonce, plain, None)).decode()


def unseal(sealed: str, purpose: str, secret: str) -> Any:
    """Return what `seal` was given. Raises CannotUnseal."""
    raw = base64.b64decode(sealed)
    try:
        return json.loads(_cipher(secret, purpose).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None))
    except (exceptions.InvalidTag, ValueError) as error:
        raise CannotUnseal from error


def _cipher(secret: str, purpose: str) -> Any:
    derived = hkdf.HKDF(hashes.SHA256(), length=32, salt=None, info=f"academy:{purpose}".encode()).derive(
        secret.encode()
    )
    return aead.AESGCM(derived)
