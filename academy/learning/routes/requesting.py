"""Requests for a place: asking, what waits for one's decision, deciding on the page or from a letter.

A letter's link opens a page that asks for the answer; opening it changes nothing. The link belongs to one decider and one
request, works once, for two weeks, and only while that person may still decide. It needs no signing in, so that a manager can
answer from a phone; a browser in which somebody else is signed in is turned away.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.policies import people_managed
from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.errors import Conflict, NotFound, Refusal
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.learning import policies, services
from academy.learning.forms_of_entry import AnswerForm, AskForm, ExemptionAnswerForm
from academy.learning.models.requests import EXEMPTION
from academy.learning.queries import entry
from academy.learning.queries import programmes as programme_queries
from academy.learning.queries import requests as queries
from academy.learning.queries.requests import RequestRow
from academy.learning.refusals import AlreadyAnswered
from academy.learning.routes.asking import send_request
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.finding import the_page
from academy.learning.scopes import may_decide
from academy.web import identity, navigation
from academy.web.access import public, requires
from academy.web.identity import actor, current_actor
from academy.web.pagination import paginate

MOST_WAITING = 50
STATES: dict[str, tuple[object, str, str]] = {
    "waiting": (_l("Waiting for a decision"), "warn", "hourglass"),
    "approved": (_l("Approved"), "ok", "check"),
    "refused": (_l("Refused"), "bad", "x"),
    "withdrawn": (_l("Taken back"), "", "undo-2"),
}

name_act("learning:request:ask", _l("Place asked for"))
name_act("learning:request:withdraw", _l("Request taken back"))
name_act("learning:request:decide", _l("Request decided"))
name_act("learning:request:escalate", _l("Request gone on in silence"))


def _waiting(visitor: Actor) -> object:
    """Return the query of how many requests wait for somebody; None for those whom nobody asks."""
    leads = visitor.leads or bool(visitor.grants)
    return queries.count_waiting() if leads else None


_counted = identity.tallied("to_decide", _waiting)
navigation.enter(
    "main", 16, _l("Requests"), "learning.requests", "inbox", policies.LEARN,
    shows=lambda visitor: _counted(visitor) > 0, counts=_counted,
)  # fmt: skip
navigation.enter("user", 20, _l("Requests"), "learning.requests", "inbox", policies.LEARN, counts=_counted)


@bp.get("/requests")
@requires(policies.LEARN)
def requests() -> ResponseReturnValue:
    """What waits for the visitor's decision, what they asked for themselves, who of their people waits for a seat."""
    me = actor()
    leads = me.leads or bool(me.grants)
    page = paginate(queries.waiting_for(me.person_id)) if leads else None
    return render_template(
        "learning/requests/list.html",
        page=page,
        rows=[queries.row_of(row) for row in page.rows] if page else [],
        mine=queries.own_requests(me.person_id),
        decided=queries.decided_by(me.person_id) if leads else [],
        in_line=entry.waiting_rows(people_managed(me), most=MOST_WAITING) if leads else [],
        states=STATES,
    )


@bp.route("/courses/<key>/request", methods=["GET", "POST"])
@requires(policies.ENROL, find=course_by_key)
def ask_for_course(course: Course) -> ResponseReturnValue:
    """Ask for a place on a course."""
    wanted, back = services.Wanted(course_id=course.id), url_for(".course", key=course.key)
    return _ask(wanted, titles([course.id])[course.id], url_for(".ask_for_course", key=course.key), back)


@bp.route("/programmes/<programme_key>/request", methods=["GET", "POST"])
@requires(policies.JOIN_PROGRAMME, find=the_page)
def ask_for_programme(page: programme_queries.ProgrammePage) -> ResponseReturnValue:
    """Ask for a place in a programme."""
    key = page.programme.key
    here, back = url_for(".ask_for_programme", programme_key=key), url_for(".programme", programme_key=key)
    return _ask(services.Wanted(programme_id=page.programme.id), page.version.title, here, back)


def _ask(wanted: services.Wanted, title: object, here: str, back: str) -> ResponseReturnValue:
    form = AskForm()

    def send() -> None:
        services.ask(actor().person_id, wanted, note=form.note.data or "", at=clock.now())

    if sent := send_request(form, send, back):
        return sent
    shown = render_template("learning/requests/ask.html", form=form, title=title, here=here, back=back)
    return shown, 422 if form.errors else 200


@bp.route("/requests/<int:request_id>", methods=["GET", "POST"])
@requires(policies.READ_REQUEST, find=queries.request)
def decide_request(asked: RequestRow) -> ResponseReturnValue:
    """Show a request to the learner and to whoever may decide; take the decision."""
    decides = allowed(policies.DECIDE_REQUEST, actor(), asked)
    form, status = _form_for(asked), 200
    if request.method == "POST":
        if not decides:
            raise NotFound
        if form.validate_on_submit() and _answer(form, asked.id, actor().person_id):
            return redirect(url_for(".requests"))
        status = 422 if form.errors else 409
    now = queries.request(asked.id) if status == 409 else asked
    shown = render_template(
        "learning/requests/request.html",
        form=form,
        asked=now,
        decides=decides,
        states=STATES,
        mine=asked.asked_by_id == actor().person_id,
    )
    return shown, status


@bp.post("/requests/<int:request_id>/withdraw")
@requires(policies.TAKE_BACK, find=queries.request)
def take_request_back(asked: RequestRow) -> ResponseReturnValue:
    """Take a request of one's own back."""
    try:
        services.take_back(asked.id, by_id=actor().person_id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("Your request has been taken back."), "ok")
    return redirect(url_for(".requests"))


@bp.route("/decide/<token>", methods=["GET", "POST"])
@public
def decide_by_letter(token: str) -> ResponseReturnValue:
    """Decide from the link of a letter. Opening it shows the request; only sending the form decides."""
    link, visitor = queries.live_link(token, at=clock.now()), current_actor()
    if link is None or not may_decide(link.decider_id, link.request_id):
        return render_template("learning/requests/link_dead.html", other=False), 410
    if visitor is not None and visitor.person_id != link.decider_id:
        return render_template("learning/requests/link_dead.html", other=True), 403
    asked = queries.request(link.request_id)
    form, status = _form_for(asked), 200
    if request.method == "POST":
        if form.validate_on_submit() and _answer(form, link.request_id, link.decider_id, link_id=link.id):
            return render_template(
                "learning/requests/answered.html", asked=queries.request(link.request_id), states=STATES
            )
        status = 422 if form.errors else 409
        asked = queries.request(link.request_id)
    decider = queries.name_of_decider(link.decider_id)
    shown = render_template(
        "learning/requests/by_letter.html", form=form, asked=asked, decider=decider, token=token, states=STATES
    )
    return shown, status


def _form_for(asked: RequestRow | None) -> AnswerForm:
    return ExemptionAnswerForm() if asked is not None and asked.about == EXEMPTION else AnswerForm()


def _answer(form: AnswerForm, request_id: int, by_id: int, *, link_id: int | None = None) -> bool:
    """Take a decision; what hinders it is said at the form or above the page. Returns whether it was taken."""
    approve = form.answer.data == "approve"
    try:
        services.decide(
            request_id, approve=approve, reason=form.reason.data or "", by_id=by_id, at=clock.now(), link_id=link_id,
            ends_on=form.ends_on.data if isinstance(form, ExemptionAnswerForm) else None,
        )  # fmt: skip
    except AlreadyAnswered:
        flash(_("Somebody else was first: the request was answered, or taken back, while you looked at it."), "warn")
        return False
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return False
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    flash(
        _("The request was approved. The learner is told.")
        if approve
        else _("The request was refused. The learner is told, with your reason."),
        "ok",
    )
    return True
