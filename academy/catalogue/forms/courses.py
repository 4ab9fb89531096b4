"""Forms about a course: making one, its details, who may see it."""

from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.catalogue.kinds import lookups
from academy.catalogue.models import LEVEL_NAMES, CourseVersion
from academy.catalogue.services import Details, Objective, Target
from academy.web.forms import AcademyForm, BlockField, LineField, LocalizedBlockField, LocalizedLineField, NumberField

LEVELS = [(number, name) for number, name in LEVEL_NAMES.items()]
BLOOM = [
    ("", _l("Not stated")),
    ("remember", _l("Remember")),
    ("understand", _l("Understand")),
    ("apply", _l("Apply")),
    ("analyze", _l("Analyse")),
    ("evaluate", _l("Evaluate")),
    ("create", _l("Create")),
]
LONGEST_SUMMARY = 600
ADDRESS_HINT = _l("Small Latin letters, digits and hyphens. Left empty, it is made of the English title.")


class NewCourseForm(AcademyForm):
    """What is asked before a course exists."""

    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    key = LineField(_l("Address of the page"), limit=60, description=ADDRESS_HINT, render_kw={"dir": "ltr"})
    code = LineField(_l("Code"), limit=40, description=_l("For example CXA-101."), render_kw={"dir": "ltr"})
    organisation = SelectField(_l("Organisation"), coerce=int)


class ObjectiveForm(Form):
    """One thing learners can do afterwards."""

    id = HiddenField()
    text = LocalizedLineField(_l("Objective"))
    bloom = SelectField(_l("Level of thinking"), choices=BLOOM, validators=[Optional()])


class TargetForm(Form):
    """A competency and the level the course leads to."""

    key = LineField(_l("Competency"), limit=40)
    level = SelectField(_l("Level"), coerce=int, choices=LEVELS, default=1)


def competency_form(shown: Any) -> type[Form]:
    """Return the form of a competency row: a list to choose from when competencies are known, else a free key."""
    if lookups.competency_choices is None:
        return TargetForm
    choices = [
        ("", _l("Choose a competency")),
        *((key, f"{key} · {shown(name)}") for key, name in lookups.competency_choices()),
    ]

    class ChosenTargetForm(TargetForm):
        key = SelectField(_l("Competency"), choices=choices, validate_choice=False)

    return ChosenTargetForm


class _SummaryHalves(Form):
    ar = BlockField(_l("Arabic"), limit=LONGEST_SUMMARY, render_kw={"lang": "ar", "dir": "rtl", "rows": 4})
    en = BlockField(_l("English"), limit=LONGEST_SUMMARY, render_kw={"lang": "en", "dir": "ltr", "rows": 4})


class SummaryField(LocalizedBlockField):
    """What the catalogue says of a course. A draft may lack it, so it is no required field; publishing asks for it."""

    halves = _SummaryHalves
    limit = LONGEST_SUMMARY
    needed = True


class DetailsForm(AcademyForm):
    """Everything a course says of itself."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    summary = SummaryField(_l("Summary"))
    intended_for = LocalizedLineField(_l("Who it is for"))
    level = SelectField(_l("Level"), coerce=int, choices=LEVELS)
    hours = NumberField(
        _l("Training hours"),
        whole=False,
        least=0,
        most=1000,
        description=_l("Credited to whoever completes the course, with the practice at work that it asks for."),
    )
    objectives = FieldList(FormField(ObjectiveForm, _l("Objective")), _l("Objectives"))
    competencies = FieldList(FormField(TargetForm, _l("Competency")), _l("Competencies"))
    prerequisites = SelectMultipleField(
        _l("Courses to complete first"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    gives_certificate = BooleanField(_l("Completing the course earns a certificate"))
    validity_months = NumberField(_l("The certificate is valid for (months)"), least=1, most=600)

    def details(self) -> Details:
        """Return what was typed, without empty rows."""
        rows = [entry.form for entry in self.objectives if entry.form.text.text]
        return Details(
            title=self.title.text,
            summary=self.summary.text,
            intended_for=self.intended_for.text,
            level=self.level.data,
            hours=Decimal(self.hours.data or 0),
            objectives=[Objective(row.text.text, row.id.data or "", row.bloom.data or "") for row in rows],
            competencies=[Target(e.form.key.data, e.form.level.data) for e in self.competencies if e.form.key.data],
            prerequisites=self.prerequisites.data or (),
            gives_certificate=self.gives_certificate.data,
            validity_months=int(self.validity_months.data) if self.validity_months.data else None,
        )


def details_form(version: CourseVersion, prerequisites: list[tuple[int, LocalizedText]], shown: Any) -> DetailsForm:
    """Return the details form over a version; `shown` turns a LocalizedText into the reader's words."""

    class Bound(DetailsForm):
        competencies = FieldList(FormField(competency_form(shown), _l("Competency")), _l("Competencies"))

    objectives = [{"id": row["id"], "bloom": row.get("bloom", ""), "text": row["text"]} for row in version.objectives]
    form = Bound(obj=version, data={"objectives": objectives, "competencies": version.competencies})
    if not form.is_submitted():
        form.hours.data = Decimal(format(version.hours.normalize(), "f"))
    form.prerequisites.choices = [(course_id, shown(title)) for course_id, title in prerequisites]
    return form


class UnitForm(AcademyForm):
    """The title of a unit."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title of the unit"), required=_l("Enter a title in Arabic or English."))


class AccessForm(AcademyForm):
    """Where a course lies and who may see it."""

    revision = HiddenField()
    key = StringField(_l("Address of the page"), [InputRequired(_l("Enter an address."))], render_kw={"dir": "ltr"})
    code = LineField(_l("Code"), limit=40, render_kw={"dir": "ltr"})
    audience = RadioField(
        _l("Who may take the course"),
        choices=[
            ("everyone", _l("Everyone in the academy, partners included")),
            ("organisation", _l("Only people of its own organisation")),
        ],
    )
    public = BooleanField(_l("Visitors who have not signed in see the course in the public catalogue"))

    def validate_public(self, field: BooleanField) -> None:
        """Say what does not go together, rather than forget one of the two."""
        if field.data and self.audience.data == "organisation":
            raise ValidationError(
                _(
                    "The public catalogue shows only courses that everyone may take. Untick this, or choose everyone above."
                )
            )
