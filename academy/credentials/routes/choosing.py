"""Where templates are used: the choice of a course, a programme and an organisation; and retiring a template by two people."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import OrganisationPanel, add_organisation_panel, name_act
from academy.accounts.models import Organisation
from academy.accounts.queries_of_administration import organisation as organisation_by_id
from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.credentials import policies
from academy.credentials import queries_of_choices as choices
from academy.credentials import queries_of_templates as queries
from academy.credentials import services_of_choosing as services
from academy.credentials.forms_of_templates import ChoiceForm, RetireForm
from academy.credentials.models_of_templates import CertificateTemplate
from academy.credentials.queries_of_choices import Place, place_of
from academy.credentials.routes.blueprints import bp
from academy.credentials.routes.templates import template_page, use_form
from academy.learning.queries.programmes import ProgrammeDesk, programme_desk
from academy.web.access import locked_from_me, requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.navigation import menu

name_act(policies.USE_TEMPLATE, _l("Use of a template of certificates changed"))
name_act(policies.CHOOSE_TEMPLATE, _l("Template of a course's certificates chosen"))
name_act(policies.CHOOSE_FOR_PROGRAMME, _l("Template of a programme's certificates chosen"))
name_act(policies.CHOOSE_FOR_ORGANISATION, _l("Template of an organisation's certificates chosen"))
name_act(policies.RETIRE_TEMPLATE, _l("Retirement of a template of certificates"))


# --- What a place has ----------------------------------------------------------------------------------------


@bp.route("/teach/<key>/certificate-template", methods=["GET", "POST"])
@requires(policies.CHOOSE_TEMPLATE, find=course_by_key, auditors=True)
def course_template(course: Course) -> ResponseReturnValue:
    """Choose the template of a course's certificates among those that are published."""
    usual = _("As its organisation or the academy has it")
    return _choice("course", place_of(course), usual, course=course, title=titles([course.id])[course.id])


@bp.route("/manage/programmes/<programme_key>/certificate-template", methods=["GET", "POST"])
@requires(policies.CHOOSE_FOR_PROGRAMME, find=programme_desk, auditors=True)
def programme_template(desk: ProgrammeDesk) -> ResponseReturnValue:
    """Choose the template of a programme's certificates."""
    usual = _("As its organisation or the academy has it")
    return _choice("programme", place_of(desk.programme), usual, desk=desk)


@bp.route("/admin/organisations/<int:organisation_id>/certificate-template", methods=["GET", "POST"])
@requires(policies.CHOOSE_FOR_ORGANISATION, find=organisation_by_id, auditors=True)
def organisation_template(organisation: Organisation) -> ResponseReturnValue:
    """Choose the template of all that an organisation issues, but for courses and programmes with one of their own."""
    usual, section = _("As the academy has it"), menu("admin")
    return _choice("organisation", place_of(organisation), usual, organisation=organisation, section_navigation=section)


def _choice(page: str, place: Place, usual: str, **values: Any) -> ResponseReturnValue:
    cards = choices.offered_to(place)
    form = ChoiceForm(data={"template": choices.chosen_for(place) or ""})
    form.template.choices = [("", usual), *((card.key, plain(card.name)) for card in cards)]
    if form.validate_on_submit():
        try:
            services.choose(place, request.form.get("template", ""), actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved. It holds for certificates issued from now on."), "ok")
            return redirect(request.path)
    shown = render_template(f"credentials/templates/{page}.html", form=form, cards=cards, here=request.path, **values)
    return shown, 422 if form.errors else 200


def _panel(organisation: Organisation) -> OrganisationPanel | None:
    locked = locked_from_me(policies.CHOOSE_FOR_ORGANISATION, organisation)
    if not locked and not allowed(policies.CHOOSE_FOR_ORGANISATION, actor(), organisation):
        return None
    url = url_for("credentials.organisation_template", organisation_id=organisation.id)
    note = _("Which template the certificates of this organisation's courses and programmes have.")
    return OrganisationPanel(_("Look of certificates"), note, url, _("Open") if locked else _("Choose"), locked)


add_organisation_panel(_panel)


# --- Where a template is used --------------------------------------------------------------------------------


@bp.post("/admin/certificates/templates/<template_key>/uses")
@requires(policies.USE_TEMPLATE, find=queries.template_by_key)
def use_template(found: CertificateTemplate) -> ResponseReturnValue:
    """Say for whose certificates a template is used."""
    form = use_form(found)
    if form.validate_on_submit():
        try:
            services.use_for(found.id, organisation_id=form.organisation_id, actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Chosen. Certificates issued from now on have this look."), "ok")
            return _back(found)
    return template_page(found, form), 422


@bp.post("/admin/certificates/templates/<template_key>/uses/<int:use_id>/stop")
@requires(policies.USE_TEMPLATE, find=lambda template_key, use_id: queries.template_by_key(template_key))
def stop_using_template(found: CertificateTemplate) -> ResponseReturnValue:
    """Take a choice back."""
    services.stop_using(found.id, int((request.view_args or {})["use_id"]), actor_id=actor().person_id, at=clock.now())
    flash(_("Taken back. What was issued in this look stays as it is."), "ok")
    return _back(found)


# --- Retiring ------------------------------------------------------------------------------------------------


@bp.post("/admin/certificates/templates/<template_key>/retire")
@requires(policies.RETIRE_TEMPLATE, find=queries.template_by_key)
def retire_template(found: CertificateTemplate) -> ResponseReturnValue:
    """Propose to retire a template; one of which nothing is published is retired at once."""
    form = RetireForm()
    if form.validate_on_submit():
        try:
            services.ask_to_retire(found.id, form.reason.data or "", actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            asked = _("Everybody else who may agree has been told. Until somebody does, nothing changes.")
            flash(_("The template is retired.") if found.retired_at else asked, "ok")
            return _back(found)
    return template_page(found, form), 422


@bp.post("/admin/certificates/templates/<template_key>/retire/agree")
@requires(policies.RETIRE_TEMPLATE, find=queries.template_by_key)
def agree_to_retire(found: CertificateTemplate) -> ResponseReturnValue:
    """Retire a template as a second person."""
    seen = request.form.get("uses", "")
    said = _("The template is retired. What was issued in it keeps its look.")
    return _act(found, lambda **by: services.agree_to_retire(found.id, seen=seen, **by), said)


@bp.post("/admin/certificates/templates/<template_key>/retire/keep")
@requires(policies.RETIRE_TEMPLATE, find=queries.template_by_key)
def keep_template(found: CertificateTemplate) -> ResponseReturnValue:
    """Take the proposal back, or decline it."""
    return _act(found, lambda **by: services.keep(found.id, **by), _("The template stays."))


def _act(found: CertificateTemplate, act: Callable[..., None], said: str) -> ResponseReturnValue:
    try:
        act(actor_id=actor().person_id, at=clock.now())
    except services.SameHand:
        raise
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(said, "ok")
    return _back(found)


def _back(found: CertificateTemplate) -> ResponseReturnValue:
    return redirect(url_for("credentials.template", template_key=found.key))
