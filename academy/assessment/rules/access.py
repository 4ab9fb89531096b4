"""Who is let in: the password of a quiz, and the networks it may be taken from."""

import hmac
import unicodedata
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from academy.base.numbers import to_ascii_digits

MOST_NETWORKS = 50


class NoNetwork(ValueError):
    """A line that is no network; the argument is that line."""


def same_password(typed: str, wanted: str | None) -> bool:
    """Say whether a password is the wanted one, exactly but for the composition of its letters (NFC); none asks for none.

    Digits are not folded: ٣ is not 3. Compared in constant time, so that the time of an answer tells nothing.
    """
    if not wanted:
        return True
    sides = (unicodedata.normalize("NFC", side).encode("utf-8", "surrogatepass") for side in (typed, wanted))
    return hmac.compare_digest(*sides)


def read_networks(typed: str) -> list[str]:
    """Read one network a line ("10.1.0.0/16", "2001:db8::/32") or address into their usual form; each once.

    Raises NoNetwork for a line that is none, as for one whose address lies inside the network (10.1.2.3/16).
    """
    found: dict[str, None] = {}
    for line in to_ascii_digits(typed).splitlines():
        if not line.strip():
            continue
        try:
            found[str(ip_network(line.strip()))] = None
        except ValueError:
            raise NoNetwork(line.strip()) from None
    return list(found)


def address_allowed(address: str | None, networks: Sequence[str]) -> bool:
    """Say whether an attempt may be taken from an address; without networks from everywhere.

    An IPv4 address that came in IPv6 clothes (::ffff:10.1.2.3) is the IPv4 address. Anything unreadable is outside.
    """
    if not networks:
        return True
    try:
        given = ip_address((address or "").split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(given, IPv6Address) and given.ipv4_mapped is not None:
        given = given.ipv4_mapped
    return any(given in _network(each) for each in networks)


def _network(written: str) -> IPv4Network | IPv6Network:
    return ip_network(written)
