"""The roster: who of a partner may serve on a day, on the page, as a file for spreadsheets, and signed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import PersonPanel, add_person_panel, name_act
from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.dates import parse_day
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, current_language
from academy.base.spreadsheets import write_csv
from academy.partners import drawing, naming, policies, queries, services
from academy.partners.models import ServingRoster
from academy.partners.queries_of_serving import Line, Roster, roster_on
from academy.partners.routes.blueprints import bp
from academy.partners.rules import May
from academy.partners.services.rosters import PAPERS, is_whole
from academy.web.access import requires
from academy.web.filters import day as shown_day
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

name_act(policies.SIGN_ROSTER, _l("Roster signed"))
log = logging.getLogger("academy.partners")
FARTHEST = timedelta(days=366)
STATES: dict[str, Callable[[Line, date], bool]] = {
    "serve": lambda line, day: line.verdict.may is May.SERVE,
    "accompanied": lambda line, day: line.verdict.may is May.ACCOMPANIED,
    "not": lambda line, day: line.verdict.may is May.NOT,
    "ending": lambda line, day: line.verdict.ends_soon(day),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the roster is asked for."""

    day: date
    trouble: bool
    unit_id: int | None
    state: str


def _asked() -> Asked:
    """Read the day, unit and state of the address; a day that cannot be read, or is too far ahead, is today, and said so."""
    today, typed = clock.today(), request.args.get("on", "")[:40]
    read = parse_day(typed) if typed.strip() else today
    good = read is not None and read <= today + FARTHEST
    unit = request.args.get("unit", "")
    state = request.args.get("state", "")
    return Asked(
        read if good and read else today,
        not good,
        int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        state if state in STATES else "",
    )


def _found(partner: Organisation, asked: Asked) -> Roster:
    return roster_on(partner.id, asked.day, today=clock.today(), unit_id=asked.unit_id)


def _chosen(found: Roster, asked: Asked) -> list[Line]:
    fits = STATES.get(asked.state)
    return [line for line in found.lines if fits is None or fits(line, asked.day)]


@bp.get("/admin/partners/<int:organisation_id>/roster")
@requires(policies.SEE_ROSTER, find=queries.partner, auditors=True)
def roster(partner: Organisation) -> ResponseReturnValue:
    """Each person's status on a day, why, and what to do next."""
    asked, today = _asked(), clock.today()
    found = _found(partner, asked)
    lines = _chosen(found, asked)
    pages = max(1, -(-len(lines) // SIZE))
    number = min(asked_page(), pages)
    page = Page(lines[(number - 1) * SIZE : number * SIZE], number, pages, len(lines))
    return render_template(
        "partners/roster.html", partner=partner, found=found, page=page, asked=asked, today=today, said=_said,
        units=[(key, plain(name)) for key, name in queries.units(partner.id)], signed=queries.rosters(partner.id),
        counts={each.value: found.count(each) for each in May},
    )  # fmt: skip


def _said(line: Line) -> tuple[str, str, str]:
    """Return what somebody may do, why and what comes next, in the reader's language."""
    verdict, language = line.verdict, current_language()
    return (
        naming.may_in_words(verdict, shown_day),
        naming.why_in_words(verdict, line.title, shown_day, language),
        naming.next_step(verdict, line.title, language),
    )


@bp.get("/admin/partners/<int:organisation_id>/roster.csv")
@requires(policies.SEE_ROSTER, find=queries.partner, auditors=True)
def export_roster(partner: Organisation) -> ResponseReturnValue:
    """The roster as chosen, for spreadsheets."""
    asked, language = _asked(), current_language()
    header = [
        _("Name"), _("Employee number"), _("Unit"), _("Day"), _("Status"), _("Until"), _("Reason"), _("Next step"),
    ]  # fmt: skip
    rows = []
    for line in _chosen(_found(partner, asked), asked):
        may, why, step = _said(line)
        unit = line.unit.show(language) if line.unit else None
        rows.append(
            [line.name.show(language), line.employee_number, unit, asked.day, may, line.verdict.until, why, step]
        )
    named = {"Content-Disposition": f'attachment; filename="roster-{asked.day.isoformat()}.csv"'}
    return Response(list(write_csv(header, iter(rows))), mimetype="text/csv; charset=utf-8", headers=named)


@bp.post("/admin/partners/<int:organisation_id>/roster/sign")
@requires(policies.SIGN_ROSTER, find=queries.partner)
def sign_roster(partner: Organisation) -> ResponseReturnValue:
    """Sign the roster of a day and lead to its paper."""
    day = parse_day(request.form.get("on", "")[:40]) or clock.today()
    try:
        row = services.sign_roster(partner, day, today=clock.today(), actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.for_reader(), "bad")
        return redirect(url_for(".roster", organisation_id=partner.id))
    flash(_("The roster is signed. Fetch it below."), "ok")
    return redirect(url_for(".roster", organisation_id=partner.id, on=row.on_day.isoformat()))


@bp.get("/admin/partners/rosters/<roster_number>.pdf")
@requires(policies.SIGN_ROSTER, find=queries.roster, auditors=True)
def paper(row: ServingRoster) -> ResponseReturnValue:
    """A signed roster as a PDF in both languages. What was altered in the database is never signed anew."""
    if not is_whole(row):
        log.error("roster %s is not what was signed: the database was changed by other hands", row.id)
        raise Refusal(_("What is kept of this roster is not what was signed. Tell the academy."))
    data, day = drawing.draw(row), row.on_day
    PAPERS.note_given(row.id, data, at=clock.now())
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="roster-{day.isoformat()}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _panel(person_id: int, own: bool) -> PersonPanel | None:
    person = queries.person_of_partner(person_id)
    if person is None:
        return None
    today = clock.today()
    lines = roster_on(person.organisation_id, today, today=today, person_id=person.id).lines
    if not lines:
        return None
    may, why, step = _said(lines[0])
    rows = [(_("Today"), may), (_("Reason"), why), *([(_("Next step"), step)] if step else [])]
    url = "" if own else url_for("partners.end_membership", person_id=person.id)
    return PersonPanel(_("Serving customers"), tuple(rows), url=url, link="" if own else _("End the membership"))


add_person_panel(_panel)
