"""With whom a report is shared, when its reader gets it by letter, and the smallest group that reports show."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.queries_of_administration import choices_of_organisations
from academy.base import clock
from academy.base.access import ADMINISTRATOR
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l
from academy.insights.reports import naming, policies, reach, services
from academy.insights.reports.forms import ScheduleForm, ShareForm, ThresholdForm
from academy.insights.reports.models import Report
from academy.insights.reports.queries import finding
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.rules import hiding
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

name_act(services.SHARE, _l("Report shared, or no longer shared"))
name_act(policies.SMALL_GROUPS, _l("Smallest group in reports changed"))
ACADEMY = 0


@bp.route("/reports/<int:report_id>/share", methods=["GET", "POST"])
@requires(policies.CHANGE, find=finding.report)
def share(report: Report) -> ResponseReturnValue:
    """Share a report with a role or a colleague, or take a share back."""
    form = ShareForm()
    form.role.choices = [("", _("Nobody")), *naming.ROLES.items()]
    if form.validate_on_submit():
        try:
            _act(report, form)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("reports.share", report_id=report.id))
    page = render_template(
        "reports/share.html", form=form, report=report, shares=finding.shares(report.id), roles=naming.ROLES
    )
    return page, 422 if form.errors else 200


def _act(report: Report, form: ShareForm) -> None:
    taken, at = request.form.get("take", ""), clock.now()
    if taken:
        services.unshare(
            report, int(taken) if taken.isascii() and taken.isdigit() and len(taken) < 16 else 0, actor(), at=at
        )
        flash(_("It is no longer shared with them."), "ok")
    elif form.email.data:
        services.share_with_person(report, form.email.data, actor(), at=at)
        flash(_("The report is shared. Each reader sees only what they may see."), "ok")
    elif form.role.data:
        services.share_with_role(report, form.role.data, actor(), at=at)
        flash(_("The report is shared. Each reader sees only what they may see."), "ok")


@bp.route("/reports/<int:report_id>/letters", methods=["GET", "POST"])
@requires(policies.SEE, find=finding.report)
def letters(report: Report) -> ResponseReturnValue:
    """Choose how often one gets a report by letter, and see what became of the last ones."""
    kept = finding.schedule(report.id, actor().person_id)
    form = ScheduleForm(data={"rhythm": kept.rhythm if kept else ""})
    form.rhythm.choices = list(naming.RHYTHMS.items())
    if form.validate_on_submit():
        services.subscribe(report, actor(), form.rhythm.data, at=clock.now())
        said = (
            _("You will get this report by letter.")
            if form.rhythm.data
            else _("You get no more letters of this report.")
        )
        flash(said, "ok")
        return redirect(url_for("reports.letters", report_id=report.id))
    past = finding.deliveries(kept.id) if kept else []
    page = render_template("reports/letters.html", form=form, report=report, deliveries=past)
    return page, 422 if form.errors else 200


@bp.route("/reports/small-groups", methods=["GET", "POST"])
@requires(policies.SMALL_GROUPS)
def small_groups() -> ResponseReturnValue:
    """Set the smallest group that reports show, for the academy or stricter for an organisation."""
    owners = [(key, name) for key, name in choices_of_organisations(actor())]
    everywhere = actor().holds_everywhere(ADMINISTRATOR)
    form, asked = ThresholdForm(), request.form.get("of", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else -1
    if form.validate_on_submit():
        if key not in dict(owners) and not (key == ACADEMY and everywhere):
            raise NotFound
        if key == ACADEMY and form.threshold.data is None:
            form.threshold.errors = [_("Enter a number.")]
        else:
            wanted = None if form.threshold.data is None else int(form.threshold.data)
            services.set_threshold(key or None, wanted, actor(), at=clock.now())
            flash(_("The smallest group was set."), "ok")
            return redirect(url_for("reports.small_groups"))
    kept = reach.thresholds([key for key, _name in owners])
    page = render_template(
        "reports/small_groups.html",
        form=form,
        sent=key,
        owners=owners,
        kept=kept,
        everywhere=everywhere,
        usual=hiding.USUAL,
        section_navigation=navigation.menu("admin"),
    )
    return page, 422 if form.errors else 200


navigation.enter("admin", 54, _l("Small groups in reports"), "reports.small_groups", "users", policies.SMALL_GROUPS)
