"""Announcements to learners for tests, made through the services as the pages make them."""

from academy.accounts.models import Organisation, Person
from academy.catalogue.models import Course
from academy.learning.models import Programme
from academy.learning.queries.announcing import ToLearners, to_learners
from academy.learning.services.announcing import write_to_learners
from academy.notices import services as notices
from tests.conftest import NOW
from tests.factories.accounts import both

TITLE, TEXT = both("تغيّر الموعد", "The date has changed"), both("صار **الثلاثاء**.", "It is on **Tuesday** now.")


def drafted(about: Course | Programme, by: Person, place: Organisation | None, at=NOW, **given) -> ToLearners:
    """A draft to the learners of a course or programme, in an organisation or in all."""
    words = {"title": TITLE, "text": TEXT, "open_only": False, "shown_until": None, **given}
    written = write_to_learners(None, about, place=place, actor_id=by.id, at=at, **words)
    return to_learners(written)


def published(about: Course | Programme, by: Person, place: Organisation | None, at=NOW, **given) -> ToLearners:
    """The same, published; its people are told by a job."""
    item = drafted(about, by, place, at=at, **given)
    notices.publish_announcement(item.row, actor_id=by.id, at=at)
    return item
