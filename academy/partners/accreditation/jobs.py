"""Background work of accreditation: the daily check of what was granted, fresh readings of what is applied for, drawing certificates."""

from datetime import date, timedelta

from academy.base import clock
from academy.base.db import settle
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.partners.accreditation import drawing, queries, services


@job("accreditation.look", _l("Find accreditations to check"), every=timedelta(days=1))
def look() -> None:
    """Queue the checks of the day, one job an accreditation and one an open application."""
    day = clock.today()
    for accreditation_id in queries.standing_accreditations(day):
        key = f"accreditation.check:{accreditation_id}:{day.isoformat()}"
        enqueue("accreditation.check", unique_key=key, accreditation_id=accreditation_id, day=day.isoformat())
    for application_id in queries.open_applications():
        key = f"accreditation.read:{application_id}:{day.isoformat()}"
        enqueue("accreditation.read", unique_key=key, application_id=application_id)


@job("accreditation.check", _l("Check whether an accreditation still holds"))
def check(accreditation_id: int, day: str) -> None:
    """Open, bear and heal breaches, suspend and restore, and remind of the end.

    Tried again on a later day, it looks at that day: what has followed meanwhile is not judged by a day that is over.
    """
    on = max(date.fromisoformat(day), clock.today())
    services.check(accreditation_id, on, at=clock.now())
    services.remind(accreditation_id, on, at=clock.now())


@job("accreditation.read", _l("Read the criteria of an application for accreditation anew"))
def read(application_id: int) -> None:
    """Keep the readings of an application up to date as long as it is not before the committee."""
    row = queries.application(application_id)
    if row is not None and row.state in ("draft", "submitted"):
        services.refresh(row, at=clock.now())


@job("accreditation.draw", _l("Draw the certificate of an accreditation"))
def draw(accreditation_id: int) -> None:
    """Draw and keep the certificate, so that every download only reads it."""
    row = queries.accreditation(accreditation_id)
    if row is not None:
        settle()
        services.PAPERS.note(accreditation_id, drawing.paper(row), at=clock.now())
