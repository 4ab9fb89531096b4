"""Results of quizzes and questions: the figures are right, remarks wait for enough attempts, names only for those who may."""

from datetime import timedelta
from fractions import Fraction

import pytest

from academy.assessment.jobs import reckon
from academy.assessment.queries_of_results import passed_a_quiz, quiz_figures
from academy.base.spreadsheets import read_table
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO, both


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def course(trainer):
    return catalogue.course(trainer=trainer)


@pytest.fixture
def quiz(course):
    return assessment.quiz(course, types=("single", "multiple", "true_false", "numeric"), title=both("اختبار", "Quiz"))


def take(quiz, count, rights, of=None):
    """Let people take the quiz; `rights` says how many questions each answers rightly (in the order shown)."""
    for number in range(count):
        assessment.graded(quiz, people.person(of=of), rights(number), at=LONG_AGO + timedelta(minutes=number))
    reckon(quiz.id)


def test_figures_of_a_quiz_count_every_graded_attempt(quiz, course):
    take(quiz, 4, lambda number: number + 1)
    assessment.attempt(quiz, people.person())
    figures = quiz_figures(course.id)[0]
    assert (figures.attempts, figures.passed) == (4, 2)
    assert figures.mean == Fraction(125, 2) and figures.pass_rate == Fraction(1, 2)
    assert assessment.reckoned(quiz).distribution == (0, 0, 1, 0, 0, 1, 0, 1, 0, 1)


def test_a_score_on_the_edge_of_a_tenth_belongs_to_the_upper_one_and_full_marks_to_the_last(quiz, course):
    take(quiz, 2, lambda number: (0, 4)[number])
    assert assessment.reckoned(quiz).distribution == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1)


def test_choices_are_counted(quiz):
    take(quiz, 5, lambda number: number < 3)
    first, second, third, fourth = assessment.reckoned(quiz).questions
    assert [(choice.chosen, choice.right) for choice in first.choices] == [(2, False), (3, True), (0, False)]
    assert [choice.chosen for choice in second.choices] == [3, 2, 3, 2]
    assert [(choice.text, choice.chosen) for choice in third.choices] == [(True, 3), (False, 2)]
    assert fourth.choices == ()
    assert (first.asked, first.answered, first.right) == (5, 5, 3)


def test_questions_are_judged_by_first_attempts_only(quiz):
    learner = people.person()
    assessment.graded(quiz, learner, False)
    assessment.graded(quiz, learner, True)
    figures = assessment.reckoned(quiz).questions[0]
    assert (figures.asked, figures.right) == (1, 0)


@pytest.mark.parametrize(("count", "told"), [(29, False), (30, True)])
def test_remarks_wait_for_thirty_attempts(visit, trainer, course, quiz, count, told):
    take(quiz, count, lambda number: False)
    shown = visit(trainer).get(f"/teach/{course.key}/questions")
    assert bool(shown.select(".item-flag")) is told
    assert all(figures.statistics.enough is told for figures in assessment.reckoned(quiz).questions)


def test_the_share_right_is_exact_and_discrimination_is_there(quiz):
    take(quiz, 40, lambda number: number % 2 == 0)
    figures = assessment.reckoned(quiz).questions[0]
    assert figures.statistics.difficulty == Fraction(1, 2)
    assert figures.statistics.discrimination == pytest.approx(1)


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_takes_the_same_few_statements_however_many_attempts(visit, trainer, course, quiz, statements, count):
    take(quiz, count, lambda number: number % 3)
    page = visit(trainer)
    with statements() as seen:
        shown = page.get(f"/teach/{course.key}/questions")
    assert len(seen) <= 8
    assert shown.select("svg.score-chart") and len(shown.select(".result-list > li")) == 4


def test_pages_without_a_quiz_or_without_attempts_say_so(visit, trainer, course):
    page = visit(trainer)
    assert page.get(f"/teach/{course.key}/questions").select(".empty")
    page.get(f"/teach/{course.key}/questions.csv", status=404)
    assessment.quiz(course)
    assert page.get(f"/teach/{course.key}/questions").select(".empty")


def test_an_older_version_can_be_chosen_and_the_newest_with_attempts_comes_first(visit, trainer, course):
    old = assessment.quiz(course, title=both("قديم", "Old"))
    new = assessment.quiz(course, title=both("حديث", "New"))
    take(old, 2, lambda number: True)
    page = visit(trainer)
    assert "قديم" in page.get(f"/teach/{course.key}/questions").select_one(".page-head").get_text()
    assert "حديث" in page.get(f"/teach/{course.key}/questions?quiz={new.id}").select_one(".page-head").get_text()
    page.get(f"/teach/{course.key}/questions?quiz=nonsense")


def test_drafts_are_not_in_the_results(course):
    assessment.draft_quiz(course)
    assert quiz_figures(course.id) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_holds_the_same_figures(visit, trainer, course, quiz, kind):
    take(quiz, 30, lambda number: number < 15)
    page = visit(trainer)
    response = page.client.get(f"/teach/{course.key}/questions.{kind}")
    assert response.status_code == 200 and "attachment" in response.headers["Content-Disposition"]
    table = read_table(response.get_data(), f"x.{kind}")
    assert len(table.rows) == 4
    number, _stem, _type, _competency, points, asked, answered, right, share, *_rest = table.rows[0]
    assert [float(value) for value in (number, points, asked, answered, right, share)] == [1, 1, 30, 30, 15, 0.5]


def test_a_formula_in_a_question_stays_text_in_the_export(visit, trainer, course):
    version = assessment.draft_quiz(course)
    assessment.question(version, content=assessment.content("single", stem=assessment.text("=1+1", "=1+1")))
    assessment.services.freeze(version.id, LONG_AGO)
    take(version, 1, lambda number: True)
    body = visit(trainer).client.get(f"/teach/{course.key}/questions.csv").get_data(as_text=True)
    assert "'=1+1" in body


def test_an_unknown_kind_of_export_does_not_exist(visit, trainer, course, quiz):
    visit(trainer).get(f"/teach/{course.key}/questions.pdf", status=404)


def test_a_trainer_sees_only_learners_of_own_organisations_one_by_one(visit, trainer, course, quiz):
    colleague = people.person(of=organisation_of(trainer), name=both("نورة العتيبي", "Noura"))
    stranger = people.person(name=both("خالد الشمري", "Khalid"))
    for learner in (colleague, stranger):
        assessment.graded(quiz, learner, True)
    page = visit(trainer)
    shown = page.get(f"/teach/{course.key}/questions/learners")
    assert "نورة العتيبي" in shown.words and "خالد" not in shown.words
    assert "نورة العتيبي" in page.get(f"/teach/{course.key}/questions/learners/{colleague.id}").words
    page.get(f"/teach/{course.key}/questions/learners/{stranger.id}", status=404)
    everywhere = visit(people.administrator())
    assert "خالد" in everywhere.get(f"/teach/{course.key}/questions/learners").words
    everywhere.get(f"/teach/{course.key}/questions/learners/{stranger.id}")


def organisation_of(person):
    from academy.accounts.models import Organisation
    from academy.base.db import db

    return db.session.get(Organisation, person.organisation_id)


def test_a_learner_without_attempts_in_the_course_is_not_found(visit, trainer, course, quiz):
    colleague = people.person(of=organisation_of(trainer))
    visit(trainer).get(f"/teach/{course.key}/questions/learners/{colleague.id}", status=404)


def test_the_list_calls_passed_who_passed_by_what_counts(visit, trainer, course):
    """AS5: where the last attempt counts, an earlier pass is nothing to show beside the best score."""
    quiz = assessment.quiz(course, counting="last", attempts_allowed=None)
    held, lost = (people.person(of=organisation_of(trainer), name=both(name, "x")) for name in ("نورة", "خالد"))
    for learner, answers in ((held, (False, True)), (lost, (True, False))):
        for day, right in enumerate(answers, 1):
            assessment.graded(quiz, learner, right, at=LONG_AGO + timedelta(days=day))
    shown = visit(trainer).get(f"/teach/{course.key}/questions/learners").words
    assert passed_a_quiz(course.id, [held.id, lost.id]) == {held.id}
    assert shown.count("تحقق النجاح") == 1


def test_the_list_of_learners_takes_the_same_few_statements(visit, trainer, course, quiz, statements):
    take(quiz, 20, lambda number: True, of=organisation_of(trainer))
    page = visit(trainer)
    with statements() as seen:
        page.get(f"/teach/{course.key}/questions/learners")
    assert len(seen) <= 8


def test_the_wrong_people_find_no_results(visit, browser, course, quiz):
    learner = people.person()
    assessment.graded(quiz, learner, True)
    strangers = (
        learner,
        people.trainer(),
        people.manager(),
        people.administrator(of=people.organisation(), everywhere=False),
    )
    paths = ["", ".csv", ".xlsx", "/learners", f"/learners/{learner.id}"]
    for stranger in strangers:
        visitor = visit(stranger)
        for path in paths:
            visitor.get(f"/teach/{course.key}/questions{path}", status=404)
    for path in paths:
        browser.get(f"/teach/{course.key}/questions{path}", status=302)


def test_an_open_attempt_is_listed_without_a_result(visit, trainer, course, quiz):
    colleague = people.person(of=organisation_of(trainer))
    assessment.attempt(quiz, colleague)
    shown = visit(trainer).get(f"/teach/{course.key}/questions/learners/{colleague.id}")
    assert "—" in shown.words


def test_the_results_read_in_english(visit, trainer, course, quiz):
    trainer.language = "en"
    take(quiz, 3, lambda number: True)
    shown = visit(trainer).get(f"/teach/{course.key}/questions")
    assert shown.html["lang"] == "en" and "Question by question" in shown.words
