"""What the bank keeps beside its questions: their tags, what is said about them, and how their state changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class QuestionTag(Model):
    """A word that a question is marked with, as it was typed and as it is compared (`folded`)."""

    __tablename__ = "question_tag"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    folded: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    tag: Mapped[str] = mapped_column(String(60))


class QuestionComment(Model):
    """Something said about a question, as it was in the version with that number, until somebody settles it."""

    __tablename__ = "question_comment"
    __table_args__ = (CheckConstraint("(resolved_at IS NULL) = (resolved_by_id IS NULL)", name="resolved_by_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    version_number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class QuestionStateChange(Model):
    """One change of a question's state: who, when, from what to what, at which version. Rows are only ever added."""

    __tablename__ = "question_state_change"
    __table_args__ = (CheckConstraint("before <> after", name="changes_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    version_number: Mapped[int]
    before: Mapped[str] = mapped_column(String(10))
    after: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
