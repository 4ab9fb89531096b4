"""Who reads notices, letters and announcements, and who announces."""

from academy.accounts.kinds import add_setting
from academy.base import clock
from academy.base.access import (
    ADMINISTRATOR,
    Actor,
    UnlessLocked,
    academy_administrator,
    any_administrator,
    anyone_signed_in,
    permit,
)
from academy.base.dates import riyadh_day
from academy.base.i18n import _l
from academy.notices import kinds_of_audiences
from academy.notices.models import Announcement, Notice
from academy.notices.queries_of_announcements import may_read

READ_NOTICES = permit("notices:notice:list", anyone_signed_in, "Everyone reads their own notices.")
OPEN_NOTICE = permit(
    "notices:notice:open",
    lambda actor, notice: isinstance(notice, Notice) and notice.person_id == actor.person_id,
    "A notice is opened by the person it was written to.",
)
CHOOSE_LETTERS = permit("notices:letter:choose", anyone_signed_in, "Everyone chooses which letters they receive.")
READ_LETTERS = permit(
    "notices:letter:read", academy_administrator, "Academy administrators read the letters that were sent."
)
SEND_LETTER = permit("notices:letter:send", academy_administrator, "Academy administrators have letters sent again.")
CHANGE_RULES = permit(
    "notices:rules:change", academy_administrator, "Academy administrators say when letters are held back."
)
PRAYERS = add_setting("prayers", _l("Letters and prayers"))
KEEP_PRAYER_PAUSES = permit(
    "notices:prayers:keep",
    UnlessLocked(PRAYERS, lambda actor, organisation: actor.has(ADMINISTRATOR, organisation.id)),
    "Administrators say around which prayers letters wait for the people of their organisations, unless the academy keeps that for itself.",
)
CHANGE_WORDING = permit(
    "notices:wording:change", academy_administrator, "Academy administrators put letters into the academy's own words."
)


def _keeps(actor: Actor, row: Announcement) -> bool:
    if row.audience in kinds_of_audiences.AUDIENCES:
        return False
    if row.organisation_id is None:
        return actor.holds_everywhere(ADMINISTRATOR)
    return actor.has(ADMINISTRATOR, row.organisation_id)


READ_ANNOUNCEMENTS = permit(
    "notices:announcement:list", anyone_signed_in, "Everyone reads the announcements that are meant for them."
)
READ_ANNOUNCEMENT = permit(
    "notices:announcement:read",
    lambda actor, row: may_read(actor.person_id, row, riyadh_day(clock.now())),
    "An announcement is open to those whom it reaches, while it is shown.",
)
ANNOUNCE = permit(
    "notices:announcement:write", any_administrator, "Administrators write announcements for their organisations."
)
KEEP_ANNOUNCEMENT = permit(
    "notices:announcement:keep",
    _keeps,
    "Administrators change, publish and withdraw the announcements of their organisations.",
)
