"""A rating round as a whole: who has rated, who is missing, reminders, and what was agreed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.errors import Conflict
from academy.base.i18n import _, _l, ngettext
from academy.base.text import clean_line
from academy.competencies import kinds, policies, rules, services
from academy.competencies.models import RatingRound
from academy.competencies.queries import overviews
from academy.competencies.routes.blueprints import bp
from academy.web.access import requires
from academy.web.filters import number
from academy.web.identity import actor
from academy.web.pagination import paginate

STAGES = {
    overviews.OWED: _l("Forms are missing"), overviews.TALK: _l("Waits for the talk"), overviews.CONFIRM: _l("Waits for confirmation"),
    overviews.OBJECTION: _l("Objected to"), overviews.DONE: _l("Agreed"),
}  # fmt: skip


@bp.get("/ratings/rounds/<int:round_id>")
@requires(policies.SEE_ROUND, find=overviews.round_of)
def rating_round(row: RatingRound) -> ResponseReturnValue:
    """Show a round over the people whom the reader leads: figures, people, levels agreed on."""
    stage, words, at = request.args.get("stage", ""), clean_line(request.args.get("q", ""))[:200], clock.now()
    stage = stage if stage in overviews.STAGES else ""
    query = overviews.members(row.id, actor(), stage=stage, terms=search_terms(words))
    page = paginate(query)
    return render_template(
        "competencies/ratings/round.html",
        row=row,
        figures=overviews.overview(row, actor(), at),
        rows=[overviews.member_of(each) for each in page.rows],
        levels=overviews.levels_agreed(row.id, actor()),
        page=page,
        stage=stage,
        choices=[("", _("All")), *STAGES.items()],
        words=words,
        states=kinds.RATING_STATES,
        floor=rules.FLOOR,
        at=at,
    )


@bp.post("/ratings/rounds/<int:round_id>/reminders")
@requires(policies.REMIND_RATERS, find=overviews.round_of)
def remind_raters(row: RatingRound) -> ResponseReturnValue:
    """Remind who still owes a form about the people whom the reader leads."""
    told = services.remind_by_hand(row.id, actor(), at=clock.now())
    if not told:
        raise Conflict(_l("Nobody is left to be reminded today."))
    flash(ngettext("%(count)s reminder was sent.", "%(count)s reminders were sent.", told, count=number(told)), "ok")
    return redirect(url_for(".rating_round", round_id=row.id))
