"""What all decisions about certificates share: a reason in one sentence, and telling the holder."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.credentials.models import OVERTAKEN, Certificate, CorrectionProposal, RevocationProposal
from academy.credentials.queries import row_of
from academy.notices import services as notices

LONGEST_REASON = 300


def said_reason(typed: str, *, field: str = "reason") -> str:
    """Return a reason as it is kept; refuse none and one that is too long."""
    said = clean_line(typed)
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Give the reason in one sentence of at most 300 characters."), field=field)
    return said


def overtake(
    kind: type[RevocationProposal] | type[CorrectionProposal], certificate_id: int, actor_id: int, at: datetime
) -> None:
    """Close what waits for a second person about a certificate of which something else was decided."""
    waiting = kind.certificate_id == certificate_id, kind.outcome.is_(None)
    closing = {"outcome": OVERTAKEN, "decided_at": at, "decided_by_id": actor_id}
    db.session.execute(update(kind).where(*waiting).values(closing))


def tell_holder(certificate: Certificate, kind: str, cause: str, at: datetime, **values: Any) -> None:
    """Tell the holder what was decided; of a doubt or a proposal as such nobody tells them."""
    if certificate.holder_id is not None:
        notices.tell(
            certificate.holder_id, kind, f"certificate:{cause}", at=at, address="/certificates",
            course=row_of(certificate).title, number=certificate.number, **values,
        )  # fmt: skip
