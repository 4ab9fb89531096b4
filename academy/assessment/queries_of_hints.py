"""Hints as a reviewer sees them: which attempts have some, what they are, and how usual each is at that quiz."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.assessment.models import OPEN, Attempt, IntegrityEvent, IntegrityNote, Quiz, QuizVersion
from academy.assessment.models.integrity import ADDRESS, AWAY, COMPARED_KINDS, FAST_ANSWERS, FAST_ATTEMPT, SAME_WRONG
from academy.base.db import db
from academy.base.text import LocalizedText

NOTABLE_SECONDS, NOTABLE_TIMES = 30, 3
MOST_SPELLS = 20


@dataclass(frozen=True, slots=True)
class Usual:
    """How usual something is: `count` of `attempts` at the same quiz version show at least as much."""

    count: int
    attempts: int

    @property
    def share(self) -> float:
        """The share, from 0 to 1."""
        return self.count / self.attempts if self.attempts else 0.0


@dataclass(frozen=True, slots=True)
class Hint:
    """One kind of hint of an attempt: how often, for how many seconds, its figures, and how usual that is.

    `other_attempt` and `other` name the other attempt and its learner where the reviewer may see them.
    """

    kind: str
    times: int
    seconds: int
    usual: Usual
    detail: dict[str, Any]
    moments: tuple[tuple[datetime, int], ...] = ()
    other_attempt: int | None = None
    other: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a reviewer recorded."""

    at: datetime
    outcome: str
    note: str
    by: LocalizedText | None


def attempts_with_hints(course_id: int, seen: ColumnElement[bool], *, only_open: bool) -> Select[Any]:
    """Return the query of the attempts at a course's quizzes that have notable hints, latest first.

    Rows: id, person_id, name, title, number, submitted_at, away, seconds, addresses, compared (how many), fast, same,
    last (moment of the newest hint), outcome (of the latest note, None without one) and noted_at.
    Having left the page once for a moment is not notable; `only_open` leaves out what was reviewed since the last hint.
    """
    found = _counted(IntegrityEvent.attempt_id).group_by(IntegrityEvent.attempt_id).subquery()
    noted = (
        select(IntegrityNote.attempt_id, func.max(IntegrityNote.id).label("id"), func.max(IntegrityNote.at).label("at"))
        .group_by(IntegrityNote.attempt_id)
        .subquery()
    )
    columns: tuple[Any, ...] = (
        Attempt.id, Attempt.learner_id, Person.name, QuizVersion.title, Attempt.number, Attempt.submitted_at, found.c.away,
        found.c.seconds, found.c.addresses, found.c.fast, found.c.same, found.c.last, IntegrityNote.outcome,
        noted.c.at.label("noted_at"),
    )  # fmt: skip
    notable = or_(
        found.c.seconds >= NOTABLE_SECONDS, found.c.away >= NOTABLE_TIMES, found.c.addresses > 0, found.c.fast > 0,
        found.c.same > 0,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(found, found.c.attempt_id == Attempt.id)
        .join(Person, Person.id == Attempt.learner_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .outerjoin(noted, noted.c.attempt_id == Attempt.id)
        .outerjoin(IntegrityNote, IntegrityNote.id == noted.c.id)
        .where(Quiz.course_id == course_id, notable, seen)
        .order_by(found.c.last.desc(), Attempt.id.desc())
    )
    return query.where(or_(noted.c.at.is_(None), noted.c.at < found.c.last)) if only_open else query


def _counted(*columns: Any) -> Select[Any]:
    def of(*kinds: str) -> Any:
        return func.sum(case((IntegrityEvent.kind.in_(kinds), 1), else_=0))

    return select(
        *columns,
        of(AWAY).label("away"),
        func.sum(IntegrityEvent.seconds).label("seconds"),
        of(ADDRESS).label("addresses"),
        of(FAST_ANSWERS, FAST_ATTEMPT).label("fast"),
        of(FAST_ANSWERS).label("fast_answers"),
        of(FAST_ATTEMPT).label("fast_attempt"),
        of(SAME_WRONG).label("same"),
        func.max(IntegrityEvent.at).label("last"),
    )


def hints(attempt: Attempt, seen: ColumnElement[bool]) -> list[Hint]:
    """Return the hints of an attempt with how usual each is at its quiz version; two statements."""
    events = _events(attempt.id, seen)
    if not events:
        return []
    rows = _others(attempt.quiz_version_id)
    by_kind: dict[str, list[IntegrityEvent]] = defaultdict(list)
    for event, _other, _name in events:
        by_kind[event.kind].append(event)
    found = [_spells(kind, by_kind[kind], rows) for kind in (AWAY, ADDRESS) if kind in by_kind]
    for event, other, name in events:
        if event.kind in COMPARED_KINDS:
            column = "same" if event.kind == SAME_WRONG else event.kind
            usual = Usual(sum(1 for row in rows if getattr(row, column)), len(rows))
            found.append(Hint(event.kind, 1, 0, usual, event.detail, (), other if name else None, name))
    return found


def _events(attempt_id: int, seen: ColumnElement[bool]) -> Sequence[Any]:
    """Return the events of an attempt with the other attempt and the name of its learner, where it may be seen."""
    other = aliased(Attempt)
    query = (
        select(IntegrityEvent, other.id, Person.name)
        .outerjoin(other, other.id == IntegrityEvent.other_id)
        .outerjoin(Person, and_(Person.id == other.learner_id, seen))
        .where(IntegrityEvent.attempt_id == attempt_id)
        .order_by(IntegrityEvent.id)
    )
    return db.session.execute(query).all()


def _spells(kind: str, events: Sequence[IntegrityEvent], rows: Sequence[Any]) -> Hint:
    times, seconds = len(events), sum(event.seconds for event in events)
    if kind == AWAY:
        count = sum(1 for row in rows if (row.seconds or 0) >= seconds)
    else:
        count = sum(1 for row in rows if row.addresses >= times)
    moments = tuple((event.at, event.seconds) for event in events[:MOST_SPELLS])
    return Hint(kind, times, seconds, Usual(count, len(rows)), {}, moments)


def _others(quiz_version_id: int) -> Sequence[Any]:
    """Return a row for each attempt with an end at a quiz version that has ended, or goes on with hints."""
    query = (
        _counted(Attempt.id)
        .select_from(Attempt)
        .outerjoin(IntegrityEvent, IntegrityEvent.attempt_id == Attempt.id)
        .where(
            Attempt.quiz_version_id == quiz_version_id,
            Attempt.deadline.is_not(None),
            or_(Attempt.state != OPEN, IntegrityEvent.id.is_not(None)),
        )
        .group_by(Attempt.id)
    )
    return db.session.execute(query).all()


def notes(attempt_id: int) -> list[Note]:
    """Return what reviewers recorded of an attempt, newest first; one statement."""
    query = (
        select(IntegrityNote.at, IntegrityNote.outcome, IntegrityNote.note, Person.name)
        .outerjoin(Person, Person.id == IntegrityNote.by_id)
        .where(IntegrityNote.attempt_id == attempt_id)
        .order_by(IntegrityNote.id.desc())
    )
    return [Note(*row) for row in db.session.execute(query)]
