"""The public register: anyone types or scans a number and learns who holds it, of what, from whom, and whether it counts.

With `Accept: application/json` the answer is
{"number", "state": "valid"|"expired"|"revoked"|"held", "holder": {"ar", "en"}, "credential": {"ar", "en"},
"issuer": {"ar", "en"}, "hours": training hours as a number or null, "issued_on", "valid_until": day or null, "revoked_on": day or null,
"revoked_because": a class of `kinds.REVOCATIONS` or null, "held_because": a class of `kinds.HOLDS` or null, "earlier": null,
or of a certificate from before the academy {"number", "issuer": {"ar", "en"}, "entered_on"}, "replaces": the number of the certificate whose
place it takes or null, "replaced_by": null or {"number", "state"} of the one that stands in its place}, days in ISO form, and for a number that is not there
{"error", "status": 404, "reference": null}. Numbers of transcripts and accreditations lead on to their own addresses. A file posted to
`/verify/file` as the field `file` has the same answers, with "file": "genuine"|"altered"|"repainted" besides: the last of a picture that
carries the badge as it was issued, and is not itself as it was given out.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import wraps

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from academy.base import clock, throttle
from academy.base.db import db, separately, writing
from academy.base.errors import NotFound, TooMany
from academy.base.i18n import _
from academy.base.ids import normalise_number
from academy.base.text import clean_line
from academy.credentials import queries
from academy.credentials.forms import FileForm
from academy.credentials.kinds import CORRECTED, PAPERS, STOPPED
from academy.credentials.queries import NOT_SAID, CertificateRow
from academy.credentials.queries_of_correcting import standing_for
from academy.credentials.queries_of_transcripts import transcript
from academy.credentials.routes.blueprints import bp
from academy.web.access import public
from academy.web.errors import as_json, wants_json
from academy.web.transaction import keep

WINDOW = timedelta(minutes=10)
MISSES = 30
LONGEST_SHOWN = 100
_ADDRESS = re.compile(r"/verify/(?:[a-z]+/)?([^/?#]+)/?(?:[?#].*)?\Z")


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """The form of the register, or its answer to what was typed into it."""
    typed = _out_of_address(request.args.get("number", ""))
    if clean_line(typed):
        return _answer(typed)
    return form_again(FileForm(), 200)


@bp.get("/verify/<number>")
@public
def verified(number: str) -> ResponseReturnValue:
    """The register's answer for one number: where the code on the paper leads."""
    return _answer(number)


def _out_of_address(typed: str) -> str:
    """Return the number at the end of the address that is printed on a paper; anything else as it was typed."""
    found = _ADDRESS.search("".join(typed.split()))
    return found[1] if found else typed


def _answer(typed: str) -> Response:
    """Look a number up. Malformed and unknown ones are one and the same miss; misses are counted per address."""
    if missed_too_often():
        return too_many(typed)
    number = normalise_number(typed)
    entry = queries.register_entry(number) if number else None
    if entry is None and number and transcript(number) is not None:
        return unlisted(redirect(url_for("credentials.verified_transcript", transcript_number=number)))
    elsewhere = _elsewhere(number) if entry is None and number else None
    if elsewhere:
        return unlisted(redirect(elsewhere))
    if entry is None:
        note_miss()
        return _unknown(typed)
    return entry_page(entry, clock.today())


def _elsewhere(number: str) -> str | None:
    return next(filter(None, (paper.find(number) for paper in PAPERS.values())), None)


def missed_too_often() -> bool:
    """Whether too many numbers that do not exist were asked for from this address lately."""
    return throttle.count(db.session(), _visitor(), within=WINDOW, at=clock.now()) >= MISSES


def note_miss() -> None:
    """Count a number that does not exist: the answer is a refusal and rolled back, but the count has to stay."""
    if writing():
        throttle.note(db.session(), _visitor(), at=clock.now())
        keep()
        return
    with separately() as session:
        throttle.note(session, _visitor(), at=clock.now())


def _visitor() -> str:
    return f"verify:{request.remote_addr or '?'}"


def counting_misses(view: Callable[..., ResponseReturnValue | None]) -> Callable[..., ResponseReturnValue]:
    """Hold another view that takes numbers to the same count; it answers None for a number that does not exist."""

    @wraps(view)
    def counted(**parts: str) -> ResponseReturnValue:
        if missed_too_often():
            raise TooMany
        answer = view(**parts)
        if answer is None:
            note_miss()
            raise NotFound
        return answer

    return counted


def entry_page(entry: CertificateRow, today: date, verdict: str = "") -> Response:
    """Answer with a certificate; `verdict` is "genuine", "altered" or "repainted" when a file of it was looked into.

    The name on one that was corrected is told to nobody who does not hold the very file: whoever has the new paper, which names the
    former number, must not learn how its holder was called before.
    """
    successor = standing_for(entry.id) if entry.replaced else None
    if entry.replaced and verdict not in ("genuine", "repainted"):
        entry = replace(entry, holder=NOT_SAID)
    if wants_json():
        return answer_as_json(entry_as_json(entry, today, successor), verdict)
    because = CORRECTED if entry.replaced else STOPPED.get(entry.revoked_class or entry.held_class or "")
    return unlisted(
        render_template(
            "credentials/verified.html",
            entry=entry,
            state=entry.state_on(today).value,
            today=today,
            because=because,
            verdict=verdict,
            successor=successor,
        )
    )


def entry_as_json(entry: CertificateRow, today: date, successor: CertificateRow | None = None) -> dict[str, object]:
    """Return what the register says of a certificate, in the shape at the head of this file."""
    return {
        "number": entry.number,
        "state": entry.state_on(today).value,
        "holder": entry.holder.as_dict(),
        "credential": entry.title.as_dict(),
        "issuer": entry.issuer.as_dict(),
        "hours": float(entry.hours) if entry.hours else None,
        "issued_on": entry.issued_on.isoformat(),
        "valid_until": entry.expires_on.isoformat() if entry.expires_on else None,
        "revoked_on": entry.revoked_on.isoformat() if entry.revoked_on else None,
        "revoked_because": entry.revoked_class,
        "held_because": entry.held_class,
        "earlier": _earlier(entry),
        "replaces": entry.replaced_number or None,
        "replaced_by": {"number": successor.number, "state": successor.state_on(today).value} if successor else None,
    }


def _earlier(entry: CertificateRow) -> dict[str, object] | None:
    if entry.imported_on is None:
        return None
    day = entry.imported_on.isoformat()
    return {"number": entry.former_number, "issuer": entry.former_issuer.as_dict(), "entered_on": day}


def _unknown(typed: str) -> Response:
    trouble = _("Compare the number with the paper, sign by sign, and try again.")
    return refused(typed, 404, _("No such certificate"), trouble)


def too_many(typed: str) -> Response:
    """Say that this address has asked for too much that does not exist."""
    trouble = _("Too many numbers that do not exist were asked for from your network. Try again in ten minutes.")
    response = refused(typed, 429, _("Too many tries"), trouble)
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response


def refused(typed: str, status: int, title: str, trouble: str) -> Response:
    """Show the form again with the reason why there is no answer."""
    if wants_json():
        return _json({"error": trouble, "status": status, "reference": None}, status)
    shown = clean_line(typed)[:LONGEST_SHOWN]
    said = {"typed": shown, "trouble": trouble, "wrong": bool(shown) and status == 404, "title": title}
    return unlisted(render_template("credentials/verify.html", **said, form=FileForm()), status)


def answer_as_json(answer: dict[str, object], verdict: str = "") -> Response:
    """Answer a machine; `verdict` is what was found of a file."""
    return _json({**answer, "file": verdict} if verdict else answer, 200)


def _json(answer: dict[str, object], status: int) -> Response:
    return unlisted(Response(as_json(answer), content_type="application/json; charset=utf-8"), status)


def form_again(form: FileForm, status: int = 422) -> Response:
    """Show the form of the register: at first, or with what is wrong with a file."""
    title = _("Verify a certificate")
    return unlisted(
        render_template("credentials/verify.html", typed="", trouble="", wrong=False, title=title, form=form), status
    )


def unlisted(body: str | BaseResponse, status: int | None = None) -> Response:
    """Keep names out of search engines, and the two forms of an answer apart in caches."""
    response = make_response(body) if status is None else make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.vary.add("Accept")
    return response
