"""Certificates in doubt: who may decide hears of them once a regrade, is reminded while nobody decides; holders hear decisions."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from academy.accounts.models import Academy, Organisation, Person
from academy.assessment import services as marking
from academy.assessment.models import QuestionVersion, QuizVersion, Regrade, RegradeEffect
from academy.base import clock, jobs
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.text import LocalizedText
from academy.credentials import jobs as credential_jobs
from academy.credentials import services, services_of_correcting, services_of_revoking
from academy.credentials.models import Certificate, CertificateDoubt
from academy.credentials.queries_of_records import now
from academy.credentials.services_of_programmes import issue_for_programme
from academy.learning.services.programmes import StepDetails
from academy.notices.models import Letter, Notice
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue, credentials, programmes
from tests.factories import learning as courses

HOUSE_TOLD, REMINDED = "certificates_in_doubt", "doubts_wait"


@pytest.fixture
def scene(app):
    """Three certificates of a house's course, one of them held by a partner's person, rest on a regrade's result."""
    trainer = people.trainer()
    house, partner = db.session.get(Organisation, trainer.organisation_id), people.organisation("partner")
    course = catalogue.course(trainer=trainer, audience="everyone")
    quiz = quizzes.quiz(course)
    at = clock.now()
    made = Regrade(
        quiz_id=quiz.quiz_id, question_version_id=quizzes.items(quizzes.graded(quiz, people.person()))[0].question_version_id,
        act="void", reason="مفتاح خاطئ", state="proposed", proposed_by_id=trainer.id, proposed_at=at, effect={},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for home in (house, house, partner):
        holder = people.person(home)
        paper = credentials.certificate(holder, course)
        attempt = quizzes.graded(quiz, holder, right=0)
        db.session.add(
            CertificateDoubt(certificate_id=paper.id, regrade_id=made.id, attempt_id=attempt.id, raised_at=at)
        )
    db.session.flush()
    return made, house, partner


def told(kind: str) -> dict[int, int]:
    """Who was told of how many."""
    rows = db.session.query(Notice).filter_by(kind=kind).all()
    assert len(rows) == len({(row.person_id, row.cause) for row in rows})
    return {row.person_id: int(row.values["count"]["number"]) for row in rows}


def is_doubted(certificate_id: int) -> bool:
    """Whether a certificate waits for somebody to decide if it stands."""
    return now(certificate_id).doubted


def test_a_doubt_follows_a_corrected_certificate(scene):
    """CE5: a better name decides no doubt."""
    row = db.session.query(CertificateDoubt).order_by(CertificateDoubt.id).first()
    db.session.get_one(Academy, 1).two_person_revocation = False
    new = services_of_correcting.correct(
        row.certificate_id, name=LocalizedText("نورة", "Noura"), reason="x", actor_id=9000, at=clock.now()
    )
    db.session.refresh(row)
    assert row.certificate_id == new.id and is_doubted(new.id)


@pytest.mark.parametrize("again", [False, True])
def test_one_issued_after_the_regrade_is_in_doubt_as_one_issued_before(app, again):
    """R14, CE5: issuing waits for a name, for a job, or for somebody's decision; meanwhile the attempt falls."""
    trainer = people.trainer()
    house = db.session.get(Organisation, trainer.organisation_id)
    course, quiz = programmes.course_with_quiz(house)
    holder, at = people.person(house), clock.now()
    place = courses.completed(courses.enrolment(holder, course), but=1)
    attempt = quizzes.graded(quiz, holder, at=at)
    assert place.state == "completed"
    asked = db.session.get_one(QuestionVersion, quizzes.items(attempt)[0].question_version_id)
    options = [{**each, "correct": each["id"] == "a"} for each in asked.content["options"]]
    made = marking.propose_regrade(
        quiz.quiz_id,
        asked.id,
        "key",
        reason="x",
        by_id=trainer.id,
        at=at,
        content={**asked.content, "options": options},
    )
    marking.apply_regrade(made.id, by_id=trainer.id, at=at)
    waiting = db.session.query(Job).filter_by(name="credentials.issue").one()
    waiting.run_after = at + timedelta(days=1)
    db.session.flush()
    jobs.run_all_due()
    assert db.session.query(CertificateDoubt).count() == 0
    if again:
        second = quizzes.attempt(quiz, holder, at=at)
        marking.save_response(second.id, 1, {"choice": "a"}, at=at)
        marking.submit(second.id, at=at)
    paper = services.issue_for_completion(place.id, at=at)
    assert is_doubted(paper.id) is not again
    if not again:
        assert db.session.query(CertificateDoubt).one().regrade_id == made.id
        assert db.session.query(Job).filter_by(name="credentials.tell_doubts").count() == 1


@pytest.mark.parametrize(
    ("counting", "doubted"), [("best", False), ("last", False), ("first", True), ("average", True)]
)
def test_a_certificate_is_in_doubt_when_its_quiz_is_not_passed_any_more_by_what_counts(app, counting, doubted):
    """CE5: of two attempts that passed the first one falls; what the quiz counts says whether that matters."""
    trainer = people.trainer()
    course, quiz = programmes.course_with_quiz(db.session.get(Organisation, trainer.organisation_id))
    db.session.execute(update(QuizVersion).values(counting=counting, pass_percent=60, attempts_allowed=None))
    holder, at = people.person(), clock.now()
    place = courses.completed(courses.enrolment(holder, course), but=1)
    first = quizzes.graded(quiz, holder, at=at)
    quizzes.graded(quiz, holder, at=at)
    paper = services.issue_for_completion(place.id, at=at)
    asked = db.session.get_one(QuestionVersion, quizzes.items(first)[0].question_version_id)
    services.doubt_after_regrade(regraded(first, trainer, asked.id, score=0, passed=False), at=at)
    assert is_doubted(paper.id) is doubted


@pytest.mark.parametrize(("score", "doubted"), [(95, False), (85, True)])
def test_a_programme_is_in_doubt_when_a_step_falls_below_its_own_bar(app, score, doubted):
    """CE5: the quiz is passed still, with less than the programme asks for; once it has that again, nothing is in doubt."""
    trainer, learner, at = people.trainer(), people.person(), clock.now()
    quiz = quizzes.quiz(points=50, pass_percent=60)
    step = StepDetails(kind="exam", quiz_id=quiz.quiz_id, min_percent=90)
    row = programmes.programme(groups=[(None, [step])], audience="any")
    place = programmes.place(row, learner)
    attempt = quizzes.graded(quiz, learner, at=at)
    paper = issue_for_programme(place.id, at=at)
    asked = quizzes.items(attempt)[0].question_version_id
    services.doubt_after_regrade(regraded(attempt, trainer, asked, score=score, passed=True), at=at)
    assert is_doubted(paper.id) is doubted
    services.doubt_after_regrade(regraded(attempt, trainer, asked, score=100, passed=True), at=at)
    assert not is_doubted(paper.id)


def regraded(attempt, by, version_id: int, *, score: int, passed: bool) -> int:
    """The effect of a regrade that brought an attempt to another score."""
    at, before = clock.now(), {"score_before": attempt.score, "passed_before": attempt.passed}
    made = Regrade(
        quiz_id=attempt.quiz_id, question_version_id=version_id, act="void", reason="x", state="applied", effect={},
        proposed_by_id=by.id, proposed_at=at, applied_at=at, applied_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    most = {"max_before": attempt.max_score, "max_after": attempt.max_score}
    after = {"score_after": score, "passed_after": passed}
    effect = RegradeEffect(regrade_id=made.id, attempt_id=attempt.id, **before, **most, **after)
    db.session.add(effect)
    attempt.score, attempt.passed = score, passed
    db.session.flush()
    return effect.id


def test_who_may_decide_hears_once_how_many_and_nobody_else(scene, visit):
    made, house, partner = scene
    local = people.administrator(house, everywhere=False)
    over_all, foreign = people.administrator(), people.administrator(partner, everywhere=False)
    both = people.grant(people.administrator(house, everywhere=False), "administrator", partner)
    for _ in range(2):
        credential_jobs.tell_doubts(made.id)
    found = told(HOUSE_TOLD)
    assert foreign.id not in found
    assert (found[local.id], found[over_all.id], found[both.id]) == (2, 3, 3)
    assert db.session.query(Letter).filter_by(kind=HOUSE_TOLD).count() == len(found)
    browser = visit(local)
    assert "مفتاح خاطئ" in browser.get("/notices").words
    notice = db.session.query(Notice).filter_by(kind=HOUSE_TOLD, person_id=local.id).one()
    assert notice.address == "/admin/certificates/doubts"
    browser.get(notice.address)


def test_nobody_is_told_before_all_attempts_of_the_regrade_are(scene):
    made, house, _partner = scene
    people.administrator(house, everywhere=False)
    jobs.enqueue("assessment.tell_regrade", unique_key=f"assessment.tell_regrade:{made.id}", regrade_id=made.id)
    credential_jobs.tell_doubts(made.id)
    assert told(HOUSE_TOLD) == {}
    again = db.session.query(Job).filter_by(name="credentials.tell_doubts").one()
    assert again.run_after > clock.now() and again.arguments == {"regrade_id": made.id}


def test_a_week_without_a_decision_is_reminded_of_once_and_the_decided_never(scene):
    _made, house, _partner = scene
    local = people.administrator(house, everywhere=False)
    credential_jobs.remind_doubts()
    assert told(REMINDED) == {}
    week = timedelta(days=7, hours=1)
    with time_machine.travel(clock.now() + week, tick=False):
        for _ in range(2):
            credential_jobs.remind_doubts()
        assert told(REMINDED)[local.id] == 2
        letter = db.session.query(Letter).filter_by(kind=REMINDED, person_id=local.id).one()
        for doubt in db.session.query(CertificateDoubt).all()[1:]:
            services.keep_certificate(doubt.id, reason="نجح لاحقًا", actor_id=local.id, at=clock.now())
        assert credential_jobs.doubts.standing({letter.about_id}) == {letter.about_id}
        paper = db.session.get(Certificate, db.session.query(CertificateDoubt).first().certificate_id)
        services.revoke(paper.id, reason_class="error", reason="x", actor_id=local.id, at=clock.now())
        jobs.KINDS["notices.send_letter"].run(letter_id=letter.id)
        assert letter.state == "dropped"
    with time_machine.travel(clock.now() + 2 * week, tick=False):
        before = db.session.query(Notice).count()
        credential_jobs.remind_doubts()
        assert db.session.query(Notice).count() == before


def test_the_holder_hears_of_the_decision_and_not_of_the_doubt(scene, visit):
    made, house, _partner = scene
    administrator = people.administrator(house, everywhere=False)
    credential_jobs.tell_doubts(made.id)
    kept, revoked, _third = db.session.query(CertificateDoubt).order_by(CertificateDoubt.id)
    papers = [db.session.get(Certificate, each.certificate_id) for each in (kept, revoked)]
    browsers = [visit(db.session.get(Person, paper.holder_id)) for paper in papers]
    assert not any("قيد النظر" in browser.get("/notices").words for browser in browsers)
    services.keep_certificate(kept.id, reason="سر داخلي", actor_id=administrator.id, at=clock.now())
    services.revoke(papers[1].id, reason_class="error", reason="سر آخر", actor_id=administrator.id, at=clock.now())
    words = [browser.get("/notices").words for browser in browsers]
    assert "باقية" in words[0] and papers[0].number in words[0] and "سر" not in words[0].split("الإشعارات", 2)[2]
    assert "سُحبت" in words[1] and "صدرت خطأً" in words[1] and "سر آخر" not in words[1]


def test_the_list_says_which_revocations_are_proposed_already(scene, visit):
    """AS17: nobody proposes twice what waits for a second person; the doubt stays until it is decided."""
    _made, house, _partner = scene
    local = people.administrator(house, everywhere=False)
    first = db.session.query(CertificateDoubt).order_by(CertificateDoubt.id).first()
    services_of_revoking.propose(
        first.certificate_id,
        reason_class="integrity",
        reason="لم تعد المحاولة ناجحة",
        actor_id=local.id,
        at=clock.now(),
    )
    shown = visit(local).get("/admin/certificates/doubts")
    chips = [bool(panel.select(".chip.warn")) for panel in shown.select("section.panel")]
    assert chips == [True, False] and shown.words.count("اقتُرح السحب") == 1
    record = visit(local).get(f"/admin/certificates/{db.session.get(Certificate, first.certificate_id).number}")
    assert "قيد النظر" in record.words and record.select("a[href='/admin/certificates/doubts']")


def test_a_reason_that_is_missing_or_too_long_is_said_at_its_field(scene, visit):
    """AS17: nothing typed is lost, and the doubt stays undecided."""
    _made, house, _partner = scene
    local = visit(people.administrator(house, everywhere=False))
    first = db.session.query(CertificateDoubt).order_by(CertificateDoubt.id).first()
    for reason in ("", "سبب " * 100):
        shown = local.post(f"/admin/certificates/doubts/{first.id}/keep", {"reason": reason}, status=422)
        field = shown.select_one(f"#reason-{first.id}")
        assert field["aria-invalid"] == "true" and field["value"] == reason
        assert shown.select_one(f"#{field['aria-describedby']}").get_text(strip=True)
        assert len(shown.select(".error")) == 1 and first.decided_at is None
