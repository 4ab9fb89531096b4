"""Many completions at once, heard twice and by several workers: every one earns exactly one certificate (R17, I3)."""

import pytest
from sqlalchemy import func, select

from academy import facts
from academy.accounts.models import Person
from academy.base import bus, clock, jobs
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials import services
from academy.credentials.models import Certificate
from academy.learning.models import Enrolment
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import catalogue, credentials

COMPLETIONS, WORKERS = 30, 4


@pytest.fixture
def enrolment_ids(crowd_app) -> list[int]:  # noqa: F811
    """Thirty completed enrolments that are really committed."""
    with prepared(crowd_app):
        course = catalogue.course(validity_months=24)
        return [credentials.completed(of=course).id for _ in range(COMPLETIONS)]


def counted(app) -> tuple[int, int, int]:
    """Certificates, different holders, notices of them."""
    with app.app_context():
        numbers = db.session.scalar(select(func.count(Certificate.number.distinct())))
        holders = db.session.scalar(select(func.count(Certificate.holder_id.distinct())))
        return numbers, holders, db.session.scalar(select(func.count()).where(Notice.kind == "certificate_issued"))


@pytest.mark.concurrency
def test_four_threads_with_duplicates_issue_exactly_thirty(crowd_app, enrolment_ids):  # noqa: F811
    def issue_all(number: int) -> list[str]:
        mine = enrolment_ids[number * 7 :] + enrolment_ids[: number * 7] + enrolment_ids[:5]
        made = []
        for enrolment_id in mine:
            with prepared(crowd_app):
                made.append(services.issue_for_completion(enrolment_id, at=clock.now()).number)
        return made

    outcomes = run_together(WORKERS, issue_all)
    assert len(winners(outcomes)) == WORKERS, outcomes
    assert counted(crowd_app) == (COMPLETIONS, COMPLETIONS, COMPLETIONS)
    assert len({number for made in outcomes for number in made}) == COMPLETIONS


@pytest.mark.concurrency
def test_facts_heard_twice_queue_one_job_and_workers_share_them(crowd_app, enrolment_ids):  # noqa: F811
    def hear(number: int) -> None:
        for enrolment_id in enrolment_ids:
            bus.publish(facts.CourseCompleted(enrolment_id))

    assert len(winners(run_together(2, hear, app=crowd_app))) == 2

    def work(number: int) -> int:
        with crowd_app.app_context():
            return jobs.run_all_due()

    outcomes = run_together(WORKERS, work)
    assert len(winners(outcomes)) == WORKERS, outcomes
    with crowd_app.app_context():
        ours = select(jobs.Job.state).where(jobs.Job.name == "credentials.issue")
        assert db.session.scalars(ours).all() == ["done"] * COMPLETIONS
    assert counted(crowd_app) == (COMPLETIONS, COMPLETIONS, COMPLETIONS)


@pytest.mark.concurrency
def test_one_completion_asked_for_sixteen_times_at_once(crowd_app, enrolment_ids):  # noqa: F811
    outcomes = run_together(
        16, lambda _: services.issue_for_completion(enrolment_ids[0], at=clock.now()).number, app=crowd_app
    )
    assert len(winners(outcomes)) == 16 and len(set(outcomes)) == 1, outcomes
    assert counted(crowd_app) == (1, 1, 1)


@pytest.mark.concurrency
def test_one_bad_row_stops_no_other_and_stands_in_the_job_list(crowd_app, enrolment_ids):  # noqa: F811
    """R19: somebody without a readable name among thirty."""
    bad_id = enrolment_ids[7]
    with prepared(crowd_app):
        holder = db.session.get(Person, db.session.get(Enrolment, bad_id).learner_id)
        name, holder.name = holder.name, LocalizedText(" \u202e ", "")
        holder_id = holder.id
        for enrolment_id in enrolment_ids:
            bus.publish(facts.CourseCompleted(enrolment_id))
    with crowd_app.app_context():
        jobs.run_all_due()
        failed = db.session.scalars(select(jobs.Job).where(jobs.Job.last_error.is_not(None))).one()
        assert failed.arguments == {"enrolment_id": bad_id} and "NamelessHolder" in failed.last_error
        failed_id = failed.id
    assert counted(crowd_app)[0] == COMPLETIONS - 1
    with prepared(crowd_app):
        db.session.get(Person, holder_id).name = name
    with crowd_app.app_context():
        assert jobs.run(failed_id)
    assert counted(crowd_app)[0] == COMPLETIONS
