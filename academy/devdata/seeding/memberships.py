"""Somebody who belongs to the agency and advises a partner: one sign-in, another course in each."""

from datetime import datetime, timedelta

from academy.accounts import services as accounts
from academy.accounts.models import Account, Person
from academy.base.dates import riyadh_day
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.devdata import accounts as demo
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.readiness import READINESS
from academy.learning import services as learning

DAY = timedelta(days=1)
ADVISER = LocalizedText("مستشارة جودة الخدمة", "Service quality adviser")


def load_memberships(cast: Cast, courses: dict[str, Course], *, now: datetime) -> None:
    """Add the person to the agency, then let the second partner invite the same address and the owner join."""
    head, partner = cast.heads["customer-experience"], cast.partners[1]
    home = _invited(head, head.organisation_id, head.org_unit_id, at=now - 60 * DAY)
    accounts.set_password(home, demo.BOTH.password)
    home.state = "active"
    accounts.note_places([home.id], now - 60 * DAY)
    account: Account | None = home.account
    assert account is not None
    adviser = _invited(cast.heads[partner.key], partner.id, None, at=now - 20 * DAY)
    token = accounts.invite(adviser, at=now - 20 * DAY, actor_id=cast.demo["admin"].id)
    accounts.join(token, account, at=now - 19 * DAY)
    learning.enrol(home.id, courses[READINESS].id, at=now - 8 * DAY)
    due = riyadh_day(now) + 14 * DAY
    course = courses["cx-foundations"].id
    learning.assign(course, [adviser.id], by_id=cast.heads[partner.key].id, due_on=due, at=now - 5 * DAY)


def _invited(head: Person, organisation_id: int, org_unit_id: int | None, *, at: datetime) -> Person:
    details = accounts.PersonDetails(
        email=demo.BOTH.email, name=demo.BOTH.name, job_title=ADVISER, org_unit_id=org_unit_id, manager_id=head.id
    )
    return accounts.create_person(details, organisation_id=organisation_id, at=at)
