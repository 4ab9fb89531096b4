"""The team at a glance, and one person's record."""

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.db import db
from academy.base.i18n import _l
from academy.competencies.queries import standing_against
from academy.credentials.queries import certificates_of
from academy.insights import policies, queries
from academy.insights.queries import Member
from academy.insights.queries.expiring import others_ending
from academy.insights.queries.follow_up import EXPIRING
from academy.insights.routes.asking import asked, scope_choices, scope_name, state_choices
from academy.insights.routes.blueprints import bp
from academy.messages.queries import conversation_between
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

MAP_TEASER = 6


@bp.get("/team")
@requires(policies.LEAD_TEAM)
def team() -> ResponseReturnValue:
    """Show a manager's team: four figures, the map of competencies and the follow-up."""
    ask, today = asked(actor()), clock.today()
    figures = queries.figures(ask.scope.people, today=today)
    people = ask.sized(actor(), figures.people).people
    rows, number, total = queries.follow_up_page(
        people, state=ask.state, terms=ask.terms, today=today, size=SIZE, number=asked_page()
    )
    return render_template(
        "insights/team.html",
        ask=ask,
        scopes=scope_choices(ask.units, ask.lent),
        scope_name=scope_name(ask.scope),
        states=state_choices(),
        figures=figures,
        readiness=queries.readiness(people),
        map=queries.competency_map(people, size=MAP_TEASER),
        rows=[queries.row_of(row) for row in rows],
        ending=others_ending(people, today=today, terms=ask.terms) if ask.state == EXPIRING else [],
        page=Page(rows, number, _pages(total), total),
        today=today,
        as_of=clock.now(),
    )


@bp.get("/team/people/<int:person_id>")
@requires(policies.SEE_MEMBER, find=queries.member)
def person(who: Member) -> ResponseReturnValue:
    """Show one person's record to their manager."""
    today = clock.today()
    query = queries.follow_up(queries.just(who.person_id), today=today, whole=True)
    return render_template(
        "insights/person.html",
        who=who,
        rows=[queries.row_of(row) for row in db.session.execute(query)],
        certificates=certificates_of(who.person_id),
        standing=standing_against(who.person_id, who.role, who.targets),
        writes=_writes_to(who),
        today=today,
    )


def _writes_to(who: Member) -> bool:
    """Whether to offer writing: to the own people, and across organisations, where leading ties nobody, once there is a conversation."""
    if who.state != "active" or who.audits:
        return False
    return who.organisation_id == actor().organisation_id or bool(
        conversation_between(actor().person_id, who.person_id)
    )


def _pages(total: int) -> int:
    return max(1, -(-total // SIZE))


navigation.enter("main", 15, _l("My team"), "insights.team", "users", policies.LEAD_TEAM)
