"""What one person has proven, competency by competency and pooled by domain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Row

from academy.assessment.models import Attempt
from academy.assessment.queries_of_standing import hidden_scores
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies import rules
from academy.competencies.models import Competency, CompetencyDomain, Evidence, PersonRequirement, Requirement, Standing

QUIZ = "quiz:"


@dataclass(frozen=True, slots=True)
class CompetencyStanding:
    """One competency of a person. Score and level are None when the evidence is too thin."""

    key: str
    name: LocalizedText
    score: Decimal | None
    level: int | None
    target: int
    items: int
    pieces: int

    @property
    def enough(self) -> bool:
        """Whether anything can be said."""
        return self.score is not None

    @property
    def met(self) -> bool:
        """Whether the target of the role is reached."""
        return self.target > 0 and (self.level or 0) >= self.target

    @property
    def gap(self) -> int:
        """Levels missing to the target."""
        return max(0, self.target - (self.level or 0))

    @property
    def items_missing(self) -> int:
        """How many observed items are missing before anything can be said."""
        return max(0, rules.ENOUGH_ITEMS - self.items)


@dataclass(frozen=True, slots=True)
class DomainStanding:
    """A domain: its competencies, and the score pooled over all their evidence."""

    key: str
    name: LocalizedText
    score: Decimal | None
    competencies: tuple[CompetencyStanding, ...]

    @property
    def met(self) -> int:
        """How many targets of the role are reached in this domain."""
        return sum(each.met for each in self.competencies)

    @property
    def asked(self) -> int:
        """How many competencies of this domain the role asks for."""
        return sum(each.target > 0 for each in self.competencies)


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Everything a person has proven, against the profile of their role (None when they have none)."""

    profile: LocalizedText | None
    domains: tuple[DomainStanding, ...]

    @property
    def met(self) -> int:
        """How many targets are reached."""
        return sum(domain.met for domain in self.domains)

    @property
    def asked(self) -> int:
        """How many competencies the role asks for."""
        return sum(domain.asked for domain in self.domains)

    @property
    def fraction(self) -> float:
        """The share of targets reached."""
        return self.met / self.asked if self.asked else 0.0

    @property
    def has_evidence(self) -> bool:
        """Whether there is any evidence at all."""
        return any(each.pieces for domain in self.domains for each in domain.competencies)


def standing_of(person_id: int) -> PersonStanding:
    """Return a person's standing in two statements."""
    profile = db.session.execute(
        select(Requirement.name, Requirement.targets)
        .join(PersonRequirement, PersonRequirement.requirement_id == Requirement.id)
        .where(PersonRequirement.person_id == person_id)
    ).one_or_none()
    return standing_against(person_id, profile.name if profile else None, profile.targets if profile else {})


def standing_against(person_id: int, profile: LocalizedText | None, targets: dict[str, Any]) -> PersonStanding:
    """Return a person's standing against a profile that was read already, in one statement."""
    own = and_(Standing.competency_id == Competency.id, Standing.person_id == person_id)
    query = (
        select(
            CompetencyDomain.key.label("domain"), CompetencyDomain.name.label("domain_name"),
            Competency.key, Competency.name,
            Standing.score, Standing.level, Standing.items, Standing.pieces, Standing.weight, Standing.weighted,
        )
        .join(Competency, Competency.domain_id == CompetencyDomain.id)
        .outerjoin(Standing, own)
        .where(or_(Competency.retired_at.is_(None), Standing.pieces > 0))
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position, Competency.position)
    )  # fmt: skip
    grouped: dict[str, list[Row[Any]]] = {}
    rows: Any = db.session.execute(query).all()
    for row in rows:
        grouped.setdefault(row.domain, []).append(row)
    return PersonStanding(profile, tuple(_domain(each, targets) for each in grouped.values()))


def _domain(rows: list[Row[Any]], targets: dict[str, Any]) -> DomainStanding:
    inside = tuple(
        CompetencyStanding(
            row.key, row.name, row.score, row.level, int(targets.get(row.key, 0)), row.items or 0, row.pieces or 0
        )
        for row in rows
    )
    return DomainStanding(rows[0].domain, rows[0].domain_name, pooled(rows), inside)


def pooled(rows: Iterable[Row[Any]]) -> Decimal | None:
    """Return the pooled score of standings, to two places; None when it is too thin."""
    weight = weighted = Fraction(0)
    items = 0
    for row in rows:
        weight, weighted = weight + Fraction(row.weight or 0), weighted + Fraction(row.weighted or 0)
        items += row.items or 0
    score = rules.pooled(weighted, weight, items)
    return None if score is None else Decimal(round(float(score), 2)).quantize(Decimal("0.01"))


def unmeasured() -> Sequence[int]:
    """Return the quiz versions with evidence whose precision was never reckoned."""
    query = (
        select(Attempt.quiz_version_id)
        .join(Evidence, (Evidence.ref == Attempt.id) & (Evidence.kind == "attempt"))
        .where(Evidence.method.is_(None))
        .distinct()
    )
    return db.session.scalars(query.order_by(Attempt.quiz_version_id)).all()


def evidence_of(person_id: int, competency_id: int) -> Sequence[Evidence]:
    """Return the ledger of a person for one competency, newest first."""
    mine = (Evidence.person_id == person_id, Evidence.competency_id == competency_id)
    return db.session.scalars(
        select(Evidence).where(*mine).order_by(Evidence.observed_at.desc(), Evidence.id.desc())
    ).all()


def untold(rows: Sequence[Evidence], *, now: datetime) -> frozenset[int]:
    """Return the pieces of one person's ledger that say what an attempt earned while its quiz does not show that; by their ids."""
    said = {row.id: row.source.removeprefix(QUIZ) for row in rows if row.source.startswith(QUIZ)}
    quizzes = {row_id: int(number) for row_id, number in said.items() if number.isdecimal()}
    hidden = hidden_scores(rows[0].person_id, set(quizzes.values()), now=now) if quizzes else set()
    return frozenset(row.id for row in rows if (quizzes.get(row.id), row.observed_at) in hidden)


def piece(row: Evidence) -> rules.Piece:
    """Return a row of the ledger as the rules see it."""
    interval = None if row.low is None or row.high is None else (Fraction(row.low), Fraction(row.high))
    order = (rules.KINDS[row.kind].rank, row.ref)
    return rules.Piece(
        row.source, Fraction(row.share), row.items, row.supports_level, row.observed_at, interval, row.kind, order,
        row.expires_on,
    )  # fmt: skip
