"""Noting who was told of a due day."""

from collections.abc import Iterable
from datetime import date

from academy.base.db import insert_missing
from academy.learning.models import DueReminder


def note_told(told: Iterable[tuple[int, date, str, int]], *, today: date) -> None:
    """Note rungs of due days as told: (enrolment, due day, rung, days). What was noted already stays."""
    rows = [
        {"enrolment_id": number, "due_on": due_on, "rung": rung, "days": days, "told_on": today}
        for number, due_on, rung, days in told
    ]
    insert_missing(DueReminder, rows)
