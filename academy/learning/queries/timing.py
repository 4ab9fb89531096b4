"""Where the time of an attempt counts."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from academy.assessment.models import Attempt, Quiz, QuizVersion
from academy.base.db import db
from academy.catalogue.models import Activity
from academy.learning.models import WITHDRAWN, Enrolment


@dataclass(frozen=True, slots=True)
class AttemptPlace:
    """The place on a course, and the activity in it, for which an attempt is taken."""

    learner_id: int
    enrolment_id: int
    activity_id: int


def place_of_attempt(attempt_id: int) -> AttemptPlace | None:
    """Return for which place and activity an attempt is taken (one statement); None where the course has it no longer."""
    place = (
        Enrolment.learner_id == Attempt.learner_id, Enrolment.course_id == Quiz.course_id,
        Enrolment.cycle == Attempt.cycle, Enrolment.state != WITHDRAWN,
    )  # fmt: skip
    versions = select(QuizVersion.id).where(QuizVersion.quiz_id == Attempt.quiz_id).correlate(Attempt)
    holds = Activity.kind == "quiz", Activity.content["quiz_version_id"].as_integer().in_(versions)
    query = (
        select(Attempt.learner_id, Enrolment.id, Activity.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Enrolment, and_(*place))
        .join(Activity, and_(Activity.version_id == Enrolment.version_id, Activity.removed_at.is_(None), *holds))
        .where(Attempt.id == attempt_id)
        .order_by(Activity.id)
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return AttemptPlace(*row) if row else None
