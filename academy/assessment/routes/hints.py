"""Hints about how attempts were taken, for a reviewer who decides what they mean."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import queries_of_hints as queries
from academy.assessment import services
from academy.assessment.forms.concluding import OUTCOMES, ReviewForm
from academy.assessment.policies_of_results import SEE_HINTS, hints_seen
from academy.assessment.queries_of_hints import Hint
from academy.assessment.queries_of_log import LogSubject, subject
from academy.assessment.routes.blueprints import bp
from academy.base import audit, clock
from academy.base.i18n import _, _l, ngettext
from academy.catalogue import queries as catalogue
from academy.catalogue.policies import EDIT_COURSE
from academy.catalogue.queries import Desk
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import number, percent
from academy.web.identity import actor
from academy.web.pagination import paginate

KINDS = {
    "away": _l("Page left"),
    "address": _l("Other network"),
    "fast_answers": _l("Very fast answers"),
    "fast_attempt": _l("Very fast attempt"),
    "same_wrong": _l("Same wrong answers"),
}

name_act("assessment:hints:review", _l("Hints of an attempt reviewed"))
navigation.count_as("teach", "assessment.hints")


@bp.get("/teach/<key>/hints")
@requires(EDIT_COURSE, find=catalogue.desk)
def course_hints(desk: Desk) -> ResponseReturnValue:
    """List the attempts at the quizzes of a course that have notable hints."""
    everything = request.args.get("state") == "all"
    query = queries.attempts_with_hints(desk.course.id, hints_seen(actor()), only_open=not everything)
    return render_template(
        "assessment/hints_list.html",
        course=desk.course,
        course_title=desk.version.title,
        page=paginate(query),
        everything=everything,
        outcomes=OUTCOMES,
    )


@bp.route("/attempts/<int:attempt_id>/hints", methods=["GET", "POST"])
@requires(SEE_HINTS, find=subject)
def hints(found: LogSubject) -> ResponseReturnValue:
    """Show the hints of an attempt, each with how usual it is, and record what the reviewer makes of them."""
    form = ReviewForm()
    if form.validate_on_submit():
        review(found, form)
        flash(_("Recorded."), "ok")
        return redirect(url_for("assessment.hints", attempt_id=found.attempt.id))
    rows = queries.hints(found.attempt, hints_seen(actor()))
    shown = render_template(
        "assessment/hints.html",
        found=found,
        form=form,
        hints=[(row, sentence(row), usual(row)) for row in rows],
        kinds=KINDS,
        notes=queries.notes(found.attempt.id),
        outcomes=OUTCOMES,
    )
    return shown, 422 if form.errors else 200


def review(found: LogSubject, form: ReviewForm) -> None:
    """Record a reviewer's conclusion, and that there is one in the trail."""
    at, visitor = clock.now(), actor().person_id
    services.note_review(found.attempt.id, form.outcome.data, form.note.data or "", by_id=visitor, at=at)
    audit.record(
        SEE_HINTS,
        at=at,
        actor_id=visitor,
        subject=("person", found.person.id, found.person.name.show("ar")),
        organisation_id=found.person.organisation_id,
        after={"attempt": found.attempt.id, "outcome": form.outcome.data},
    )


def sentence(hint: Hint) -> str:
    """Say in plain words what was noted."""
    detail = hint.detail
    if hint.kind == "away":
        times = ngettext(
            "The page was left %(num)s time", "The page was left %(num)s times", hint.times, num=number(hint.times)
        )
        seconds = ngettext(
            "for %(num)s second in all.", "for %(num)s seconds in all.", hint.seconds, num=number(hint.seconds)
        )
        return f"{times} {seconds}"
    if hint.kind == "address":
        return ngettext(
            "The connection moved to another network %(num)s time. Phones do this by themselves.",
            "The connection moved to another network %(num)s times. Phones do this by themselves.",
            hint.times,
            num=number(hint.times),
        )
    if hint.kind == "fast_answers":
        return _(
            "%(fast)s of %(measured)s answers came in less than a tenth of the usual time; %(right)s of these were right.",
            fast=number(detail["fast"]), measured=number(detail["measured"]), right=number(detail["right"]),
        )  # fmt: skip
    if hint.kind == "fast_attempt":
        return _(
            "The attempt took %(seconds)s seconds; half of the others took more than %(median)s.",
            seconds=number(detail["seconds"]), median=number(detail["median"]),
        )  # fmt: skip
    return _(
        "Of %(both)s questions that two learners both got wrong, %(same)s have the same wrong answer; by chance %(expected)s would.",
        both=number(detail["both_wrong"]), same=number(detail["same"]), expected=number(detail["expected"], 1),
    )  # fmt: skip


def usual(hint: Hint) -> str:
    """Say how usual that is."""
    if hint.kind == "same_wrong":
        return _(
            "Among all %(pairs)s pairs of attempts compared, chance alone would bring at most %(expected)s such pairs.",
            pairs=number(hint.detail["pairs"]), expected=number(max(hint.detail["by_chance"], 0.0001), 4),
        )  # fmt: skip
    return _(
        "%(count)s of %(attempts)s attempts at this quiz show as much (%(share)s).",
        count=number(hint.usual.count), attempts=number(hint.usual.attempts), share=percent(hint.usual.share),
    )  # fmt: skip
