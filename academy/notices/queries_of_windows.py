"""When a letter that can wait may go out to somebody of an organisation."""

from datetime import datetime

from academy.notices import kinds, queries, rules
from academy.notices.queries_of_prayers import pauses_of


def opening_for(organisation_id: int, at: datetime) -> datetime:
    """Return the first moment from `at` on: in working hours where the academy keeps to these, else outside the quiet ones, and never around a prayer."""
    pauses = [each] if (each := pauses_of(organisation_id)) else []
    if queries.letter_rules().working_hours and kinds.HOURS:
        return rules.opening(at, rules.NEVER_QUIET, kinds.HOURS[0](organisation_id), *pauses)
    return rules.opening(at, queries.quiet(), *pauses)
