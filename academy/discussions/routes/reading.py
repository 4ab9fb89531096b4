"""Reading: the threads of a course, one thread, what is new; subscribing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import Actor
from academy.base.arabic import search_terms
from academy.base.i18n import _, _l
from academy.base.text import clean_line
from academy.discussions import policies, queries, rules, services
from academy.discussions import queries_of_moderation as moderation
from academy.discussions.forms import ReplyForm
from academy.discussions.kinds import THREAD_KINDS
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.discussions.routes.blueprints import bp
from academy.discussions.routes.finding import the_discussions, the_post, the_thread
from academy.learning.policies import organisations_reached
from academy.learning.queries import enrolment_with
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

SHOWN = {
    queries.ALL: _l("All"),
    queries.UNANSWERED: _l("Questions without an answer"),
    queries.MINE: _l("Where I wrote"),
    queries.SUBSCRIBED: _l("Subscribed"),
}
POSTS = 20


@bp.get("/courses/<key>/discussions")
@requires(policies.READ, find=the_discussions)
def threads(here: Discussions) -> ResponseReturnValue:
    """The threads of a course that the visitor reads."""
    visitor = actor()
    words, shown = clean_line(request.args.get("q", "")), request.args.get("show", "")
    leads, shown = policies.moderates(visitor, here), shown if shown in SHOWN else queries.ALL
    within = organisations_reached(visitor) if leads else {visitor.organisation_id}
    terms = search_terms(words)
    titles = queries.activity_titles(here.version_id)
    about = request.args.get("about", "")
    about = about if about in titles else ""
    taken = enrolment_with(visitor.person_id, here.course.id, about) if about and here.takes_part else None
    found = queries.threads(here, reader_id=visitor.person_id, within=within, shown=shown, about=about, terms=terms)
    return render_template(
        "discussions/threads.html",
        here=here, page=paginate(found), words=words, only_stop_words=bool(words) and not terms, shown=shown, about=about, taken=taken,
        tabs=_tabs(here, shown, words, about), activities=titles, leads=leads, kinds=THREAD_KINDS,
        writes=policies.is_open(here, leads), stopped=_stopped(here, leads),
        several=within is None or len(within) > 1,
    )  # fmt: skip


def _tabs(here: Discussions, shown: str, words: str, about: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": url_for(".threads", key=here.course.key, show=name or None, q=words or None, about=about or None),
            "current": name == shown,
        }
        for name, label in SHOWN.items()
    ]


def _stopped(here: Discussions, leads: bool) -> bool:
    return not leads and rules.is_stopped(here.stopped_until, clock.today())


@bp.get("/discussions/<int:thread_id>")
@requires(policies.READ_THREAD, find=the_thread)
def thread(here: ThreadHere) -> ResponseReturnValue:
    """One thread with its replies, and the form of a reply."""
    quoted = request.args.get("quote", "")
    return show(here, ReplyForm(data={"quoted": quoted if quoted.isdecimal() else ""}))


def show(here: ThreadHere, form: ReplyForm, number: int | None = None) -> str:
    """Draw a thread; `number` is the page of it that is wanted, else the one that was asked for."""
    visitor, leads = actor(), policies.moderates(actor(), here)
    page = paginate(queries.posts(here.thread, reader_id=visitor.person_id), size=POSTS, number=number)
    hidden = [row.id for row in page.rows if row.hidden_at and (leads or row.author_id == visitor.person_id)]
    question = here.thread.kind == rules.QUESTION
    return render_template(
        "discussions/thread.html",
        here=here, thread=here.thread, page=page, form=form, leads=leads, kinds=THREAD_KINDS, question=question,
        writes=policies.is_open(here, leads), stopped=_stopped(here.all, leads), marks=question and _marks(visitor, here, leads),
        reasons=moderation.reason_of_hiding(hidden), answer=queries.answer_of(here.thread.id) if question else None,
        quoted=_quoted(form, page.rows), new_since=(here.seen_at, here.all.seen_at), is_new=rules.is_new, size=POSTS,
        activity=queries.activity_titles(here.all.version_id).get(here.thread.activity_key) if here.thread.activity_key else None,
    )  # fmt: skip


def _marks(visitor: Actor, here: ThreadHere, leads: bool) -> bool:
    return leads or here.thread.author_id == visitor.person_id


def _quoted(form: ReplyForm, rows: Any) -> Any:
    asked = str(form.quoted.data or "")
    shown = (row for row in rows if not row.hidden_at and not row.removed_at)
    return next((row for row in shown if str(row.id) == asked), None)


@bp.get("/discussions/posts/<int:post_id>")
@requires(policies.READ_THREAD, find=the_post)
def post(here: PostHere) -> ResponseReturnValue:
    """Lead on to the place of a post in its thread."""
    return redirect(address_of(here.post.id, here.thread.id))


def address_of(post_id: int, thread_id: int) -> str:
    """Return where a post stands in its thread."""
    page = queries.place_in_thread(post_id, thread_id) // POSTS + 1
    return url_for(".thread", thread_id=thread_id, page=page if page > 1 else None, _anchor=f"post-{post_id}")


@bp.post("/discussions/<int:thread_id>/seen")
@requires(policies.READ_THREAD, find=the_thread)
def seen(here: ThreadHere) -> ResponseReturnValue:
    """Note that the visitor has seen a thread. Sent by the page's script."""
    services.see_thread(here.thread, actor().person_id, at=clock.now())
    return "", 204


@bp.post("/courses/<key>/discussions/seen")
@requires(policies.READ, find=the_discussions)
def all_seen(here: Discussions) -> ResponseReturnValue:
    """Note that nothing is new to the visitor any more."""
    services.see_all(here.course.id, actor().person_id, at=clock.now())
    flash(_("Everything counts as read."), "ok")
    return redirect(url_for(".threads", key=here.course.key))


@bp.post("/courses/<key>/discussions/subscribe")
@requires(policies.READ, find=the_discussions)
def subscribe_all(here: Discussions) -> ResponseReturnValue:
    """Subscribe to all discussions of a course, or end that."""
    subscribed = request.form.get("act") != "stop"
    services.subscribe(here.course.id, actor().person_id, subscribed)
    flash(_("You are told of every new thread.") if subscribed else _("You are told of new threads no more."), "ok")
    return redirect(url_for(".threads", key=here.course.key))


@bp.post("/discussions/<int:thread_id>/subscribe")
@requires(policies.READ_THREAD, find=the_thread)
def subscribe(here: ThreadHere) -> ResponseReturnValue:
    """Subscribe to a thread, or end that."""
    subscribed = request.form.get("act") != "stop"
    services.subscribe(here.course.id, actor().person_id, subscribed, thread_id=here.thread.id)
    flash(_("You are told of every reply.") if subscribed else _("You are told of replies no more."), "ok")
    return redirect(url_for(".thread", thread_id=here.thread.id))
