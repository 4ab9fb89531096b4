"""Frameworks from files, with a preview of what becomes of each part, and into files."""

from collections import Counter

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base.db import db
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, current_language
from academy.competencies import naming, policies, services
from academy.competencies.forms.frameworks import FileForm
from academy.competencies.frameworks.comparing import CHANGED, LOST, SAME, TAKEN, all_parts
from academy.competencies.models import Framework, FrameworkImport
from academy.competencies.queries import versions as queries
from academy.competencies.queries.versions import FrameworkDesk
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import by_now, desk_page
from academy.web.access import requires
from academy.web.identity import actor


@bp.route("/manage/frameworks/import", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS)
def import_new_framework() -> ResponseReturnValue:
    """Choose a file that is to become a new framework."""
    form = FileForm()
    answer = _read(form, None)
    if answer is not None:
        return answer
    page = render_template("competencies/frameworks/import_new.html", form=form)
    return page, 422 if form.errors else 200


@bp.route("/manage/frameworks/<framework_key>/import", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def import_framework(desk: FrameworkDesk) -> ResponseReturnValue:
    """Choose a file that is to become the draft of a framework."""
    form = FileForm()
    answer = _read(form, desk.framework)
    return answer if answer is not None else (desk_page("import", desk, form=form), 422 if form.errors else 200)


def _read(form: FileForm, framework: Framework | None) -> ResponseReturnValue | None:
    if not form.validate_on_submit():
        return None
    now = by_now()
    try:
        read = services.read_framework(
            form.file.data.read(), form.file.data.filename or "", framework=framework, key=form.key.data or "",
            prefix=form.prefix.data or "", owner_id=actor().person_id, at=now["at"],
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return redirect(url_for(".framework_import", read_id=read.id))


@bp.get("/manage/frameworks/imports/<int:read_id>")
@requires(policies.TAKE_OVER, find=queries.read_file)
def framework_import(read: FrameworkImport) -> ResponseReturnValue:
    """Show what becomes of each competency with the file."""
    framework = db.session.get(Framework, read.framework_id) if read.framework_id else None
    before, after = services.previewed(read, framework)
    parts = [each for each in all_parts(before, after) if each.key]
    fate = request.args.get("fate", "")
    counts = Counter(each.fate for each in parts if each.sort == "competency")
    return render_template(
        "competencies/frameworks/import_preview.html", read=read, framework=framework, content=after, naming=naming,
        parts=[each for each in parts if fate in ("", each.fate)], counts=counts, fate=fate,
        fates=(TAKEN, CHANGED, LOST, SAME), profiles=read.profiles,
    )  # fmt: skip


@bp.post("/manage/frameworks/imports/<int:read_id>")
@requires(policies.TAKE_OVER, find=queries.read_file)
def take_over_framework(read: FrameworkImport) -> ResponseReturnValue:
    """Make the file a draft, or forget it."""
    if request.form.get("act") == "discard":
        services.discard_reading(read)
        flash(_("The file has been put aside. Nothing was changed."), "ok")
        return redirect(url_for(".kept_frameworks"))
    now = by_now()
    try:
        framework = services.take_over(read, actor_id=actor().person_id, at=now["at"])
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for(".framework_import", read_id=read.id))
    flash(_("The file is the draft now. Nobody else sees it before it is published."), "ok")
    return redirect(url_for(".framework_desk", framework_key=framework.key))


@bp.get("/manage/frameworks/<framework_key>/export/<file_kind>")
@requires(policies.KEEP_FRAMEWORKS, find=lambda framework_key, file_kind: _exported(framework_key, file_kind))
def export_framework(found: tuple[FrameworkDesk, str]) -> ResponseReturnValue:
    """The published version as a file; the draft of one that was never published."""
    desk, kind = found
    content = desk.published or desk.content
    ending, media = services.EXPORTS[kind]
    body = services.written(desk.framework, content, kind, language=current_language())
    name = f"{desk.framework.key}-{kind}.{ending}"
    return Response(body, content_type=media, headers={"Content-Disposition": f"attachment; filename={name}"})


def _exported(framework_key: str, file_kind: str) -> tuple[FrameworkDesk, str] | None:
    if file_kind not in services.EXPORTS:
        raise NotFound
    desk = queries.framework_desk(framework_key)
    return (desk, file_kind) if desk else None
