"""The editor of a template's draft with its live preview."""

import base64

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.credentials import policies, rules_of_looks
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_templates as services
from academy.credentials.drawing import CannotDraw
from academy.credentials.drawing_of_looks import draw_png
from academy.credentials.forms_of_templates import LookForm
from academy.credentials.models_of_templates import CertificateTemplate
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.templates import issuer_of
from academy.credentials.rules_of_looks import PLACEHOLDERS, Design
from academy.credentials.specimens import sample_facts
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.navigation import menu

CANNOT = _l("This look cannot be drawn. Choose other pictures.")
MEANINGS = {
    "holder": _l("The holder's name"), "title": _l("The course or programme"),
    "organisation": _l("Who issues it"), "date": _l("The day of issue"),
}  # fmt: skip


@bp.route("/admin/certificates/templates/<template_key>/draft", methods=["GET", "POST"])
@requires(policies.EDIT_TEMPLATE, find=queries.template_by_key)
def template_draft(found: CertificateTemplate) -> ResponseReturnValue:
    """The editor: it begins with the draft, else with what is published."""
    if found.retired_at is not None:
        flash(services.TemplateRetired().for_reader(), "warn")
        return redirect(url_for("credentials.template", template_key=found.key))
    design, revision = services.start_of(found.id)
    form = LookForm(data=LookForm.of(found.name, design.look, revision))
    shown = design
    if form.validate_on_submit():
        try:
            services.save_draft(found.id, form.edit(), seen=form.seen(), actor_id=actor().person_id, at=clock.now())
        except services.ChangedMeanwhile as refusal:
            flash(refusal.for_reader(), "warn")
            return _editor(found, form, shown), 409
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The draft is saved."), "ok")
            return redirect(url_for("credentials.template_draft", template_key=found.key))
    return _editor(found, form, shown), 422 if form.errors else 200


@bp.post("/admin/certificates/templates/<template_key>/draft/preview")
@requires(policies.EDIT_TEMPLATE, find=queries.template_by_key)
def preview_draft(found: CertificateTemplate) -> ResponseReturnValue:
    """What was typed so far as a picture, or what is wrong with it. Nothing is kept."""
    form, (design, _revision) = LookForm(), services.start_of(found.id)
    faults: list[str] = []
    if form.validate():
        try:
            edit = form.edit()
            design = Design(rules_of_looks.checked(edit.look), edit.pictures(design.pictures))
        except Refusal as refusal:
            faults = [refusal.for_reader()]
    else:
        faults = [_("Correct the marked fields to see the preview.")]
    picture = "" if faults else _picture(found, design)
    if not faults and not picture:
        faults = [str(CANNOT)]
    return render_template(
        "credentials/templates/preview.html", picture=picture, faults=faults, shape=design.look.shape
    )


def _picture(found: CertificateTemplate, design: Design) -> str:
    """The sample certificate in a design, as an address that holds the picture itself; "" when it cannot be drawn."""
    try:
        drawn = draw_png(sample_facts(issuer_of(found), today=clock.today()), design, specimen=True)
    except CannotDraw:
        return ""
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}"


def _editor(found: CertificateTemplate, form: LookForm, shown: Design) -> str:
    draft = queries.newest(found.id, "draft")
    words = [(f"{{{arabic}}}", f"{{{english}}}", MEANINGS[fact]) for fact, (arabic, english) in PLACEHOLDERS.items()]
    return render_template(
        "credentials/templates/editor.html", found=found, form=form, draft=draft, shape=shown.look.shape,
        placeholders=words, has=set(shown.pictures), title=plain(found.name),
        picture=url_for("credentials.template_picture", template_key=found.key, version_number=draft.number, r=draft.revision) if draft else _picture(found, shown),
        section_navigation=menu("admin"),
    )  # fmt: skip
