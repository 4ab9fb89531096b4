"""Compliance at a date: totals by unit, the matrix of people and duties, the rows behind a figure, and files of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_

from academy.accounts.policies import people_managed
from academy.base import clock
from academy.base.access import Actor
from academy.base.arabic import search_terms
from academy.base.dates import parse_day, riyadh_day
from academy.base.db import db
from academy.base.errors import NotFound
from academy.base.i18n import _, _l, current_language
from academy.base.text import clean_line
from academy.insights import policies, queries
from academy.insights.queries import LedUnit, compliance
from academy.insights.queries.compliance import Moment, Total, Units
from academy.insights.queries.searching import named
from academy.insights.routes.blueprints import bp
from academy.insights.routes.files import given
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

STATUS_NAMES = {
    compliance.COMPLIANT: _l("Compliant"), compliance.EXEMPTED: _l("Exempted"), compliance.OVERDUE: _l("Overdue"), compliance.EXPIRED: _l("Expired"),
    compliance.DUE: _l("Due"), compliance.NOT_ASKED: _l("Not asked"),
}  # fmt: skip
LONGEST, BATCH = 200, 500


@dataclass(frozen=True, slots=True)
class AskedDay:
    """What an address asks for: the day, the unit with its sub-units, words, one status, one course, one place (the unit
    where people stood then, without those below it; 0 is in none)."""

    when: Moment
    typed: str
    wrong: str
    units: list[LedUnit]
    unit: LedUnit | None
    words: str
    status: str
    course_id: int
    place: int | None

    @property
    def unit_ids(self) -> Units:
        """The unit asked for with those below it; None for everybody."""
        return None if self.unit is None else queries.below(self.unit)

    def parts(self, **changed: Any) -> dict[str, Any]:
        """Return the parts of an address that asks for the same, with some of them changed; empty ones left out."""
        own = {
            "on": self.when.day.isoformat(), "unit": self.unit.key if self.unit else "", "q": self.words,
            "status": self.status, "course": self.course_id, "place": None if self.place is None else str(self.place),
        }  # fmt: skip
        return {name: value for name, value in {**own, **changed}.items() if value}


def asked_day(visitor: Actor) -> AskedDay:
    """Read what is asked for; raises NotFound for a unit that is not the visitor's. A day that has not come is today."""
    typed, units = clean_line(request.args.get("on", ""))[:40], queries.units_led(visitor)
    key = clean_line(request.args.get("unit", ""))[:40]
    unit = next((one for one in units if one.key == key), None)
    if key and unit is None:
        raise NotFound
    today, day = clock.today(), parse_day(typed) if typed else None
    wrong = ""
    if typed and day is None:
        wrong = _("Enter a day such as 2027-03-01 or 12/9/1448.")
    elif day is not None and day > today:
        day, wrong = None, _("This day has not come yet. Today is shown.")
    status, course, place = request.args.get("status", ""), _number("course"), _number("place")
    return AskedDay(
        compliance.end_of(day or today, now=clock.now()), typed, wrong, units, unit,
        clean_line(request.args.get("q", ""))[:LONGEST], status if status in compliance.STATUSES else "",
        course or 0, place,
    )  # fmt: skip


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _people(visitor: Actor, ask: AskedDay) -> ColumnElement[bool]:
    """Whom the visitor may see today and has asked for by name; whether they counted on the day is told by the history."""
    return and_(people_managed(visitor, alone=True), *named(search_terms(ask.words)))


@bp.get("/team/compliance")
@requires(policies.LEAD_TEAM)
def compliance_at() -> ResponseReturnValue:
    """Show who was compliant on a day."""
    ask = asked_day(actor())
    people = _people(actor(), ask)
    found = compliance.totals(people, ask.when, ask.unit_ids)
    courses = compliance.titles(sorted({total.course_id for total in found}))
    query = compliance.standing_query(people, ask.when, ask.unit_ids)
    rows, number, count = queries.one_page(query, size=SIZE, number=asked_page())
    return render_template(
        "insights/compliance.html",
        ask=ask,
        units=[
            ("", _("Everyone below me")),
            *((unit.key, "\u2003" * unit.depth + plain(unit.name)) for unit in ask.units),
        ],
        courses=courses,
        by_unit=_by_unit(found),
        by_course=_counts([(total.course_id, total) for total in found]),
        whole=_counts([(0, total) for total in found]).get(0, {}),
        rows=compliance.matrix(rows, ask.when) if rows else [],
        page=Page(rows, number, max(1, -(-count // SIZE)), count),
        names=STATUS_NAMES,
        statuses=compliance.STATUSES,
        labels=[str(STATUS_NAMES[status]) for status in compliance.STATUSES],
    )


@bp.get("/team/compliance/duties")
@requires(policies.LEAD_TEAM)
def compliance_rows() -> ResponseReturnValue:
    """Show the single duties behind a figure."""
    ask = asked_day(actor())
    rows, number, count = queries.one_page(_duties(ask), size=SIZE, number=asked_page())
    place = compliance.name_of_place(_people(actor(), ask), ask.when, ask.place) if ask.place else None
    return render_template(
        "insights/compliance_rows.html", ask=ask, rows=[compliance.duty_of(row) for row in rows], names=STATUS_NAMES,
        place=plain(place) if place else _("No unit") if ask.place == 0 else "",
        page=Page(rows, number, max(1, -(-count // SIZE)), count),
    )  # fmt: skip


@bp.get("/team/compliance/export.<kind>")
@requires(policies.EXPORT)
def export_compliance(kind: str) -> ResponseReturnValue:
    """Give the duties asked for as a CSV or XLSX file."""
    ask = asked_day(actor())
    words = " · ".join(filter(None, (ask.when.day.isoformat(), ask.words)))
    name = f"compliance-{ask.when.day.isoformat()}"
    return given(
        kind, name, _("Compliance"), _header(), _lines(ask), scope=ask.unit.key if ask.unit else "all", words=words
    )


def _duties(ask: AskedDay) -> Any:
    return compliance.duty_rows(
        _people(actor(), ask), ask.when, ask.unit_ids, status=ask.status, course_id=ask.course_id, place=ask.place
    )


def _header() -> list[str]:
    return [
        _("As of the end of"), _("Name"), _("E-mail"), _("Employee number"), _("Unit on that day"), _("Course code"), _("Course"),
        _("State"), _("Due on"), _("Completed on"), _("Certificate number"), _("Valid until"),
    ]  # fmt: skip


def _lines(ask: AskedDay) -> Iterator[list[object]]:
    language, names = current_language(), {key: str(name) for key, name in STATUS_NAMES.items()}
    for row in db.session.execute(_duties(ask).execution_options(yield_per=BATCH)):
        duty = compliance.duty_of(row)
        yield [
            ask.when.day, duty.name.show(language), duty.email, duty.employee_number,
            duty.unit.show(language) if duty.unit else None, duty.course_code, duty.course.show(language),
            names[duty.status], duty.due_on, riyadh_day(duty.completed_at) if duty.completed_at else None,
            duty.certificate, duty.valid_until,
        ]  # fmt: skip


def _counts(found: Sequence[tuple[int | None, Total]]) -> dict[int | None, dict[str, int]]:
    counted: dict[int | None, dict[str, int]] = {}
    for key, total in found:
        counts = counted.setdefault(key, dict.fromkeys(compliance.STATUSES, 0))
        counts[total.status] += total.count
    return counted


def _by_unit(found: Sequence[Total]) -> list[tuple[int, Any, dict[str, int]]]:
    names = {total.unit_id: total.unit for total in found}
    counted = _counts([(total.unit_id, total) for total in found])
    return sorted(
        ((unit or 0, names[unit], counts) for unit, counts in counted.items()),
        key=lambda line: plain(line[1]) if line[1] else "\uffff",
    )
