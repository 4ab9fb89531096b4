"""What each answer of an attempt is worth now: by its key, by its marks, and by what was decided about its question."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from academy.assessment.models import (
    FINAL_MARK,
    FULL,
    VOID,
    AnswerMark,
    Attempt,
    AttemptItem,
    QuestionVersion,
    QuizVersion,
)
from academy.assessment.numbers import exact, kept
from academy.assessment.queries_of_decisions import Decision, decided, retried
from academy.assessment.rules import (
    AttemptScore,
    MarkingRules,
    by_domain,
    domain_of,
    final_share,
    grade,
    marked_twice,
    passed,
    practice_share,
    shortfalls,
    waits_for,
)
from academy.assessment.types import kind
from academy.base.db import db


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as it counts: by which question version, not at all, or with which share; which mark it waits for."""

    item_id: int
    attempt_id: int
    points: int
    version_id: int
    answered_version_id: int | None
    voided: bool
    share: Fraction | None
    marking: str | None
    domain: str | None = None
    answered: bool = False

    @property
    def waits(self) -> bool:
        """Whether a person has still to mark it."""
        return self.marking in ("first", "second", "third")


def judge(items: Sequence[Row[Any]], decisions: Sequence[Decision]) -> list[Judged]:
    """Judge answers (rows of `items_of`) under the decisions in force; two statements at most, however many."""
    outcomes = {item.id: decided(item.answered_version_id or item.version_id, decisions) for item in items}
    contents = _contents({outcome[0] for outcome in outcomes.values()} - {item.version_id for item in items})
    finals = _finals([item.id for item in items if kind(item.type).marked_by_hand and item.response])
    return [_judged(item, outcomes[item.id], contents, finals) for item in items]


def items_of(attempt_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """Return the answers of attempts with all that judging needs, in one statement."""
    return items_where(AttemptItem.attempt_id.in_(list(attempt_ids)))


def items_where(*chosen: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return the answers that filters on Attempt and AttemptItem let through, attempt by attempt, in one statement."""
    query = (
        select(
            AttemptItem.id, AttemptItem.attempt_id, AttemptItem.points, AttemptItem.response, AttemptItem.share,
            AttemptItem.voided, AttemptItem.marking, AttemptItem.question_version_id.label("version_id"),
            AttemptItem.answered_version_id, AttemptItem.paper, AttemptItem.tried, QuestionVersion.type,
            QuestionVersion.content, QuestionVersion.competency_key, Attempt.seed, QuizVersion.marking.label("rules"),
            QuizVersion.pass_percent, QuizVersion.floors, QuizVersion.try_penalty,
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(*chosen)
        .order_by(AttemptItem.attempt_id, AttemptItem.position)
    )  # fmt: skip
    return db.session.execute(query).all()


def as_kept(items: Sequence[Row[Any]]) -> list[Judged]:
    """Return answers (rows of `items_of`) as they were judged last; every change of a mark or a decision judges them."""
    return [
        Judged(
            item.id, item.attempt_id, item.points, item.version_id, item.answered_version_id, item.voided,
            None if item.share is None else exact(item.share), item.marking, domain_of(item.competency_key),
            bool(item.response),
        )
        for item in items
    ]  # fmt: skip


def write_down(judged: Sequence[Judged]) -> None:
    """Keep what was judged with the answers."""
    if not judged:
        return
    rows = [
        {
            "id": each.item_id,
            "question_version_id": each.version_id,
            "answered_version_id": each.answered_version_id,
            "voided": each.voided,
            "share": None if each.share is None else kept(each.share, 10),
            "marking": each.marking,
        }
        for each in judged
    ]
    db.session.execute(update(AttemptItem), rows)


def _contents(version_ids: set[int]) -> dict[int, Mapping[str, Any]]:
    if not version_ids:
        return {}
    query = select(QuestionVersion.id, QuestionVersion.content).where(QuestionVersion.id.in_(version_ids))
    return {row.id: row.content for row in db.session.execute(query)}


def _finals(item_ids: Sequence[int]) -> dict[int, list[Fraction]]:
    """Return the shares of the final marks of each answer, in their turns."""
    found: dict[int, list[Fraction]] = defaultdict(list)
    if item_ids:
        query = select(AnswerMark.item_id, AnswerMark.share).where(AnswerMark.item_id.in_(item_ids))
        for row in db.session.execute(query.where(AnswerMark.state == FINAL_MARK).order_by(AnswerMark.turn)):
            found[row.item_id].append(exact(row.share))
    return found


def _judged(
    item: Row[Any],
    outcome: tuple[int, str | None],
    contents: Mapping[int, Mapping[str, Any]],
    finals: Mapping[int, list[Fraction]],
) -> Judged:
    version_id, act = outcome
    content = item.content if version_id == item.version_id else contents[version_id]
    asked = item.answered_version_id or item.version_id
    by_hand = kind(item.type).marked_by_hand and bool(item.response)
    marking, share = None, None
    if act == FULL:
        share = Fraction(1)
    elif by_hand:
        rules = MarkingRules.of(item.rules)
        marks = finals.get(item.id, [])
        marking = waits_for(marks, twice=marked_twice(item.seed, item.id, rules.second), margin=rules.margin)
        share = final_share(marks) if marking == "marked" else None
    elif kind(item.type).scored:
        share = _earned(item, content)
    if act == VOID:
        marking, share = None, share or Fraction(0)
    answered = asked if version_id != asked else None
    return Judged(
        item.id, item.attempt_id, item.points, version_id, answered, act == VOID, share, marking,
        domain_of(item.competency_key), bool(item.response),
    )  # fmt: skip


def _earned(item: Row[Any], content: Mapping[str, Any]) -> Fraction:
    """Return the share that an answer earns by its key; in practice what its tries, by the same key, left of it."""
    of_type = kind(item.type)
    drawn = of_type.drawn(content, item.paper)
    share = of_type.score(drawn, item.response or None)
    if not item.tried or not of_type.checked_at_once:
        return share
    return practice_share(retried(item, content), share, item.response, item.try_penalty)


def score_of(judged: Sequence[Judged]) -> AttemptScore:
    """Return what the answers of one attempt earn; voided ones count for nothing, waiting ones earn nothing yet."""
    return grade((each.points, each.share or Fraction(0)) for each in judged if not each.voided)


@dataclass(frozen=True, slots=True)
class Bar:
    """What an attempt has to reach: percent of the points, and in some domains percent of theirs."""

    percent: int
    floors: Mapping[str, Any]

    @classmethod
    def of(cls, rules: Any) -> "Bar":
        """Return the bar of a quiz version, or of a row that holds the same columns."""
        return cls(rules.pass_percent, rules.floors)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt earned, whether that passes, and the domains whose floor was missed, as they are kept."""

    score: AttemptScore
    passed: bool
    shortfalls: tuple[dict[str, Any], ...]


def verdict(judged: Sequence[Judged], bar: Bar) -> Verdict:
    """Decide about the answers of one attempt; a quiz without scored questions only asks that something is answered."""
    score, counted = score_of(judged), [each for each in judged if not each.voided]
    missed = shortfalls(
        bar.floors, by_domain((each.domain, each.points, each.share or Fraction(0)) for each in counted if each.points)
    )
    if any(each.points for each in judged):
        reached = passed(score.raw, score.max, bar.percent)
    else:
        reached = any(each.answered for each in counted)
    return Verdict(score, reached and not missed, tuple(each.as_json() for each in missed))
