"""What competencies does when something happened elsewhere."""

from academy import facts
from academy.base import bus, clock, jobs
from academy.competencies import services
from academy.competencies.services import forgetting
from academy.learning import queries as learning
from academy.learning.queries import exemptions


@bus.on(facts.AttemptGraded)
def note_attempt(fact: facts.AttemptGraded) -> None:
    """A graded attempt is evidence."""
    services.note_attempt(fact.attempt_id, at=clock.now())


@bus.on(facts.AttemptRegraded)
def note_regrade(fact: facts.AttemptRegraded) -> None:
    """A regraded attempt is new evidence in place of what it said before."""
    services.note_regrade(fact.attempt_id, fact.effect_id, at=clock.now())


@bus.on(facts.QuizCalibrated)
def measure_again(fact: facts.QuizCalibrated) -> None:
    """A calibration says more precisely what the answers prove."""
    jobs.enqueue("competencies.measure", quiz_version_id=fact.quiz_version_id)


@bus.on(facts.ExemptionGranted)
def go_on_after_exemption(fact: facts.ExemptionGranted) -> None:
    """An exemption is evidence of nothing; it opens what builds on the course in the learner's development plan."""
    services.go_on_after(exemptions.exempted_person(fact.exemption_id), at=clock.now())


@bus.on(facts.CourseCompleted)
def note_course(fact: facts.CourseCompleted) -> None:
    """A completed course is evidence of familiarity, and opens what builds on it in the learner's development plan."""
    services.note_course(fact.enrolment_id, at=clock.now())
    if (enrolment := learning.enrolment(fact.enrolment_id)) is not None:
        services.go_on_after(enrolment.learner_id, at=clock.now())


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what was written by somebody and about them."""
    forgetting.forget(fact.person_id, at=clock.now())
