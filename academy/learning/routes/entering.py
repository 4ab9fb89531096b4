"""Coming into a course: the rule that its trainer sets, its seats, its waiting list."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.learning import policies, services
from academy.learning.forms_of_entry import EntryForm, entry_form
from academy.learning.models import Enrolment
from academy.learning.queries import entry
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.saving import asked_revision
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor

MOST = 200
name_act("learning:entry:edit", _l("How people come in changed"))
name_act("learning:waiting:join", _l("Waiting list joined"))
name_act("learning:waiting:leave", _l("Waiting list left"))
name_act("learning:waiting:promote", _l("Moved up from a waiting list"))


@bp.route("/teach/<key>/entry", methods=["GET", "POST"])
@requires(policies.EDIT_ENTRY, find=course_by_key)
def course_entry(course: Course) -> ResponseReturnValue:
    """Decide how people come into a course; see its seats and who waits for one."""
    view = entry.entry_of_course(course.id)
    form, refused = entry_form(view, EntryForm), False
    title = titles([course.id])[course.id]
    if form.validate_on_submit():
        try:
            services.change_entry(
                form.entry(), course_id=course.id, actor_id=actor().person_id, organisation_id=course.organisation_id,
                label=plain(title), at=clock.now(), revision=asked_revision(),
            )  # fmt: skip
            services.fill_seats(course.id, at=clock.now())
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            refused = True
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved. The change has taken effect."), "ok")
            return redirect(url_for(".course_entry", key=course.key))
    if refused:
        view = entry.entry_of_course(course.id)
        form.revision.data = view.revision
    people = policies.learners_visible(actor())
    shown = render_template(
        "learning/entry.html", course=course, title=title, form=form, entry=view,
        in_line=entry.waiting_rows(people, most=MOST, course_id=course.id),
    )  # fmt: skip
    return shown, 422 if form.errors else 409 if refused else 200


@bp.post("/courses/<key>/wait")
@requires(policies.ENROL, find=course_by_key)
def wait(course: Course) -> ResponseReturnValue:
    """Join the waiting list of a full course; a seat that is free by now is taken at once."""
    try:
        place = services.wait_for_seat(actor().person_id, course.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        if isinstance(place, Enrolment):
            flash(_("A seat was free: you have a place."), "ok")
        else:
            flash(_("You are in the waiting list. As soon as you have a seat, you are told."), "ok")
    return redirect(url_for(".course", key=course.key))


@dataclass(frozen=True, slots=True)
class MyWaiting:
    """The visitor's own place in the waiting list of a course."""

    course: Course
    learner_id: int


def _my_waiting(key: str) -> MyWaiting | None:
    course, me = course_by_key(key), actor().person_id
    if course is None or entry.entry_of_course(course.id, me).position is None:
        return None
    return MyWaiting(course, me)


@bp.post("/courses/<key>/stop-waiting")
@requires(policies.TAKE, find=_my_waiting)
def stop_waiting(mine: MyWaiting) -> ResponseReturnValue:
    """Leave the waiting list."""
    try:
        services.stop_waiting(mine.learner_id, mine.course.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("You have left the waiting list."), "ok")
    return redirect(url_for(".course", key=mine.course.key))
