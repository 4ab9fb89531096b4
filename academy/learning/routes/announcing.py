"""Announcing to the learners of a course or programme: writing, publishing, withdrawing, and seeing who has read it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, current_language
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.learning import policies
from academy.learning import policies_of_announcements as rights
from academy.learning.forms_of_announcements import WHOM, ToLearnersForm
from academy.learning.models import Programme
from academy.learning.queries import announcing as queries
from academy.learning.queries.announcing import ToLearners
from academy.learning.queries.programmes import programme_by_key
from academy.learning.routes.blueprints import bp
from academy.learning.services.announcing import write_to_learners
from academy.notices import services as notices
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

STATES = {"draft": _l("Draft"), "published": _l("Published"), "withdrawn": _l("Withdrawn")}
TONES = {"draft": "sand", "published": "ok", "withdrawn": "bad"}


@bp.get("/teach/<key>/announcements")
@requires(rights.TELL_LEARNERS, find=course_by_key)
def course_announcements(course: Course) -> ResponseReturnValue:
    """The announcements to the learners of a course, and how far each was read."""
    return _list(course)


@bp.get("/manage/programmes/<programme_key>/announcements")
@requires(rights.TELL_LEARNERS, find=programme_by_key)
def programme_announcements(programme: Programme) -> ResponseReturnValue:
    """The announcements to the participants of a programme, and how far each was read."""
    return _list(programme)


@bp.route("/teach/<key>/announcements/new", methods=["GET", "POST"])
@requires(rights.TELL_LEARNERS, find=course_by_key)
def new_course_announcement(course: Course) -> ResponseReturnValue:
    """Write an announcement to the learners of a course."""
    return _written(course, None)


@bp.route("/manage/programmes/<programme_key>/announcements/new", methods=["GET", "POST"])
@requires(rights.TELL_LEARNERS, find=programme_by_key)
def new_programme_announcement(programme: Programme) -> ResponseReturnValue:
    """Write an announcement to the participants of a programme."""
    return _written(programme, None)


@bp.route("/teach/announcements/<int:announcement_id>/edit", methods=["GET", "POST"])
@requires(rights.KEEP_TOLD, find=queries.to_learners)
def edit_told(item: ToLearners) -> ResponseReturnValue:
    """Change a draft."""
    return _written(item.about, item)


@bp.post("/teach/announcements/<int:announcement_id>/publish")
@requires(rights.KEEP_TOLD, find=queries.to_learners)
def publish_told(item: ToLearners) -> ResponseReturnValue:
    """Publish a draft."""
    return _act(notices.publish_announcement, item, _("The announcement is published. Its readers are being told."))


@bp.post("/teach/announcements/<int:announcement_id>/withdraw")
@requires(rights.KEEP_TOLD, find=queries.to_learners)
def withdraw_told(item: ToLearners) -> ResponseReturnValue:
    """Take an announcement away from its readers."""
    return _act(notices.withdraw_announcement, item, _("The announcement is withdrawn."))


@bp.post("/teach/announcements/<int:announcement_id>/delete")
@requires(rights.KEEP_TOLD, find=queries.to_learners)
def delete_told(item: ToLearners) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        notices.delete_announcement(item.row)
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
        return redirect(url_for(".told", announcement_id=item.row.id))
    flash(_("The draft is deleted."), "ok")
    return redirect(place_of(item.about)["list_url"])


def _act(act: Callable[..., None], item: ToLearners, done: str) -> ResponseReturnValue:
    try:
        act(item.row, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(done, "ok")
    return redirect(url_for(".told", announcement_id=item.row.id))


def place_of(about: Course | Programme) -> dict[str, Any]:
    """Return where the announcements about a course or programme lie: its name, its desk, their list, and a new one."""
    if isinstance(about, Course):
        return {
            "course": about,
            "title": titles([about.id])[about.id],
            "desk_url": url_for("catalogue.edit", key=about.key),
            "list_url": url_for(".course_announcements", key=about.key),
            "new_url": url_for(".new_course_announcement", key=about.key),
        }
    return {
        "course": None,
        "title": queries.programme_titles([about.id])[about.id],
        "desk_url": url_for(".programme_desk", programme_key=about.key),
        "list_url": url_for(".programme_announcements", programme_key=about.key),
        "new_url": url_for(".new_programme_announcement", programme_key=about.key),
    }


def _list(about: Course | Programme) -> str:
    page = paginate(queries.kept(about, policies.organisations_reached(actor())))
    return draw("list", about, page=page)


def _written(about: Course | Programme, item: ToLearners | None) -> ResponseReturnValue:
    form = _form(about, item)
    if form.validate_on_submit():
        place = notices.place_named(form.place.data)
        try:
            written = write_to_learners(
                item, about, title=form.title.text, text=form.text.text, open_only=form.whom.data == "open",
                place=place if isinstance(place, Organisation) else None, shown_until=form.shown_until.data,
                actor_id=actor().person_id, at=clock.now(), revision=request.form.get("revision", type=int),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The draft is saved."), "ok")
            return redirect(url_for(".told", announcement_id=written))
    return draw("write", about, form=form, item=item), 422 if form.errors else 200


def _form(about: Course | Programme, item: ToLearners | None) -> ToLearnersForm:
    """The form with the places that the visitor may choose; a draft as it stands, a new one for as many as they reach."""
    places = _places(about)
    if item is None:
        own = f"o{about.organisation_id}"
        first = places[0][0]
        return ToLearnersForm(places, data={"place": own if first and own in dict(places) else first})
    here = f"o{item.row.organisation_id}" if item.row.organisation_id else ""
    return ToLearnersForm(places, obj=item.row, data={"place": here, "whom": "open" if item.told.open_only else "all"})


def _places(about: Course | Programme) -> list[tuple[str, Any]]:
    reach, language = policies.organisations_reached(actor()), current_language()
    every = [("", _l("Every organisation"))] if reach is None else []
    return every + [(f"o{row.id}", row.name.show(language)) for row in queries.places_to_tell(about, reach)]


def draw(name: str, about: Course | Programme, **values: Any) -> str:
    """Draw a page about the announcements of a course or programme."""
    return render_template(
        f"learning/announcements/{name}.html", about=place_of(about), states=STATES, tones=TONES, whom=WHOM, **values
    )
