"""The forms of messages."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from academy.base import ids
from academy.base.i18n import _l
from academy.messages import rules
from academy.messages.kinds import OUTCOME_NAMES, REASON_NAMES
from academy.messages.models import MessageRules
from academy.web.forms import AcademyForm, BlockField, DayField, NumberField

MONTHS_NEEDED = _l("Enter a number of months from 1 to 120.")


class MessageForm(AcademyForm):
    """A message. Its token makes that one press, or two, send it once."""

    token = HiddenField()
    course = HiddenField()
    text = BlockField(
        _l("Your message"), [InputRequired(_l("Write your message."))], limit=rules.LONGEST,
        render_kw={"rows": 4, "dir": "auto"},
    )  # fmt: skip

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.token.data:
            self.token.data = ids.random_token()


class ReportForm(AcademyForm):
    """Why a message is reported."""

    reason = RadioField(
        _l("What is wrong with it"), [InputRequired(_l("Choose a reason."))], choices=list(REASON_NAMES.items())
    )
    note = BlockField(_l("In your own words"), limit=1000, render_kw={"rows": 3, "dir": "auto"})


class DecisionForm(AcademyForm):
    """What is decided about a reported message."""

    outcome = RadioField(_l("Decision"), [InputRequired(_l("Choose a decision."))], choices=list(OUTCOME_NAMES.items()))
    stop_until = DayField(_l("May not write until"), [Optional()])
    answer = BlockField(_l("A word to both"), limit=1000, render_kw={"rows": 3, "dir": "auto"})


class RulesForm(AcademyForm):
    """What an organisation allows."""

    trainers = BooleanField(_l("Learners and the trainers of a course in which they have a place"))
    managers = BooleanField(
        _l("People and those who lead them: up the line, matrix managers, deputies while they stand in")
    )
    administrators = BooleanField(_l("People and the administrators of the organisation"))
    unit = BooleanField(_l("Colleagues of the same unit"))
    organisation = BooleanField(_l("All colleagues of the organisation"))
    shows_read = BooleanField(_l("Senders see that a message of theirs was read"))
    months = NumberField(
        _l("Months after the last message"), [InputRequired(MONTHS_NEEDED)],
        least=rules.FEWEST_MONTHS, most=rules.MOST_MONTHS,
    )  # fmt: skip

    def ties(self) -> dict[str, bool]:
        """Return which ties count."""
        return {tie: bool(self[tie].data) for tie in rules.TIES}


def rules_form(row: MessageRules) -> RulesForm:
    """Return the form over what an organisation has chosen."""
    names = (*rules.TIES, "shows_read", "months")
    return RulesForm(data={name: getattr(row, name) for name in names})
