"""What the administrator sees of the model: how many standings it has computed, and the last preview of who moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, Recomputation, Standing


@dataclass(frozen=True, slots=True)
class Mover:
    """A person whose level in a competency changes; None: too little evidence for a level."""

    person_id: int
    person: LocalizedText
    key: str
    competency: LocalizedText
    was: int | None
    becomes: int | None


def standings_by_model() -> Sequence[tuple[str, int]]:
    """Return how many standings each version of the model has computed."""
    query = select(Standing.model_version, func.count()).group_by(Standing.model_version)
    return [(name, number) for name, number in db.session.execute(query.order_by(Standing.model_version))]


def recomputation(recomputation_id: int) -> Recomputation | None:
    """Return a recomputation."""
    return db.session.get(Recomputation, recomputation_id)


def last_recomputation() -> Recomputation | None:
    """Return the latest recomputation, in whatever state."""
    return db.session.scalar(select(Recomputation).order_by(Recomputation.id.desc()).limit(1))


def movers(rows: Sequence[Any]) -> list[Mover]:
    """Return those of a preview whose level changes, in two statements; people and competencies that are gone are left out."""
    people = person_names({row["person"] for row in rows})
    competencies = select(Competency.id, Competency.key, Competency.name)
    known = {row.id: row for row in db.session.execute(competencies)} if rows else {}
    return [
        Mover(
            row["person"], people[row["person"]], known[row["competency"]].key, known[row["competency"]].name,
            row["was"], row["becomes"],
        )
        for row in rows
        if row["person"] in people and row["competency"] in known
    ]  # fmt: skip


def person_names(ids: set[int]) -> dict[int, LocalizedText]:
    """Return people's names by id; no statement for nobody."""
    if not ids:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
