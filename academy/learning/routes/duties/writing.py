"""Writing a rule. What is written waits for the preview; nobody is assigned before it was looked at."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import false, select

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import MANAGE_PEOPLE
from academy.base import clock
from academy.base.access import allowed
from academy.base.db import db
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _, _l
from academy.learning import policies
from academy.learning.forms_of_duties import Offered, RuleForm, rule_form
from academy.learning.kinds import COURSE, PROGRAMME, Choices, audience_kinds
from academy.learning.models import DutyRule
from academy.learning.queries import duties as queries
from academy.learning.queries.duties import RulePage
from academy.learning.queries.working_days import calendar_owner, calendar_owners
from academy.learning.routes.blueprints import bp
from academy.learning.rules.duties import Definition
from academy.learning.services import duties as services
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor


@bp.get("/manage/duties/new")
@requires(policies.KEEP_RULES)
def new_rule() -> ResponseReturnValue:
    """Ask for which organisation; of a single one, go on at once."""
    owners = calendar_owners(policies.organisations_ruled(actor()))
    if len(owners) == 1:
        return redirect(url_for(".new_rule_in", organisation_id=owners[0][0]))
    return render_template("learning/duties/where.html", owners=owners, section_navigation=_menu())


@bp.route("/manage/duties/new/<int:organisation_id>", methods=["GET", "POST"])
@requires(policies.CREATE_RULE, find=calendar_owner)
def new_rule_in(organisation: Organisation) -> ResponseReturnValue:
    """Write a rule."""
    form = rule_form(_offered(organisation.id))
    if form.validate_on_submit():
        try:
            rule = _create(form, organisation.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".preview_rule", rule_id=rule.id))
    return _form_page(form, organisation)


def _create(form: RuleForm, organisation_id: int) -> DutyRule:
    kind, _colon, number = (form.thing.data or "").partition(":")
    unit_id = form.reach.data or None
    return services.create_rule(
        form.definition(_people(form, organisation_id, unit_id)), organisation_id=organisation_id, org_unit_id=unit_id,
        course_id=int(number) if kind == "course" else None, programme_id=int(number) if kind == "programme" else None,
        actor_id=actor().person_id, at=clock.now(),
    )  # fmt: skip


@bp.route("/manage/duties/<int:rule_id>/edit", methods=["GET", "POST"])
@requires(policies.KEEP_RULE, find=queries.rule_page)
def edit_rule(shown: RulePage) -> ResponseReturnValue:
    """Change a rule; what is in effect stays until the change was looked at."""
    rule = shown.rule
    definition = Definition.of(rule.pending or rule.definition)
    form = rule_form(_offered(rule.organisation_id), definition, _emails(definition))
    del form.reach, form.thing
    if form.validate_on_submit():
        try:
            services.change_rule(rule, form.definition(_people(form, rule.organisation_id, rule.org_unit_id)))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".preview_rule", rule_id=rule.id))
    return _form_page(form, None, shown)


def _offered(organisation_id: int) -> Offered:
    """Return what can be chosen: one statement a kind of condition, and one for courses and programmes."""
    things = queries.things_to_assign(organisation_id)
    certified: dict[str, Choices] = {COURSE: [], PROGRAMME: []}
    for thing in things:
        if thing.certified:
            certified[COURSE if thing.is_course else PROGRAMME].append((thing.key.partition(":")[2], thing.title))
    ruled = policies.units_to_rule(actor(), organisation_id)
    units = [] if ruled is None else _units(ruled)
    conditions = {
        kind.name: certified[kind.of]
        if kind.of
        else units
        if kind.name == "unit" and units
        else kind.choices(organisation_id)
        for kind in audience_kinds()
        if kind.asks_values
    }
    return Offered(units or conditions["unit"], ruled is None, things, conditions)


def _units(ruled: Any) -> Choices:
    rows = db.session.execute(select(OrgUnit.id, OrgUnit.name).where(ruled, OrgUnit.active).order_by(OrgUnit.path))
    return [(str(row.id), row.name) for row in rows]


def _people(form: RuleForm, organisation_id: int, unit_id: int | None) -> list[str]:
    """Return the ids of those who were named by e-mail. Whoever is not within reach is unknown here."""
    emails = form.emails
    if not emails:
        return []
    reach = queries.within_reach(DutyRule(organisation_id=organisation_id, org_unit_id=unit_id))
    found = db.session.execute(select(Person.id, Person.email).where(Person.email.in_(emails[:501]), reach)).all()
    known = {row.email for row in found}
    unknown = [email for email in emails if email not in known]
    if unknown:
        raise Invalid(
            _l("Nobody within reach of this rule has the address %(email)s."), field="people_values", email=unknown[0]
        )
    return [str(row.id) for row in found]


def _emails(definition: Definition) -> str:
    ids = {number for each in definition.audience.conditions if each.kind == "people" for number in each.ids}
    which = Person.id.in_(ids) if ids else false()
    return "\n".join(db.session.scalars(select(Person.email).where(which).order_by(Person.email))) if ids else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of one kind of condition."""

    values: Any
    number: Any


def _asked(form: RuleForm) -> list[Asked]:
    names = {field.short_name for field in form}
    return [
        Asked(
            form[f"{kind.name}_values"] if f"{kind.name}_values" in names else None,
            form[f"{kind.name}_number"] if f"{kind.name}_number" in names else None,
        )
        for kind in audience_kinds()
    ]


def _form_page(form: RuleForm, organisation: Organisation | None, shown: RulePage | None = None) -> ResponseReturnValue:
    page = render_template(
        "learning/duties/edit.html",
        form=form,
        organisation=organisation,
        shown=shown,
        conditions=_asked(form),
        section_navigation=_menu(),
    )
    return page, 422 if form.errors else 200


def _menu() -> list[navigation.Link]:
    return navigation.menu("admin") if allowed(MANAGE_PEOPLE, actor()) else []


def say_discarded(there: bool) -> None:
    """Say what was thrown away."""
    flash(_("The change has been discarded.") if there else _("The draft has been discarded."), "ok")
