"""What publishing a draft would change, publishing it, and the versions there have been."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.competencies import policies, services
from academy.competencies.forms.frameworks import PublishForm
from academy.competencies.frameworks.checking import checklist
from academy.competencies.frameworks.comparing import changes
from academy.competencies.queries import versions as queries
from academy.competencies.queries.versions import FrameworkDesk, PastVersion
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import asked_mark, by_now, desk_page
from academy.web.access import requires


@bp.route("/manage/frameworks/<framework_key>/publish", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def publish_framework(desk: FrameworkDesk) -> ResponseReturnValue:
    """Show what is missing, what would change and what hangs on it, and publish."""
    key, content, status = desk.framework.key, desk.content, 200
    form = PublishForm(data={"revision": desk.draft.revision if desk.draft else ""})
    if form.validate_on_submit():
        try:
            version = services.publish_draft(
                desk.framework, note=form.note.data or "", revision=asked_mark(), **by_now()
            )
        except Refusal as refusal:
            flash(refusal.for_reader(), "bad")
            status = refusal.status
            form.revision.data = desk.draft.revision if desk.draft else ""
        else:
            flash(_("Version %(label)s has been published.", label=version.label), "ok")
            return redirect(url_for(".framework_versions", framework_key=key))
    keys = [each.key for each in content.parts]
    taken = services.taken_elsewhere(keys, desk.framework.id) if desk.draft else set()
    findings = checklist(content, services.published_labels(desk.framework), taken) if desk.draft else []
    found = changes(desk.published, content) if desk.draft else []
    page = desk_page(
        "publish", desk, form=form, findings=findings, stops=any(each.stops for each in findings), changes=found,
        weights=queries.weights([each.key for each in found if each.sort == "competency" and each.how != "added"]),
    )  # fmt: skip
    return page, 422 if form.errors else status


@bp.get("/manage/frameworks/<framework_key>/versions")
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def framework_versions(desk: FrameworkDesk) -> ResponseReturnValue:
    """List the versions."""
    return desk_page("versions", desk, versions=queries.versions_of(desk.framework.id))


def _the_version(
    framework_key: str, version_number: int
) -> "tuple[FrameworkDesk, PastVersion, PastVersion | None] | None":
    desk, past = queries.framework_desk(framework_key), queries.past_version(framework_key, version_number)
    before = queries.past_version(framework_key, version_number - 1)
    return (desk, past, before) if desk and past else None


@bp.get("/manage/frameworks/<framework_key>/versions/<int:version_number>")
@requires(policies.KEEP_FRAMEWORKS, find=_the_version)
def framework_version(found: tuple[FrameworkDesk, PastVersion, PastVersion | None]) -> ResponseReturnValue:
    """Read a version as it was published, with what was new in it."""
    desk, past, before = found
    new = changes(before.content, past.content) if before else []
    return desk_page("version", desk, past=past, changes=new, shown=request.args.get("all") == "1")
