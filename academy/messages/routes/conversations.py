"""Everyone's own conversations: the list, whom one may write to, reading and writing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.catalogue.models import Course
from academy.catalogue.policies import SEE_COURSE
from academy.catalogue.queries import course_by_key, titles
from academy.messages import policies, queries, services
from academy.messages.forms import MessageForm
from academy.messages.kinds import TIE_NAMES, WHY_NOT
from academy.messages.queries import Own, Pair
from academy.messages.queries_of_pairs import judged
from academy.messages.queries_of_ties import writer
from academy.messages.routes.blueprints import bp
from academy.messages.rules import TIES, Verdict
from academy.web.access import requires
from academy.web.identity import actor, current_actor
from academy.web.pagination import Page, paginate

LAST_PAGE = 999_999


def own(conversation_id: int) -> Own | None:
    """Return a conversation of the visitor's."""
    visitor = current_actor()
    return queries.own(conversation_id, visitor.person_id) if visitor else None


def _pair(person_id: int) -> Pair | None:
    visitor = current_actor()
    return queries.pair(visitor, person_id, today=clock.today()) if visitor else None


@bp.get("/messages")
@requires(policies.LIST)
def inbox() -> ResponseReturnValue:
    """The visitor's conversations, the latest first."""
    words = request.args.get("q", "").strip()
    terms = search_terms(words)
    page = paginate(queries.inbox(actor().person_id, terms))
    return render_template("messages/inbox.html", page=page, words=words, only_stop_words=bool(words and not terms))


@bp.get("/messages/new")
@requires(policies.LIST)
def choose() -> ResponseReturnValue:
    """Those to whom the visitor may write, and nobody else."""
    words, today = request.args.get("q", "").strip(), clock.today()
    terms, me = search_terms(words), writer(actor().person_id, today=today)
    assert me is not None
    page = paginate(queries.people_to_write_to(me, terms, today=today))
    counted = [tie for tie in TIES if me.policy[tie]]
    why = WHY_NOT["auditor" if me.audits else "stopped"] if me.audits or me.stopped_until else ""
    return render_template(
        "messages/choose.html", page=page, words=words, only_stop_words=bool(words and not terms), why=why,
        until=me.stopped_until, ties={tie: TIE_NAMES[tie] for tie in counted},
    )  # fmt: skip


@bp.get("/courses/<key>/ask")
@requires(SEE_COURSE, find=course_by_key)
def ask_trainer(course: Course) -> ResponseReturnValue:
    """Lead to the trainer of a course, or let the visitor choose among several."""
    me = writer(actor().person_id, today=clock.today())
    found = queries.trainers_of(course.id, me, today=clock.today()) if me else []
    if len(found) == 1:
        return redirect(url_for(".begin", person_id=found[0].id, course=course.key))
    return render_template(
        "messages/trainers.html", course=course, title=titles([course.id])[course.id], trainers=found
    )


@bp.route("/messages/to/<int:person_id>", methods=["GET", "POST"])
@requires(policies.BEGIN, find=_pair)
def begin(pair: Pair) -> ResponseReturnValue:
    """Write to somebody for the first time; where there is a conversation already, it is opened."""
    if pair.conversation_id is not None and request.method == "GET":
        return redirect(
            url_for(".conversation", conversation_id=pair.conversation_id, course=request.args.get("course") or None)
        )
    form = _message_form()
    if (sent := _sent(form, pair.other_id)) is not None:
        return sent
    shown = _draw(pair, form, pair.verdict, page=None)
    return shown, 422 if form.errors else 200


@bp.route("/messages/<int:conversation_id>", methods=["GET", "POST"])
@requires(policies.READ, find=own)
def conversation(item: Own) -> ResponseReturnValue:
    """Read a conversation, the oldest message first and the last page at once, and answer."""
    form = _message_form()
    if (sent := _sent(form, item.other_id)) is not None:
        return sent
    verdict = judged(item.person_id, item.other_id, today=clock.today())
    asked = None if request.args.get("page") else LAST_PAGE
    page = paginate(queries.messages_of(item.conversation_id, item.person_id), number=asked)
    unread_from = _note_read(item, page)
    return _draw(item, form, verdict, page=page, unread_from=unread_from), 422 if form.errors else 200


def _note_read(item: Own, page: Page) -> int:
    """Note what of the other's messages is read by showing this page; return from which message on it was new, 0 for none."""
    theirs = [row.id for row in page.rows if row.author_id != item.person_id and row.id > item.read_to]
    if theirs and request.method == "GET":
        services.note_read(item.conversation_id, item.person_id, through=max(theirs), at=clock.now())
    return min(theirs, default=0)


def _message_form() -> MessageForm:
    return MessageForm(data={"course": request.args.get("course", "")[:80]})


def _sent(form: MessageForm, other_id: int) -> ResponseReturnValue | None:
    """Send what was typed; None when nothing was sent, and the page is to be shown with what stands in the way."""
    if not form.validate_on_submit():
        return None
    me, now = actor().person_id, clock.now()
    course = queries.shared_course(me, other_id, form.course.data) if form.course.data else None
    try:
        message = services.send(
            me, other_id, form.text.data or "", token=form.token.data or "", at=now, today=clock.today(),
            course_id=course.id if course else None,
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    flash(_("Your message is sent."), "ok")
    return redirect(url_for(".conversation", conversation_id=message.conversation_id, _anchor="last"))


def _draw(item: Own | Pair, form: MessageForm, verdict: Verdict, *, page: Page | None, unread_from: int = 0) -> str:
    return render_template(
        "messages/conversation.html", item=item, form=form, verdict=verdict, page=page, unread_from=unread_from,
        why_not=WHY_NOT.get(verdict.reason, ""), about=_about(form, item), ties=[TIE_NAMES[tie] for tie in TIES if tie in verdict.ties],
    )  # fmt: skip


def _about(form: MessageForm, item: Own | Pair) -> Any:
    """Return the title of the course that the message will be about, when the two share it."""
    course = queries.shared_course(item.person_id, item.other_id, form.course.data) if form.course.data else None
    return titles([course.id])[course.id] if course else None
