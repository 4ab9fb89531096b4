"""The parts of an appraisal, cycles as a whole, and opening them (CM9)."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock, jobs
from academy.base.access import ADMINISTRATOR
from academy.base.dates import riyadh_day
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.competencies import kinds_of_goals as kinds
from academy.competencies import policies_of_goals as policies
from academy.competencies import services
from academy.competencies.forms.goals import ManagersPartForm, OpenCycleForm, SelfPartForm
from academy.competencies.models import AppraisalCycle
from academy.competencies.models.goals import OBJECTED, OPEN
from academy.competencies.queries import goals as queries
from academy.competencies.queries import rounds
from academy.competencies.queries.goals import FoundAppraisal
from academy.competencies.routes.blueprints import bp
from academy.competencies.rules.goals import STAGES
from academy.competencies.services import Cycle, ManagersPart
from academy.web import navigation
from academy.web.access import requires
from academy.web.filters import number, plain
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("admin", 36, _l("Goals and appraisals"), "competencies.cycles", "flag", policies.KEEP_CYCLES)
HALF_YEAR = timedelta(days=180)


@bp.route("/goals/<int:appraisal_id>/self", methods=["GET", "POST"])
@requires(policies.WRITE_GOALS, find=queries.appraisal)
def self_part(found: FoundAppraisal) -> ResponseReturnValue:
    """My own part of the appraisal: saved as often as I like, then handed in."""
    row, at = found.appraisal, clock.now()
    form = SelfPartForm(data={"self_part": row.self_part})
    if form.validate_on_submit():
        hand_in = request.form.get("act") == "hand_in"
        try:
            services.save_self_part(found, form.self_part.data or "", hand_in=hand_in, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your part has been handed in.") if hand_in else _("The draft has been saved."), "ok")
            return redirect(url_for(".appraisal" if hand_in else ".self_part", appraisal_id=row.id))
    writable = found.is_open(at) and row.state == OPEN and row.self_sent_at is None
    shown = render_template("competencies/goals/self.html", found=found, form=form, writable=writable)
    return shown, 422 if form.errors else 200


@bp.route("/goals/<int:appraisal_id>/manager", methods=["GET", "POST"])
@requires(policies.DECIDE_GOALS, find=queries.appraisal)
def managers_part(found: FoundAppraisal) -> ResponseReturnValue:
    """The manager's part and the talk: saved as often as needed, signed after the talk."""
    row, at = found.appraisal, clock.now()
    form = ManagersPartForm(obj=row)
    if form.validate_on_submit() and form.revision.data is not None:
        said = ManagersPart(form.manager_part.data or "", form.talked_on.data, form.talk_note.data or "")
        sign = request.form.get("act") == "sign"
        try:
            if sign:
                services.sign_appraisal(found, said, form.revision.data, by_id=actor().person_id, at=at)
            else:
                services.save_managers_part(found, said, form.revision.data, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(
                _("You have signed. The person is asked to sign too.") if sign else _("The draft has been saved."), "ok"
            )
            return redirect(url_for(".appraisal" if sign else ".managers_part", appraisal_id=row.id))
    shown = render_template(
        "competencies/goals/manager.html", found=found, form=form, writable=row.state in (OPEN, OBJECTED),
        again=row.state == OBJECTED,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.get("/goals/cycles/<int:cycle_id>")
@requires(policies.SEE_CYCLE, find=queries.cycle)
def cycle(row: AppraisalCycle) -> ResponseReturnValue:
    """Who of a cycle stands where; texts are on the pages of those whom the reader leads."""
    who, whole, stage = actor(), actor().has(ADMINISTRATOR, row.organisation_id), request.args.get("stage", "")
    page = paginate(queries.in_cycle(who, row, whole=whole, at_stage=stage))
    return render_template(
        "competencies/goals/cycle.html", row=row, page=page, rows=[queries.row_of(each) for each in page.rows],
        stage=stage if stage in STAGES else "", stages=kinds.STAGES, counts=queries.stages_in(who, row, whole=whole),
        keeps=whole, today=riyadh_day(clock.now()), choices=[("", _("All")), *kinds.STAGES.items()],
    )  # fmt: skip


@bp.post("/goals/cycles/<int:cycle_id>/reminders")
@requires(policies.REMIND_CYCLE, find=queries.cycle)
def remind_cycle(row: AppraisalCycle) -> ResponseReturnValue:
    """Remind those who owe the next step, once a day at most."""
    whole = actor().has(ADMINISTRATOR, row.organisation_id)
    told = services.remind_of_cycle(row, actor(), whole=whole, at=clock.now())
    if told:
        flash(_("Reminders were sent. Steps that wait: %(num)s.", num=number(told)), "ok")
    else:
        flash(_("Nobody owes a step, or everybody was reminded today."), "info")
    return redirect(url_for(".cycle", cycle_id=row.id))


@bp.post("/goals/cycles/<int:cycle_id>/end")
@requires(policies.END_CYCLE, find=queries.cycle)
def end_cycle(row: AppraisalCycle) -> ResponseReturnValue:
    """End a cycle before its last day; one that has not begun is removed."""
    at = clock.now()
    begun, number_of = row.opens_on <= riyadh_day(at), row.id
    services.end_cycle(row, by_id=actor().person_id, at=at)
    if not begun:
        flash(_("The cycle is removed. Nobody had been told of it."), "ok")
        return redirect(url_for(".cycles"))
    jobs.enqueue("competencies.tell_of_ending", cycle_id=number_of)
    flash(_("The cycle has ended. Whoever has not finished is told of it."), "ok")
    return redirect(url_for(".cycle", cycle_id=number_of))


@bp.post("/goals/cycles/<int:cycle_id>/reopen")
@requires(policies.END_CYCLE, find=queries.cycle)
def reopen_cycle(row: AppraisalCycle) -> ResponseReturnValue:
    """Let a cycle go on that was ended early."""
    services.reopen_cycle(row, by_id=actor().person_id, at=clock.now())
    flash(_("The cycle goes on until its last day."), "ok")
    return redirect(url_for(".cycle", cycle_id=row.id))


@bp.get("/admin/appraisal-cycles")
@requires(policies.KEEP_CYCLES)
def cycles() -> ResponseReturnValue:
    """List the appraisal cycles of my organisations."""
    return render_template("competencies/goals/cycles.html", rows=queries.cycles_kept(actor()))


@bp.route("/admin/appraisal-cycles/new", methods=["GET", "POST"])
@requires(policies.KEEP_CYCLES)
def open_cycle() -> ResponseReturnValue:
    """Open a cycle for everybody of an organisation or unit."""
    form, at = OpenCycleForm(), clock.now()
    form.unit.choices = [(key, "– " * depth + plain(name)) for key, name, depth in rounds.places_of(actor())]
    if form.validate_on_submit() and form.opens_on.data is not None and form.closes_on.data is not None:
        said = Cycle(form.title.text, form.opens_on.data, form.closes_on.data)
        try:
            people = rounds.people_at(form.unit.data, actor())
            row = services.open_cycle(said, people, by_id=actor().person_id, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            jobs.enqueue("competencies.tell_cycles")
            flash(_("The cycle is open. Its people are told of it on its first day."), "ok")
            return redirect(url_for(".cycle", cycle_id=row.id))
    elif request.method == "GET":
        form.opens_on.data, form.closes_on.data = riyadh_day(at), riyadh_day(at + HALF_YEAR)
    shown = render_template("competencies/goals/new.html", form=form)
    return shown, 422 if form.errors else 200
