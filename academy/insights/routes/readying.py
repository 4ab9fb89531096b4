"""Readiness for the role, unit by unit, and the people behind each figure with what they lack."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _, _l
from academy.insights import policies, queries
from academy.insights.queries import readying
from academy.insights.routes.asking import Asked, asked, scope_choices, scope_name
from academy.insights.routes.blueprints import bp
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

VERDICT_NAMES = {
    readying.READY: _l("Ready"), readying.SHORT: _l("Level too low"), readying.LACKING: _l("Evidence is lacking"),
    readying.WITHOUT: _l("Without a role profile"),
}  # fmt: skip


@bp.get("/team/readiness")
@requires(policies.LEAD_TEAM)
def readiness() -> ResponseReturnValue:
    """Show for each unit how many of those with a role profile meet it."""
    ask = asked(actor())
    everybody = queries.scope_of(actor(), "", ask.units)
    assert everybody is not None
    return render_template(
        "insights/readiness.html",
        found=readying.readying(everybody.people, ask.units),
        names=VERDICT_NAMES,
        several=len({unit.organisation for unit in ask.units}) > 1,
        as_of=clock.now(),
    )


@bp.get("/team/readiness/people")
@requires(policies.LEAD_TEAM)
def readiness_people() -> ResponseReturnValue:
    """Show the people behind a figure and what each of them lacks."""
    ask, verdict = asked(actor()), _verdict()
    query = readying.holders(ask.scope.people, verdict=verdict, terms=ask.terms)
    rows, number, total = queries.one_page(query, size=SIZE, number=asked_page())
    return render_template(
        "insights/readiness_people.html",
        ask=ask,
        verdict=verdict,
        parts=_parts(ask, verdict),
        scopes=[
            *scope_choices(ask.units, ask.lent),
            *([("outside", _("My people outside of these units"))] if ask.units else []),
        ],
        scope_name=scope_name(ask.scope),
        verdicts=[("", _("All")), *((name, str(label)) for name, label in VERDICT_NAMES.items())],
        names=VERDICT_NAMES,
        people=readying.with_lacks(rows),
        page=Page(rows, number, max(1, -(-total // SIZE)), total),
        as_of=clock.now(),
    )


def _verdict() -> str:
    verdict = request.args.get("verdict", "")
    return verdict if verdict in VERDICT_NAMES else ""


def _parts(ask: Asked, verdict: str) -> dict[str, Any]:
    return ask.parts(state="", verdict=verdict)
