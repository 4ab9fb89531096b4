"""What the register says of a file: whether it is what was issued, and in any case what was issued."""

import json
import logging
from typing import NamedTuple

from sqlalchemy import select

from academy.base.db import db
from academy.base.noting import digest_of
from academy.credentials.badges import baking, older, reading
from academy.credentials.badges.reading import Claim
from academy.credentials.models import Certificate, IssuedPaper, SealedBadge
from academy.credentials.queries import CertificateRow, register_entry
from academy.credentials.queries_of_badges import badge_of, multikey_of
from academy.credentials.signing import linked_data, tokens

log = logging.getLogger("academy.credentials")


class Judged(NamedTuple):
    """A certificate of the register, and whether the file is exactly what was issued of it.

    `repainted`: the badge in a picture is what was issued, and the picture around it is not the one that the academy gives out.
    """

    entry: CertificateRow
    genuine: bool
    repainted: bool = False


def judge(data: bytes) -> Judged | None:
    """Return what a file is; None when no certificate of the register stands in it, whatever else it is."""
    number = _number_of_paper(data)
    if number is not None:
        entry = register_entry(number)
        return Judged(entry, genuine=True) if entry else None
    claim = reading.claim(data)
    entry = register_entry(claim.number) if claim else None
    if claim is None or entry is None:
        return None
    badge = badge_of(entry.id)
    genuine = badge is not None and _is(badge, claim)
    return Judged(entry, genuine, repainted=genuine and badge is not None and _repainted(badge, data))


def _number_of_paper(data: bytes) -> str | None:
    papers = select(Certificate.number).join(IssuedPaper, IssuedPaper.certificate_id == Certificate.id)
    return db.session.scalar(papers.where(IssuedPaper.sha256 == digest_of(data)))


def _is(badge: SealedBadge, claim: Claim) -> bool:
    """Whether a claim is word for word what was sealed, and what was sealed is still proven by its key.

    Foreign documents are compared, never brought into canonical form: that could be made to take for ever.
    """
    if claim.token:
        return claim.token == badge.token and _proven(badge)
    if claim.document is None:
        return False
    sealed = json.loads(badge.document)
    if claim.document == sealed:
        return _proven(badge)
    return claim.document == older.assertion(badge.document, badge.credential)


def _repainted(badge: SealedBadge, data: bytes) -> bool:
    """Whether a file is a picture, and neither of ours: whoever looks at it may see anything painted there."""
    return baking.is_picture(data) and data not in (baking.into_png(badge.token), baking.into_svg(badge.document))


def _proven(badge: SealedBadge) -> bool:
    name = multikey_of(badge)
    proven = linked_data.proven(json.loads(badge.document), name) and tokens.read(badge.token).signed_by(name)
    if not proven:
        log.error("badge %s is not what was sealed: the database was changed by other hands", badge.id)
    return proven
