"""The list of a trainer's courses, making a course, and its outline."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.arabic import search_terms
from academy.base.errors import NotAllowed, Refusal
from academy.base.i18n import _, _l
from academy.base.text import clean_line
from academy.catalogue import kinds, policies, queries, services
from academy.catalogue.forms.courses import NewCourseForm
from academy.catalogue.models import Activity, CourseUnit
from academy.catalogue.queries import Desk
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.finding import the_desk
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("teach", 10, _l("My courses as a trainer"), "catalogue.teach", "layers", policies.TEACH)
navigation.enter("main", 60, _l("Teaching"), "catalogue.teach", "pencil", policies.TEACH, leads="teach")

STATES = {
    "draft": (_l("Draft"), "sand", "pencil"),
    "published": (_l("Published"), "ok", "check"),
    "changed": (_l("Changes not yet published"), "warn", "git-compare"),
    "retired": (_l("Retired"), "", "archive"),
}


@bp.get("/teach")
@requires(policies.TEACH, auditors=True)
def teach() -> ResponseReturnValue:
    """List the courses that the visitor may edit."""
    words, state = clean_line(request.args.get("q", "")), request.args.get("state", "")
    state = state if state in STATES else ""
    found = paginate(queries.taught(actor(), terms=search_terms(words), state=state))
    return render_template(
        "catalogue/teach.html", page=found, words=words, state=state, states=STATES, state_choices=_state_choices()
    )


def _state_choices() -> list[tuple[str, str]]:
    return [("", _("All")), *((name, str(label)) for name, (label, _tone, _icon) in STATES.items())]


def _choices(visitor: Actor) -> list[tuple[int, str]]:
    names = queries.organisations(policies.organisations_for_new(visitor))
    own_first = sorted(names, key=lambda each: each[0] != visitor.organisation_id)
    return [(number, plain(name)) for number, name in own_first]


@bp.route("/teach/new", methods=["GET", "POST"])
@requires(policies.CREATE_COURSE)
def new() -> ResponseReturnValue:
    """Make a course."""
    visitor = actor()
    form = NewCourseForm()
    form.organisation.choices = _choices(visitor)
    if form.organisation.data is None and form.organisation.choices:
        form.organisation.data = form.organisation.choices[0][0]
    if form.validate_on_submit():
        if not allowed(policies.CREATE_COURSE, visitor, form.organisation.data):
            raise NotAllowed
        try:
            course = services.create_course(
                title=form.title.text,
                organisation_id=form.organisation.data,
                key=form.key.data or "",
                code=form.code.data or "",
                actor_id=visitor.person_id,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The course has been created as a draft. Add its first unit."), "ok")
            return redirect(url_for(".edit", key=course.key))
    return render_template("catalogue/new.html", form=form), 422 if form.errors else 200


@dataclass(frozen=True, slots=True)
class UnitRows:
    """A unit on the outline with its activities in order."""

    unit: CourseUnit
    activities: list[Activity]


def _arranged(
    units: list[CourseUnit], activities: list[Activity]
) -> tuple[list[UnitRows], list[CourseUnit], list[Activity]]:
    """Return units with their activities, then the removed units and the removed activities of units that are there."""
    here = [unit for unit in units if unit.removed_at is None]
    rows = [
        UnitRows(unit, [row for row in activities if row.unit_id == unit.id and row.removed_at is None])
        for unit in here
    ]
    present = {unit.id for unit in here}
    gone = [row for row in activities if row.removed_at is not None and row.unit_id in present]
    return rows, [unit for unit in units if unit.removed_at is not None], gone


@bp.get("/teach/<key>")
@requires(policies.EDIT_COURSE, find=the_desk)
def edit(desk: Desk) -> ResponseReturnValue:
    """Show the outline of a course, ready to be worked on when there is a draft."""
    units, activities = queries.parts_of(desk.version.id)
    rows, gone_units, gone_activities = _arranged(units, activities)
    kept = [row for each in rows for row in each.activities]
    missing = queries.missing_translations(desk.version, [each.unit for each in rows], kept)
    lacking = {lack.activity_key for lack in missing}
    return render_template(
        "catalogue/edit.html",
        desk=desk,
        rows=rows,
        gone_units=gone_units,
        gone_activities=gone_activities,
        kinds=kinds.KINDS,
        missing=missing,
        lacking=lacking,
        minutes=sum(row.minutes for row in kept),
        count=len(kept),
        states=STATES,
    )


@bp.post("/teach/<key>/draft")
@requires(policies.EDIT_COURSE, find=the_desk)
def start_editing(desk: Desk) -> ResponseReturnValue:
    """Open a draft of a published course."""
    services.draft_of(desk.course, at=clock.now())
    flash(_("You are editing a draft. Learners keep seeing the published version until you publish."), "info")
    return redirect(url_for(".edit", key=desk.course.key))
