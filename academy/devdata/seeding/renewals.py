"""How the certificates of the foundations are renewed, and two veterans who have begun."""

from datetime import datetime, timedelta

from academy.catalogue.models import Course
from academy.credentials import services_of_renewal as renewing
from academy.credentials.queries_of_renewal import current_certificate
from academy.credentials.rules_of_renewal import Terms
from academy.devdata.seeding.cast import Cast

DAY = timedelta(days=1)


def load_renewals(cast: Cast, courses: dict[str, Course], *, now: datetime) -> None:
    """Open the renewal of the foundations sixty days before the last day; two of those whose certificates end begin."""
    course = courses["cx-foundations"]
    renewing.change_terms(
        course, Terms(window_days=60, reminders=(60, 30, 7)), actor_id=cast.demo["admin"].id, label=course.key, at=now - 30 * DAY
    )  # fmt: skip
    for place, person in enumerate(cast.staff[:2]):
        if (held := current_certificate(person.id, course.id)) is not None:
            renewing.renew(held.id, by_id=person.id, at=now - (3 + place) * DAY)
