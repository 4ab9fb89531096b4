"""The forms with which partners are looked after."""

from typing import Any

from flask_wtf.file import FileRequired
from wtforms import BooleanField, Field, Form, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TelInput

from academy.accounts.services import parse_email, parse_mobile, show_mobile
from academy.accounts.services.academy import LOGO_LIMIT
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.numbers import to_ascii_digits
from academy.base.text import LocalizedText
from academy.partners.kinds import LEAVING_REASONS
from academy.partners.models import PartnerContact, PartnerProfile
from academy.partners.rules import Required
from academy.partners.services import Contact
from academy.partners.services.agreements import DOCUMENT_LIMIT
from academy.web.forms import AcademyForm, DayField, LineField, LocalizedLineField, NumberField, UploadField

PICTURES = "image/png,image/jpeg,image/webp,image/gif"
PAPERS: dict[str, Any] = {
    "render_kw": {"accept": ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg,.webp"},
    "most": DOCUMENT_LIMIT,
}


NOT_AN_EMAIL = _l("Enter an e-mail address such as name@agency.gov.sa.")
# The summary above the form stands apart from the fields, so each sentence says which contact it is about.
WRONG: dict[str, Any] = {
    "service_email": _l("For the contact for the service, enter an e-mail address such as name@agency.gov.sa."),
    "service_mobile": _l("For the contact for the service, enter a Saudi mobile number such as 051 234 5678."),
    "incidents_email": _l("For the contact for incidents, enter an e-mail address such as name@agency.gov.sa."),
    "incidents_mobile": _l("For the contact for incidents, enter a Saudi mobile number such as 051 234 5678."),
}


def _is_email(form: Form, field: Field) -> None:
    if field.data and parse_email(field.data) is None:
        raise ValidationError(str(WRONG.get(field.short_name, NOT_AN_EMAIL)))


def _is_mobile(form: Form, field: Field) -> None:
    if field.data and parse_mobile(field.data) is None:
        raise ValidationError(str(WRONG[field.short_name]))


def _email() -> LineField:
    return LineField(_l("E-mail"), [_is_email], limit=254, widget=EmailInput(), render_kw={"autocomplete": "off"})


def _mobile() -> LineField:
    return LineField(_l("Mobile"), [_is_mobile], limit=60, widget=TelInput(), render_kw={"autocomplete": "off"})


def _as_number(value: Any) -> int | None:
    text = to_ascii_digits(str(value))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _as_document(value: Any) -> int | str | None:
    return _as_number(value) if value else ""


def _as_required(value: Any) -> Required | None:
    kind, _dash, number = str(value).partition("-")
    found = _as_number(number)
    return Required(kind, found) if found is not None else None


class ProfileForm(AcademyForm):
    """A partner's look and contacts; its name is for the academy to change."""

    name = LocalizedLineField(_l("Name"), required=_l("Enter the name in Arabic or in English."))
    colour = LineField(_l("Colour"), limit=9, render_kw={"dir": "ltr", "placeholder": "#1f7a4f"})
    logo = UploadField(_l("Logo"), render_kw={"accept": PICTURES}, most=LOGO_LIMIT)
    without_logo = BooleanField(_l("Remove the present logo"))
    service_name = LineField(_l("Name"), limit=160)
    service_email = _email()
    service_mobile = _mobile()
    incidents_name = LineField(_l("Name"), limit=160)
    incidents_email = _email()
    incidents_mobile = _mobile()

    def show(self, name: LocalizedText, profile: PartnerProfile | None, contacts: dict[str, PartnerContact]) -> None:
        """Fill the form for its first showing."""
        if "name" in self._fields:
            self.name.form["ar"].data, self.name.form["en"].data = name.ar, name.en
        self.colour.data = profile.colour if profile else ""
        for purpose, row in contacts.items():
            self[f"{purpose}_name"].data, self[f"{purpose}_email"].data = row.name, row.email or ""
            self[f"{purpose}_mobile"].data = show_mobile(row.mobile)

    @property
    def contacts(self) -> dict[str, Contact]:
        """The contacts by purpose, sound or absent."""
        return {
            purpose: Contact(
                self[f"{purpose}_name"].data or "",
                parse_email(self[f"{purpose}_email"].data or ""),
                parse_mobile(self[f"{purpose}_mobile"].data or ""),
            )
            for purpose in ("service", "incidents")
        }

    @property
    def picture(self) -> tuple[bytes, str] | None:
        """The picture that was chosen."""
        upload = self.logo.data
        return (upload.read(), upload.filename) if upload and upload.filename else None


class SeatsForm(AcademyForm):
    """How many people a partner may have."""

    seats = NumberField(_l("Seats"), least=1, most=100_000, render_kw={"inputmode": "numeric"})


class AgreementForm(AcademyForm):
    """A new agreement. What it can ask for is offered by its kind and id: `course-3`, `programme-1`."""

    reference = LineField(_l("Agreement number"), [DataRequired(_l("Enter the number of the agreement."))], limit=60)
    starts_on = DayField(_l("First day"), [InputRequired(_l("Enter the first day."))])
    ends_on = DayField(_l("Last day"), [InputRequired(_l("Enter the last day."))])
    grace_days = NumberField(_l("Grace for new people, in days"), least=0, most=60, default=14)
    required = SelectMultipleField(
        _l("Required certificates"), coerce=_as_required, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )  # fmt: skip
    file = UploadField(_l("Signed agreement"), **PAPERS)


class ClosingForm(AcademyForm):
    """The early end of an agreement."""

    last_day = DayField(_l("Last day"), [InputRequired(_l("Enter the last day."))])
    reason = LineField(
        _l("Reason"), [DataRequired(_l("Give the reason in one sentence of at most 300 characters."))], limit=300
    )


class DocumentForm(AcademyForm):
    """A document of an agreement."""

    file = UploadField(_l("Document"), [FileRequired(_l("Choose a file."))], **PAPERS)
    instead_of = SelectField(_l("In place of"), coerce=_as_document)

    def offer(self, documents: list[tuple[int, str, int]]) -> None:
        """Let the new document stand in place of one that is there."""
        self.instead_of.choices = [("", _("None: it is one more")), *((key, name) for key, name, _size in documents)]


class LeavingForm(AcademyForm):
    """Why a membership ends."""

    reason = SelectField(_l("Reason"), choices=lambda: [(key, str(name)) for key, name in LEAVING_REASONS.items()])
    note = LineField(
        _l("Note, not public"), limit=300, description=_l("Administrators and auditors of the organisation read it.")
    )


class JoiningForm(AcademyForm):
    """Which partner somebody joins."""

    organisation_id = SelectField(_l("New partner"), coerce=_as_number)

    def refuse(self, refusal: Refusal) -> None:
        """Show every refusal at the one choice there is."""
        self.organisation_id.errors = [*self.organisation_id.errors, refusal.for_reader()]


class TokenForm(AcademyForm):
    """What a machine's token is called."""

    name = LineField(_l("Name of the token"), [InputRequired(_l("Enter a name for the token."))], limit=80)
