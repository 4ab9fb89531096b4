"""What the quiz editor will not do, by name."""

from academy.base.errors import Conflict
from academy.base.i18n import _


class ChangedMeanwhile(Conflict):
    """Somebody else, or another tab, has saved since the page was opened."""

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return _(
            "This was changed in the meantime, in another tab or by somebody else. What you typed has not been saved. Saving once more keeps your version."
        )


class QuestionsOutOfStep(Conflict):
    """The list to be ordered is not the list that is there."""

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return _("The questions have changed since you opened the page. Reload it and try again.")


class QuizClosed(Conflict):
    """Only the draft of a course can be edited."""

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return _("This quiz belongs to a published version of the course. Start editing the course to change it.")


class LiesInBank(Conflict):
    """A question of the bank is not changed from within a quiz, because other quizzes may share it."""

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return _("This question lies in the question bank and is edited there.")
