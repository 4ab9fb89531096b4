"""The form that asks for credited hours of a year or of a period."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.validators import ValidationError

from academy.base.dates import show_year
from academy.base.i18n import _, _l, current_language
from academy.learning.rules.credits import Period, period_of
from academy.web.filters import digits
from academy.web.forms import AcademyForm, DayField


class PeriodForm(AcademyForm):
    """A year of a calendar, or days, which outweigh it; asked in the address, so that it can be sent on."""

    calendar = SelectField(
        _l("Years of"), choices=[("hijri", _l("the Hijri calendar")), ("gregorian", _l("the Gregorian calendar"))]
    )
    year = SelectField(_l("Year"), validate_choice=False)
    first = DayField(_l("First day"))
    last = DayField(_l("Last day"))

    def offer(self, years: Iterable[int]) -> None:
        """Say which years can be chosen; an odd one is all years."""
        self.year.choices = [("", _("All years")), *((str(year), self.year_name(year)) for year in years)]
        if self.year.data not in {value for value, _label in self.year.choices}:
            self.year.data = ""

    def year_name(self, year: int) -> str:
        """Return how a year of the chosen calendar is written."""
        return show_year(year, language=current_language(), digits=digits(), calendar=self.calendar.data)

    def validate_last(self, field: Any) -> None:
        """Refuse a period that ends before it begins."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day must not lie before the first."))

    @property
    def period(self) -> Period:
        """What was asked for; of days that cannot be read nothing."""
        days: list[date | None] = [None if each.errors else each.data for each in (self.first, self.last)]
        return period_of(int(self.year.data) if self.year.data else None, self.calendar.data, *days)
