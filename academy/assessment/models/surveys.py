"""Anonymous surveys and what was said in them, without anybody's name."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class AnonymousSurvey(Model):
    """That a quiz is an anonymous survey, in all its versions. Answers hold on to it: with any, it cannot be taken back."""

    __tablename__ = "anonymous_survey"

    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quiz.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class SurveySheet(Model):
    """What one person said, without person, attempt, time or number; `key` is drawn and orders the table too.

    `answers` is question version id → stored response. A sheet is `sealed` until enough others wait with it: then all of them
    are written anew, in a drawn order and with new keys.
    """

    __tablename__ = "survey_sheet"
    __table_args__ = (
        CheckConstraint("(answers IS NULL) <> (sealed IS NULL)", name="open_or_sealed"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("anonymous_survey.quiz_id"), index=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    answers: Mapped[dict[str, Any] | None]
    sealed: Mapped[str | None] = mapped_column(Text)
