"""What anybody may check: a signed roster by its number, and whether the holder of a certificate may serve today.

`GET /verify/<number>/serving` is for machines at a door and says nothing of the person:
{"number", "may_serve": "serve"|"accompanied"|"not", "until": day in ISO form or null, "as_of": day}; for a number that is not
there, or whose holder belongs to no partner, {"error", "status": 404, "reference": null}.
"""

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.base.ids import normalise_number
from academy.credentials.kinds import Paper, add_paper
from academy.partners import drawing, queries
from academy.partners.kinds import MAY_NAMES
from academy.partners.misses import WINDOW, note_miss, too_many_misses
from academy.partners.models import ServingRoster
from academy.partners.queries_of_serving import roster_on
from academy.partners.routes.blueprints import bp
from academy.partners.rules import May
from academy.partners.services.rosters import is_whole
from academy.web.access import public
from academy.web.errors import as_json, page


@bp.get("/verify/<number>/serving")
@public
def may_serve(number: str) -> ResponseReturnValue:
    """Whether the holder of a certificate may serve today, and until when; nothing else."""
    if too_many_misses():
        response = _json(
            {"error": _("Too many tries. Wait a little, then try again."), "status": 429, "reference": None}, 429
        )
        response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response
    known = normalise_number(number)
    holder = queries.holder_at_partner(known) if known else None
    if holder is None:
        note_miss()
        return _json({"error": _("No such certificate"), "status": 404, "reference": None}, 404)
    today = clock.today()
    lines = roster_on(holder.organisation_id, today, today=today, person_id=holder.id).lines
    verdict = lines[0].verdict if lines else None
    may = verdict.may if verdict else May.NOT
    until = verdict.until if verdict and may is not May.NOT else None
    said: dict[str, object] = {
        "number": known, "may_serve": may.value, "until": until.isoformat() if until else None,
        "as_of": today.isoformat(),
    }  # fmt: skip
    return _json(said, 200)


def _json(said: dict[str, object], status: int) -> Response:
    response = Response(as_json(said), status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/verify/roster/<roster_number>")
@public
def verify_roster(roster_number: str) -> ResponseReturnValue:
    """What a stranger learns of a signed roster: the partner, the day, how many may serve, the check code; no names."""
    if too_many_misses():
        return page(429)
    known = normalise_number(roster_number)
    row = queries.roster(known) if known else None
    if row is None:
        note_miss()
        return page(404)
    return _roster_page(row)


def _roster_page(row: ServingRoster, verdict: str = "") -> Response:
    lines = row.facts["lines"]
    counts = {may.value: sum(line["may"] == may.value for line in lines) for may in May}
    response = make_response(
        render_template(
            "partners/verify_roster.html",
            row=row,
            counts=counts,
            total=len(lines),
            whole=is_whole(row),
            code=drawing.check_code(row),
            may_names=MAY_NAMES,
            verdict=verdict,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _address(number: str) -> str | None:
    row = queries.roster(number)
    return url_for("partners.verify_roster", roster_number=row.number) if row else None


def _of_file(number: str, verdict: str) -> Response:
    """What is known of a file that was given out, or names a roster. Of one whose papers were not noted only the number is known."""
    row = queries.roster(number)
    assert row is not None
    return _roster_page(row, "known" if verdict == "altered" and not row.papers_noted else verdict)


add_paper(Paper("roster", _address, queries.number_of_paper, _of_file))
