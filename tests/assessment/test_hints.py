"""Hints: noted within bounds, told with how usual they are, seen by reviewers only, forgotten in time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from academy.assessment import jobs, services
from academy.assessment.models import Attempt, AttemptItem, IntegrityEvent, IntegrityNote
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from tests.conftest import undone
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.quick import again

KEY = "aaaaaaaaaaaa-0001"
NOTE = {"outcome": "dismissed", "note": "سألته: انقطع الاتصال في القاعة."}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def taught(the_app):
    """A trainer and a course, for all tests here."""
    with undone(the_app):
        trainer = people.trainer(people.organisation())
        made = SimpleNamespace(trainer=trainer, course=catalogue.course(trainer=trainer))
        db.session.commit()
        yield made


@pytest.fixture
def trainer(taught, app):
    return again(taught.trainer)


@pytest.fixture
def course(taught, app):
    return again(taught.course)


def begun(course, learner, **given):
    version = quizzes.quiz(course, **{"types": ("single", "short_text"), "minutes": 30, **given})
    made = quizzes.attempt(version, learner, at=now())
    db.session.commit()
    return made


def report(browser, attempt, address="192.0.2.7", **more):
    body = {"items": [], "client_key": KEY, "client_sequence": 1, "spent": {"1": 1}, **more}
    headers = {"X-CSRFToken": browser.csrf_token(), "X-Requested-With": "fetch", "Accept": "application/json"}
    browser.client.post(
        f"/attempts/{attempt.id}/save", json=body, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )


def events(attempt):
    query = select(IntegrityEvent.kind, IntegrityEvent.seconds).where(IntegrityEvent.attempt_id == attempt.id)
    return [tuple(row) for row in db.session.execute(query.order_by(IntegrityEvent.id))]


# --- Noting ----------------------------------------------------------------------------------------------


def test_leaving_the_page_and_changing_the_network_are_noted_and_stop_nothing(visit, course, trainer):
    """AS21."""
    learner = people.person(of=trainer.organisation)
    attempt, browser = begun(course, learner), visit(learner)
    report(browser, attempt)
    report(browser, attempt, away=[12, 90])
    report(browser, attempt, address="198.51.100.4")
    report(browser, attempt, address="198.51.100.99")
    assert events(attempt) == [("away", 12), ("away", 90), ("address", 0)]
    assert db.session.get(Attempt, attempt.id).state == "open"
    stored = str(db.session.execute(select(Attempt.network)).all())
    assert "198.51" not in stored and "192.0.2" not in stored


def test_a_quiz_without_an_end_notes_nothing(visit, course, trainer):
    learner = people.person(of=trainer.organisation)
    attempt, browser = begun(course, learner, minutes=None), visit(learner)
    for address in ("192.0.2.7", "198.51.100.4"):
        report(browser, attempt, address=address, away=[100])
    assert events(attempt) == [] and db.session.get(Attempt, attempt.id).network is None


def test_what_is_noted_of_one_attempt_is_bounded_and_ends_with_it(visit, course, trainer):
    learner = people.person(of=trainer.organisation)
    attempt, browser = begun(course, learner), visit(learner)
    for _message in range(7):
        report(browser, attempt, away=[5] * 20)
    assert len(events(attempt)) == 100
    services.submit(attempt.id, at=now())
    report(browser, attempt, away=[5])
    assert len(events(attempt)) == 100


def test_hints_and_network_marks_are_forgotten(visit, course, trainer):
    """180 days after an attempt its hints go; the mark of its network goes when it ends. A reviewer's note stays."""
    learner = people.person(of=trainer.organisation)
    attempt, browser = begun(course, learner), visit(learner)
    report(browser, attempt, away=[40])
    services.note_review(attempt.id, "noted", "ملاحظة", by_id=trainer.id, at=now())
    services.submit(attempt.id, at=now())
    services.forget_old(now() + timedelta(days=179))
    db.session.expire_all()
    assert events(attempt) and db.session.get(Attempt, attempt.id).network is None
    services.forget_old(now() + timedelta(days=181))
    assert not events(attempt) and db.session.scalars(select(IntegrityNote.id)).all()


# --- Comparing -------------------------------------------------------------------------------------------


def _ids(attempt):
    query = select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)
    return db.session.scalars(query.order_by(AttemptItem.position)).all()


@pytest.fixture(scope="module")
def many(taught):
    """Fifty-two attempts: the first two share nine wrong answers that nobody else gives; the third hardly read anything."""
    version = quizzes.quiz(taught.course, types=("short_text",) * 12, minutes=60, shuffle=False)
    made = []
    for place in range(52):
        learner = people.person(of=taught.trainer.organisation)
        attempt = quizzes.attempt(version, learner, at=now() - timedelta(days=1))
        rows, seconds = [], 2 if place == 2 else 40 + place % 7
        for number, item_id in enumerate(_ids(attempt), start=1):
            wrong = number <= 9 if place < 2 else (number + place) % 4 == 0
            said = ("نادر" if place < 2 else ("خطأ", "غيره", "سواه")[place % 3]) if wrong else "رحلة المستفيد"
            rows.append({"id": item_id, "response": {"text": said}, "seconds": seconds})
        db.session.execute(update(AttemptItem), rows)
        services.submit(attempt.id, at=attempt.started_at + timedelta(minutes=2 if place == 2 else 20 + place % 5))
        made.append(attempt)
    db.session.commit()
    return made


@pytest.fixture
def crowd(many, app):
    return again(many)


def test_the_job_finds_what_stands_out_and_nothing_else_and_may_run_again(app, crowd):
    """AS21: identical wrong answers, very fast answers and attempts."""
    first, second, rushed = crowd[:3]
    assert list(jobs.comparing.due()) == [first.quiz_version_id]
    for _twice in range(2):
        jobs.compare(first.quiz_version_id)
        found = {(row.attempt_id, row.kind, row.other_id): row for row in db.session.scalars(select(IntegrityEvent))}
        assert set(found) == {
            (first.id, "same_wrong", second.id),
            (second.id, "same_wrong", first.id),
            (rushed.id, "fast_answers", None),
            (rushed.id, "fast_attempt", None),
        }
    alike = found[first.id, "same_wrong", second.id].detail
    assert alike["same"] == alike["both_wrong"] == 9 and alike["by_chance"] < 0.05 and alike["expected"] < 2
    assert found[rushed.id, "fast_answers", None].detail == {"fast": 12, "measured": 12, "right": 9}
    assert list(jobs.comparing.due()) == []


def test_a_hint_that_more_attempts_disprove_goes_away(app, crowd):
    jobs.compare(crowd[0].quiz_version_id)
    gone = IntegrityEvent(attempt_id=crowd[9].id, kind="fast_attempt", at=now(), detail={})
    db.session.add(gone)
    db.session.flush()
    jobs.compare(crowd[0].quiz_version_id)
    assert db.session.scalars(select(IntegrityEvent).where(IntegrityEvent.attempt_id == crowd[9].id)).all() == []


# --- Reviewing -------------------------------------------------------------------------------------------


def test_a_reviewer_reads_each_hint_with_its_base_rate_and_records_a_note(visit, trainer, course, crowd):
    """AS21: hints with their base rates, never verdicts."""
    first, second, rushed = crowd[:3]
    jobs.compare(first.quiz_version_id)
    browser = visit(trainer)
    page = browser.get(f"/teach/{course.key}/hints")
    assert len(page.select("tbody tr")) == 3 and "ليست حكمًا" in page.words
    page = browser.get(f"/attempts/{rushed.id}/hints")
    assert (
        "12 من الإجابات البالغ عددها 12" in page.words and "في 1 من محاولات هذا الاختبار البالغ عددها 52" in page.words
    )
    page = browser.get(f"/attempts/{first.id}/hints")
    assert "أخطأ المتدربان معًا في" in page.words and page.select_one(f"a[href='/attempts/{second.id}/hints']")
    page = browser.post(f"/attempts/{first.id}/hints", NOTE)
    assert NOTE["note"] in page.words
    assert len(browser.get(f"/teach/{course.key}/hints").select("tbody tr")) == 2
    assert len(browser.get(f"/teach/{course.key}/hints?state=all").select("tbody tr")) == 3
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "assessment:hints:review")).one()
    assert entry.actor_id == trainer.id and entry.subject_id == first.learner_id
    assert entry.after == {"attempt": first.id, "outcome": "dismissed"} and NOTE["note"] not in str(entry.after)


@pytest.mark.parametrize("form", [{}, {"outcome": "dismissed"}, {"note": "x"}, {"outcome": "guilty", "note": "x"}])
def test_a_note_without_words_or_conclusion_is_refused(visit, trainer, course, form):
    attempt = begun(course, people.person(of=trainer.organisation))
    page = visit(trainer).post(f"/attempts/{attempt.id}/hints", form, 422)
    assert page.select(".error") and not db.session.scalars(select(IntegrityNote.id)).all()


def test_leaving_once_for_a_moment_is_nothing_to_review(visit, trainer, course):
    learner = people.person(of=trainer.organisation)
    attempt, browser = begun(course, learner), visit(learner)
    report(browser, attempt, away=[8])
    assert "لا شيء للمراجعة" in visit(trainer).get(f"/teach/{course.key}/hints").words
    report(browser, attempt, away=[25])
    page = visit(trainer).get(f"/teach/{course.key}/hints")
    assert learner.name.ar in page.words


def test_the_managers_of_a_learner_never_see_hints_even_when_they_teach(visit, trainer, course):
    """AS21: not as a trainer of the course, not as an administrator of its organisation."""
    learner = people.person(of=trainer.organisation, manager=trainer)
    attempt = begun(course, learner)
    report(visit(learner), attempt, away=[300])
    assert learner.name.ar not in visit(trainer).get(f"/teach/{course.key}/hints?state=all").words
    visit(trainer).get(f"/attempts/{attempt.id}/hints", 404)
    visit(trainer).post(f"/attempts/{attempt.id}/hints", NOTE, 404)
    admin = people.administrator(of=trainer.organisation, everywhere=False)
    assert learner.name.ar in visit(admin).get(f"/teach/{course.key}/hints").words


def test_nobody_reviews_their_own_attempt_and_strangers_find_nothing(visit, browser, trainer, course):
    attempt = begun(course, trainer)
    report(visit(trainer), attempt, away=[300])
    visit(trainer).get(f"/attempts/{attempt.id}/hints", 404)
    learner = people.person(of=trainer.organisation)
    other = begun(course, learner)
    report(visit(learner), other, away=[300])
    for who in (
        learner,
        people.person(of=trainer.organisation),
        people.trainer(people.organisation()),
        people.manager(),
    ):
        visit(who).get(f"/attempts/{other.id}/hints", 404)
        visit(who).get(f"/teach/{course.key}/hints", 404)
    browser.get(f"/attempts/{other.id}/hints", 302)
    assert "إشارات" not in visit(learner).get(f"/attempts/{other.id}/receipts").words


def test_a_learner_who_may_not_be_seen_stays_unnamed(visit, trainer, course, crowd):
    """P3: the other half of a pair belongs to another organisation."""
    foreign = people.organisation("partner", name=people.both("شريك سري", "Secret partner"))
    other = db.session.get(people.Person, crowd[1].learner_id)
    other.organisation_id, other.name = foreign.id, people.both("اسم سري", "Secret name")
    db.session.flush()
    jobs.compare(crowd[0].quiz_version_id)
    page = visit(trainer).get(f"/attempts/{crowd[0].id}/hints")
    assert "اسم سري" not in page.words and "لا يحق لك الاطلاع عليه" in page.words
    visit(trainer).get(f"/attempts/{crowd[1].id}/hints", 404)


def test_the_pages_take_the_same_few_statements(visit, trainer, course, crowd, statements):
    jobs.compare(crowd[0].quiz_version_id)
    browser, seconds = visit(trainer), 0
    for path in (f"/teach/{course.key}/hints", f"/attempts/{crowd[0].id}/hints"):
        with statements() as seen:
            browser.get(path)
        assert len(seen) <= 8, "\n".join(seen)
    for attempt in crowd:
        seconds += 50
        db.session.add(IntegrityEvent(attempt_id=attempt.id, kind="away", at=clock.now(), seconds=seconds, detail={}))
    for path in (f"/teach/{course.key}/hints", f"/attempts/{crowd[0].id}/hints"):
        with statements() as seen:
            browser.get(path)
        assert len(seen) <= 8, "\n".join(seen)
