"""Partners with agreements, and people of theirs who are certified, for tests."""

from datetime import date, datetime, timedelta

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.credentials.attesting import Earlier, attest
from academy.credentials.models import Certificate
from academy.credentials.queries_of_imports import attestables
from academy.credentials.rules_of_imports import cycles_of
from academy.learning.models import Programme
from academy.partners import services
from academy.partners.models import Agreement
from academy.partners.rules import COURSE, PROGRAMME, Required
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, programmes

YEAR = timedelta(days=365)


def partner(**given) -> Organisation:
    """A partner."""
    return people.organisation("partner", **given)


def required_course(**given) -> Course:
    """A course for everyone whose certificate lasts two years."""
    return catalogue.course(**{"validity_months": 24, "audience": "everyone", **given})


def required_programme(**given) -> Programme:
    """A programme for partners' people whose certificate lasts two years; `audience` and the rest are given."""
    return programmes.programme(**{"validity_months": 24, "audience": "partner", **given})


def agreement(
    of: Organisation, *asked: Course | Programme, starts_on: date | None = None, ends_on: date | None = None, **given
) -> Agreement:
    """An agreement that has held for two years and holds for two more."""
    today = clock.today()
    required = [Required(PROGRAMME if isinstance(each, Programme) else COURSE, each.id) for each in asked]
    return services.make_agreement(
        of, given.pop("reference", f"AG-{of.id}"), starts_on=starts_on or today - 2 * YEAR, ends_on=ends_on or today + 2 * YEAR,
        required=required, actor_id=None, at=clock.now(), **given,
    )  # fmt: skip


def member(of: Organisation, *, days: int = 400, unit: OrgUnit | None = None, **given) -> Person:
    """A person who became active in the partner so many days ago."""
    return people.person(of=of, unit=unit, created_at=moment(days), **given)


def certified(who: Person, course: Course, *, days: int = 100):
    """The certificate of a course that somebody completed so many days ago."""
    return credentials.certificate(who, course, at=moment(days))


def attested(who: Person, programme: Programme, *, days: int = 100, lasts: int | None = 730) -> Certificate:
    """The certificate of a programme that somebody had earned so many days ago, before the academy."""
    day, of = clock.today() - timedelta(days=days), attestables({programme.key})[programme.key][0]
    made, _new = attest(
        Earlier(
            who.id, of, cycles_of(day)[0], day, day + timedelta(days=lasts) if lasts else None, f"old-{days}",
            LocalizedText(), who.id,
        ),
        at=clock.now(),
    )  # fmt: skip
    return made


def moment(days: int) -> datetime:
    """A moment so many days ago."""
    return clock.now() - timedelta(days=days)


def flush() -> None:
    """Write what is waiting."""
    db.session.flush()
