"""Transcripts: what somebody has learned on one page, issued as a signed paper that anyone can check by its number.

With `Accept: application/json` the register's answer is {"number", "holder": {"ar", "en"}, "organisation", "issuer", "issued_on",
"hours": decimal text, "courses": [{"title", "issuer", "completed_on", "hours": decimal text or null, "exempted"}], "programmes": the same,
"certificates": [{"number", "credential", "issuer", "issued_on", "valid_until": day or null, "state_then"}]}, days in ISO form; for a number that is
not there, or whose record is not what was issued, {"error", "status": 404, "reference": null}.
"""

import logging

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import queries as accounts
from academy.accounts.kinds import PersonPanel, add_person_panel, name_act
from academy.accounts.models import Person
from academy.base import clock
from academy.base.access import allowed
from academy.base.i18n import _, _l
from academy.base.ids import normalise_number
from academy.credentials import papers, policies, services_of_transcripts
from academy.credentials import queries_of_transcripts as queries
from academy.credentials.drawing import CannotDraw
from academy.credentials.models import Transcript
from academy.credentials.routes import register
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import PaperRefused, given_out
from academy.credentials.rules_of_transcripts import Learned, TranscriptFacts
from academy.web.access import public, requires
from academy.web.errors import wants_json
from academy.web.identity import actor

log = logging.getLogger("academy.credentials")
name_act(policies.SEE_TRANSCRIPTS, _l("Transcript issued"))


def the_transcript(transcript_number: str) -> Transcript | None:
    """Return the transcript that a typed or linked number means."""
    stored = normalise_number(transcript_number)
    return queries.transcript(stored) if stored else None


@bp.route("/people/<int:person_id>/transcript", methods=["GET", "POST"])
@requires(policies.SEE_TRANSCRIPTS, find=accounts.person)
def transcript(person: Person) -> ResponseReturnValue:
    """What a transcript would state today, those issued before, and the button to issue one."""
    if request.method == "POST":
        row = services_of_transcripts.issue(person, actor_id=actor().person_id, at=clock.now())
        flash(_("The transcript is issued. Download it below; anyone can check it by its number."), "ok")
        return redirect(url_for("credentials.transcript", person_id=person.id, _anchor=f"t{row.id}"))
    return render_template(
        "credentials/transcript.html", person=person, own=person.id == actor().person_id,
        facts=services_of_transcripts.computed(person, at=clock.now()), issued=queries.transcripts_of(person.id),
    )  # fmt: skip


@bp.get("/transcripts/<transcript_number>.pdf")
@requires(policies.FETCH_TRANSCRIPT, find=the_transcript, auditors=True)
def transcript_paper(row: Transcript) -> ResponseReturnValue:
    """A transcript as PDF, the same bytes every time."""
    try:
        made = papers.transcript(queries.facts_of(row))
    except CannotDraw as error:
        log.exception("transcript %s cannot be drawn", row.id)
        raise PaperRefused from error
    services_of_transcripts.PAPERS.note_given(row.id, made, at=clock.now())
    title = _("Transcript")
    return given_out(made, "application/pdf", name=f"{title} - {row.number[:5]}.pdf")


@bp.get("/verify/transcript/<transcript_number>")
@public
def verified_transcript(transcript_number: str) -> ResponseReturnValue:
    """What was stated under this number, on which day: where the code on the paper leads."""
    if register.missed_too_often():
        return register.too_many("")
    row = the_transcript(transcript_number)
    if row is None:
        register.note_miss()
        trouble = _("Compare the number with the paper, sign by sign, and try again.")
        return register.refused("", 404, _("No such transcript"), trouble)
    return transcript_page(row)


def transcript_page(row: Transcript, verdict: str = "") -> Response:
    """Return the register's page of a transcript; `verdict` is "genuine" or "altered" when a file of it was looked into."""
    whole = services_of_transcripts.is_whole(row)
    if not whole:
        log.error("transcript %s is not what was issued: the database was changed by other hands", row.id)
    facts = queries.facts_of(row) if whole else None
    if wants_json():
        unsure = _("This transcript cannot be confirmed")
        return register.answer_as_json(_said(facts), verdict) if facts else register.refused("", 404, unsure, unsure)
    return register.unlisted(
        render_template("credentials/verified_transcript.html", row=row, facts=facts, verdict=verdict)
    )


def _said(facts: TranscriptFacts) -> dict[str, object]:
    return {
        "number": facts.number, "holder": facts.holder.as_dict(), "organisation": facts.organisation.as_dict(),
        "issuer": facts.academy.as_dict(), "issued_on": facts.issued_on.isoformat(), "hours": facts.hours,
        "courses": [_learned(each) for each in facts.courses], "programmes": [_learned(each) for each in facts.programmes],
        "certificates": [
            {
                "number": each.number, "credential": each.title.as_dict(), "issuer": each.issuer.as_dict(),
                "issued_on": each.issued_on.isoformat(),
                "valid_until": each.expires_on.isoformat() if each.expires_on else None, "state_then": each.state,
            }
            for each in facts.certificates
        ],
    }  # fmt: skip


def _learned(each: Learned) -> dict[str, object]:
    return {
        "title": each.title.as_dict(), "issuer": each.issuer.as_dict(), "completed_on": each.on.isoformat(),
        "hours": each.hours or None, "exempted": each.exempted,
    }  # fmt: skip


def _panel(person_id: int, own: bool) -> PersonPanel | None:
    who = accounts.person(person_id)
    if own or who is None or not allowed(policies.SEE_TRANSCRIPTS, actor(), who):
        return None
    note = _("All that this person has learned, as one paper that anyone can check.")
    url = url_for("credentials.transcript", person_id=person_id)
    return PersonPanel(_("Transcript"), nothing=note, url=url, link=_("Open"))


add_person_panel(_panel)
