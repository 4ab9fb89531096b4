"""What people choose for themselves: language, digits, calendar."""

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import LANGUAGES, _l

DIGITS = ("latn", "arab")
CALENDARS = ("both", "hijri", "gregorian")


def set_preferences(person: Person, *, language: str, digits: str, calendar: str) -> None:
    """Keep how a person wants to read."""
    if language not in LANGUAGES or digits not in DIGITS or calendar not in CALENDARS:
        raise Invalid(_l("Choose one of the listed values."))
    person.language, person.digits, person.calendar = language, digits, calendar
    db.session.flush()


def set_language(person: Person, language: str) -> None:
    """Keep a person's language, as when they press the switch on a page."""
    set_preferences(person, language=language, digits=person.digits, calendar=person.calendar)
