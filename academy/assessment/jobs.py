"""The clock of attempts; telling of released marks; the calibration, statistics and comparison of quizzes; the index of the bank."""

from datetime import timedelta

from academy import facts
from academy.assessment import queries_of_calibration as queries
from academy.assessment import queries_of_comparing as comparing
from academy.assessment import queries_of_regrading as regrades
from academy.assessment import queries_of_returns as returns
from academy.assessment import queries_of_statistics as statistics
from academy.assessment import services
from academy.assessment.kinds import ATTEMPT_MARKED, ATTEMPT_REGRADED, QUESTION_RETURNED
from academy.assessment.models import OPEN, SUBMITTED, Attempt, MarkRelease, QuizVersion
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.queries_of_reckoning import reckon as reckoned
from academy.assessment.rules import calibrate as estimate
from academy.base import bus, clock, jobs, storage
from academy.base.db import db, settle, snapshot
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.notices import services as notices
from academy.notices.kinds import ATTEMPT_CLOSED

EVERY = timedelta(seconds=30)
CALIBRATE_EVERY = timedelta(hours=1)
INDEX_EVERY = timedelta(hours=1)
COMPARE_EVERY = timedelta(hours=1)
RECKON_EVERY = timedelta(days=1)
FORGET_EVERY = timedelta(days=1)
CLOSE_LEASE = timedelta(seconds=30)


@job("assessment.close_overdue", _l("Look for attempts whose time is over"), every=EVERY)
def close_overdue() -> None:
    """Queue one job for each attempt whose time is over, so that no attempt waits for another one's transaction."""
    for attempt_id in services.overdue(clock.now()):
        jobs.enqueue("assessment.close", unique_key=f"assessment.close:{attempt_id}", attempt_id=attempt_id)


@job("assessment.close", _l("Close an attempt whose time is over"), lease=CLOSE_LEASE)
def close(attempt_id: int) -> None:
    """Close one attempt whose time is over; one that is graded already stays as it is.

    One that has time again (its end was moved, the server's clock went back) must be able to be queued once more.
    """
    attempt = services.submit(attempt_id, at=clock.now(), by="clock")
    if attempt.state == OPEN:
        jobs.free_key(f"assessment.close:{attempt_id}")
    elif attempt.closed_by == "clock":
        _tell_closed(attempt)


def _tell_closed(attempt: Attempt) -> None:
    """Tell the learner, who may not have come back, that time ran out and what becomes of the answers."""
    title = attempt.quiz_version.title
    notices.tell(
        attempt.learner_id, ATTEMPT_CLOSED, f"attempt_closed:{attempt.id}", at=clock.now(),
        address=f"/attempts/{attempt.id}/result", quiz=title, waits=title if attempt.state == SUBMITTED else None,
    )  # fmt: skip


@job("assessment.tell_release", _l("Tell learners that marks are released"))
def tell_release(release_id: int) -> None:
    """Queue one job for each released attempt, so that a bad one stops no other."""
    made = db.session.get_one(MarkRelease, release_id)
    for attempt_id in made.attempt_ids:
        jobs.enqueue("assessment.tell_graded", unique_key=f"assessment.tell_graded:{attempt_id}", attempt_id=attempt_id)


@job("assessment.tell_graded", _l("Tell a learner that an answer is marked"))
def tell_graded(attempt_id: int) -> None:
    """Tell that a marked attempt is graded, once, and tell its learner."""
    bus.publish(facts.AttemptGraded(attempt_id))
    head = attempt_head(attempt_id)
    if head is not None:
        cause, address = f"attempt_marked:{attempt_id}", f"/attempts/{attempt_id}/result"
        notices.tell(head.learner_id, ATTEMPT_MARKED, cause, at=clock.now(), address=address, quiz=head.title)


@job("assessment.tell_returned", _l("Tell the author of a question that it came back from review"))
def tell_returned(comment_id: int) -> None:
    """Tell whoever wrote the question what its reviewer wants changed, once."""
    told = returns.return_to_tell(comment_id)
    if told is not None:
        notices.tell(
            told.author_id, QUESTION_RETURNED, f"question_returned:{comment_id}", at=clock.now(),
            address=f"/bank/questions/{told.question_id}", question=told.stem, by=told.by, note=told.note,
        )  # fmt: skip


@job("assessment.carry_regrade", _l("Carry a decision about a question to another quiz or version"))
def carry_regrade(regrade_id: int) -> None:
    """Put a carried decision in force, once; one whose effect has changed waits for a person."""
    services.carry_regrade(regrade_id, at=clock.now())


@job("assessment.tell_regrade", _l("Tell those whom a regrade affects"))
def tell_regrade(regrade_id: int) -> None:
    """Queue one job for each attempt that a regrade moved."""
    for effect_id in regrades.effect_ids(regrade_id):
        jobs.enqueue(
            "assessment.tell_regraded", unique_key=f"assessment.tell_regraded:{effect_id}", effect_id=effect_id
        )


@job("assessment.tell_regraded", _l("Tell a learner of a regraded attempt"))
def tell_regraded(effect_id: int) -> None:
    """Tell that an attempt was regraded, once, and tell its learner if that shows in the score."""
    told = regrades.to_tell(effect_id, now=clock.now())
    if told is None:
        return
    bus.publish(facts.AttemptRegraded(told.attempt_id, effect_id))
    if told.before == told.after and not told.now_passes:
        return
    shown = told.shows_score
    notices.tell(
        told.learner_id, ATTEMPT_REGRADED, f"attempt_regraded:{effect_id}", at=clock.now(),
        address=f"/attempts/{told.attempt_id}/result", quiz=told.quiz, reason=told.reason,
        passed=told.quiz if told.now_passes and shown else None,
        before=told.before if shown else None, after=told.after if shown else None,
    )  # fmt: skip


@job("assessment.calibrate_due", _l("Find quizzes whose questions need calibration"), every=CALIBRATE_EVERY)
def calibrate_due() -> None:
    """Queue one job for each quiz version with enough new first attempts."""
    for due in queries.due():
        key = f"assessment.calibrate:{due.quiz_version_id}:{due.attempts}"
        jobs.enqueue("assessment.calibrate", unique_key=key, quiz_version_id=due.quiz_version_id)


@job("assessment.calibrate", _l("Calibrate the questions of a quiz"))
def calibrate(quiz_version_id: int) -> None:
    """Estimate the Rasch difficulties and abilities of a quiz version from its first attempts, and keep them."""
    answers = queries.right_answers(quiz_version_id)
    settle()  # the estimate takes a second or so, in which SQLite must not be held
    estimates = estimate(answers.rows)
    services.keep_calibration(answers, estimates, at=clock.now())


@job("assessment.reckon_due", _l("Find quizzes whose statistics are out of date"), every=RECKON_EVERY)
def reckon_due() -> None:
    """Queue one job for each quiz version whose attempts have changed since its statistics were reckoned."""
    for version_id in statistics.stale():
        services.ask_to_reckon(version_id)


@job("assessment.reckon", _l("Reckon the statistics of a quiz"))
def reckon(quiz_version_id: int) -> None:
    """Reckon from one moment of the database, holding nobody up, then keep all figures together with the job's end."""
    with snapshot():
        at, basis = clock.now(), statistics.basis(quiz_version_id)
        found = reckoned(db.session.get_one(QuizVersion, quiz_version_id), at)
    services.keep_reckoning(basis, found, as_of=at)


@job("assessment.index_questions", _l("Bring the question bank's search up to date"), every=INDEX_EVERY)
def index_questions() -> None:
    """Index the questions that were written before there was a bank, some hundred at a time."""
    if services.index_missing():
        jobs.enqueue("assessment.index_questions")


@job("assessment.compare_due", _l("Find attempts to compare for identical answers"), every=COMPARE_EVERY)
def compare_due() -> None:
    """Queue one job for each quiz version with first attempts that were not yet compared with the others."""
    hour = int(clock.now().timestamp() // COMPARE_EVERY.total_seconds())
    for version_id in comparing.due():
        key = f"assessment.compare:{version_id}:{hour}"
        jobs.enqueue("assessment.compare", unique_key=key, quiz_version_id=version_id)


@job("assessment.compare", _l("Compare the answers of a quiz's attempts"))
def compare(quiz_version_id: int) -> None:
    """Look through the attempts at a quiz version for hints, and keep them for a reviewer."""
    attempts = comparing.compared(quiz_version_id)
    settle()  # comparing every pair takes seconds, in which SQLite must not be held
    services.keep_hints(attempts, services.look_through(attempts), at=clock.now())


@job("assessment.forget", _l("Delete old hints about attempts"), every=FORGET_EVERY)
def forget() -> None:
    """Delete hints that are too old to be told, and marks of networks that are no longer needed."""
    services.forget_old(clock.now())


@job("assessment.sweep_imports", _l("Delete old imports of questions"), every=FORGET_EVERY)
def sweep_imports() -> None:
    """Delete imports that began 30 days ago with the pictures that nothing shows, some at a time."""
    if services.sweep_imports(clock.now()):
        jobs.enqueue("assessment.sweep_imports")


@job("assessment.forget_bytes", _l("Delete a picture that nothing shows"))
def forget_bytes(key: str) -> None:
    """Delete the bytes of a picture whose row is gone."""
    storage.forget_bytes(key)
