"""What discussions forget of somebody who was anonymised. Their posts stay under the pseudonym: others have answered them."""

from collections.abc import Collection

from sqlalchemy import and_, delete, or_, select, update

from academy.accounts.queries_of_anonymising import names_of
from academy.base import erasing
from academy.base.arabic import search_document, search_terms
from academy.base.db import db
from academy.discussions.models import (
    DiscussionPost,
    DiscussionReader,
    DiscussionThread,
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
    names = names_of(person_id)
    erasing.replace_signed(DiscussionPost.author_id == person_id, DiscussionPost.text, names)
    erasing.replace_signed(DiscussionThread.author_id == person_id, DiscussionThread.title, names)
    _leave_out_of_search(person_id, names)


def _leave_out_of_search(author_id: int, names: Collection[str]) -> None:
    """Let no word of a name find somebody's posts, nor those of others that hold a whole name; the other words find them as before."""
    if not names:
        return
    gone = set(search_document(*(name.partition("@")[0] for name in names)).split())
    named = [
        and_(*(DiscussionPost.search_text.contains(f" {term} ", autoescape=True) for term in terms))
        for terms in map(search_terms, names)
        if len(terms) > 1
    ]
    meant = or_(DiscussionPost.author_id == author_id, *named)
    for row in db.session.execute(select(DiscussionPost.id, DiscussionPost.search_text).where(meant)).all():
        left = [token for token in row.search_text.split() if token not in gone]
        this = update(DiscussionPost).where(DiscussionPost.id == row.id).values(search_text=f" {' '.join(left)} ")
        db.session.execute(this.execution_options(synchronize_session=False))
