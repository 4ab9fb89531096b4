"""Signed tokens (JWS in its compact form, RFC 7515 and 8037): one algorithm, keys by name, nothing taken from the token itself."""

import base64
import binascii
import json
from typing import Any, NamedTuple

from academy.credentials.signing import keys
from academy.credentials.signing.keys import Signer, base64url

# RFC 9864 calls it Ed25519; wallets still ask for the older name.
ALGORITHM, ALGORITHMS = "EdDSA", ("EdDSA", "Ed25519")


class NotAToken(Exception):
    """A text is not three parts of which the first two are JSON objects."""


class Token(NamedTuple):
    """A token taken apart, not yet believed."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def signed_by(self, multikey: str) -> bool:
        """Whether the key of this name signed it. Extensions that must be understood are not."""
        if self.header.get("alg") not in ALGORITHMS or "crit" in self.header:
            return False
        return keys.verifies(multikey, self.signature, self.signed)


def sign(claims: dict[str, Any], key: Signer, *, kid: str) -> str:
    """Return the claims as a signed token: the same one each time."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": "JWT"}
    body = f"{_part(header)}.{_part(claims)}"
    return f"{body}.{base64url(key.sign(body.encode()))}"


def read(text: str) -> Token:
    """Take a token apart. Raises NotAToken."""
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        raise NotAToken
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
        signature = _decoded(parts[2])
    except (binascii.Error, ValueError, RecursionError) as error:
        raise NotAToken from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise NotAToken
    return Token(header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def _part(value: dict[str, Any]) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _decoded(part: str) -> bytes:
    """Return the bytes of a part. Padding and signs of the other alphabet are refused: one token has one spelling."""
    data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    if base64url(data) != part:
        raise ValueError("another spelling")
    return data
