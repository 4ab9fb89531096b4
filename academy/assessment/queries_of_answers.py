"""One answer in front of its marker: what was asked, what was given, the marks this marker may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment.models import (
    FINAL_MARK,
    SUBMITTED,
    AnswerMark,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from academy.assessment.queries_of_marking import WAITING, marks_of
from academy.assessment.queries_of_remarks import Judgement, judgements_of
from academy.assessment.rules import MarkingRules, count_words
from academy.assessment.types import GivenFile
from academy.assessment.types.written import given_files
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class EarlierMark:
    """A final mark that the third marker reads: what was given of the points, comment and note."""

    turn: int
    points: Fraction
    judgements: tuple[Judgement, ...]
    comment: str
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to mark. `name` is None while names are hidden; the guard reads `learner_id`, `quiz_id` and `course`."""

    item_id: int
    quiz_id: int
    version_id: int
    course: Course
    quiz_title: LocalizedText
    learner_id: int
    learner_account_id: int | None
    organisation_id: int
    shown_name: LocalizedText
    rules: MarkingRules
    open: bool
    marking: str | None
    submitted_at: datetime
    points: int
    type: str
    content: Mapping[str, Any]
    response: Mapping[str, Any]
    marks: tuple[AnswerMark, ...]

    @property
    def stem(self) -> LocalizedText:
        """What was asked."""
        return LocalizedText.of(self.content["stem"])

    @property
    def notes(self) -> LocalizedText:
        """What the author tells the markers."""
        return LocalizedText.of(self.content.get("notes"))

    @property
    def text(self) -> str:
        """The essay."""
        return str(self.response.get("text") or "")

    @property
    def words(self) -> int:
        """How many words the essay has."""
        return count_words(self.text)

    @property
    def files(self) -> tuple[GivenFile, ...]:
        """The files."""
        return given_files(self.response)

    @property
    def name(self) -> LocalizedText | None:
        """The learner's name, where the rules of the quiz show it: never before the release when marking is anonymous."""
        return None if self.rules.anonymous and self.open else self.shown_name

    @property
    def waits(self) -> bool:
        """Whether it waits for a mark."""
        return self.open and self.marking in WAITING

    def mark_by(self, person_id: int) -> AnswerMark | None:
        """Return the mark of one marker."""
        return next((mark for mark in self.marks if mark.marker_id == person_id), None)

    def held_by_another(self, person_id: int, now: datetime) -> bool:
        """Whether another marker is at it now."""
        return any(m.marker_id != person_id and m.state != FINAL_MARK and m.held_until > now for m in self.marks)

    def earlier(self, own: AnswerMark | None) -> tuple[EarlierMark, ...]:
        """Return the two marks that a third marker decides between; nobody else sees another one's mark."""
        if own is None or own.turn < 3:
            return ()
        finals = [mark for mark in self.marks if mark.state == FINAL_MARK and mark.turn < own.turn]
        return tuple(
            EarlierMark(
                mark.turn,
                self.points * Fraction(mark.share or 0),
                judgements_of(self.content, mark.picks),
                mark.comment,
                mark.note,
            )
            for mark in finals
        )


def answer(item_id: int) -> Answer | None:
    """Return an answer that a person marks, with its marks; two statements. None for any other."""
    query = (
        select(
            AttemptItem, Attempt.quiz_id, Attempt.learner_id, Attempt.state, Attempt.submitted_at, QuizVersion.title,
            QuizVersion.marking.label("rules"), Course, QuestionVersion.type, QuestionVersion.content, Person.name,
            Person.organisation_id, Person.account_id,
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Person, Person.id == Attempt.learner_id)
        .where(AttemptItem.id == item_id, AttemptItem.marking.is_not(None))
    )  # fmt: skip
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    item: AttemptItem = row.AttemptItem
    return Answer(
        item_id=item.id,
        quiz_id=row.quiz_id,
        version_id=item.question_version_id,
        course=row.Course,
        quiz_title=row.title,
        learner_id=row.learner_id,
        learner_account_id=row.account_id,
        organisation_id=row.organisation_id,
        shown_name=row.name,
        rules=MarkingRules.of(row.rules),
        open=row.state == SUBMITTED,
        marking=item.marking,
        submitted_at=row.submitted_at,
        points=item.points,
        type=row.type,
        content=row.content,
        response=item.response or {},
        marks=tuple(marks_of([item.id])[item.id]),
    )
