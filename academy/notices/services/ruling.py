"""When letters that can wait are held back, and who hears of due days: decided by the academy's administrators."""

from datetime import datetime

from academy.base import audit
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.notices import queries, rules


def set_rules(
    quiet: rules.Quiet, ladder: rules.Ladder, *, working_hours: bool = False, actor_id: int | None, at: datetime
) -> None:
    """Keep the quiet hours, whether working hours count instead of them, and the ladder of due days. Letters that wait already keep their hour."""
    if (quiet.begins is None) != (quiet.ends is None):
        raise Invalid(_l("Enter both hours, or neither."), field="quiet_until")
    if quiet.begins is not None and quiet.begins == quiet.ends:
        raise Invalid(_l("The quiet hours must end at another time than they begin."), field="quiet_until")
    if ladder.administrator_after <= ladder.manager_after:
        raise Invalid(_l("The administrator hears of it later than the manager."), field="administrator_after")
    row = queries.letter_rules()
    before = _shown(queries.quiet(), queries.ladder(), row.working_hours)
    row.working_hours = working_hours
    row.quiet_from, row.quiet_until, row.quiet_weekend, row.changed_at = quiet.begins, quiet.ends, quiet.weekend, at
    row.remind_before, row.manager_after = list(ladder.before), ladder.manager_after
    row.administrator_after = ladder.administrator_after
    db.session.add(row)
    db.session.flush()
    after = _shown(quiet, ladder, working_hours)
    audit.record(
        "notices:rules:change", at=at, actor_id=actor_id, subject=("letter_rules", 1, ""), before=before, after=after
    )


def _shown(quiet: rules.Quiet, ladder: rules.Ladder, working_hours: bool) -> dict[str, object]:
    hours = f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}" if quiet.begins and quiet.ends else ""
    after = {"manager_after": ladder.manager_after, "administrator_after": ladder.administrator_after}
    return {
        "hours": hours,
        "weekend": quiet.weekend,
        "working_hours": working_hours,
        "remind_before": list(ladder.before),
        **after,
    }
