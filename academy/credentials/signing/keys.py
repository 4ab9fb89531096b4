"""Ed25519 keys: made, sealed with the academy's secret, read from a file, and written as others read them."""

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from academy.base.late import Late

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# Few processes sign anything, and the library takes some ten megabytes.
exceptions: Any = Late("cryptography.exceptions")
ed25519: Any = Late("cryptography.hazmat.primitives.asymmetric.ed25519")
aead: Any = Late("cryptography.hazmat.primitives.ciphers.aead")
hashes: Any = Late("cryptography.hazmat.primitives.hashes")
hkdf: Any = Late("cryptography.hazmat.primitives.kdf.hkdf")
serialization: Any = Late("cryptography.hazmat.primitives.serialization")
pkcs12: Any = Late("cryptography.hazmat.primitives.serialization.pkcs12")

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
NONCE_BYTES, KEY_BYTES, LONGEST_MULTIBASE = 12, 32, 200


class CannotOpen(Exception):
    """A private key cannot be opened: another secret, another file, or not an Ed25519 key."""


class Signer(NamedTuple):
    """A private key in use; `multikey` is its public part, by which the key is named everywhere."""

    multikey: str
    private: "Ed25519PrivateKey"

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data: the same one each time."""
        return self.private.sign(data)


def new() -> Signer:
    """Make a key."""
    return signer(ed25519.Ed25519PrivateKey.generate())


def signer(private: "Ed25519PrivateKey") -> Signer:
    """Name a private key by its public part."""
    return Signer(multikey(private.public_key().public_bytes_raw()), private)


def seal(key: Signer, secret: str) -> str:
    """Return the private part so that only the academy's secret opens it, and only under this key's name."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = aead.AESGCM(_derived(secret)).encrypt(nonce, key.private.private_bytes_raw(), key.multikey.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, name: str, secret: str) -> Signer:
    """Open what `seal` made. Raises CannotOpen."""
    raw = base64.b64decode(sealed)
    try:
        private = aead.AESGCM(_derived(secret)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode())
    except exceptions.InvalidTag as error:
        raise CannotOpen("The key was sealed with another secret.") from error
    return signer(ed25519.Ed25519PrivateKey.from_private_bytes(private))


def read(path: Path, password: str | None) -> Signer:
    """Return the key of a file, PEM or PKCS#12. Raises CannotOpen."""
    phrase = password.encode() if password else None
    try:
        data = path.read_bytes()
        found = serialization.load_pem_private_key(data, phrase) if data.startswith(b"-----") else _packed(data, phrase)
    except (OSError, ValueError, TypeError) as error:
        raise CannotOpen(f"{path} cannot be read: {error}") from error
    if not isinstance(found, ed25519.Ed25519PrivateKey):
        raise CannotOpen(f"{path} holds no Ed25519 key.")
    return signer(found)


def _packed(data: bytes, phrase: bytes | None) -> object:
    return pkcs12.load_key_and_certificates(data, phrase)[0]


def _derived(secret: str) -> bytes:
    return hkdf.HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"academy: keys that sign badges").derive(
        secret.encode()
    )


def verifies(name: str, signature: bytes, data: bytes) -> bool:
    """Whether the key of this name made this signature of the data."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_bytes(name)).verify(signature, data)
    except (exceptions.InvalidSignature, ValueError):
        return False
    return True


def multikey(public: bytes) -> str:
    """Return a public key as a Multikey: "z6Mk…"."""
    return multibase(ED25519 + public)


def public_bytes(name: str) -> bytes:
    """Return the public key that a Multikey writes. Raises ValueError."""
    raw = from_multibase(name)
    if raw[:2] != ED25519 or len(raw) != 2 + KEY_BYTES:
        raise ValueError("not an Ed25519 key")
    return raw[2:]


def jwk(name: str, kid: str) -> dict[str, str]:
    """Return a public key as a JSON Web Key (RFC 8037), found by `kid`."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64url(public_bytes(name)),
        "alg": "EdDSA",
        "use": "sig",
        "kid": kid,
    }


def thumbprint(name: str) -> str:
    """Return the thumbprint of a public key (RFC 7638)."""
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{base64url(public_bytes(name))}"}}'
    return base64url(hashlib.sha256(members.encode()).digest())


def base64url(data: bytes) -> str:
    """Return bytes as tokens and JSON Web Keys write them: in base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def multibase(data: bytes) -> str:
    """Return bytes in base 58 with the letter that says so."""
    number, signs = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = ALPHABET[rest] + signs
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + signs


def from_multibase(text: str) -> bytes:
    """Return what `multibase` wrote. Raises ValueError."""
    if not text.startswith("z") or len(text) > LONGEST_MULTIBASE or set(text) - set(ALPHABET):
        raise ValueError("not base 58")
    number, signs = 0, text[1:]
    for sign in signs:
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(signs) - len(signs.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
