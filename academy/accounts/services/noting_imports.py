"""What the audit trail keeps of an import: one entry for the file, and one for each person, as if a form had been sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from academy.accounts.models import ImportPlan
from academy.accounts.rules_of_import import PlannedRow, text_of
from academy.base import audit
from academy.base.db import db


def note(
    plan: ImportPlan,
    created: list[PlannedRow],
    updated: list[PlannedRow],
    ids: dict[str, int],
    actor_id: int,
    at: datetime,
) -> None:
    """Write down what was added and what was changed."""
    counts = {"file": plan.file_name, "created": len(created), "updated": len(updated)}
    subject = ("organisation", plan.organisation_id, plan.file_name)
    audit.record(
        "accounts:person:import",
        at=at,
        actor_id=actor_id,
        subject=subject,
        organisation_id=plan.organisation_id,
        after=counts,
    )
    entries = [_entry(row, ids[row.email], plan.organisation_id, actor_id, at) for row in (*created, *updated)]
    if entries:
        db.session.execute(insert(audit.AuditEntry), entries)


def _entry(row: PlannedRow, person_id: int, organisation_id: int, actor_id: int, at: datetime) -> dict[str, Any]:
    return {
        "at": at, "act": "accounts:person:create" if row.person_id is None else "accounts:person:change", "actor_id": actor_id,
        "organisation_id": organisation_id, "subject_type": "person", "subject_id": person_id,
        "subject_label": row.name.show("ar")[:300],
        "before": _told(row, row.before) if row.person_id else {}, "after": _told(row, row.after),
        "address": audit.address_of_request.get(),
    }  # fmt: skip


def _told(row: PlannedRow, values: dict[str, Any]) -> dict[str, Any]:
    """Return what of these values a row changes, for the trail: the unit as the form writes it, which can be named later."""
    said = {name: text_of(values.get(name)) for name in row.changed if name != "unit"}
    return said | ({"org_unit_id": values.get("unit_id")} if "unit" in row.changed else {})
