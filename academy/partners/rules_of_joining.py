"""Pure rules of asking to join a partner: how long a link lives, which addresses are allowed."""

import re
from collections.abc import Collection
from datetime import date, timedelta

CONFIRM_LIVES = timedelta(days=2)
KEPT_AFTER_REFUSAL = timedelta(days=180)
MOST_DOMAINS = 20

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read_domains(typed: str) -> list[str] | None:
    """Return the domains of a text, one a line or with commas between, in order and once each; None when one is none."""
    words = [word.lstrip("@").lower() for word in re.split(r"[\s,،;؛]+", typed) if word]
    sound = all(len(word) <= 253 and _DOMAIN.fullmatch(word) for word in words)
    found = list(dict.fromkeys(words))
    return found if sound and len(found) <= MOST_DOMAINS else None


def is_allowed(email: str, domains: Collection[str]) -> bool:
    """Whether an address is of one of the domains, or any is allowed. A sub-domain is another domain."""
    return not domains or email.rpartition("@")[2].lower() in domains


def is_open(opened: bool, ends_on: date | None, today: date) -> bool:
    """Whether strangers may ask to join on a day."""
    return opened and (ends_on is None or today <= ends_on)
