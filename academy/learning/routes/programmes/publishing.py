"""The checklist before a programme is published, and what publishing would change."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.learning import naming, policies
from academy.learning.queries import programmes as queries
from academy.learning.queries.programmes import ProgrammeDesk
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.saving import desk_page
from academy.learning.rules.programmes import Difference
from academy.learning.services import programmes as services
from academy.web.access import requires
from academy.web.identity import actor


@bp.route("/manage/programmes/<programme_key>/publish", methods=["GET", "POST"])
@requires(policies.EDIT_PROGRAMME, find=queries.programme_desk)
def publish_programme(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Show what is missing and what would change, and publish."""
    key, status = desk.programme.key, 200
    if request.method == "POST":
        try:
            version = services.publish_programme(desk.programme, actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
            status = refusal.status
        else:
            flash(
                _("Version %(number)s has been published. Whoever joins from now on gets it.", number=version.number),
                "ok",
            )
            return redirect(url_for(".programme_desk", programme_key=key))
    contents = queries.contents_of(*(version for version in (desk.published, desk.draft) if version is not None))
    plan = contents[-1].plan
    findings = services.programme_checklist(desk.programme, desk.draft, plan) if desk.draft else []
    differences = services.programme_differences(*contents) if len(contents) == 2 else []
    names = _names(contents)
    page = desk_page(
        "publish",
        desk,
        findings=findings,
        stops=any(finding.stops for finding in findings),
        differences=[(each, names.get((each.sort, each.key))) for each in differences],
        said=_said,
    )
    return page, status


def _said(each: Difference) -> str:
    """Say what sort of part differs, and how."""
    said = {
        ("details", "changed"): _("The details have changed"),
        ("group", "added"): _("Group added"),
        ("group", "removed"): _("Group removed"),
        ("group", "changed"): _("Group changed"),
        ("group", "moved"): _("Group moved"),
        ("step", "added"): _("Step added"),
        ("step", "removed"): _("Step removed"),
        ("step", "changed"): _("Step changed"),
        ("step", "moved"): _("Step moved"),
        ("prerequisite", "added"): _("Prerequisite added"),
        ("prerequisite", "removed"): _("Prerequisite removed"),
        ("prerequisite", "changed"): _("Prerequisite changed"),
        ("prerequisite", "moved"): _("Prerequisite moved"),
    }
    return said[each.sort, each.how]


def _names(contents: list[queries.Contents]) -> dict[tuple[str, str], LocalizedText]:
    """Return the titles of the parts of all versions by sort and key, the newest version's last."""
    named: dict[tuple[str, str], LocalizedText] = {}
    for each in contents:
        named |= {("group", group.key): group.title for group in each.plan.groups}
        named |= {("step", step.key): naming.step_title(step) for step in each.plan.steps}
        named |= {("prerequisite", row.key): row.title for row in each.prerequisites}
    return named
