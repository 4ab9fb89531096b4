"""Claims as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.accounts.policies import people_administered, people_managed
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Claim, Competency
from academy.competencies.models.claims import WAITING

MOST = 100


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list."""

    id: int
    person: LocalizedText
    competency: LocalizedText
    title: str
    kind: str
    level: int
    state: str
    made_at: datetime


def claim(claim_id: int) -> Claim | None:
    """Return a claim with its person, competency and proof, and whoever decided it; one statement."""
    around = Claim.person, Claim.competency, Claim.proof, Claim.decided_by
    return db.session.get(Claim, claim_id, options=[joinedload(each) for each in around])


def claims_of(person_id: int) -> Sequence[ClaimRow]:
    """Return a person's claims, the newest first; one statement."""
    return _rows(Claim.person_id == person_id)


def claims_to_decide(actor: Actor) -> Sequence[ClaimRow]:
    """Return the claims that wait for the actor as manager or administrator, the newest first; one statement."""
    theirs = or_(people_managed(actor), people_administered(actor))
    return _rows(Claim.state == WAITING, Claim.person_id != actor.person_id, theirs)


def _rows(*where: ColumnElement[bool]) -> Sequence[ClaimRow]:
    query = (
        select(Claim.id, Person.name, Competency.name, Claim.title, Claim.kind, Claim.level, Claim.state, Claim.made_at)
        .join(Person, Person.id == Claim.person_id)
        .join(Competency, Competency.id == Claim.competency_id)
        .where(*where)
        .order_by(Claim.id.desc())
        .limit(MOST)
    )
    return [ClaimRow(*row) for row in db.session.execute(query)]
