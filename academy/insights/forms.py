"""The form of an assignment."""

from datetime import date

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError

from academy.base import clock
from academy.base.i18n import _, _l
from academy.web.forms import AcademyForm, BlockField, DayField, LineField

CHOSEN, GROUP = "chosen", "group"


class AssignForm(AcademyForm):
    """Which course, from whom, by when. `people` are ids; whether they are the actor's is judged by the service."""

    course = SelectField(_l("Course"), coerce=int, validators=[DataRequired(_l("Choose a course."))])
    whom = RadioField(_l("Assign it to"), default=CHOSEN)
    people = SelectMultipleField(_l("People"), coerce=int, validate_choice=False)
    scope = SelectField(_l("Group"), default="all")
    q = LineField(
        _l("Search by name or e-mail"),
        limit=200,
        render_kw={"placeholder": _l("Search by name or e-mail"), "autocomplete": "off"},
    )
    due_on = DayField(_l("Due date"), validators=[DataRequired(_l("Say by when the course is due."))])
    note = BlockField(_l("Note to the learners"), limit=500, render_kw={"rows": 3})

    def validate_people(self, field: SelectMultipleField) -> None:
        """Ask for at least one person where people are chosen one by one."""
        if self.whom.data == CHOSEN and not field.data:
            raise ValidationError(_("Choose at least one person."))

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that has passed."""
        if isinstance(field.data, date) and field.data < clock.today():
            raise ValidationError(_("This day has passed. Choose today or a later day."))
