"""Anonymising a person: what goes and what stays, the proposal, its confirmation; and the legal hold that forbids it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, queries, services
from academy.accounts import queries_of_anonymising as anonymising
from academy.accounts.forms.administration import AnswerForm, ReasonForm
from academy.accounts.kinds import kept_of, name_act
from academy.accounts.models import Person
from academy.accounts.models_of_anonymising import Anonymisation
from academy.accounts.routes.blueprints import administration
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.web.access import requires
from academy.web.identity import actor

name_act(policies.ANONYMISE, _l("Anonymising proposed"))
name_act(policies.DECIDE_ANONYMISATION, _l("Anonymising decided"))
name_act(policies.HOLD_PERSON, _l("Legal hold placed or lifted"))


@administration.route("/people/<int:person_id>/anonymise", methods=["GET", "POST"])
@requires(policies.ANONYMISE, find=queries.person)
def anonymise(person: Person) -> ResponseReturnValue:
    """Show what goes and what stays when a person is anonymised, and propose it."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            row = services.propose_anonymising(
                person, form.reason.data or "", actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if row.outcome is not None:
                return _done(person)
            flash(_("Proposed. Another administrator has been told and confirms it."), "ok")
            return redirect(url_for(".anonymise", person_id=person.id))
    return _shown(person, form, AnswerForm(formdata=None))


def _shown(person: Person, form: ReasonForm, answer_form: AnswerForm) -> ResponseReturnValue:
    row = anonymising.waiting_for(person.id)
    shown = render_template(
        "accounts/administration/anonymise.html", person=person, form=form, answer_form=answer_form, row=row,
        by=queries.person(row.proposed_by_id) if row else None, kept=kept_of(person.id), hold=anonymising.hold_on(person.id),
        alone=not anonymising.seconds(person, actor().person_id), years=queries.academy().retention_years,
    )  # fmt: skip
    return shown, 422 if form.errors or answer_form.errors else 200


def _done(person: Person) -> ResponseReturnValue:
    flash(_("Done. Copies of the name are replaced in the background, within minutes."), "ok")
    return redirect(url_for(".person", person_id=person.id))


@administration.post("/people/anonymisations/<int:anonymisation_id>/confirm")
@requires(policies.DECIDE_ANONYMISATION, find=anonymising.anonymisation)
def confirm_anonymisation(row: Anonymisation) -> ResponseReturnValue:
    """Anonymise a person as another administrator proposed."""
    try:
        person = services.confirm_anonymising(row, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for(".anonymise", person_id=row.person_id))
    return _done(person)


@administration.post("/people/anonymisations/<int:anonymisation_id>/decline")
@requires(policies.DECIDE_ANONYMISATION, find=anonymising.anonymisation)
def decline_anonymisation(row: Anonymisation) -> ResponseReturnValue:
    """Decline what another proposed, or withdraw one's own proposal."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            services.decline_anonymising(row, form.answer.data or "", actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The person stays as they are."), "ok")
            return redirect(url_for(".person", person_id=row.person_id))
    person = queries.person(row.person_id)
    assert person is not None
    return _shown(person, ReasonForm(formdata=None), form)


@administration.route("/people/<int:person_id>/hold", methods=["GET", "POST"])
@requires(policies.HOLD_PERSON, find=queries.person)
def hold_person(person: Person) -> ResponseReturnValue:
    """Place a legal hold on a person, with a reason; or see the one that there is."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.place_hold(person, form.reason.data or "", actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The legal hold is placed."), "ok")
            return redirect(url_for(".hold_person", person_id=person.id))
    row = anonymising.hold_on(person.id)
    by = queries.person(row.placed_by_id) if row else None
    shown = render_template("accounts/administration/hold.html", person=person, form=form, row=row, by=by)
    return shown, 422 if form.errors else 200


@administration.post("/people/<int:person_id>/hold/lift")
@requires(policies.HOLD_PERSON, find=queries.person)
def lift_hold(person: Person) -> ResponseReturnValue:
    """Lift the legal hold on a person."""
    try:
        services.lift_hold(person, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        flash(_("The legal hold is lifted."), "ok")
    return redirect(url_for(".person", person_id=person.id))
