"""One certificate for those who decide about it: what waits and holds now, and what was decided so far, a statement each."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, bindparam, literal, null, select, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import (
    Certificate,
    CertificateHold,
    CorrectionProposal,
    CorrectionRequest,
    RevocationProposal,
)
from academy.credentials.queries import is_renewed
from academy.credentials.queries_of_doubts import is_doubted

# What the steps of each part of the history are called: its first, and what comes before the outcome in its last.
_CALLED = (("proposed", ""), ("correction_proposed", "correction_"), ("asked", "asked_"), ("held", ""))
_REVOCATION, _CORRECTION, _REQUEST, _HOLD = range(len(_CALLED))
# A request that was answered in another way is told of by what answered it.
_TOLD_OF_REQUESTS = ("refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Now:
    """What holds of a certificate and what waits about it; the holder is read along, so that policies find them in memory."""

    holder: Person | None
    proposal: RevocationProposal | None
    correction: CorrectionProposal | None
    asked: CorrectionRequest | None
    hold: CertificateHold | None
    successor: str | None
    imported_by: LocalizedText | None
    renewed: bool
    doubted: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what was decided about a certificate: when, by whom, of which kind, with which words."""

    at: datetime
    by: LocalizedText | None
    kind: str
    words: str


def now(certificate_id: int) -> Now:
    """Return what holds of a certificate and waits about it: suspended by hand, replaced by another number, in doubt."""
    return Now(*db.session.execute(_now(), {"certificate_id": certificate_id}).one())


def history(certificate_id: int) -> list[Step]:
    """Return what was asked, proposed, declined, corrected, suspended and revived of a certificate, the first first."""
    steps = []
    for row in db.session.execute(_history(), {"certificate_id": certificate_id}):
        first, last = _CALLED[row.part]
        steps.append(Step(row.begun_at, row.begun_by, first, row.reason or ""))
        if row.ended_at is not None and (row.part != _REQUEST or row.outcome in _TOLD_OF_REQUESTS):
            steps.append(Step(row.ended_at, row.ended_by, f"{last}{row.outcome}", row.answer or ""))
    return sorted(steps, key=lambda step: step.at)


@cache
def _now() -> Select[Any]:
    """Return the query of `now`, built once for all; of everything joined there is at most one, as the tables see to it."""
    successor = aliased(Certificate)
    columns: tuple[Any, ...] = (
        Person, RevocationProposal, CorrectionProposal, CorrectionRequest, CertificateHold,
        select(successor.number).where(successor.replaces_id == Certificate.id).scalar_subquery(),
        _name(Certificate.imported_by_id), is_renewed(), is_doubted(),
    )  # fmt: skip
    query = select(*columns).select_from(Certificate).outerjoin(Person, Person.id == Certificate.holder_id)
    for kind in (RevocationProposal, CorrectionProposal, CorrectionRequest):
        query = query.outerjoin(kind, and_(kind.certificate_id == Certificate.id, kind.outcome.is_(None)))
    by_hand = CertificateHold.released_at.is_(None), CertificateHold.reason.is_not(None)
    query = query.outerjoin(CertificateHold, and_(CertificateHold.certificate_id == Certificate.id, *by_hand))
    return query.where(Certificate.id == bindparam("certificate_id"))


@cache
def _history() -> CompoundSelect[Any]:
    """Return the query of `history`, built once for all."""
    proposals = [
        _part(place, kind, (kind.proposed_at, kind.proposed_by_id, kind.reason), (kind.decided_at, kind.decided_by_id, kind.answer), kind.outcome)
        for place, kind in ((_REVOCATION, RevocationProposal), (_CORRECTION, CorrectionProposal))
    ]  # fmt: skip
    asked, held = CorrectionRequest, CertificateHold
    request = _part(
        _REQUEST, asked, (asked.asked_at, None, asked.reason), (asked.decided_at, asked.decided_by_id, asked.answer), asked.outcome
    )  # fmt: skip
    hold = _part(
        _HOLD, held, (held.held_at, held.held_by_id, held.reason), (held.released_at, held.released_by_id, held.release_reason),
        literal("released"),
    )  # fmt: skip
    return union_all(*proposals, request, hold).order_by("part", "id")


def _part(place: int, kind: Any, begun: tuple[Any, Any, Any], ended: tuple[Any, Any, Any], outcome: Any) -> Select[Any]:
    """Return the query of one part of the history; begun and ended say when, by whom and with which words."""
    return select(
        literal(place).label("part"), kind.id.label("id"), outcome.label("outcome"),
        begun[0].label("begun_at"), _name(begun[1]).label("begun_by"), begun[2].label("reason"),
        ended[0].label("ended_at"), _name(ended[1]).label("ended_by"), ended[2].label("answer"),
    ).where(kind.certificate_id == bindparam("certificate_id"))  # fmt: skip


def _name(person_id: Any) -> Any:
    """Return how somebody is called, as a column; nothing for nobody and for those who are gone."""
    them = aliased(Person)
    return null() if person_id is None else select(them.name).where(them.id == person_id).scalar_subquery()
