"""Hours of continuing education: what was credited by year or in a period, and what it came from, as a page and as a file."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import PersonPanel, add_person_panel
from academy.accounts.models import Person
from academy.accounts.queries import person as the_person
from academy.base import clock
from academy.base.access import allowed
from academy.base.dates import year_of
from academy.base.i18n import _, current_language, direction
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.learning.forms_of_hours import PeriodForm
from academy.learning.policies_of_hours import SEE_CREDITS
from academy.learning.queries.ledger import Credit, credits_of
from academy.learning.routes.blueprints import bp
from academy.learning.rules.credits import CALENDARS, NOTHING, by_year, usual_calendar
from academy.web.access import requires
from academy.web.filters import calendar
from academy.web.identity import actor


@bp.get("/people/<int:person_id>/credited-hours")
@requires(SEE_CREDITS, find=the_person)
def credited_hours(person: Person) -> ResponseReturnValue:
    """Show what was credited to somebody, by year and in the period asked for."""
    found, form = _asked(person)
    shown = [each for each in found if form.period.holds(each.on)]
    page = render_template(
        "learning/credited.html", person=person, own=person.id == actor().person_id, form=form, found=found, shown=shown,
        total=sum((each.hours for each in shown), NOTHING), years=by_year(found, form.calendar.data),
        year_name=form.year_name, asked={name: value for name, value in request.args.items() if name in form.data and value},
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/people/<int:person_id>/credited-hours.csv")
@requires(SEE_CREDITS, find=the_person)
def credited_csv(person: Person) -> ResponseReturnValue:
    """Give the same as a CSV file."""
    lines = write_csv(_header(), _lines(person))
    return Response(lines, mimetype="text/csv; charset=utf-8", headers=_named("csv"))


@bp.get("/people/<int:person_id>/credited-hours.xlsx")
@requires(SEE_CREDITS, find=the_person)
def credited_xlsx(person: Person) -> ResponseReturnValue:
    """Give the same as an XLSX file."""
    right_to_left = direction(current_language()) == "rtl"
    book = write_xlsx(_header(), _lines(person), sheet=_("Credited hours"), right_to_left=right_to_left)
    return Response(book, mimetype=XLSX, headers=_named("xlsx"))


def _asked(person: Person) -> tuple[list[Credit], PeriodForm]:
    form = PeriodForm(formdata=request.args, meta={"csrf": False})
    if form.calendar.data not in CALENDARS:
        form.calendar.data = usual_calendar(calendar(), current_language())
    found = credits_of(person.id)
    numbers = {year_of(each.on, form.calendar.data) for each in found} | {year_of(clock.today(), form.calendar.data)}
    form.offer(sorted(numbers, reverse=True))
    form.validate()
    return found, form


def _header() -> list[str]:
    return [
        _("Name"), _("Course"), _("Issued by"), _("Round"), _("Completed on"), _("Hijri year"), _("Credited hours"),
    ]  # fmt: skip


def _lines(person: Person) -> list[list[object]]:
    found, form = _asked(person)
    language = current_language()
    return [
        [
            person.name.show(language), each.title.show(language), each.giver.show(language), each.cycle, each.on,
            year_of(each.on, "hijri"), each.hours,
        ]
        for each in found
        if form.period.holds(each.on)
    ]  # fmt: skip


def _named(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename=credited-hours-{clock.today().isoformat()}.{ending}"}


def _panel(person_id: int, own: bool) -> PersonPanel | None:
    who = the_person(person_id)
    if own or who is None or not allowed(SEE_CREDITS, actor(), who):
        return None
    note = _("The hours of continuing education credited by year, with what they came from.")
    url = url_for("learning.credited_hours", person_id=person_id)
    return PersonPanel(_("Credited hours"), nothing=note, url=url, link=_("Open"))


add_person_panel(_panel)
