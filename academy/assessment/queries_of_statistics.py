"""The statistics of a quiz version as they were last reckoned, with what is known of it now: its texts and its calibration."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import func, select

from academy.assessment import rules
from academy.assessment.models import APPLIED, GRADED, Attempt, QuizReckoning, QuizVersion, Regrade
from academy.assessment.queries_of_calibration import Scale
from academy.assessment.queries_of_editing import EditedQuestion, drawn_questions
from academy.assessment.queries_of_gain import GainFigures
from academy.assessment.queries_of_reckoning import LAYOUT, Figures, Month, Reckoned
from academy.assessment.rules.generalizability import Generalizability
from academy.assessment.types import kind
from academy.base.db import db
from academy.base.documents import Unreadable, unpacked
from academy.base.jobs import DONE, FAILED, QUEUED, Job

Progress = Literal["idle", "waiting", "again", "running", "failed"]


@dataclass(frozen=True, slots=True)
class QuestionFigures(Figures):
    """The figures of one question with its text, its place on the scale (`fit`) and remarks on it (`flags`)."""

    number: int
    question: EditedQuestion
    fit: rules.RaschItem | None
    flags: tuple[str, ...]

    @property
    def omitted(self) -> int:
        """How many left it empty."""
        return self.asked - self.answered


@dataclass(frozen=True, slots=True)
class VersionStatistics:
    """A quiz version over `attempts` first attempts: how many lie in each tenth of the scale, how many passed.

    `groups` counts learners of the agency and of partner organisations, as they belonged then; `languages` attempts begun
    in Arabic and in English. `interval` (of the share
    who passed) and `reliability` stay None until there are `ENOUGH_ATTEMPTS`.
    """

    attempts: int
    passed: int
    distribution: tuple[int, ...]
    groups: tuple[int, int]
    languages: tuple[int, int]
    interval: rules.Interval | None
    reliability: rules.Reliability | None
    drawn: Generalizability | None
    questions: tuple[QuestionFigures, ...]
    months: tuple[Month, ...]
    gain: GainFigures | None
    sureness: tuple[rules.Sureness, ...]
    scale: Scale | None

    @property
    def enough(self) -> bool:
        """Whether there are enough attempts to say more than counts."""
        return self.attempts >= rules.ENOUGH_ATTEMPTS

    @property
    def compared(self) -> bool:
        """Whether both groups are large enough to be compared."""
        return min(self.groups) >= rules.ENOUGH_IN_GROUP

    @property
    def faces_compared(self) -> bool:
        """Whether enough attempts were made in each language to compare the two faces of the questions."""
        return min(self.languages) >= rules.ENOUGH_IN_GROUP


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a quiz version, and what became of the wish to reckon it anew.

    `reckoned` is None when it never was, or in another way than today's. `since` counts first attempts graded after `as_of`;
    `changed` says that the figures would come out otherwise now. Progress: nothing is wanted (idle), it waits for its turn,
    it waits as a try went wrong (again), it runs, or it went wrong too often (failed); `asked_at` is when it was asked for.
    """

    reckoned: Reckoned | None
    as_of: datetime | None
    since: int
    changed: bool
    progress: Progress
    asked_at: datetime | None

    @property
    def busy(self) -> bool:
        """Whether the figures are being reckoned, or will be."""
        return self.progress in ("waiting", "again", "running")


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures of a quiz version rest on: how many first attempts, and a word that changes when any of them does."""

    quiz_version_id: int
    attempts: int
    word: str


def job_key(quiz_version_id: int) -> str:
    """The key of the one job that reckons a quiz version."""
    return f"assessment.reckon:{quiz_version_id}"


def basis(quiz_version_id: int) -> Basis:
    """Return what the figures of a quiz version would rest on now; one statement."""
    found = db.session.execute(_bases().where(Attempt.quiz_version_id == quiz_version_id)).one_or_none()
    return _basis(*found[:7]) if found else Basis(quiz_version_id, 0, "")


def stale() -> list[int]:
    """Return the quiz versions whose figures were never reckoned, or would come out otherwise now; one statement."""
    kept = _bases().add_columns(func.max(QuizReckoning.basis), func.max(QuizReckoning.layout))
    query = kept.outerjoin(QuizReckoning, QuizReckoning.quiz_version_id == Attempt.quiz_version_id)
    rows = db.session.execute(query.order_by(Attempt.quiz_version_id))
    return [row[0] for row in rows if (row[-2], row[-1]) != (_basis(*row[:7]).word, LAYOUT)]


def _bases() -> Any:
    passed = func.count(Attempt.id).filter(Attempt.passed.is_(True))
    regrade = (
        select(func.count(Regrade.id)).where(Regrade.quiz_id == Attempt.quiz_id, Regrade.state == APPLIED)
    ).correlate(Attempt).scalar_subquery()  # fmt: skip
    return (
        select(
            Attempt.quiz_version_id, func.count(Attempt.id), func.max(Attempt.graded_at), func.sum(Attempt.score),
            func.sum(Attempt.max_score), passed, regrade,
        )
        .where(Attempt.state == GRADED, Attempt.cycle == 1, Attempt.number == 1)
        .group_by(Attempt.quiz_version_id, Attempt.quiz_id)
    )  # fmt: skip


def _basis(
    version_id: int, count: int, last: datetime | None, score: float, most: float, passed: int, regrades: int | None
) -> Basis:
    moment = last.isoformat() if last else ""
    return Basis(version_id, count, f"{count} {moment} {score or 0:.3f} {most or 0:.3f} {passed} {regrades}")


def standing(quiz_version_id: int) -> Standing:
    """Return what is kept of a quiz version and how far the next reckoning is, in two statements."""
    query = (
        select(QuizReckoning, Job.state, Job.tries, Job.created_at)
        .select_from(QuizVersion)
        .outerjoin(QuizReckoning, QuizReckoning.quiz_version_id == QuizVersion.id)
        .outerjoin(Job, Job.unique_key == job_key(quiz_version_id))
        .where(QuizVersion.id == quiz_version_id)
    )
    kept, state, tries, asked_at = db.session.execute(query).one()
    now, reckoned = basis(quiz_version_id), read_kept(kept)
    if kept is None or reckoned is None:
        return Standing(None, None, now.attempts, now.attempts > 0, _progress(state, tries), asked_at)
    since = max(0, now.attempts - kept.attempts)
    return Standing(reckoned, kept.as_of, since, now.word != kept.basis, _progress(state, tries), asked_at)


def _progress(state: str | None, tries: int | None) -> Progress:
    if state in (None, DONE):
        return "idle"
    if state == QUEUED:
        return "again" if tries else "waiting"
    return "failed" if state == FAILED else "running"


def read_kept(kept: QuizReckoning | None) -> Reckoned | None:
    """Return what is kept; nothing of another layout, or that is not what it should be."""
    if kept is None or kept.layout != LAYOUT:
        return None
    try:
        return unpacked(Reckoned, kept.document)
    except Unreadable:
        return None


def shown(found: Reckoned, scale: Scale | None = None) -> VersionStatistics:
    """Return figures with the texts of their questions and the calibration; one statement."""
    asked = {each.version_id: each for each in drawn_questions([each.version_id for each in found.questions])}
    questions = tuple(
        _with_text(number, each, replace(asked[each.version_id], points=each.points), scale)
        for number, each in enumerate(found.questions, start=1)
        if each.version_id in asked
    )
    return VersionStatistics(
        found.attempts, found.passed, found.distribution, found.groups, found.languages, found.interval,
        found.reliability, found.drawn, questions, found.months, found.gain, found.sureness, scale,
    )  # fmt: skip


def _with_text(number: int, each: Figures, question: EditedQuestion, scale: Scale | None) -> QuestionFigures:
    fit = scale.items.get(each.version_id) if scale else None
    omitted = 1 - Fraction(each.answered, each.asked) if each.asked else Fraction(0)
    flags = rules.remarks(
        each.statistics,
        omitted=omitted,
        choices=[choice.statistics for choice in each.choices],
        difference=each.difference,
        faces=each.faces,
        fit=fit,
    )
    reckoned = {field.name: getattr(each, field.name) for field in fields(each)}
    return QuestionFigures(**reckoned, number=number, question=question, fit=fit, flags=flags)


def type_label(question: EditedQuestion) -> str:
    """Return the name of a question's type in the reader's language."""
    return str(kind(question.type).label)
