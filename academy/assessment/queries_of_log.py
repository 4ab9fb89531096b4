"""The log of an attempt's saves: as receipts for its learner, and replayed step by step for an appeal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, null, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.assessment.models import (
    FULL,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    QuizVersion,
    SaveReceipt,
    SaveRefusal,
)
from academy.assessment.queries import exact
from academy.assessment.queries_of_regrading import last_decisions
from academy.assessment.rules import LoggedSave, Replay, grade, replay
from academy.assessment.types import kind
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

ACADEMY = "academy"
SCORE_PLACES = 6


@dataclass(frozen=True, slots=True)
class Sender:
    """The page that sent a save: its device and itself, each numbered from 1 in the order in which they first saved.

    Device 0 is the academy itself.
    """

    device: int
    page: int


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt as its learner sees it."""

    sequence: int
    position: int
    saved_at: datetime
    response: Mapping[str, Any] | None
    confidence: int | None
    sender: Sender

    @property
    def answered(self) -> bool:
        """Whether an answer was kept; otherwise the answer was taken back."""
        return bool(self.response)


@dataclass(frozen=True, slots=True)
class LogSubject:
    """An attempt whose log is read, with its learner, course and quiz."""

    attempt: Attempt
    person: Person
    course: Course
    title: LocalizedText


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """A question of the paper with what is kept of it; `replayed` is the share that the replayed answer earns by its key.

    It is None where no key decides: what a person marks, what is not scored, what was tried several times, and a question
    for which everyone was given the points (`given`).
    """

    position: int
    points: int
    type: str
    content: Mapping[str, Any]
    response: Mapping[str, Any] | None
    share: Decimal | None
    voided: bool
    seconds: int
    opened_at: datetime | None
    paper: Mapping[str, Any]
    tried: Sequence[Any]
    version_ids: frozenset[int]
    confidence: int | None = None
    given: bool = False
    replayed: Fraction | None = None

    @property
    def stem(self) -> LocalizedText:
        """What this paper asked."""
        return kind(self.type).asked(self.content, dict(self.paper))

    @property
    def earned(self) -> Fraction:
        """The share that counts in the replay."""
        if self.replayed is not None:
            return self.replayed
        return Fraction(0) if self.share is None else exact(self.share)

    @property
    def agrees(self) -> bool:
        """Whether the replayed answer earns the share that is kept; true where nothing can be compared."""
        return self.share is None or self.replayed is None or exact(self.share) == self.replayed


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log: a save with what it changed, or an answer that was not kept (`refused` says why)."""

    at: datetime
    position: int
    sender: Sender
    client_sequence: int
    sequence: int | None = None
    change: str = ""
    before: str = ""
    after: str = ""
    confidence: int | None = None
    confidence_before: int | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class AttemptLog:
    """The whole log, played through."""

    lines: tuple[LogLine, ...]
    questions: tuple[LoggedQuestion, ...]
    played: Replay
    differences: tuple[int, ...]
    score: Decimal | None

    @property
    def whole(self) -> bool:
        """Whether no receipt is missing or doubled and the answers and certainties kept are those of the log."""
        return not (self.differences or self.played.gaps or self.played.doubles)

    @property
    def replayed_score(self) -> Fraction:
        """The points that the replayed answers earn; voided questions count for nothing, what no key decides as it is kept."""
        return grade((q.points, q.earned) for q in self.questions if not q.voided).raw

    @property
    def scored_alike(self) -> bool | None:
        """Whether the stored score is what the replayed answers earn; None while there is no score."""
        if self.score is None:
            return None
        return round(self.replayed_score * 10**SCORE_PLACES) == round(self.score * 10**SCORE_PLACES)


def subject(attempt_id: int) -> LogSubject | None:
    """Return an attempt with its learner, course and quiz; None at an anonymous survey, whose drafts nobody reads."""
    query = (
        select(Attempt, Person, Course, QuizVersion.title)
        .join(Person, Person.id == Attempt.learner_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.id == attempt_id, ~QuizVersion.anonymous)
        .options(joinedload(Person.organisation))
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else LogSubject(*row)


def receipts(attempt_id: int) -> list[ReceiptLine]:
    """Return the receipts of an attempt in order; one statement."""
    rows = db.session.execute(_saves(attempt_id).order_by(SaveReceipt.sequence)).all()
    senders = senders_of(row.client_key for row in rows)
    return [
        ReceiptLine(row.sequence, row.position, row.saved_at, row.response, row.confidence, senders[row.client_key])
        for row in rows
    ]


def senders_of(keys: Iterable[str]) -> dict[str, Sender]:
    """Number the pages that sent saves. A page's key begins with its device's key and a hyphen, if it has one."""
    devices: dict[str, int] = {}
    pages: dict[str, Sender] = {}
    counted: dict[int, int] = {}
    for key in keys:
        if key in pages:
            continue
        device = 0 if key == ACADEMY else devices.setdefault(key.partition("-")[0], len(devices) + 1)
        counted[device] = counted.get(device, 0) + 1
        pages[key] = Sender(device, counted[device])
    return pages


def attempt_log(attempt: Attempt, language: str) -> AttemptLog:
    """Play the log of an attempt through; answers are told in the given language. Three statements."""
    saves, refusals = _saves_and_refusals(attempt.id)
    full = {version_id for version_id, act in last_decisions(attempt.quiz_id).items() if act == FULL}
    questions = {
        position: replace(question, given=bool(question.version_ids & full))
        for position, question in _questions(attempt.id).items()
    }
    played = replay(LoggedSave(row.sequence, row.position, row.response, row.confidence) for row in saves)
    rescored = tuple(_rescored(question, played) for question in questions.values())
    kept = {question.position: question.response for question in rescored}
    sure = {question.position: question.confidence for question in rescored}
    senders = senders_of([*(row.client_key for row in saves), *(row.client_key for row in refusals)])

    def said(position: int, response: Mapping[str, Any] | None) -> str:
        question = questions[position]
        of_type = kind(question.type)
        drawn = of_type.drawn(question.content, dict(question.paper))
        return of_type.describe(drawn, dict(response) if response else None, language)

    lines = [
        LogLine(
            row.saved_at, row.position, senders[row.client_key], row.client_sequence, row.sequence, step.change,
            said(row.position, step.before), said(row.position, row.response), row.confidence, step.confidence_before,
        )
        for row, step in zip(saves, played.steps, strict=True)
    ]  # fmt: skip
    lines += [
        LogLine(row.saved_at, row.position, senders[row.client_key], row.client_sequence, refused=row.reason)
        for row in refusals
    ]
    lines.sort(key=lambda line: (line.at, line.sequence or 0))
    return AttemptLog(tuple(lines), rescored, played, played.differences(kept, sure), attempt.score)


def _rescored(question: LoggedQuestion, played: Replay) -> LoggedQuestion:
    of_type = kind(question.type)
    if of_type.marked_by_hand or not of_type.scored or question.tried or question.given:
        return question
    response = played.answers.get(question.position)
    drawn = of_type.drawn(question.content, dict(question.paper))
    return replace(question, replayed=of_type.score(drawn, dict(response) if response else None))


def _saves(attempt_id: int) -> Select[Any]:
    columns: tuple[Any, ...] = (
        SaveReceipt.sequence, AttemptItem.position, SaveReceipt.saved_at, SaveReceipt.response, SaveReceipt.client_key,
        SaveReceipt.client_sequence, SaveReceipt.confidence,
    )  # fmt: skip
    query = select(*columns).join(AttemptItem, AttemptItem.id == SaveReceipt.item_id)
    return query.where(SaveReceipt.attempt_id == attempt_id)


def _saves_and_refusals(attempt_id: int) -> tuple[list[Any], list[Any]]:
    """Return the saves in order and what was refused, in one statement."""
    columns: tuple[Any, ...] = (
        null(), SaveRefusal.position, SaveRefusal.at, null(), SaveRefusal.client_key, SaveRefusal.client_sequence,
        null(), SaveRefusal.reason,
    )  # fmt: skip
    refused = select(*columns).where(SaveRefusal.attempt_id == attempt_id)
    kept = _saves(attempt_id).add_columns(null().label("reason"))
    rows = db.session.execute(kept.union_all(refused)).all()
    saves = sorted((row for row in rows if row.reason is None), key=lambda row: row.sequence)
    return saves, sorted((row for row in rows if row.reason), key=lambda row: row.saved_at)


def _questions(attempt_id: int) -> dict[int, LoggedQuestion]:
    columns: tuple[Any, ...] = (
        AttemptItem.position, AttemptItem.points, QuestionVersion.type, QuestionVersion.content, AttemptItem.response,
        AttemptItem.share, AttemptItem.voided, AttemptItem.seconds, AttemptItem.opened_at, AttemptItem.paper,
        AttemptItem.tried, AttemptItem.question_version_id, AttemptItem.answered_version_id,
        AttemptItem.confidence,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return {row.position: _logged(dict(row._mapping)) for row in db.session.execute(query)}


def _logged(known: dict[str, Any]) -> LoggedQuestion:
    versions = known.pop("question_version_id"), known.pop("answered_version_id")
    return LoggedQuestion(**known, version_ids=frozenset(filter(None, versions)))
