"""What an organisation allows about messages."""

from collections.abc import Mapping
from datetime import datetime

from academy.accounts.models import Organisation
from academy.base import audit
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.messages import queries, rules
from academy.messages.models import MessageRules
from academy.messages.policies import RULE


def set_rules(
    organisation: Organisation, ties: Mapping[str, bool], *, shows_read: bool, months: int, actor_id: int | None, at: datetime
) -> MessageRules:  # fmt: skip
    """Keep who may write to whom in an organisation, whether senders see what was read, and how long messages are kept."""
    if not rules.FEWEST_MONTHS <= months <= rules.MOST_MONTHS:
        raise Invalid(_l("Enter a number of months from 1 to 120."), field="months")
    row = queries.rules_of(organisation.id)
    before = _said(row)
    for tie in rules.TIES:
        setattr(row, tie, bool(ties.get(tie)))
    row.shows_read, row.months, row.changed_at = shows_read, months, at
    db.session.add(row)
    db.session.flush()
    if (after := _said(row)) != before:
        audit.record(
            RULE, at=at, actor_id=actor_id, subject=("organisation", organisation.id, organisation.name.show("ar")),
            organisation_id=organisation.id, before=before, after=after,
        )  # fmt: skip
    return row


def _said(row: MessageRules) -> dict[str, object]:
    return {**{tie: bool(getattr(row, tie)) for tie in rules.TIES}, "shows_read": row.shows_read, "months": row.months}
