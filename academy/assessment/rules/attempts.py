"""When an attempt may begin, when it ends, and which of two saves is the newer one; `now` is the server's clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.base.text import LocalizedText

SaveVerdict = Literal["store", "repeat", "stale"]
REASONS = {
    "open_attempt": _l("You have an attempt in progress. Continue it."),
    "not_yet_open": _l("This quiz is not open yet."),
    "closed": _l("This quiz is closed."),
    "no_attempts_left": _l("You have used all your attempts."),
    "cooling_off": _l("A new attempt can start after the waiting time."),
}


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group that was granted something: its `scope` (organisation, unit or list) and what that is called."""

    scope: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one learner at one quiz, what they were granted included; None means without limit.

    `attempts_allowed` stays the quiz's own, `extra_attempts` come on top; `ends_at` is the moment at which an attempt of
    this learner ends whatever its minutes say. `groups` are those with which they were granted something.
    """

    minutes: int | None = None
    extra_percent: int = 0
    attempts_allowed: int | None = None
    extra_attempts: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cooling_minutes: int = 0
    ends_at: datetime | None = None
    groups: tuple[GroupName, ...] = ()

    def of_survey(self) -> "Limits":
        """Return what holds at an anonymous survey: it is sent once, whatever was granted, and no clock runs."""
        return replace(self, minutes=None, extra_percent=0, attempts_allowed=1, extra_attempts=0, cooling_minutes=0)

    def left(self, used: int) -> int | None:
        """Return how many more attempts may begin."""
        return attempts_left(self.attempts_allowed, used, self.extra_attempts)

    def deadline(self, started_at: datetime) -> datetime | None:
        """Return when an attempt that begins at `started_at` ends; an `ends_at` that has passed by then says nothing."""
        if self.ends_at is not None and self.ends_at > started_at:
            return self.ends_at
        return deadline(started_at, self.minutes, self.extra_percent, self.closes_at)

    def refusal(
        self, *, now: datetime, used: int, has_open_attempt: bool, last_submitted_at: datetime | None
    ) -> "CannotStart | None":
        """Return the reason why no new attempt may begin now, or None."""
        return may_start(
            now=now,
            left=self.left(used),
            has_open_attempt=has_open_attempt,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            last_submitted_at=last_submitted_at,
            cooling_off_minutes=self.cooling_minutes,
        )


class CannotStart(Conflict):
    """A new attempt may not begin: `code` says why (see `REASONS`), `until` when it may, if time alone will help."""

    sentence = _l("A new attempt cannot start now.")

    def __init__(self, code: str, until: datetime | None = None) -> None:
        super().__init__()
        self.code = code
        self.until = until

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return str(REASONS[self.code])


def attempts_left(allowed: int | None, used: int, extra: int = 0) -> int | None:
    """Return how many more attempts may begin; None means without limit. `extra` are granted to this person."""
    return None if allowed is None else max(0, allowed + extra - used)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return moment.astimezone(UTC)


def deadline(
    started_at: datetime, minutes: int | None, extra_percent: int = 0, closes_at: datetime | None = None
) -> datetime | None:
    """Return the UTC moment at which an attempt ends: after its minutes (and extra time) or at the close, if sooner.

    Counted in UTC because adding minutes to a local time gains or loses an hour where clocks change. None: no limit.
    """
    ends = [_utc(closes_at)] if closes_at is not None else []
    if minutes is not None:
        ends.append(_utc(started_at) + timedelta(minutes=minutes) * (100 + extra_percent) / 100)
    return min(ends, default=None)


def is_late(at: datetime, deadline: datetime | None, grace_seconds: int = 0) -> bool:
    """Say whether something that arrived at `at` came after the deadline and its grace; exactly on time is on time."""
    return deadline is not None and _utc(at) > _utc(deadline) + timedelta(seconds=grace_seconds)


def may_start(
    *,
    now: datetime,
    left: int | None,
    has_open_attempt: bool,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    last_submitted_at: datetime | None = None,
    cooling_off_minutes: int = 0,
) -> CannotStart | None:
    """Return the reason why no new attempt may begin now, or None when it may; the caller raises or shows it."""
    now = _utc(now)
    if has_open_attempt:
        return CannotStart("open_attempt")
    if closes_at is not None and now >= _utc(closes_at):
        return CannotStart("closed")
    if left == 0:
        return CannotStart("no_attempts_left")
    if opens_at is not None and now < _utc(opens_at):
        return CannotStart("not_yet_open", _utc(opens_at))
    if last_submitted_at is not None and cooling_off_minutes > 0:
        rested = _utc(last_submitted_at) + timedelta(minutes=cooling_off_minutes)
        if now < rested:
            return CannotStart("cooling_off", rested)
    return None


def accept_save(current_sequence: int, new_sequence: int) -> SaveVerdict:
    """Say what to do with a save: the newest sequence wins, the same again changes nothing, an older one is dropped.

    `current_sequence` is the highest stored so far, 0 before the first save; the browser counts from 1.
    """
    if new_sequence > current_sequence:
        return "store"
    return "repeat" if new_sequence == current_sequence else "stale"
