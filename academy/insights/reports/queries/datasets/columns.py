"""What datasets are made of: columns with their meaning, rows with their person, and the words of places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, case, func, type_coerce
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.queries_of_administration import UNINVITED
from academy.base.db import JSONDocument
from academy.base.i18n import _l
from academy.competencies.models import PersonRequirement, Requirement
from academy.insights.reports.rules import kinds

Boss = aliased(Person, name="boss")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, of which kind, what it means, in which unit, and how it is read on a given day.

    `choices` are the codes of a choice with their words. Texts in two languages are of the kind `name`. `adds_up` says
    whether a sum over rows means anything: minutes do, the number of a cycle does not.
    """

    key: str
    kind: str
    label: Any
    meaning: Any
    of: Callable[[date], Any]
    unit: Any = ""
    choices: Mapping[str, Any] = field(default_factory=dict)
    adds_up: bool = True
    score: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """A documented table: what one row is, its columns, where they come from and the filters that always hold.

    Every row has its person: the rights of the reader are a filter on Person, put in by `running` alone.
    """

    key: str
    label: Any
    row: Any
    columns: tuple[Column, ...]
    source: Callable[[], FromClause]
    row_id: Any
    usual: tuple[str, ...]
    always: Callable[[], tuple[ColumnElement[bool], ...]] = tuple

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each column."""
        return {column.key: column.kind for column in self.columns}

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The codes of each choice."""
        return {column.key: tuple(column.choices) for column in self.columns if column.choices}

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


def plain(expression: Any) -> Callable[[date], Any]:
    """Read a column that does not depend on the day."""
    return lambda _today: expression


def half(expression: Any, language: str) -> ColumnElement[str]:
    """Return one language of a text in two languages."""
    return type_coerce(expression, JSONDocument)[language].as_string()


def halves(expression: Any) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Return the Arabic and the English of a text in two languages; a pair of expressions is one already."""
    return expression if isinstance(expression, tuple) else (half(expression, "ar"), half(expression, "en"))


def shown(expression: Any, language: str) -> ColumnElement[str]:
    """Return a text as a reader of the language is shown it: theirs, or the other one when theirs is empty."""
    arabic, english = halves(expression)
    mine, other = (english, arabic) if language == "en" else (arabic, english)
    return func.coalesce(func.nullif(mine, ""), other, type_=String)


def percent(part: Any, whole: Any) -> Any:
    """Return a share as a percentage, nothing where there is no whole."""
    return case((whole > 0, part * 100.0 / whole))


def flag(condition: ColumnElement[bool]) -> Callable[[date], Any]:
    """Read a condition as yes or no."""
    return lambda _today: case((condition, True), else_=False)


PERSON_STATES = {
    UNINVITED: _l("Not invited yet"),
    "invited": _l("Invited"),
    "active": _l("Active"),
    "suspended": _l("Suspended"),
}

NAME = Column("person", kinds.NAME, _l("Person"), _l("The name of the person the row is about."), plain(Person.name))
ABOUT_PERSON = (
    NAME,
    Column("email", kinds.TEXT, _l("E-mail"), _l("The address the person signs in with."), plain(Person.email)),
    Column(
        "employee_number", kinds.TEXT, _l("Employee number"), _l("The number the organisation gave the person."),
        plain(Person.employee_number),
    ),
    Column(
        "organisation", kinds.NAME, _l("Organisation"), _l("The organisation the person belongs to now."), plain(Organisation.name)
    ),
    Column("unit", kinds.NAME, _l("Department"), _l("The unit the person belongs to now."), plain(OrgUnit.name)),
    Column("manager", kinds.NAME, _l("Manager"), _l("The person's direct manager now."), plain(Boss.name)),
    Column("job", kinds.NAME, _l("Job title"), _l("The person's job title now."), plain(Person.job_title)),
)  # fmt: skip


def with_person(source: Any) -> Any:
    """Join what every dataset says of a row's person; Person must be joined already."""
    return (
        source.join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(Boss, and_(Boss.id == Person.manager_id, Boss.organisation_id == Person.organisation_id))
    )


def with_role(source: Any) -> Any:
    """Join what is asked of a row's person: one requirement, however many role profiles and levels of their own it rests on."""
    asked = source.outerjoin(PersonRequirement, PersonRequirement.person_id == Person.id)
    return asked.outerjoin(Requirement, Requirement.id == PersonRequirement.requirement_id)
