"""What a regrade will not do, by name."""

from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l


class NotTheSameQuestion(Invalid):
    """The correction adds or removes parts that answers have named, or changes what papers were drawn from."""

    sentence = _l(
        "A correction keeps every choice, item, side and variable; only texts and the key change. Void the question instead."
    )


class NothingCorrected(Invalid):
    """The corrected question is the question as it was."""

    sentence = _l("Nothing in the question was changed.")


class DecidedMeanwhile(Conflict):
    """Another decision about the same question has been applied since this one was proposed, or its effect has changed."""

    sentence = _l("Attempts or decisions have changed since the preview. Look at the effect again, then apply.")


class NotOpen(Conflict):
    """The regrade was applied or discarded already."""

    sentence = _l("This decision was applied or discarded already.")


class NotInForce(Conflict):
    """Only a decision that is in force is carried elsewhere."""

    sentence = _l("Apply the decision here first. Then it can be carried to other quizzes and versions.")
