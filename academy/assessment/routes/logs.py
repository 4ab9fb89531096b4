"""The receipts of an attempt: for its learner to keep, and replayed step by step for those who decide an appeal."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import policies
from academy.assessment import queries_of_log as queries
from academy.assessment.policies_of_results import READ_LOG
from academy.assessment.queries_of_heads import AttemptHead, attempt_head
from academy.assessment.queries_of_log import AttemptLog, LogLine, LogSubject, ReceiptLine, Sender
from academy.assessment.routes.blueprints import bp
from academy.assessment.rules.proof import answer_digest, is_genuine, sealed
from academy.base import audit, clock
from academy.base.clock import RIYADH
from academy.base.errors import NotFound
from academy.base.i18n import _, _l, current_language
from academy.base.spreadsheets import write_csv
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import bdi, in_digits, number
from academy.web.identity import actor

MOST_LINES = 500
LARGEST_PROOF = 2_000_000
CHANGES = {
    "answered": _l("Answered"), "changed": _l("Changed"), "cleared": _l("Answer removed"), "same": _l("Same answer again"),
    "certainty": _l("Certainty stated anew"),
}  # fmt: skip
CERTAINTY = {1: _l("Not sure"), 2: _l("Fairly sure"), 3: _l("Certain")}
REFUSALS = {
    "closed": _l("The attempt had ended"),
    "newer": _l("A newer answer was saved already"),
    "unreadable": _l("The answer could not be read"),
}

name_act("assessment:log:read", _l("Receipt log of an attempt read"))
navigation.count_as("teach", "assessment.log")


def secret() -> str:
    """Return the academy's secret."""
    return str(current_app.extensions["settings"].secret_key.get_secret_value())


def exact_time(at: datetime) -> str:
    """Show a time of day in Riyadh to the second."""
    return in_digits(f"{at.astimezone(RIYADH):%H:%M:%S}")


def sender_text(sender: Sender) -> str:
    """Say where a save came from."""
    if not sender.device:
        return _("the academy")
    return _("device %(device)s, opening %(page)s of the quiz", device=number(sender.device), page=number(sender.page))


@bp.get("/attempts/<int:attempt_id>/receipts")
@requires(policies.TAKE_ATTEMPT, find=attempt_head)
def my_receipts(head: AttemptHead) -> ResponseReturnValue:
    """List the receipts of one's own attempt, newest first."""
    rows = [] if head.anonymous else queries.receipts(head.id)
    return render_template(
        "assessment/receipts.html",
        attempt=head,
        rows=rows[::-1][:MOST_LINES],
        total=len(rows),
        certainty=CERTAINTY,
        exact_time=exact_time,
        sender_text=sender_text,
    )


@bp.get("/attempts/<int:attempt_id>/receipts.json")
@requires(policies.TAKE_ATTEMPT, find=attempt_head)
def receipts_proof(head: AttemptHead) -> ResponseReturnValue:
    """Give the learner a sealed proof of their receipts; an anonymous survey must leave none behind."""
    if head.anonymous:
        raise NotFound
    visitor, rows = actor(), queries.receipts(head.id)
    document = {
        "attempt": head.id,
        "learner": visitor.name.as_dict(),
        "quiz": head.title.as_dict(),
        "number": head.number,
        "started_at": head.started_at.isoformat(),
        "submitted_at": head.submitted_at.isoformat() if head.submitted_at else None,
        "receipts": [proven(head.id, row) for row in rows],
        "made_at": clock.now().isoformat(),
    }
    body = json.dumps(sealed(document, secret()), ensure_ascii=False, indent=1)
    return as_file(body.encode(), "application/json", f"receipts-{head.id}.json")


def proven(attempt_id: int, row: ReceiptLine) -> dict[str, Any]:
    """Return one receipt as it stands in a proof."""
    return {
        "number": row.sequence,
        "question": row.position,
        "saved_at": row.saved_at.isoformat(),
        "certainty": row.confidence,
        "answer_sha256": answer_digest(attempt_id, row.sequence, row.response),
    }


def as_file(data: bytes, content_type: str, name: str) -> Response:
    """Return a file for download that nobody keeps on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, content_type=content_type, headers=headers)


def note_reading(found: LogSubject, how: str) -> None:
    """Leave a trace of who read the log; auditors have left theirs at the door."""
    if actor().auditing:
        return
    audit.record_reading(
        READ_LOG,
        at=clock.now(),
        actor_id=actor().person_id,
        subject=("person", found.person.id, found.person.name.show("ar")),
        organisation_id=found.person.organisation_id,
        after={"attempt": found.attempt.id, "as": how},
    )


@bp.get("/attempts/<int:attempt_id>/log")
@requires(READ_LOG, find=queries.subject, auditors=True)
def log(found: LogSubject) -> ResponseReturnValue:
    """Show the log of an attempt, replayed and checked."""
    note_reading(found, "page")
    played = queries.attempt_log(found.attempt, current_language())
    return render_template(
        "assessment/log.html",
        found=found,
        log=played,
        lines=played.lines[:MOST_LINES],
        changes=CHANGES,
        largest_proof=LARGEST_PROOF,
        refusals=REFUSALS,
        certainty=CERTAINTY,
        exact_time=exact_time,
        sender_text=sender_text,
    )


def exported(attempt_id: int, file_kind: str) -> LogSubject | None:
    """Find the attempt of an export; None for a kind of file that is not written."""
    return queries.subject(attempt_id) if file_kind in ("csv", "json") else None


@bp.get("/attempts/<int:attempt_id>/log.<file_kind>")
@requires(READ_LOG, find=exported, auditors=True)
def export_log(found: LogSubject) -> ResponseReturnValue:
    """Export the log as CSV or JSON."""
    file_kind = (request.view_args or {})["file_kind"]
    note_reading(found, file_kind)
    played = queries.attempt_log(found.attempt, current_language())
    name = f"attempt-{found.attempt.id}-log.{file_kind}"
    if file_kind == "csv":
        return as_file(b"".join(write_csv(_head(), _rows(played))), "text/csv; charset=utf-8", name)
    return as_file(
        json.dumps(_document(found, played), ensure_ascii=False, indent=1).encode(), "application/json", name
    )


def _head() -> list[str]:
    return [
        _("Receipt"), _("Time (UTC)"), _("Question"), _("What happened"), _("Answer before"), _("Answer after"), _("From"),
        _("Change number on that page"), _("Certainty"),
    ]  # fmt: skip


def _rows(played: AttemptLog) -> Iterator[list[object]]:
    for line in played.lines:
        yield [
            line.sequence or "", line.at.isoformat(), line.position, happened(line), line.before, line.after,
            sender_text(line.sender), line.client_sequence, CERTAINTY[line.confidence] if line.confidence else "",
        ]  # fmt: skip


def happened(line: LogLine) -> str:
    """Say what a line of the log did."""
    if line.refused:
        return _("Not kept: %(reason)s", reason=REFUSALS[line.refused])
    return str(CHANGES[line.change])


def _document(found: LogSubject, played: AttemptLog) -> dict[str, Any]:
    attempt = found.attempt
    return {
        "attempt": attempt.id,
        "learner": found.person.name.as_dict(),
        "quiz": found.title.as_dict(),
        "started_at": attempt.started_at.isoformat(),
        "deadline": attempt.deadline.isoformat() if attempt.deadline else None,
        "submitted_at": attempt.submitted_at.isoformat() if attempt.submitted_at else None,
        "closed_by": attempt.closed_by,
        "stored_score": str(attempt.score) if attempt.score is not None else None,
        "replayed_score": str(played.replayed_score),
        "log_is_whole": played.whole,
        "missing_receipts": list(played.played.gaps),
        "questions_that_differ": list(played.differences),
        "saves": [
            {
                "receipt": step.save.sequence, "question": step.save.position, "response": step.save.response,
                "certainty": step.save.confidence, "change": step.change,
            }
            for step in played.played.steps
        ],
        "lines": [
            {
                "receipt": line.sequence, "at": line.at.isoformat(), "question": line.position,
                "refused": line.refused or None, "device": line.sender.device, "page": line.sender.page,
                "change_number": line.client_sequence,
            }
            for line in played.lines
        ],
    }  # fmt: skip


@bp.post("/attempts/<int:attempt_id>/log/proof")
@requires(READ_LOG, find=queries.subject)
def check_proof(found: LogSubject) -> ResponseReturnValue:
    """Compare a proof that a learner brings with the log."""
    sent = request.files.get("proof")
    data = sent.stream.read(LARGEST_PROOF + 1) if sent else b""
    tone, sentence = judge_proof(data, found.attempt.id)
    flash(sentence, tone)
    return redirect(url_for("assessment.log", attempt_id=found.attempt.id))


def judge_proof(data: bytes, attempt_id: int) -> tuple[str, str]:
    """Return what to say of a proof: a tone and a sentence."""
    document = _json_in(data)
    if document is None or not is_genuine(document, secret()):
        return "bad", _("This file is no proof of ours, or it was changed after it was made.")
    if document.get("attempt") != attempt_id:
        other = bdi(document.get("attempt"))
        return "bad", _("This proof is genuine but belongs to another attempt (%(number)s).", number=other)
    kept = {row.sequence: proven(attempt_id, row) for row in queries.receipts(attempt_id)}
    missing = [row["number"] for row in document["receipts"] if not stands(row, kept.get(row["number"]))]
    if missing:
        numbers = in_digits(", ".join(map(str, missing[:20])))
        return "bad", _(
            "This proof is genuine, and the log lacks or contradicts its receipts: %(numbers)s", numbers=numbers
        )
    count = len(document["receipts"])
    return "ok", _("This proof is genuine, and each of its %(count)s receipts stands in the log.", count=number(count))


def stands(brought: dict[str, Any], kept: dict[str, Any] | None) -> bool:
    """Whether a receipt of a proof is the kept one; a proof from before certainty was listed says nothing of it."""
    return kept is not None and {**kept, **brought} == kept


def _json_in(data: bytes) -> dict[str, Any] | None:
    if len(data) > LARGEST_PROOF:
        return None
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
