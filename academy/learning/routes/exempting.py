"""Exemptions: asking for one, proposing one for somebody, the list of them, taking one back."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.accounts.queries import person
from academy.base import clock
from academy.base.errors import Conflict, NotFound, Refusal
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.learning import naming, policies, services
from academy.learning import policies_of_exemptions as may_exempt
from academy.learning.forms_of_entry import EndForm, ExemptionForm, ProposalForm
from academy.learning.queries import exemptions as queries
from academy.learning.queries import requests
from academy.learning.queries.exemptions import ExemptionRow
from academy.learning.queries.programmes import programme_by_key
from academy.learning.queries.requests import RequestRow, step_in
from academy.learning.routes.asking import send_request
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.finding import MyStep, my_step
from academy.learning.rules.programmes import COURSE
from academy.web import navigation
from academy.web.access import may, requires
from academy.web.files import download
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

STATES: dict[str, tuple[object, str, str]] = {
    "active": (_l("In force"), "info", "user-check"),
    "ended": (_l("Its last day has passed"), "", "calendar"),
    "revoked": (_l("Taken back"), "warn", "undo-2"),
    "overtaken": (_l("It was done after all"), "ok", "check"),
}
name_act("learning:exemption:ask", _l("Exemption asked for"))
name_act("learning:exemption:grant", _l("Exemption granted"))
name_act("learning:exemption:revoke", _l("Exemption taken back"))
name_act("learning:exemption:end", _l("Exemption ended"))
navigation.enter("user", 21, _l("Exemptions"), "learning.exemptions", "user-check", may_exempt.KEEP_EXEMPTIONS)


@bp.route("/courses/<key>/exemption", methods=["GET", "POST"])
@requires(may_exempt.ASK_EXEMPTION, find=course_by_key)
def ask_exemption(course: Course) -> ResponseReturnValue:
    """Ask to be exempted from a course."""
    form, back = ExemptionForm(), url_for(".course", key=course.key)
    if sent := send_request(form, _send(form, course_id=course.id), back):
        return sent
    here = url_for(".ask_exemption", key=course.key)
    return _asking(form, titles([course.id])[course.id], here, back)


@bp.route("/programmes/<programme_key>/steps/<step_key>/exemption", methods=["GET", "POST"])
@requires(policies.USE_PLACE, find=my_step)
def ask_step_exemption(mine: MyStep) -> ResponseReturnValue:
    """Ask to be exempted from a step of the programme that the visitor is in."""
    programme, step = mine.place.page.programme, mine.step
    form, back = ExemptionForm(), url_for(".programme", programme_key=programme.key)
    if step.kind == COURSE and step.course_key:
        return redirect(url_for(".ask_exemption", key=step.course_key))
    if sent := send_request(form, _send(form, step=(programme.id, step.key)), back):
        return sent
    here = url_for(".ask_step_exemption", programme_key=programme.key, step_key=step.key)
    return _asking(form, step_in(naming.step_title(step), mine.place.page.version.title), here, back)


def _send(form: ExemptionForm, **what: Any) -> Callable[[], object]:
    return lambda: services.ask_exemption(
        actor().person_id, **what, note=form.note.data or "", proof=form.file(), at=clock.now()
    )


def _asking(
    form: ExemptionForm, title: LocalizedText, here: str, back: str, who: Person | None = None
) -> ResponseReturnValue:
    shown = render_template("learning/exemptions/ask.html", form=form, title=title, here=here, back=back, who=who)
    return shown, 422 if form.errors else 200


@bp.route("/people/<int:person_id>/exemption", methods=["GET", "POST"])
@requires(may_exempt.PROPOSE_EXEMPTION, find=person)
def propose_exemption(who: Person) -> ResponseReturnValue:
    """Propose an exemption for somebody; another person decides."""
    form = ProposalForm(course=request.args.get("course"))
    offered = [*queries.courses_to_exempt(who), *queries.steps_to_exempt(who)]
    form.course.choices = [(key, plain(title)) for key, title in offered]
    if form.validate_on_submit() and (chosen := _chosen(form.course.data)):
        try:
            services.ask_exemption(
                who.id, **chosen, note=form.note.data or "", proof=form.file(), by_id=actor().person_id, at=clock.now()
            )
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(url_for(".exemptions"))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your proposal is on its way to whoever decides."), "ok")
            return redirect(url_for(".requests"))
    here, back = url_for(".propose_exemption", person_id=who.id), url_for(".exemptions")
    return _asking(form, who.name, here, back, who)


def _chosen(value: str) -> dict[str, Any]:
    """Return what was chosen from: a course, or a step of a programme, written as programme/step."""
    key, _slash, step = value.partition("/")
    if step:
        programme = programme_by_key(key)
        return {"step": (programme.id, step)} if programme else {}
    course = course_by_key(key)
    return {"course_id": course.id} if course else {}


@bp.get("/exemptions")
@requires(may_exempt.KEEP_EXEMPTIONS)
def exemptions() -> ResponseReturnValue:
    """List the exemptions of the visitor's people: in force, or over."""
    over = request.args.get("state") == "over"
    page = paginate(queries.exemptions_of(may_exempt.exempted_seen(actor()), in_force=not over))
    return render_template(
        "learning/exemptions/list.html",
        page=page,
        rows=[queries.exemption_of(row) for row in page.rows],
        over=over,
        states=STATES,
    )


@bp.route("/exemptions/<int:exemption_id>", methods=["GET", "POST"])
@requires(may_exempt.SEE_EXEMPTION, find=queries.exemption)
def exemption(row: ExemptionRow) -> ResponseReturnValue:
    """Show an exemption; take it back with a reason."""
    revokes, form, status = may(may_exempt.REVOKE_EXEMPTION, row), EndForm(), 200
    if request.method == "POST":
        if not revokes:
            raise NotFound
        status = 422
        if form.validate_on_submit():
            try:
                services.revoke(row.id, reason=form.reason.data or "", by_id=actor().person_id, at=clock.now())
            except Conflict as refusal:
                flash(refusal.for_reader(), "warn")
                return redirect(url_for(".exemption", exemption_id=row.id))
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                flash(_("The exemption has been taken back. The learner is told, with your reason."), "ok")
                return redirect(url_for(".exemption", exemption_id=row.id))
    keeps = may(may_exempt.KEEP_EXEMPTIONS, None)
    shown = render_template(
        "learning/exemptions/exemption.html", row=row, form=form, revokes=revokes, states=STATES, keeps=keeps
    )
    return shown, status


def _with_proof(request_id: int) -> RequestRow | None:
    found = requests.request(request_id)
    return found if found is not None and found.proof_id is not None else None


@bp.get("/requests/<int:request_id>/proof")
@requires(policies.READ_REQUEST, find=_with_proof)
def request_proof(asked: RequestRow) -> ResponseReturnValue:
    """The proof as a download, for those who may read the request."""
    stored = requests.proof_of(asked.id)
    if stored is None:
        raise NotFound
    return download(stored)
