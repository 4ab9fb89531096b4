"""The forms of accreditation."""

from flask_wtf.file import FileRequired
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from academy.base.i18n import _l
from academy.partners.forms import PAPERS
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, NumberField, UploadField

REASON_NEEDED = _l("Write the reason.")


class ApplyForm(AcademyForm):
    """For which level a partner applies."""

    level = RadioField(_l("Level"), coerce=str, validators=[InputRequired(_l("Choose one of the levels."))])
    words = BlockField(_l("What the academy should know"), limit=1000, render_kw={"rows": 3})


class HandInForm(AcademyForm):
    """A document, and which one it is."""

    ref = SelectField(_l("Which document"))
    file = UploadField(_l("File"), [FileRequired(_l("Choose a file."))], **PAPERS)


class ReviewForm(AcademyForm):
    """What is said of a document."""

    outcome = RadioField(
        _l("Outcome"),
        choices=lambda: [("accept", str(_l("Accept it"))), ("return", str(_l("Return it to the partner")))],
        validators=[InputRequired(_l("Choose the outcome."))],
    )
    reason = LineField(_l("Reason, for the partner"), [Optional()], limit=300)


class MeasureForm(AcademyForm):
    """A measure of the service, typed in by a reviewer."""

    criterion = SelectField(_l("Criterion"))
    value = NumberField(_l("Value"), validators=[InputRequired(_l("Enter the value."))], whole=False)
    average = NumberField(_l("The agency's average"), validators=[Optional()], whole=False)
    margin = NumberField(_l("Margin of error"), validators=[Optional()], whole=False)
    as_of = DayField(
        _l("Last day of the measured time"), [InputRequired(_l("Enter the last day of the measured time."))]
    )
    source = LineField(_l("Source"), [DataRequired(_l("Say where the value comes from."))], limit=300)


class SendForm(AcademyForm):
    """What the reviewer proposes to the committee."""

    proposed = RadioField(
        _l("What you propose"), coerce=str, validators=[InputRequired(_l("Choose what you propose."))]
    )


class VoteForm(AcademyForm):
    """A member's vote."""

    in_favour = RadioField(
        _l("Your vote"),
        choices=lambda: [("yes", str(_l("In favour"))), ("no", str(_l("Against")))],
        validators=[InputRequired(_l("Choose your vote."))],
    )
    reason = LineField(_l("Reason"), [DataRequired(REASON_NEEDED)], limit=500)


class DecisionForm(AcademyForm):
    """The reason of the decision, as the partner reads it."""

    decision_reason = LineField(
        _l("Reason of the decision, for the partner"), [DataRequired(REASON_NEEDED)], limit=1000
    )


class WithdrawalForm(AcademyForm):
    """Why the committee is asked to withdraw an accreditation."""

    reason = LineField(_l("Reason"), [DataRequired(REASON_NEEDED)], limit=1000)
