"""How long a question was looked at, as far as the academy can vouch for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from academy.assessment.rules.distractors import ENOUGH_PEOPLE

SLACK = timedelta(seconds=1)


def credited(reported: Mapping[int, int], *, counted_until: datetime, at: datetime) -> tuple[dict[int, int], datetime]:
    """Return the seconds to count for each question of a report, and up to when time is counted then.

    A page reports the seconds for which each question was visible. All reports together never add up to more than the
    time that has passed on the academy's clock, however many pages report and whatever their clocks say: a report is
    cut, in proportion, to the time since the last one. What a page rounded away (a second at most) may be reported later.
    """
    passed = max(0, int((at - counted_until).total_seconds()))
    wanted = {position: seconds for position, seconds in reported.items() if seconds > 0}
    total = sum(wanted.values())
    if total > passed:
        wanted = {position: seconds * passed // total for position, seconds in wanted.items()}
    counted = {position: seconds for position, seconds in wanted.items() if seconds}
    reached = counted_until + timedelta(seconds=sum(counted.values()))
    return counted, max(reached, at - SLACK)


def usual_time(measured: Sequence[int]) -> float | None:
    """Return the median of the seconds for which a question was on the screens of its people; None below `ENOUGH_PEOPLE`.

    Where nothing was reported (0: the page ran without scripts) nothing was measured, so it is no short time and is left
    out. The median, as times lean far to the long side and one forgotten screen must not move it (van der Linden 2006,
    Journal of Educational and Behavioral Statistics 31, 181-204). No time is called too long or too short: what is
    usual depends on how much there is to read, and no published bound holds for all types of questions.
    """
    known = [seconds for seconds in measured if seconds > 0]
    return float(median(known)) if len(known) >= ENOUGH_PEOPLE else None
