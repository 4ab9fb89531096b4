"""Moderating: the posts that were reported, deciding about one, stopping people, closing a course's discussions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.catalogue.queries import titles
from academy.discussions import policies, services
from academy.discussions import queries_of_moderation as queries
from academy.discussions.forms import DecisionForm, RuleForm, StopForm
from academy.discussions.kinds import REASON_NAMES
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.discussions.queries_of_moderation import StopHere
from academy.discussions.routes.blueprints import bp
from academy.discussions.routes.finding import the_discussions, the_post, the_stop, the_thread
from academy.learning.policies import organisations_reached
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

DECIDED = {"hidden": _l("Hidden"), "kept": _l("Left as it is"), "shown": _l("Shown again")}


@bp.get("/moderation")
@requires(policies.LIST_REPORTS, auditors=True)
def reported() -> ResponseReturnValue:
    """The posts that were reported and wait for a decision, of all courses that the visitor moderates."""
    page = paginate(queries.reported(actor()))
    called = titles({row.course_id for row in page.rows}) if page.rows else {}
    return render_template("discussions/reported.html", page=page, courses=called)


@bp.get("/moderation/posts/<int:post_id>")
@requires(policies.LOOK, find=the_post, auditors=True)
def moderated(here: PostHere) -> ResponseReturnValue:
    """A post with its reports, how it read before and what was decided."""
    return _moderated(here, DecisionForm(_hidden(here), formdata=None), StopForm(formdata=None))


@bp.post("/moderation/posts/<int:post_id>/decide")
@requires(policies.DECIDE, find=the_post)
def decide(here: PostHere) -> ResponseReturnValue:
    """Hide a post, leave it, or show it again."""
    form = DecisionForm(_hidden(here))
    if form.validate_on_submit():
        try:
            services.decide(
                here.post.id, form.outcome.data, reason=form.reason.data, moderator_id=actor().person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(
                _(
                    "The decision is kept. The author is told when their post is hidden or shown again, and whoever reported it what became of it."
                ),
                "ok",
            )
            return redirect(url_for(".moderated", post_id=here.post.id))
    return _moderated(here, form, StopForm(formdata=None)), 422


@bp.post("/moderation/posts/<int:post_id>/stop")
@requires(policies.STOP, find=the_post)
def stop(here: PostHere) -> ResponseReturnValue:
    """Stop the author of a post from writing in the course until a day."""
    form = StopForm()
    if form.validate_on_submit():
        try:
            services.stop(
                here.course.id, db.session.get_one(Person, here.post.author_id), until=form.until.data or clock.today(),
                reason=form.stop_reason.data, by_id=actor().person_id, at=clock.now(), today=clock.today(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("They cannot write in this course for that time, and are told why."), "ok")
            return redirect(url_for(".moderated", post_id=here.post.id))
    return _moderated(here, DecisionForm(_hidden(here), formdata=None), form), 422


def _hidden(here: PostHere) -> bool:
    return here.post.hidden_at is not None


def _moderated(here: PostHere, decision: DecisionForm, stopping: StopForm) -> str:
    author = db.session.get_one(Person, here.post.author_id)
    return render_template(
        "discussions/moderated.html",
        here=here, post=here.post, thread=here.thread, author=author, decision=decision, stopping=stopping,
        own=author.id == actor().person_id, reports=queries.reports_of(here.post.id), reasons=REASON_NAMES, decided=DECIDED,
        decisions=queries.decisions_of(here.post.id), formers=queries.former_texts(here.post.id),
        stop=queries.stop_of(here.course.id, author.id, clock.today()),
    )  # fmt: skip


@bp.post("/moderation/stops/<int:stop_id>/end")
@requires(policies.END_STOP, find=the_stop)
def end_stop(here: StopHere) -> ResponseReturnValue:
    """Let somebody write again."""
    services.end_stop(here.row, by_id=actor().person_id, at=clock.now())
    flash(_("They can write again."), "ok")
    return redirect(url_for(".desk", key=here.course.key))


@bp.route("/teach/<key>/discussions", methods=["GET", "POST"])
@requires(policies.RULE, find=the_discussions)
def desk(here: Discussions) -> ResponseReturnValue:
    """The discussions of a course for its moderators: whether they are open, what was reported, who may not write."""
    form = RuleForm(data={"state": here.state})
    if form.validate_on_submit():
        services.rule(
            here.course.id, form.state.data, organisation_id=here.course.organisation_id, label=plain(here.title),
            actor_id=actor().person_id, at=clock.now(),
        )  # fmt: skip
        flash(_("Saved. The change has taken effect."), "ok")
        return redirect(url_for(".desk", key=here.course.key))
    page = render_template(
        "discussions/desk.html", here=here, form=form, page=paginate(queries.reported(actor(), here.course.id)),
        stops=queries.stops_of(here.course.id, organisations_reached(actor()), clock.today()),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/discussions/<int:thread_id>/arrange")
@requires(policies.ARRANGE, find=the_thread)
def arrange(here: ThreadHere) -> ResponseReturnValue:
    """Pin or lock a thread, or take that back."""
    services.arrange(here.thread.id, request.form.get("act", ""), actor_id=actor().person_id, at=clock.now())
    return redirect(url_for(".thread", thread_id=here.thread.id))
