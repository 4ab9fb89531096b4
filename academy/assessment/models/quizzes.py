"""Quizzes and their versions: rules, sections, fixed questions and the pools that questions are drawn from."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from academy.assessment.models.questions import QuestionVersion
from academy.assessment.models.surveys import AnonymousSurvey
from academy.base.db import Model
from academy.base.text import LocalizedText


class Quiz(Model):
    """A quiz of a course, the same through all versions; attempts are counted on it."""

    __tablename__ = "quiz"
    __table_args__ = (UniqueConstraint("course_id", "key", name="uq_quiz_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))


class QuizVersion(Model):
    """The rules and questions of a quiz in one course version. `frozen_at` is set when that version is published.

    `review` is the matrix of what is seen when (empty: what `release` says); `tries` and `try_penalty` (percent) are for
    practice, where a question may be tried again; `floors` is domain key → percent; `addresses` lists networks from which
    attempts are allowed (none: from everywhere); `pre_quiz_id` names the quiz that was taken before, to tell the gain.
    `anonymous` is read from what the quiz is (see models.surveys).
    `secure_browser` says whether Safe Exam Browser is asked for and by which keys, `secure` what its trainer chose for it:
    {"keys": [hex], "allowed": [addresses], "quit_password": text, "step": key of the activity, set by publishing}.
    """

    __tablename__ = "quiz_version"
    __table_args__ = (
        UniqueConstraint("quiz_id", "number", name="uq_quiz_version_number"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent_in_range"),
        CheckConstraint("attempts_allowed IS NULL OR attempts_allowed > 0", name="attempts_positive"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        CheckConstraint("layout IN ('one', 'all')", name="known_layout"),
        CheckConstraint(
            "release IN ('none', 'score', 'after_submit', 'after_pass', 'after_close')", name="known_release"
        ),
        CheckConstraint("counting IN ('best', 'last', 'average', 'first')", name="known_counting"),
        CheckConstraint("navigation IN ('free', 'sequential')", name="known_navigation"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("cooling_minutes >= 0", name="cooling_not_negative"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 3600", name="grace_in_range"),
        CheckConstraint("tries BETWEEN 1 AND 10", name="tries_in_range"),
        CheckConstraint("try_penalty BETWEEN 0 AND 100", name="try_penalty_in_range"),
        CheckConstraint("secure_browser IN ('none', 'settings', 'keys')", name="known_secure_browser"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    number: Mapped[int]
    title: Mapped[LocalizedText]
    pass_percent: Mapped[int] = mapped_column(default=70)
    attempts_allowed: Mapped[int | None]
    minutes: Mapped[int | None]
    shuffle: Mapped[bool] = mapped_column(default=True)
    layout: Mapped[str] = mapped_column(String(3), default="one")
    release: Mapped[str] = mapped_column(String(20), default="after_submit")
    review: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    grace_seconds: Mapped[int] = mapped_column(default=10)
    cooling_minutes: Mapped[int] = mapped_column(default=0)
    counting: Mapped[str] = mapped_column(String(10), default="best")
    navigation: Mapped[str] = mapped_column(String(10), default="free")
    confidence: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=1)
    try_penalty: Mapped[int] = mapped_column(default=0)
    password: Mapped[str | None] = mapped_column(String(60))
    addresses: Mapped[list[Any]] = mapped_column(default=list)
    secure_browser: Mapped[str] = mapped_column(String(8), default="none")
    secure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    floors: Mapped[dict[str, Any]] = mapped_column(default=dict)
    marking: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pre_quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id"))
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    anonymous: Mapped[bool] = column_property(
        exists().where(AnonymousSurvey.quiz_id == quiz_id).correlate_except(AnonymousSurvey)
    )

    quiz: Mapped[Quiz] = relationship(foreign_keys=[quiz_id])
    sections: Mapped[list["QuizSection"]] = relationship(order_by="QuizSection.position, QuizSection.id", viewonly=True)


class QuizSection(Model):
    """A part of a quiz: questions that are fixed, or drawn for each attempt as `draw` says; each worth `points` then.

    `draw`: {"lines": [{"count", "points", "categories": [ids], "tags": [words], "competencies": [keys, or those of
    domains], "objectives": [keys], "difficulties": [1 to 3]}, …]}; a line may leave out what it does not ask for.
    """

    __tablename__ = "quiz_section"
    __table_args__ = (
        CheckConstraint("kind IN ('fixed', 'draw')", name="known_kind"),
        CheckConstraint("points > 0", name="points_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[LocalizedText]
    kind: Mapped[str] = mapped_column(String(5), default="fixed")
    draw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    points: Mapped[int] = mapped_column(default=1)


class QuizPool(Model):
    """A question version that a line of a section may draw, as it was when the quiz was published."""

    __tablename__ = "quiz_pool"

    section_id: Mapped[int] = mapped_column(ForeignKey("quiz_section.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True, index=True)


class QuizItem(Model):
    """The place of a question in a quiz version and its points; without a section it stands before all sections."""

    __tablename__ = "quiz_item"
    __table_args__ = (CheckConstraint("points > 0", name="points_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_section.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    points: Mapped[int] = mapped_column(default=1)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)

    question_version: Mapped[QuestionVersion] = relationship()
