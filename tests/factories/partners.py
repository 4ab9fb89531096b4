"""Partners with agreements, and people of theirs who are certified, for tests."""

from datetime import date, datetime, timedelta

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import Course
from academy.partners import services
from academy.partners.models import Agreement
from tests.factories import accounts as people
from tests.factories import catalogue, credentials

YEAR = timedelta(days=365)


def partner(**given) -> Organisation:
    """A partner."""
    return people.organisation("partner", **given)


def required_course(**given) -> Course:
    """A course for everyone whose certificate lasts two years."""
    return catalogue.course(**{"validity_months": 24, "audience": "everyone", **given})


def agreement(
    of: Organisation, course: Course, *, starts_on: date | None = None, ends_on: date | None = None, **given
) -> Agreement:
    """An agreement that has held for two years and holds for two more."""
    today = clock.today()
    return services.make_agreement(
        of, given.pop("reference", f"AG-{of.id}"), starts_on=starts_on or today - 2 * YEAR, ends_on=ends_on or today + 2 * YEAR,
        course_ids=[course.id], actor_id=None, at=clock.now(), **given,
    )  # fmt: skip


def member(of: Organisation, *, days: int = 400, unit: OrgUnit | None = None, **given) -> Person:
    """A person who became active in the partner so many days ago."""
    return people.person(of=of, unit=unit, created_at=moment(days), **given)


def certified(who: Person, course: Course, *, days: int = 100):
    """The certificate of a course that somebody completed so many days ago."""
    return credentials.certificate(who, course, at=moment(days))


def moment(days: int) -> datetime:
    """A moment so many days ago."""
    return clock.now() - timedelta(days=days)


def flush() -> None:
    """Write what is waiting."""
    db.session.flush()
