"""Writing, publishing and withdrawing announcements, for administrators."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation, OrgUnit
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, current_language
from academy.notices import policies, services
from academy.notices import queries_of_announcements as queries
from academy.notices.forms import AnnouncementForm
from academy.notices.models import Announcement
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("admin", 42, _l("Announcements"), "notices.kept_announcements", "megaphone", policies.ANNOUNCE)
name_act("notices:announcement:publish", _l("Announcement published"))
name_act("notices:announcement:withdraw", _l("Announcement withdrawn"))

STATES = {"draft": _l("Draft"), "published": _l("Published"), "withdrawn": _l("Withdrawn")}


@bp.get("/admin/announcements")
@requires(policies.ANNOUNCE)
def kept_announcements() -> ResponseReturnValue:
    """The announcements that the visitor looks after, and how far each was read."""
    return _page("announcements", page=paginate(queries.kept_by(actor())), audiences=services.AUDIENCES)


@bp.route("/admin/announcements/new", methods=["GET", "POST"])
@requires(policies.ANNOUNCE)
def new_announcement() -> ResponseReturnValue:
    """Write an announcement."""
    return _written(None, AnnouncementForm(_places(), services.AUDIENCES))


@bp.route("/admin/announcements/<int:announcement_id>/edit", methods=["GET", "POST"])
@requires(policies.KEEP_ANNOUNCEMENT, find=queries.announcement)
def edit_announcement(row: Announcement) -> ResponseReturnValue:
    """Change a draft."""
    here = f"u{row.org_unit_id}" if row.org_unit_id else f"o{row.organisation_id}" if row.organisation_id else ""
    return _written(row, AnnouncementForm(_places(), services.AUDIENCES, obj=row, data={"place": here}))


def _written(row: Announcement | None, form: AnnouncementForm) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            kept = services.write_announcement(
                row, title=form.title.text, text=form.text.text, audience=form.audience.data, place=_place(form),
                shown_until=form.shown_until.data, actor_id=actor().person_id, at=clock.now(),
                revision=request.form.get("revision", type=int),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The draft is saved."), "ok")
            return redirect(url_for("notices.kept_announcement", announcement_id=kept.id))
    return _page("write_announcement", row=row, form=form), 422 if form.errors else 200


def _place(form: AnnouncementForm) -> Organisation | OrgUnit | None:
    """The chosen place: one of those that were offered, so one of the visitor's own."""
    return services.place_named(form.place.data)


def _places() -> list[tuple[str, Any]]:
    """The places that the visitor may choose: the academy for those who keep it, then organisations with their units."""
    language = current_language()
    whole = [("", _l("The whole academy"))] if actor().holds_everywhere("administrator") else []
    return whole + [(key, f"{'– ' * depth}{name.show(language)}") for key, name, _of, depth in queries.places(actor())]


@bp.get("/admin/announcements/<int:announcement_id>")
@requires(policies.KEEP_ANNOUNCEMENT, find=queries.announcement)
def kept_announcement(row: Announcement) -> ResponseReturnValue:
    """An announcement as its readers see it, whom it reaches, and how many have read it."""
    told, read = queries.how_far_read(row)
    reach = queries.how_many(row) if row.state == queries.DRAFT else told
    place = None
    if row.organisation_id:
        place = services.place_named(f"u{row.org_unit_id}" if row.org_unit_id else f"o{row.organisation_id}")
    return _page(
        "kept_announcement", row=row, told=told, read=read, reach=reach, place=place, audiences=services.AUDIENCES,
        missing=services.missing_to_publish(row) if row.state == queries.DRAFT else None,
    )  # fmt: skip


@bp.post("/admin/announcements/<int:announcement_id>/publish")
@requires(policies.KEEP_ANNOUNCEMENT, find=queries.announcement)
def publish_announcement(row: Announcement) -> ResponseReturnValue:
    """Publish a draft."""
    return _act(services.publish_announcement, row, _("The announcement is published. Its readers are being told."))


@bp.post("/admin/announcements/<int:announcement_id>/withdraw")
@requires(policies.KEEP_ANNOUNCEMENT, find=queries.announcement)
def withdraw_announcement(row: Announcement) -> ResponseReturnValue:
    """Take an announcement away from its readers."""
    return _act(services.withdraw_announcement, row, _("The announcement is withdrawn."))


@bp.post("/admin/announcements/<int:announcement_id>/delete")
@requires(policies.KEEP_ANNOUNCEMENT, find=queries.announcement)
def delete_announcement(row: Announcement) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        services.delete_announcement(row)
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
        return redirect(url_for("notices.kept_announcement", announcement_id=row.id))
    flash(_("The draft is deleted."), "ok")
    return redirect(url_for("notices.kept_announcements"))


def _act(act: Callable[..., None], row: Announcement, done: str) -> ResponseReturnValue:
    try:
        act(row, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(done, "ok")
    return redirect(url_for("notices.kept_announcement", announcement_id=row.id))


def _page(name: str, **values: Any) -> str:
    """Draw a page of the administration."""
    return render_template(
        f"notices/administration/{name}.html", states=STATES, section_navigation=navigation.menu("admin"), **values
    )
