"""The forms of discussions: a thread, a reply, a report, a decision, a stop, the state of a course's discussions."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from academy.base import clock
from academy.base.i18n import _l
from academy.discussions import rules
from academy.discussions.kinds import REASON_NAMES, STATE_NAMES, THREAD_KINDS
from academy.web.forms import AcademyForm, BlockField, DayField, LineField

WRITE_SOMETHING = _l("Write something.")
AS_IN_LESSONS = _l("Paragraphs, lists and links as in lessons (Markdown).")
OUTCOME_NAMES = {
    rules.HIDDEN: _l("Hide it: everybody but moderators sees a placeholder"),
    rules.KEPT: _l("Leave it as it is"),
    rules.SHOWN: _l("Show it again"),
}


def _text() -> BlockField:
    return BlockField(_l("Text"), [InputRequired(WRITE_SOMETHING)], limit=rules.LONGEST_TEXT, description=AS_IN_LESSONS)


class PostForm(AcademyForm):
    """What every post has: its text, and the token by which one that is sent twice is written once."""

    token = HiddenField()
    text = _text()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not rules.is_token(self.token.data or ""):
            self.token.data = token_hex(16)


class ThreadForm(PostForm):
    """A thread that is begun."""

    kind = RadioField(
        _l("What do you begin?"),
        [InputRequired(_l("Choose what you begin."))],
        choices=list(THREAD_KINDS.items()),
        default=rules.QUESTION,
    )
    title = LineField(_l("Title"), [InputRequired(_l("Enter a title."))], limit=rules.LONGEST_TITLE)
    text = _text()
    about = SelectField(_l("About which part of the course?"))

    def __init__(self, activities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.about.choices = activities


class ReplyForm(PostForm):
    """A reply; what it quotes is known by its id."""

    quoted = HiddenField()


class ChangeForm(AcademyForm):
    """A post of one's own that is changed; only the opening of a thread has a title."""

    revision = HiddenField()
    title = LineField(_l("Title"), [InputRequired(_l("Enter a title."))], limit=rules.LONGEST_TITLE)
    text = _text()


class ReportForm(AcademyForm):
    """Why somebody reports a post."""

    reason = RadioField(
        _l("What is wrong with it?"),
        [InputRequired(_l("Choose what is wrong with it."))],
        choices=list(REASON_NAMES.items()),
    )
    note = BlockField(_l("A note for the moderators"), limit=rules.LONGEST_NOTE, render_kw={"rows": 3})


class DecisionForm(AcademyForm):
    """What a moderator decides about a post."""

    outcome = RadioField(_l("Decision"), [InputRequired(_l("Choose what is to be done."))])
    reason = BlockField(
        _l("Reason"), [InputRequired(_l("Write the reason; the author reads it."))], limit=rules.LONGEST_NOTE,
        render_kw={"rows": 3},
    )  # fmt: skip

    def __init__(self, hidden: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome.choices = [(each, OUTCOME_NAMES[each]) for each in rules.outcomes(hidden=hidden)]


class StopForm(AcademyForm):
    """Until when somebody may not write, and why."""

    until = DayField(_l("Until"), [InputRequired(_l("Enter a day."))])
    stop_reason = BlockField(
        _l("Reason"), [InputRequired(_l("Write the reason; the person reads it."))], limit=rules.LONGEST_NOTE,
        render_kw={"rows": 3},
    )  # fmt: skip

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(data={"until": clock.today() + timedelta(days=7)}, **kwargs)


class RuleForm(AcademyForm):
    """Whether people may write, only read, or not even that."""

    state = RadioField(_l("Discussions of the course"), [InputRequired()], choices=list(STATE_NAMES.items()))
