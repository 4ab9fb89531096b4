"""Sections that draw: what a line finds, what publishing fixes, the paper of an attempt, copies."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.assessment import services
from academy.assessment.models import (
    Attempt,
    AttemptItem,
    QuestionCategory,
    QuestionVersion,
    QuizItem,
    QuizPool,
    QuizSection,
)
from academy.assessment.queries_of_editing import RULES
from academy.assessment.queries_of_pools import candidates, draft_drawing
from academy.assessment.queries_of_standing import quiz_state
from academy.assessment.rules.lines import DrawLine
from academy.base.db import db
from tests.assessment.test_editing import quiz_activity
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO, both


def found(line, course) -> set[int]:
    """The question versions a line may draw in a course."""
    rows = candidates({(1, 0): (line, (course.organisation_id, course.id))})[1, 0]
    return {candidate.version_id for candidate, _key in rows}


@pytest.fixture
def course(app):
    return catalogue.course(people.organisation())


def test_a_line_finds_ready_questions_of_its_bank_and_course_only(course):
    """AS8, P3: neither drafts nor retired ones, nothing of another organisation or course."""
    home = course.organisation_id
    bank, own = quizzes.in_bank(home), quizzes.in_bank(home, course_id=course.id)
    for state in ("draft", "in_review", "retired"):
        quizzes.in_bank(home, state=state)
    quizzes.in_bank(people.organisation("partner").id)
    quizzes.in_bank(home, course_id=catalogue.course(people.organisation()).id)
    assert found(DrawLine(1, competencies=("D1",)), course) == {bank.id, own.id}


def test_a_line_asks_for_domain_competency_objective_difficulty_and_tags_together(course):
    """AS8. "D1" means D1.1 and D1.2, never D11."""
    home = course.organisation_id
    one = quizzes.in_bank(home, competency_key="D1.1", difficulty=1, objective="o1", tags=("الجودة", "Calm"))
    two = quizzes.in_bank(home, competency_key="D1.2", difficulty=3)
    quizzes.in_bank(home, competency_key="D11.1")
    assert found(DrawLine(1, competencies=("D1",)), course) == {one.id, two.id}
    assert found(DrawLine(1, competencies=("D1.2",)), course) == {two.id}
    assert found(DrawLine(1, competencies=("D1",), difficulties=(1, 2)), course) == {one.id}
    assert found(DrawLine(1, objectives=("o1",)), course) == {one.id}
    assert found(DrawLine(1, tags=("CALM",)), course) == found(DrawLine(1, tags=("الجوده", "x")), course) == {one.id}
    assert found(DrawLine(1, tags=("calm",), difficulties=(3,)), course) == set()


def test_a_category_stands_for_its_sub_categories(course):
    """AS8."""
    home, made = course.organisation_id, []
    for parent in (None, 0):
        above = made[parent] if parent is not None else None
        row = QuestionCategory(
            organisation_id=home, key=f"c{len(made)}", name=both("ر", "c"), parent_id=above and above.id
        )
        db.session.add(row)
        db.session.flush()
        row.path = f"{above.path if above else '/'}{row.id}/"
        made.append(row)
    low, high = (quizzes.in_bank(home, category_id=row.id) for row in reversed(made))
    assert found(DrawLine(1, categories=(made[0].id,)), course) == {low.id, high.id}
    assert found(DrawLine(1, categories=(made[1].id,)), course) == {low.id}


def test_only_the_newest_version_is_drawn_and_publishing_fixes_it(course):
    """AS8: a later edit of the bank changes nobody's paper."""
    old = quizzes.in_bank(course.organisation_id)
    version = quizzes.draft_quiz(course)
    quizzes.section(version, DrawLine(1, competencies=("D1",)))
    services.freeze(version.id, LONG_AGO)
    newer = QuestionVersion(
        question=old.question, number=2, type="single", content=quizzes.content("single"), competency_key="D1.1",
        created_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(newer)
    quizzes.in_bank(course.organisation_id)
    assert found(DrawLine(1, competencies=("D1",)), course) >= {newer.id}
    attempt = quizzes.attempt(version, people.person())
    assert [item.question_version_id for item in quizzes.items(attempt)] == [old.id]


def test_a_question_that_is_asked_anyway_is_not_drawn(course):
    version = quizzes.draft_quiz(course)
    item = quizzes.question(version, competency_key="D1.1")
    drawn = quizzes.in_bank(course.organisation_id)
    made = quizzes.section(version, DrawLine(1, competencies=("D1",)))
    (line,) = draft_drawing(version, course, made.id, [DrawLine(1, competencies=("D1",))]).lines
    assert [each.version_id for each in line.pool.candidates] == [drawn.id] and line.pool.thin
    services.freeze(version.id, LONG_AGO)
    asked = [each.question_version_id for each in quizzes.items(quizzes.attempt(version, people.person()))]
    assert asked == [item.question_version_id, drawn.id]


def test_a_pool_that_cannot_fill_its_lines_keeps_the_quiz_from_being_published(course):
    """AS8."""
    quizzes.in_bank(course.organisation_id)
    version = quizzes.draft_quiz(course)
    quizzes.section(version, DrawLine(1, competencies=("D1",)), DrawLine(1, competencies=("D1.1",)))
    with pytest.raises(services.PoolTooSmall):
        services.freeze(version.id, LONG_AGO)
    assert version.frozen_at is None and db.session.scalar(select(func.count()).select_from(QuizPool)) == 0


def shape(attempt) -> Counter:
    """How many questions of each domain and difficulty a paper holds."""
    versions = [item.question_version for item in quizzes.items(attempt)]
    return Counter((each.competency_key[:2], each.difficulty) for each in versions)


def test_learners_get_different_papers_of_the_same_shape(course):
    """AS8."""
    version = quizzes.drawn_quiz(course, domains=(("D1", 4), ("D2", 2)), bank=6)
    attempts = [quizzes.attempt(version, people.person()) for _ in range(8)]
    papers = [tuple(sorted(item.question_version_id for item in quizzes.items(each))) for each in attempts]
    assert len(set(papers)) > 1 and all(len(set(paper)) == 6 for paper in papers)
    assert all(shape(each) == shape(attempts[0]) for each in attempts)
    assert {each.max_score for each in attempts} == {6}


def test_sections_come_in_order_and_shuffling_stays_within_them(course):
    version = quizzes.draft_quiz(course)
    opening = [quizzes.question(version).question_version_id for _ in range(2)]
    for _ in range(6):
        quizzes.in_bank(course.organisation_id, competency_key="D1.1")
        quizzes.in_bank(course.organisation_id, competency_key="D2.1")
    parts = [
        quizzes.section(version, DrawLine(3, 2, competencies=(key,)), position=n) for n, key in ((1, "D2"), (2, "D1"))
    ]
    services.freeze(version.id, LONG_AGO)
    for _ in range(3):
        items = quizzes.items(quizzes.attempt(version, people.person()))
        assert {item.question_version_id for item in items[:2]} == set(opening)
        assert [item.section_id for item in items] == [None, None, *[parts[0].id] * 3, *[parts[1].id] * 3]
        assert [item.question_version.competency_key for item in items[2:]] == ["D2.1"] * 3 + ["D1.1"] * 3
        assert [item.points for item in items] == [1, 1, 2, 2, 2, 2, 2, 2]


def test_a_copy_carries_every_rule_and_section(course):
    """A rule that a copy forgot would silently change the exam of the next version."""
    other = quizzes.draft_quiz(course)
    given = {
        "pass_percent": 81, "attempts_allowed": 2, "minutes": 45, "shuffle": False, "layout": "all", "release": "score",
        "review": {"after": ["score"]}, "opens_at": LONG_AGO, "closes_at": LONG_AGO + timedelta(days=1), "grace_seconds": 5,
        "cooling_minutes": 60, "counting": "last", "navigation": "sequential", "confidence": True, "tries": 3,
        "try_penalty": 25, "password": "سر", "addresses": ["10.0.0.0/8"], "floors": {"D1": 50}, "pre_quiz_id": other.quiz_id,
        "secure_browser": "keys", "secure": {"keys": ["ab" * 32], "step": None},
    }  # fmt: skip
    assert set(given) == set(RULES)
    quizzes.in_bank(course.organisation_id)
    version = quizzes.draft_quiz(course, **given)
    drawn = quizzes.section(version, DrawLine(1, competencies=("D1",)))
    fixed = QuizSection(quiz_version_id=version.id, position=2, title=both("ثابت", "Fixed"), kind="fixed")
    db.session.add(fixed)
    db.session.flush()
    item = quizzes.question(version)
    item.section_id = fixed.id
    services.freeze(version.id, LONG_AGO)
    copy = services.copy_version(version.id, LONG_AGO)
    assert {name: getattr(copy, name) for name in RULES} == given
    rows = db.session.scalars(select(QuizSection).where(QuizSection.quiz_version_id == copy.id)).all()
    assert [(row.kind, row.title, row.draw) for row in rows] == [
        ("draw", drawn.title, drawn.draw), ("fixed", fixed.title, {}),
    ]  # fmt: skip
    copied = db.session.scalars(select(QuizItem).where(QuizItem.quiz_version_id == copy.id)).one()
    assert copied.section_id == rows[1].id != fixed.id
    pools = select(func.count()).select_from(QuizPool).where(QuizPool.section_id == rows[0].id)
    assert db.session.scalar(pools) == 0


def test_an_edit_of_a_question_in_a_published_pool_makes_its_next_version(course):
    """What a published quiz may draw never changes in place."""
    activity = quiz_activity(course)
    written = services.Written("true_false", quizzes.content("true_false"), competency_key="D1.1")
    item = services.add_written(activity.id, written, at=LONG_AGO, by_id=None)
    first = item.question_version_id
    other = quizzes.draft_quiz(course)
    quizzes.section(other, DrawLine(1, competencies=("D1",)))
    services.freeze(other.id, LONG_AGO)
    changed = services.Written("true_false", quizzes.content("true_false", answer=False), competency_key="D1.1")
    kept = services.keep_written(activity.id, item.id, changed, at=LONG_AGO, by_id=None)
    assert kept.question_version_id != first


@pytest.mark.parametrize("bank", [3, 40])
def test_starting_a_drawn_attempt_takes_the_same_few_statements_however_large_the_bank(course, statements, bank):
    version, learner = quizzes.drawn_quiz(course, bank=bank), people.person()
    key, learner_id = version.id, learner.id
    db.session.refresh(version)
    with statements() as seen:
        services.start_attempt(key, learner_id, at=LONG_AGO)
    assert len(seen) <= 13


def test_the_state_of_a_drawn_quiz_counts_what_is_drawn(course):
    version = quizzes.drawn_quiz(course)
    state = quiz_state(version.id, people.person().id, now=LONG_AGO)
    assert (state.questions, state.drawn, state.points) == (6, 6, 6)


@pytest.mark.concurrency
def test_twenty_parallel_starts_draw_one_paper_for_each_learner(crowd_app):  # noqa: F811
    """AS8, R4, R10: four requests of each of five learners at the same moment."""
    with prepared(crowd_app):
        version = quizzes.drawn_quiz(bank=5, minutes=30)
        version_id, learners = version.id, [people.person().id for _ in range(5)]

    def start(number):
        return services.start_attempt(version_id, learners[number % 5], at=LONG_AGO).id

    outcomes = run_together(20, start, app=crowd_app)
    assert len(winners(outcomes)) == 20 and len(set(winners(outcomes))) == 5, outcomes
    with prepared(crowd_app):
        assert db.session.scalar(select(func.count(Attempt.id))) == 5
        counts = db.session.execute(
            select(func.count(), func.count(AttemptItem.question_version_id.distinct())).group_by(
                AttemptItem.attempt_id
            )
        ).all()
        assert [tuple(row) for row in counts] == [(6, 6)] * 5
