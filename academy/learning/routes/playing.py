"""The player: one activity with the outline beside it and the steps below."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Conflict
from academy.base.i18n import _
from academy.catalogue import kinds
from academy.learning import policies, quizzes, rules, services
from academy.learning.kinds import ActivityPlace, activity_links
from academy.learning.models import COMPLETED, WITHDRAWN
from academy.learning.queries import Path, PathStep, Step, path, step
from academy.learning.routes.blueprints import bp
from academy.learning.routes.showing import outline_units
from academy.learning.sorting import check
from academy.web.access import requires
from academy.web.browser import browser_here
from academy.web.identity import actor


@bp.get("/learn/<int:enrolment_id>/<activity_key>")
@requires(policies.TAKE, find=step)
def activity(here: Step) -> ResponseReturnValue:
    """Show an activity to its learner."""
    if here.enrolment_state == WITHDRAWN:
        return redirect(url_for(".course", key=here.course_key))
    way = path(here.version_id, here.enrolment_id)
    before, after = rules.after([each.id for each in way.steps], here.activity.id)
    kind = kinds.of(here.activity.kind)
    extras = _extras(here, kind)
    met = kind.completes == "read" or _is_passed(extras.get("quiz"))
    shared = {
        "here": here,
        "path": way,
        "kind": kind,
        "units": outline_units(way, here),
        "unit": next(unit for unit in way.units if here.activity.id in {each.id for each in unit.activities}),
        "position": [each.id for each in way.steps].index(here.activity.id) + 1,
        "previous_url": _url(here, way.by_id(before)),
        "onward": _onward_button(here, met, _url(here, way.by_id(after))),
        "ready": met or here.state == "done",
        "links": activity_links(ActivityPlace(here.course_id, here.course_key, here.activity.key), actor()),
    }
    return render_template(f"learning/playing/{_page_of(kind)}.html", **shared, **extras)


def _is_passed(quiz: object) -> bool:
    """Whether a quiz was passed before this place on the course was taken, so that only completing is left to do."""
    return isinstance(quiz, quizzes.QuizState) and quiz.passed


def _onward_button(here: Step, met: bool, next_url: str) -> dict[str, str]:
    """Return what the last button of the stepper does: complete and go on, go on, or back to the course's page."""
    if met and here.state != "done":
        action = url_for(".complete", enrolment_id=here.enrolment_id, activity_key=here.activity.key)
        return {
            "next_action": action,
            "next_label": _("Complete and continue") if next_url else _("Complete this activity"),
        }
    if next_url:
        return {"next_url": next_url}
    return {"next_url": url_for(".course", key=here.course_key), "next_label": _("To the course page")}


def _page_of(kind: kinds.ActivityKind) -> str:
    return {"answered": "sorting", "passed": "quiz"}.get(kind.completes, "reading")


def _extras(here: Step, kind: kinds.ActivityKind) -> dict[str, object]:
    if kind.completes == "answered":
        answers = here.resume.get("answers")
        result = check(here.activity.content, answers or {})
        return {"answers": answers or {}, "result": result, "checked_before": answers is not None}
    if kind.completes == "passed":
        start_url = url_for(".start_attempt", enrolment_id=here.enrolment_id, activity_key=here.activity.key)
        quiz = quizzes.panel(here.activity.content, here.learner_id, here.cycle, now=clock.now())
        names = kinds.domain_names() if quiz is not None and quiz.version.floors else {}
        door = quizzes.door(quiz, here.learner_id, browser_here(), now=clock.now()) if quiz is not None else None
        return {"quiz": quiz, "start_url": start_url, "domains": names, "safe": door}
    return {}


def _url(here: Step, other: PathStep | None) -> str:
    return url_for(".activity", enrolment_id=here.enrolment_id, activity_key=other.key) if other else ""


@bp.post("/learn/<int:enrolment_id>/<activity_key>/complete")
@requires(policies.TAKE, find=step)
def complete(here: Step) -> ResponseReturnValue:
    """Complete an activity whose rule is met and go on to the next."""
    was_complete = here.enrolment_state == COMPLETED
    try:
        enrolment = services.complete_activity(here.enrolment_id, here.activity.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(_url_of(here))
    if enrolment.state == COMPLETED and not was_complete:
        flash(_("Well done: you have completed the course."), "ok")
        return redirect(url_for(".course", key=here.course_key))
    return redirect(_onward(here, path(here.version_id, here.enrolment_id)))


def _onward(here: Step, way: Path) -> str:
    """Return the address of the next activity in order; after the last one, the course's page."""
    _before, after = rules.after([each.id for each in way.steps], here.activity.id)
    return _url(here, way.by_id(after)) or url_for(".course", key=here.course_key)


def _url_of(here: Step) -> str:
    return url_for(".activity", enrolment_id=here.enrolment_id, activity_key=here.activity.key)


@bp.post("/learn/<int:enrolment_id>/<activity_key>/place")
@requires(policies.TAKE, find=step)
def place(here: Step) -> ResponseReturnValue:
    """Note where the learner is: `opened` when the page was opened, `block` when they have read on. Sent by the page's script."""
    if here.enrolment_state == WITHDRAWN:
        return "", 204
    at = clock.now()
    if request.form.get("opened"):
        services.open_activity(here.enrolment_id, here.activity.id, at=at)
    elif (block := rules.block_of(request.form.get("block"))) is not None:
        services.keep_place(here.enrolment_id, here.activity.id, block, at=at)
    return "", 204
