"""Creating a programme, what it says of itself, whom it is for, and retiring it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Organisation
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.naming import is_taken
from academy.base.text import LocalizedText
from academy.learning.models import Programme, ProgrammeVersion
from academy.learning.refusals import CodeTaken, KeyTaken, KeyUnfit
from academy.learning.services.programmes.drafting import bump, hold_programme_draft, record

AUDIENCES = ("employee", "partner", "any")
NO_TEXT = LocalizedText()
_KEY = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class ProgrammeDetails:
    """Everything a version of a programme says of itself."""

    title: LocalizedText
    summary: LocalizedText = NO_TEXT
    hours: Decimal = Decimal(0)
    in_order: bool = True
    validity_months: int | None = None
    renewal: Mapping[str, Any] = field(default_factory=dict)
    suspension: Sequence[LocalizedText] = ()


def programme_key_for(title: LocalizedText) -> str:
    """Return a free key made of a title's English."""
    plain = "-".join(re.findall("[a-z0-9]+", title.en.lower().replace("'", "")))[: _LONGEST_KEY - 8].strip("-")
    wanted = plain or "programme"
    taken = set(db.session.scalars(select(Programme.key).where(Programme.key.startswith(wanted, autoescape=True))))
    key, number = wanted, 1
    while key in taken or key == "new":
        number += 1
        key = f"{wanted}-{number}"
    return key


def _check_code(code: str, organisation_id: int, but: int | None = None) -> None:
    """Refuse a code by which another programme of the organisation goes, a retired one too: it may be brought back."""
    if code and is_taken(Programme.code, code, organisation_id, but=but):
        raise CodeTaken(field="code")


def create_programme(
    details: ProgrammeDetails,
    *,
    organisation_id: int,
    at: datetime,
    actor_id: int | None = None,
    key: str = "",
    code: str = "",
    audience: str = "employee",
    target_role: str = "",
) -> Programme:
    """Create a programme with its first draft. Without a key, one is made of the English title."""
    key = key or programme_key_for(details.title)
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key) or key == "new":
        raise KeyUnfit(field="key")
    _check_audience(audience, organisation_id)
    _check_code(code, organisation_id)
    programme = Programme(
        key=key, code=code, organisation_id=organisation_id, audience=audience, target_role=target_role,
        created_by_id=actor_id, created_at=at,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(programme)
            db.session.flush()
    except IntegrityError as taken:
        _check_code(code, organisation_id)
        raise KeyTaken(field="key") from taken
    draft = _first_draft(programme, details, at)
    db.session.add(draft)
    db.session.flush()
    record("learning:programme:create", programme, actor_id, at, None, {"title": details.title.as_dict()})
    return programme


def _first_draft(programme: Programme, details: ProgrammeDetails, at: datetime) -> ProgrammeVersion:
    draft = ProgrammeVersion(programme_id=programme.id, number=1, created_at=at)
    fill(draft, details)
    return draft


def change_programme_details(
    version: ProgrammeVersion, details: ProgrammeDetails, *, revision: int | None = None
) -> ProgrammeVersion:
    """Change what a draft says. `revision` is the one the page was opened with; an old one is refused as stale."""
    draft = hold_programme_draft(version.id)
    bump(draft, revision)
    fill(draft, details)
    db.session.flush()
    return draft


def fill(draft: ProgrammeVersion, details: ProgrammeDetails) -> None:
    """Write details into a draft."""
    draft.title, draft.summary, draft.hours = details.title, details.summary, Decimal(details.hours)
    draft.in_order, draft.validity_months = details.in_order, details.validity_months
    draft.renewal = {name: value for name, value in details.renewal.items() if value is not None}
    draft.suspension = [text.as_dict() for text in details.suspension if text]


def change_programme_access(
    programme: Programme,
    *,
    code: str,
    audience: str,
    target_role: str,
    actor_id: int | None,
    at: datetime,
    revision: int | None = None,
) -> Programme:
    """Change whom a programme is for, its code and the role it prepares for; this takes effect at once."""
    held: Programme = lock(Programme, programme.id)
    bump(held, revision)
    _check_audience(audience, held.organisation_id)
    _check_code(code, held.organisation_id, but=held.id)
    before = _access(held)
    try:
        with db.session.begin_nested():
            held.code, held.audience, held.target_role = code, audience, target_role
            db.session.flush()
    except IntegrityError as taken:  # another had it first, a moment ago
        raise CodeTaken(field="code") from taken
    if (after := _access(held)) != before:
        record("learning:programme:edit", held, actor_id, at, before, after)
    return held


def _access(programme: Programme) -> dict[str, str]:
    return {"code": programme.code, "audience": programme.audience, "target_role": programme.target_role}


def _check_audience(audience: str, organisation_id: int) -> None:
    """A partner's programme is for its own people: it does not reach into other partners."""
    if audience not in AUDIENCES:
        raise Invalid(_l("Choose whom the programme is for from the list."), field="audience")
    owner = db.session.get(Organisation, organisation_id)
    if audience != "employee" and owner is not None and owner.kind == "partner":
        raise Invalid(_l("A partner's programme is for its own people."), field="audience")


def retire_programme(programme: Programme, *, actor_id: int | None, at: datetime) -> bool:
    """Take nobody into a programme any more; participants finish it. Returns whether it was not retired before."""
    held: Programme = lock(Programme, programme.id)
    if held.retired_at is not None:
        return False
    held.retired_at = at
    record("learning:programme:retire", held, actor_id, at, {"retired": False}, {"retired": True})
    return True


def bring_programme_back(programme: Programme, *, actor_id: int | None, at: datetime) -> bool:
    """Open a retired programme again. Returns whether it was retired."""
    held: Programme = lock(Programme, programme.id)
    if held.retired_at is None:
        return False
    held.retired_at = None
    record("learning:programme:retire", held, actor_id, at, {"retired": True}, {"retired": False})
    return True
