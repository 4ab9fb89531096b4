"""Who is late in the organisations that an administrator looks after: where the last rung of the ladder leads."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import and_

from academy.accounts.models import Person
from academy.accounts.policies import MANAGE_PEOPLE, people_administered
from academy.accounts.queries_of_administration import choices_of_organisations
from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.i18n import _l, current_language
from academy.base.text import clean_line
from academy.insights import queries
from academy.insights.queries.follow_up import OVERDUE
from academy.insights.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

LONGEST = 200
navigation.enter("admin", 28, _l("Who is late"), "insights.late", "calendar-clock", MANAGE_PEOPLE)


@bp.get("/admin/late")
@requires(MANAGE_PEOPLE)
def late() -> ResponseReturnValue:
    """List the courses that are overdue, the longest first, of everybody an administrator looks after."""
    words, today = clean_line(request.args.get("q", ""))[:LONGEST], clock.today()
    organisations = choices_of_organisations(actor())
    chosen = _chosen({number for number, _name in organisations})
    theirs = and_(people_administered(actor()), Person.state == "active")
    people = and_(theirs, Person.organisation_id == chosen) if chosen else theirs
    rows, number, total = queries.follow_up_page(
        people, state=OVERDUE, terms=search_terms(words), today=today, size=SIZE, number=asked_page()
    )
    return render_template(
        "insights/late.html",
        rows=[queries.row_of(row) for row in rows],
        page=Page(rows, number, max(1, -(-total // SIZE)), total),
        words=words,
        chosen=chosen,
        organisations=_several(organisations),
        today=today,
        as_of=clock.now(),
    )


def _chosen(mine: set[int]) -> int | None:
    asked = request.args.get("organisation", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    return number if number in mine else None


def _several(organisations: list[Any]) -> list[tuple[int, str]]:
    if len(organisations) < 2:
        return []
    return [(number, name.show(current_language())) for number, name in organisations]
