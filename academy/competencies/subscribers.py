"""What competencies does when something happened elsewhere."""

from academy import facts
from academy.base import bus, jobs
from academy.competencies import services


@bus.on(facts.AttemptGraded)
def note_attempt(fact: facts.AttemptGraded) -> None:
    """A graded attempt is evidence."""
    services.note_attempt(fact.attempt_id)


@bus.on(facts.AttemptRegraded)
def note_regrade(fact: facts.AttemptRegraded) -> None:
    """A regraded attempt is new evidence in place of what it said before."""
    services.note_regrade(fact.attempt_id, fact.effect_id)


@bus.on(facts.QuizCalibrated)
def measure_again(fact: facts.QuizCalibrated) -> None:
    """A calibration says more precisely what the answers prove."""
    jobs.enqueue("competencies.measure", quiz_version_id=fact.quiz_version_id)


@bus.on(facts.CourseCompleted)
def note_course(fact: facts.CourseCompleted) -> None:
    """A completed course is evidence of familiarity."""
    services.note_course(fact.enrolment_id)
