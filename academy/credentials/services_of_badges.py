"""The verbs of badges: sealing a certificate as a signed credential, once; signing the list of revocations; noting papers."""

import hashlib
import json
from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.base import ids
from academy.base.db import db, insert_once, settle, transaction
from academy.base.errors import NotFound
from academy.base.noting import NotedPapers
from academy.credentials.badges import documents, status
from academy.credentials.badges.documents import Recipient
from academy.credentials.models import Certificate, IssuedPaper, SealedBadge
from academy.credentials.queries_of_badges import achieved, badge_of, not_counting
from academy.credentials.queries_of_signing import issuing, key_in_use
from academy.credentials.rules import CertificateFacts
from academy.credentials.services_of_signing import signer_in_use
from academy.credentials.signing import linked_data, tokens

PAPERS = NotedPapers(IssuedPaper, "certificate_id")


def seal(certificate_id: int, *, at: datetime) -> SealedBadge:
    """Sign a certificate as a badge, once however often it is asked. Raises NoKey, and ValueError for unreadable facts."""
    made, _ours = insert_once(lambda: _badge(certificate_id, at), lambda: badge_of(certificate_id))
    return made


def sealed(certificate_id: int, *, at: datetime) -> SealedBadge:
    """Return the badge of a certificate for a page, sealing it first when no job has yet. It ends the page's transaction."""
    found = badge_of(certificate_id)
    if found is None:
        settle()
        with transaction():
            found = seal(certificate_id, at=at)
    return found


def signed_list(number: int, *, at: datetime) -> dict[str, Any] | None:
    """Return a list of what does not count, signed; None when there is no such list. It may end the page's transaction."""
    stopped = not_counting(number)
    if stopped is None:
        return None
    if key_in_use() is None:
        settle()
        with transaction():
            signer_in_use(at=at)
    key, signer = signer_in_use(at=at)
    unsigned = status.document(number, stopped, documents.profile(issuing()), since=documents.moment(key.made_at))
    method = documents.method_of(signer.multikey)
    return linked_data.prove(unsigned, signer, method=method, created=documents.moment(at))


def _badge(certificate_id: int, at: datetime) -> SealedBadge:
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound
    key, signer = signer_in_use(at=at)
    unsigned = documents.credential(
        CertificateFacts.from_json(certificate.facts), achieved(certificate), issuing(), _recipient(certificate),
        certificate_id=certificate.id,
    )  # fmt: skip
    proven = linked_data.prove(
        unsigned, signer, method=documents.method_of(signer.multikey), created=documents.moment(at)
    )
    return SealedBadge(
        certificate_id=certificate.id,
        key_id=key.id,
        credential=certificate.credential,
        document=json.dumps(proven, ensure_ascii=False, indent=2),
        token=tokens.sign(documents.claims(unsigned), signer, kid=documents.key_address(signer.multikey)),
        sealed_at=at,
    )


def _recipient(certificate: Certificate) -> Recipient:
    """Return the holder as others can recognise their own address, but nobody can read it."""
    holder = db.session.get(Person, certificate.holder_id) if certificate.holder_id is not None else None
    salt = ids.random_token()
    return Recipient(hashlib.sha256(f"{holder.email}{salt}".encode()).hexdigest() if holder else None, salt)
