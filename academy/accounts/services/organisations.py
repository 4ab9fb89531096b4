"""Organisations and the tree of their units: adding, renaming, moving, closing and opening again."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from academy.accounts.models import Organisation, OrgUnit
from academy.accounts.rules_of_people import key_from
from academy.accounts.services.administrators import keep_an_administrator
from academy.base import audit
from academy.base.db import alone, db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText

DEEPEST = 12
ORGANISATIONS = 7_201_938  # any number that nothing else is done alone under
NAME_NEEDED = _l("Enter the name in Arabic or in English.")


def create_organisation(
    name: LocalizedText, *, kind: str = "agency", key: str | None = None, at: datetime, actor_id: int | None = None
) -> Organisation:
    """Add an agency or a partner. Its key is made from its English name when none is given."""
    if not name:
        raise Invalid(NAME_NEEDED, field="name")
    if kind not in ("agency", "partner"):
        raise Invalid(_l("Choose what kind of organisation it is."), field="kind")
    alone(db.session(), (ORGANISATIONS,))
    taken = set(db.session.scalars(select(Organisation.key)))
    if key in taken:
        raise Conflict(_l("Another organisation has this key."), field="key")
    row = Organisation(key=key or _free_key(name, kind, taken), kind=kind, name=name, active=True, created_at=at)
    db.session.add(row)
    db.session.flush()
    _note("accounts:organisation:create", row, actor_id, at, after={"name": name.as_dict(), "kind": kind})
    return row


def rename_organisation(organisation: Organisation, name: LocalizedText, *, at: datetime, actor_id: int | None) -> None:
    """Give an organisation another name; its key stays."""
    if not name:
        raise Invalid(NAME_NEEDED, field="name")
    if name == organisation.name:
        return
    before, organisation.name = organisation.name.as_dict(), name
    _note(
        "accounts:organisation:rename",
        organisation,
        actor_id,
        at,
        before={"name": before},
        after={"name": name.as_dict()},
    )


def deactivate_organisation(organisation: Organisation, *, at: datetime, actor_id: int | None) -> None:
    """Close an organisation: nobody of it can sign in, and their sessions stop working at once."""
    if not organisation.active:
        return
    keep_an_administrator(without_organisation=organisation.id)
    organisation.active = False
    _note(
        "accounts:organisation:deactivate", organisation, actor_id, at, before={"active": True}, after={"active": False}
    )


def reactivate_organisation(organisation: Organisation, *, at: datetime, actor_id: int | None) -> None:
    """Open an organisation again."""
    if organisation.active:
        return
    organisation.active = True
    _note(
        "accounts:organisation:reactivate", organisation, actor_id, at, before={"active": False}, after={"active": True}
    )


def create_org_unit(
    organisation_id: int,
    name: LocalizedText,
    *,
    at: datetime,
    parent: OrgUnit | None = None,
    key: str | None = None,
    actor_id: int | None = None,
) -> OrgUnit:
    """Add a unit to an organisation, below its parent if one is given."""
    if not name:
        raise Invalid(NAME_NEEDED, field="name")
    _hold_tree(organisation_id, parent)
    _check_parent(parent, organisation_id)
    taken = set(db.session.scalars(select(OrgUnit.key).where(OrgUnit.organisation_id == organisation_id)))
    if key in taken:
        raise Conflict(_l("Another unit has this key."), field="key")
    row = OrgUnit(
        organisation_id=organisation_id, parent_id=parent.id if parent else None, key=key or _free_key(name, "unit", taken), name=name, active=True
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    db.session.flush()
    _note("accounts:org_unit:create", row, actor_id, at, after={"name": name.as_dict(), "parent_id": row.parent_id})
    return row


def rename_org_unit(unit: OrgUnit, name: LocalizedText, *, at: datetime, actor_id: int | None) -> None:
    """Give a unit another name; its key stays."""
    if not name:
        raise Invalid(NAME_NEEDED, field="name")
    if name == unit.name:
        return
    before, unit.name = unit.name.as_dict(), name
    _note("accounts:org_unit:rename", unit, actor_id, at, before={"name": before}, after={"name": name.as_dict()})


def move_org_unit(unit: OrgUnit, parent: OrgUnit | None, *, at: datetime, actor_id: int | None) -> None:
    """Put a unit with everything below it under another one, or at the top. Nothing can come to lie below itself."""
    _hold_tree(unit.organisation_id, unit, parent)
    if unit.parent_id == (parent.id if parent else None):
        return
    _check_parent(parent, unit.organisation_id)
    if parent is not None and parent.path.startswith(unit.path):
        raise Invalid(_l("A unit cannot lie below itself. Choose another place."), field="parent_id")
    old_path, new_path = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    _check_depth(old_path, new_path)
    before, unit.parent_id = unit.parent_id, parent.id if parent else None
    db.session.flush()
    inside = update(OrgUnit).where(OrgUnit.path.startswith(old_path))
    moved = inside.values(path=new_path + func.substr(OrgUnit.path, len(old_path) + 1))
    db.session.execute(moved, execution_options={"synchronize_session": False})
    db.session.expire_all()
    after = {"parent_id": parent.id if parent else None}
    _note("accounts:org_unit:move", unit, actor_id, at, before={"parent_id": before}, after=after)


def deactivate_org_unit(unit: OrgUnit, *, at: datetime, actor_id: int | None) -> None:
    """Close a unit and those below it: nobody new can be put there. Its people stay where they are."""
    _hold_tree(unit.organisation_id, unit)
    if unit.active:
        _set_active(OrgUnit.path.startswith(unit.path), False)
        _note("accounts:org_unit:deactivate", unit, actor_id, at, before={"active": True}, after={"active": False})


def reactivate_org_unit(unit: OrgUnit, *, at: datetime, actor_id: int | None) -> None:
    """Open a unit again, and those above it."""
    _hold_tree(unit.organisation_id, unit)
    if not unit.active:
        ancestors = [int(part) for part in unit.path.strip("/").split("/")]
        _set_active(or_(OrgUnit.id == unit.id, OrgUnit.id.in_(ancestors)), True)
        _note("accounts:org_unit:reactivate", unit, actor_id, at, before={"active": False}, after={"active": True})


def _hold_tree(organisation_id: int, *units: OrgUnit | None) -> None:
    """Hold the tree of an organisation and read these units of it anew.

    Two moves at once could make a circle together, and what is made, closed or opened while another unit moves would go by
    the path from before.
    """
    lock(Organisation, organisation_id)
    for unit in units:
        if unit is not None:
            db.session.refresh(unit)


def _set_active(which: Any, active: bool) -> None:
    statement = update(OrgUnit).where(which).values(active=active)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _check_parent(parent: OrgUnit | None, organisation_id: int) -> None:
    if parent is None:
        return
    if parent.organisation_id != organisation_id or not parent.active:
        raise Invalid(_l("Choose a unit of this organisation."), field="parent_id")
    if parent.path.count("/") - 1 >= DEEPEST:
        raise Invalid(_l("The tree would become too deep."), field="parent_id")


def _check_depth(old_path: str, new_path: str) -> None:
    deepest = (
        db.session.scalar(select(func.max(func.length(OrgUnit.path))).where(OrgUnit.path.startswith(old_path))) or 0
    )
    if deepest - len(old_path) + len(new_path) > 300:
        raise Invalid(_l("The tree would become too deep."), field="parent_id")


def _free_key(name: LocalizedText, fallback: str, taken: set[str]) -> str:
    base = key_from(name.en, fallback)
    tried = (f"{base}-{number}" if number > 1 else base for number in range(1, len(taken) + 2))
    return next(key for key in tried if key not in taken)


def _note(act: str, row: Organisation | OrgUnit, actor_id: int | None, at: datetime, **what: dict[str, Any]) -> None:
    organisation_id = row.id if isinstance(row, Organisation) else row.organisation_id
    kind = "organisation" if isinstance(row, Organisation) else "org_unit"
    subject = (kind, row.id, row.name.show("ar"))
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=organisation_id, **what)
