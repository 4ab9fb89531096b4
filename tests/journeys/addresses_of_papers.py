"""The public pages of papers: a certificate that counts, one that was taken back by two, and a transcript."""

from datetime import datetime

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.credentials import services_of_revoking as revoking
from academy.credentials import services_of_transcripts as transcripts
from academy.credentials.models import Certificate, CertificateTemplate
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


def papers_to_administer() -> list[str]:
    """Return what administrators see of certificates: the list, one, proposals, keys, and the looks with a draft that waits."""
    paper = db.session.scalars(select(Certificate).where(Certificate.revoked_at.is_(None))).first()
    made = db.session.scalars(select(CertificateTemplate).order_by(CertificateTemplate.id)).first()
    return [
        url_for("credentials.administration"),
        url_for("credentials.record", number=paper.number),
        url_for("credentials.revocations"),
        url_for("credentials.signing_keys"),
        url_for("credentials.templates"),
        url_for("credentials.new_template"),
        *(url_for(f"credentials.{name}", template_key=made.key) for name in ("template", "template_draft")),
    ]
