"""Filling in a rating: drafts as often as one likes, handed in once, changed until the round closes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.competencies import rules
from academy.competencies.models import RatingAnswer, RatingLine, RatingVoice
from academy.competencies.models.ratings import OPEN, PEER
from academy.competencies.queries.ratings import FoundVoice, Said
from academy.competencies.services.rounds import CLOSED_ALREADY, hold_rating


def save_rating(found: FoundVoice, said: Mapping[int, Said], *, hand_in: bool, at: datetime) -> None:
    """Keep what a rater says, by line; what is left out is not answered yet. What was handed in stays complete.

    A peer's notes are kept only where the round shows them.
    """
    if not found.is_open(at):
        raise Conflict(CLOSED_ALREADY)
    hold_rating(found.rating, OPEN)
    voice = db.session.scalar(select(RatingVoice).where(RatingVoice.id == found.voice.id).with_for_update())
    if voice is None:
        raise Conflict(_l("Your view is not asked for any more."))
    lines = list(db.session.scalars(select(RatingLine.id).where(RatingLine.rating_id == found.rating.id)))
    missing = [line for line in lines if line not in said]
    if missing and (hand_in or voice.submitted_at is not None):
        raise Invalid(_l("Choose a level, or “not observed”."), field=f"level_{min(missing)}")
    noted = voice.voice != PEER or found.round.notes_shown
    rows = [
        {
            "voice_id": voice.id,
            "line_id": line,
            "rating_id": found.rating.id,
            "level": level,
            "note": note if noted else "",
        }
        for line, (level, note) in said.items()
        if line in lines and (level is None or 0 <= level <= rules.HIGHEST)
    ]
    db.session.execute(delete(RatingAnswer).where(RatingAnswer.voice_id == voice.id))
    if rows:
        db.session.execute(insert(RatingAnswer).execution_options(render_nulls=True), rows)
    if hand_in and voice.submitted_at is None:
        voice.submitted_at = at
    db.session.flush()
