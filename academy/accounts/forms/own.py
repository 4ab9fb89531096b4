"""The forms with which people enter the academy and look after their own account."""

from typing import Any

from wtforms import Field, HiddenField, PasswordField, RadioField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import EmailInput

from academy.accounts.rules_of_people import NOT_AN_EMAIL, parse_email
from academy.base.i18n import LANGUAGE_NAMES, _l
from academy.web.forms import AcademyForm, LineField


def _email_field() -> LineField:
    return LineField(
        _l("E-mail"),
        [InputRequired(_l("Enter your e-mail address."))],
        limit=254,
        widget=EmailInput(),
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )


def _password_field(label: Any, use: str, missing: Any) -> PasswordField:
    return PasswordField(label, [InputRequired(missing)], render_kw={"autocomplete": use})


class SignInForm(AcademyForm):
    """Who, and their password."""

    email = _email_field()
    password = _password_field(_l("Password"), "current-password", _l("Enter your password."))
    next = HiddenField()


class ForgotForm(AcademyForm):
    """The address a link for a new password is sent to."""

    email = _email_field()

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be an address; of one that can be, nobody learns here whether it is known."""
        if parse_email(field.data) is None:
            raise ValidationError(str(NOT_AN_EMAIL))


class NewPasswordForm(AcademyForm):
    """A password chosen through a link."""

    password = _password_field(_l("New password"), "new-password", _l("Choose a password."))


class JoinForm(AcademyForm):
    """The password of the account that an invitation is accepted with."""

    password = _password_field(_l("Your password"), "current-password", _l("Enter your password."))


class ChangePasswordForm(AcademyForm):
    """A new password, with the present one as proof."""

    current = _password_field(_l("Present password"), "current-password", _l("Enter your present password."))
    password = _password_field(_l("New password"), "new-password", _l("Choose a password."))


class AddressForm(AcademyForm):
    """Another address to sign in with, with the present password as proof."""

    email = LineField(
        _l("New address"),
        [InputRequired(_l("Enter the new address."))],
        limit=254,
        widget=EmailInput(),
        render_kw={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )
    current = _password_field(_l("Present password"), "current-password", _l("Enter your present password."))


class PreferencesForm(AcademyForm):
    """How a person wants to read."""

    language = RadioField(
        _l("Language"), choices=list(LANGUAGE_NAMES.items()), validators=[InputRequired(_l("Choose a language."))]
    )
    digits = RadioField(
        _l("Digits"),
        choices=[("latn", "0123"), ("arab", "٠١٢٣")],
        description=_l("For pages and letters in Arabic."),
        validators=[InputRequired(_l("Choose the digits."))],
    )
    calendar = RadioField(
        _l("Calendar"),
        choices=[
            ("both", _l("Hijri and Gregorian")),
            ("hijri", _l("Hijri (Umm al-Qura)")),
            ("gregorian", _l("Gregorian")),
        ],
        validators=[InputRequired(_l("Choose a calendar."))],
    )
