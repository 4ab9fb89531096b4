"""The editor of lessons, sorting exercises and files; live preview and pictures."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Invalid, Refusal, Stale
from academy.base.i18n import _
from academy.base.markdown import render
from academy.base.storage import FileRefused, StoredFile
from academy.base.text import clean_block, clean_line
from academy.catalogue import kinds, policies, queries, services
from academy.catalogue.forms.activities import ClassifyForm, FileForm, LessonForm, PlainForm, editor_for
from academy.catalogue.forms.rows import act_on_rows
from academy.catalogue.models import Course
from academy.catalogue.queries import Desk, EditedActivity
from academy.catalogue.routes.activities import editor_of
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.desk import STATES
from academy.catalogue.routes.finding import the_activity, the_desk
from academy.catalogue.routes.saving import asked_revision, status_of
from academy.catalogue.rules.texts import N_, opened
from academy.web.access import requires
from academy.web.errors import as_json
from academy.web.forms import most_bytes
from academy.web.identity import actor

Editor = PlainForm | LessonForm | ClassifyForm | FileForm
LONGEST_PREVIEW = 100_000
IMAGE_NEEDED = N_("Choose a picture: PNG, JPEG, WebP or GIF.")
ALT_NEEDED = N_("Describe what the picture shows.")


@bp.route("/teach/<key>/activities/<activity_key>", methods=["GET", "POST"])
@requires(policies.EDIT_COURSE, find=the_activity)
def activity(edited: EditedActivity) -> ResponseReturnValue:
    """Edit an activity: its title, minutes and, for the builtin kinds, its content."""
    form = editor_for(edited.activity.title, edited.activity)
    act = request.form.get("act", "")
    refused: Refusal | None = None
    acted = form.is_submitted() and (act == "preview" or _acted(edited, form, act))
    if not acted and form.validate_on_submit():
        try:
            _save(edited, form)
        except FileRefused as refusal:
            form.refuse(FileRefused(refusal.sentence, field="file", **refusal.values))
        except Refusal as refusal:
            refused = refusal
        else:
            flash(_("The activity has been saved."), "ok")
            return redirect(url_for(".activity", key=edited.course.key, activity_key=edited.activity.key))
    return _page(edited, form, refused, acted)


def _acted(edited: EditedActivity, form: Editor, act: str) -> bool:
    """Carry out a button that changes the form without saving it."""
    if act == "insert" and isinstance(form, LessonForm):
        _insert_picture(edited.course, form)
        return True
    if not act_on_rows(form, act):
        return False
    if isinstance(form, ClassifyForm):
        form.number()
    return True


def _save(edited: EditedActivity, form: Editor) -> None:
    content = form.content(edited.activity.content)
    revision = asked_revision()
    changed = services.change_activity(
        edited.activity,
        title=form.title.text,
        minutes=int(form.minutes.data or 0),
        required=form.required.data,
        content=content,
        revision=revision,
    )
    if isinstance(form, FileForm) and form.file.data:
        kept = _keep(edited.course, form.file.data)
        described = {"file_key": kept.key, "file_name": kept.name, "media_type": kept.media_type, "size": kept.size}
        services.change_activity(
            changed,
            title=changed.title,
            minutes=changed.minutes,
            required=changed.required,
            content={**(content or {}), **described},
        )


def _keep(course: Course, sent: Any) -> StoredFile:
    limit = most_bytes()
    data = sent.stream.read(limit + 1)
    return services.keep_file(course, data, sent.filename or "", most=limit, actor_id=actor().person_id, at=clock.now())


def _keep_picture(course: Course, sent: Any, alt: str) -> str:
    """Keep a picture and return the Markdown that shows it."""
    if not sent or not sent.filename:
        raise Invalid(IMAGE_NEEDED, field="image")
    if not alt:
        raise Invalid(ALT_NEEDED, field="image_alt")
    try:
        kept = services.keep_picture(
            course,
            sent.stream.read(most_bytes() + 1),
            sent.filename,
            most=most_bytes(),
            actor_id=actor().person_id,
            at=clock.now(),
        )
    except FileRefused as refusal:
        raise FileRefused(refusal.sentence, field="image", **refusal.values) from refusal
    plain_alt = alt.replace("[", "(").replace("]", ")").replace("\\", "")
    return f"![{plain_alt}]({kept.address})"


def _insert_picture(course: Course, form: LessonForm) -> None:
    """Keep the chosen picture and write it at the end of the text, without saving the lesson."""
    try:
        snippet = _keep_picture(course, form.image.data, form.image_alt.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return
    half = form.body.form["en" if form.image_language.data == "en" else "ar"]
    half.data = f"{half.data or ''}\n\n{snippet}".strip()
    form.image_alt.data = ""
    flash(_("The picture was put at the end of the text. Save the lesson to keep it there."), "info")


def _page(edited: EditedActivity, form: Editor, refused: Refusal | None, acted: bool) -> ResponseReturnValue:
    row = edited.activity
    desk = queries.desk(edited.course.key)
    typed = form.content(row.content) if form.is_submitted() else row.content
    shown = replace(queries.shown(row), content=opened(typed if typed is not None else row.content))
    kind = kinds.of(row.kind)
    page = render_template(
        f"catalogue/{row.kind}.html"
        if isinstance(form, LessonForm | ClassifyForm | FileForm)
        else "catalogue/activity.html",
        form=form,
        desk=desk,
        activity=row,
        shown=shown,
        kind=kind,
        content_editor="" if kind.editor == "catalogue.activity" else editor_of(edited.course.key, row),
        refused=refused,
        stale=isinstance(refused, Stale),
        current=row.revision,
        states=STATES,
        limit=most_bytes() // 1_000_000,
    )
    return page, status_of(form, refused, acted)


@bp.post("/teach/<key>/markdown")
@requires(policies.EDIT_COURSE, find=the_desk)
def markdown(desk: Desk) -> ResponseReturnValue:
    """Return Markdown as the safe HTML that learners will see."""
    source = clean_block(request.form.get("source", "")[:LONGEST_PREVIEW])
    return Response(render(source, table_label=_("Table")), content_type="text/html; charset=utf-8")


@bp.post("/teach/<key>/images")
@requires(policies.EDIT_COURSE, find=the_desk)
def images(desk: Desk) -> ResponseReturnValue:
    """Keep a picture for a lesson and return its Markdown as JSON."""
    snippet = _keep_picture(
        desk.course, request.files.get("image"), clean_line(request.form.get("image_alt", ""))[:255]
    )
    return Response(as_json({"markdown": snippet}), content_type="application/json; charset=utf-8")
