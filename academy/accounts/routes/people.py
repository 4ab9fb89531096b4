"""People: the list, a person's page, adding, changing, inviting, suspending, roles."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, services
from academy.accounts import queries_of_administration as queries
from academy.accounts.forms.administration import (
    ROLE_NAMES,
    STATE_NAMES,
    NewPersonForm,
    PersonForm,
    ReasonForm,
    RoleForm,
    unit_choices,
)
from academy.accounts.kinds import ACTS, panels_of
from academy.accounts.models import Person, RoleGrant
from academy.accounts.queries_of_leading import leading_of
from academy.accounts.queries_of_oversight import entries_about
from academy.accounts.routes.acting import act, one_of_mine
from academy.accounts.routes.blueprints import administration
from academy.accounts.routes.changes import names_in
from academy.accounts.rules_of_people import parse_mobile, show_mobile
from academy.base import clock, marks
from academy.base.access import ADMINISTRATOR
from academy.base.errors import Refusal, Stale
from academy.base.i18n import _, _l, current_language
from academy.base.text import clean_line
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate
from academy.web.saving import asked_mark

navigation.enter("main", 90, _l("Administration"), "administration.start", "building-2", policies.OPEN_ADMINISTRATION)
for order, label in {
    10: _l("People and organisations"),
    20: _l("Learning and certificates"),
    30: _l("Competencies"),
    40: _l("Announcements and letters"),
    50: _l("Reports and oversight"),
    60: _l("The academy"),
}.items():
    navigation.head("admin", order, label)
navigation.enter("admin", 10, _l("People"), "administration.people", "users", policies.MANAGE_PEOPLE)


@administration.get("/")
@requires(policies.OPEN_ADMINISTRATION, auditors=True)
def start() -> ResponseReturnValue:
    """The administration begins with the first page that is the visitor's: for administrators the people."""
    return redirect(navigation.menu("admin")[0].url)


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


@administration.get("/people")
@requires(policies.MANAGE_PEOPLE, auditors=True)
def people() -> ResponseReturnValue:
    """Everybody the administrator looks after, searched and filtered."""
    organisations = queries.choices_of_organisations(actor())
    only = organisations[0][0] if len(organisations) == 1 else None
    mine = {organisation_id for organisation_id, name in organisations}
    chosen = only or _number("organisation")
    wanted = queries.PeopleFilter(
        text=clean_line(request.args.get("q", ""))[:200],
        organisation_id=chosen,
        org_unit_id=_number("unit") if chosen in mine else None,
        state=clean_line(request.args.get("state", "")),
        role=clean_line(request.args.get("role", "")),
    )
    page = paginate(queries.people(actor(), wanted))
    return render_template(
        "accounts/administration/people.html",
        page=page,
        wanted=wanted,
        roles=queries.roles_of([row.id for row in page.rows]),
        organisations=[] if only else [(number, name.show(current_language())) for number, name in organisations],
        units=unit_choices(queries.units_of(chosen))[1:] if chosen in mine else [],
        role_names=ROLE_NAMES,
        state_names=STATE_NAMES,
    )


def _details(form: PersonForm, organisation_id: int) -> services.PersonDetails:
    return services.PersonDetails(
        email=form.email.data or "",
        name=form.name.text,
        job_title=form.job_title.text or None,
        mobile=parse_mobile(form.mobile.data or ""),
        employee_number=form.employee_number.data or None,
        org_unit_id=form.org_unit_id.data,
        manager_id=services.manager_id_of(form.manager.data, organisation_id),
        joined_on=form.joined_on.data,
    )


@administration.route("/people/new", methods=["GET", "POST"])
@requires(policies.MANAGE_PEOPLE)
def new_person() -> ResponseReturnValue:
    """Add a person to an organisation; the address says to which."""
    organisations = queries.choices_of_organisations(actor())
    organisation = one_of_mine(request.args.get("organisation"), [row[0] for row in organisations])
    form = NewPersonForm()
    form.org_unit_id.choices = unit_choices(queries.units_of(organisation.id))
    if form.validate_on_submit():
        try:
            person = _create(form, organisation.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("administration.person", person_id=person.id))
    shown = render_template(
        "accounts/administration/new_person.html", form=form, organisation=organisation, organisations=organisations
    )
    return shown, 422 if form.errors else 200


def _create(form: NewPersonForm, organisation_id: int) -> Person:
    at, by = clock.now(), actor().person_id
    details = _details(form, organisation_id)
    person = services.create_person(details, organisation_id=organisation_id, at=at, actor_id=by)
    if form.invite.data:
        services.invite(person, at=at, actor_id=by)
        flash(_("The person is added, and the invitation is on its way."), "ok")
    else:
        flash(_("The person is added. They have not been invited yet."), "ok")
    return person


@administration.get("/people/<int:person_id>")
@requires(policies.EDIT_PERSON, find=queries.person, auditors=True)
def person(person: Person) -> ResponseReturnValue:
    """A person's record, roles, sessions and what the trail says about them."""
    settings = current_app.extensions["settings"]
    since = clock.now() - timedelta(minutes=settings.session_idle_minutes)
    everywhere = actor().holds_everywhere(ADMINISTRATOR)
    around = queries.around(person, since=since, everywhere=everywhere)
    entries = entries_about(person, actor())
    return render_template(
        "accounts/administration/person.html",
        person=person,
        around=around,
        grants=around.grants,
        may_change=not actor().auditing
        and person.anonymised_at is None
        and (everywhere or all(row.organisation_id for row in around.grants)),
        entries=entries,
        names=names_in(entries),
        panels=panels_of(person.id, own=False),
        leading=leading_of(person.id),
        elsewhere=around.elsewhere,
        today=clock.today(),
        mobile=show_mobile(person.mobile),
        acts=ACTS,
        role_names=ROLE_NAMES,
        state_names=STATE_NAMES,
    )


@administration.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires(policies.CHANGE_PERSON, find=queries.person)
def edit_person(person: Person) -> ResponseReturnValue:
    """Change a person's record."""
    form = PersonForm(obj=person)
    form.org_unit_id.choices = unit_choices(queries.units_of(person.organisation_id), person.org_unit)
    seen, stale = asked_mark(), None
    if form.validate_on_submit():
        try:
            details = _details(form, person.organisation_id)
            services.change_person(person, details, actor_id=actor().person_id, at=clock.now(), seen=seen)
        except Stale as refusal:
            stale = refusal
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("administration.person", person_id=person.id))
    elif request.method == "GET":
        form.show_record(person, queries.around(person, since=clock.now()).manager_email)
    current = marks.mark(services.details_of(person).as_json())
    shown = render_template(
        "accounts/administration/edit_person.html", form=form, person=person, stale=stale, seen=seen or current, current=current
    )  # fmt: skip
    return shown, stale.status if stale else 422 if form.errors else 200


@administration.route("/people/<int:person_id>/suspend", methods=["GET", "POST"])
@requires(policies.CHANGE_PERSON, find=queries.person)
def suspend_person(person: Person) -> ResponseReturnValue:
    """Suspend a person, with a reason."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.suspend(person, reason=form.reason.data or "", actor_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The person is suspended and signed out everywhere."), "ok")
            return redirect(url_for("administration.person", person_id=person.id))
    return render_template(
        "accounts/administration/suspend.html", form=form, person=person
    ), 422 if form.errors else 200


@administration.post("/people/<int:person_id>/revive")
@requires(policies.CHANGE_PERSON, find=queries.person)
def revive_person(person: Person) -> ResponseReturnValue:
    """Lift a suspension."""
    return _act(person, services.revive, _("The suspension is lifted."))


@administration.post("/people/<int:person_id>/invite")
@requires(policies.CHANGE_PERSON, find=queries.person)
def invite_person(person: Person) -> ResponseReturnValue:
    """Send the invitation, or send it once more."""
    first = queries.around(person, since=clock.now()).state == queries.UNINVITED
    done = _("The invitation is on its way.") if first else _("The invitation is on its way. Earlier links no longer work.")  # fmt: skip
    return _act(person, services.invite, done)


@administration.post("/people/<int:person_id>/end-sessions")
@requires(policies.CHANGE_PERSON, find=queries.person)
def end_sessions(person: Person) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    return _act(person, services.end_sessions_of, _("The person is signed out everywhere."))


def _act(person: Person, verb: Any, done: str) -> ResponseReturnValue:
    back = url_for("administration.person", person_id=person.id)
    return act(lambda: verb(person, actor_id=actor().person_id, at=clock.now()), done, back)


@administration.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@requires(policies.CHANGE_PERSON, find=queries.person)
def give_role(person: Person) -> ResponseReturnValue:
    """Give a person a role."""
    form = RoleForm()
    units = queries.units_of(person.organisation_id)
    home = person.organisation.name.show(current_language())
    form.offer(person.organisation_id, home, units, everywhere=actor().holds_everywhere(ADMINISTRATOR))
    if form.validate_on_submit():
        try:
            services.grant_role(person, form.role.data, actor=actor(), at=clock.now(), **form.place)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The role is given."), "ok")
            return redirect(url_for("administration.person", person_id=person.id))
    return render_template(
        "accounts/administration/give_role.html", form=form, person=person
    ), 422 if form.errors else 200


@administration.post("/roles/<int:grant_id>/revoke")
@requires(policies.REVOKE_ROLE, find=queries.grant)
def revoke_role(granted: RoleGrant) -> ResponseReturnValue:
    """Withdraw a role."""
    back = url_for("administration.person", person_id=granted.person_id)
    return act(lambda: services.revoke_role(granted, actor=actor(), at=clock.now()), _("The role is withdrawn."), back)
