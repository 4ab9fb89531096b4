"""What people say about a development plan."""

from wtforms import IntegerField, RadioField, SelectField
from wtforms.widgets import HiddenInput

from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField

EVIDENCE = {
    "observation": _l("My manager observes me at work"),
    "claim": _l("I have proof from elsewhere"),
}


class AddCourseForm(AcademyForm):
    """Asks which course is to be in the plan."""

    course = SelectField(_l("Course"), coerce=int)


class AddEvidenceForm(AcademyForm):
    """Asks for which competency there is to be evidence, and of which kind."""

    competency = SelectField(_l("Competency"))
    kind = RadioField(_l("What shows it?"), choices=list(EVIDENCE.items()), default="observation")


class PlanDecisionForm(AcademyForm):
    """Asks the manager what they say to a plan."""

    revision = IntegerField(widget=HiddenInput())
    reason = BlockField(_l("A word to the person"), limit=2000, render_kw={"rows": 3})
