"""Forms of the marking desk: a mark, how a quiz is marked, who is named to mark it."""

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired, InputRequired

from academy.assessment.rules import LEAST_MARGIN, MOST_MARGIN, USUAL_MARGIN, MarkingRules
from academy.assessment.services.marking import LONGEST_COMMENT
from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField, NumberField

NUMERIC = {"inputmode": "numeric"}


class MarkForm(AcademyForm):
    """What a marker writes beside the rubric, whose fields the page draws itself: `pick-<criterion>`."""

    version = HiddenField()
    comment = BlockField(
        _l("Comment to the learner"),
        limit=LONGEST_COMMENT,
        render_kw={"rows": 4},
        description=_l("Shown with the result."),
    )
    note = BlockField(
        _l("Private note"), limit=LONGEST_COMMENT, render_kw={"rows": 2}, description=_l("Only markers read it.")
    )


class MarkingRulesForm(AcademyForm):
    """How the answers of a quiz are marked."""

    anonymous = BooleanField(_l("Hide names from markers until the results are released"), default=True)
    second = NumberField(
        _l("Answers marked twice (percent)"), [InputRequired(_l("Enter a number from 0 to 100."))], least=0, most=100, default=0,
        render_kw=NUMERIC, description=_l("0: one marker is enough. 100: every answer gets two markers."),
    )  # fmt: skip
    margin = NumberField(
        _l("Margin (percent of the points)"), [InputRequired(_l("Enter a number from 1 to 100."))], least=LEAST_MARGIN,
        most=MOST_MARGIN, default=USUAL_MARGIN, render_kw=NUMERIC,
        description=_l("When two markers differ by more, a third one decides. Else the mean of both counts."),
    )  # fmt: skip

    def rules(self) -> MarkingRules:
        """Return what was decided."""
        return MarkingRules(
            bool(self.anonymous.data), int(self.second.data or 0), int(self.margin.data or USUAL_MARGIN)
        )


class NameMarkerForm(AcademyForm):
    """A trainer to be named."""

    person = SelectField(_l("Trainer"), coerce=int, validators=[DataRequired(_l("Choose a trainer from the list."))])
