"""Deputies, by the manager themself and by an administrator; matrix managers, by an administrator."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, services
from academy.accounts import queries_of_leading as queries
from academy.accounts.forms.leading import DeputyForm, MatrixForm
from academy.accounts.models import Deputyship, MatrixLine, Person
from academy.accounts.queries import person as person_by_id
from academy.accounts.queries_of_administration import person as find_person
from academy.accounts.routes.acting import act
from academy.accounts.routes.blueprints import administration, bp
from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import NotAllowed, Refusal
from academy.base.i18n import _, _l
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor

navigation.enter(
    "own",
    15,
    _l("My deputy"),
    "accounts.deputy",
    "user-check",
    policies.OWN_ACCOUNT,
    shows=lambda visitor: visitor.leads,
)


@bp.route("/account/deputy", methods=["GET", "POST"])
@requires(policies.OWN_ACCOUNT)
def deputy() -> ResponseReturnValue:
    """Who stands in for the visitor, and for whom the visitor stands in."""
    form, names = DeputyForm(), allowed(policies.NAME_DEPUTY, actor())
    if request.method == "POST" and not names:
        raise NotAllowed
    me = person_by_id(actor().person_id)
    assert me is not None
    if form.validate_on_submit() and _named(form, me):
        return redirect(url_for("accounts.deputy"))
    if request.method == "GET":
        form.starts_on.data = clock.today()
    shown = render_template(
        "accounts/deputy.html", form=form, rows=queries.leading_of(me.id).stand_ins, names=names, today=clock.today(),
        section_navigation=navigation.menu("own"),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/account/deputy/<int:deputyship_id>/end")
@requires(policies.END_DEPUTYSHIP, find=queries.deputyship)
def end_deputyship(found: Deputyship) -> ResponseReturnValue:
    """End it early, by the manager or by the deputy."""
    return _end(found, url_for("accounts.deputy"))


@administration.route("/people/<int:person_id>/deputy", methods=["GET", "POST"])
@requires(policies.CHANGE_PERSON, find=find_person)
def name_deputy(person: Person) -> ResponseReturnValue:
    """Let somebody stand in for a manager."""
    form, back = DeputyForm(), url_for("administration.person", person_id=person.id)
    if form.validate_on_submit() and _named(form, person):
        return redirect(back)
    if request.method == "GET":
        form.starts_on.data = clock.today()
    shown = render_template("accounts/administration/name_deputy.html", form=form, person=person, back=back)
    return shown, 422 if form.errors else 200


@administration.post("/deputies/<int:deputyship_id>/end")
@requires(policies.STOP_DEPUTYSHIP, find=queries.deputyship)
def stop_deputyship(found: Deputyship) -> ResponseReturnValue:
    """End early what a deputy may do."""
    return _end(found, url_for("administration.person", person_id=found.manager_id))


@administration.route("/people/<int:person_id>/matrix", methods=["GET", "POST"])
@requires(policies.CHANGE_PERSON, find=find_person)
def add_matrix_manager(person: Person) -> ResponseReturnValue:
    """Give a person a matrix manager beside the line manager."""
    form, back = MatrixForm(), url_for("administration.person", person_id=person.id)
    if form.validate_on_submit():
        try:
            services.add_matrix_manager(
                person, form.manager.data or "", form.label.text, actor_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(back)
    shown = render_template("accounts/administration/add_matrix.html", form=form, person=person, back=back)
    return shown, 422 if form.errors else 200


@administration.post("/matrix/<int:line_id>/remove")
@requires(policies.REMOVE_MATRIX, find=queries.matrix_line)
def remove_matrix_manager(line: MatrixLine) -> ResponseReturnValue:
    """Take a matrix manager from a person."""
    back = url_for("administration.person", person_id=line.person_id)
    return act(
        lambda: services.remove_matrix_manager(line, actor_id=actor().person_id, at=clock.now()), _("Removed."), back
    )


def _named(form: DeputyForm, manager: Person) -> bool:
    """Name the deputy asked for; show the refusal at its field and return False if it cannot be."""
    first, last = form.starts_on.data, form.ends_on.data
    assert first is not None and last is not None
    try:
        services.name_deputy(
            manager, form.deputy.data or "", starts_on=first, ends_on=last, actor_id=actor().person_id, at=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    flash(_("The deputy is named, and both are told."), "ok")
    return True


def _end(found: Deputyship, back: str) -> ResponseReturnValue:
    done = _("It has ended, and both are told.")
    return act(lambda: services.end_deputyship(found, actor_id=actor().person_id, at=clock.now()), done, back)
