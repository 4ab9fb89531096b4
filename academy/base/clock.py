"""The one clock. Doors and jobs ask it; services and rules are told the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

RIYADH = ZoneInfo("Asia/Riyadh")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Riyadh."""
    return now().astimezone(RIYADH).date()
