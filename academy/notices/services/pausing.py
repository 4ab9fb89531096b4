"""Around which prayers letters wait: decided by the administrators of an organisation for its people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from academy.accounts.models import Organisation
from academy.base import audit
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.prayers import FARTHEST_NORTH, METHODS
from academy.notices import queries_of_prayers as queries
from academy.notices.kinds_of_places import CITIES, OTHER
from academy.notices.models import PrayerPause
from academy.notices.policies import KEEP_PRAYER_PAUSES

LONGEST_PAUSE = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What is chosen: a city, or another place with its coordinates and method; so many minutes before and after."""

    kept: bool
    place: str
    before: int
    after: int
    latitude: Decimal | int | None = None
    longitude: Decimal | int | None = None
    method: str = ""


def set_pauses(organisation: Organisation, wish: Wish, *, actor_id: int | None, at: datetime) -> PrayerPause:
    """Keep what was chosen. A city brings its coordinates and method. Letters that wait already keep their moment."""
    if not (0 <= wish.before <= LONGEST_PAUSE and 0 <= wish.after <= LONGEST_PAUSE):
        raise Invalid(_l("Enter a number of minutes from 0 to 60."), field="minutes_after")
    if wish.kept and wish.before + wish.after == 0:
        raise Invalid(_l("Say for how long letters wait before or after a prayer."), field="minutes_after")
    row, before = queries.pause(organisation.id), _said(queries.pause(organisation.id))
    row.kept, row.place, row.minutes_before, row.minutes_after = wish.kept, wish.place, wish.before, wish.after
    row.latitude, row.longitude, row.method = _where(wish)
    row.changed_at = at
    db.session.add(row)
    db.session.flush()
    if (after := _said(row)) != before:
        audit.record(
            KEEP_PRAYER_PAUSES, at=at, actor_id=actor_id, subject=("organisation", organisation.id, organisation.name.show("ar")),
            organisation_id=organisation.id, before=before, after=after,
        )  # fmt: skip
    return row


def _where(wish: Wish) -> tuple[Decimal, Decimal, str]:
    if wish.place != OTHER:
        spot = CITIES.get(wish.place)
        if spot is None:
            raise Invalid(_l("Choose a city from the list."), field="place")
        return Decimal(str(spot.latitude)), Decimal(str(spot.longitude)), spot.method
    if wish.latitude is None or not -FARTHEST_NORTH <= wish.latitude <= FARTHEST_NORTH:
        raise Invalid(_l("Enter degrees of latitude from -60 to 60."), field="latitude")
    if wish.longitude is None or not -180 <= wish.longitude <= 180:
        raise Invalid(_l("Enter degrees of longitude from -180 to 180."), field="longitude")
    if wish.method not in METHODS:
        raise Invalid(_l("Choose a method from the list."), field="method")
    return Decimal(wish.latitude), Decimal(wish.longitude), wish.method


def _said(row: PrayerPause) -> dict[str, object]:
    return {
        "kept": row.kept, "place": row.place or f"{float(row.latitude)}, {float(row.longitude)}", "method": row.method,
        "minutes_before": row.minutes_before, "minutes_after": row.minutes_after,
    }  # fmt: skip
