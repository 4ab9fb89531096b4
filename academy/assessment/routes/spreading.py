"""The same question in other quizzes and versions: what a decision would do there, and how far it was carried."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import queries_of_regrading as queries
from academy.assessment import services
from academy.assessment.kinds import lookups
from academy.assessment.models import APPLIED
from academy.assessment.policies_of_regrading import REGRADE
from academy.assessment.queries_of_regrading import RegradePlace
from academy.assessment.queries_of_spreading import Carried, carried_from
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.regrading import LABELS
from academy.assessment.services.spreading import Elsewhere
from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.identity import actor


@dataclass(frozen=True, slots=True)
class Line:
    """A place in the table: how many attempts ask the question, what changes, how far it is."""

    there: Elsewhere
    carried: Carried | None
    moved: int
    up: int
    down: int
    certificates: int

    @property
    def state(self) -> str:
        """ "" while it can be chosen; "applied", "going" or "look"; "never" when the decision cannot count there."""
        if self.carried is None:
            return "never" if self.there.effect is None else ""
        if self.carried.regrade.state == APPLIED:
            return "applied"
        return "going" if self.carried.going_on else "look"


@bp.get("/teach/regrades/<int:regrade_id>/elsewhere")
@requires(REGRADE, find=queries.regrade_place)
def regrade_elsewhere(place: RegradePlace) -> ResponseReturnValue:
    """List the other quizzes and versions with this question, and what the decision would do in each."""
    lines = _lines(place)
    return render_template(
        "assessment/regrade_elsewhere.html",
        place=place,
        applied=place.regrade.state == APPLIED,
        lines=lines,
        labels=LABELS,
        chosen=[line for line in lines if line.carried],
        in_force=sum(line.state == "applied" for line in lines),
        open=any(line.state == "" for line in lines),
    )


@bp.post("/teach/regrades/<int:regrade_id>/elsewhere")
@requires(REGRADE, find=queries.regrade_place)
def spread_regrade(place: RegradePlace) -> ResponseReturnValue:
    """Carry the decision to the chosen places."""
    chosen = {key: request.form.get(f"seen-{key}", "") for key in request.form.getlist("place")}
    try:
        services.spread_regrade(
            place.regrade.id, chosen, may=_may, by_id=actor().person_id, at=clock.now()
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(
            _("The decision is being carried to the places you chose. Open this page again to see how far it is."), "ok"
        )
    return redirect(url_for("assessment.regrade_elsewhere", regrade_id=place.regrade.id))


def _may(course: Course) -> bool:
    return allowed(EDIT_COURSE, actor(), course)


def _lines(place: RegradePlace) -> list[Line]:
    carried = {each.key: each for each in carried_from(place.regrade.id)}
    there = services.elsewhere(place.regrade, _may, but=carried)
    return [_line(each, carried.get(each.place.key)) for each in there]


def _line(there: Elsewhere, carried: Carried | None) -> Line:
    known = carried.regrade.effect if carried else there.effect.as_json() if there.effect else {}
    moves = known.get("moves", [])
    up = sum(not move[4] and move[7] for move in moves)
    falling = [move[1] for move in moves if move[4] and not move[7]]
    papers = lookups.certificates(there.place.course.id, falling) if lookups.certificates and falling else {}
    return Line(there, carried, len(moves), up, len(falling), sum(len(numbers) for numbers in papers.values()))
