"""The last twelve months of a team, and the course places behind each figure of a month."""

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound
from academy.base.i18n import _l
from academy.insights import policies, queries
from academy.insights.queries import trends as months
from academy.insights.routes.asking import asked, scope_choices, scope_name
from academy.insights.routes.blueprints import bp
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

FIGURE_NAMES = {
    months.DONE: _l("Completed in the month"), months.EXEMPTED: _l("Exempted in the month"), months.OVERDUE: _l("Overdue at its end"),
}  # fmt: skip


@bp.get("/team/trends")
@requires(policies.LEAD_TEAM)
def trends() -> ResponseReturnValue:
    """Show what was completed and what was overdue in the last twelve months."""
    ask, now = asked(actor()), clock.now()
    return render_template(
        "insights/trends.html",
        ask=ask,
        scopes=scope_choices(ask.units, ask.lent),
        scope_name=scope_name(ask.scope),
        months=months.trends(ask.scope.people, today=clock.today(), now=now),
        names=FIGURE_NAMES,
        as_of=now,
    )


@bp.get("/team/trends/places")
@requires(policies.LEAD_TEAM)
def month_places() -> ResponseReturnValue:
    """Show the course places behind one figure of a month; a month that trends do not tell is not there."""
    ask, now = asked(actor()), clock.now()
    first = _month(clock.today())
    figure = request.args.get("figure", months.DONE)
    if figure not in months.FIGURES:
        raise NotFound
    query = months.month_rows(ask.scope.people, first, figure, now=now)
    rows, number, total = queries.one_page(query, size=SIZE, number=asked_page())
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return render_template(
        "insights/month_places.html",
        ask=ask,
        scope_name=scope_name(ask.scope),
        figure=figure,
        names=FIGURE_NAMES,
        last=min(last, clock.today()),
        first=first,
        rows=[months.month_row(row) for row in rows],
        page=Page(rows, number, max(1, -(-total // SIZE)), total),
        as_of=now,
    )


def _month(today: date) -> date:
    told = {first.isoformat(): first for first in months.months_told(today)}
    asked_for = told.get(request.args.get("month", today.replace(day=1).isoformat()))
    if asked_for is None:
        raise NotFound
    return asked_for
