"""What competencies will not do with frameworks and role profiles, by name."""

from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l


class PreviewStale(Conflict):
    """What was previewed is not what would be published."""

    sentence = _l("The draft has changed since this preview was shown. Look at it again, then publish.")


class NoDraft(Conflict):
    """There is no draft to change."""

    sentence = _l("There is no open draft: it was published or discarded. Start editing to change something.")


class NotReady(Conflict):
    """The checklist before publishing has open points."""

    sentence = _l("This cannot be published yet: the list shows what is missing.")


class NothingNew(Conflict):
    """The draft says what the published version says."""

    sentence = _l("The draft says the same as the published version: there is nothing to publish.")


class DraftOpen(Conflict):
    """A file cannot be taken over while somebody has a draft."""

    sentence = _l("Somebody is working on a draft. Publish or discard it first; nothing of it shall be lost.")


class CodeTaken(Invalid):
    """Another part has this code."""

    sentence = _l("This code is already taken. A code names one thing in the whole academy.")


class CodeUnfit(Invalid):
    """The code cannot be part of an address."""

    sentence = _l("Use up to 20 Latin letters, digits, dots and hyphens, such as D4.1.")


class KeyTaken(Invalid):
    """Another framework or profile has this key."""

    sentence = _l("This address is already taken. Choose a different one.")


class KeyUnfit(Invalid):
    """The key cannot be part of an address."""

    sentence = _l("Use small Latin letters, digits, hyphens and underscores, such as cx-specialist.")


class NotEmpty(Conflict):
    """The domain still has competencies."""

    sentence = _l("This domain still has competencies. Move or remove them first.")


class Earned(Conflict):
    """A published competency cannot be removed, only retired."""

    sentence = _l("This competency has been published, so people may hold evidence of it. Retire it instead.")
