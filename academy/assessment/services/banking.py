"""Writing questions of a bank: each edit is a new version; filing them under a category and tags."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from academy.assessment.models import DRAFT, RETIRED, Question, QuestionStateChange, QuestionTag, QuestionVersion
from academy.assessment.queries_of_banked import mark_of_version
from academy.assessment.rules.bank import MOST_TAGS, state_after_edit
from academy.assessment.services.categories import category_in
from academy.assessment.services.editing import refuse_stale
from academy.assessment.services.editing_questions import Written, check_written, differs, make_version, next_version
from academy.assessment.services.indexing import index_again, index_question
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _, _l

RETIRED_IS_CLOSED = _l("This question is retired. Bring it back before you change it.")


def add_to_bank(
    organisation_id: int,
    written: Written,
    *,
    category_id: int | None = None,
    tags: Mapping[str, str] | None = None,
    key: str | None = None,
    at: datetime,
    by_id: int | None,
) -> Question:
    """Put a new question into the bank of an organisation, as a draft. `tags` is folded form → tag as typed."""
    check_written(written)
    category = category_in(category_id, organisation_id)
    question = Question(
        organisation_id=organisation_id,
        category_id=category.id if category else None,
        key=_key(organisation_id, key),
        state=DRAFT,
        created_at=at,
        created_by_id=by_id,
    )
    db.session.add(question)
    db.session.flush()
    db.session.add(make_version(replace(written, objective=None), question, 1, at, by_id))
    _keep_tags(question, tags or {})
    index_question(question, written.content, (tags or {}).values())
    db.session.flush()
    return question


def keep_in_bank(
    question_id: int, written: Written, *, at: datetime, by_id: int | None, seen: str | None = None
) -> QuestionVersion:
    """Keep an edit as the next version of a question; return its newest version, the present one when nothing differs.

    What the bank held ready goes back to draft. `seen` is the mark of the version the page was opened with; an old one
    raises ChangedMeanwhile. UnusableQuestion tells what is wrong with the content.
    """
    question = lock(Question, question_id)
    newest = newest_version(question_id)
    refuse_stale(mark_of_version(newest), seen)
    refuse_retired(question)
    check_written(written)
    if not differs(newest, written):
        return newest
    version = next_version(question, written, at, by_id)
    after = state_after_edit(question.state, in_bank=question.course_id is None)
    change_state(question, version.number, after, at=at, by_id=by_id)
    index_again(question, written.content)
    db.session.flush()
    return version


def file_question(question_id: int, *, category_id: int | None, tags: Mapping[str, str]) -> None:
    """Put a question under a category (None: under none) and give it exactly these tags (folded form → as typed)."""
    category = category_in(category_id, db.session.get_one(Question, question_id).organisation_id)
    question = lock(Question, question_id)
    question.category_id = category.id if category else None
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id))
    _keep_tags(question, tags)
    index_again(question)
    db.session.flush()


def _key(organisation_id: int, wanted: str | None) -> str:
    mine = Question.organisation_id == organisation_id, Question.course_id.is_(None), Question.key == wanted
    if wanted and db.session.scalar(select(Question.id).where(*mine)) is None:
        return wanted
    return free_key(bank_keys(organisation_id))


def _keep_tags(question: Question, tags: Mapping[str, str]) -> None:
    if len(tags) > MOST_TAGS:
        raise Invalid(_("A question has at most %(most)s tags.", most=MOST_TAGS), field="tags")
    db.session.add_all(QuestionTag(question_id=question.id, folded=folded, tag=tag) for folded, tag in tags.items())
    db.session.flush()


def newest_version(question_id: int) -> QuestionVersion:
    """Return the newest version of a question."""
    query = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    return db.session.scalars(query.order_by(QuestionVersion.number.desc()).limit(1)).one()


def change_state(question: Question, number: int, after: str, *, at: datetime, by_id: int | None) -> None:
    """Change the state of a question and write down who did when; the same state changes nothing."""
    if question.state == after:
        return
    db.session.add(
        QuestionStateChange(
            question_id=question.id,
            version_number=number,
            before=question.state,
            after=after,
            changed_at=at,
            changed_by_id=by_id,
        )
    )
    question.state = after
    db.session.flush()


def refuse_retired(question: Question) -> None:
    """Raise Conflict for a retired question."""
    if question.state == RETIRED:
        raise Conflict(RETIRED_IS_CLOSED)


def bank_keys(organisation_id: int) -> set[str]:
    """Return the keys of all questions in the bank of an organisation."""
    query = select(Question.key).where(Question.organisation_id == organisation_id, Question.course_id.is_(None))
    return set(db.session.scalars(query))


def free_key(keys: Collection[str], wanted: str | None = None) -> str:
    """Return the wanted key when it is free, else the next "q1", "q2", …"""
    if wanted and wanted not in keys:
        return wanted
    number = len(keys) + 1
    while f"q{number}" in keys:
        number += 1
    return f"q{number}"
