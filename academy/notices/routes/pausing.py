"""Around which prayers letters wait, for the administrators of each organisation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.accounts.policies import MANAGE_PEOPLE, organisations_administered
from academy.base import clock
from academy.base.dates import RIYADH
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.prayers import Pauses
from academy.notices import policies, services
from academy.notices import queries_of_prayers as queries
from academy.notices.forms_of_prayers import pauses_form
from academy.notices.kinds_of_places import CITY_NAMES, METHOD_NAMES, PRAYER_NAMES
from academy.notices.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

name_act(policies.KEEP_PRAYER_PAUSES, _l("Letters around the prayers changed"))
navigation.enter("admin", 46, _l("Letters and prayers"), "notices.prayer_pauses", "clock", MANAGE_PEOPLE)


@bp.get("/admin/prayer-pauses")
@requires(MANAGE_PEOPLE)
def prayer_pauses() -> ResponseReturnValue:
    """List the organisations that the visitor looks after; a single one is opened."""
    rows = queries.organisations(organisations_administered(actor()))
    if len(rows) == 1:
        return redirect(url_for(".prayer_pause", organisation_id=rows[0][0]))
    return render_template("notices/prayer_pauses.html", rows=rows, section_navigation=navigation.menu("admin"))


def _shown(pauses: Pauses) -> list[tuple[str, ...]]:
    """Return the windows of today as they are shown: the prayer, its time, from when and until when letters wait."""
    return [
        (
            str(PRAYER_NAMES[each.prayer]),
            *(f"{at.astimezone(RIYADH):%H:%M}" for at in (each.at, each.begins, each.ends)),
        )
        for each in pauses.on(clock.today())
    ]


@bp.route("/admin/prayer-pauses/<int:organisation_id>", methods=["GET", "POST"])
@requires(policies.KEEP_PRAYER_PAUSES, find=queries.organisation)
def prayer_pause(organisation: Organisation) -> ResponseReturnValue:
    """Show when letters wait today for an organisation's people, and change it."""
    row = queries.pause(organisation.id)
    form = pauses_form(row)
    if form.validate_on_submit():
        try:
            services.set_pauses(organisation, form.wish(), actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".prayer_pause", organisation_id=organisation.id))
    shown = render_template(
        "notices/prayer_pause.html", organisation=organisation, form=form, row=row, windows=_shown(queries.said(row)), city=CITY_NAMES[row.place], method=METHOD_NAMES[row.method], today=clock.today(),
        section_navigation=navigation.menu("admin"),
    )  # fmt: skip
    return shown, 422 if form.errors else 200
