"""Programmes for tests, made through the services as those who keep them make them."""

from collections.abc import Sequence
from itertools import count

from academy.accounts.models import Organisation, Person
from academy.assessment.models import QuizVersion
from academy.base.db import db
from academy.catalogue import services as courses
from academy.catalogue.models import Course
from academy.learning.models import Programme, ProgrammeEnrolment
from academy.learning.services import programmes as services
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO, both
from tests.factories.learning import ENROLLED

_numbers = count(1)
PLEDGE = services.PrerequisiteDetails(
    kind="undertaking",
    title=both("تعهد", "Pledge"),
    text=both("أتعهد بالسرية.", "I will keep it secret."),
    renew_months=12,
)
IDENTITY = services.PrerequisiteDetails(kind="identity_verified", title=both("هوية", "Identity"))
SPONSOR = services.PrerequisiteDetails(kind="sponsor", title=both("شريك", "Sponsor"))


def for_course(course: Course, **given) -> services.StepDetails:
    """A step that asks for a course."""
    return services.StepDetails(kind="course", course_id=course.id, **given)


def absent(kind: str = "project", **given) -> services.StepDetails:
    """A step of a kind that the academy does not have."""
    return services.StepDetails(kind=kind, title=both("مشروع", "A project"), **given)


def programme(
    of: Organisation | None = None,
    *,
    groups: Sequence[tuple[int | None, Sequence[services.StepDetails]]] | None = None,
    prerequisites: Sequence[services.PrerequisiteDetails] = (),
    published: bool = True,
    audience: str = "employee",
    key: str = "",
    code: str = "",
    **given,
) -> Programme:
    """A programme of groups, each (how many are needed or None for all, its steps); without groups, of one course."""
    n, of = next(_numbers), of or people.organisation()
    title = given.pop("title", both(f"برنامج {n}", f"Programme {n}"))
    details = services.ProgrammeDetails(title=title, summary=both(f"ملخص {n}", f"Summary {n}"), **given)
    row = services.create_programme(details, organisation_id=of.id, at=LONG_AGO, key=key, code=code, audience=audience)
    draft = services.programme_draft(row, at=LONG_AGO)
    for needed, steps in groups if groups is not None else [(None, [for_course(catalogue.course(of=of))])]:
        group = services.add_group(draft, needed=needed)
        for step in steps:
            services.add_step(group, step)
    for each in prerequisites:
        services.add_prerequisite(draft, each)
    if published:
        services.publish_programme(row, actor_id=None, at=LONG_AGO)
    return row


def place(programme: Programme, learner: Person, *, at=ENROLLED) -> ProgrammeEnrolment:
    """A learner's place in a programme."""
    return services.join_programme(learner.id, programme.id, at=at)


def course_with_quiz(of: Organisation, **given) -> tuple[Course, QuizVersion]:
    """A published course whose quiz has one question."""
    course = catalogue.course(of=of, published=False, units=1, lessons=1, **given)
    unit = catalogue.unit(catalogue.draft(course))
    activity = catalogue.activity(unit, "quiz")
    version = db.session.get(QuizVersion, activity.content["quiz_version_id"])
    assessment.question(version, "single")
    courses.publish(course, actor_id=None, at=LONG_AGO)
    return course, version
