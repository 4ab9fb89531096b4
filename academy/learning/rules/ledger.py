"""How long a page may count: while it is in front and somebody is at it, and never a second twice."""

EVERY_SECONDS = 60
"""A page says at most this often for how long it was in use; leaving it is said too."""

IDLE_SECONDS = 180
"""So long after the last sign of a person a page still counts: reading makes no signs. No message is worth more."""

MINUTE = 60


def whole_minutes(seconds: int) -> int:
    """Return a time as every screen, report and file says it: in whole minutes, begun ones left out."""
    return seconds // MINUTE


def reported_seconds(value: str | None) -> int:
    """Read what a page reports; nonsense counts as nothing, and nothing counts for more than the longest silence."""
    if value is None or not (value.isascii() and value.isdecimal()) or len(value) > 9:
        return 0
    return min(int(value), IDLE_SECONDS)
