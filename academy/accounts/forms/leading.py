"""The forms with which deputies and matrix managers are named."""

from datetime import date

from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import EmailInput

from academy.accounts.forms.administration import ManagedForm
from academy.base import clock
from academy.base.i18n import _, _l
from academy.web.forms import AcademyForm, DayField, LineField, LocalizedLineField

LATIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


class DeputyForm(AcademyForm):
    """Who stands in, from when until when."""

    deputy = LineField(
        _l("Deputy's e-mail"), [DataRequired(_l("Enter the e-mail address of a colleague."))], limit=254,
        widget=EmailInput(), render_kw=LATIN,
    )  # fmt: skip
    starts_on = DayField(_l("First day"), [InputRequired(_l("Say from which day on."))])
    ends_on = DayField(_l("Last day"), [InputRequired(_l("Say until which day."))])

    def validate_starts_on(self, field: DayField) -> None:
        """Refuse a day that has passed."""
        if isinstance(field.data, date) and field.data < clock.today():
            raise ValidationError(_("This day has passed. Choose today or a later day."))


class MatrixForm(ManagedForm):
    """Who is a matrix manager, and for what."""

    manager = LineField(
        _l("Matrix manager's e-mail"), [DataRequired(_l("Enter the e-mail address of a colleague."))], limit=254,
        widget=EmailInput(), render_kw=LATIN,
    )  # fmt: skip
    label = LocalizedLineField(_l("For what"), required=_l("Say for what, in Arabic or in English."))
