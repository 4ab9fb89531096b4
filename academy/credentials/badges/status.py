"""The list of revocations that outside wallets read (Bitstring Status List 1.0): one bit a certificate, many in one list,
so that whoever asks for it does not tell whose badge they look at.

A badge has room for one status, and many wallets know revocation alone, so the bit of a suspended certificate is set as long
as it is suspended: better refused for a while than believed.
"""

import base64
import gzip
from collections.abc import Iterable
from typing import Any

from academy.base import place
from academy.credentials.signing import linked_data

LENGTH = 131_072  # the least the specification allows, for the sake of the crowd in which one hides


def place_of(certificate_id: int) -> tuple[int, int]:
    """Return the list of a certificate and its place in there, which never change."""
    return divmod(certificate_id, LENGTH)


def list_address(number: int) -> str:
    """Return where a list is published."""
    return f"{place.base_url()}/badges/status/{number}"


def entry(certificate_id: int) -> dict[str, Any]:
    """Return what a credential says of where its own status stands."""
    number, index = place_of(certificate_id)
    return {
        "id": f"{list_address(number)}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": list_address(number),
    }


def document(number: int, stopped: Iterable[int], issuer: dict[str, Any], *, since: str) -> dict[str, Any]:
    """Return a list as a credential, not signed yet; `stopped` are ids of certificates that do not count."""
    own = list_address(number)
    return {
        "@context": list(linked_data.CONTEXTS),
        "id": own,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": since,
        "credentialSubject": {
            "id": f"{own}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(index for own_list, index in map(place_of, stopped) if own_list == number),
        },
    }


def encoded(places: Iterable[int]) -> str:
    """Return a list with these bits set: the first is the highest bit of the first byte."""
    bits = bytearray(LENGTH // 8)
    for index in places:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def is_set(encoded_list: str, index: int) -> bool:
    """Whether a bit is set in what `encoded` made."""
    packed = encoded_list[1:] + "=" * (-len(encoded_list[1:]) % 4)
    return bool(gzip.decompress(base64.urlsafe_b64decode(packed))[index // 8] & 0x80 >> index % 8)
