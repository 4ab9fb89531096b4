"""Conversations and reports for tests."""

from datetime import UTC, datetime
from itertools import count

from academy.accounts.models import Person
from academy.base.db import db
from academy.messages import queries, services
from academy.messages.models import DirectMessage, MessageReport, MessageRules

AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
_tokens = count(1)


def allow(organisation_id: int, **chosen) -> MessageRules:
    """Let an organisation choose something else than the usual."""
    row = queries.rules_of(organisation_id)
    for name, value in chosen.items():
        setattr(row, name, value)
    row.changed_at = AT
    db.session.add(row)
    db.session.flush()
    return row


def said(author: Person, other: Person, text: str = "السلام عليكم", *, at: datetime = AT) -> DirectMessage:
    """A message from one to the other, sent as the page sends it."""
    return services.send(author.id, other.id, text, token=f"token-{next(_tokens)}", at=at, today=at.date())


def reported(message: DirectMessage, reporter: Person, *, note: str = "", at: datetime = AT) -> MessageReport:
    """A report about a received message."""
    found = queries.received(message.id)
    return services.report(found, reporter.id, reason="offensive", note=note, at=at)
