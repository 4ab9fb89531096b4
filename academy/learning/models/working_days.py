"""The calendar of an organisation: its weekend, its holidays, and the weeks in which it works shorter hours."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

HOLIDAY, SHORT_HOURS = "holiday", "short_hours"


class WorkWeek(Model):
    """The days of the week on which an organisation rests (`weekend`: 0 is Monday), and when it opens and closes."""

    __tablename__ = "work_week"
    __table_args__ = (CheckConstraint("opens < closes", name="opens_before_it_closes"),)

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    weekend: Mapped[list[Any]]
    opens: Mapped[time]
    closes: Mapped[time]
    changed_at: Mapped[datetime]


class CalendarEntry(Model):
    """Days of an organisation that differ from the others: a holiday, or a time of shorter hours such as Ramadan."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "first_on", name="uq_calendar_entry_first_day"),
        CheckConstraint("kind IN ('holiday', 'short_hours')", name="known_kind"),
        CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(kind = 'short_hours') = (opens IS NOT NULL) AND (kind = 'short_hours') = (closes IS NOT NULL)",
            name="hours_of_kind",
        ),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    first_on: Mapped[date]
    last_on: Mapped[date]
    name: Mapped[LocalizedText]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    changed_at: Mapped[datetime]
