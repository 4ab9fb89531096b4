"""What people choose for themselves: language, digits, calendar."""

from sqlalchemy import update

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import LANGUAGES, _l

DIGITS = ("latn", "arab")
CALENDARS = ("both", "hijri", "gregorian")


def set_preferences(person: Person, *, language: str, digits: str, calendar: str) -> None:
    """Keep how a person wants to read, in all their organisations."""
    if language not in LANGUAGES or digits not in DIGITS or calendar not in CALENDARS:
        raise Invalid(_l("Choose one of the listed values."))
    chosen = {"language": language, "digits": digits, "calendar": calendar}
    mine = Person.id == person.id if person.account_id is None else Person.account_id == person.account_id
    db.session.execute(update(Person).where(mine).values(chosen))


def set_language(person: Person, language: str) -> None:
    """Keep a person's language, as when they press the switch on a page."""
    set_preferences(person, language=language, digits=person.digits, calendar=person.calendar)
