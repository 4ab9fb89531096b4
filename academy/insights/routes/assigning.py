"""Assigning a course in two steps: the form, a preview of what it would do, then the act."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from academy.base import clock
from academy.base.access import Actor
from academy.base.arabic import search_terms
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, ngettext
from academy.base.text import LocalizedText, isolate
from academy.catalogue.queries import course as course_by_id
from academy.insights import listing, policies, queries, services
from academy.insights.forms import CHOSEN, FILE, GROUP, KEPT, LISTED, AssignForm
from academy.insights.queries import Choice, LedUnit, Lender
from academy.insights.routes.asking import scope_choices
from academy.insights.routes.blueprints import bp
from academy.learning.services import Assigned
from academy.web.access import requires
from academy.web.filters import in_digits, number, plain
from academy.web.identity import actor

SHOWN, NAMED, SAID = 40, 12, 5


class Offered(NamedTuple):
    """The units that the visitor leads, and for whom they stand in."""

    units: list[LedUnit]
    lent: list[Lender]


@bp.route("/team/assign", methods=["GET", "POST"])
@requires(policies.ASSIGN)
def assign() -> ResponseReturnValue:
    """Choose, preview, confirm. The step is the button that was pressed: find, preview, edit or confirm."""
    units, courses = Offered(queries.units_led(actor()), queries.lenders(actor())), queries.courses(actor())
    form, step = _form(units, courses), request.form.get("step", "")
    if request.method == "GET" or step in ("find", "edit"):
        return _show(form, units)
    read = _read_list(form, units) if form.validate() else None
    if read is None:
        return _show(form, units), 422
    people = _people(actor(), form, units)
    if step == "confirm" and not read.problems:
        return _confirm(form, people, courses)
    return _preview(form, people, courses, read)


def _form(units: Offered, courses: list[Choice]) -> AssignForm:
    given = {} if request.method == "POST" else {"formdata": None, "data": _asked(courses)}
    form = AssignForm(**given)
    form.course.choices = [(0, _("Choose a course"))] + [(course.id, plain(course.title)) for course in courses]
    form.whom.choices = [(CHOSEN, _("People I choose")), (GROUP, _("A whole group")), (LISTED, _("A list")),
                          (FILE, _("A file")), (KEPT, _("The list"))]  # fmt: skip
    form.scope.choices = scope_choices(*units)
    form.people.choices = []
    return form


def _read_list(form: AssignForm, units: Offered) -> listing.Read | None:
    """Turn a list or a file into its people; None when it names nobody of the team, which the field then says."""
    if form.whom.data not in (LISTED, FILE):
        return listing.Read([], 0, [])
    field = form.file if form.whom.data == FILE else form.listed
    try:
        rows = form.rows if field is form.listed else listing.read_file(field.data.read(), field.data.filename or "")
    except Refusal as refusal:
        field.errors = [refusal.for_reader()]
        return None
    everybody = queries.scope_of(actor(), "all", *units)
    words = {word for row in rows for word in row.words}
    read = listing.judge(rows, queries.named_by(everybody.people, words) if everybody else {})
    if not read.people:
        said = _(", ").join(isolate(each.said) for each in read.problems[:NAMED] if each.said)
        lines = len(read.problems)
        field.errors = [
            ngettext("%(num)s line fits nobody in your team: %(lines)s", "%(num)s lines fit nobody in your team: %(lines)s",
                     lines, num=number(lines), lines=said)
        ]  # fmt: skip
        return None
    form.whom.data, form.ids.data = KEPT, ",".join(map(str, read.people))
    return read


def _asked(courses: list[Choice]) -> dict[str, object]:
    """Read what a link to this page has chosen already."""
    people = [
        int(one) for one in request.args.getlist("people")[:50] if one.isascii() and one.isdigit() and len(one) < 16
    ]
    key, scope = request.args.get("course"), request.args.get("scope", "")
    chosen = next((course.id for course in courses if course.key == key), 0)
    return {"course": chosen, "people": people, "whom": GROUP if scope else CHOSEN, "scope": scope or "all"}


def _show(form: AssignForm, units: Offered) -> str:
    everybody = queries.scope_of(actor(), "all", *units)
    chosen = [person_id for person_id in form.people.data or [] if person_id]
    terms = search_terms(form.q.data or "")
    people, more = (
        queries.candidates(everybody.people, chosen=chosen, terms=terms, most=SHOWN) if everybody else ([], False)
    )
    return render_template("insights/assign.html", form=form, people=people, more=more, chosen=set(chosen), GROUP=GROUP,
                           kept=len(form.kept))  # fmt: skip


def _people(visitor: Actor, form: AssignForm, units: Offered) -> ColumnElement[bool]:
    """Return the filter on the people meant; raises NotFound when one of them is not in the visitor's team."""
    if form.whom.data == GROUP:
        scope = queries.scope_of(visitor, form.scope.data, *units)
        if scope is None:
            raise NotFound
        return scope.people
    wanted = set(form.kept if form.whom.data == KEPT else form.people.data or [])
    if queries.within(visitor, wanted) != wanted:
        raise NotFound
    return queries.just(*wanted)


def _preview(
    form: AssignForm, people: ColumnElement[bool], courses: Sequence[Choice], read: listing.Read
) -> ResponseReturnValue:
    course = course_by_id(form.course.data)
    if course is None:
        raise NotFound
    groups = defaultdict(list)
    for affected in queries.effects(people, course):
        groups[affected.effect].append(affected.name)
    return render_template(
        "insights/preview.html", form=form, groups=groups, title=_title(courses, course.id), read=read, why=listing.WHY,
        shown=SHOWN,
    )  # fmt: skip


def _confirm(form: AssignForm, people: ColumnElement[bool], courses: Sequence[Choice]) -> ResponseReturnValue:
    course_id, due_on, ids = form.course.data, form.due_on.data, queries.ids_of(people)
    if due_on is None or not ids:
        raise NotFound
    title = _title(courses, course_id)
    outcome = services.assign_course(
        actor(), course_id, ids, due_on=due_on, note=form.note.data or "", title=title, at=clock.now()
    )
    course = course_by_id(course_id) if outcome.completed else None
    _say(outcome, title, queries.left_as_they_are(people, course) if course else [])
    if outcome.due:
        return redirect(url_for("insights.assignment", assignment_id=outcome.assignment_id))
    return redirect(url_for("insights.team"))


def _title(courses: Sequence[Choice], course_id: int) -> str:
    return next((plain(course.title) for course in courses if course.id == course_id), "")


def _say(outcome: Assigned, title: str, completed: Sequence[LocalizedText]) -> None:
    """Say of how many it is required now, and name those of whom it is not: of them nothing is kept with the assignment."""
    said = ngettext("“%(course)s” is now required of %(num)s person.", "“%(course)s” is now required of %(num)s people.",
                    outcome.due, course=title)  # fmt: skip
    rest = outcome.completed + outcome.left_out
    if rest:
        said += " " + ngettext("%(num)s person was left alone.", "%(num)s people were left alone.", rest)
    if completed:
        names, more = _(", ").join(isolate(plain(name)) for name in completed[:SAID]), len(completed) - SAID
        if more > 0:
            names += " " + ngettext("and %(count)s more", "and %(count)s more", more, count=number(more))
        said += " " + _("Completed or exempted already: %(names)s.", names=names)
    flash(in_digits(said), "ok")
