"""What the catalogue will not do, by name."""

from academy.base.errors import Conflict, Invalid, NotAllowed
from academy.base.i18n import _l


class NoDraft(Conflict):
    """There is no draft to change: the course is published and nobody has started to edit it."""

    sentence = _l(
        "This course has no open draft: it was published or the draft was discarded. Start editing to change it."
    )


class AlreadyRemoved(Conflict):
    """The part was removed from the draft."""

    sentence = _l("This part was removed from the draft. Restore it first.")


class OutOfStep(Conflict):
    """The list to be ordered is not the list that is there."""

    sentence = _l("The units or activities have changed since you opened the page. Reload it and try again.")


class NotReady(Conflict):
    """The checklist before publishing has open points."""

    sentence = _l("The course cannot be published yet: the list shows what is missing.")


class NotReviewed(Conflict):
    """The academy asks for a review, and nobody has approved the draft as it is now."""

    sentence = _l("A content reviewer approves a draft before it is published. Ask for the review of this one.")


class OwnDraft(NotAllowed):
    """Whoever asks for a review does not decide about it."""

    sentence = _l("You asked for the review of this draft. Somebody else decides about it.")


class NoReview(Conflict):
    """No review of this draft waits for a decision."""

    sentence = _l("This draft does not wait for a review any more.")


class ChangedSinceRead(Conflict):
    """The draft was edited between reading and approving."""

    sentence = _l("The draft was changed while you were reading it. Look at what differs, then decide again.")


class KeyTaken(Invalid):
    """Another course has this key."""

    sentence = _l("Another course already has this address. Choose a different one.")


class CodeTaken(Invalid):
    """Another course of the organisation has this code, in whatever case."""

    sentence = _l("Another course of the organisation already has this code. Choose a different one.")


class KeyUnfit(Invalid):
    """The key cannot be part of an address."""

    sentence = _l("Use small Latin letters, digits and hyphens, such as service-design.")


class KeyReserved(Invalid):
    """A page of the academy lies at this address."""

    sentence = _l("A page of the academy itself has this address. Choose a different one, such as %(example)s.")


class KeyFixed(Invalid):
    """The course was published under its key."""

    sentence = _l("The address of a course stays as it is once the course has been published.")


class Circle(Invalid):
    """The course would need itself."""

    sentence = _l("A course cannot need itself, directly or through other courses.")


class TermTaken(Invalid):
    """Another idea has this term."""

    sentence = _l("The glossary already has this term: “%(term)s”. One term stands for one idea.")
