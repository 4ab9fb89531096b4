"""What a targeted letter says, and to whom."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired

from academy.base.i18n import _l
from academy.insights.mailings.models import Mailing
from academy.insights.mailings.queries import Whom
from academy.web.forms import AcademyForm, LocalizedBlockField, LocalizedLineField, NumberField

WHOM: dict[str, Any] = {
    "not_started": _l("Who have not started"),
    "idle": _l("Who have started and done nothing for so many days"),
    "failed": _l("Who have failed a quiz"),
    "below": _l("Whose quiz result is below so many per cent"),
    "overdue": _l("Who are overdue"),
    "completed": _l("Who have completed the course"),
    "ending": _l("Whose certificate ends within so many days"),
}


class MailingForm(AcademyForm):
    """The letter and its readers."""

    course = SelectField(_l("Course"), [InputRequired(_l("Choose a course."))])
    whom = SelectField(_l("To whom"), choices=list(WHOM.items()))
    number = NumberField(_l("Days or per cent"), least=1, most=365)
    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    text = LocalizedBlockField(_l("Text"), required=_l("Enter a text in Arabic or English."))

    @classmethod
    def of(cls, row: Mailing) -> "MailingForm":
        """Return the form over a draft."""
        kept = {
            "course": str(row.course_id),
            "whom": row.whom,
            "number": row.number,
            "title": row.title,
            "text": row.text,
        }
        return cls(data=kept)

    def asked(self) -> Whom:
        """Return whom it is for."""
        return Whom(int(self.course.data), self.whom.data, int(self.number.data) if self.number.data else None)
