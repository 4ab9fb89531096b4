"""The learner's attempt: its pages, its saves, its submission and its result."""

from datetime import datetime
from secrets import token_hex
from typing import Any, TypedDict

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from academy.assessment import policies, queries_of_attempts, services
from academy.assessment.kinds import lookups
from academy.assessment.models import Attempt
from academy.assessment.queries_of_attempts import Sheet
from academy.assessment.queries_of_heads import AttemptHead, attempt_head
from academy.assessment.queries_of_safe_browser import door_of
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.filing import take_files
from academy.assessment.routes.messages import (
    LARGEST,
    BadMessage,
    answers_in,
    noticed_in,
    read_message,
    receipt_json,
    receipt_text,
)
from academy.assessment.routes.safe_browsing import outside, refused_page, turned_away
from academy.assessment.rules import is_late, network_mark
from academy.base import clock
from academy.base.browser import Browser
from academy.base.db import transaction
from academy.base.errors import Conflict
from academy.base.i18n import _
from academy.base.text import clean_line
from academy.catalogue.kinds import domain_names
from academy.web import headers, links
from academy.web.access import requires
from academy.web.browser import browser_here
from academy.web.transaction import keep, settle

the_attempt = attempt_head


class Whence(TypedDict):
    """Where a request comes from: the address of its network, and its browser."""

    address: str | None
    browser: Browser


def whence() -> Whence:
    """Return where the present request comes from."""
    return {"address": request.remote_addr, "browser": browser_here()}


class Sender(TypedDict):
    """Which page sends, and how many changes it has counted."""

    client_key: str
    client_sequence: int


@bp.get("/attempts/<int:attempt_id>")
@requires(policies.TAKE_ATTEMPT, find=the_attempt)
def attempt(head: AttemptHead) -> ResponseReturnValue:
    """Show the questions: one of them or all, as the quiz says."""
    if ended(head):
        return redirect(url_for("assessment.result", attempt_id=head.id))
    return turned_away(head) or attempt_page(head, request.args.get("q", type=int))


def attempt_page(head: AttemptHead, wanted: int | None, refused: dict[int, str] | None = None) -> str:
    """Draw the attempt; `refused` holds what to say of answers that were not kept, which stay in their fields."""
    lines = queries_of_attempts.lines(head.id)
    place = queries_of_attempts.place_in(lines) if head.sequential else min(max(wanted or 1, 1), len(lines))
    shown = [place] if head.one_at_a_time else None
    sheets = queries_of_attempts.sheets(head.id, shown)
    records = {kind for sheet in sheets for kind in sheet.control.records}
    if records:
        headers.let_record(camera="video" in records)
    newest = max(lines, key=lambda line: line.saved_sequence)
    return render_template(
        "assessment/attempt.html",
        hours_url=links.to("quiz_time", attempt_id=head.id),
        attempt=head,
        lines=lines,
        sheets=[(sheet, typed(sheet, refused or {})) for sheet in sheets],
        place=place if head.one_at_a_time else None,
        practice=queries_of_attempts.practice(head, shown),
        refused=refused or {},
        has_files=any(sheet.control.kind == "file" for sheet in sheets),
        answered=sum(line.settled for line in lines),
        seconds_left=head.seconds_left(clock.now()),
        receipt=receipt_text(newest.saved_sequence, newest.saved_at) if newest.saved_at else "",
    )


def typed(sheet: Sheet, refused: dict[int, str]) -> str:
    """Return the text for a field: as it was typed when it was refused, else as it is kept."""
    return request.form.get(sheet.prefix, "") if sheet.position in refused else sheet.control.text


def ended(head: AttemptHead) -> bool:
    """Whether the attempt is over; one that is overdue is closed now, in a transaction of its own."""
    if not head.open:
        return True
    if not is_late(clock.now(), head.deadline, head.grace_seconds):
        return False
    settle()
    with transaction():
        services.submit(head.id, at=clock.now(), by="clock")
    return True


@bp.post("/attempts/<int:attempt_id>")
@requires(policies.TAKE_ATTEMPT, find=services.hold_attempt)
def answer(held: Attempt) -> ResponseReturnValue:
    """Keep the answers of the page, then go where the pressed button leads."""
    at, position = clock.now(), request.form.get("q", type=int)
    answers, (spent, away) = answers_in(request.form), noticed_in(request.form)
    sender = sender_of(request.form)
    notice_taking(held, away, at)
    try:
        receipt = services.save_answers(held, answers, at=at, spent=spent, **whence(), **sender)
        go = request.form.get("go", "save")
        turn_flag(held, go, at)
        failed = take_files(held, go, at)
    except (services.TakenElsewhere, services.OutsideSafeBrowser) as refusal:
        head = the_attempt(held.id)
        return refused_page(head, refusal) if head else ("", 404)
    except Conflict as refusal:
        services.note_refusals(held, [each.position for each in answers], "closed", at=at, **sender)
        return over(held, refusal, at)
    if failed or any(item.verdict == "refused" for item in receipt.items):
        keep()
        head = the_attempt(held.id)
        return (attempt_page(head, position, receipt.sentences() | failed) if head else ""), 422
    if not receipt.kept:
        flash(_("A newer answer was saved from another window or device. It is shown here; check it."), "warn")
        go = "save"
    try:
        go = act_on(held, go, position, at)
    except (services.NothingToCheck, services.NoPractice) as refusal:
        flash(refusal.for_reader(), "warn")
    wanted = wanted_after(go, position)
    if wanted and wanted <= LARGEST:
        services.note_opened(held, wanted, at=at)
    return redirect(address_after(held.id, go, position))


def act_on(held: Attempt, go: str, position: int | None, at: datetime) -> str:
    """Carry out "check:3", and leaving a question for which there is no way back; return where that leads."""
    act, _colon, _number = go.partition(":")
    if act == "check" and (number := named_in(go)) is not None:
        services.check_answer(held, number, at=at, **whence())
        return f"q:{number}"
    if go == "next" and position is not None:
        services.move_on(held, position, at=at, **whence())
    return go


def sender_of(form: MultiDict[str, str]) -> Sender:
    """Return which page sent a form and how many changes it has counted."""
    key = clean_line(form.get("client_key", ""))[:40] or token_hex(8)
    return {"client_key": key, "client_sequence": min(max(form.get("client_sequence", 1, type=int), 1), LARGEST)}


def notice_taking(held: Attempt, away: list[int], at: datetime) -> None:
    """Note how the attempt is taken, as far as its page and its connection tell."""
    secret = current_app.extensions["settings"].secret_key.get_secret_value()
    network = network_mark(request.remote_addr, held.id, secret) if held.deadline else None
    services.observe(held, away=away, network=network, at=at)


def turn_flag(held: Attempt, go: str, at: datetime) -> None:
    """Set or take off the mark for review when that was pressed ("flag:3", "unflag:3")."""
    act, _colon, _named = go.partition(":")
    if act in ("flag", "unflag") and (number := named_in(go)) is not None:
        services.set_flag(held, number, act == "flag", at=at)


def address_after(attempt_id: int, go: str, position: int | None) -> str:
    """Return where a pressed button leads: "next", "previous", "q:7", "review"; else the same question again."""
    if go == "review":
        return url_for("assessment.review", attempt_id=attempt_id)
    wanted = wanted_after(go, position)
    if wanted is None:
        number = named_in(go)
        return url_for("assessment.attempt", attempt_id=attempt_id, _anchor=f"question-{number}" if number else None)
    return url_for("assessment.attempt", attempt_id=attempt_id, q=wanted)


def wanted_after(go: str, position: int | None) -> int | None:
    """Return the question that is shown after a pressed button; None where all are on one page."""
    number = named_in(go)
    if go.startswith("q:") and number:
        return number
    return None if position is None else max(1, position + {"next": 1, "previous": -1}.get(go, 0))


def named_in(go: str) -> int | None:
    """Return the position that a pressed button names ("q:7", "check:3"); None for anything else."""
    named = go.partition(":")[2]
    return int(named) if named.isascii() and named.isdigit() and len(named) < 5 else None


def over(held: Attempt, refusal: Conflict, at: datetime) -> ResponseReturnValue:
    """Say that the attempt takes no more answers, and lead to its result."""
    services.submit(held.id, at=at, by="clock")
    flash(refusal.for_reader(), "warn")
    return redirect(url_for("assessment.result", attempt_id=held.id))


@bp.post("/attempts/<int:attempt_id>/save")
@requires(policies.TAKE_ATTEMPT, find=services.hold_attempt)
def save(held: Attempt) -> ResponseReturnValue:
    """Keep answers sent by the page's script and acknowledge them with a receipt."""
    at = clock.now()
    try:
        message = read_message(sent_json(), held.id)
    except BadMessage as bad:
        return jsonify(error=bad.for_reader()), bad.status
    sender: Sender = {"client_key": message.client_key, "client_sequence": message.client_sequence}
    notice_taking(held, message.away, at)
    try:
        receipt = services.save_answers(held, message.answers, at=at, spent=message.spent, **whence(), **sender)
    except (services.TakenElsewhere, services.OutsideSafeBrowser) as refusal:
        return jsonify(error=refusal.for_reader(), elsewhere=True), refusal.status
    except Conflict as refusal:
        services.note_refusals(held, [each.position for each in message.answers], "closed", at=at, **sender)
        keep()
        result_url = url_for("assessment.result", attempt_id=held.id)
        return jsonify(error=refusal.for_reader(), closed=True, result_url=result_url), refusal.status
    for verdict, reason in (("newer", "newer"), ("refused", "unreadable")):
        if positions := [item.position for item in receipt.items if item.verdict == verdict]:
            services.note_refusals(held, positions, reason, at=at, **sender)
            keep()
    left = None if held.deadline is None else max(0, int((held.deadline - at).total_seconds()))
    return jsonify(receipt_json(receipt, left)), status_of(receipt)


@bp.get("/attempts/<int:attempt_id>/time")
@requires(policies.TAKE_ATTEMPT, find=the_attempt)
def time_left(head: AttemptHead) -> ResponseReturnValue:
    """Tell the page's script what it cannot know: the time left, who saved last, whether the attempt still runs."""
    return jsonify(
        seconds_left=head.seconds_left(clock.now()),
        open=head.open,
        saved_by=head.saved_by,
        result_url=url_for("assessment.result", attempt_id=head.id),
    )


def sent_json() -> object:
    """Return the JSON that was sent; None for anything else, also when it is nested too deeply to be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def status_of(receipt: services.Receipt) -> int:
    """Return 200 when anything is kept, 409 when everything is older than what is kept, 422 when nothing was readable."""
    verdicts = {item.verdict for item in receipt.items}
    if verdicts & {"saved", "repeat"} or not verdicts:
        return 200
    return 409 if "newer" in verdicts else 422


@bp.get("/attempts/<int:attempt_id>/review")
@requires(policies.TAKE_ATTEMPT, find=the_attempt)
def review(head: AttemptHead) -> ResponseReturnValue:
    """Show what is answered and what is not, before submitting."""
    if ended(head):
        return redirect(url_for("assessment.result", attempt_id=head.id))
    if (page := turned_away(head)) is not None:
        return page
    lines = queries_of_attempts.lines(head.id)
    here = queries_of_attempts.place_in(lines) if head.sequential else None
    sheets = {sheet.position: sheet for sheet in queries_of_attempts.sheets(head.id)} if here is None else {}
    rows: list[dict[str, Any]] = [
        {"line": line, "sheet": sheets.get(line.position), "url": question_url(head, line.position)} for line in lines
    ]
    return render_template(
        "assessment/attempt_review.html",
        hours_url=links.to("quiz_time", attempt_id=head.id),
        attempt=head,
        rows=rows,
        here=here,
        unanswered=[row for row in rows if not row["line"].answered],
        doubtful=[row for row in rows if row["line"].answered and row["sheet"] and row["sheet"].notes],
        answered=sum(line.settled for line in lines),
        seconds_left=head.seconds_left(clock.now()),
        last_url=question_url(head, here or len(lines)),
    )


def question_url(head: AttemptHead, position: int) -> str:
    """Return the address of a question: a page of its own, or its place on the one page."""
    if not head.one_at_a_time:
        return url_for("assessment.attempt", attempt_id=head.id, _anchor=f"question-{position}")
    return url_for("assessment.attempt", attempt_id=head.id, q=position)


@bp.post("/attempts/<int:attempt_id>/submit")
@requires(policies.TAKE_ATTEMPT, find=the_attempt)
def submit(head: AttemptHead) -> ResponseReturnValue:
    """Submit the attempt; pressed again, it leads to the same result.

    What is saved may be submitted from any place, as nothing can be added, but from Safe Exam Browser where that is asked for.
    """
    if not ended(head) and (page := outside(head)) is not None:
        return page
    try:
        graded = services.submit(head.id, at=clock.now())
    except services.NothingSaid as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for("assessment.review", attempt_id=head.id))
    if graded.closed_by == "clock":
        flash(_("The time was over. The answers saved until then have been graded."), "warn")
    return redirect(url_for("assessment.result", attempt_id=head.id))


@bp.get("/attempts/<int:attempt_id>/result")
@requires(policies.TAKE_ATTEMPT, find=the_attempt)
def result(head: AttemptHead) -> ResponseReturnValue:
    """Show the result as far as the quiz releases it."""
    if not ended(head):
        return redirect(url_for("assessment.attempt", attempt_id=head.id))
    fresh = head if not head.open else the_attempt(head.id) or head
    found = queries_of_attempts.result(fresh, now=clock.now())
    return render_template(
        "assessment/attempt_result.html",
        attempt=fresh,
        result=found,
        closes_at=found.closes_at,
        domains=domain_names() if found.shortfalls else {},
        safe=door_of(fresh, fresh.quiz_version_id, fresh.learner_id, fresh.started_at, browser_here()),
        back_url=links.to("quiz_back", course_key=fresh.course_key),
        completed=lookups.completed(fresh.id) if lookups.completed and found.quiz_passed else None,
        certificates_url=links.to("certificates"),
        again_url=links.to("quiz", quiz_id=fresh.quiz_id),
    )
