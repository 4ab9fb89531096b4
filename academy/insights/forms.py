"""The form of an assignment."""

from datetime import date

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from academy.base import clock, spreadsheets
from academy.base.i18n import _, _l
from academy.insights import listing
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, UploadField

CHOSEN, GROUP, LISTED, FILE, KEPT = "chosen", "group", "listed", "file", "kept"
MOST_LISTED = 500


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
    listed = BlockField(
        _l("E-mail addresses or employee numbers"), limit=30_000,
        render_kw={"rows": 5, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip
    file = UploadField(_l("File of people"), render_kw={"accept": ".csv,.xlsx,.tsv,.txt"}, most=spreadsheets.MAX_BYTES)
    ids = HiddenField()
    due_on = DayField(_l("Due date"), validators=[InputRequired(_l("Say by when the course is due."))])
    note = BlockField(_l("Note to the learners"), limit=500, render_kw={"rows": 3})

    def validate_people(self, field: SelectMultipleField) -> None:
        """Ask for at least one person where people are chosen one by one."""
        if self.whom.data == CHOSEN and not field.data:
            raise ValidationError(_("Choose at least one person."))

    def validate_listed(self, field: BlockField) -> None:
        """Ask for a list where there is to be one, and for no more than can be looked through."""
        if self.whom.data != LISTED:
            return
        if not self.rows:
            raise ValidationError(_("Enter at least one e-mail address or employee number."))
        if len(self.rows) > MOST_LISTED:
            raise ValidationError(_("A list has at most %(most)s lines.", most=MOST_LISTED))

    def validate_file(self, field: UploadField) -> None:
        """Ask for a file where there is to be one."""
        if self.whom.data == FILE and not field.data:
            raise ValidationError(_("Choose a file."))

    @property
    def rows(self) -> list[listing.Row]:
        """What the pasted list names."""
        return listing.read_pasted(self.listed.data or "")

    @property
    def kept(self) -> list[int]:
        """The people of a list that was read before; whatever is not a number names nobody."""
        parts = [
            part for part in (self.ids.data or "").split(",") if part.isascii() and part.isdigit() and len(part) < 10
        ]
        return list(dict.fromkeys(map(int, parts)))[: listing.MOST_ROWS]

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a day that has passed."""
        if isinstance(field.data, date) and field.data < clock.today():
            raise ValidationError(_("This day has passed. Choose today or a later day."))
