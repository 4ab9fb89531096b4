"""What is asked about the prayers around which letters wait."""

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from academy.base.i18n import _l
from academy.notices.kinds_of_places import CITY_NAMES, METHOD_NAMES, OTHER
from academy.notices.models import PrayerPause
from academy.notices.services.pausing import LONGEST_PAUSE, Wish
from academy.web.forms import AcademyForm, NumberField

NEEDED = _l("Enter a number of minutes from 0 to 60.")
DEGREES: dict[str, Any] = {"dir": "ltr"}


class PausesForm(AcademyForm):
    """Whether letters wait, where, and for how long."""

    kept = BooleanField(_l("Hold letters that can wait around the prayers"))
    place = SelectField(_l("City"), choices=list(CITY_NAMES.items()))
    latitude = NumberField(_l("Degrees north"), whole=False, least=-60, most=60, render_kw=DEGREES)
    longitude = NumberField(_l("Degrees east"), whole=False, least=-180, most=180, render_kw=DEGREES)
    method = SelectField(_l("Method"), choices=list(METHOD_NAMES.items()))
    minutes_before = NumberField(_l("Minutes before a prayer"), [InputRequired(NEEDED)], least=0, most=LONGEST_PAUSE)
    minutes_after = NumberField(_l("Minutes after a prayer"), [InputRequired(NEEDED)], least=0, most=LONGEST_PAUSE)

    def wish(self) -> Wish:
        """Return what was chosen; of a city that we know, coordinates and method are its own."""
        elsewhere = self.place.data == OTHER
        return Wish(
            kept=self.kept.data, place=self.place.data, before=int(self.minutes_before.data or 0),
            after=int(self.minutes_after.data or 0), latitude=self.latitude.data if elsewhere else None,
            longitude=self.longitude.data if elsewhere else None, method=self.method.data if elsewhere else "",
        )  # fmt: skip


def pauses_form(row: PrayerPause) -> PausesForm:
    """Return the form over what an organisation has chosen."""
    names = ("kept", "place", "method", "minutes_before", "minutes_after", "latitude", "longitude")
    return PausesForm(data={name: getattr(row, name) for name in names})
