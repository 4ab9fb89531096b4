"""Templates of certificates: the list, one template with its versions, and the acts of two people on its draft."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.accounts.queries_of_memberships import are_same_human
from academy.base import clock
from academy.base.access import keeps_everywhere
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.credentials import policies
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_choosing as choosing
from academy.credentials import services_of_templates as services
from academy.credentials.drawing import CannotDraw
from academy.credentials.drawing_of_looks import draw, draw_png
from academy.credentials.forms_of_templates import NewTemplateForm, RetireForm, UseForm, revision_in
from academy.credentials.models import Certificate
from academy.credentials.models_of_templates import DRAFT, PUBLISHED, CertificateTemplate, VersionFound
from academy.credentials.queries import organisation_choices
from academy.credentials.queries_of_choices import uses_of
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.own import PaperRefused, given_out
from academy.credentials.specimens import sample_facts
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.forms import AcademyForm
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import paginate

name_act(policies.CREATE_TEMPLATE, _l("Template of certificates made"))
name_act(policies.EDIT_TEMPLATE, _l("Draft of a template of certificates changed"))
name_act(policies.PUBLISH_TEMPLATE, _l("Template of certificates approved and published"))


@bp.get("/admin/certificates/templates")
@requires(policies.LIST_TEMPLATES, auditors=True)
def templates() -> ResponseReturnValue:
    """The templates that the administrator looks after, as pictures."""
    page = paginate(queries.listing(policies.templates_administered(actor())))
    cards = [queries.card_of(row) for row in page.rows]
    return _page("templates", page=page, cards=cards)


@bp.route("/admin/certificates/templates/new", methods=["GET", "POST"])
@requires(policies.CREATE_TEMPLATE)
def new_template() -> ResponseReturnValue:
    """Name a new template, and go on to its editor."""
    form = NewTemplateForm()
    form.offer(_organisations(), academy=keeps_everywhere(actor()))
    if form.validate_on_submit():
        try:
            made = services.create(
                form.name.text, organisation_id=form.organisation_id, actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("credentials.template_draft", template_key=made.key))
    return _page("new_template", form=form), 422 if form.errors else 200


@bp.get("/admin/certificates/templates/<template_key>")
@requires(policies.EDIT_TEMPLATE, find=queries.template_by_key, auditors=True)
def template(found: CertificateTemplate) -> ResponseReturnValue:
    """One template: what is published, what waits, where it is used, and all its versions."""
    return template_page(found), 200


@bp.post("/admin/certificates/templates/<template_key>/ask")
@requires(policies.EDIT_TEMPLATE, find=queries.template_by_key)
def ask_approval(found: CertificateTemplate) -> ResponseReturnValue:
    """Ask a second person to approve the draft."""
    return _act(found, services.ask, _("Everybody else who may approve it has been told."))


@bp.post("/admin/certificates/templates/<template_key>/publish")
@requires(policies.PUBLISH_TEMPLATE, find=queries.template_by_key)
def publish_template(found: CertificateTemplate) -> ResponseReturnValue:
    """Approve the draft that somebody else edited."""
    said = _(
        "Published. Certificates are issued in this look wherever the template is used; earlier ones stay as they are."
    )
    return _act(found, services.publish, said)


@bp.post("/admin/certificates/templates/<template_key>/discard")
@requires(policies.EDIT_TEMPLATE, find=queries.template_by_key)
def discard_draft(found: CertificateTemplate) -> ResponseReturnValue:
    """Throw the draft away."""
    return _act(found, services.discard, _("The draft is gone. What is published stays."))


@bp.get("/admin/certificates/templates/<template_key>/versions/<int:version_number>.png")
@requires(policies.SEE_TEMPLATE, find=queries.version_of, auditors=True, traced=False)
def template_picture(found: VersionFound) -> ResponseReturnValue:
    """A version as a picture, with the sample certificate."""
    response = given_out(_drawn(found, draw_png), "image/png")
    if found.version.state == DRAFT:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/admin/certificates/templates/<template_key>/versions/<int:version_number>.pdf")
@requires(policies.SEE_TEMPLATE, find=queries.version_of, auditors=True)
def template_paper(found: VersionFound) -> ResponseReturnValue:
    """A version as a PDF, with the sample certificate."""
    said = _("Sample certificate")
    name = f"{said} - {found.version.number}.pdf"
    return given_out(_drawn(found, draw), "application/pdf", name=name)


def _drawn(found: VersionFound, press: Callable[..., bytes]) -> bytes:
    facts = sample_facts(issuer_of(found.template), today=clock.today())
    try:
        return press(facts, queries.design_of(found.version.id), specimen=True)
    except CannotDraw as error:
        raise PaperRefused from error


def issuer_of(found: CertificateTemplate) -> LocalizedText | None:
    """Return the name of the organisation that a template belongs to."""
    of = db.session.get(Organisation, found.organisation_id) if found.organisation_id else None
    return of.name if of else None


def _act(found: CertificateTemplate, act: Callable[..., Any], said: str) -> ResponseReturnValue:
    """Do one of the acts on the draft that was seen, and go back to the template."""
    seen, at = revision_in(request.form.get("revision", "")), clock.now()
    try:
        act(found.id, seen=seen, actor_id=actor().person_id, at=at)
    except services.SamePerson:
        raise
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(said, "ok")
    return redirect(url_for("credentials.template", template_key=found.key))


def _organisations() -> list[tuple[int, LocalizedText]]:
    return organisation_choices(policies.organisations_kept(actor()))


def use_form(found: CertificateTemplate) -> UseForm:
    """Return the form that says for whom a template is used, with what the reader may choose."""
    form = UseForm()
    of = [(key, name) for key, name in _organisations() if found.organisation_id in (None, key)]
    form.offer(of, academy=found.organisation_id is None)
    return form


def template_page(found: CertificateTemplate, sent: AcademyForm | None = None) -> str:
    """Return the page of a template; the form that was sent keeps what was typed, the other is fresh."""
    history = queries.history(found.id, Certificate.template_version_id)
    standing = {row.version.state: row for row in history}
    draft, published = (standing[state].version if state in standing else None for state in (DRAFT, PUBLISHED))
    others = queries.approvers(found, but=draft.edited_by_id) if draft else []
    uses, reader = uses_of(found.id), actor().person_id
    return _page(
        "template", found=found, draft=draft, published=published, others=len(others), title=plain(found.name),
        own=draft is not None and actor().is_human(draft.edited_by_id, standing[DRAFT].editor_account_id), uses=uses, uses_seen=choosing.uses_seen(uses),
        form=sent if isinstance(sent, UseForm) else use_form(found),
        retiring=sent if isinstance(sent, RetireForm) else RetireForm(formdata=None),
        asked_by=queries.name_of(found.retire_asked_by_id), asked_it=are_same_human(found.retire_asked_by_id, reader),
        agreeing=len(queries.approvers(found, but=found.retire_asked_by_id)) if found.retire_asked_at else 0,
        retired_by=queries.name_of(found.retired_by_id),
        history=history,
    )  # fmt: skip


def _page(name: str, **values: Any) -> str:
    return render_template(f"credentials/templates/{name}.html", section_navigation=menu("admin"), **values)
