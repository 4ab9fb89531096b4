"""The pages of regrades, what a regrade does to courses and certificates, and who is kept out."""

import pytest

from academy.accounts.models import Organisation
from academy.assessment import services
from academy.assessment.models import Attempt, QuizVersion, Regrade
from academy.base import clock, jobs
from academy.base.db import db
from academy.catalogue import services as courses
from academy.credentials.models import Certificate, CertificateDoubt
from academy.learning import services as learning
from academy.learning.models import Enrolment
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories import catalogue

HIDDEN = "QXOTHERHOUSE"


def a_course(trainer, **given):
    """A published course of one quiz (two single choices, pass at 100) that gives a certificate."""
    course = catalogue.course(trainer=trainer, published=False, units=0, gives_certificate=True, **given)
    activity = catalogue.activity(catalogue.unit(catalogue.draft(course)), "quiz")
    quiz = db.session.get(QuizVersion, activity.content["quiz_version_id"])
    quiz.pass_percent, quiz.shuffle = 100, False
    for _ in range(2):
        factories.question(quiz, "single")
    courses.publish(course, actor_id=trainer.id, at=clock.now())
    return course, quiz


def taken(course, quiz, learner, right):
    learning.enrol(learner.id, course.id, at=clock.now())
    attempt = factories.graded(quiz, learner, right=right, at=clock.now())
    jobs.run_all_due()
    return attempt


@pytest.fixture
def stage(app):
    trainer = people.trainer()
    own = db.session.get(Organisation, trainer.organisation_id)
    course, quiz = a_course(trainer, audience="everyone")
    passes, fails = people.person(own), people.person(own)
    foreign = people.person(people.organisation("partner"), name=factories.both(HIDDEN, HIDDEN))
    attempts = [taken(course, quiz, who, right) for who, right in ((passes, 2), (fails, 1), (foreign, 1))]
    return trainer, course, quiz, attempts


def second(attempt) -> int:
    return factories.items(attempt)[1].question_version_id


def test_a_key_is_corrected_through_the_pages_with_two_presses(stage, visit):
    """AS17: form, effect, apply; the learner reads the corrected result and the reason."""
    trainer, course, quiz, attempts = stage
    browser = visit(trainer)
    page = browser.get(f"/teach/{course.key}/regrades")
    address = f"/teach/quizzes/{quiz.quiz_id}/questions/{second(attempts[0])}/regrade"
    assert page.select_one(f"a[href='{address}']")
    page = browser.get(f"{address}/key")
    fields = {
        field["name"]: field.get("value") or field.get_text()
        for field in page.select(".question-form [name]")
        if field.get("type") not in ("radio", "checkbox")
    }
    fields = {name: value for name, value in fields.items() if name not in ("act", "csrf_token")}
    assert browser.post(f"{address}/key", {**fields, "right": "a", "shuffle": "y"}, status=422).select_one(
        "#reason-error"
    )
    page = browser.post(f"{address}/key", {**fields, "right": "a", "shuffle": "y", "reason": "كان المفتاح خاطئًا"})
    assert "أثر القرار" in page.h1.get_text() and HIDDEN not in str(page)
    assert [b.get_text() for b in page.select(".kpi b")] == ["3", "3", "2", "1"]
    assert "لا تُسحب" in page.words
    assert db.session.get(Attempt, attempts[1].id).passed is False
    seen = page.select_one("[name=seen]")["value"]
    number = db.session.query(Regrade).one().id
    browser.post(f"/teach/regrades/{number}/apply", {"seen": seen})
    jobs.run_all_due()
    assert [db.session.get(Attempt, each.id).passed for each in attempts] == [False, True, True]
    learner = db.session.get(people.Person, attempts[1].learner_id)
    assert "كان المفتاح خاطئًا" in visit(learner).get("/notices").words
    assert "100" in visit(learner).get(f"/attempts/{attempts[1].id}/result").words


def test_a_regrade_completes_newly_passed_courses_and_withdraws_no_certificate(stage, visit):
    """AS17, P6: the certificate stays valid and is listed for the administrators to decide."""
    trainer, course, quiz, attempts = stage
    assert db.session.query(Certificate).count() == 1
    version_id = second(attempts[0])
    content = db.session.get(factories.QuestionVersion, version_id).content
    swapped = {**content, "options": [{**o, "correct": o["id"] == "a"} for o in content["options"]]}
    made = services.propose_regrade(
        quiz.quiz_id, version_id, "key", reason="خطأ", by_id=trainer.id, at=clock.now(), content=swapped
    )
    services.apply_regrade(made.id, by_id=trainer.id, at=clock.now())
    jobs.run_all_due()
    states = {row.learner_id: row.state for row in db.session.query(Enrolment)}
    assert set(states.values()) == {"completed"}
    certificates = {row.holder_id: row for row in db.session.query(Certificate)}
    assert len(certificates) == 3 and not any(row.revoked_at for row in certificates.values())
    doubt = db.session.query(CertificateDoubt).one()
    assert doubt.certificate_id == certificates[attempts[0].learner_id].id
    administrator = people.administrator(db.session.get(Organisation, trainer.organisation_id), everywhere=False)
    browser = visit(administrator)
    page = browser.get("/admin/certificates/doubts")
    assert certificates[attempts[0].learner_id].number in page.words
    keep = f"/admin/certificates/doubts/{doubt.id}/keep"
    browser.post(keep, {"reason": " "}, status=422)
    assert db.session.get(CertificateDoubt, doubt.id).decided_at is None
    for stranger in (trainer, people.administrator(people.organisation(), everywhere=False)):
        visit(stranger).post(keep, {"reason": "x"}, status=404)
    assert (
        certificates[attempts[0].learner_id].number
        not in visit(people.administrator(people.organisation(), everywhere=False))
        .get("/admin/certificates/doubts")
        .words
    )
    browser.post(keep, {"reason": "نجح في اختبار لاحق"})
    assert db.session.get(CertificateDoubt, doubt.id).reason == "نجح في اختبار لاحق"
    assert "لا شهادات قيد النظر" in browser.get("/admin/certificates/doubts").words


def test_a_doubt_is_gone_when_the_attempt_passes_again(stage):
    trainer, _course, quiz, attempts = stage
    version_id = second(attempts[0])

    def decide(act, **given):
        made = services.propose_regrade(
            quiz.quiz_id, version_id, act, reason="خطأ", by_id=trainer.id, at=clock.now(), **given
        )
        services.apply_regrade(made.id, by_id=trainer.id, at=clock.now())
        jobs.run_all_due()

    content = db.session.get(factories.QuestionVersion, version_id).content
    decide("key", content={**content, "options": [{**o, "correct": o["id"] == "a"} for o in content["options"]]})
    assert db.session.query(CertificateDoubt).count() == 1
    version_id = factories.items(attempts[0])[1].question_version_id
    decide("full")
    assert db.session.query(CertificateDoubt).count() == 0


def test_nobody_else_regrades(stage, visit, browser):
    """P3: another trainer, the learner, another organisation's administrator, nobody signed in."""
    trainer, course, quiz, attempts = stage
    made = services.propose_regrade(
        quiz.quiz_id, second(attempts[0]), "void", reason="x", by_id=trainer.id, at=clock.now()
    )
    ask = f"/teach/quizzes/{quiz.quiz_id}/questions/{second(attempts[0])}/regrade"
    gets = [f"/teach/{course.key}/regrades", ask, f"{ask}/key", f"/teach/regrades/{made.id}"]
    posts = [ask, f"{ask}/key", f"/teach/regrades/{made.id}/apply", f"/teach/regrades/{made.id}/discard"]
    learner = db.session.get(people.Person, attempts[0].learner_id)
    for who in (
        people.trainer(db.session.get(Organisation, trainer.organisation_id)),
        people.administrator(people.organisation(), everywhere=False),
        learner,
    ):
        stranger = visit(who)
        for address in gets:
            stranger.get(address, status=404)
        for address in posts:
            stranger.post(address, {"act": "void", "reason": "x"}, status=404)
    for address in posts:
        browser.post(address, follow=False)
        assert "/sign-in" in browser.response.headers["Location"]
    assert db.session.get(Regrade, made.id).state == "proposed"


@pytest.mark.parametrize("learners", [2, 14])
def test_the_pages_cost_as_many_statements_for_many_attempts_as_for_two(app, visit, statements, learners):
    trainer = people.trainer()
    course, quiz = a_course(trainer)
    attempts = [
        factories.graded(quiz, people.person(db.session.get(Organisation, trainer.organisation_id)), right=n % 3)
        for n in range(learners)
    ]
    made = services.propose_regrade(
        quiz.quiz_id, second(attempts[0]), "full", reason="x", by_id=trainer.id, at=clock.now()
    )
    browser = visit(trainer)
    ask = f"/teach/quizzes/{quiz.quiz_id}/questions/{second(attempts[0])}/regrade"
    for address in (f"/teach/{course.key}/regrades", ask, f"{ask}/key", f"/teach/regrades/{made.id}"):
        browser.get(address)
        with statements() as seen:
            browser.get(address)
        assert len(seen) <= 8, (address, seen)


def test_points_of_a_question_that_has_none_are_given_to_nobody(stage, visit):
    trainer, course, _quiz, _attempts = stage
    quiz = factories.quiz(course, types=("single", "matrix"), shuffle=False)
    attempt = factories.graded(quiz, people.person(), right=1, at=clock.now())
    address = f"/teach/quizzes/{quiz.quiz_id}/questions/{second(attempt)}/regrade"
    browser = visit(trainer)
    page = browser.get(address)
    assert [each["value"] for each in page.select("[name=act]")] == ["void", "restore"]
    assert not page.select(f"a[href='{address}/key']")
    browser.post(address, {"act": "full", "reason": "x"}, status=422)


def test_an_empty_decision_is_told_at_both_fields_in_the_words_of_the_page(stage, visit):
    trainer, _course, quiz, attempts = stage
    address = f"/teach/quizzes/{quiz.quiz_id}/questions/{second(attempts[0])}/regrade"
    page = visit(trainer).post(address, {}, status=422)
    assert "اختر القرار." in page.select_one("#act-error").get_text()
    assert "يُرجى كتابة السبب." in page.select_one("#reason-error").get_text()
