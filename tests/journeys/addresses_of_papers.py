"""The public pages of papers: a certificate that counts, one that was taken back by two, and a transcript."""

from datetime import datetime

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.credentials import services_of_revoking as revoking
from academy.credentials import services_of_transcripts as transcripts
from academy.credentials.models import Certificate
from academy.credentials.queries_of_revoking import open_proposal


def pages_of_papers(holder: Person, administrator: Person, *, at: datetime) -> list[str]:
    """Return the register's pages of a holder's papers, and of one of somebody else's that was revoked."""
    others = Certificate.holder_id != holder.id, Certificate.expires_on > at.date(), Certificate.revoked_at.is_(None)
    revoked = db.session.scalars(select(Certificate).where(*others).order_by(Certificate.id)).first()
    waiting = open_proposal(revoked.id) or revoking.propose(
        revoked.id, reason_class="error", reason="صدرت خطأ", actor_id=holder.id, at=at
    )
    revoking.confirm(waiting.id, actor_id=administrator.id, at=at)
    valid = db.session.scalars(select(Certificate).where(Certificate.holder_id == holder.id)).first()
    transcript = transcripts.issue(holder, actor_id=holder.id, at=at)
    return [
        url_for("credentials.verified", number=valid.number),
        url_for("credentials.verified", number=revoked.number),
        url_for("credentials.verified_transcript", transcript_number=transcript.number),
    ]
