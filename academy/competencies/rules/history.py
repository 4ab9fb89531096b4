"""What the evidence proved at the end of each month: the ledger of today, judged as of then.

A month knows the pieces that were observed before its end, faded as they were then; the present month ends now. A piece that was
written later about an earlier day, as a confirmed observation or a regrade, belongs to the day it speaks of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from academy.base.dates import RIYADH, firsts_of_months, riyadh_day
from academy.competencies.rules.judging import CURRENT, Model, Piece, judge

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day, with the score and level at its end; both None: not enough evidence."""

    first: date
    score: Fraction | None
    level: int | None


def months_until(at: datetime, count: int = MONTHS) -> list[tuple[date, datetime]]:
    """Return (first day, end) of the last months, the present one last; months are those of Riyadh."""
    firsts = firsts_of_months(riyadh_day(at), count)
    ends = [*(datetime.combine(first, time(), RIYADH) for first in firsts[1:]), at]
    return list(zip(firsts, ends, strict=True))


def history(pieces: Iterable[Piece], at: datetime, model: Model = CURRENT) -> tuple[Month, ...]:
    """Return what the pieces proved at the end of each of the last twelve months."""
    known = tuple(pieces)
    months = []
    for first, end in months_until(at):
        result = judge((piece for piece in known if piece.observed_at <= end), end, model)
        months.append(Month(first, result.score, result.level))
    return tuple(months)
