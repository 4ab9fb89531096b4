"""Seats: how many people an organisation may have at once. Everyone invited or active takes one, the suspended none."""

from datetime import datetime

from sqlalchemy import func, select

from academy.accounts.models import Organisation, Person
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import Grouped, _, _l, ngettext

MOST = 100_000


class NoSeatLeft(Conflict):
    """More people would be in an organisation than its seats allow."""

    sentence = _l(
        "All seats of this organisation are taken: %(taken)s of %(seats)s. End a membership first, or ask the academy for more."
    )


class TooFewSeats(NoSeatLeft):
    """Several people together need more seats than are free."""

    def for_reader(self) -> str:
        """Return how many are needed and how many are free."""
        count, taken, seats = (int(str(self.values[name])) for name in ("count", "taken", "seats"))
        needed = ngettext("The new people need %(num)s seat.", "The new people need %(num)s seats.", count)
        free = max(0, seats - taken)
        left = ngettext(
            "Of %(seats)s seats %(num)s is free.", "Of %(seats)s seats %(num)s are free.", free, seats=Grouped(seats)
        )
        return " ".join((needed, left, _("End memberships first, or ask the academy for more.")))


def short_of_seats(organisation: Organisation | None, count: int) -> NoSeatLeft | None:
    """Return why so many more people cannot come into an organisation at present; None when they can."""
    if organisation is None or organisation.seats is None or count < 1:
        return None
    taken, seats = seats_taken(organisation.id), organisation.seats
    if taken + count <= seats:
        return None
    if count == 1:
        return NoSeatLeft(taken=taken, seats=seats)
    return TooFewSeats(count=count, taken=taken, seats=seats)


def take_seats(organisation_id: int, count: int = 1) -> None:
    """Hold an organisation until the end of the transaction and refuse more people than it has seats for."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.seats is None or count < 1:
        return
    if refusal := short_of_seats(lock(Organisation, organisation_id), count):
        raise refusal


def seats_taken(organisation_id: int) -> int:
    """Return how many people of an organisation are invited or active."""
    query = select(func.count()).where(Person.organisation_id == organisation_id, Person.state != "suspended")
    return db.session.scalar(query) or 0


def set_seats(organisation: Organisation, seats: int | None, *, at: datetime, actor_id: int | None) -> None:
    """Say how many people an organisation may have; None is no limit. Fewer than are there keeps everybody and admits nobody."""
    if seats is not None and not 0 < seats <= MOST:
        raise Invalid(_l("Enter a number from 1 to 100,000, or nothing for no limit."), field="seats")
    lock(Organisation, organisation.id)
    before = organisation.seats
    if seats == before:
        return
    organisation.seats = seats
    db.session.flush()
    audit.record(
        "accounts:organisation:seats", at=at, actor_id=actor_id,
        subject=("organisation", organisation.id, organisation.name.show("ar")), organisation_id=organisation.id,
        before={"seats": before}, after={"seats": seats},
    )  # fmt: skip
