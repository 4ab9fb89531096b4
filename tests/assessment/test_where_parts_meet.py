"""Where rules of a quiz meet each other: practice and answers that people mark, regrades and tries, draws and opinions."""

from datetime import timedelta
from fractions import Fraction

import pytest

from academy.accounts.models import Person
from academy.assessment import queries_of_attempts, services
from academy.assessment.models import Attempt
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.queries_of_log import attempt_log
from academy.assessment.queries_of_pools import candidates
from academy.assessment.rules.lines import DrawLine
from academy.assessment.types import kind
from academy.base.db import db
from tests.assessment.test_no_way_around import AGO, NOW, Scene
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue

KEY_OF_CLOSE = {"during": [], "after": ["score"], "later": ["score"], "closed": ["responses", "explanation"]}


@pytest.mark.parametrize(
    "rules",
    [
        {"attempts_allowed": 2, "release": "after_pass"},
        {"release": "none", "review": KEY_OF_CLOSE, "closes_at": NOW - timedelta(minutes=5)},
    ],
    ids=["the last attempt", "closed meanwhile"],
)
def test_the_key_stays_hidden_while_another_attempt_is_going_on(visit, rules):
    """P4, AS12: what a former result tells would serve the open attempt; it is told once that is submitted."""
    scene = Scene(visit, **{**rules, "closes_at": None})
    scene.begun(AGO)
    services.submit(scene.attempt_id, at=AGO)
    first = scene.attempt_id
    scene.begun()
    scene.version.closes_at = rules.get("closes_at")
    db.session.commit()

    def explained() -> bool:
        return "شرح" in scene.browser.get(f"/attempts/{first}/result").words

    assert not explained()
    services.submit(scene.attempt_id, at=NOW)
    db.session.commit()
    assert explained()


def taken_in_practice(visit, *types: str, **rules) -> Attempt:
    """An open attempt at a practice quiz of these types."""
    learner = people.person()
    course = catalogue.course(people.organisation())
    version = quizzes.quiz(course, types=types, tries=2, shuffle=False, **rules)
    attempt = quizzes.attempt(version, learner, at=NOW)
    db.session.commit()
    return attempt


@pytest.mark.parametrize("type", ["essay", "matrix"])
@pytest.mark.parametrize("navigation", ["free", "sequential"])
def test_practice_offers_no_check_where_no_key_can_tell(visit, type, navigation):
    """AS7: an essay waits for a person and an opinion is never wrong; checking them would only use up the tries."""
    attempt = taken_in_practice(visit, type, "single", navigation=navigation)
    services.save_response(attempt.id, 1, quizzes.RIGHT[type], at=NOW)
    db.session.commit()
    browser = visit(db.session.get(Person, attempt.learner_id))
    address = f"/attempts/{attempt.id}"
    assert not browser.get(f"{address}?q=1").select("[value='check:1']")
    browser.post(address, {"q": "1", "go": "check:1"}, follow=False, status=302)
    item = quizzes.items(attempt)[0]
    assert item.tried == [] and item.response
    browser.post(address, {"q": "1", "go": "next"}, follow=False, status=302)
    assert browser.get(f"{address}?q=2").select("[value='check:2']")


def test_a_corrected_key_reaches_the_answers_that_were_tried_in_practice(visit):
    """AS17: a try is worth what the corrected key gives it, less the penalty of the tries before."""
    attempt = taken_in_practice(visit, "single", try_penalty=50)
    for answer in ("a", "b"):
        services.save_response(attempt.id, 1, {"choice": answer}, at=NOW)
        services.check_answer(services.hold_attempt(attempt.id), 1, at=NOW)
    services.submit(attempt.id, at=NOW)
    item = quizzes.items(attempt)[0]
    assert item.share == 0.5
    content = item.question_version.content
    key = {**content, "options": [{**each, "correct": each["id"] == "a"} for each in content["options"]]}
    by = people.person()
    made = services.propose_regrade(
        attempt.quiz_id, item.question_version_id, "key", reason="خطأ", by_id=by.id, at=NOW, content=key
    )
    services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=NOW)
    assert quizzes.items(attempt)[0].share == 1
    mark = queries_of_attempts.result(attempt_head(attempt.id), now=NOW).marks
    assert not mark or mark[0].earned == 1


def test_an_open_practice_attempt_follows_a_corrected_key_at_once(visit):
    """AS7, AS17: what was right is wrong by the new key and may be tried again; the next try is checked by it."""
    attempt = taken_in_practice(visit, "single", try_penalty=50, release="after_submit")
    services.save_response(attempt.id, 1, {"choice": "b"}, at=NOW)
    services.check_answer(services.hold_attempt(attempt.id), 1, at=NOW)
    assert queries_of_attempts.practice(attempt_head(attempt.id))[1].settled
    item = quizzes.items(attempt)[0]
    content = item.question_version.content
    key = {**content, "options": [{**each, "correct": each["id"] == "a"} for each in content["options"]]}
    by = people.person()
    made = services.propose_regrade(
        attempt.quiz_id, item.question_version_id, "key", reason="خطأ", by_id=by.id, at=NOW, content=key
    )
    services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=NOW)
    stands = queries_of_attempts.practice(attempt_head(attempt.id))[1]
    assert (stands.settled, stands.mark.earned, stands.mark.feedback.correct) == (False, 0, False)
    db.session.commit()
    browser = visit(db.session.get(Person, attempt.learner_id))
    page = browser.get(f"/attempts/{attempt.id}?q=1")
    assert page.select("[value='check:1']") and "خطأ" in page.select_one(".trial-mark").get_text()
    services.save_response(attempt.id, 1, {"choice": "a"}, at=NOW)
    assert services.check_answer(services.hold_attempt(attempt.id), 1, at=NOW).share == 1
    stands = queries_of_attempts.practice(attempt_head(attempt.id))[1]
    assert (stands.settled, stands.mark.earned, stands.mark.feedback.correct) == (True, Fraction(1, 2), True)
    services.submit(attempt.id, at=NOW)
    assert quizzes.items(attempt)[0].share == 0.5


def test_points_for_everyone_reach_what_was_tried_in_practice(visit):
    """AS7, AS17: the mark of a question follows the decision, while the attempt is open and in its result."""
    attempt = taken_in_practice(visit, "single", "true_false", try_penalty=50, release="after_submit")
    tried_wrongly(attempt)
    assert not queries_of_attempts.practice(attempt_head(attempt.id))[1].mark.feedback.correct
    earlier = quizzes.attempt(attempt.quiz_version, people.person(), at=NOW)
    tried_wrongly(earlier)
    services.submit(earlier.id, at=NOW)
    for act, voided in (("full", False), ("void", True), ("full", False)):
        version_id, by = quizzes.items(attempt)[0].question_version_id, people.person()
        made = services.propose_regrade(attempt.quiz_id, version_id, act, reason="ملتبس", by_id=by.id, at=NOW)
        services.apply_regrade(made.id, by_id=by.id, seen=made.effect["mark"], at=NOW)
        marks = [
            queries_of_attempts.practice(attempt_head(attempt.id))[1].mark,
            queries_of_attempts.result(attempt_head(earlier.id), now=NOW).marks[0],
        ]
        assert [mark.voided for mark in marks] == [voided] * 2
        if act == "full":
            assert [(mark.earned, mark.feedback.correct) for mark in marks] == [(1, True)] * 2
    db.session.commit()
    browser = visit(db.session.get(Person, attempt.learner_id))
    assert "صحيح" in browser.get(f"/attempts/{attempt.id}?q=1").select_one(".trial-mark").get_text()


def tried_wrongly(attempt: Attempt) -> None:
    """Answer the first question wrongly, twice, and check it each time."""
    for answer in ("a", "c"):
        services.save_response(attempt.id, 1, {"choice": answer}, at=NOW)
        services.check_answer(services.hold_attempt(attempt.id), 1, at=NOW)


def test_a_line_draws_no_questions_that_earn_nothing(app):
    """AS8: papers that draw opinions would be out of fewer points than others."""
    course = catalogue.course(people.organisation())
    scored = quizzes.in_bank(course.organisation_id)
    quizzes.in_bank(course.organisation_id, "matrix")
    rows = candidates({(1, 0): (DrawLine(1, competencies=("D1",)), (course.organisation_id, course.id))})[1, 0]
    assert [candidate.version_id for candidate, _key in rows] == [scored.id]


def test_the_hint_of_a_calculated_question_speaks_in_the_learners_numbers(visit):
    """AS7: as its stem and its explanation do."""
    attempt = taken_in_practice(visit, "calculated")
    item = quizzes.items(attempt)[0]
    item.question_version.content = {**item.question_version.content, "hint": quizzes.text("من {a}", "From {a}")}
    services.save_response(attempt.id, 1, {"text": "99"}, at=NOW)
    services.check_answer(services.hold_attempt(attempt.id), 1, at=NOW)
    hint = queries_of_attempts.practice(attempt_head(attempt.id))[1].hint
    stem = kind("calculated").asked(
        {**item.question_version.content, "stem": quizzes.text("من {a}", "From {a}")}, item.paper
    )
    assert hint and hint == stem and "{a}" not in hint.show("en")


def test_the_hint_of_a_calculated_question_may_only_name_its_numbers():
    """AS3."""
    bad = quizzes.content("calculated", hint=quizzes.text("من {c}", "From {c}"))
    assert [(problem.path, problem.code) for problem in kind("calculated").check(bad)] == [("hint", "unknown_variable")]


def test_the_results_of_a_quiz_that_asks_for_certainty_can_be_read(visit):
    """AS7, AS19: in both languages, as soon as one answer came with a certainty."""
    trainer = people.trainer(people.organisation())
    course = catalogue.course(trainer=trainer)
    version = quizzes.quiz(course, types=("true_false",), confidence=True)
    attempt = quizzes.attempt(version, people.person())
    services.save_response(attempt.id, 1, {"choice": "true"}, at=attempt.started_at)
    quizzes.items(attempt)[0].confidence = 3
    services.submit(attempt.id, at=attempt.started_at)
    db.session.commit()
    quizzes.reckoned(version)
    for language in ("ar", "en"):
        trainer.language = language
        db.session.commit()
        assert "(95%)" in visit(trainer).get(f"/teach/{course.key}/questions?quiz={version.id}").words


def test_the_log_asks_what_the_paper_asked(app):
    """AS16: a calculated question in the numbers of its learner."""
    version = quizzes.quiz(types=("calculated",))
    attempt = quizzes.graded(version, people.person())
    [question] = attempt_log(attempt, "en").questions
    shown = kind("calculated").asked(question.content, dict(question.paper))
    assert question.stem == shown and "{a}" not in question.stem.show("en")


def test_certainty_is_asked_only_where_there_are_points_and_says_nothing_of_an_answer(visit):
    """AS7, AS16: an opinion has no right answer to be sure of; a receipt for a certainty alone removed no answer."""
    attempt = taken_in_practice(visit, "matrix", "single", confidence=True)
    browser = visit(db.session.get(Person, attempt.learner_id))
    assert not browser.get(f"/attempts/{attempt.id}?q=1").select("[data-sureness]")
    assert browser.get(f"/attempts/{attempt.id}?q=2").select("[data-sureness]")
    browser.post(f"/attempts/{attempt.id}", {"seen-2": "0", "sure-2": "3", "q": "2"}, follow=False, status=302)
    page = browser.get(f"/attempts/{attempt.id}/receipts")
    assert "بلا إجابة" in page.words and "أزيلت" not in page.words


def test_a_question_drawn_for_different_points_has_one_share_of_points_earned(app):
    """AS8, AS19: the figures and the points shown are those of the lines that drew it, never more than all of them."""
    course = catalogue.course(people.organisation())
    quizzes.in_bank(course.organisation_id, tags=("both", "one"))
    quizzes.in_bank(course.organisation_id, tags=("both",))
    version = quizzes.draft_quiz(course)
    quizzes.section(version, DrawLine(1, points=2, tags=("both",)), DrawLine(1, points=6, tags=("both",)))
    services.freeze(version.id, AGO)
    for _ in range(40):
        quizzes.graded(version, people.person(), right=True)
    for each in quizzes.reckoned(version).questions:
        assert each.statistics.difficulty == 1 and each.question.points == 6
