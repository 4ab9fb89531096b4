"""Organisations and their units."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, services
from academy.accounts import queries_of_administration as queries
from academy.accounts.forms.administration import (
    KIND_NAMES,
    LocksForm,
    NewOrganisationForm,
    OrganisationForm,
    UnitForm,
    unit_choices,
)
from academy.accounts.kinds import panels_of_organisation, settings_of
from academy.accounts.models import Organisation, OrgUnit
from academy.accounts.routes.acting import act
from academy.accounts.routes.blueprints import administration
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.web import navigation
from academy.web.access import may, requires
from academy.web.identity import actor

navigation.enter("admin", 12, _l("Organisations"), "administration.organisations", "network", policies.MANAGE_PEOPLE)
navigation.belong("administration.unit", "administration.organisations", "administration.start")


def _organisation(organisation_id: int) -> Organisation | None:
    return queries.organisation(organisation_id)


def _unit(unit_id: int) -> OrgUnit | None:
    return queries.org_unit(unit_id)


@administration.get("/organisations")
@requires(policies.MANAGE_PEOPLE, auditors=True)
def organisations() -> ResponseReturnValue:
    """The organisations the administrator looks after."""
    rows = queries.organisations(actor())
    return render_template("accounts/administration/organisations.html", rows=rows, kind_names=KIND_NAMES)


@administration.route("/organisations/new", methods=["GET", "POST"])
@requires(policies.MANAGE_ORGANISATIONS)
def new_organisation() -> ResponseReturnValue:
    """Add an agency or a partner."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        row = services.create_organisation(
            form.name.text, kind=form.kind.data, at=clock.now(), actor_id=actor().person_id
        )
        flash(_("The organisation is added."), "ok")
        return redirect(url_for("administration.organisation", organisation_id=row.id))
    return render_template("accounts/administration/new_organisation.html", form=form), 422 if form.errors else 200


@administration.get("/organisations/<int:organisation_id>")
@requires(policies.EDIT_UNITS, find=_organisation, auditors=True)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    """An organisation and the tree of its units."""
    locks = None
    if may(policies.LOCK_SETTINGS):
        locks = LocksForm(formdata=None, settings=sorted(queries.locked_settings(organisation.id)))
        locks.offer(settings_of(organisation))
    return _page(organisation, locks)


def _page(organisation: Organisation, locks: LocksForm | None) -> ResponseReturnValue:
    shown = render_template(
        "accounts/administration/organisation.html", organisation=organisation, tree=queries.unit_tree(organisation.id),
        kind_names=KIND_NAMES, panels=panels_of_organisation(organisation), locks=locks,
    )  # fmt: skip
    return shown, 422 if locks and locks.errors else 200


@administration.post("/organisations/<int:organisation_id>/locks")
@requires(policies.LOCK_SETTINGS, find=_organisation)
def lock_settings(organisation: Organisation) -> ResponseReturnValue:
    """Say what the academy keeps for itself in an organisation."""
    form = LocksForm()
    form.offer(settings_of(organisation))
    if not form.validate_on_submit():
        return _page(organisation, form)
    services.lock_settings(organisation, form.settings.data or [], at=clock.now(), actor_id=actor().person_id)
    flash(_("Saved."), "ok")
    return redirect(url_for("administration.organisation", organisation_id=organisation.id))


@administration.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@requires(policies.RENAME_ORGANISATION, find=_organisation)
def edit_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Rename an organisation."""
    form = OrganisationForm(obj=organisation)
    if form.validate_on_submit():
        services.rename_organisation(organisation, form.name.text, at=clock.now(), actor_id=actor().person_id)
        flash(_("Saved."), "ok")
        return redirect(url_for("administration.organisation", organisation_id=organisation.id))
    shown = render_template("accounts/administration/edit_organisation.html", form=form, organisation=organisation)
    return shown, 422 if form.errors else 200


@administration.post("/organisations/<int:organisation_id>/deactivate")
@requires(policies.RENAME_ORGANISATION, find=_organisation)
def deactivate_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Close an organisation."""
    return _act(
        services.deactivate_organisation, organisation, _("The organisation is closed. Its people are signed out.")
    )


@administration.post("/organisations/<int:organisation_id>/reactivate")
@requires(policies.RENAME_ORGANISATION, find=_organisation)
def reactivate_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Open an organisation again."""
    return _act(services.reactivate_organisation, organisation, _("The organisation is open again."))


@administration.route("/organisations/<int:organisation_id>/units/new", methods=["GET", "POST"])
@requires(policies.EDIT_UNITS, find=_organisation)
def new_unit(organisation: Organisation) -> ResponseReturnValue:
    """Add a unit."""
    form = UnitForm()
    form.parent_id.choices = unit_choices(queries.units_of(organisation.id))
    if form.validate_on_submit():
        try:
            parent = _unit(form.parent_id.data) if form.parent_id.data else None
            services.create_org_unit(
                organisation.id, form.name.text, parent=parent, at=clock.now(), actor_id=actor().person_id
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The unit is added."), "ok")
            return redirect(url_for("administration.organisation", organisation_id=organisation.id))
    shown = render_template("accounts/administration/new_unit.html", form=form, organisation=organisation)
    return shown, 422 if form.errors else 200


@administration.route("/units/<int:unit_id>", methods=["GET", "POST"])
@requires(policies.EDIT_UNIT, find=_unit)
def unit(unit: OrgUnit) -> ResponseReturnValue:
    """Rename a unit, or put it elsewhere in the tree."""
    form = UnitForm(obj=unit)
    outside = [row for row in queries.units_of(unit.organisation_id) if not row.path.startswith(unit.path)]
    form.parent_id.choices = unit_choices(outside, queries.org_unit(unit.parent_id) if unit.parent_id else None)
    if form.validate_on_submit():
        try:
            _change(unit, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("administration.organisation", organisation_id=unit.organisation_id))
    return render_template("accounts/administration/unit.html", form=form, unit=unit), 422 if form.errors else 200


def _change(unit: OrgUnit, form: UnitForm) -> None:
    at, by = clock.now(), actor().person_id
    parent = _unit(form.parent_id.data) if form.parent_id.data else None
    services.move_org_unit(unit, parent, at=at, actor_id=by)
    services.rename_org_unit(unit, form.name.text, at=at, actor_id=by)


@administration.post("/units/<int:unit_id>/deactivate")
@requires(policies.EDIT_UNIT, find=_unit)
def deactivate_unit(unit: OrgUnit) -> ResponseReturnValue:
    """Close a unit."""
    return _act(services.deactivate_org_unit, unit, _("The unit and those below it are closed."))


@administration.post("/units/<int:unit_id>/reactivate")
@requires(policies.EDIT_UNIT, find=_unit)
def reactivate_unit(unit: OrgUnit) -> ResponseReturnValue:
    """Open a unit again."""
    return _act(services.reactivate_org_unit, unit, _("The unit is open again."))


def _act(verb: Callable[..., None], row: Any, done: str) -> ResponseReturnValue:
    organisation_id = row.id if isinstance(row, Organisation) else row.organisation_id
    back = url_for("administration.organisation", organisation_id=organisation_id)
    return act(lambda: verb(row, at=clock.now(), actor_id=actor().person_id), done, back)
