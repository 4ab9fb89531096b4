"""The announcements that a person may read."""

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.db import settle, transaction
from academy.base.i18n import _l
from academy.notices import kinds_of_audiences, policies, services
from academy.notices import queries_of_announcements as queries
from academy.notices.models import Announcement
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("user", 35, _l("Announcements"), "notices.announcements", "megaphone", policies.READ_ANNOUNCEMENTS)


@bp.get("/announcements")
@requires(policies.READ_ANNOUNCEMENTS)
def announcements() -> ResponseReturnValue:
    """What was announced to the visitor, newest first, and what of it they have not read."""
    page = paginate(queries.for_reader(actor().person_id, riyadh_day(clock.now())))
    about = kinds_of_audiences.abouts([(row.id, row.audience) for row in page.rows])
    return render_template("notices/announcements.html", page=page, about=about)


@bp.get("/announcements/<int:announcement_id>")
@requires(policies.READ_ANNOUNCEMENT, find=queries.announcement)
def announcement(row: Announcement) -> ResponseReturnValue:
    """One announcement. The notice that told of it counts as read."""
    reader = actor().person_id
    shown = render_template("notices/announcement.html", row=row, about=services.about_of(row))
    told = queries.notice_about(reader, row.id)
    if (row.audience in kinds_of_audiences.AUDIENCES) if told is None else told.read_at is None:
        settle()
        with transaction():
            services.open_announcement(row, reader, at=clock.now())
    return shown
