"""My development: what is missing, the plan that closes it, what my manager says to it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.base import clock
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, rules, services
from academy.competencies.forms.development import AddCourseForm, AddEvidenceForm, PlanDecisionForm
from academy.competencies.models.development import APPROVED, CLOSED
from academy.competencies.queries import development, planning, reviews
from academy.competencies.queries.development import FoundPlan
from academy.competencies.routes.blueprints import bp
from academy.web.access import may, requires
from academy.web.filters import in_digits, number, plain
from academy.web.identity import actor

name_act("competencies:plan:send", _l("Development plan sent to the manager"))
name_act("competencies:plan:withdraw", _l("Development plan taken back"))
name_act("competencies:plan:decide", _l("Development plan decided"))


@bp.get("/development")
@requires(policies.DEVELOP)
def my_development() -> ResponseReturnValue:
    """What is missing to what is asked of me, my plan, and earlier plans."""
    return _overview(actor().person_id, None)


@bp.post("/development")
@requires(policies.DEVELOP)
def make_plan() -> ResponseReturnValue:
    """Propose a plan, or make an open one anew from what is asked and proven now."""
    person, at = accounts.person(actor().person_id), clock.now()
    assert person is not None
    plan = (
        services.plan_anew(person, at=at) if request.form.get("act") == "anew" else services.start_plan(person, at=at)
    )
    if plan is None:
        flash(_("No gap is left, so there is nothing to plan. Your plan is closed."), "ok")
        return redirect(url_for(".my_development"))
    return redirect(url_for(".development_plan", development_id=plan.id))


@bp.get("/people/<int:person_id>/development")
@requires(policies.SEE_PERSON, find=accounts.person)
def development_of(who: Person) -> ResponseReturnValue:
    """What is missing to what is asked of another person, and their plans."""
    return _overview(who.id, who)


def _overview(person_id: int, who: Person | None) -> ResponseReturnValue:
    standing = queries.standing_of(person_id)
    plans = [plan for plan in development.plans_of(person_id) if development.may_show(plan, actor().person_id)]
    return render_template(
        "competencies/development.html", person=who, standing=standing, gaps=planning.lines_of(standing),
        levels=queries.level_names(), plan=next((plan for plan in plans if plan.state != CLOSED), None),
        closed=[plan for plan in plans if plan.state == CLOSED], states=kinds.PLAN_STATES, ends=kinds.PLAN_ENDS,
        decides=who is None and may(policies.LIST_PLANS, None),
        reviews=who is None and reviews.names(actor().person_id),
    )  # fmt: skip


@bp.get("/development/waiting")
@requires(policies.LIST_PLANS)
def plans_waiting() -> ResponseReturnValue:
    """The plans that wait for my decision."""
    return render_template("competencies/development_waiting.html", rows=development.plans_waiting(actor()))


@bp.get("/development/plans/<int:development_id>")
@requires(policies.SEE_PLAN, find=development.development_plan)
def development_plan(found: FoundPlan) -> ResponseReturnValue:
    """A plan: what is to be done, what has come of it, and what may be done with it now."""
    return _shown(found, PlanDecisionForm(data={"revision": found.plan.revision}))


def _shown(found: FoundPlan, form: PlanDecisionForm) -> ResponseReturnValue:
    plan, standing = found.plan, found.standing()
    changes = development.changes_since(plan, standing) if plan.state != CLOSED else ()
    items = development.items_of(plan, standing)
    known = {each.key: each for domain in standing.domains for each in domain.competencies}
    own = plan.person_id == actor().person_id
    shown = render_template(
        "competencies/development_plan.html", found=found, plan=plan, items=items, known=known, own=own, form=form,
        levels=queries.level_names(), changes=changes, stale=any(each.matters for each in changes),
        earlier=_earlier(found), hours=sum(each.hours for each in items), states=kinds.PLAN_STATES, ends=kinds.PLAN_ENDS,
        left=[each for each in planning.lines_of(standing) if each.key in plan.basis],
        decides=plan.state == "sent" and not own and may(policies.DECIDE_PLAN, found),
        origin=found.origin, reviews=reviews.reviews_of(plan.id) if found.reviewed else [], review_states=kinds.REVIEW_STATES,
        left_to_review=own and plan.state == APPROVED and services.reviewable(items, standing),
        most=rules.MOST_LINES, observes=any(each.kind == "observation" and not each.is_done for each in items),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _earlier(found: FoundPlan) -> Sequence[rules.Change]:
    return [rules.Change(each["key"], each["how"], each["before"], each["after"]) for each in found.plan.changes]


@bp.route("/development/plans/<int:development_id>/add", methods=["GET", "POST"])
@requires(policies.CHANGE_PLAN, find=development.development_plan)
def add_to_plan(found: FoundPlan) -> ResponseReturnValue:
    """Choose a course of the catalogue, or evidence for a gap, to put into my plan."""
    at, act = clock.now(), request.form.get("act", "")
    course, evidence = _add_forms(found)
    form = evidence if act == "evidence" else course
    if form.validate_on_submit():
        try:
            if act == "evidence":
                services.add_evidence_to_plan(found.plan, evidence.kind.data, evidence.competency.data, at=at)
            else:
                services.add_course(found.plan, found.person, course.course.data, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("It is in your plan now."), "ok")
            return _back(found)
    shown = render_template(
        "competencies/development_add.html", form=form, course=course, evidence=evidence, plan=found.plan
    )
    return shown, 422 if form.errors else 200


def _add_forms(found: FoundPlan) -> tuple[AddCourseForm, AddEvidenceForm]:
    """Return both forms. What the plan holds is not offered; whoever chooses it all the same, in an older page, is told so."""
    act = request.form.get("act", "")
    held = set() if request.method == "POST" else development.courses_in(found.plan)
    course = AddCourseForm(formdata=None) if act == "evidence" else AddCourseForm()
    evidence = AddEvidenceForm() if act == "evidence" else AddEvidenceForm(formdata=None)
    course.course.choices = [
        (each.id, _("%(title)s (%(hours)s h)", title=plain(each.title), hours=in_digits(number(each.hours))))
        for each in planning.takeable(found.person, at=clock.now())
        if each.id not in held
    ]
    evidence.competency.choices = [(each.key, plain(each.name)) for each in planning.lines_of(found.standing())]
    return course, evidence


@bp.post("/development/plans/<int:development_id>/remove")
@requires(policies.CHANGE_PLAN, find=development.development_plan)
def remove_from_plan(found: FoundPlan) -> ResponseReturnValue:
    """Take something out of my plan."""
    typed = request.form.get("item", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound
    services.remove_item(found.plan, int(typed), found.person, at=clock.now())
    return _back(found)


@bp.post("/development/plans/<int:development_id>/move")
@requires(policies.CHANGE_PLAN, find=development.development_plan)
def move_plan(found: FoundPlan) -> ResponseReturnValue:
    """Send my plan, take it back, ask to be observed, or end it."""
    plan, at = found.plan, clock.now()
    match request.form.get("act"):
        case "send":
            services.send_plan(plan, at=at)
            flash(_("Your plan has been sent. You will be told what is decided."), "ok")
        case "take_back":
            services.take_back_plan(plan, at=at)
        case "observe":
            services.ask_observation(plan, at=at)
            flash(_("Your manager has been asked to observe you at work."), "ok")
        case "close":
            services.close_plan(plan, at=at)
            flash(_("Your plan is closed."), "ok")
            return redirect(url_for(".my_development"))
        case _:
            raise NotFound
    return _back(found)


@bp.post("/development/plans/<int:development_id>/decide")
@requires(policies.DECIDE_PLAN, find=development.development_plan)
def decide_plan(found: FoundPlan) -> ResponseReturnValue:
    """Approve a plan as I saw it, or give it back with a reason."""
    form = PlanDecisionForm()
    if not form.validate_on_submit() or form.revision.data is None:
        return _shown(found, form)
    by_id, at, said = actor().person_id, clock.now(), form.reason.data or ""
    try:
        if request.form.get("act") == "approve":
            services.approve_plan(found.plan, form.revision.data, said, by_id=by_id, at=at)
        else:
            services.return_plan(found.plan, form.revision.data, said, by_id=by_id, at=at)
    except Invalid as refusal:
        form.refuse(refusal)
        return _shown(found, form)
    flash(_("Your decision has been kept. The person is told of it."), "ok")
    return _back(found)


def _back(found: FoundPlan) -> Response:
    return redirect(url_for(".development_plan", development_id=found.id))
