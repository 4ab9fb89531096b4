"""The bank: categories, questions and their immutable versions; files of questions on their way in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from academy.base.db import Model
from academy.base.text import LocalizedText

DRAFT, IN_REVIEW, READY, RETIRED = "draft", "in_review", "ready", "retired"


class QuestionCategory(Model):
    """A shelf of an organisation's question bank; `path` holds the ids from the root down, as in "/3/17/"."""

    __tablename__ = "question_category"
    __table_args__ = (UniqueConstraint("organisation_id", "key", name="uq_question_category_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("question_category.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), default="", index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[LocalizedText]


class Question(Model):
    """A question as it is known: its key, its place and its state. What is asked lies in its versions.

    It belongs to a course, or, without one, to the bank of its organisation. Only ready ones are drawn at random.
    `search_text` and `lacking` (languages, "ar" or "en" or "ar,en", in which its newest version is incomplete) are kept
    by whoever writes the question; None means that nobody has looked yet.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("course_id", "key", name="uq_question_key"),
        Index(
            "uq_question_bank_key",
            "organisation_id",
            "key",
            unique=True,
            sqlite_where=text("course_id IS NULL"),
            postgresql_where=text("course_id IS NULL"),
        ),
        CheckConstraint("state IN ('draft', 'in_review', 'ready', 'retired')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("question_category.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default=READY)
    search_text: Mapped[str] = mapped_column(default=" ")
    lacking: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class QuestionVersion(Model):
    """What a question asked at one time. Never changed once an attempt has used it; an edit makes the next number.

    `picture_key` is the public name of the file that its content shows, None without one. It follows the content.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number", name="uq_question_version_number"),
        CheckConstraint("difficulty BETWEEN 1 AND 3", name="known_difficulty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(20))
    competency_key: Mapped[str | None] = mapped_column(String(20), index=True)
    objective: Mapped[str | None] = mapped_column(String(20))
    difficulty: Mapped[int] = mapped_column(default=2)
    content: Mapped[dict[str, Any]]
    picture_key: Mapped[str | None] = mapped_column(String(60), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    question: Mapped[Question] = relationship()

    @validates("content")
    def _note_picture(self, _name: str, content: dict[str, Any]) -> dict[str, Any]:
        self.picture_key = (content.get("image") or {}).get("key")
        return content


class QuestionImport(Model):
    """A file of questions as it was read, kept between its preview and the decision of the trainer who uploaded it.

    It goes into the quiz of an activity, or into the bank of an organisation, there into a category or none.
    """

    __tablename__ = "question_import"
    __table_args__ = (CheckConstraint("(activity_id IS NULL) <> (organisation_id IS NULL)", name="one_place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("question_category.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(String(255))
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
