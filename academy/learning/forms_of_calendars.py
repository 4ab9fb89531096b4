"""The forms in which an organisation's calendar is kept."""

from datetime import time
from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from academy.base.i18n import _l
from academy.learning.models import SHORT_HOURS, CalendarEntry
from academy.learning.queries.working_days import CalendarPage
from academy.learning.services.working_days import PASTE_SOMETHING, EntryDetails
from academy.web.forms import AcademyForm, BlockField, DayField, LocalizedLineField, TimeField

# As a week is read in Saudi Arabia; 0 is Monday.
WEEKDAYS: dict[int, Any] = {
    6: _l("Sunday"),
    0: _l("Monday"),
    1: _l("Tuesday"),
    2: _l("Wednesday"),
    3: _l("Thursday"),
    4: _l("Friday"),
    5: _l("Saturday"),
}
TIME_NEEDED = _l("Enter a time such as 14:05.")


class WeekForm(AcademyForm):
    """Which days are the weekend, and when the working day begins and ends."""

    weekend = SelectMultipleField(
        _l("Days of rest"), coerce=int, choices=list(WEEKDAYS.items()),
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    opens = TimeField(_l("The working day begins"), [InputRequired(TIME_NEEDED)], render_kw={"dir": "ltr"})
    closes = TimeField(_l("The working day ends"), [InputRequired(TIME_NEEDED)], render_kw={"dir": "ltr"})

    def hours(self) -> tuple[time, time]:
        """Return when the day begins and ends."""
        assert self.opens.data is not None and self.closes.data is not None
        return self.opens.data, self.closes.data


def week_form(page: CalendarPage) -> WeekForm:
    """Return the form over a calendar."""
    return WeekForm(data={"weekend": sorted(page.weekend), "opens": page.opens, "closes": page.closes})


class HolidayForm(AcademyForm):
    """A holiday."""

    kind = "holiday"
    name = LocalizedLineField(_l("Name"), required=_l("Enter the name in Arabic or in English."))
    first_on = DayField(_l("First day"), [InputRequired(_l("Say on which day it begins."))])
    last_on = DayField(_l("Last day"), description=_l("Left empty, it is a single day."))

    def details(self) -> EntryDetails:
        """Return what was typed."""
        first = self.first_on.data
        assert first is not None
        return EntryDetails(self.kind, first, self.last_on.data or first, self.name.text)


class ShortHoursForm(HolidayForm):
    """A time of shorter hours."""

    kind = SHORT_HOURS
    opens = TimeField(_l("The working day begins"), [InputRequired(TIME_NEEDED)], render_kw={"dir": "ltr"})
    closes = TimeField(_l("The working day ends"), [InputRequired(TIME_NEEDED)], render_kw={"dir": "ltr"})

    def details(self) -> EntryDetails:
        """Return what was typed."""
        first = self.first_on.data
        assert first is not None
        return EntryDetails(
            self.kind, first, self.last_on.data or first, self.name.text, self.opens.data, self.closes.data
        )


def entry_form(kind: str, entry: CalendarEntry | None = None) -> HolidayForm:
    """Return the form of an entry, or of a new one of a kind."""
    form = ShortHoursForm if kind == SHORT_HOURS else HolidayForm
    if entry is None:
        return form()
    names = ("name", "first_on", "last_on", "opens", "closes")
    return form(data={name: getattr(entry, name) for name in names})


class HolidayListForm(AcademyForm):
    """A small list of holidays, pasted."""

    lines = BlockField(
        _l("One holiday a line"), [InputRequired(PASTE_SOMETHING)], limit=10_000, render_kw={"rows": 8},
        description=_l("First day, last day, Arabic name, English name. For example: 2027-09-23, 2027-09-23, اليوم الوطني, National Day"),
    )  # fmt: skip
