"""Reports about messages, and what administrators decide. Both people are told; the trail keeps the decision and not the text."""

from datetime import date, datetime, timedelta

from academy.accounts.models import Organisation, Person
from academy.base import audit
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.base.i18n import LANGUAGES, _l, in_language
from academy.base.text import LocalizedText, clean_block
from academy.messages import queries, rules
from academy.messages.kinds import MESSAGE_DECIDED, MESSAGE_REPORTED, OUTCOME_NAMES, REPORT_DECIDED
from academy.messages.models import DirectMessage, MessageReport, MessageStop
from academy.messages.policies import DECIDE, LIFT
from academy.messages.queries import Received
from academy.messages.services.writing import address_of
from academy.notices.services import tell

LONGEST_STOP = timedelta(days=366)
DECIDED = _l("This report has been decided already.")


def report(found: Received, reporter_id: int, *, reason: str, note: str, at: datetime) -> MessageReport:
    """Report a received message to the administrators of its author's organisation, once."""
    message = found.message
    if reporter_id != found.recipient_id:
        raise NotFound
    if reason not in rules.REASONS:
        raise Invalid(_l("Choose a reason."), field="reason")
    said = clean_block(note)
    if reason == "other" and not said:
        raise Invalid(_l("Say in a few words what is wrong."), field="note")

    def make() -> MessageReport:
        return MessageReport(
            message_id=message.id, author_id=message.author_id, reporter_id=reporter_id, reason=reason, note=said,
            organisation_id=found.author_organisation_id, made_at=at,
        )  # fmt: skip

    row, made = insert_once(make, lambda: queries.report_of(message.id, reporter_id))
    if not made:
        raise Conflict(_l("You have reported this message already."), field="reason")
    organisation = db.session.get_one(Organisation, row.organisation_id)
    for person_id in queries.deciders(row):
        tell(
            person_id, MESSAGE_REPORTED, f"message-report:{row.id}", at=at, address=f"/admin/message-reports/{row.id}",
            about_id=row.id, organisation=organisation.name,
        )  # fmt: skip
    return row


def decide(
    row: MessageReport, outcome: str, *, answer: str, stop_until: date | None, actor_id: int, at: datetime, today: date
) -> None:
    """Decide a report: the message stays, is hidden, or is hidden and its author may write to nobody until a day. Once."""
    report: MessageReport | None = lock(MessageReport, row.id)
    if report is None:
        raise NotFound
    if report.outcome is not None:
        raise Conflict(DECIDED)
    if actor_id in (report.author_id, report.reporter_id):
        raise NotAllowed
    if outcome not in rules.DECISIONS:
        raise Invalid(_l("Choose a decision."), field="outcome")
    last = _last_day(stop_until, today) if outcome == rules.STOP else None
    message = db.session.get_one(DirectMessage, report.message_id)
    report.outcome, report.answer, report.decided_at, report.decided_by_id = outcome, clean_block(answer), at, actor_id
    if outcome != rules.KEEP:
        message.hidden_at = message.hidden_at or at
    if last is not None:
        db.session.add(
            MessageStop(person_id=report.author_id, report_id=report.id, ends_on=last, made_by_id=actor_id, made_at=at)
        )
    db.session.flush()
    author = db.session.get_one(Person, report.author_id)
    after = {"outcome": outcome, "reason": report.reason, **({"until": last.isoformat()} if last else {})}
    audit.record(
        DECIDE, at=at, actor_id=actor_id, subject=("message_report", report.id, author.name.show("ar")),
        organisation_id=report.organisation_id, after=after,
    )  # fmt: skip
    _tell_both(report, message, last, at=at)


def _last_day(stop_until: date | None, today: date) -> date:
    if stop_until is None:
        raise Invalid(_l("Enter the last day on which the person may not write."), field="stop_until")
    if stop_until < today:
        raise Invalid(_l("This day is over already."), field="stop_until")
    if stop_until > today + LONGEST_STOP:
        raise Invalid(_l("Choose a day within a year."), field="stop_until")
    return stop_until


def _tell_both(report: MessageReport, message: DirectMessage, last: date | None, *, at: datetime) -> None:
    address, reason = address_of(message.conversation_id), report.answer or None
    tell(
        report.author_id, MESSAGE_DECIDED, f"message-decided:{report.id}", at=at, address=address,
        decision=_said(report.outcome or ""), last=last, reason=reason,
    )  # fmt: skip
    # Until when the other may not write is between them and the administration.
    shown = rules.KEEP if report.outcome == rules.KEEP else rules.HIDE
    tell(
        report.reporter_id, REPORT_DECIDED, f"message-decided:{report.id}", at=at, address=address,
        decision=_said(shown), reason=reason,
    )  # fmt: skip


def _said(outcome: str) -> LocalizedText:
    words = {}
    for language in LANGUAGES:
        with in_language(language):
            words[language] = str(OUTCOME_NAMES[outcome])
    return LocalizedText(words["ar"], words["en"])


def lift(row: MessageStop, *, actor_id: int, at: datetime) -> None:
    """Let somebody write again before the day is over."""
    stop: MessageStop | None = lock(MessageStop, row.id)
    if stop is None or stop.lifted_at is not None:
        raise Conflict(_l("This was lifted already."))
    stop.lifted_at, stop.lifted_by_id = at, actor_id
    db.session.flush()
    person = db.session.get_one(Person, stop.person_id)
    audit.record(
        LIFT, at=at, actor_id=actor_id, subject=("person", person.id, person.name.show("ar")),
        organisation_id=person.organisation_id, before={"until": stop.ends_on.isoformat()},
    )  # fmt: skip
