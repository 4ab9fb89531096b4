"""Placing the items of a sorting exercise."""

from collections.abc import Mapping
from datetime import datetime

from academy.base.db import db
from academy.learning.models import COMPLETED
from academy.learning.rules import Checked
from academy.learning.services.completing import mark_completed
from academy.learning.services.opening import activity_of, hold, touch
from academy.learning.sorting import check, kept


def place_items(enrolment_id: int, activity_id: int, answers: Mapping[str, str], *, at: datetime) -> Checked:
    """Keep where the items were placed and check them; with every item placed the exercise is completed, right or wrong."""
    enrolment = hold(enrolment_id)
    activity = activity_of(enrolment, activity_id)
    state = touch(enrolment, activity, at)
    checked = check(activity.content, answers)
    state.resume = {**(state.resume or {}), "answers": kept(activity.content, answers)}
    db.session.flush()
    if checked.is_whole and state.state != COMPLETED:
        mark_completed(enrolment, activity, state, at)
    return checked
