"""The fingerprint of a draft: one digest of everything that learners would meet, whatever ids it has."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from academy.base.text import LocalizedText


def fingerprint(told: object) -> str:
    """Return the digest of some told content; the same content has the same one wherever and whenever it was read."""
    written = json.dumps(_plain(told), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as JSON writes it, the same for equal values."""
    if isinstance(value, LocalizedText):
        return {"ar": value.ar, "en": value.en}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
