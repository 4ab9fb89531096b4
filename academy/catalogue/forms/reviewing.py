"""The forms of a review: asking for it, returning a draft, saying something about it."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import DataRequired

from academy.base.i18n import _l
from academy.catalogue.services.reviewing import LONGEST_WORDS
from academy.web.forms import AcademyForm, BlockField


class AskReviewForm(AcademyForm):
    """What the reviewer should know beforehand."""

    note = BlockField(_l("A note for the reviewer"), limit=LONGEST_WORDS, render_kw={"rows": 3})


class ReturnDraftForm(AcademyForm):
    """Why a draft goes back to its trainers."""

    reason = BlockField(
        _l("What should be changed?"), [DataRequired(_l("Say what should be changed."))], limit=LONGEST_WORDS,
        render_kw={"rows": 3},
    )  # fmt: skip


class CourseCommentForm(AcademyForm):
    """Something to say about a draft; `parts` are its activities to choose from, as (key, title)."""

    about = SelectField(_l("About"), default="")
    text = BlockField(_l("Comment"), [DataRequired(_l("Write a comment."))], limit=LONGEST_WORDS, render_kw={"rows": 3})

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about.choices = [("", str(_l("The whole course"))), *parts]
