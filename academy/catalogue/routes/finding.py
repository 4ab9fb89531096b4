"""What the addresses of the trainer's desk mean."""

from dataclasses import dataclass

from academy.catalogue import queries
from academy.catalogue.models import Course, CourseUnit
from academy.catalogue.queries import Desk, EditedActivity


@dataclass(frozen=True, slots=True)
class EditedUnit:
    """A unit on the desk of its course."""

    desk: Desk
    unit: CourseUnit

    @property
    def course(self) -> Course:
        """The course the unit belongs to."""
        return self.desk.course


def the_desk(key: str) -> Desk | None:
    """Find the desk of a course."""
    return queries.desk(key)


def the_unit(key: str, unit_key: str) -> EditedUnit | None:
    """Find a unit of the version on the desk."""
    desk = queries.desk(key)
    units = queries.units_of(desk.version.id) if desk else []
    found = next((unit for unit in units if unit.key == unit_key), None)
    return EditedUnit(desk, found) if desk and found else None


def the_activity(key: str, activity_key: str) -> EditedActivity | None:
    """Find an activity of the version on the desk."""
    return queries.edited_activity(key, activity_key)
