"""Calendars and rules of duties for tests."""

from datetime import date

from academy.accounts.models import Organisation
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.learning.models import DutyRule
from academy.learning.rules.duties import Audience, Condition, Definition
from academy.learning.rules.working_days import DueRule
from academy.learning.services import duties, working_days
from tests.conftest import NOW
from tests.factories import catalogue
from tests.factories.accounts import both

NAMED = both("قاعدة المستجدين", "Newcomers")


def definition(*conditions: Condition, match="all", due=None, consequence="keep", name=NAMED) -> Definition:
    """What a rule says."""
    return Definition(name.as_dict(), Audience(tuple(conditions), match), due or DueRule("days", count=30), consequence)


def rule(of: Organisation, *conditions: Condition, course=None, programme=None, unit=None, at=NOW, **said) -> DutyRule:
    """A rule in effect, about a course of its own unless one is given; it has not run."""
    course = course or (None if programme else catalogue.course(of=of))
    row = duties.create_rule(
        definition(*conditions, **said), organisation_id=of.id, org_unit_id=unit.id if unit else None,
        course_id=course.id if course else None, programme_id=programme.id if programme else None, actor_id=None, at=at,
    )  # fmt: skip
    duties.apply_rule(row, seen=duties.digest_of(row), actor_id=None, at=at)
    return row


def in_house(of: Organisation, name: LocalizedText, course: Course, *, at) -> None:
    """A holiday of an organisation, and a rule that has run, under a name."""
    day = date(2030, 9, 23)
    working_days.add_entry(of.id, working_days.EntryDetails("holiday", day, day, name), actor_id=None, at=at)
    made = rule(of, course=course, name=name, at=at)
    duties.run_rule(made.id, cause="asked", at=at)
    duties.change_rule(made, definition(name=name))
