"""A test authority for the demonstration: it signs papers, and says in every name that it proves nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from academy.base.late import Late

# The authority is made once, when the demonstration is first started.
x509: Any = Late("cryptography.x509")
oid: Any = Late("cryptography.x509.oid")
rsa: Any = Late("cryptography.hazmat.primitives.asymmetric.rsa")
hashes: Any = Late("cryptography.hazmat.primitives.hashes")
serialization: Any = Late("cryptography.hazmat.primitives.serialization")
pkcs12: Any = Late("cryptography.hazmat.primitives.serialization.pkcs12")

AUTHORITY = "CX Academy TEST AUTHORITY - demonstration only, proves nothing"
SIGNER = "CX Academy demonstration - test signature, proves nothing"
YEARS = timedelta(days=3650)


def kept_in(folder: Path) -> Path:
    """Return the PKCS#12 file of the demonstration's authority, made once and kept in the folder."""
    path = folder / "demonstration-signature.p12"
    if not path.exists():
        path.write_bytes(made(datetime.now(UTC)))
        path.chmod(0o600)
    return path


def made(at: datetime) -> bytes:
    """Return a fresh key with its certificate and the authority's, without a password."""
    root, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    authority = _certificate(AUTHORITY, root, AUTHORITY, root, at)
    own = _certificate(SIGNER, key, AUTHORITY, root, at)
    return pkcs12.serialize_key_and_certificates(b"demonstration", key, own, [authority], serialization.NoEncryption())


def _certificate(name: str, key: Any, by: str, root: Any, at: datetime) -> Any:
    is_root = key is root
    usage = x509.KeyUsage(
        digital_signature=not is_root, content_commitment=not is_root, key_cert_sign=is_root, crl_sign=is_root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(by))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + YEARS)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(root, hashes.SHA256())
    )


def _named(name: str) -> Any:
    return x509.Name([x509.NameAttribute(oid.NameOID.COMMON_NAME, name)])
