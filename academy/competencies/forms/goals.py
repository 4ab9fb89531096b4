"""What people say about goals and in an appraisal."""

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from academy.base.i18n import _l
from academy.competencies.forms.evidence import DAY_NEEDED
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, LocalizedLineField


class OpenCycleForm(AcademyForm):
    """Asks for whom a cycle is and how long it runs."""

    title = LocalizedLineField(_l("Title"), required=_l("Enter a title."))
    unit = SelectField(_l("Whom is it for?"))
    opens_on = DayField(_l("First day"), [InputRequired(DAY_NEEDED)])
    closes_on = DayField(_l("Last day"), [InputRequired(DAY_NEEDED)])


class GoalForm(AcademyForm):
    """Asks what somebody wants to reach."""

    title = LineField(_l("Goal"), [InputRequired(_l("Say what you want to reach."))], limit=200)
    success = BlockField(
        _l("What does success look like?"), [InputRequired(_l("Say by what both of you will see that it is reached."))],
        limit=2000, render_kw={"rows": 3},
    )  # fmt: skip
    due_on = DayField(_l("By when?"), [InputRequired(DAY_NEEDED)])
    competency = SelectField(_l("Competency that it builds"))


class GoalDecisionForm(AcademyForm):
    """Asks the manager what they say to a goal."""

    reason = BlockField(_l("Reason"), limit=2000, render_kw={"rows": 2})


class CheckInForm(AcademyForm):
    """Asks how far a goal is and what has happened."""

    progress = SelectField(_l("Progress"), coerce=int)
    note = BlockField(_l("What has happened?"), limit=2000, render_kw={"rows": 2})


class SelfPartForm(AcademyForm):
    """Asks the person how they see the time of the cycle."""

    self_part = BlockField(_l("How do you see this time?"), limit=4000, render_kw={"rows": 8})


class ManagersPartForm(AcademyForm):
    """Asks the manager how they see it, and about the talk."""

    revision = IntegerField(widget=HiddenInput())
    manager_part = BlockField(_l("How do you see this time?"), limit=4000, render_kw={"rows": 8})
    talked_on = DayField(_l("Day of the talk"))
    talk_note = BlockField(_l("What came of the talk?"), limit=2000, render_kw={"rows": 4})


class SignForm(AcademyForm):
    """Asks the person to sign or to object."""

    revision = IntegerField(widget=HiddenInput())
    reason = BlockField(_l("Why do you object?"), limit=2000, render_kw={"rows": 3})
