"""The private calendar: its page in one's account, and the feed that calendar programs read without a cookie."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts.kinds import name_act
from academy.base import clock, ids, throttle
from academy.base.db import db, separately
from academy.base.i18n import _, _l, in_language
from academy.base.icalendar import Event, calendar
from academy.learning import policies, services
from academy.learning.forms_of_calendars import WEEKDAYS
from academy.learning.queries import calendars
from academy.learning.queries.calendars import Entry
from academy.learning.queries.working_days import calendar_page, hours_of
from academy.learning.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import public, requires
from academy.web.identity import actor

navigation.enter("own", 50, _l("Calendar"), "learning.own_calendar", "calendar-clock", policies.OWN_CALENDAR)
name_act("learning:calendar:own", _l("Calendar link made"))
name_act("learning:calendar:remove", _l("Calendar link removed"))

WINDOW = timedelta(minutes=10)
MISSES, READINGS, MOST_COMING = 30, 30, 6
TITLES = {"due": _l("Due: %(title)s"), "opens": _l("Opens: %(title)s"), "closes": _l("Closes: %(title)s")}


@bp.get("/account/calendar")
@requires(policies.OWN_CALENDAR)
def own_calendar() -> ResponseReturnValue:
    """Whether the visitor has a link, and since when."""
    return _page("")


@bp.post("/account/calendar")
@requires(policies.OWN_CALENDAR)
def renew_calendar() -> ResponseReturnValue:
    """Make a new link, show it once, and end the one before."""
    token = services.renew_calendar(actor().person_id, at=clock.now())
    return _page(url_for("learning.calendar_feed", feed_token=token, _external=True))


@bp.post("/account/calendar/remove")
@requires(policies.OWN_CALENDAR)
def remove_calendar() -> ResponseReturnValue:
    """End the visitor's link."""
    services.remove_calendar(actor().person_id, at=clock.now())
    flash(_("The calendar link no longer works."), "ok")
    return redirect(url_for("learning.own_calendar"))


def _page(address: str) -> str:
    link, page = calendars.calendar_link(actor().person_id), calendar_page(actor().organisation_id)
    return render_template(
        "learning/calendar.html",
        link=link,
        address=address,
        page=page,
        hours=hours_of(page).on(clock.today()),
        weekdays=[name for day, name in WEEKDAYS.items() if day not in page.weekend],
        coming=[entry for entry in page.entries if entry.last_on >= clock.today()][:MOST_COMING],
        today=clock.today(),
        section_navigation=navigation.menu("own"),
    )


@bp.get("/calendar/<feed_token>.ics")
@public
def calendar_feed(feed_token: str) -> ResponseReturnValue:
    """The due days of whom the link belongs to, in their language. Unknown links are counted per address, readings per link."""
    at = clock.now()
    missing, reading = f"calendar:{request.remote_addr or '?'}", f"calendar:{ids.digest(feed_token)[:40]}"
    if _tried(missing, MISSES) or _tried(reading, READINGS):
        refusal = Response(_("Too many tries"), 429, content_type="text/plain; charset=utf-8")
        refusal.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return refusal
    holder = calendars.holder_of_calendar(feed_token)
    with separately() as session:
        throttle.note(session, missing if holder is None else reading, at=at)
    if holder is None:
        abort(404)
    with in_language(holder.language):
        events = [_event(entry, holder.language) for entry in calendars.entries(holder)]
        body = calendar(_("Due days"), events, written_at=at)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _tried(key: str, most: int) -> bool:
    return throttle.count(db.session, key, within=WINDOW, at=clock.now()) >= most  # type: ignore[arg-type]


def _event(entry: Entry, language: str) -> Event:
    address = url_for("learning.course", key=entry.course_key, _external=True)
    host = urlsplit(request.host_url).hostname or "localhost"
    title = str(TITLES[entry.kind]) % {"title": entry.title.show(language)}
    return Event(f"{entry.kind}-{entry.number}@{host}", title, entry.at, address)
