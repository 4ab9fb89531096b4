"""What somebody does with their own side of a conversation: reading, muting, blocking."""

from datetime import datetime

from sqlalchemy import delete, update

from academy.base.db import change, db, insert_missing, separately
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.messages.kinds import DIRECT_MESSAGE
from academy.messages.models import ConversationSide, MessageBlock
from academy.messages.rules import Verdict
from academy.messages.services.writing import address_of
from academy.notices.services import mark_read_at


def note_read(conversation_id: int, person_id: int, *, through: int, at: datetime) -> None:
    """Note up to which message somebody has read, and that the notices about it are read; the page that shows it cannot write itself."""
    mine = ConversationSide.conversation_id == conversation_id, ConversationSide.person_id == person_id
    with separately() as session:
        session.execute(
            update(ConversationSide).where(*mine, ConversationSide.read_to < through).values(read_to=through)
        )
        mark_read_at(session, person_id, DIRECT_MESSAGE, address_of(conversation_id), at=at)


def mute(conversation_id: int, person_id: int, *, muted: bool) -> None:
    """Let a conversation tell nothing any more, or again; its messages arrive all the same."""
    mine = ConversationSide.conversation_id == conversation_id, ConversationSide.person_id == person_id
    change(update(ConversationSide).where(*mine).values(muted=muted))


def block(person_id: int, blocked_id: int, verdict: Verdict, *, at: datetime) -> None:
    """Take no more messages from a colleague. Whoever is tied by duty can be muted, and not blocked."""
    if verdict.official:
        raise Conflict(
            _l("You cannot block your manager, trainer or administrator, nor those whom you lead, teach or administer. Mute the conversation instead.")
        )  # fmt: skip
    insert_missing(MessageBlock, [{"person_id": person_id, "blocked_id": blocked_id, "made_at": at}])


def unblock(person_id: int, blocked_id: int) -> None:
    """Take messages from somebody again."""
    db.session.execute(
        delete(MessageBlock).where(MessageBlock.person_id == person_id, MessageBlock.blocked_id == blocked_id)
    )
