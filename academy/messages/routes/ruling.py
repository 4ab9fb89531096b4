"""Who may write to whom, for the administrators of each organisation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import OrganisationPanel, add_organisation_panel, name_act
from academy.accounts.models import Organisation
from academy.accounts.policies import MANAGE_PEOPLE
from academy.accounts.queries_of_administration import choices_of_organisations, organisation
from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.messages import policies, queries, services
from academy.messages.forms import rules_form
from academy.messages.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import locked_from_me, requires
from academy.web.identity import actor

name_act(policies.RULE, _l("Rules of messages changed"))
navigation.enter("admin", 47, _l("Who writes to whom"), "messages.all_rules", "message-square", MANAGE_PEOPLE)


def _panel(house: Organisation) -> OrganisationPanel | None:
    """Say on an organisation's page where it is decided who writes to whom."""
    locked = locked_from_me(policies.RULE, house)
    if not locked and not allowed(policies.RULE, actor(), house):
        return None
    return OrganisationPanel(
        title=_("Who writes to whom"), note=_("Which of its people may write messages to each other, and how long these are kept."),
        url=url_for("messages.message_rules", organisation_id=house.id), link=_("Look at the rules"), locked=locked,
    )  # fmt: skip


add_organisation_panel(_panel)


@bp.get("/admin/message-rules")
@requires(MANAGE_PEOPLE)
def all_rules() -> ResponseReturnValue:
    """List the organisations that the visitor looks after; a single one is opened."""
    rows = choices_of_organisations(actor())
    if len(rows) == 1:
        return redirect(url_for(".message_rules", organisation_id=rows[0][0]))
    return render_template("messages/all_rules.html", rows=rows, section_navigation=navigation.menu("admin"))


@bp.route("/admin/message-rules/<int:organisation_id>", methods=["GET", "POST"])
@requires(policies.RULE, find=organisation)
def message_rules(house: Organisation) -> ResponseReturnValue:
    """Show and change what an organisation allows."""
    form = rules_form(queries.rules_of(house.id))
    if form.validate_on_submit():
        try:
            services.set_rules(
                house, form.ties(), shows_read=bool(form.shows_read.data), months=int(form.months.data or 0),
                actor_id=actor().person_id, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for(".message_rules", organisation_id=house.id))
    shown = render_template(
        "messages/rules.html", organisation=house, form=form, section_navigation=navigation.menu("admin")
    )
    return shown, 422 if form.errors else 200
