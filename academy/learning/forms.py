"""What learning asks to be typed: the password of a quiz; programmes with their groups, steps and prerequisites."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.learning.models import ProgrammePrerequisite, ProgrammeStep, ProgrammeVersion
from academy.learning.rules import programmes
from academy.learning.services.programmes import PrerequisiteDetails, ProgrammeDetails, StepDetails
from academy.web.filters import plain
from academy.web.forms import AcademyForm, DaysField, LineField, LocalizedBlockField, LocalizedLineField, NumberField

LONGEST = 60
TITLE_NEEDED = _l("Enter a title in Arabic or English.")
ADDRESS_HINT = _l("Small Latin letters, digits and hyphens. Left empty, it is made of the English title.")
RENEWAL = ("cpd_hours", "window_days_before", "grace_days_after")
USUAL_REMINDERS = (90, 30, 7)


class StartForm(AcademyForm):
    """The password of a quiz, exactly as it was given."""

    password = PasswordField(
        _l("Password of the quiz"), render_kw={"autocomplete": "off", "maxlength": LONGEST, "required": True}
    )


class NewProgrammeForm(AcademyForm):
    """What is asked before a programme exists."""

    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    key = LineField(_l("Address of the page"), limit=60, description=ADDRESS_HINT, render_kw={"dir": "ltr"})
    code = LineField(_l("Code"), limit=40, description=_l("For example CXP-F."), render_kw={"dir": "ltr"})
    organisation = SelectField(_l("Organisation"), coerce=int)
    audience = RadioField(_l("Whom it is for"), default="employee")


class ProgrammeDetailsForm(AcademyForm):
    """Everything a version says of itself."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    summary = LocalizedBlockField(_l("Summary"))
    hours = NumberField(_l("Training hours"), whole=False, least=0, most=1000)
    in_order = BooleanField(_l("Steps are taken in order: each opens when those before it are done"))
    validity_months = NumberField(_l("The certificate is valid for (months)"), least=1, most=600)
    cpd_hours = NumberField(_l("Hours of professional development until renewal"), whole=False, least=0, most=1000)
    window_days_before = NumberField(_l("Renewal opens (days before expiry)"), least=0, most=1000)
    grace_days_after = NumberField(_l("Grace after expiry (days)"), least=0, most=1000)
    path_course = SelectField(_l("How it is renewed"))
    reminders = DaysField(_l("Remind so many days before the last day"), render_kw={"dir": "ltr"})
    automatic = BooleanField(_l("Begin the renewal by itself when the window opens"))

    def offer(self, courses: Iterable[tuple[str, LocalizedText]]) -> None:
        """Say which courses can be the shorter way; one that is open no longer stays as long as nobody chooses another."""
        shorter = [(key, str(plain(title))) for key, title in courses]
        kept = self.path_course.object_data
        if kept and kept not in dict(shorter):
            shorter.append((kept, str(_("No longer open to everyone whom the programme is for"))))
        self.path_course.choices = [("", _("By the same programme again")), *shorter]

    def details(self, version: ProgrammeVersion) -> ProgrammeDetails:
        """Return what was typed; what the form does not ask stays as the version has it."""
        typed = {name: self[name].data for name in RENEWAL}
        typed |= {"path_course": self.path_course.data or None, "automatic": self.automatic.data or None}
        asked = (*RENEWAL, "path_course", "automatic", "reminders")
        kept = {name: value for name, value in version.renewal.items() if name not in asked}
        renewal: dict[str, Any] = {name: _plain(value) for name, value in typed.items() if value is not None}
        if (said := tuple(self.reminders.data or ())) != USUAL_REMINDERS:
            renewal["reminders"] = list(said)
        return ProgrammeDetails(
            title=self.title.text,
            summary=self.summary.text,
            hours=Decimal(self.hours.data or 0),
            in_order=self.in_order.data,
            validity_months=int(self.validity_months.data) if self.validity_months.data else None,
            renewal={**kept, **renewal},
            suspension=[LocalizedText.of(each) for each in version.suspension],
        )


def _plain(value: Decimal | int | str | bool) -> int | float | str | bool:
    if isinstance(value, str | bool):
        return value
    return int(value) if value == int(value) else float(value)


def programme_details_form(version: ProgrammeVersion) -> ProgrammeDetailsForm:
    """Return the details form over a version."""
    names = ("revision", "title", "summary", "in_order", "validity_months")
    kept = {name: getattr(version, name) for name in names}
    renewal = {name: version.renewal.get(name) for name in (*RENEWAL, "automatic")}
    renewal |= {
        "path_course": version.renewal.get("path_course", ""),
        "reminders": version.renewal.get("reminders", USUAL_REMINDERS),
    }
    hours = Decimal(format(version.hours.normalize(), "f"))
    return ProgrammeDetailsForm(data={**kept, **renewal, "hours": hours})


class ProgrammeAccessForm(AcademyForm):
    """Whom a programme is for, and the role it prepares for."""

    revision = HiddenField()
    code = LineField(_l("Code"), limit=40, render_kw={"dir": "ltr"})
    audience = RadioField(_l("Whom it is for"))
    target_role = SelectField(_l("Role it prepares for"))


class GroupForm(AcademyForm):
    """A group of steps."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title of the group"))
    needed = NumberField(
        _l("How many of its steps are needed"),
        least=1,
        most=60,
        description=_l("Left empty, every required step of the group must be done."),
    )

    def count(self) -> int | None:
        """Return how many steps are needed; None for every required one."""
        return int(self.needed.data) if self.needed.data else None


def _id_or_none(typed: object) -> int:
    """Read an id out of a list's value; anything odd is 0, which is nothing."""
    said = str(typed or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _offered(sentence: Any) -> Any:
    def check(form: Any, field: Any) -> None:
        if field.data not in dict(field.choices):
            raise ValidationError(str(sentence))

    return check


class StepForm(AcademyForm):
    """A step; which fields are asked depends on its kind."""

    revision = HiddenField()
    kind = HiddenField()
    course = SelectField(
        _l("Course"), [_offered(_l("Choose a course from the list."))], coerce=_id_or_none, validate_choice=False
    )
    quiz = SelectField(
        _l("Quiz"), [_offered(_l("Choose a quiz from the list."))], coerce=_id_or_none, validate_choice=False
    )
    title = LocalizedLineField(_l("Title"))
    note = LocalizedBlockField(_l("What the learner should know about it"))
    min_percent = NumberField(_l("Lowest result (percent)"), least=1, most=100)
    hours = NumberField(_l("Training hours"), whole=False, least=0, most=1000)
    required = BooleanField(_l("Needed to complete the programme"))

    def details(self, ref: str = "") -> StepDetails:
        """Return what was typed, as far as the kind asks for it."""
        kind = self.kind.data or ""
        takes_quiz = kind in (programmes.QUIZ, programmes.EXAM)
        return StepDetails(
            kind=kind,
            title=self.title.text,
            note=self.note.text,
            required=self.required.data,
            min_percent=int(self.min_percent.data) if self.min_percent.data and kind != programmes.COURSE else None,
            hours=Decimal(self.hours.data) if self.hours.data is not None else None,
            course_id=self.course.data or None if kind == programmes.COURSE else None,
            quiz_id=self.quiz.data or None if takes_quiz else None,
            ref=ref,
        )


def step_form(step: ProgrammeStep | None = None, kind: str = "") -> StepForm:
    """Return the form of a step, or of a new one of a kind."""
    if step is None:
        return StepForm(data={"kind": kind, "required": True, "course": 0, "quiz": 0})
    names = ("revision", "kind", "title", "note", "min_percent", "hours", "required")
    kept = {name: getattr(step, name) for name in names}
    return StepForm(data={**kept, "course": step.course_id or 0, "quiz": step.quiz_id or 0})


class PrerequisiteForm(AcademyForm):
    """A prerequisite; the words to sign and their renewal are asked of undertakings."""

    revision = HiddenField()
    kind = HiddenField()
    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    text = LocalizedBlockField(
        _l("The words that are signed"), description=_l("Left empty, the title is what is signed.")
    )
    renew_months = NumberField(_l("Signed again every (months)"), least=1, most=120)

    def details(self) -> PrerequisiteDetails:
        """Return what was typed."""
        months = int(self.renew_months.data) if self.renew_months.data else None
        return PrerequisiteDetails(self.kind.data or "", self.title.text, self.text.text, months)


def prerequisite_form(row: ProgrammePrerequisite | None = None, kind: str = "") -> PrerequisiteForm:
    """Return the form of a prerequisite, or of a new one of a kind."""
    if row is None:
        return PrerequisiteForm(data={"kind": kind})
    names = ("revision", "kind", "title", "text", "renew_months")
    return PrerequisiteForm(data={name: getattr(row, name) for name in names})


class SignForm(AcademyForm):
    """Signing an undertaking."""

    digest = HiddenField()
    agreed = BooleanField(
        _l("I have read this undertaking and I commit myself to it."),
        [InputRequired(_l("Confirm that you have read the undertaking and commit yourself to it."))],
    )


class ConfirmForm(AcademyForm):
    """Confirming somebody's identity."""

    method = LineField(
        _l("How the identity was verified"), [InputRequired(_l("Say how the identity was verified, in at most 200 characters."))],
        limit=200, description=_l("For example: national access, or identity card seen at the desk."),
    )  # fmt: skip


def choices_of(pairs: Any, shown: Any) -> list[tuple[Any, str]]:
    """Return pairs of a value and a LocalizedText as choices; `shown` turns the text into the reader's words."""
    return [(value, shown(text)) for value, text in pairs]
