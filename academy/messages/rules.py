"""Pure rules of direct messages: which ties let two people write to each other, and why they may not."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

TRAINERS, MANAGERS, ADMINISTRATORS, UNIT, ORGANISATION = (
    "trainers",
    "managers",
    "administrators",
    "unit",
    "organisation",
)
TIES = (TRAINERS, MANAGERS, ADMINISTRATORS, UNIT, ORGANISATION)
# Ties of duty: whoever has one of them can be muted and not blocked.
OFFICIAL = frozenset({TRAINERS, MANAGERS, ADMINISTRATORS})
# Ties that may reach across organisations: both must then allow them.
ACROSS = frozenset({TRAINERS, ADMINISTRATORS})
USUAL: Mapping[str, bool] = {TRAINERS: True, MANAGERS: True, ADMINISTRATORS: True, UNIT: False, ORGANISATION: False}

AUDITOR, GONE, STOPPED, SAME, NO_TIE, OFF, BLOCKED, BLOCKING = (
    "auditor", "gone", "stopped", "same", "no_tie", "off", "blocked", "blocking"
)  # fmt: skip

MONTHS, FEWEST_MONTHS, MOST_MONTHS = 24, 1, 120
LONGEST = 4000
CONTEXT = 2
HIDE, KEEP, STOP = "hidden", "kept", "stopped"
DECISIONS = (KEEP, HIDE, STOP)
REASONS = ("offensive", "harassing", "confidential", "unwanted", "other")


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether somebody may write to somebody: who they are, what ties them, what both houses allow.

    `ties` are those that exist between the two, whatever is allowed; `allowed` those that the policy of both organisations lets
    count. `blocks`: the writer has blocked the other; `blocked`: the other way round.
    """

    same: bool = False
    home: bool = True
    audits: bool = False
    enters: bool = True
    stopped: bool = False
    ties: Collection[str] = ()
    allowed: Collection[str] = ()
    blocks: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may write, by which ties, and else the reason by its name.

    `acquainted`: a tie of duty exists within one organisation, whether or not it counts, so that the two know of each other anyway.
    """

    ties: frozenset[str]
    reason: str = ""
    acquainted: bool = False

    @property
    def allowed(self) -> bool:
        """Whether they may write now."""
        return not self.reason

    @property
    def official(self) -> bool:
        """Whether a tie of duty holds, so that the other can be muted and not blocked."""
        return bool(self.ties & OFFICIAL)


def judge(facts: Facts) -> Verdict:
    """Say whether one may write to the other. The filter of `policies.correspondents` says the same of many people at once."""
    counted = frozenset(facts.ties) & frozenset(facts.allowed)
    return Verdict(counted, _reason(facts, counted), facts.home and bool(set(facts.ties) & OFFICIAL))


def _reason(facts: Facts, counted: frozenset[str]) -> str:
    if facts.same:
        return SAME
    if facts.audits:
        return AUDITOR
    if not facts.enters:
        return GONE
    if facts.stopped:
        return STOPPED
    if not counted:
        return OFF if facts.ties else NO_TIE
    if counted & OFFICIAL:
        return ""
    if facts.blocks:
        return BLOCKING
    return BLOCKED if facts.blocked else ""


def allowed_ties(mine: Mapping[str, bool], theirs: Mapping[str, bool], *, same_house: bool) -> frozenset[str]:
    """Return the ties that count between people of two organisations: both must allow them, and few reach across."""
    both = {tie for tie in TIES if mine[tie] and theirs[tie]}
    return frozenset(both if same_house else both & ACROSS)


def months_before(at: datetime, months: int) -> datetime:
    """Return the moment from which on messages are kept: so many months of thirty days and a half ago."""
    return at - timedelta(days=months * 30.5)


_ADDRESS = re.compile(r"https?://[^\s<>\"'«»،؛]+", re.IGNORECASE)
_TAIL = ".,;:!?)]}…"


def paragraphs(text: str) -> Markup:
    """Return a message as paragraphs, each in its own direction; addresses become links that tell nobody where one comes from."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return Markup("").join(Markup('<p dir="auto">{}</p>').format(_lines(block)) for block in blocks)  # noqa: RUF100


def _lines(block: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in block.split("\n"))


def _linked(line: str) -> Markup:
    made, last = Markup(""), 0
    for found in _ADDRESS.finditer(line):
        address = found.group().rstrip(_TAIL)
        made += escape(line[last : found.start()])
        made += Markup('<a href="{0}" rel="nofollow noopener noreferrer" dir="ltr">{0}</a>').format(address)
        last = found.start() + len(address)
    return made + escape(line[last:])


def opening(text: str, longest: int = 90) -> str:
    """Return how a message begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
