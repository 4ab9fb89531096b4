"""What discussions forget of somebody who was anonymised. Their posts stay under the pseudonym: others have answered them."""

from sqlalchemy import delete, select

from academy.base import erasing
from academy.base.db import db
from academy.discussions.models import (
    DiscussionPost,
    DiscussionReader,
    FormerText,
    PostDecision,
    PostReport,
    WritingStop,
)


def forget(person_id: int) -> None:
    """Delete what somebody subscribed to and saw and how their posts read before; wipe what was noted by them or about them."""
    db.session.execute(delete(DiscussionReader).where(DiscussionReader.person_id == person_id))
    mine = select(DiscussionPost.id).where(DiscussionPost.author_id == person_id)
    db.session.execute(delete(FormerText).where(FormerText.post_id.in_(mine)))
    erasing.wipe(PostReport.reporter_id == person_id, PostReport.note)
    erasing.wipe(PostReport.post_id.in_(mine), PostReport.note)
    erasing.wipe(PostDecision.author_id == person_id, PostDecision.reason)
    erasing.wipe(WritingStop.person_id == person_id, WritingStop.reason)
