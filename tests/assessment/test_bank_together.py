"""Several people at one bank at the same moment, on the database under test."""

import pytest
from sqlalchemy import func, select

from academy.assessment import services
from academy.assessment.models import Question, QuestionCategory, QuestionStateChange, QuestionVersion
from academy.assessment.queries_of_banked import banked
from academy.assessment.refusals_of_editing import ChangedMeanwhile
from academy.assessment.rules.bank import path_below, tags_in
from academy.base.db import db
from academy.base.errors import Refusal
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories.accounts import LONG_AGO, both

pytestmark = pytest.mark.concurrency
MANY = 8


def begun(app, state="draft"):
    """A question in a state, its author, a colleague, and the mark of its version."""
    with prepared(app):
        trainer = people.trainer()
        colleague = bank.colleague(trainer)
        question = bank.question(trainer, state=state)
        return question.id, trainer.id, colleague.id, banked(question.id).mark


def test_of_editors_that_saw_the_same_version_one_is_kept_and_the_others_are_told(crowd_app):  # noqa: F811
    """AS18: nobody overwrites a colleague silently."""
    question_id, trainer_id, _colleague_id, seen = begun(crowd_app)

    def edit(number):
        written = bank.written(stem=both("", f"Mine {number}"))
        return services.keep_in_bank(question_id, written, at=LONG_AGO, by_id=trainer_id, seen=seen).number

    outcomes = run_together(MANY, edit, app=crowd_app)
    assert winners(outcomes) == [2], outcomes
    assert all(isinstance(each, ChangedMeanwhile) for each in outcomes if each != 2)
    with prepared(crowd_app):
        assert db.session.scalar(select(func.count(QuestionVersion.id))) == 2


def test_editors_without_a_mark_make_versions_in_a_row(crowd_app):  # noqa: F811
    question_id, trainer_id, _colleague_id, _seen = begun(crowd_app)

    def edit(number):
        written = bank.written(stem=both("", f"Mine {number}"))
        return services.keep_in_bank(question_id, written, at=LONG_AGO, by_id=trainer_id).number

    assert sorted(run_together(MANY, edit, app=crowd_app)) == list(range(2, MANY + 2))


def test_a_review_and_an_edit_together_never_approve_what_was_not_seen(crowd_app):  # noqa: F811
    question_id, trainer_id, colleague_id, seen = begun(crowd_app, "in_review")

    def act(number):
        if number % 2:
            return services.move_state(question_id, "approve", at=LONG_AGO, by_id=colleague_id, seen=seen).state
        written = bank.written(stem=both("", f"Mine {number}"))
        return services.keep_in_bank(question_id, written, at=LONG_AGO, by_id=trainer_id).number

    outcomes = run_together(MANY, act, app=crowd_app)
    assert all(isinstance(each, Refusal) for each in outcomes if isinstance(each, Exception)), outcomes
    with prepared(crowd_app):
        approved = db.session.scalars(
            select(QuestionStateChange.version_number).where(QuestionStateChange.after == "ready")
        ).all()
        assert set(approved) <= {1} and len(approved) <= 1
        assert db.session.get(Question, question_id).state in ("draft", "in_review")


def test_moves_that_would_close_a_circle_together_leave_a_tree(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        of = people.organisation()
        ids = [bank.category(of).id for _each in range(4)]

    def move(number):
        category, parent = (db.session.get(QuestionCategory, ids[place % 4]) for place in (number, number + 1))
        services.move_category(category, parent, at=LONG_AGO, by_id=None)

    outcomes = run_together(MANY, move, app=crowd_app)
    assert all(each is None or isinstance(each, Refusal) for each in outcomes), outcomes
    with prepared(crowd_app):
        found = {row.id: row for row in db.session.scalars(select(QuestionCategory))}
        for row in found.values():
            parent = found[row.parent_id] if row.parent_id else None
            assert row.path == path_below(parent.path if parent else "", row.id)


def test_filing_into_a_category_that_is_being_removed_loses_no_question(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        trainer = people.trainer()
        category_id = bank.category(bank.home(trainer)).id
        ids = [bank.question(trainer).id for _each in range(MANY)]
        organisation_id, trainer_id = trainer.organisation_id, trainer.id

    def act(number):
        if number == 0:
            category = db.session.get(QuestionCategory, category_id)
            services.remove_category(category, lift=True, at=LONG_AGO, by_id=None)
            return "removed"
        common = {"organisation_id": organisation_id, "at": LONG_AGO, "by_id": trainer_id}
        if number % 2:
            return services.file_many(ids, category_id, **common).count
        services.file_question(ids[number], category_id=category_id, tags=tags_in("وسم"))
        return "filed"

    outcomes = run_together(MANY, act, app=crowd_app)
    assert outcomes[0] == "removed", outcomes
    assert all(isinstance(each, Refusal) for each in outcomes if isinstance(each, Exception)), outcomes
    with prepared(crowd_app):
        assert set(db.session.scalars(select(Question.category_id))) == {None}
        assert len(db.session.scalars(select(Question.id)).all()) == MANY
