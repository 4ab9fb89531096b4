"""The classes of reasons for which a certificate is revoked: all that a stranger is told of the reason."""

from typing import Any

from academy.base.i18n import _l

REVOCATIONS: dict[str, Any] = {
    "error": _l("Issued in error"),
    "integrity": _l("Breach of the assessment rules"),
    "replaced": _l("Replaced by a corrected certificate"),
    "holder": _l("At the holder's request"),
    "other": _l("Decision of the issuing organisation"),
}
