"""The signature in a certificate's PDF (PAdES), by a key that the operator gives: any reader of PDF shows whose it is and
that nothing was changed. Without a key papers go unsigned, and the register alone speaks for them."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from academy.base import place
from academy.base.late import Late
from academy.credentials.drawing import CannotDraw

# A second to read and of use only where papers are drawn, which the job worker does as a rule.
signers: Any = Late("pyhanko.sign.signers")
fields: Any = Late("pyhanko.sign.fields")
writing: Any = Late("pyhanko.pdf_utils.incremental_writer")
serialization: Any = Late("cryptography.hazmat.primitives.serialization")
pkcs12: Any = Late("cryptography.hazmat.primitives.serialization.pkcs12")
FIELD = "Certificate"


class CannotSign(CannotDraw):
    """The key of papers cannot be used; the message says why, for whoever looks after the job."""


def signed(paper: bytes, reason: str) -> bytes:
    """Return the paper with a signature that allows no further change; as it is when there is no key. Raises CannotSign.

    What was drawn stays byte for byte at the beginning of the file, its claims about accessibility and archiving with it.
    """
    given = place.paper_key()
    if given is None:
        return paper
    try:
        signer = _signer(*given)
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=reason,
            certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )  # fmt: skip
        spec = fields.SigFieldSpec(
            FIELD, readable_field_name=reason,
            # Printed as archives want it, outside the sheet so that nobody is read a field that shows nothing.
            invis_sig_settings=fields.InvisSigSettings(
                set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True
            ),
        )  # fmt: skip
        sign = signers.PdfSigner(meta, signer=signer, new_field_spec=spec).sign_pdf
        with ThreadPoolExecutor(1) as apart:  # the library runs an event loop, of which a thread can have but one
            made = apart.submit(sign, _appending(paper)).result()
    except (OSError, ValueError) as error:
        raise CannotSign(str(error)) from error
    return bytes(made.getvalue())


def authority() -> str:
    """Return a digest of the certificate that signs papers; "" when none does. Raises CannotSign."""
    given = place.paper_key()
    return _fingerprint(*given) if given else ""


def _appending(paper: bytes) -> Any:
    """Return a writer that adds to a paper and leaves all there is alone, its description included."""
    writer = writing.IncrementalPdfFileWriter(io.BytesIO(paper))
    writer._update_meta = lambda: None
    return writer


@cache
def _signer(path: Path, password: str | None) -> Any:
    phrase = password.encode() if password else None
    found = signers.SimpleSigner.load_pkcs12_data(path.read_bytes(), other_certs=(), passphrase=phrase)
    if found is None:
        raise CannotSign(f"{path} cannot be opened with the password that is set.")
    return found


@cache
def _fingerprint(path: Path, password: str | None) -> str:
    try:
        found = pkcs12.load_pkcs12(path.read_bytes(), password.encode() if password else None).cert
    except (OSError, ValueError) as error:
        raise CannotSign(f"{path} cannot be opened: {error}") from error
    return hashlib.sha256(found.certificate.public_bytes(serialization.Encoding.DER)).hexdigest() if found else ""
