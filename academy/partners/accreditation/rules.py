"""Accrediting partners: what a scheme asks, which level is met, how a committee decides, and what a stranger is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from academy.base.dates import months_later
from academy.base.text import LocalizedText

GRACE_DAYS, QUORUM = 14, 3
RENEWAL_WINDOW = timedelta(days=90)


class Way(StrEnum):
    """How the value of a criterion comes to be known."""

    COMPUTED = "computed"
    DOCUMENT = "document"
    ENTERED = "entered"


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMMITTEE = "committee"
    GRANTED = "granted"
    REFUSED = "refused"
    RETRACTED = "retracted"


OPEN = (State.DRAFT, State.SUBMITTED, State.COMMITTEE)
DECIDED = (State.GRANTED, State.REFUSED)


class Purpose(StrEnum):
    """What the committee is asked for."""

    ACCREDIT = "accredit"
    WITHDRAW = "withdraw"


class Status(StrEnum):
    """What a stranger is told of an accreditation. A breach in its grace is nobody else's business: it is still valid."""

    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a scheme asks from a level on. `threshold` is a number, or the name of a rule that gives one."""

    key: str
    from_level: int
    measure: str
    threshold: str
    unit: str
    refs: tuple[str, ...]
    window_months: int
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Level:
    """A level that can be granted."""

    level: int
    name: LocalizedText
    meaning: LocalizedText


@dataclass(frozen=True, slots=True)
class Scheme:
    """A version of a scheme, as it was published: nothing of it changes.

    `supervisors_course` is the key of the course that supervisors complete, or, after `programme:`, that of a programme.
    """

    key: str
    code: str
    version: str
    title: LocalizedText
    summary: LocalizedText
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]
    validity_months: int
    grace_days: int
    quorum: int
    supervisors_course: str
    breach: LocalizedText

    def up_to(self, level: int) -> tuple[Criterion, ...]:
        """Return the criteria of a level and of those below it."""
        return tuple(each for each in self.criteria if each.from_level <= level)

    def level_named(self, level: int) -> Level:
        """Return a level by its number."""
        return next(each for each in self.levels if each.level == level)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a criterion was found to be: value and threshold, met or not, as of which day, from which source.

    `part` of `whole` are what was counted; `lacking` names what is missing. `excused`: everyone who lacks is new and in the grace that
    the agreement gives them, so that nobody serves alone uncertified.
    """

    criterion: str
    way: str
    value: Fraction | None
    threshold: Fraction | None
    met: bool
    as_of: date | None
    source: str
    part: int | None = None
    whole: int | None = None
    lacking: tuple[LocalizedText, ...] = ()
    excused: bool = False


def level_met(scheme: Scheme, readings: Mapping[str, Reading], most: int) -> int:
    """Return the highest level, up to `most`, whose criteria and those below are all met; 0 for none."""
    reached = 0
    for level in sorted(each.level for each in scheme.levels if each.level <= most):
        if not all((found := readings.get(each.key)) and found.met for each in scheme.up_to(level)):
            break
        reached = level
    return reached


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote."""

    voter_id: int
    in_favour: bool


class Why(StrEnum):
    """Why a vote cannot be closed yet."""

    QUORUM = "quorum"
    TIE = "tie"
    REVIEWERS = "reviewers"


@dataclass(frozen=True, slots=True)
class Tally:
    """How a vote stands: `carried` once it can be closed, else why not."""

    in_favour: int
    against: int
    carried: bool | None
    why: Why | None


def tally(ballots: Sequence[Ballot], quorum: int, involved: Collection[int]) -> Tally:
    """Count a vote: a quorum, a majority of the votes given, and the same majority without those who supplied its evidence.

    `involved` entered a measure or reviewed a document: whoever supplies the evidence never tips the scale.
    """
    carried = _majority(ballots)
    others = _majority([each for each in ballots if each.voter_id not in involved])
    why = None
    if len(ballots) < quorum:
        why = Why.QUORUM
    elif carried is None:
        why = Why.TIE
    elif others is not carried:
        why = Why.REVIEWERS
    in_favour = sum(each.in_favour for each in ballots)
    return Tally(in_favour, len(ballots) - in_favour, None if why else carried, why)


def _majority(ballots: Sequence[Ballot]) -> bool | None:
    in_favour = sum(each.in_favour for each in ballots)
    against = len(ballots) - in_favour
    return None if in_favour == against else in_favour > against


def last_day(granted_on: date, months: int, continues: date | None) -> date:
    """Return the last valid day; a renewal of the same level that comes early loses no day (`continues` is the last day before)."""
    return months_later(continues if continues is not None and granted_on <= continues else granted_on, months)


def may_renew_from(valid_until: date) -> date:
    """Return the first day on which the same level may be applied for again."""
    return valid_until - RENEWAL_WINDOW


def status_on(
    day: date, *, valid_until: date, withdrawn_on: date | None, replaced_on: date | None, suspended: bool
) -> Status:
    """Return what a stranger is told. Withdrawing outweighs all; the last day still counts."""
    if withdrawn_on is not None and withdrawn_on <= day:
        return Status.WITHDRAWN
    if replaced_on is not None and replaced_on <= min(day, valid_until):
        return Status.REPLACED
    if valid_until < day:
        return Status.EXPIRED
    return Status.SUSPENDED if suspended else Status.VALID


def grace_over(due_on: date, day: date, *, excused: bool) -> bool:
    """Whether a breach suspends: its grace has passed and somebody lacks who is in no grace of their own."""
    return day > due_on and not excused
