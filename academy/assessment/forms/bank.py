"""The forms of the question bank: categories, filing, comments, and what passes between a quiz and the bank."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired

from academy.assessment.services.categories import NAME_NEEDED
from academy.assessment.services.editing_questions import MOST_POINTS
from academy.assessment.services.reviewing import LONGEST_COMMENT
from academy.base.i18n import _l
from academy.web.forms import AcademyForm, BlockField, LineField, LocalizedLineField, NumberField

Shelves = Sequence[tuple[int, str]]


class _ShelfForm(AcademyForm):
    """A form in which a category is chosen; `shelves` are its choices, the first one stands for none."""

    def __init__(self, *args: Any, shelves: Shelves, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = list(shelves)


class CategoryForm(_ShelfForm):
    """A category: its name and what it lies under."""

    name = LocalizedLineField(_l("Name"), required=NAME_NEEDED)
    category = SelectField(_l("Lies under"), coerce=int, default=0)


class FilingForm(_ShelfForm):
    """Where a question lies and which tags it carries."""

    category = SelectField(_l("Bank category"), coerce=int, default=0)
    tags = LineField(_l("Tags"), limit=1000, description=_l("Separated by commas. Spelling variants count as one tag."))


class CommentForm(AcademyForm):
    """Something to say about a question."""

    text = BlockField(
        _l("Comment"), [DataRequired(_l("Write a comment."))], limit=LONGEST_COMMENT, render_kw={"rows": 3}
    )


class ReturnForm(AcademyForm):
    """Why a question goes back to its author."""

    note = BlockField(
        _l("What should be changed?"), [DataRequired(_l("Say what should be changed."))], limit=LONGEST_COMMENT,
        render_kw={"rows": 3},
    )  # fmt: skip


class PointsForm(AcademyForm):
    """What a question of the bank is worth in a quiz."""

    seen = HiddenField()
    points = NumberField(
        _l("Points"), [InputRequired(_l("Enter the points."))], least=1, most=MOST_POINTS,
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip


class GiveForm(_ShelfForm):
    """How a course's question gets into the bank."""

    how = RadioField(
        _l("How?"),
        choices=[
            ("copy", _l("Put a copy into the bank. The question of this course stays as it is.")),
            ("move", _l("Move it. This quiz goes on asking it; from now on it is edited in the bank, for all quizzes.")),
        ],
        default="copy",
    )  # fmt: skip
    category = SelectField(_l("Bank category"), coerce=int, default=0)
