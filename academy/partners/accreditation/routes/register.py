"""What anybody may know of an accreditation by its number: the partner, the level, the days, and how it stands today.

With `Accept: application/json` the answer is {"number", "status": "valid"|"suspended"|"expired"|"replaced"|"withdrawn",
"partner": {"ar", "en"}, "scheme": {"ar", "en"}, "level": number, "level_name": {"ar", "en"}, "granted_on", "valid_until"}, days in ISO form;
for a number that is not there {"error", "status": 404, "reference": null}. A breach in its grace, criteria, votes and reasons are told to nobody.
A file posted to `/verify/file` has the same answer, with "file": "genuine"|"altered" besides.
"""

import logging

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.credentials.kinds import Paper, add_paper
from academy.partners.accreditation import kinds, queries, services
from academy.partners.accreditation.models import Accreditation
from academy.partners.accreditation.routes.blueprints import bp
from academy.partners.accreditation.routes.standing import the_accreditation
from academy.partners.misses import WINDOW, note_miss, too_many_misses
from academy.web.access import public
from academy.web.errors import as_json, page, wants_json

log = logging.getLogger("academy.partners")


@bp.get("/verify/accreditation/<accreditation_number>")
@public
def verified(accreditation_number: str) -> ResponseReturnValue:
    """How an accreditation stands today: where the code on the paper leads."""
    if too_many_misses():
        return _refused(429, _("Too many tries. Wait a little, then try again."))
    row = the_accreditation(accreditation_number)
    if row is None:
        note_miss()
        return _refused(404, _("No such accreditation"))
    return _shown(row, "")


def _shown(row: Accreditation, verdict: str) -> ResponseReturnValue:
    whole = services.is_whole(row)
    if not whole:
        log.error("accreditation %s is not what was granted: the database was changed by other hands", row.id)
    status = row.status_on(clock.today(), suspended=queries.suspended(row.id) is not None)
    if wants_json():
        said = {**_said(row, status.value), **({"file": verdict} if verdict else {})}
        return _unlisted(_json(said, 200) if whole else _refused(404, _("No such accreditation")))
    return _unlisted(
        render_template(
            "accreditation/verified.html", row=row, status=status.value, statuses=kinds.STATUSES, whole=whole, verdict=verdict,
            today=clock.today(),
        )
    )  # fmt: skip


def _address(number: str) -> str | None:
    found = queries.numbered(number)
    return url_for("accreditation.verified", accreditation_number=found.number) if found else None


def _answer(number: str, verdict: str) -> ResponseReturnValue:
    row = queries.numbered(number)
    assert row is not None
    return _shown(row, verdict)


add_paper(Paper("accreditation", _address, queries.number_of_paper, _answer))


def _said(row: Accreditation, status: str) -> dict[str, object]:
    shown = {name: row.facts[name] for name in ("number", "partner", "scheme", "level", "level_name", "granted_on", "valid_until")}  # fmt: skip
    return {**shown, "status": status}


def _refused(status: int, said: str) -> ResponseReturnValue:
    if not wants_json():
        return page(status)
    response = _json({"error": said, "status": status, "reference": None}, status)
    if status == 429:
        response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response


def _json(said: dict[str, object], status: int) -> Response:
    return Response(as_json(said), status, content_type="application/json; charset=utf-8")


def _unlisted(body: ResponseReturnValue) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.vary.add("Accept")
    return response
