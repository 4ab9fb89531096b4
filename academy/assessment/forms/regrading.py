"""Forms of a regrade: what is decided about a question, and why."""

from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired

from academy.assessment.models import FULL, RESTORE, VOID
from academy.assessment.services.regrading import LONGEST_REASON
from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField

ACTS = [
    (VOID, _l("Void the question: it counts for nobody, neither in the score nor in the maximum")),
    (FULL, _l("Give everyone the points of the question")),
    (RESTORE, _l("Count the question by its key again")),
]


class ReasonForm(AcademyForm):
    """Why something is decided again; learners whose result moves read it."""

    reason = BlockField(
        _l("Reason"), [DataRequired(_l("Write the reason."))], limit=LONGEST_REASON, render_kw={"rows": 2},
        description=_l("Learners whose result changes read this sentence."),
    )  # fmt: skip


class RegradeForm(ReasonForm):
    """What is decided."""

    act = RadioField(_l("What is decided"), [InputRequired(_l("Choose what is decided."))], choices=ACTS)
