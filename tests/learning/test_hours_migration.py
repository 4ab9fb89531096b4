"""What was known of time before it was counted: the migration begins the ledger with the questions of attempts."""

from datetime import UTC, date, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, update

from academy.app import create_app
from academy.assessment.models import AttemptItem
from academy.base.db import about_to_write, db
from academy.learning.models import StudyTime
from tests import migrated
from tests.conftest import settings_for
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning


@pytest.fixture
def fresh(tmp_path, worker):
    """An application over an empty academy of its own at the newest revision."""
    app = create_app(settings_for(f"academy_hours_{worker}", tmp_path, tables=migrated.at("head")))
    with app.app_context():
        about_to_write()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_ledger_begins_with_the_time_on_questions(fresh):
    course, learner = catalogue.course(units=0, published=False), people.person()
    unit = catalogue.unit(catalogue.draft(course))
    version = assessment.quiz(course)
    catalogue.activity(unit, "quiz", content={"quiz_version_id": version.id})
    catalogue.services.publish(course, actor_id=None, at=learning.LONG_AGO)
    place = learning.enrolment(learner, course)
    attempt = assessment.attempt(version, learner)
    attempt.started_at = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    db.session.flush()
    db.session.execute(update(AttemptItem).where(AttemptItem.attempt_id == attempt.id).values(seconds=40))
    count = len(db.session.scalars(select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)).all())
    place_id, activity_id = place.id, learning.activity_ids(course)[0]
    db.session.commit()
    db.session.remove()
    downgrade(revision="0027")
    upgrade(revision="0028")
    found = db.session.execute(
        select(StudyTime.enrolment_id, StudyTime.activity_id, StudyTime.day, StudyTime.seconds)
    ).all()
    wanted = [(place_id, activity_id, date(2026, 6, 1), 40 * count)]
    assert found == wanted
