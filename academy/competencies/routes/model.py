"""How scores are computed, for administrators: the table of kinds, a preview of who moves, computing all anew."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, rules, services
from academy.competencies.models import Recomputation
from academy.competencies.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

name_act("competencies:model:apply", _l("All competency scores computed anew"))
navigation.enter("admin", 38, _l("Competency scores"), "competencies.model", "target", policies.RULE_MODEL)


@bp.get("/admin/scores")
@requires(policies.RULE_MODEL)
def model() -> ResponseReturnValue:
    """The model of today, how many standings follow it, and the latest preview."""
    last = queries.last_recomputation()
    return render_template(
        "competencies/model.html",
        rules=rules,
        kinds=kinds.LABELS,
        counts=queries.standings_by_model(),
        last=last,
        movers=queries.movers(last.movers if last else []),
        levels=queries.level_names(),
        section_navigation=navigation.menu("admin"),
    )


@bp.post("/admin/scores/preview")
@requires(policies.RULE_MODEL)
def preview_model() -> ResponseReturnValue:
    """Have it reckoned who would move."""
    services.start_preview(actor_id=actor().person_id, at=clock.now())
    flash(_("The preview is being reckoned in the background. Open this page again in a moment."), "info")
    return redirect(url_for(".model"))


@bp.post("/admin/scores/<int:recomputation_id>/apply")
@requires(policies.RULE_MODEL, find=queries.recomputation)
def apply_model(row: Recomputation) -> ResponseReturnValue:
    """Have all standings computed anew."""
    services.apply(row, actor_id=actor().person_id, at=clock.now())
    flash(_("All standings are being computed anew in the background."), "ok")
    return redirect(url_for(".model"))
