"""Observations as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, CompetencyDomain, Observation, ObservationLine
from academy.competencies.models.observations import DRAFT, SENT

MOST = 100


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """An observation in a list."""

    id: int
    person_id: int
    observer_id: int
    person: LocalizedText
    observer: LocalizedText
    state: str
    observed_on: date
    place: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a checklist: the competency, the level watched, its indicators by level, the mark."""

    id: int
    key: str
    competency: LocalizedText
    level: int
    indicators: dict[int, LocalizedText]
    mark: str | None


def observation(observation_id: int) -> Observation | None:
    """Return an observation."""
    return db.session.get(Observation, observation_id)


def observations_of(person_id: int) -> Sequence[ObservationRow]:
    """Return what somebody has written down, and what was written down of them, those that wait first; one statement."""
    observed, observer = aliased(Person), aliased(Person)
    mine = (Observation.person_id == person_id) & (Observation.state != DRAFT)
    query = (
        select(
            Observation.id, Observation.person_id, Observation.observer_id, observed.name.label("person"),
            observer.name.label("observer"), Observation.state, Observation.observed_on, Observation.place, Observation.sent_at,
        )
        .join(observed, observed.id == Observation.person_id)
        .join(observer, observer.id == Observation.observer_id)
        .where(or_(mine, Observation.observer_id == person_id))
        .order_by(case((Observation.state.in_((SENT, DRAFT)), 0), else_=1), Observation.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [ObservationRow(*row) for row in db.session.execute(query)]


def observation_lines(observation_id: int) -> list[Line]:
    """Return the checklist of an observation in the framework's order; one statement."""
    query = (
        select(ObservationLine.id, Competency.key, Competency.name, ObservationLine.level, Competency.levels, ObservationLine.mark)
        .join(Competency, Competency.id == ObservationLine.competency_id)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .where(ObservationLine.observation_id == observation_id)
        .order_by(CompetencyDomain.position, Competency.position)
    )  # fmt: skip
    return [
        Line(row.id, row.key, row.name, row.level, {int(n): LocalizedText.of(said) for n, said in row.levels.items()}, row.mark)
        for row in db.session.execute(query)
    ]  # fmt: skip


def photo_of(row: Observation) -> StoredFile | None:
    """Return the photograph of an observation."""
    return db.session.get(StoredFile, row.photo_id) if row.photo_id else None


def competency_ids(keys: Sequence[str]) -> dict[str, int]:
    """Return the ids of competencies by key."""
    return {
        key: id for key, id in db.session.execute(select(Competency.key, Competency.id).where(Competency.key.in_(keys)))
    }
