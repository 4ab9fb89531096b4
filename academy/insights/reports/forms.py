"""The forms of a report: its name, its columns, its groups, with whom it is shared, when it is sent, the smallest group."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from academy.base.i18n import _l
from academy.web.forms import AcademyForm, LineField, NumberField


class NameForm(AcademyForm):
    """What a report is called."""

    title = LineField(_l("Name of the report"), validators=[DataRequired(_l("Give the report a name."))], limit=120)


class NewForm(NameForm):
    """A new report: its name and the dataset it asks."""

    dataset = RadioField(
        _l("What the report is about"), validators=[InputRequired(_l("Choose what the report is about."))]
    )


class ColumnsForm(AcademyForm):
    """Which columns are listed; their order is the order in which they are sent."""

    columns = SelectMultipleField(_l("Columns"), validators=[DataRequired(_l("Choose at least one column."))])
    order_by = SelectField(_l("Sort by"))
    down = BooleanField(_l("Largest or latest first"))
    totals = BooleanField(_l("Show under the rows how many there are, and the sums of numbers"))


class GroupsForm(AcademyForm):
    """By what rows are grouped, which figures are told of each group, and how they are drawn."""

    first = SelectField(_l("Group by"))
    second = SelectField(_l("Then by"))
    figure_1 = SelectField(_l("First figure"))
    figure_2 = SelectField(_l("Second figure"))
    figure_3 = SelectField(_l("Third figure"))
    figure_4 = SelectField(_l("Fourth figure"))
    order_by = SelectField(_l("Sort by"))
    down = BooleanField(_l("Largest or latest first"))
    totals = BooleanField(_l("Show the total of all groups"))
    chart = SelectField(_l("Chart of the first figure"))

    @property
    def figures(self) -> list[Any]:
        """The four fields of figures."""
        return [self.figure_1, self.figure_2, self.figure_3, self.figure_4]


class ShareForm(AcademyForm):
    """With whom: everyone who holds a role, or one colleague."""

    role = RadioField(_l("With everyone in your organisation who is"), validate_choice=False, default="")
    email = LineField(
        _l("Or with one colleague: their e-mail"), limit=254, render_kw={"dir": "ltr", "autocomplete": "off"}
    )


class ScheduleForm(AcademyForm):
    """How often a reader wants the report by letter."""

    rhythm = RadioField(_l("Send it to me"), default="")


class ThresholdForm(AcademyForm):
    """The fewest people a group must have."""

    threshold = NumberField(_l("Smallest group that is shown"), least=5, most=100)
