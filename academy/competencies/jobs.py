"""Background work of competencies."""

from datetime import timedelta

from academy.assessment import queries as assessment
from academy.base import clock, jobs
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.competencies import kinds, queries, services
from academy.competencies.queries import development, ratings, reviews
from academy.notices.kinds import stands_for, stands_while

AT_ONCE = 200

stands_while(kinds.PLAN_WAITS, development.plans_still_waiting)
stands_for(kinds.PLAN_WAITS, lambda reader, ids: development.plans_to_decide_by(reader, ids, today=clock.today()))
stands_while(kinds.REVIEW_ASKED, reviews.reviews_still_waiting)
for _kind in (kinds.RATING_SELF, kinds.RATING_ASKED, kinds.RATING_REMINDER):
    stands_while(_kind, ratings.voices_still_owed)


@job("competencies.refresh", _l("Recompute competency levels as evidence ages"), every=timedelta(hours=6))
def refresh() -> None:
    """Recompute standings whose evidence has faded meanwhile."""
    services.refresh_old(clock.now())


@job("competencies.follow_jobs", _l("Give role profiles to people whose job has changed"), every=timedelta(hours=1))
def follow_jobs() -> None:
    """Give and take the role profiles that come with jobs, as people's titles have changed."""
    services.follow_all_jobs(at=clock.now())


@job("competencies.measure_old", _l("Find evidence whose precision is out of date"), every=timedelta(hours=1))
def measure_old() -> None:
    """Queue each quiz version once that has evidence from before its precision was kept."""
    for version_id in queries.unmeasured():
        key = f"competencies.measure:{version_id}"
        jobs.enqueue("competencies.measure", unique_key=key, quiz_version_id=version_id)


@job("competencies.measure", _l("Measure the precision of evidence from a quiz"))
def measure(quiz_version_id: int, after: int = 0) -> None:
    """Reckon the precision of evidence from a quiz version anew, some attempts at a time: each job queues the next one."""
    found = assessment.graded_attempts(quiz_version_id, after=after, most=AT_ONCE)
    services.measure(found)
    if len(found) == AT_ONCE:
        jobs.enqueue("competencies.measure", quiz_version_id=quiz_version_id, after=found[-1])


@job(services.PREVIEW, _l("Preview the effect of computing scores anew"))
def preview(recomputation_id: int) -> None:
    """Reckon who would move under the model of today, some people at a time: each job queues the next one."""
    if services.preview_some(recomputation_id, at=clock.now()):
        jobs.enqueue(services.PREVIEW, recomputation_id=recomputation_id)


@job(services.APPLY, _l("Compute all scores anew"))
def apply(recomputation_id: int) -> None:
    """Compute all standings anew, some people at a time: each job queues the next one."""
    if services.apply_some(recomputation_id, at=clock.now()):
        jobs.enqueue(services.APPLY, recomputation_id=recomputation_id)


@job("competencies.settle", _l("Count observations that nobody answered"), every=timedelta(hours=1))
def settle() -> None:
    """Let observations count that nobody has answered in time."""
    services.settle_observations(clock.now())


@job("competencies.remind_deciders", _l("Remind of development plans that nobody answered"), every=timedelta(hours=1))
def remind_deciders() -> None:
    """Remind of development plans that wait without an answer, and of reviews."""
    services.remind_deciders(clock.now())
    services.remind_reviewers(clock.now())


@job("competencies.tell_raters", _l("Tell people whose view is asked for in a rating round"), every=timedelta(hours=1))
def tell_raters() -> None:
    """Tell those who rate in rounds that have opened, some at a time: each job queues the next one."""
    if services.tell_raters(clock.now()):
        jobs.enqueue("competencies.tell_raters")


@job(
    "competencies.follow_rounds", _l("Remind in rating rounds and close those that are over"), every=timedelta(hours=1)
)
def follow_rounds() -> None:
    """Close what is over, remind those who owe a form, let levels count that nobody answered."""
    at = clock.now()
    services.close_over(at)
    services.remind_raters(at)
    services.settle_agreements(at)


@job("competencies.tell_cycles", _l("Tell people that their appraisal cycle has begun"), every=timedelta(hours=1))
def tell_cycles() -> None:
    """Tell the people of appraisal cycles that have opened, some at a time: each job queues the next one."""
    if services.tell_cycles(clock.now()):
        jobs.enqueue("competencies.tell_cycles")


@job("competencies.tell_of_ending", _l("Tell people that their appraisal cycle has ended early"))
def tell_of_ending(cycle_id: int, after_id: int = 0) -> None:
    """Tell those whose appraisal is not signed by both, some at a time: each job queues the next one."""
    if last := services.tell_of_ending(cycle_id, after_id, at=clock.now()):
        jobs.enqueue("competencies.tell_of_ending", cycle_id=cycle_id, after_id=last)


@job("competencies.remind_of_goals", _l("Remind of steps in appraisal cycles"), every=timedelta(hours=6))
def remind_of_goals() -> None:
    """Remind those who owe the next step before a cycle closes, once a day at most."""
    services.remind_of_goals(clock.now())
