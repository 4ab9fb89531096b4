"""Changing the academy's own settings."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from academy.accounts.models import Academy
from academy.accounts.rules_of_people import NOT_AN_EMAIL, parse_email
from academy.base import audit, marks, storage
from academy.base.colours import LEAST_CONTRAST, contrast_with_white, parse_colour
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText

LOGO_LIMIT = 2_000_000
NOTHING = LocalizedText()


@dataclass(frozen=True, slots=True)
class AcademyDetails:
    """What an administrator sets for the whole academy."""

    name: LocalizedText
    short_name: LocalizedText
    customer_word: LocalizedText
    introduction: LocalizedText = NOTHING
    signer_name: LocalizedText = NOTHING
    signer_role: LocalizedText = NOTHING
    colour: str | None = None
    contact_email: str | None = None
    two_person_revocation: bool = True
    retention_years: int = 10
    review_before_publishing: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the settings as the audit trail keeps them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.as_dict() if isinstance(value, LocalizedText) else value for name, value in values.items()}


def create_academy(details: AcademyDetails, *, at: datetime) -> Academy:
    """Write the one row of settings of a fresh academy; if there is one already, it stays as it is."""
    found: Academy | None = db.session.get(Academy, 1)
    if found is None:
        values = {field.name: getattr(_checked(details), field.name) for field in fields(details)}
        found = Academy(id=1, changed_at=at, **values)
        db.session.add(found)
        db.session.flush()
    return found


def details_of_academy(row: Academy) -> AcademyDetails:
    """Return the settings as they stand."""
    return AcademyDetails(**{field.name: getattr(row, field.name) for field in fields(AcademyDetails)})


def change_academy(details: AcademyDetails, *, actor_id: int | None, at: datetime, seen: str | None = None) -> Academy:
    """Change the settings. The colour must be dark enough for white text on it (4.5 to 1, WCAG 2.2).

    `seen` is the mark of the settings that were changed; Stale is raised when they are others by now.
    """
    details = _checked(details)
    row: Academy = lock(Academy, 1)
    before, after = details_of_academy(row).as_json(), details.as_json()
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return row
    marks.check(seen, before)
    for name in changed:
        setattr(row, name, getattr(details, name))
    row.changed_at = at
    _note({name: before[name] for name in changed}, {name: after[name] for name in changed}, actor_id, at)
    return row


def set_logo(data: bytes | None, filename: str = "", *, actor_id: int | None, at: datetime) -> None:
    """Keep a picture as the academy's logo, or take the logo away when there is none. Only PNG, JPEG, WebP and GIF."""
    row: Academy = lock(Academy, 1)
    before = row.logo_key
    if data is None:
        row.logo_key = None
    else:
        row.logo_key = storage.keep(checked_logo(data, filename), at=at, by=actor_id, audience="public").key
    row.changed_at = at
    if before != row.logo_key:
        _note({"logo_key": before}, {"logo_key": row.logo_key}, actor_id, at)


def checked_colour(typed: str | None) -> str | None:
    """Return a colour as it is kept, None for none; refuse what is no colour or too bright for white text on it."""
    if not typed:
        return None
    colour = parse_colour(typed)
    if colour is None:
        raise Invalid(_l("Enter a colour as six signs after #, such as #1f7a4f."), field="colour")
    if contrast_with_white(colour) < LEAST_CONTRAST:
        raise Invalid(_l("White text cannot be read on this colour. Choose a darker one."), field="colour")
    return colour


def checked_logo(data: bytes, filename: str) -> storage.Upload:
    """Return a logo fit to be kept; refuse what is no picture."""
    try:
        return storage.check_picture(data, filename, most=LOGO_LIMIT)
    except storage.FileRefused as refused:
        raise Invalid(refused.sentence, field="logo", **refused.values) from refused


def _checked(details: AcademyDetails) -> AcademyDetails:
    for field in ("name", "short_name", "customer_word"):
        if not getattr(details, field):
            raise Invalid(_l("Enter this text in Arabic or in English."), field=field)
    email = None
    colour = checked_colour(details.colour)
    if details.contact_email:
        email = parse_email(details.contact_email)
        if email is None:
            raise Invalid(NOT_AN_EMAIL, field="contact_email")
    if not 1 <= details.retention_years <= 50:
        raise Invalid(_l("Enter a number of years from 1 to 50."), field="retention_years")
    values = {field.name: getattr(details, field.name) for field in fields(details)}
    return AcademyDetails(**{**values, "colour": colour, "contact_email": email})


def _note(before: dict[str, Any], after: dict[str, Any], actor_id: int | None, at: datetime) -> None:
    subject = ("academy", 1, "")
    audit.record("accounts:academy:edit", at=at, actor_id=actor_id, subject=subject, before=before, after=after)
