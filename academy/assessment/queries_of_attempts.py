"""What the learner's own pages show of an attempt; papers, keys and feedback leave only through what a page may know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, case, select

from academy.assessment.models import (
    FULL,
    OPEN,
    VOID,
    Attempt,
    AttemptItem,
    QuestionVersion,
)
from academy.assessment.numbers import exact
from academy.assessment.queries import percent_of, whole_percent
from academy.assessment.queries_of_accommodations import limits_of
from academy.assessment.queries_of_decisions import Tried, tried_now
from academy.assessment.queries_of_heads import AttemptHead
from academy.assessment.queries_of_remarks import Remarks, remarks_on
from academy.assessment.queries_of_standing import outcome_of, shown_of
from academy.assessment.rules import (
    Limits,
    Outcome,
    Shown,
    Sureness,
    current_position,
    is_settled,
    practice_share,
    shown_during,
    sureness,
)
from academy.assessment.types import Control, Feedback, GivenFile, Note, kind
from academy.assessment.types.written import given_files
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the map of an attempt; `doubtful`: something is wrong with its answer, such as a number that cannot be read."""

    position: int
    points: int
    answered: bool
    flagged: bool
    saved_sequence: int
    saved_at: datetime | None
    opened: bool = False
    marked_by_hand: bool = False
    scored: bool = True
    doubtful: bool = False

    @property
    def settled(self) -> bool:
        """Whether it is answered, and nothing is wrong with the answer."""
        return self.answered and not self.doubtful


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question as the learner may see it while the attempt is open."""

    item_id: int
    position: int
    points: int
    flagged: bool
    known: int
    stem: LocalizedText
    control: Control
    notes: tuple[Note, ...]
    terms: tuple[Note, ...] = ()
    confidence: int | None = None

    @property
    def prefix(self) -> str:
        """The name of the question's fields in the form."""
        return f"a{self.position}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One question of a result, already without what is not released; `earned` of `points`, None when kept back.

    `voided`: it counts for nobody. `files` and `remarks` (of markers) belong to answers that a person marked.
    """

    position: int
    points: int
    kind: str
    stem: LocalizedText
    feedback: Feedback
    earned: Fraction | None
    confidence: int | None = None
    tries: int = 0
    item_id: int = 0
    voided: bool = False
    files: tuple[GivenFile, ...] = ()
    remarks: Remarks | None = None

    @property
    def unanswered(self) -> bool:
        """Whether nothing was answered."""
        return any(note.code == "unanswered" for note in self.feedback.notes)


@dataclass(frozen=True, slots=True)
class Practice:
    """Where a question stands that may be tried several times: tries used and allowed, and what may be shown now.

    `mark` is that of the last checked answer, without what is not released; `hint` is there while more tries are left.
    """

    used: int
    allowed: int
    settled: bool
    mark: Mark | None
    hint: LocalizedText | None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an attempt as far as it is released; `counted` is what counts over all attempts, with the score.

    `closed` says that nobody can try any more, `more` which time is the next to show more ("later", "closed" or "").
    """

    shown: Shown
    percent: Fraction | None
    score: Decimal | None
    passed: bool | None
    attempts_left: int | None
    closes_at: datetime | None
    counted: Fraction | None
    quiz_passed: bool
    shortfalls: tuple[Mapping[str, Any], ...]
    marks: tuple[Mark, ...]
    sureness: tuple[Sureness, ...]
    closed: bool
    more: str

    @property
    def whole_percent(self) -> int:
        """The percentage without its fraction: 69.9 is shown as 69, as it does not pass at 70."""
        return whole_percent(self.percent) or 0

    @property
    def whole_counted(self) -> int:
        """The percentage that counts, without its fraction."""
        return whole_percent(self.counted) or 0


def lines(attempt_id: int) -> tuple[Line, ...]:
    """Return every question of an attempt for its map; one statement, with the contents of what is answered alone."""
    asked = case((AttemptItem.response.is_not(None), QuestionVersion.content)).label("content")
    query = (
        select(
            AttemptItem.position,
            AttemptItem.points,
            AttemptItem.response,
            AttemptItem.flagged,
            AttemptItem.saved_sequence,
            AttemptItem.saved_at,
            AttemptItem.opened_at,
            QuestionVersion.type,
            asked,
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return tuple(
        Line(
            row.position,
            row.points,
            bool(row.response),
            row.flagged,
            row.saved_sequence,
            row.saved_at,
            row.opened_at is not None,
            kind(row.type).marked_by_hand,
            kind(row.type).scored,
            bool(row.response) and bool(kind(row.type).warnings(row.content, row.response)),
        )
        for row in db.session.execute(query)
    )


def place_in(lines: Sequence[Line]) -> int:
    """Return the position that a sequential attempt is at."""
    return current_position([line.opened for line in lines])


def sheets(attempt_id: int, positions: Collection[int] | None = None) -> tuple[Sheet, ...]:
    """Return questions of an attempt as the learner may see them, all of them when no positions are named."""
    return tuple(_sheet(row) for row in _questions(attempt_id, positions))


def practice(head: AttemptHead, positions: Collection[int] | None = None) -> dict[int, Practice]:
    """Return where the questions that practice checks stand, by position; nothing for a quiz with one try.

    What was decided about a question meanwhile is shown as it will count. Three statements at most.
    """
    if head.tries < 2:
        return {}
    rows = [row for row in _questions(head.id, positions) if kind(row.type).checked_at_once]
    now = tried_now(head.quiz_id, rows)
    return {row.position: _practice(row, head, now[row.id]) for row in rows}


def _practice(row: Row[Any], head: AttemptHead, now: Tried) -> Practice:
    tried = now.tries
    settled = is_settled(tried, head.tries)
    shown = shown_during(head.release, head.review, checked=bool(tried), settled=settled)
    mark = _mark(row, shown, tried[-1].response, content=now.content) if tried else None
    if mark is not None and mark.earned is not None:
        share = practice_share(tried, tried[-1].share, tried[-1].response, head.try_penalty)
        mark = replace(mark, earned=row.points * share, voided=now.act == VOID)
        if now.act == FULL:
            given = replace(mark.feedback, share=Fraction(1), correct=True)
            mark = replace(mark, earned=Fraction(row.points), feedback=given)
    of_type = kind(row.type)
    hint = LocalizedText.of(of_type.drawn(now.content, row.paper).get("hint")) if tried and not settled else None
    return Practice(len(tried), head.tries, settled, mark, hint or None)


def result(head: AttemptHead, *, now: datetime) -> Result:
    """Return the result of a graded attempt as far as its quiz releases it; three statements at most."""
    standing = _standing(head, now)
    shown, limits, counted = standing.shown, standing.limits, standing.counted
    rows = _questions(head.id, None) if shown.responses else []
    return Result(
        shown=shown,
        percent=percent_of(head.score, head.max_score) if shown.score else None,
        score=head.score if shown.score else None,
        passed=head.passed if shown.score else None,
        attempts_left=standing.left,
        closes_at=limits.closes_at,
        counted=counted.percent if shown.score else None,
        quiz_passed=counted.passed,
        shortfalls=tuple(head.shortfalls) if shown.score else (),
        marks=_marks(rows, shown),
        sureness=_sureness(rows) if shown.marks and head.confidence else (),
        closed=limits.closes_at is not None and now >= limits.closes_at,
        more=head.table.next_time(now, head.submitted_at or now, limits.closes_at),
    )


def shown_now(head: AttemptHead, *, now: datetime) -> Shown:
    """Return what the page of a result shows of an attempt; two statements at most."""
    return _standing(head, now).shown


@dataclass(frozen=True, slots=True)
class _Standing:
    shown: Shown
    limits: Limits
    counted: Outcome
    left: int | None


def _standing(head: AttemptHead, now: datetime) -> _Standing:
    attempts, limits = _attempts(head), limits_of(head, head.learner_id, now)
    counted, left = outcome_of(head, attempts), limits.left(len(attempts))
    going_on = any(attempt.state == OPEN for attempt in attempts)
    shown = shown_of(head, head, limits=limits, left=left, passed=counted.passed, going_on=going_on, now=now)
    return _Standing(shown, limits, counted, left)


def _marks(rows: Sequence[Row[Any]], shown: Shown) -> tuple[Mark, ...]:
    by_hand = [row.id for row in rows if kind(row.type).marked_by_hand]
    remarks = remarks_on(by_hand) if by_hand and shown.feedback else {}
    return tuple(_mark(row, shown, row.response or None, remarks.get(row.id)) for row in rows)


def _sureness(rows: Sequence[Row[Any]]) -> tuple[Sureness, ...]:
    told = [(row.confidence, exact(row.share)) for row in rows if row.confidence and row.share is not None]
    return sureness(told)


def _attempts(head: AttemptHead) -> Sequence[Row[Any]]:
    mine = Attempt.quiz_id == head.quiz_id, Attempt.learner_id == head.learner_id, Attempt.cycle == head.cycle
    columns = (Attempt.state, Attempt.score, Attempt.max_score, Attempt.passed, Attempt.shortfalls)
    return db.session.execute(select(*columns).where(*mine).order_by(Attempt.number)).all()


def _questions(attempt_id: int, positions: Collection[int] | None) -> Sequence[Row[Any]]:
    query = (
        select(
            AttemptItem.id,
            AttemptItem.position,
            AttemptItem.points,
            AttemptItem.flagged,
            AttemptItem.saved_sequence,
            AttemptItem.paper,
            AttemptItem.response,
            AttemptItem.confidence,
            AttemptItem.tried,
            AttemptItem.share,
            AttemptItem.voided,
            QuestionVersion.id.label("version_id"),
            QuestionVersion.type,
            QuestionVersion.content,
        )
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return db.session.execute(query if positions is None else query.where(AttemptItem.position.in_(positions))).all()


def _sheet(row: Row[Any]) -> Sheet:
    question, response = kind(row.type), row.response or None
    return Sheet(
        row.id,
        row.position,
        row.points,
        row.flagged,
        row.saved_sequence,
        question.asked(row.content, row.paper),
        question.control(row.content, row.paper, response),
        question.warnings(row.content, response),
        question.terms(row.content),
        row.confidence,
    )


def _mark(
    row: Row[Any], shown: Shown, response: Any, remarks: Remarks | None = None, content: Mapping[str, Any] | None = None
) -> Mark:
    """Return a question with its mark: what was decided about the answer counts, not what its key says today.

    With tries, what it earned is what they left of it; whoever earned all of it, by a try or by a decision, was right.
    """
    feedback = kind(row.type).feedback(content or row.content, response, row.paper)
    decided = None if row.share is None else exact(row.share)
    if decided is not None and (not row.tried or decided == 1):
        feedback = replace(feedback, share=decided, correct=decided == 1)
    feedback = feedback.limited(shown)
    share = feedback.share
    if share is not None and row.tried and decided is not None:
        share = decided
    return Mark(
        row.position,
        row.points,
        row.type,
        kind(row.type).asked(row.content, row.paper),
        feedback,
        None if share is None else row.points * share,
        row.confidence,
        len(row.tried),
        item_id=row.id,
        voided=row.voided,
        files=given_files(row.response) if row.type == "file" else (),
        remarks=remarks,
    )
