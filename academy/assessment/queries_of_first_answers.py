"""The first attempts at a quiz version, answer by answer, as its statistics reckon with them: in whole parts of a point."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from sqlalchemy import Subquery, select

from academy.accounts.models import Organisation, Person
from academy.assessment.models import GRADED, Attempt, AttemptItem
from academy.assessment.queries import exact
from academy.base.db import db

LATEST = 500
PARTNER = "partner"


class Answer(NamedTuple):
    """One answer; `points` and `earned` in whole parts of a point (see `_parts`)."""

    attempt_id: int
    points: int
    earned: int
    right: bool
    response: Mapping[str, Any]
    seconds: int
    worth: int

    def out_of(self, most: int) -> int:
        """What it would have earned of `most`: lines of a quiz may draw one question for different points."""
        return self.earned * most // self.points if self.points else 0


class Learner(NamedTuple):
    """What is known of one first attempt: totals over its questions, in the same parts."""

    partner: bool
    language: str | None
    passed: bool
    earned: int
    points: int
    right: int

    def rest(self, answer: Answer) -> float:
        """The share earned of the points of all other questions, 0 to 1."""
        others = self.points - answer.points
        return (self.earned - answer.earned) / others if others else 0.0


Answers = Mapping[int, Sequence[Answer]]
Learners = Mapping[int, Learner]


def _first_of(quiz_version_id: int, most: int) -> Subquery:
    return (
        select(Attempt.id, Attempt.passed, Attempt.language, Organisation.kind)
        .join(Person, Person.id == Attempt.learner_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Attempt.quiz_version_id == quiz_version_id, Attempt.state == GRADED)
        .where(Attempt.cycle == 1, Attempt.number == 1)
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(most)
        .subquery()
    )


def first_answers(quiz_version_id: int) -> tuple[Answers, Learners]:
    """Return the answers by question, in the same order of attempts each, and the totals by attempt."""
    first = _first_of(quiz_version_id, LATEST)
    columns = (
        AttemptItem.question_version_id, AttemptItem.attempt_id, AttemptItem.points, AttemptItem.share, AttemptItem.response,
        AttemptItem.seconds, first.c.passed, first.c.kind, first.c.language,
    )  # fmt: skip
    query = select(*columns).join(first, first.c.id == AttemptItem.attempt_id).where(AttemptItem.voided.is_(False))
    rows = db.session.execute(query.order_by(AttemptItem.attempt_id)).all()
    whole, parts = _parts({row.share for row in rows})
    found: dict[int, list[Answer]] = defaultdict(list)
    given: dict[int, tuple[bool, str | None, bool, list[Answer]]] = {}
    for version_id, attempt_id, points, share, response, seconds, passed, group, language in rows:
        answer = Answer(
            attempt_id, points * whole, points * parts[share], parts[share] == whole, response or {}, seconds, points
        )
        found[version_id].append(answer)
        answers = given.setdefault(attempt_id, (group == PARTNER, language, bool(passed), []))[3]
        if points:
            answers.append(answer)
    learners = {
        attempt_id: Learner(
            partner,
            language,
            passed,
            sum(answer.earned for answer in answers),
            sum(answer.points for answer in answers),
            sum(answer.right for answer in answers),
        )
        for attempt_id, (partner, language, passed, answers) in given.items()
    }
    return found, learners


def _parts(shares: set[Decimal | None]) -> tuple[int, dict[Decimal | None, int]]:
    """Return into how many parts a point is cut so that every share is a whole number of them, and those numbers."""
    exactly = {share: exact(share) if share is not None else Fraction(0) for share in shares}
    whole = lcm(*(share.denominator for share in exactly.values()))
    return whole, {share: int(value * whole) for share, value in exactly.items()}
