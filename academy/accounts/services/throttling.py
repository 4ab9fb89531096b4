"""How often one may try something: to get in, counted per account and per address over every page that leads in; or to write."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import select

from academy.accounts import rules
from academy.base import ids, throttle
from academy.base.db import db
from academy.base.errors import TooMany


class Throttled(TooMany):
    """Tried too often; `wait` says how long the next try has to wait."""

    def __init__(self, wait: timedelta, sentence: str | None = None, *, field: str | None = None) -> None:
        super().__init__(sentence, field=field)
        self.wait = wait


def count(
    limited: tuple[tuple[str, rules.Limit], ...], *, at: datetime, sentence: str | None = None, field: str | None = None
) -> None:
    """Count one try under each key, unless one of them is at its limit. Raises Throttled, in these words if any are given."""
    throttle.hold(db.session(), (key for key, _limit in limited))
    longest = max(_wait(key, limit, at) for key, limit in limited)
    if longest:
        raise Throttled(longest, sentence, field=field)
    for key, _limit in limited:
        throttle.note(db.session(), key, at=at)
    db.session.flush()


def _wait(key: str, limit: rules.Limit, at: datetime) -> timedelta:
    query = select(throttle.Try.at).where(throttle.Try.key == key, throttle.Try.at > at - limit.window)
    recent = db.session.scalars(query.order_by(throttle.Try.at.desc()).limit(limit.tries)).all()
    return rules.wait(list(recent), limit, at)


def account_key(email: str) -> str:
    """The key of an account's tries; it exists for unknown addresses just the same."""
    return f"sign-in:account:{ids.digest(email.strip().lower())}"


def address_key(address: str | None) -> str:
    """The key of an address's tries. Neighbours in one IPv6 network of /64 count together."""
    try:
        given = ip_address(address or "")
        counted = str(ip_network((given, 64), strict=False)) if given.version == 6 else str(given)
    except ValueError:
        counted = "unknown"
    return f"sign-in:address:{counted}"
