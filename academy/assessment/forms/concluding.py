"""The form in which a reviewer concludes what hints mean."""

from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired

from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField

OUTCOMES = {"dismissed": _l("Nothing to follow up"), "noted": _l("To be followed up")}


class ReviewForm(AcademyForm):
    """What a reviewer made of the hints."""

    outcome = RadioField(_l("Your conclusion"), [InputRequired(_l("Choose one."))], choices=list(OUTCOMES.items()))
    note = BlockField(
        _l("Note"), [DataRequired(_l("Write what you found."))], limit=1000, render_kw={"rows": 4},
        description=_l("Whom you asked, what explains the hints. It stays with the attempt."),
    )  # fmt: skip
