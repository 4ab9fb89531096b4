"""Nobody serves uncertified: whether a partner's person may serve on a day, until when, and why. Computed, never typed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

WARN_SHARE_PERCENT = 80
WARN_WITHIN = timedelta(days=60)
REMINDERS = (60, 30, 7)
LEAVERS_SHOWN = timedelta(days=30)


class May(StrEnum):
    """What a person may do on a day."""

    SERVE = "serve"
    ACCOMPANIED = "accompanied"
    NOT = "not"


class Why(StrEnum):
    """The one reason that decides."""

    CERTIFIED = "certified"
    NEW = "new"
    LEFT = "left"
    INVITED = "invited"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    NO_AGREEMENT = "no_agreement"
    MISSING = "missing"
    EXPIRED = "expired"
    REVOKED = "revoked"
    HELD = "held"


# The roles whose work is serving customers, and who of a roster does not work at all; both decide whose certificates are counted.
FRONT_LINE = frozenset({"frontline", "partner_frontline"})
NOT_ACTIVE = frozenset({Why.LEFT, Why.INVITED, Why.SUSPENDED, Why.CLOSED})


COURSE, PROGRAMME = "course", "programme"


class Required(NamedTuple):
    """What an agreement asks a certificate of: a course or a programme, by its id."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class Terms:
    """The agreement that holds on the day, as far as it decides."""

    last_day: date
    grace_days: int
    required: tuple[Required, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """How somebody stands in the partner on the day: the account's state, since when they are of it, whether they left it."""

    state: str
    joined_on: date | None
    left: bool = False
    open: bool = True


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate that is required: its days, and the times in which it was suspended (a last day of None is still open)."""

    issued_on: date
    expires_on: date | None
    revoked_on: date | None = None
    holds: tuple[tuple[date, date | None], ...] = ()

    def trouble_on(self, day: date) -> Why | None:
        """Return what keeps it from counting on a day; None when it counts."""
        if day < self.issued_on:
            return Why.MISSING
        if self.revoked_on is not None and self.revoked_on <= day:
            return Why.REVOKED
        if self.expires_on is not None and self.expires_on < day:
            return Why.EXPIRED
        if any(first <= day and (last is None or day < last) for first, last in self.holds):
            return Why.HELD
        return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody may do on a day, why, until which day that lasts by today's records, and whose certificate it hangs on."""

    may: May
    why: Why
    until: date | None = None
    of: Required | None = None

    def ends_soon(self, day: date) -> bool:
        """Whether somebody who may serve may not any more in sixty days."""
        return self.may is May.SERVE and self.until is not None and self.until <= day + WARN_WITHIN


def decide(member: Member, terms: Terms | None, proofs: Mapping[Required, Sequence[Proof]], day: date) -> Verdict:
    """Return what somebody may do on a day.

    The account and the agreement come first. Then every certificate that the agreement names must count on the day. Who is new
    and lacks one, or whose one has expired, serves accompanied until the grace ends; one that was revoked or is suspended
    gives no grace.
    """
    if barred := _barred(member, terms):
        return Verdict(May.NOT, barred)
    assert terms is not None
    lacking = {each: why for each in terms.required if (why := _trouble(proofs.get(each, ()), day))}
    if not lacking:
        return Verdict(May.SERVE, Why.CERTIFIED, *_end(terms, proofs, day))
    for why in (Why.REVOKED, Why.HELD):
        if of := next((each for each, found in lacking.items() if found is why), None):
            return Verdict(May.NOT, why, of=of)
    of, why = next(iter(lacking.items()))
    if member.joined_on is not None and terms.grace_days:
        last = min(member.joined_on + timedelta(days=terms.grace_days), terms.last_day)
        if day <= last:
            return Verdict(May.ACCOMPANIED, Why.NEW, last, of)
    return Verdict(May.NOT, why, of=of)


def _barred(member: Member, terms: Terms | None) -> Why | None:
    if member.left:
        return Why.LEFT
    if member.state == "suspended":
        return Why.SUSPENDED
    if not member.open:
        return Why.CLOSED
    if member.state != "active":
        return Why.INVITED
    return Why.NO_AGREEMENT if terms is None or not terms.required else None


def _trouble(proofs: Sequence[Proof], day: date) -> Why | None:
    """Return why no certificate of a course or programme counts on a day: the trouble of the newest one issued by then."""
    known = [proof for proof in proofs if proof.issued_on <= day]
    if not known:
        return Why.MISSING
    troubles = [(proof.issued_on, proof.trouble_on(day)) for proof in known]
    if any(trouble is None for _issued, trouble in troubles):
        return None
    return max(troubles, key=lambda each: each[0])[1]


def _end(terms: Terms, proofs: Mapping[Required, Sequence[Proof]], day: date) -> tuple[date, Required | None]:
    """Return the last day on which all of it still holds, and whose certificate ends first; None for the agreement."""
    ends: list[tuple[date, Required | None]] = [(terms.last_day, None)]
    for each in terms.required:
        good = [proof.expires_on for proof in proofs.get(each, ()) if proof.trouble_on(day) is None]
        if None not in good:
            ends.append((max(last for last in good if last is not None), each))
    return min(ends, key=lambda end: (end[0], end[1] is None))


def seats_short(taken: int, seats: int | None) -> bool:
    """Whether so many seats are taken that the partner is warned."""
    return seats is not None and taken * 100 >= seats * WARN_SHARE_PERCENT


def reminder_due(until: date, today: date) -> int | None:
    """Return for how many days before the end the reminder of today is: the nearest of `REMINDERS`, None outside all of them."""
    left = (until - today).days
    return min((days for days in REMINDERS if left <= days), default=None) if left >= 0 else None
