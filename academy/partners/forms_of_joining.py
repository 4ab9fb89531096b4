"""The forms of self-registration: its terms, a stranger's request, and the refusal of one."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import EmailInput

from academy.base.i18n import _l
from academy.partners.forms import _as_number, _is_email
from academy.partners.models import SelfRegistration
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, LocalizedLineField

REASON = _l("Give the reason in one sentence of at most 300 characters.")


class RegistrationForm(AcademyForm):
    """Whether strangers may ask to join, with which addresses and until when."""

    open = BooleanField(_l("People may ask for an account on the sign-in page"))
    domains = BlockField(
        _l("Allowed e-mail domains"), limit=2000, render_kw={"rows": 4, "dir": "ltr", "spellcheck": "false"}
    )
    ends_on = DayField(_l("Last day"))

    def show(self, row: SelfRegistration | None) -> None:
        """Fill the form for its first showing."""
        if row is not None:
            self.open.data, self.domains.data, self.ends_on.data = row.open, "\n".join(row.domains), row.ends_on


class AskForm(AcademyForm):
    """A stranger's request. People do not see `website`; whoever fills it is a program."""

    name = LocalizedLineField(_l("Your name"), required=_l("Enter your name in Arabic or in English."))
    email = LineField(
        _l("E-mail at work"), [InputRequired(_l("Enter your e-mail address.")), _is_email], limit=254, widget=EmailInput(),
        render_kw={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip
    org_unit_id = SelectField(_l("Unit"), coerce=lambda value: _as_number(value) if value else None)
    statement = BlockField(
        _l("Your work, in a few words"), [DataRequired(_l("Say in a few words what you work on."))], limit=600,
        render_kw={"rows": 3},
    )  # fmt: skip
    website = StringField(
        _l("Leave this empty"), [Length(max=2000)], render_kw={"tabindex": "-1", "autocomplete": "off"}
    )

    def offer(self, units: list[tuple[int, str]], unknown: str) -> None:
        """Offer units, the first choice being none; without any nothing is asked."""
        if not units:
            del self.org_unit_id
            return
        self.org_unit_id.choices = [("", unknown), *units]

    @property
    def unit_id(self) -> int | None:
        """The chosen unit."""
        chosen: Any = self.org_unit_id.data if "org_unit_id" in self._fields else None
        return chosen


class RefusalForm(AcademyForm):
    """Why a request is refused."""

    reason = LineField(_l("Reason, which the person reads"), [DataRequired(REASON)], limit=300)
