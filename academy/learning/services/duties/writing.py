"""Writing a rule and putting it into effect. What is written waits until somebody has seen what it would change."""

import hashlib
import json
from datetime import datetime
from typing import Any

from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.learning import kinds
from academy.learning.models import DutyRule
from academy.learning.queries import duties as queries
from academy.learning.rules.duties import ALL, ANY, CONSEQUENCES, Condition, Definition

MOST_PEOPLE, MOST_VALUES = 500, 100
NOTHING_WAITS = _l("Nothing waits to be put into effect.")


def create_rule(
    definition: Definition, *, organisation_id: int, org_unit_id: int | None, course_id: int | None = None,
    programme_id: int | None = None, actor_id: int | None, at: datetime,
) -> DutyRule:  # fmt: skip
    """Write a rule as a draft. Nobody is assigned before it is put into effect."""
    _check(definition)
    rule = DutyRule(
        organisation_id=organisation_id, org_unit_id=org_unit_id, course_id=course_id, programme_id=programme_id,
        name=LocalizedText.of(definition.name), state="draft", definition={}, pending=definition.as_json(),
        created_by_id=actor_id, created_at=at,
    )  # fmt: skip
    if (course_id is None) == (programme_id is None) or not queries.is_open(rule):
        raise Invalid(_l("Choose a course or a programme from the list."), field="thing")
    db.session.add(rule)
    db.session.flush()
    return rule


def change_rule(rule: DutyRule, definition: Definition) -> None:
    """Write what is to change. What is in effect stays until it is applied."""
    _check(definition)
    held: DutyRule = lock(DutyRule, rule.id)
    held.pending = definition.as_json()
    if held.state == "draft":
        held.name = LocalizedText.of(definition.name)
    db.session.flush()


def discard_changes(rule: DutyRule) -> bool:
    """Throw away what waits; a draft goes as a whole. Returns whether the rule is still there."""
    held: DutyRule = lock(DutyRule, rule.id)
    if held.state == "draft":
        db.session.delete(held)
        db.session.flush()
        return False
    held.pending = None
    db.session.flush()
    return True


def apply_rule(rule: DutyRule, *, seen: str, actor_id: int | None, at: datetime) -> None:
    """Put what waits into effect; the next run assigns by it. `seen` is the digest of what was looked at."""
    held: DutyRule = lock(DutyRule, rule.id)
    if held.pending is None:
        raise Conflict(NOTHING_WAITS)
    if seen != digest_of(held):
        raise Conflict(_l("The rule was changed since you looked at it. Look at the people again."))
    before = held.definition or None
    held.definition, held.pending = held.pending, None
    held.name = LocalizedText.of(held.definition["name"])
    held.state = "active" if held.state == "draft" else held.state
    db.session.flush()
    _note("learning:duty_rule:apply", held, actor_id, at, before, held.definition)


def set_active(rule: DutyRule, active: bool, *, actor_id: int | None, at: datetime) -> bool:
    """Stop a rule, or let it run again. What it made a duty stays one meanwhile. Returns whether that changed anything."""
    held: DutyRule = lock(DutyRule, rule.id)
    wanted = "active" if active else "stopped"
    if held.state in ("draft", wanted):
        return False
    before, held.state = held.state, wanted
    db.session.flush()
    _note("learning:duty_rule:switch", held, actor_id, at, {"state": before}, {"state": wanted})
    return True


def digest_of(rule: DutyRule) -> str:
    """Return what tells one pending definition from another."""
    said = json.dumps(rule.pending, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _check(definition: Definition) -> None:
    if not LocalizedText.of(definition.name):
        raise Invalid(_l("Enter the name in Arabic or in English."), field="name")
    if not definition.due.is_sound:
        raise Invalid(_l("Say by when it is due: a day, or from 1 to 1000 days."), field="due_kind")
    if definition.consequence not in CONSEQUENCES or definition.audience.match not in (ALL, ANY):
        raise Invalid(_l("Choose one of the listed values."), field="consequence")
    for condition in definition.audience.conditions:
        _check_condition(condition)


def _check_condition(condition: Condition) -> None:
    kind = kinds.KINDS.get(condition.kind)
    if kind is None:
        raise Invalid(_l("Choose one of the listed values."))
    most = MOST_PEOPLE if condition.kind == "people" else MOST_VALUES
    if kind.asks_values and not 0 < len(condition.values) <= most:
        raise Invalid(_l("Choose from 1 to %(most)s values."), field=f"{kind.name}_values", most=most)
    if kind.asks_number and not (condition.number and 1 <= condition.number <= 20_000):
        raise Invalid(_l("Enter a number of days."), field=f"{kind.name}_number")


def _note(
    act: str, rule: DutyRule, actor_id: int | None, at: datetime, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=rule.organisation_id,
        subject=("duty_rule", rule.id, rule.name.show("ar")), before=before, after=after,
    )  # fmt: skip
