"""What an observation claims.

Of the cases that were watched, an indicator was shown every time, sometimes or never: a share of 1, ½ or 0. The line supports
the level whose indicator it names, and counts for the cases watched, at most 5 a visit (kinds.py). So one visit with three
cases can prove a level, and no single visit outweighs what was seen on other days. An indicator that there was no chance
to see claims nothing.

An observation counts when the person has confirmed it. One that they object to never counts. When they answer nothing within
a week it counts as well, since silence must not hide what was seen; both are told of the rule when it is sent.
"""

from datetime import datetime, timedelta
from fractions import Fraction

SHARES = {"always": Fraction(1), "sometimes": Fraction(1, 2), "never": Fraction(0)}
ANSWER_WITHIN = timedelta(days=7)
MOST_LINES = 12


def is_settled(sent_at: datetime, at: datetime) -> bool:
    """Whether the time to answer is over."""
    return at >= sent_at + ANSWER_WITHIN


def level_to_watch(target: int, proven: int | None) -> int:
    """Return the level that a checklist begins with: the role's, or without one the next above what is proven."""
    return min(4, target or (proven or 0) + 1)
