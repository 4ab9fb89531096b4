"""The page of one course: what it is, enrolling on it, leaving it, going on with it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _
from academy.base.text import LocalizedText, isolate
from academy.catalogue.kinds import lookups
from academy.catalogue.models import Course
from academy.catalogue.policies import SEE_COURSE
from academy.catalogue.queries import course_by_key, titles
from academy.learning import policies, rules, services
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.models.requests import EXEMPTION
from academy.learning.queries import CoursePage, Path, PathStep, course_page, exemptions, path, place_of, prerequisites
from academy.learning.queries.announcing import Shown, shown_on
from academy.learning.queries.duties import why
from academy.learning.queries.entry import EntryView, entry_of_course
from academy.learning.queries.extensions import extensions_of
from academy.learning.queries.links import course_links
from academy.learning.queries.renewals import Round, earlier_rounds
from academy.learning.queries.requests import RequestRow, latest_request
from academy.learning.routes.blueprints import bp
from academy.learning.routes.finding import LEVELS
from academy.learning.routes.outlining import outline_lines
from academy.web.access import public, requires
from academy.web.filters import plain
from academy.web.identity import actor, current_actor


def _open_page(key: str, visitor: Actor | None) -> CoursePage | None:
    """Return the page of a course if the visitor may see it: by its audience, or because they take part in it."""
    found = course_page(key, visitor.person_id if visitor else None)
    if found is None:
        return None
    if visitor is None:
        sees = found.course.public and found.course.audience == "everyone" and found.course.retired_at is None
    else:
        sees = found.takes_part or (found.published and allowed(SEE_COURSE, visitor, found.course))
    return found if sees else None


@bp.get("/courses/<key>")
@public
def course(key: str) -> ResponseReturnValue:
    """Show a course. Strangers see public ones and are asked to sign in for any other address."""
    visitor = current_actor()
    shown = _open_page(key, visitor)
    if shown is None and visitor is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    if shown is None:
        raise NotFound
    enrolment_id = shown.enrolment.id if shown.enrolment and shown.takes_part else None
    way = path(shown.version.id, enrolment_id)
    needed = prerequisites(shown.version.prerequisites, visitor.person_id if visitor else None)
    entered, asked = _way_in(shown, visitor)
    return render_template(
        "learning/course.html",
        shown=shown,
        course=shown.course,
        version=shown.version,
        enrolment=shown.enrolment if shown.takes_part else None,
        path=way,
        next_step=_next_step(shown, way),
        level_name=LEVELS.get(shown.version.level),
        competencies=_competencies(shown.version.competencies),
        objectives=[LocalizedText.of(each["text"]) for each in shown.version.objectives],
        prerequisites=needed,
        lacking=[each for each in needed if not each.met],
        lines=outline_lines(way, enrolment_id),
        standing=_standing(shown.enrolment) if shown.takes_part else "",
        rounds=_earlier(shown),
        extensions=extensions_of(shown.enrolment.id)
        if shown.enrolment and shown.has.extensions and _is_due(shown.enrolment)
        else [],
        reasons=why(visitor.person_id, course_id=shown.course.id)
        if visitor and shown.takes_part and shown.has.duties
        else [],
        entry=entered,
        **_exempting(shown, visitor),
        asked=asked,
        announced=_announced(shown),
        links=course_links(shown.course, visitor) if visitor and shown.takes_part else [],
        today=clock.today(),
    )


def _announced(shown: CoursePage) -> list[Shown]:
    """Return what was announced to the learners of the course, for one of them."""
    place = shown.enrolment if shown.takes_part and shown.has.announced else None
    return shown_on(shown.course, place.learner_id, clock.today()) if place else []


def _earlier(shown: CoursePage) -> list[Round]:
    """Return the rounds of the course that the learner completed before this one."""
    place = shown.enrolment
    return (
        earlier_rounds(place.learner_id, place.course_id, place.cycle) if place is not None and place.cycle > 1 else []
    )


def _exempting(shown: CoursePage, visitor: Actor | None) -> dict[str, Any]:
    """Return the exemption of the place, else the latest request for one and whether it may be asked for."""
    nothing: dict[str, Any] = {"exemption": None, "excused": None, "may_ask_exemption": False}
    if visitor is None:
        return nothing
    place = shown.enrolment if shown.takes_part else None
    if place is not None and place.state == COMPLETED:
        return {**nothing, "exemption": exemptions.in_force_on(place.id) if place.exempted else None}
    excused = None
    if shown.has.asked_exemption:
        excused = latest_request(visitor.person_id, course_id=shown.course.id, about=EXEMPTION)
    shows = excused is not None and excused.state in ("waiting", "refused")
    return {**nothing, "excused": excused if shows else None, "may_ask_exemption": True}


def _way_in(shown: CoursePage, visitor: Actor | None) -> tuple[EntryView, RequestRow | None]:
    """Return how one comes in, and the visitor's latest request where places are given on request."""
    if visitor is None or shown.takes_part:
        return EntryView(), None
    found = entry_of_course(shown.course.id, visitor.person_id)
    return found, latest_request(visitor.person_id, course_id=shown.course.id) if found.by_request else None


@bp.post("/courses/<key>/enrol")
@requires(policies.ENROL, find=course_by_key)
def enrol(course: Course) -> ResponseReturnValue:
    """Take a place on a course, and go to its first activity."""
    learner = actor().person_id
    try:
        services.enrol(learner, course.id, at=clock.now(), by_id=learner)
    except services.MissingPrerequisites as refusal:
        flash(_missing(refusal.course_ids), "warn")
        return redirect(url_for(".course", key=course.key))
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for(".course", key=course.key))
    return redirect(url_for(".go_on", key=course.key))


def _my_enrolment(key: str) -> Enrolment | None:
    found = course_by_key(key)
    return place_of(actor().person_id, found.id) if found else None


@bp.post("/courses/<key>/withdraw")
@requires(policies.TAKE, find=_my_enrolment)
def withdraw(enrolment: Enrolment) -> ResponseReturnValue:
    """Leave a course."""
    try:
        services.withdraw(enrolment.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("You have left the course. What you completed is kept in case you come back."), "ok")
    return redirect(url_for(".mine"))


@bp.get("/courses/<key>/go-on")
@requires(policies.TAKE, find=_my_enrolment)
def go_on(enrolment: Enrolment) -> ResponseReturnValue:
    """Continue a course at the activity last opened; from the quiz that completed it, go to the course's page."""
    key = request.view_args["key"] if request.view_args else ""
    finished = enrolment.state == COMPLETED and request.args.get("after") == "quiz"
    if enrolment.state == WITHDRAWN or finished:
        return redirect(url_for(".course", key=key))
    way = path(enrolment.version_id, enrolment.id)
    step = way.by_id(rules.continue_at(way.order, enrolment.last_activity_id))
    if step is None:
        return redirect(url_for(".course", key=key))
    return redirect(url_for(".activity", enrolment_id=enrolment.id, activity_key=step.key))


def _next_step(shown: CoursePage, way: Path) -> PathStep | None:
    last = shown.enrolment.last_activity_id if shown.enrolment and shown.takes_part else None
    return way.by_id(rules.continue_at(way.order, last)) if shown.takes_part else None


def _is_due(enrolment: Enrolment) -> bool:
    return enrolment.state == ACTIVE and enrolment.due_on is not None


def _standing(enrolment: Enrolment | None) -> str:
    if enrolment is None:
        return ""
    started = enrolment.started_at is not None
    return (
        rules.standing(enrolment.state, enrolment.due_on, started, clock.today())
        if enrolment.state == ACTIVE
        else enrolment.state
    )


def _competencies(raised: list[dict[str, object]]) -> list[tuple[str | LocalizedText, object]]:
    keys = [str(each["key"]) for each in raised]
    names = dict(lookups.competency_choices(keys)) if keys and lookups.competency_choices else {}
    return [(names.get(str(each["key"]), str(each["key"])), each.get("level")) for each in raised]


def _missing(course_ids: list[int]) -> str:
    known = titles(course_ids)
    names = "، " if actor().language == "ar" else ", "
    listed = names.join(isolate(plain(known[course_id])) for course_id in course_ids if course_id in known)
    return _("You can enrol once you have completed: %(courses)s.", courses=listed)
