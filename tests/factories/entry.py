"""Ways in for tests: courses and programmes with a rule, requests, people in line."""

from academy.accounts.models import Person
from academy.catalogue.models import Course
from academy.learning import services
from academy.learning.models import EntryRule, PlaceRequest, Programme
from academy.learning.models.entry import BY_REQUEST
from tests.factories.learning import ENROLLED


def rule(course: Course | None = None, programme: Programme | None = None, **given) -> EntryRule:
    """The rule of a course or programme, set as its page sets it."""
    of = {"course_id": course.id} if course else {"programme_id": programme.id}
    owner = (course or programme).organisation_id
    return services.change_entry(
        services.Entry(**given), **of, actor_id=None, organisation_id=owner, label="x", at=ENROLLED
    )


def request(learner: Person, course: Course, *, note: str = "", at=ENROLLED, **given) -> PlaceRequest:
    """A learner's request for a course that is given on request."""
    rule(course, way=BY_REQUEST, **given)
    return services.ask(learner.id, services.Wanted(course_id=course.id), note=note, at=at)
