"""The calendar of an organisation, kept by its administrators: days of rest, holidays, shorter hours."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.accounts.policies import MANAGE_PEOPLE, organisations_administered
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l, ngettext
from academy.learning import policies
from academy.learning.forms_of_calendars import WEEKDAYS, HolidayListForm, entry_form, week_form
from academy.learning.models import HOLIDAY, SHORT_HOURS, CalendarEntry
from academy.learning.queries import working_days as queries
from academy.learning.routes.blueprints import bp
from academy.learning.services import working_days as services
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import in_digits
from academy.web.forms import AcademyForm
from academy.web.identity import actor

name_act(services.ACT, _l("Working days changed"))
navigation.enter("admin", 24, _l("Working days"), "learning.calendars_of_work", "calendar-days", MANAGE_PEOPLE)


@bp.get("/admin/working-days")
@requires(MANAGE_PEOPLE)
def calendars_of_work() -> ResponseReturnValue:
    """List the organisations whose calendars the visitor keeps; a single one is opened."""
    owners = queries.calendar_owners(organisations_administered(actor()))
    if len(owners) == 1:
        return redirect(url_for(".working_days", organisation_id=owners[0][0]))
    return render_template(
        "learning/working_days/list.html", owners=owners, section_navigation=navigation.menu("admin")
    )


@bp.route("/admin/working-days/<int:organisation_id>", methods=["GET", "POST"])
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_owner)
def working_days(organisation: Organisation) -> ResponseReturnValue:
    """Show the calendar of an organisation, and change its week."""
    page = queries.calendar_page(organisation.id)
    form = week_form(page)

    def save() -> None:
        opens, closes = form.hours()
        services.set_work_week(
            organisation.id, weekend=form.weekend.data or [], opens=opens, closes=closes, actor_id=actor().person_id,
            at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and _done(form, save, _("The working week has been saved.")):
        return redirect(url_for(".working_days", organisation_id=organisation.id))
    return _page("calendar", organisation, form, page=page, weekdays=WEEKDAYS, today=clock.today())


@bp.route("/admin/working-days/<int:organisation_id>/holidays/new", methods=["GET", "POST"])
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_owner)
def new_holiday(organisation: Organisation) -> ResponseReturnValue:
    """Add a holiday."""
    return _add(organisation, HOLIDAY)


@bp.route("/admin/working-days/<int:organisation_id>/short-hours/new", methods=["GET", "POST"])
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_owner)
def new_short_hours(organisation: Organisation) -> ResponseReturnValue:
    """Add a time of shorter hours."""
    return _add(organisation, SHORT_HOURS)


def _add(organisation: Organisation, kind: str) -> ResponseReturnValue:
    form = entry_form(kind)

    def save() -> None:
        services.add_entry(organisation.id, form.details(), actor_id=actor().person_id, at=clock.now())

    if form.validate_on_submit() and _done(form, save, _("The calendar has been changed.")):
        return redirect(url_for(".working_days", organisation_id=organisation.id))
    return _page("entry", organisation, form, kind=kind, entry=None)


@bp.route("/admin/working-days/entries/<int:entry_id>", methods=["GET", "POST"])
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_entry)
def calendar_entry(entry: CalendarEntry) -> ResponseReturnValue:
    """Change a holiday or a time of shorter hours."""
    form = entry_form(entry.kind, entry)

    def save() -> None:
        services.change_entry(entry, form.details(), actor_id=actor().person_id, at=clock.now())

    if form.validate_on_submit() and _done(form, save, _("The calendar has been changed.")):
        return redirect(url_for(".working_days", organisation_id=entry.organisation_id))
    return _page("entry", queries.calendar_owner(entry.organisation_id), form, kind=entry.kind, entry=entry)


@bp.post("/admin/working-days/entries/<int:entry_id>/remove")
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_entry)
def remove_calendar_entry(entry: CalendarEntry) -> ResponseReturnValue:
    """Take an entry out of the calendar."""
    organisation_id = entry.organisation_id
    services.remove_entry(entry, actor_id=actor().person_id, at=clock.now())
    flash(_("The calendar has been changed."), "ok")
    return redirect(url_for(".working_days", organisation_id=organisation_id))


@bp.route("/admin/working-days/<int:organisation_id>/import", methods=["GET", "POST"])
@requires(policies.KEEP_WORKING_DAYS, find=queries.calendar_owner)
def import_holidays(organisation: Organisation) -> ResponseReturnValue:
    """Take in a small list of holidays."""
    form = HolidayListForm()
    if form.validate_on_submit():
        try:
            added, left = services.import_holidays(
                organisation.id, form.lines.data or "", actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(
                in_digits(ngettext("%(num)d holiday has been added.", "%(num)d holidays have been added.", added)), "ok"
            )
            if left:
                flash(in_digits(ngettext("%(num)s was there already.", "%(num)s were there already.", left)), "info")
            return redirect(url_for(".working_days", organisation_id=organisation.id))
    return _page("import", organisation, form)


def _done(form: AcademyForm, save: Callable[[], None], said: str) -> bool:
    """Save; put a refusal next to its field. Returns whether it was saved."""
    try:
        save()
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    flash(said, "ok")
    return True


def _page(name: str, organisation: Organisation | None, form: AcademyForm, **more: object) -> ResponseReturnValue:
    page = render_template(
        f"learning/working_days/{name}.html",
        organisation=organisation,
        form=form,
        section_navigation=navigation.menu("admin"),
        **more,
    )
    return page, 422 if form.errors else 200
