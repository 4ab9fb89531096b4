"""Questions that are not scored: no points, no right and wrong, no evidence, but who said how much."""

from datetime import timedelta

import pytest

from academy.assessment import queries, services
from academy.assessment.queries_of_calibration import right_answers
from academy.assessment.queries_of_opinions import opinions
from academy.assessment.queries_of_standing import quiz_state
from academy.assessment.types import kind
from academy.base.spreadsheets import read_table
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO

MATRIX = kind("matrix")


def codes(problems):
    return [(problem.path, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"statements": []}, "statements", "too_few"),
        ({"statements": None}, "statements", "not_a_list"),
        ({"statements": quizzes.entries("s1", "s1")}, "statements.1.id", "repeated_id"),
        ({"scale": quizzes.entries("k1")}, "scale", "too_few"),
        ({"scale": quizzes.entries(*(f"k{n}" for n in range(12)))}, "scale", "too_many"),
        ({"needed": 1}, "needed", "bad_needed"),
    ],
)
def test_what_is_wrong_with_statements_is_said_at_its_place(change, path, code):
    problems = MATRIX.check(quizzes.content("matrix", **change))
    assert codes(problems)[:1] == [(path, code)] and all(problem.sentence for problem in problems)


def test_statements_left_out_are_pointed_out_only_where_all_are_wanted():
    """AS5."""
    half = {"ratings": {"s1": "k1"}}
    assert [note.code for note in MATRIX.warnings(quizzes.content("matrix"), half)] == ["incomplete"]
    assert MATRIX.warnings(quizzes.content("matrix", needed=False), half) == ()
    assert MATRIX.describe(quizzes.content("matrix"), half, "en") == "Choice s1: Choice k1"


def test_an_unscored_question_adds_nothing_to_either_side_of_the_score(app):
    """AS5, P2: 2 of 2, not 2 of 12; the state of the quiz counts the same points."""
    version = quizzes.draft_quiz()
    quizzes.question(version, "single", points=2)
    quizzes.question(version, "matrix", points=10)
    services.freeze(version.id, LONG_AGO)
    learner = people.person()
    assert quiz_state(version.id, learner.id, now=LONG_AGO).points == 2
    attempt = quizzes.graded(version, learner)
    assert (attempt.score, attempt.max_score, attempt.passed) == (2, 2, True)
    assert {item.question_version.type: item.share for item in quizzes.items(attempt)} == {"single": 1, "matrix": None}


def test_opinions_are_no_evidence_for_a_competency(app):
    """AS5."""
    version = quizzes.draft_quiz()
    quizzes.question(version, "single", competency_key="CX-01")
    quizzes.question(version, "matrix", competency_key="CX-01")
    quizzes.question(version, "matrix", competency_key="CX-02")
    services.freeze(version.id, LONG_AGO)
    evidence = queries.attempt_evidence(quizzes.graded(version, people.person()).id)
    assert [(each.competency_key, each.items, each.share) for each in evidence.per_competency] == [("CX-01", 1, 1)]


def test_a_quiz_of_opinions_alone_is_passed_by_taking_part(app):
    """AS5: there is nothing to earn, so nothing to fail; an empty attempt is no part taken."""
    version = quizzes.quiz(types=("matrix", "matrix"), pass_percent=80)
    assert quizzes.graded(version, people.person()).passed is True
    nothing = quizzes.attempt(version, people.person())
    assert services.submit(nothing.id, at=LONG_AGO).passed is False


def test_the_result_of_opinions_shows_the_answers_without_any_mark(visit):
    """AS5."""
    learner = people.person()
    attempt = quizzes.graded(quizzes.quiz(types=("matrix",)), learner)
    page = visit(learner).get(f"/attempts/{attempt.id}/result")
    assert "شكرًا لك، وصلت إجاباتك" in page.words and "لا يُحتسب" in page.words and "خيار k3" in page.words
    assert not page.select(".mark, .ring, .given-list .right, .given-list .wrong, .given-list .missed")


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def surveyed(trainer):
    """A course with a quiz of two questions and a survey."""
    course = catalogue.course(trainer=trainer)
    return course, quizzes.quiz(course, types=("single", "matrix", "single"), shuffle=False)


def take_part(version, count):
    for place in range(count):
        quizzes.graded(version, people.person(), right=place % 3, at=LONG_AGO + timedelta(minutes=place))
    quizzes.reckoned(version)


def test_trainers_see_who_said_how_much_but_only_of_enough_people(visit, trainer, surveyed):
    """AS5: a chart and the same as a table; below ten answers nothing, as few could be recognised."""
    course, version = surveyed
    page, address = visit(trainer), f"/teach/{course.key}/questions?quiz={version.id}"
    take_part(version, 9)
    shown = page.get(address)
    assert not shown.select(".opinions") and "ابتداءً من 10" in shown.words
    take_part(version, 1)
    shown = page.get(address)
    assert shown.select(".opinions svg rect") and shown.select_one(".opinions")["role"] == "img"
    cells = [cell.get_text(" ", strip=True) for cell in shown.select("#question-2 .sheet tbody tr:first-child > *")]
    first = [place % 3 > 1 for place in range(9)] + [False]
    assert cells[0] == "خيار s1" and cells[1].startswith(str(10 - sum(first))) and cells[3].startswith(str(sum(first)))
    assert not shown.select("#question-2 .item-flag, #question-2 .choice-counts")


def test_opinions_leave_the_figures_of_the_quiz_alone(surveyed):
    """AS5, AS19: neither the distribution nor alpha nor the calibration knows of them."""
    _course, version = surveyed
    take_part(version, 30)
    found = quizzes.reckoned(version)
    assert [each.statistics.attempts for each in found.questions] == [30, 0, 30]
    assert found.questions[1].flags == () and found.questions[1].opinions.statements[1].omitted > 0
    plain = quizzes.quiz(types=("single", "single"))
    for place in range(30):
        quizzes.graded(plain, people.person(), right=min(2, place % 3), at=LONG_AGO + timedelta(minutes=place))
    answers = right_answers(version.id)
    assert len(answers.question_version_ids) == 2 and len(answers.rows) == 30
    assert found.reliability is not None and sum(found.distribution) == 30


def test_the_export_holds_what_was_said(visit, trainer, surveyed):
    """AS5: export."""
    course, version = surveyed
    take_part(version, 12)
    page = visit(trainer)
    page.get(f"/teach/{course.key}/questions.csv?quiz={version.id}")
    table = read_table(page.response.data, "questions.csv")
    row = next(row for row in table.rows if any("خيار s1" in cell for cell in row))
    assert any("خيار k1" in cell and "خيار k3" in cell for cell in row)


def test_the_median_is_a_step_and_needs_an_answer():
    content = quizzes.content("matrix")
    said = [{"ratings": {"s1": f"k{1 + place % 3}"}} for place in range(9)] + [{"ratings": {"s1": "k3"}}]
    found = opinions(content, said)
    assert found.statements[0].middle == 1 and found.statements[0].counts == (3, 3, 4)
    assert found.statements[1].middle is None and found.statements[1].omitted == 10
    assert opinions(content, said[:9]) is None
