"""Reported messages, for the administrators of the organisation of their authors."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.messages import policies, queries, services
from academy.messages.forms import DecisionForm
from academy.messages.kinds import OUTCOME_NAMES, REASON_NAMES
from academy.messages.models import MessageReport, MessageStop
from academy.messages.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

name_act(policies.DECIDE, _l("Reported message decided"))
name_act(policies.LIFT, _l("Writing allowed again"))
navigation.enter("admin", 48, _l("Reported messages"), "messages.reports", "flag", policies.LIST_REPORTS)


@bp.get("/admin/message-reports")
@requires(policies.LIST_REPORTS)
def reports() -> ResponseReturnValue:
    """List the reports that wait, or those that were decided."""
    decided = request.args.get("state") == "decided"
    page = paginate(queries.reports(actor(), decided=decided))
    return render_template(
        "messages/reports.html", page=page, decided=decided, reasons=REASON_NAMES, outcomes=OUTCOME_NAMES,
        section_navigation=navigation.menu("admin"),
    )  # fmt: skip


@bp.route("/admin/message-reports/<int:message_report_id>", methods=["GET", "POST"])
@requires(policies.DECIDE, find=queries.report)
def decide_report(row: MessageReport) -> ResponseReturnValue:
    """Show the reported message with the two before it, and decide."""
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            services.decide(
                row, form.outcome.data, answer=form.answer.data or "", stop_until=form.stop_until.data,
                actor_id=actor().person_id, at=clock.now(), today=clock.today(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The report is decided. Both are told."), "ok")
            return redirect(url_for(".reports"))
    people = queries.people_of(row)
    shown = render_template(
        "messages/decide.html", row=row, form=form, excerpt=queries.excerpt(row), author=people[row.author_id],
        reporter=people[row.reporter_id], decider=people.get(row.decided_by_id or 0), reasons=REASON_NAMES,
        outcomes=OUTCOME_NAMES, stop=queries.stop_on(row.author_id, today=clock.today()),
        section_navigation=navigation.menu("admin"),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/admin/message-stops/<int:message_stop_id>/lift")
@requires(policies.LIFT, find=queries.stop)
def lift_stop(row: MessageStop) -> ResponseReturnValue:
    """Let somebody write again before the day is over."""
    try:
        services.lift(row, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(_("This person may write again."), "ok")
    return redirect(url_for(".reports", state="decided"))
