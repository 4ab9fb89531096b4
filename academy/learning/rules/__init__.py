"""What may be argued about learning: courses here, programmes in their own file. Pure values in, values out."""

from academy.learning.rules.courses import (
    LONG,
    MIDDLE,
    SHORT,
    Checked,
    Tally,
    after,
    block_of,
    check_items,
    continue_at,
    hours_band,
    missing,
    standing,
)

__all__ = [
    "LONG", "MIDDLE", "SHORT", "Checked", "Tally", "after", "block_of", "check_items", "continue_at", "hours_band", "missing", "standing",
]  # fmt: skip
