"""For whose people letters wait around the prayers, and where."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, select

from academy.accounts.models import Organisation
from academy.base.db import db
from academy.base.prayers import Pauses, Spot
from academy.base.text import LocalizedText
from academy.notices.kinds_of_places import CITIES
from academy.notices.models import PrayerPause


def pause(organisation_id: int) -> PrayerPause:
    """Return what an organisation has chosen; before it ever did, nothing is held, and Riyadh is proposed, not stored."""
    return db.session.get(PrayerPause, organisation_id) or PrayerPause(
        organisation_id=organisation_id,
        kept=False,
        place="riyadh",
        latitude=Decimal(str(CITIES["riyadh"].latitude)),
        longitude=Decimal(str(CITIES["riyadh"].longitude)),
        method="umm_al_qura",
        minutes_before=10,
        minutes_after=20,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def said(row: PrayerPause) -> Pauses:
    """Return the pauses that a row says, kept or not."""
    spot = Spot(float(row.latitude), float(row.longitude), row.method)
    return Pauses(spot, row.minutes_before, row.minutes_after)


def pauses_of(organisation_id: int) -> Pauses | None:
    """Return the pauses for an organisation's people; None when none are kept."""
    row = db.session.get(PrayerPause, organisation_id)
    return said(row) if row is not None and row.kept else None


def organisation(organisation_id: int) -> Organisation | None:
    """Return the organisation whose pauses are asked for."""
    return db.session.get(Organisation, organisation_id)


def organisations(which: ColumnElement[bool]) -> list[tuple[int, LocalizedText, bool]]:
    """Return the active organisations within a filter, and whether pauses are kept for each (one statement)."""
    query = (
        select(Organisation.id, Organisation.name, PrayerPause.kept)
        .outerjoin(PrayerPause, PrayerPause.organisation_id == Organisation.id)
        .where(which, Organisation.active)
    )
    return [(row.id, row.name, bool(row.kept)) for row in db.session.execute(query.order_by(Organisation.id))]
