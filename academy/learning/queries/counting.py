"""Counting required activities and those of them that are completed."""

from sqlalchemy import and_, func, select

from academy.base.db import db
from academy.catalogue.models import Activity, CourseUnit
from academy.learning.models import COMPLETED, ActivityState
from academy.learning.rules import Tally

LIVE = and_(Activity.removed_at.is_(None), CourseUnit.removed_at.is_(None))


def required_count(version_id: int) -> int:
    """Return how many activities of a version must be completed."""
    query = (
        select(func.count())
        .select_from(Activity)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(Activity.version_id == version_id, Activity.required, LIVE)
    )
    return db.session.scalar(query) or 0


def tally_of(enrolment_id: int, version_id: int) -> Tally:
    """Count anew what is required and what of it is completed in an enrolment (one statement)."""
    completed = and_(
        ActivityState.activity_id == Activity.id,
        ActivityState.enrolment_id == enrolment_id,
        ActivityState.state == COMPLETED,
    )
    query = (
        select(func.count(ActivityState.id), func.count(Activity.id))
        .select_from(Activity)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, completed)
        .where(Activity.version_id == version_id, Activity.required, LIVE)
    )
    done, required = db.session.execute(query).one()
    return Tally(done, required)
