"""The forms with which administrators look after people, organisations and the academy."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import BooleanField, Field, Form, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TelInput

from academy.accounts.kinds import Setting
from academy.accounts.models import Person
from academy.accounts.queries_of_administration import UnitRow
from academy.accounts.rules_of_people import NOT_AN_EMAIL, parse_email, parse_mobile, show_mobile
from academy.accounts.services.academy import LOGO_LIMIT
from academy.base import spreadsheets
from academy.base.access import ADMINISTRATOR, AUDITOR, COMMITTEE, MANAGER, OFFICER, REVIEWER, TRAINER
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, current_language
from academy.web.forms import (
    AcademyForm,
    DayField,
    LineField,
    LocalizedBlockField,
    LocalizedLineField,
    NumberField,
    UploadField,
)

ROLE_NAMES = {
    ADMINISTRATOR: _l("Administrator"),
    TRAINER: _l("Trainer"),
    MANAGER: _l("Manager"),
    COMMITTEE: _l("Accreditation committee"),
    OFFICER: _l("Credential officer"),
    REVIEWER: _l("Content reviewer"),
    AUDITOR: _l("Auditor"),
}
KIND_NAMES = {"agency": _l("Government agency"), "partner": _l("Partner")}
STATE_NAMES = {
    "uninvited": _l("Not invited yet"),
    "invited": _l("Invited"),
    "active": _l("Active"),
    "suspended": _l("Suspended"),
}
NAME_NEEDED = _l("Enter the name in Arabic or in English.")
TEXT_NEEDED = _l("Enter this text in Arabic or in English.")
NO_UNIT = ""


class ManagedForm(AcademyForm):
    """A form in which refusals of texts in two languages stand at their Arabic half."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field."""
        field = self._fields.get(refusal.field or "")
        if field is not None and hasattr(field, "form"):
            half = field.form["ar"]
            half.errors = [*half.errors, refusal.for_reader()]
        else:
            super().refuse(refusal)


class LocksForm(AcademyForm):
    """What the academy keeps for itself in an organisation."""

    settings = SelectMultipleField(
        _l("Kept by the academy"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, settings: Iterable[Setting]) -> None:
        """Offer the settings of an organisation."""
        self.settings.choices = [(each.key, str(each.label)) for each in settings]


def _is_email(form: Form, field: Field) -> None:
    if field.data and parse_email(field.data) is None:
        raise ValidationError(str(NOT_AN_EMAIL))


def _is_mobile(form: Form, field: Field) -> None:
    if field.data and parse_mobile(field.data) is None:
        raise ValidationError(_("Enter a Saudi mobile number such as 051 234 5678."))


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


def _email_field(label: Any, needed: bool) -> LineField:
    validators = [DataRequired(NOT_AN_EMAIL)] if needed else []
    latin = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
    return LineField(label, [*validators, _is_email], limit=254, widget=EmailInput(), render_kw=latin)


def unit_choices(units: Iterable[UnitRow], present: Any = None) -> list[tuple[Any, str]]:
    """Return a choice of units, indented as in their tree; a closed unit stays in it for those who are there."""
    rows = list(units)
    named = [(unit.id, "\u2003" * (unit.level - 1) + unit.name.show(current_language())) for unit in rows]
    if present is not None and present.id not in {unit.id for unit in rows}:
        named.append((present.id, present.name.show(current_language())))
    return [(NO_UNIT, _("None")), *named]


class PersonForm(ManagedForm):
    """A person's record."""

    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    email = _email_field(_l("E-mail"), True)
    mobile = LineField(_l("Mobile"), [_is_mobile], limit=60, widget=TelInput(), render_kw={"autocomplete": "off"})
    employee_number = LineField(_l("Employee number"), limit=40)
    job_title = LocalizedLineField(_l("Job title"))
    org_unit_id = SelectField(_l("Organisational unit"), coerce=_number_or_none)
    manager = _email_field(_l("Manager's e-mail"), False)
    joined_on = DayField(_l("Joined on"))

    def show_record(self, person: Person, manager_email: str | None) -> None:
        """Fill the form for its first showing."""
        self.mobile.data = show_mobile(person.mobile)
        self.manager.data = manager_email or ""


class NewPersonForm(PersonForm):
    """A new person, and whether to invite them at once."""

    invite = BooleanField(_l("Send the invitation now"), default=True)


class ReasonForm(ManagedForm):
    """Why somebody is suspended."""

    reason = LineField(_l("Reason"), [DataRequired(_l("Write the reason. It is kept in the audit trail."))], limit=500)


class AnswerForm(ManagedForm):
    """Why a proposal is declined or withdrawn."""

    answer = LineField(_l("Reason"), [DataRequired(_l("Write the reason. It is kept in the audit trail."))], limit=500)


class RoleForm(ManagedForm):
    """A role, and where it holds."""

    role = SelectField(_l("Role"), choices=lambda: [(role, str(name)) for role, name in ROLE_NAMES.items()])
    scope = SelectField(_l("Where"))

    def offer(self, organisation_id: int, organisation: str, units: Iterable[UnitRow], *, everywhere: bool) -> None:
        """Set the places the role may be given in."""
        places = [(f"organisation:{organisation_id}", organisation)]
        places += [(f"unit:{unit.id}", "\u2003" * unit.level + unit.name.show(current_language())) for unit in units]
        self.scope.choices = places + ([("academy", _("The whole academy"))] if everywhere else [])

    @property
    def place(self) -> dict[str, int | None]:
        """The chosen scope as the service wants it."""
        kind, _colon, number = str(self.scope.data).partition(":")
        wanted = int(number) if number.isascii() and number.isdigit() else None
        return {
            "organisation_id": wanted if kind == "organisation" else None,
            "org_unit_id": wanted if kind == "unit" else None,
        }


class OrganisationForm(ManagedForm):
    """An organisation's name."""

    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)


class NewOrganisationForm(OrganisationForm):
    """A new organisation."""

    kind = SelectField(_l("Kind"), choices=lambda: [(kind, str(name)) for kind, name in KIND_NAMES.items()])


class UnitForm(ManagedForm):
    """A unit's name and place."""

    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    parent_id = SelectField(_l("Part of"), coerce=_number_or_none)


class ImportForm(ManagedForm):
    """A file of people, and whose people they are."""

    organisation_id = SelectField(_l("Organisation"), coerce=_number_or_none)
    file = UploadField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        render_kw={"accept": ".csv,.xlsx,.tsv,.txt"},
        most=spreadsheets.MAX_BYTES,
    )


class SettingsForm(ManagedForm):
    """The academy's own settings."""

    name = LocalizedLineField(_l("Name of the academy"), required=TEXT_NEEDED)
    short_name = LocalizedLineField(_l("Short name"), required=TEXT_NEEDED)
    customer_word = LocalizedLineField(_l("Word for the customer"), required=TEXT_NEEDED)
    introduction = LocalizedBlockField(_l("Introduction on the front page"))
    signer_name = LocalizedLineField(_l("Who signs certificates"))
    signer_role = LocalizedLineField(_l("Role of who signs"))
    two_person_revocation = BooleanField(
        _l("Revoking a certificate takes two people: one proposes it, another confirms it.")
    )
    retention_years = NumberField(
        _l("Years in the register after the last day"), least=1, most=50, render_kw={"inputmode": "numeric"}
    )
    review_before_publishing = BooleanField(
        _l("A content reviewer approves each version of a course before it is published.")
    )
    contact_email = _email_field(_l("Contact e-mail"), False)
    colour = LineField(_l("Colour"), limit=9, render_kw={"dir": "ltr", "placeholder": "#1f7a4f"})
    logo = UploadField(_l("Logo"), render_kw={"accept": "image/png,image/jpeg,image/webp,image/gif"}, most=LOGO_LIMIT)
    without_logo = BooleanField(_l("Remove the present logo"))
