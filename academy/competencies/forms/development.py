"""What people say about a development plan."""

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField, LineField, LocalizedBlockField, LocalizedLineField

EVIDENCE = {
    "observation": _l("My manager observes me at work"),
    "claim": _l("I have proof from elsewhere"),
}


SHOWN = {
    "observation": _l("An observation at work"),
    "claim": _l("Proof from elsewhere"),
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


class TemplateForm(AcademyForm):
    """Asks how a plan template is called and for which role it is."""

    title = LocalizedLineField(_l("Name"), required=_l("Enter a name."))
    profile = SelectField(_l("For the role"), coerce=int)


class TemplateEvidenceForm(AcademyForm):
    """Asks for which competency and level a template wants evidence, of which kind, and what to practise for it."""

    competency = SelectField(_l("Competency"))
    level = SelectField(_l("Level"), coerce=int)
    kind = RadioField(_l("What shows it?"), choices=list(SHOWN.items()), default="observation")
    practice = LocalizedBlockField(_l("What to practise for it"))


class ReviewForm(AcademyForm):
    """Asks which competency of the plan is to be reviewed, and for a word to the reviewer."""

    competency = SelectField(_l("Competency"))
    note = BlockField(_l("A word to the reviewer"), limit=2000, render_kw={"rows": 3})


class DeclineForm(AcademyForm):
    """Asks why a review is declined."""

    reason = BlockField(_l("Why not now?"), limit=2000, render_kw={"rows": 3})


class AssessorForm(AcademyForm):
    """Asks who is to review instead."""

    email = LineField(
        _l("E-mail of the assessor"),
        [InputRequired(_l("Enter an e-mail."))],
        limit=254,
        render_kw={"dir": "ltr", "type": "email", "autocomplete": "off"},
    )
