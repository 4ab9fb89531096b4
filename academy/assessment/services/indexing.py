"""Keeping what a question is found by in step with its newest version and its tags."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from academy.assessment.models import Question, QuestionTag, QuestionVersion
from academy.assessment.questions import missing_languages, searched_texts
from academy.base.arabic import search_document
from academy.base.db import db

AT_ONCE = 500


def index_question(question: Question, content: Mapping[str, Any], tags: Iterable[str] = ()) -> None:
    """Write anew under which words a question is found and which languages its newest version lacks."""
    question.search_text = search_document(question.key, *searched_texts(content), *tags)
    question.lacking = ",".join(missing_languages(content))


def index_again(question: Question, content: Mapping[str, Any] | None = None) -> None:
    """Index a question that may have tags: with the content given, else with that of its newest version."""
    tags = db.session.scalars(select(QuestionTag.tag).where(QuestionTag.question_id == question.id))
    if content is None:
        newest = select(QuestionVersion.content).where(QuestionVersion.question_id == question.id)
        content = db.session.scalars(newest.order_by(QuestionVersion.number.desc()).limit(1)).one()
    index_question(question, content, tags.all())


def index_missing(most: int = AT_ONCE) -> int:
    """Index questions that nobody has indexed yet, at most so many; return how many there were."""
    later = aliased(QuestionVersion)
    newest = (
        select(func.max(later.number)).where(later.question_id == Question.id).correlate(Question).scalar_subquery()
    )
    rows = db.session.execute(
        select(Question, QuestionVersion.content)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(or_(Question.search_text == " ", Question.lacking.is_(None)), QuestionVersion.number == newest)
        .order_by(Question.id)
        .limit(most)
    ).all()
    tags: dict[int, list[str]] = {}
    wanted = [question.id for question, _content in rows]
    for row in db.session.execute(select(QuestionTag).where(QuestionTag.question_id.in_(wanted))).scalars():
        tags.setdefault(row.question_id, []).append(row.tag)
    for question, content in rows:
        index_question(question, content, tags.get(question.id, ()))
    db.session.flush()
    return len(rows)
