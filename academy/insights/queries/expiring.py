"""Certificates of programmes of a team that end soon; those of courses stand with their places in the follow-up."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import Certificate
from academy.credentials.queries import is_current
from academy.credentials.queries_of_programmes import renewal_of_programme
from academy.insights.queries.figures import expiring_on
from academy.insights.queries.searching import named
from academy.learning.models import PUBLISHED, Programme, ProgrammeVersion
from academy.learning.models.renewals import RENEWING

MOST_ENDING = 100


@dataclass(frozen=True, slots=True)
class EndingRow:
    """Somebody's certificate of a programme, its last day, and whether they are renewing it."""

    person_id: int
    name: LocalizedText
    programme_key: str
    programme_id: int
    programme: LocalizedText
    ends_on: date
    renewing: bool


def programmes_ending(people: ColumnElement[bool], *, today: date, terms: list[str]) -> list[EndingRow]:
    """Return the certificates of programmes of a team that end within sixty days, the first to end first (one statement)."""
    query = (
        select(
            Person.id, Person.name, Programme.key, Programme.id.label("programme_id"), ProgrammeVersion.title,
            Certificate.expires_on, renewal_of_programme(RENEWING).label("renewing"),
        )
        .select_from(Certificate)
        .join(Person, Person.id == Certificate.holder_id)
        .join(Programme, Programme.id == Certificate.programme_id)
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(people, ProgrammeVersion.state == PUBLISHED, is_current(), expiring_on(today), *named(terms))
        .order_by(Certificate.expires_on, Certificate.id)
        .limit(MOST_ENDING)
    )  # fmt: skip
    rows = db.session.execute(query)
    return [
        EndingRow(row.id, row.name, row.key, row.programme_id, row.title, row.expires_on, bool(row.renewing))
        for row in rows
    ]
