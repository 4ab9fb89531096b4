"""The form of an announcement to the learners of a course or programme."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Optional, ValidationError

from academy.base import clock
from academy.base.i18n import _, _l
from academy.web.forms import AcademyForm, DayField, LocalizedBlockField, LocalizedLineField

WHOM = {
    "all": _l("Everyone who has a place"),
    "open": _l("Only those who have not completed it yet"),
}


class ToLearnersForm(AcademyForm):
    """What is announced, to which learners, until when. The place is asked only where there is a choice."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    text = LocalizedBlockField(_l("Text"), required=_l("Enter a text in Arabic or English."))
    whom = RadioField(_l("To whom"), choices=list(WHOM.items()), default="all")
    place = SelectField(_l("Learners of"), choices=())
    shown_until = DayField(_l("Shown until"), [Optional()])

    def __init__(self, places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place.choices = places

    def validate_shown_until(self, field: Any) -> None:
        """Refuse a day that is over: nobody would see the announcement."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("This day is over already."))
