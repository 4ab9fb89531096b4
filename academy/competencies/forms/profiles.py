"""What is asked about role profiles: a new one, its name, a job that brings it, a level of one person."""

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from academy.base.i18n import _l
from academy.competencies.forms.frameworks import LEVELS, LTR, NAME_NEEDED
from academy.web.forms import AcademyForm, LineField, LocalizedLineField


class NewProfileForm(AcademyForm):
    """What is asked before a role profile exists."""

    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    key = LineField(
        _l("Address of the page"), [InputRequired(_l("Enter an address."))], limit=40, render_kw=LTR,
        description=_l("Small Latin letters, digits and hyphens. It cannot be changed later."),
    )  # fmt: skip


class ProfileForm(AcademyForm):
    """The name of a role profile; its levels stand beside it, one a competency."""

    revision = HiddenField()
    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)


class PublishProfileForm(AcademyForm):
    """Which draft was previewed."""

    revision = HiddenField()


class RetireProfileForm(AcademyForm):
    """That a role profile shall be given to nobody any more."""


class JobForm(AcademyForm):
    """A job in an organisation and the role profile it brings."""

    job = SelectField(_l("Job title"))
    profile = SelectField(_l("Role profile"))


class SuggestedForm(AcademyForm):
    """Which of the suggested levels go into the draft of a role profile."""

    revision = HiddenField()
    chosen = SelectMultipleField(
        _l("Suggested competencies"), [InputRequired(_l("Choose at least one competency."))],
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
    )  # fmt: skip


class PersonProfilesForm(AcademyForm):
    """The role profiles of a person."""

    profiles = SelectMultipleField(
        _l("Role profiles of their own"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class OwnLevelForm(AcademyForm):
    """A level asked of one person, and why."""

    competency = SelectField(_l("Competency"))
    level = SelectField(_l("Level asked"), choices=[(str(n), str(n)) for n in (0, *LEVELS)])
    reason = LineField(
        _l("Reason"), [InputRequired(_l("Say why this level differs from the role profile."))], limit=500
    )
