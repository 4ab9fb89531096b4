"""A verifier of badges that shares nothing with the academy's: Ed25519 from RFC 8032 alone, and the steps of eddsa-rdfc-2022.

Slow and not for secrets; it only verifies. The canonical form is asked of pyld directly, with the contexts that are handed in.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from pyld import jsonld

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Point = tuple[int, int, int, int]


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of a message is that of a public key (RFC 8032, 5.1.7)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    whose, nonce, scalar = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if whose is None or nonce is None or scalar >= ORDER:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _sum(nonce, _times(hashed, whose))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


def key_of(multikey: str) -> bytes:
    """Return the bytes of a public key that is written as a Multikey."""
    plain = base58(multikey)
    assert plain[:2] == b"\xed\x01", "an Ed25519 key"
    return plain[2:]


def token_believed(token: str, key: bytes) -> bool:
    """Whether a JSON Web Token is signed by a key."""
    signed, _, signature = token.rpartition(".")
    return signed_by(key, signed.encode(), base64.urlsafe_b64decode(signature + "=="))


def document_believed(document: dict[str, Any], key: bytes, load: Callable[..., Any]) -> bool:
    """Whether a document with a Data Integrity proof (eddsa-rdfc-2022) is proven by a key."""
    proof = dict(document["proof"])
    value = proof.pop("proofValue")
    plain = {name: said for name, said in document.items() if name != "proof"}
    parts = ({"@context": document["@context"], **proof}, plain)
    hashed = b"".join(hashlib.sha256(_canonical(part, load).encode()).digest() for part in parts)
    return proof["cryptosuite"] == "eddsa-rdfc-2022" and signed_by(key, hashed, base58(value))


def _canonical(part: dict[str, Any], load: Callable[..., Any]) -> str:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(jsonld.normalize(json.loads(json.dumps(part)), options))


def base58(written: str) -> bytes:
    """Return the bytes of a Multibase text in base 58 (base58-btc), in which each zero byte at the beginning is a 1."""
    assert written[0] == "z", "base58-btc"
    number = 0
    for sign in written[1:]:
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(written[1:]) - len(written[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _point(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def _sum(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]), (one[1] + one[0]) * (other[1] + other[0])
    c, d = 2 * one[3] * other[3] * D, 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    made: Point = (0, 1, 1, 0)
    while number:
        made = _sum(made, point) if number & 1 else made
        point, number = _sum(point, point), number >> 1
    return made


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)
