"""A mark of the network somebody comes from, by which two moments of one attempt can be compared and nothing else."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

LENGTH = 16


def network_mark(address: str | None, attempt_id: int, secret: str) -> str | None:
    """Return the mark of an address's network (its first 24 bits, of IPv6 its first 48); None for no address.

    Keyed with the academy's secret and the attempt, so that it cannot be turned back into an address by trying all,
    and tells nothing about two attempts or two people.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    kept = found.packed[:6] if isinstance(found, IPv6Address) else found.packed[:3]
    message = f"{attempt_id}:{found.version}:{kept.hex()}".encode()
    return hmac.new(f"network:{secret}".encode(), message, hashlib.sha256).hexdigest()[:LENGTH]
