"""Writing a message: the policy is asked in the same transaction, a form sends once, and the other is told."""

from datetime import date, datetime, timedelta

from academy.accounts.models import Person
from academy.accounts.services import Limit, throttling
from academy.base.arabic import search_document
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.messages import queries, rules
from academy.messages.kinds import DIRECT_MESSAGE, WHY_NOT
from academy.messages.models import Conversation, ConversationSide, DirectMessage
from academy.messages.queries_of_pairs import judged
from academy.notices.services import tell

MESSAGES, NEW_CONVERSATIONS = Limit(30, timedelta(minutes=10)), Limit(15, timedelta(hours=1))
TOO_MUCH = _l("You have written much in a short time. Wait a little, then send this.")


class MayNotWrite(Conflict):
    """The policy does not let the two write to each other now; `reason` says why by its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(WHY_NOT[reason], field="text")
        self.reason = reason


def send(
    author_id: int, other_id: int, text: str, *, token: str, at: datetime, today: date, course_id: int | None = None
) -> DirectMessage:
    """Send a message, and begin the conversation of the two if there is none. The same form sends once.

    Raises MayNotWrite, Invalid for an empty or too long text, Throttled.
    """
    text = clean_block(text)
    if not text:
        raise Invalid(_l("Write your message."), field="text")
    if len(text) > rules.LONGEST:
        raise Invalid(_l("Use at most %(limit)s characters."), field="text", limit=rules.LONGEST)
    token = token[:64] or _without_form(author_id, at)
    if (sent := queries.sent_with(author_id, token)) is not None:
        return sent
    verdict = judged(author_id, other_id, today=today)
    if not verdict.allowed:
        raise MayNotWrite(verdict.reason)
    known = queries.conversation_between(author_id, other_id)
    begins = ((f"messages:new:{author_id}", NEW_CONVERSATIONS),) if known is None else ()
    throttling.count(((f"messages:{author_id}", MESSAGES), *begins), at=at, sentence=TOO_MUCH, field="text")
    # Held, for it may be deleted at this moment because it is old.
    held: Conversation | None = lock(Conversation, known.id) if known is not None else None
    conversation = held or _begun(author_id, other_id, at)

    def make() -> DirectMessage:
        return DirectMessage(
            conversation_id=conversation.id, author_id=author_id, token=token, text=text,
            search_text=search_document(text), course_id=course_id, sent_at=at,
        )  # fmt: skip

    message, made = insert_once(make, lambda: queries.sent_with(author_id, token))
    if made:
        conversation.last_at = max(conversation.last_at, at)
        db.session.flush()
        _tell(message, other_id, at=at)
    return message


def _without_form(author_id: int, at: datetime) -> str:
    return f"{author_id}:{at.timestamp()}"


def _begun(one_id: int, other_id: int, at: datetime) -> Conversation:
    """Return the conversation of two people, begun now unless another transaction was first."""
    first, second = sorted((one_id, other_id))

    def make() -> Conversation:
        row = Conversation(first_id=first, second_id=second, created_at=at, last_at=at)
        db.session.add(row)
        db.session.flush()
        for mine, theirs in ((first, second), (second, first)):
            db.session.add(ConversationSide(conversation_id=row.id, person_id=mine, other_id=theirs))
        return row

    return insert_once(make, lambda: queries.conversation_between(one_id, other_id))[0]


def _tell(message: DirectMessage, other_id: int, *, at: datetime) -> None:
    """Tell the other once for all that they have not read yet: a second message before that tells nothing new."""
    side = db.session.get_one(ConversationSide, (message.conversation_id, other_id))
    if side.muted or queries.waits_already(side, before_id=message.id):
        return
    author = db.session.get_one(Person, message.author_id)
    tell(
        other_id, DIRECT_MESSAGE, f"message:{message.id}", at=at, address=address_of(message.conversation_id),
        about_id=message.id, by=author.name,
    )  # fmt: skip


def address_of(conversation_id: int) -> str:
    """Return the path of a conversation."""
    return f"/messages/{conversation_id}"
