"""How long messages are kept, and what is left of somebody who was anonymised."""

from datetime import datetime

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.accounts.queries_of_anonymising import names_of
from academy.base import erasing
from academy.base.arabic import search_terms
from academy.base.db import change, db
from academy.messages import rules
from academy.messages.models import Conversation, DirectMessage, MessageBlock, MessageReport, MessageRules

BATCH = 500


def delete_old(*, at: datetime) -> int:
    """Delete the next conversations whose last message is older than both organisations keep them. Returns how many.

    A legal hold on one of the two keeps them, and so does a report that is still to be decided.
    """
    chosen = dict(db.session.execute(select(MessageRules.organisation_id, MessageRules.months)).all())
    usual = rules.months_before(at, rules.MONTHS)
    first, second = aliased(Person), aliased(Person)
    waiting = (
        select(MessageReport.id)
        .join(DirectMessage, DirectMessage.id == MessageReport.message_id)
        .where(DirectMessage.conversation_id == Conversation.id, MessageReport.outcome.is_(None))
    )
    query = (
        select(Conversation.id)
        .join(first, first.id == Conversation.first_id)
        .join(second, second.id == Conversation.second_id)
        .where(first.held.is_(False), second.held.is_(False), ~waiting.exists())
        .order_by(Conversation.last_at)
        .limit(BATCH)
        # Where somebody writes at this moment, it is no old one any more.
        .with_for_update(of=Conversation, skip_locked=True)
    )
    for who in (first, second):
        since = {number: rules.months_before(at, months) for number, months in chosen.items()}
        kept_since = case(since, value=who.organisation_id, else_=usual) if since else usual
        query = query.where(Conversation.last_at < kept_since)
    old = list(db.session.scalars(query))
    return change(delete(Conversation).where(Conversation.id.in_(old))) if old else 0


def forget(person_id: int) -> None:
    """Forget what somebody said in reports and whom they blocked, and the words by which messages that name them are found.

    Their messages stay with the other one of the two, under the pseudonym; names in the texts are replaced where they stand.
    """
    erasing.wipe(MessageReport.reporter_id == person_id, MessageReport.note)
    erasing.wipe(
        or_(MessageReport.author_id == person_id, MessageReport.reporter_id == person_id), MessageReport.answer
    )
    blocks = or_(MessageBlock.person_id == person_id, MessageBlock.blocked_id == person_id)
    db.session.execute(delete(MessageBlock).where(blocks))
    names = names_of(person_id)
    erasing.replace_signed(DirectMessage.author_id == person_id, DirectMessage.text, names)
    for name in names:
        terms = search_terms(name)
        if terms:
            said = [DirectMessage.search_text.contains(f" {term} ", autoescape=True) for term in terms]
            db.session.execute(update(DirectMessage).where(*said).values(search_text=" "))
