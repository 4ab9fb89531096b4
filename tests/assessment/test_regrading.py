"""Regrades: a corrected key, a void question, points for everyone; previewed, applied once, recorded, told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from academy.assessment import jobs as assessment_jobs  # noqa: F401
from academy.assessment import queries, queries_of_attempts, services
from academy.assessment import queries_of_regrading as regrades
from academy.assessment.models import (
    Attempt,
    AttemptItem,
    QuestionVersion,
    QuizItem,
    QuizVersion,
    Regrade,
    RegradeEffect,
)
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.refusals_of_regrading import DecidedMeanwhile, NothingCorrected, NotOpen, NotTheSameQuestion
from academy.assessment.services import UnusableQuestion
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid, NotFound
from academy.competencies import services as competencies
from academy.competencies.models import Evidence, Standing
from academy.notices.models import Notice
from tests import invariants
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories import competencies as frameworks
from tests.factories.accounts import LONG_AGO

LATER = LONG_AGO + timedelta(days=3)


@pytest.fixture
def taken(app):
    """A quiz of two single choices (pass at 100) and attempts with 0, 1 and 2 right answers."""
    version = factories.quiz(types=("single", "single"), shuffle=False, pass_percent=100)
    return version, [factories.graded(version, people.person(), right=right) for right in (0, 1, 2)]


def asked(attempt, place=1) -> int:
    item = factories.items(attempt)[place]
    return item.answered_version_id or item.question_version_id


def other_key(version_id: int) -> dict:
    """The content of a question with another right choice: «a», which WRONG answers chose."""
    content = db.session.get(QuestionVersion, version_id).content
    return {**content, "options": [{**option, "correct": option["id"] == "a"} for option in content["options"]]}


def variable(name: str, low: str, high: str) -> dict:
    return {"name": name, "low": low, "high": high, "step": "1"}


def decided(version, version_id, act, by=None, **given) -> Regrade:
    by = by or people.person()
    made = services.propose_regrade(version.quiz_id, version_id, act, reason="خطأ", by_id=by.id, at=LATER, **given)
    return services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=LATER)


def results(attempts) -> list:
    rows = [db.session.get(Attempt, each.id, populate_existing=True) for each in attempts]
    return [(int(row.score), int(row.max_score), row.passed) for row in rows]


def test_a_corrected_key_counts_for_everyone_and_the_former_version_stays_in_the_record(taken):
    """AS17, AS18."""
    version, attempts = taken
    version_id = asked(attempts[0])
    regrade = decided(version, version_id, "key", content=other_key(version_id))
    assert results(attempts) == [(1, 2, False), (2, 2, True), (1, 2, False)]
    item = factories.items(attempts[0])[1]
    assert (item.question_version_id, item.answered_version_id) == (regrade.new_version_id, version_id)
    assert db.session.get(QuestionVersion, version_id).content["options"][1]["correct"] is True
    effects = {
        e.attempt_id: (e.score_before, e.score_after, e.passed_before, e.passed_after)
        for e in db.session.query(RegradeEffect)
    }
    assert effects[attempts[1].id] == (1, 2, False, True) and effects[attempts[2].id] == (2, 1, True, False)
    assert invariants.broken() == {}


def test_a_void_question_counts_for_nobody_neither_raw_nor_maximum(taken):
    """AS17."""
    version, attempts = taken
    decided(version, asked(attempts[0]), "void")
    assert results(attempts) == [(0, 1, False), (1, 1, True), (1, 1, True)]
    head = attempt_head(attempts[0].id)
    assert [mark.voided for mark in queries_of_attempts.result(head, now=LATER).marks] == [False, True]
    assert invariants.broken() == {}


def test_points_for_everyone_and_back_again(taken):
    """AS17: the last word on a question counts."""
    version, attempts = taken
    version_id = asked(attempts[0])
    decided(version, version_id, "full")
    assert results(attempts) == [(1, 2, False), (2, 2, True), (2, 2, True)]
    decided(version, version_id, "restore")
    assert results(attempts) == [(0, 2, False), (1, 2, False), (2, 2, True)]
    assert db.session.query(RegradeEffect).count() == 4


def test_open_and_later_attempts_meet_the_decision_when_they_are_submitted(taken):
    version, attempts = taken
    version_id = asked(attempts[0])
    going_on = factories.attempt(version, people.person())
    factories.answer(going_on, right=False)
    decided(version, version_id, "key", content=other_key(version_id))
    services.submit(going_on.id, at=LATER)
    later = factories.graded(version, people.person(), right=0, at=LATER)
    assert results([going_on, later]) == [(1, 2, False), (1, 2, False)]
    assert factories.items(later)[1].answered_version_id == version_id


def test_the_preview_changes_nothing_and_equals_what_is_applied(taken):
    """AS17, R35 in spirit."""
    version, attempts = taken
    before = results(attempts)
    by = people.person()
    made = services.propose_regrade(version.quiz_id, asked(attempts[0]), "void", reason="غامض", by_id=by.id, at=LATER)
    assert results(attempts) == before and db.session.query(RegradeEffect).count() == 0
    previewed = regrades.moved(made)
    assert [each.crosses for each in previewed] == ["up", "", ""]
    services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=LATER)
    assert regrades.moved(made) == previewed
    assert made.effect["touched"] == made.touched == 3


def test_applying_twice_is_applying_once_and_a_stale_preview_is_refused(taken):
    """P2."""
    version, attempts = taken
    by, version_id = people.person(), asked(attempts[0])
    made = services.propose_regrade(version.quiz_id, version_id, "void", reason="غامض", by_id=by.id, at=LATER)
    mark = made.effect["mark"]
    factories.graded(version, people.person(), right=1)
    with pytest.raises(DecidedMeanwhile):
        services.apply_regrade(made.id, by_id=by.id, seen=mark, at=LATER)
    services.preview_regrade(made)
    services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=LATER)
    effects = db.session.query(RegradeEffect).count()
    services.apply_regrade(made.id, by_id=by.id, seen=mark, at=LATER)
    assert db.session.query(RegradeEffect).count() == effects
    with pytest.raises(NotOpen):
        services.discard_regrade(made.id)
    entry = db.session.query(AuditEntry).filter_by(act="assessment:regrade:make").one()
    assert entry.after["touched"] == 4 and entry.after["now_pass"] == 2 and entry.subject_label == "غامض"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"options": factories.entries("a", "b", correct=("a",))}, NotTheSameQuestion),
        ({"options": factories.entries("a", "b", "c", "d", correct=("a",))}, NotTheSameQuestion),
        ({"options": factories.entries("a", "b", "c", correct=())}, UnusableQuestion),
        ({}, NothingCorrected),
    ],
)
def test_a_correction_keeps_the_parts_of_the_question(taken, change, refusal):
    version, attempts = taken
    version_id = asked(attempts[0])
    content = {**db.session.get(QuestionVersion, version_id).content, **change}
    with pytest.raises(refusal):
        decided(version, version_id, "key", content=content)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"formula": "2 * a + b"}, True),
        ({"variables": [variable("a", "1.0", "9"), variable("b", "0", "1")], "formula": "2 * a"}, True),
        ({"variables": [variable("a", "1", "9"), variable("b", "1", "1")], "formula": "a / b"}, False),
        ({"variables": [variable("a", "1", "9"), variable("c", "0", "1")], "formula": "a + c"}, False),
    ],
)
def test_a_corrected_formula_has_an_answer_for_every_paper_that_was_drawn(app, change, fits):
    """P1: with another range, papers that are taken now could be neither marked nor submitted any more."""
    stem = factories.text("{a}", "{a}")
    content = {"stem": stem, "variables": [variable("a", "1", "9"), variable("b", "0", "1")], "formula": "a + b"}
    version = factories.draft_quiz()
    factories.question(version, "calculated", content=content)
    services.freeze(version.id, LONG_AGO)
    attempt = factories.graded(version, people.person())
    version_id = asked(attempt, 0)
    if fits:
        assert decided(version, version_id, "key", content={**content, **change}).state == "applied"
        return
    with pytest.raises(NotTheSameQuestion):
        decided(version, version_id, "key", content={**content, **change})


def test_a_decision_needs_a_reason_and_a_question_of_the_quiz(taken):
    version, attempts = taken
    by = people.person()
    with pytest.raises(Invalid):
        services.propose_regrade(version.quiz_id, asked(attempts[0]), "void", reason=" ", by_id=by.id, at=LATER)
    elsewhere = factories.graded(factories.quiz(), people.person())
    with pytest.raises(NotFound):
        services.propose_regrade(version.quiz_id, asked(elsewhere), "void", reason="x", by_id=by.id, at=LATER)


def test_drafts_ask_by_the_corrected_key_and_published_versions_stay_as_they_are(taken):
    version, attempts = taken
    draft = services.copy_version(version.id, LATER)
    version_id = asked(attempts[0])
    regrade = decided(version, version_id, "key", content=other_key(version_id))
    used = {row.quiz_version_id: row.question_version_id for row in db.session.query(QuizItem).filter_by(position=2)}
    assert used[draft.id] == regrade.new_version_id and used[version.id] == version_id


def test_essays_keep_their_marks_through_void_and_back(app):
    """AS17, AS22: a waiting attempt meets decisions too, and stays waiting for the rest."""
    version = factories.quiz(types=("single", "essay"), points=10, shuffle=False)
    marker = people.person()
    done, waiting = (factories.handed_in(version, people.person()) for _ in range(2))
    factories.mark(factories.essays(done)[0], marker, {"clear": "mid", "voice": "3"})
    services.release(version.quiz_id, by_id=marker.id, at=LATER)
    essay = asked(done)
    decided(version, essay, "void")
    assert results([done]) == [(10, 10, True)]
    assert factories.items(waiting)[1].marking is None
    assert db.session.get(Attempt, waiting.id, populate_existing=True).state == "submitted"
    decided(version, essay, "restore")
    assert results([done]) == [(15, 20, True)]
    assert factories.items(waiting)[1].marking == "first"


def test_an_answer_that_nobody_marked_never_counts_as_nothing_in_a_released_result(app):
    """P2: its question was void as the results were released; once it counts again, nobody could mark it any more."""
    version = factories.quiz(types=("single", "essay"), points=10, shuffle=False, pass_percent=60)
    done, marker = factories.handed_in(version, people.person()), people.person()
    decided(version, asked(done), "void")
    services.release(version.quiz_id, by_id=marker.id, at=LATER)
    restored = decided(version, asked(done), "restore")
    assert results([done]) == [(10, 10, True)] and restored.effect["unmarked"] == 1
    assert factories.items(done)[1].voided
    later = factories.handed_in(version, people.person(), at=LATER)
    assert factories.items(later)[1].marking == "first"


def test_frozen_results_change_in_no_other_way(taken):
    """R16: hiding, deleting or editing a question after the close changes no result."""
    version, attempts = taken
    before = results(attempts)
    draft = services.copy_version(version.id, LATER)
    db.session.query(QuizItem).filter_by(quiz_version_id=draft.id, position=2).delete()
    services.freeze(draft.id, LATER)
    db.session.query(QuizItem).filter_by(quiz_version_id=version.id, position=2).delete()
    db.session.get(QuizVersion, version.id).pass_percent = 10
    question = db.session.get(QuestionVersion, asked(attempts[0])).question
    question.state = "retired"
    db.session.flush()
    for each in attempts:
        services.submit(each.id, at=LATER)
    services.close_overdue(LATER)
    assert results(attempts) == before
    with pytest.raises(Invalid):
        services.propose_regrade(version.quiz_id, asked(attempts[0]), "void", reason="", by_id=1, at=LATER)
    assert results(attempts) == before


def test_only_the_question_that_was_decided_about_is_judged_anew(taken):
    """P2: another answer keeps its share, even where a scorer would say otherwise today."""
    version, attempts = taken
    first = factories.items(attempts[2])[0]
    db.session.query(AttemptItem).filter_by(id=first.id).update({"share": Decimal("0.5")})
    decided(version, asked(attempts[2]), "void")
    assert factories.items(attempts[2])[0].share == Decimal("0.5")


def test_learners_whose_result_moves_are_told_once_in_words_and_numbers(taken):
    version, attempts = taken
    decided(version, asked(attempts[0]), "full")
    jobs.run_all_due()
    jobs.run_all_due()
    told = {row.person_id: row for row in db.session.query(Notice).filter_by(kind="attempt_regraded")}
    assert set(told) == {attempts[0].learner_id, attempts[1].learner_id}
    assert (
        told[attempts[1].learner_id].values["after"] == {"share": "1"}
        and "passed" in told[attempts[1].learner_id].values
    )
    assert "passed" not in told[attempts[0].learner_id].values


def test_a_score_that_is_not_shown_yet_is_not_told_with_a_regrade(app):
    """P4: the quiz shows scores once it is closed, and not before."""
    table = {"after": ["responses"], "later": ["responses"], "closed": ["score"]}
    version = factories.quiz(
        types=("single", "single"), shuffle=False, pass_percent=100, closes_at=LATER + timedelta(days=3650),
        release="score", review=table,
    )  # fmt: skip
    attempt = factories.graded(version, people.person(), right=1)
    decided(version, asked(attempt), "full")
    jobs.run_all_due()
    jobs.run_all_due()
    (notice,) = db.session.query(Notice).filter_by(kind="attempt_regraded")
    assert {name: notice.values.get(name) for name in ("before", "after", "passed")} == {
        "before": None, "after": None, "passed": None,
    }  # fmt: skip


def test_the_evidence_of_a_regraded_attempt_is_replaced_and_the_former_piece_stays(app):
    """AS17, CM: same source and moment, a later row; evidence of a later attempt still counts before it."""
    frameworks.framework()
    key = db.session.query(frameworks.Competency).first().key
    version = factories.draft_quiz(shuffle=False)
    for _ in range(3):
        factories.question(version, "single", competency_key=key)
    services.freeze(version.id, LONG_AGO)
    attempt = factories.graded(version, people.person(), right=1)
    competencies.note_attempt(attempt.id, at=LATER)
    decided(version, asked(attempt, 1), "full")
    jobs.run_all_due()
    pieces = db.session.query(Evidence).filter_by(person_id=attempt.learner_id).order_by(Evidence.id).all()
    assert [(piece.kind, round(float(piece.share), 2), piece.items) for piece in pieces] == [
        ("attempt", 0.33, 3),
        ("regrade", 0.67, 3),
    ]
    standing = db.session.query(Standing).filter_by(person_id=attempt.learner_id).one()
    assert standing.items == 3 and standing.pieces == 2
    for place in range(3):
        decided(version, asked(attempt, place), "void")
    jobs.run_all_due()
    db.session.expire_all()
    standing = db.session.query(Standing).filter_by(person_id=attempt.learner_id).one()
    assert standing.items == 0 and standing.score is None
    assert queries.attempt_evidence(attempt.id).per_competency[0].items == 0
