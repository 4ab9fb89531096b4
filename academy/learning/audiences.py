"""The conditions that learning itself knows: unit, job title, entry date, a list of people."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, type_coerce

from academy.accounts.models import OrgUnit, Person
from academy.accounts.policies import people_of_units
from academy.base.db import JSONDocument, db
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.learning.kinds import AudienceKind, Choices, add_audience
from academy.learning.rules.duties import Condition

MOST_TITLES = 300


def _in_units(condition: Condition, today: date) -> ColumnElement[bool]:
    return people_of_units(condition.ids) if condition.ids else false()


def _units(organisation_id: int) -> Choices:
    query = select(OrgUnit.id, OrgUnit.name, OrgUnit.path).where(
        OrgUnit.organisation_id == organisation_id, OrgUnit.active
    )
    rows = sorted(db.session.execute(query), key=lambda row: [int(step) for step in row.path.strip("/").split("/")])
    return [(str(row.id), row.name) for row in rows]


def _unit_names(values: Iterable[str]) -> list[LocalizedText]:
    ids = Condition("unit", tuple(values)).ids
    return list(db.session.scalars(select(OrgUnit.name).where(OrgUnit.id.in_(ids)).order_by(OrgUnit.id)))


def _title_in(language: str) -> Any:
    return type_coerce(Person.job_title, JSONDocument)[language].as_string()


def _titled(condition: Condition, today: date) -> ColumnElement[bool]:
    either = or_(_title_in("ar").in_(condition.values), _title_in("en").in_(condition.values))
    return and_(Person.job_title.is_not(None), either)


def _titles(organisation_id: int) -> Choices:
    arabic, english = _title_in("ar"), _title_in("en")
    query = select(arabic.label("ar"), english.label("en")).where(
        Person.organisation_id == organisation_id, Person.job_title.is_not(None)
    )
    rows = db.session.execute(query.distinct().order_by("ar", "en").limit(MOST_TITLES))
    found = [LocalizedText(row.ar or "", row.en or "") for row in rows]
    return list({title.ar or title.en: title for title in found if title}.items())[:MOST_TITLES]


def _as_titles(values: Iterable[str]) -> list[LocalizedText]:
    return [LocalizedText.of(value) for value in values]


def _joined_within(condition: Condition, today: date) -> ColumnElement[bool]:
    return Person.joined_on > today - timedelta(days=condition.number or 0)


def _joined_before(condition: Condition, today: date) -> ColumnElement[bool]:
    return Person.joined_on <= today - timedelta(days=condition.number or 0)


def _named(condition: Condition, today: date) -> ColumnElement[bool]:
    return Person.id.in_(condition.ids)


add_audience(
    AudienceKind(
        "unit", _l("Organisational units, with their sub-units"), _l("Organisational unit: %(names)s"),
        _in_units, _units, _unit_names, order=10,
    )
)  # fmt: skip
add_audience(
    AudienceKind("job_title", _l("Job titles"), _l("Job title: %(names)s"), _titled, _titles, _as_titles, order=20)
)
add_audience(
    AudienceKind(
        "joined_within", _l("Entered the organisation recently"),
        _l("Days since entering the organisation: at most %(number)s"), _joined_within,
        asks_values=False, asks_number=True, number_label=_l("Entered in the last (days)"), order=40,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "joined_before", _l("Entered the organisation some time ago"),
        _l("Days since entering the organisation: at least %(number)s"), _joined_before,
        asks_values=False, asks_number=True, number_label=_l("Entered at least (days) ago"), order=41,
    )
)  # fmt: skip
add_audience(AudienceKind("people", _l("People by name"), _l("Named in the rule"), _named, order=90))
