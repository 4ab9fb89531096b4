"""Certificates of a team that end soon and hang on no place; those of places stand with these in the follow-up."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import Certificate
from academy.credentials.queries import is_current
from academy.credentials.queries_of_programmes import renewal_of_programme
from academy.insights.queries.figures import expiring_on, hangs_on_no_place
from academy.insights.queries.searching import named
from academy.learning.models import PUBLISHED, Programme, ProgrammeVersion
from academy.learning.models.renewals import RENEWING

MOST_ENDING = 100


@dataclass(frozen=True, slots=True)
class EndingRow:
    """Somebody's certificate, its last day, and whether they are renewing it; `programme_key` is None without a programme that is open."""

    person_id: int
    name: LocalizedText
    programme_key: str | None
    title: LocalizedText
    ends_on: date
    renewing: bool


def others_ending(people: ColumnElement[bool], *, today: date, terms: list[str]) -> list[EndingRow]:
    """Return the certificates of a team that hang on no place and end within sixty days, the first to end first (one statement)."""
    published = and_(ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.state == PUBLISHED)
    query = (
        select(
            Person.id, Person.name, Programme.key, ProgrammeVersion.title, Certificate.facts, Certificate.expires_on,
            renewal_of_programme(RENEWING).label("renewing"),
        )
        .select_from(Certificate)
        .join(Person, Person.id == Certificate.holder_id)
        .outerjoin(Programme, Programme.id == Certificate.programme_id)
        .outerjoin(ProgrammeVersion, published)
        .where(people, hangs_on_no_place(), is_current(), expiring_on(today), *named(terms))
        .order_by(Certificate.expires_on, Certificate.id)
        .limit(MOST_ENDING)
    )  # fmt: skip
    return [
        EndingRow(
            row.id, row.name, row.key if row.title else None,
            row.title or LocalizedText(row.facts["title_ar"], row.facts["title_en"]), row.expires_on, bool(row.renewing),
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
