"""Goals: mine, those of somebody I lead, agreeing on them, check-ins (CM9)."""

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.competencies import kinds_of_goals as kinds
from academy.competencies import policies_of_goals as policies
from academy.competencies import queries as competencies
from academy.competencies import services
from academy.competencies.forms.goals import CheckInForm, GoalDecisionForm, GoalForm, SignForm
from academy.competencies.models import Goal
from academy.competencies.models.goals import OPEN
from academy.competencies.queries import goals as queries
from academy.competencies.queries.goals import FoundAppraisal, FoundGoal
from academy.competencies.routes.blueprints import bp
from academy.competencies.services import Wanted
from academy.web.access import may, requires
from academy.web.filters import percent, plain
from academy.web.forms import AcademyForm
from academy.web.identity import actor

Asked = TypeVar("Asked", bound=AcademyForm)

name_act("competencies:cycle:open", _l("Appraisal cycle opened"))
name_act("competencies:cycle:end", _l("Appraisal cycle ended early"))
name_act("competencies:cycle:reopen", _l("Appraisal cycle goes on"))
name_act("competencies:cycle:remove", _l("Appraisal cycle removed before it began"))
name_act("competencies:goal:decide", _l("Goal agreed or returned"))
name_act("competencies:appraisal:sign", _l("Appraisal signed by the manager"))
name_act("competencies:appraisal:answer", _l("Appraisal answered by the person"))
STEPS = range(0, 101, 10)


@bp.get("/goals")
@requires(policies.LIST_GOALS)
def goals() -> ResponseReturnValue:
    """My appraisals, and those of the people I lead."""
    who, at = actor(), clock.now()
    return render_template(
        "competencies/goals/list.html", own=queries.own(who.person_id), led=queries.led(who, at) if who.leads else [],
        cycles=queries.cycles_led(who) if who.leads else [], stages=kinds.STAGES,
    )  # fmt: skip


@bp.get("/goals/<int:appraisal_id>")
@requires(policies.SEE_APPRAISAL, find=queries.appraisal)
def appraisal(found: FoundAppraisal) -> ResponseReturnValue:
    """Somebody's goals, check-ins, appraisal and what happened so far."""
    return _page(found)


def _page(
    found: FoundAppraisal, *, decision: GoalDecisionForm | None = None, note: CheckInForm | None = None,
    sign: SignForm | None = None, at_goal: int = 0,
) -> ResponseReturnValue:  # fmt: skip
    own, row, at = found.person.id == actor().person_id, found.appraisal, clock.now()
    shown = render_template(
        "competencies/goals/appraisal.html", found=found, own=own, goals=queries.goals_of(row.id, drafts=own),
        notes=queries.check_ins(row.id), events=queries.events_of(row.id), states=kinds.GOAL_STATES, acts=kinds.ACTS,
        open=found.is_open(at) and row.state == OPEN, leads=may(policies.DECIDE_GOALS, found), at_goal=at_goal,
        decision_of=lambda goal: _at(goal.id, decision if goal.id == at_goal and decision else GoalDecisionForm(formdata=None)),
        note_of=lambda goal: _at(goal.id, note if goal.id == at_goal and note else _note_form(progress=goal.progress)),
        sign=sign or SignForm(formdata=None, data={"revision": row.revision}),
    )  # fmt: skip
    return shown, 422 if any(form is not None and form.errors for form in (decision, note, sign)) else 200


def _note_form(*, progress: int | None = None) -> CheckInForm:
    """The form as it was sent, or with how far a goal is."""
    form = CheckInForm() if progress is None else CheckInForm(formdata=None, data={"progress": progress})
    form.progress.choices = [(step, percent(step / 100)) for step in STEPS]
    return form


def _at(goal_id: int, form: Asked) -> Asked:
    """The form with ids of its own, as a page has one for each goal."""
    for each in form:
        each.id = f"{each.short_name}-{goal_id}"
    return form


@bp.route("/goals/<int:appraisal_id>/new", methods=["GET", "POST"])
@requires(policies.WRITE_GOALS, find=queries.appraisal)
def new_goal(found: FoundAppraisal) -> ResponseReturnValue:
    """Write a goal of mine down."""
    return _written(found, None)


@bp.route("/goals/goal/<int:goal_id>", methods=["GET", "POST"])
@requires(policies.WRITE_GOALS, find=queries.goal)
def edit_goal(found: FoundGoal) -> ResponseReturnValue:
    """Change a goal that was not sent or came back, or remove one that the manager has never seen."""
    if request.method == "POST" and request.form.get("act") == "remove":
        services.remove_goal(found, at=clock.now())
        flash(_("The goal has been removed."), "ok")
        return _back(found.of)
    return _written(found.of, found.goal)


def _written(found: FoundAppraisal, row: Goal | None) -> ResponseReturnValue:
    known = competencies.competency_choices()
    ids = competencies.competency_ids([key for key, _name in known])
    kept = next((key for key, number in ids.items() if row and number == row.competency_id), "")
    form = GoalForm(obj=row, data={"competency": kept})
    form.competency.choices = [("", _("None in particular")), *((key, plain(name)) for key, name in known)]
    if form.validate_on_submit() and form.due_on.data is not None:
        said = Wanted(
            form.title.data or "", form.success.data or "", form.due_on.data, ids.get(form.competency.data or "")
        )
        try:
            services.set_goal(found, said, at=clock.now(), row=row)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The goal is kept. Send your goals to your manager once all of them stand."), "ok")
            return _back(found)
    shown = render_template("competencies/goals/goal.html", found=found, form=form, row=row)
    return shown, 422 if form.errors else 200


@bp.post("/goals/<int:appraisal_id>/send")
@requires(policies.WRITE_GOALS, find=queries.appraisal)
def send_goals(found: FoundAppraisal) -> ResponseReturnValue:
    """Send my goals to my manager."""
    try:
        services.send_goals(found, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        flash(_("Your goals have been sent. Your manager is told of them."), "ok")
    return _back(found)


@bp.post("/goals/goal/<int:goal_id>/decision")
@requires(policies.DECIDE_GOALS, find=queries.goal)
def decide_goal(found: FoundGoal) -> ResponseReturnValue:
    """Agree to a goal, or return it with a reason."""
    form, who, at = GoalDecisionForm(), actor().person_id, clock.now()
    if not form.validate_on_submit():
        return _page(found.of, decision=form, at_goal=found.goal.id)
    try:
        if request.form.get("act") == "agree":
            services.agree_goal(found, by_id=who, at=at)
        else:
            services.return_goal(found, form.reason.data or "", by_id=who, at=at)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(found.of, decision=form, at_goal=found.goal.id)
    flash(_("Your answer has been kept. The person is told of it."), "ok")
    return _back(found.of)


@bp.post("/goals/goal/<int:goal_id>/check-ins")
@requires(policies.CHECK_IN, find=queries.goal)
def check_in(found: FoundGoal) -> ResponseReturnValue:
    """Write a check-in about a goal."""
    form = _note_form()
    if not form.validate_on_submit():
        return _page(found.of, note=form, at_goal=found.goal.id)
    try:
        services.check_in(found, form.progress.data, form.note.data or "", by_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(found.of, note=form, at_goal=found.goal.id)
    flash(_("The check-in is kept."), "ok")
    return _back(found.of)


@bp.post("/goals/<int:appraisal_id>/answer")
@requires(policies.WRITE_GOALS, find=queries.appraisal)
def answer_appraisal(found: FoundAppraisal) -> ResponseReturnValue:
    """Sign my appraisal, or object and say why."""
    form, at = SignForm(), clock.now()
    if not form.validate_on_submit() or form.revision.data is None:
        return _page(found, sign=form)
    try:
        if request.form.get("act") == "confirm":
            services.confirm_appraisal(found, form.revision.data, at=at)
        else:
            services.object_to_appraisal(found, form.revision.data, form.reason.data or "", at=at)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(found, sign=form)
    flash(_("Your answer has been kept. Your manager is told of it."), "ok")
    return _back(found)


def _back(found: FoundAppraisal) -> Response:
    return redirect(url_for(".appraisal", appraisal_id=found.appraisal.id))
