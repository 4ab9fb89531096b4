"""What learning will not do with programmes, by name."""

from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l


class NoDraft(Conflict):
    """There is no draft to change."""

    sentence = _l(
        "This programme has no open draft: it was published or the draft was discarded. Start editing to change it."
    )


class OutOfStep(Conflict):
    """The list to be ordered is not the list that is there."""

    sentence = _l("The steps have changed since you opened the page. Reload it and try again.")


class NotReady(Conflict):
    """The checklist before publishing has open points."""

    sentence = _l("The programme cannot be published yet: the list shows what is missing.")


class KeyTaken(Invalid):
    """Another programme has this key."""

    sentence = _l("Another programme already has this address. Choose a different one.")


class CodeTaken(Invalid):
    """Another programme of the organisation has this code, in whatever case."""

    sentence = _l("Another programme of the organisation already has this code. Choose a different one.")


class KeyUnfit(Invalid):
    """The key cannot be part of an address."""

    sentence = _l("Use small Latin letters, digits and hyphens, such as service-design.")


class NotOpen(Conflict):
    """The programme takes nobody now."""

    sentence = _l("This programme is not open to join at the moment.")


class CourseFull(Conflict):
    """Every seat of the course is taken; `waits` says whether it keeps a waiting list."""

    sentence = _l("Every seat of this course is taken.")

    def __init__(self, *, waits: bool) -> None:
        super().__init__()
        self.waits = waits


class AskFirst(Conflict):
    """A place is given on request only."""

    sentence = _l("A place here is given on request. Ask for it, and whoever decides will be told.")


class NobodyAsks(Conflict):
    """Places are given by assignment only."""

    sentence = _l("Places here are assigned. Nobody enrols or asks by themselves.")


class NotNow(Conflict):
    """The days of enrolment have not begun or are over."""

    sentence = _l("Enrolment is not open today.")


class AlreadyAnswered(Conflict):
    """Somebody else decided about a request first, or the learner took it back."""

    sentence = _l("This request no longer waits for a decision.")
