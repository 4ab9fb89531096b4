"""The forms with which people are granted other limits."""

import re
from datetime import datetime, time
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import EmailInput, html_params

from academy.assessment.models.accommodations import MOST_EXTRA_ATTEMPTS, MOST_EXTRA_PERCENT, NOTE_LENGTH
from academy.assessment.services import Dates, Terms
from academy.base.dates import RIYADH, parse_day
from academy.base.i18n import _l
from academy.base.numbers import to_ascii_digits
from academy.base.text import clean_line
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, NumberField

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")
MOMENT_MISTAKE = _l("Enter a day and a time such as 2027-03-01 14:30.")
TIME_OF_DAY = _l("time of day")
NUMERIC = {"inputmode": "numeric"}


class MomentInput:
    """Two inputs: the day, and beside it the time of day, named after the field with "-time" behind."""

    input_type = "text"

    def __call__(self, field: "MomentField", **attributes: Any) -> Markup:
        """Draw them; what is said of the field is said of both."""
        parts = []
        for part, name, value in zip(("", "-time"), (None, TIME_OF_DAY), field.typed, strict=True):
            own = {"id": field.id + part, "name": field.name + part, "value": value, "type": "text", "dir": "ltr"}
            own |= {"autocomplete": "off", **({"aria-label": f"{field.label.text}: {name}"} if name else {})}
            own |= (
                {"placeholder": "14:30", "inputmode": "numeric", "size": "6"} if name else {"placeholder": "2027-03-01"}
            )
            parts.append(Markup("<input {}>").format(Markup(html_params(**{**attributes, **own}))))
        return Markup('<span class="moment-inputs">{}{}</span>').format(*parts)


class MomentField(LineField):
    """A day and a time of day in Riyadh, each in its own input, in any digits and either calendar.

    Both together in the first, like "2027-03-01 14:30", are read too.
    """

    widget = MomentInput()

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, limit=60, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Remember what was typed into each input, so that it is shown again as it was."""
        inputs = (self.name, f"{self.name}-time")
        self._typed = [clean_line(" ".join(formdata.getlist(each))) for each in inputs] if formdata else []
        super().process(formdata, *args, **kwargs)

    def process_formdata(self, valuelist: Any) -> None:
        """Read what was typed into both inputs."""
        if valuelist:
            super().process_formdata([" ".join(filter(None, self._typed))])

    @property
    def typed(self) -> tuple[str, str]:
        """What stands in the two inputs: the day, and the time where one was typed."""
        if any(self._typed):
            return self._typed[0], self._typed[1]
        day, _space, time_of_day = (self.data or "").rpartition(" ")
        return (day, time_of_day) if day and _TIME.fullmatch(to_ascii_digits(time_of_day)) else (self.data or "", "")

    @property
    def moment(self) -> datetime | None:
        """The moment that was typed; None for an empty field."""
        return read_moment(self.data) if self.data else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no moment."""
        if self.data and read_moment(self.data) is None:
            raise ValidationError(str(MOMENT_MISTAKE))


def read_moment(typed: str) -> datetime | None:
    """Read a day and a time; None when they are none."""
    day, _space, clock = to_ascii_digits(clean_line(typed)).replace("T", " ").replace("،", " ").rpartition(" ")
    found, on = _TIME.fullmatch(clock), parse_day(day.rstrip(","))
    if found is None or on is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return datetime.combine(on, time(int(found[1]), int(found[2])), RIYADH)


class AccommodationForm(AcademyForm):
    """What a person is granted at every quiz."""

    extra_percent = NumberField(
        _l("Extra time (percent)"), least=0, most=MOST_EXTRA_PERCENT, render_kw=NUMERIC,
        description=_l("50 means half as much again: 30 minutes become 45."),
    )  # fmt: skip
    extra_attempts = NumberField(_l("Extra attempts"), least=0, most=MOST_EXTRA_ATTEMPTS, render_kw=NUMERIC)
    larger_text = BooleanField(_l("Larger text in quizzes"))
    no_clock = BooleanField(_l("No running clock on the screen"))
    any_browser = BooleanField(_l("Any browser where a quiz asks for Safe Exam Browser"))
    note = BlockField(
        _l("Note"), limit=NOTE_LENGTH, render_kw={"rows": 3},
        description=_l("The person can read it. Write no diagnosis."),
    )  # fmt: skip
    valid_until = DayField(_l("Valid until"), description=_l("The last day counts. Empty means without end."))

    def terms(self) -> Terms:
        """Return what was chosen."""
        return Terms(
            int(self.extra_percent.data or 0), int(self.extra_attempts.data or 0), self.larger_text.data,
            self.no_clock.data, self.any_browser.data, self.note.data or "", self.valid_until.data,
        )  # fmt: skip


class DatesForm(AcademyForm):
    """Other dates of one person for one quiz."""

    quiz = SelectField(_l("Quiz"), coerce=lambda value: int(value or 0))
    opens_at = MomentField(_l("Opens"), description=MOMENT_MISTAKE)
    closes_at = MomentField(_l("Closes"))
    ends_at = MomentField(
        _l("An attempt ends"),
        description=_l("In place of its time limit, for an attempt that is under way or begins before then."),
    )

    def dates(self) -> Dates:
        """Return what was typed."""
        return Dates(self.opens_at.moment, self.closes_at.moment, self.ends_at.moment)


class CourseDatesForm(DatesForm):
    """The same with the person, named by e-mail."""

    email = LineField(
        _l("E-mail of the learner"), [DataRequired(_l("Enter the learner's e-mail address."))], limit=254,
        widget=EmailInput(), render_kw={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"},
    )  # fmt: skip
