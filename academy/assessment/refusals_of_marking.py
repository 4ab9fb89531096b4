"""What the marking desk will not do, by name."""

from academy.base.errors import Conflict
from academy.base.i18n import _l


class BeingMarked(Conflict):
    """Another marker holds the answer."""

    sentence = _l("Another marker is marking this answer. Take another one.")


class NothingToMark(Conflict):
    """The answer waits for no mark of this person: it is marked, released, their own, or marked by them already."""

    sentence = _l("This answer does not wait for a mark of yours.")


class MarkChanged(Conflict):
    """The mark is no longer the one the page was opened with: saved in another tab, or taken over by another marker."""

    sentence = _l(
        "This mark was changed since the page was opened, in another tab or by another marker. What you typed has not been saved."
    )


class ReleaseChanged(Conflict):
    """The results that would be released are others than those that were previewed."""

    sentence = _l("The results have changed since this page was opened. Check the numbers again, then release.")
