"""What imports leave behind is deleted after 30 days, and nothing that anything shows."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from academy.assessment import jobs as assessment_jobs
from academy.assessment import services
from academy.assessment.models import QuestionImport, QuestionVersion
from academy.base import clock, jobs, storage
from academy.base.db import db
from academy.catalogue.models import Activity
from academy.catalogue.services import keep_picture
from tests.assessment.test_exchange_every_type import picture
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue

LATER = timedelta(days=31)


@pytest.fixture
def scene(app):
    """An import of two pictures that nobody decided about, into a quiz of a course with a lesson."""
    trainer = people.trainer()
    activity = quizzes.quiz_activity(trainer)
    course = activity.version.course
    keys = [
        keep_picture(course, picture(320, 200), f"{n}.png", most=10**6, actor_id=trainer.id, at=clock.now()).key
        for n in "ab"
    ]
    plan = QuestionImport(
        owner_id=trainer.id, activity_id=activity.id, file_name="x.zip", created_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=24),
        document={"format": "qti_package", "language": "ar", "questions": [], "pictures": keys},
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    return SimpleNamespace(
        course=course, activity=activity, keys=keys, plan=plan, rows=[storage.find(key) for key in keys]
    )


def swept(after=LATER) -> int:
    """Run the job later; return how many imports are left."""
    with time_machine.travel(clock.now() + after, tick=False):
        assessment_jobs.sweep_imports()
        jobs.run_all_due()
    return db.session.query(QuestionImport).count()


def gone(row) -> bool:
    try:
        storage.read(row)
    except FileNotFoundError:
        return True
    return False


def test_an_import_that_was_never_applied_goes_with_its_pictures(scene):
    copies = [SimpleNamespace(key=key) for key in scene.keys]
    assert swept(timedelta(days=29)) == 1 and not any(map(gone, copies))
    assert swept() == 0
    assert all(map(gone, copies)) and not any(storage.find(key) for key in scene.keys)
    assert swept() == 0


@pytest.mark.parametrize("holder", ["question", "lesson", "import"])
def test_a_picture_that_anything_shows_stays(scene, holder):
    """A question, a lesson that names its address, another import that still waits."""
    kept, lost = scene.keys
    if holder == "question":
        content = quizzes.content("hotspot", image=quizzes.image(kept, 320, 200))
        services.add_written(scene.activity.id, services.Written("hotspot", content), at=clock.now(), by_id=None)
        assert db.session.query(QuestionVersion).count() == 1
    elif holder == "lesson":
        body = {"body": {"ar": f"![صورة](/files/{kept})", "en": ""}}
        catalogue.activity(catalogue.unit(scene.activity.version), content=body)
        assert db.session.query(Activity).count() == 2
    else:
        waits = {"owner_id": scene.plan.owner_id, "activity_id": scene.activity.id, "file_name": "y.zip"}
        at = clock.now() + timedelta(days=10)
        db.session.add(
            QuestionImport(**waits, created_at=at, expires_at=at, document={**scene.plan.document, "pictures": [kept]})
        )
    swept()
    assert not gone(storage.find(kept)) and storage.find(lost) is None and gone(SimpleNamespace(key=lost))


def test_the_bytes_of_a_file_that_has_a_row_are_never_deleted(scene):
    for key in scene.keys:
        assessment_jobs.forget_bytes(key)
    assert not any(map(gone, scene.rows))
