"""Writing: a new thread, a reply, changing and removing what one wrote, marking the answer, reporting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _
from academy.discussions import policies, queries, services
from academy.discussions.forms import ChangeForm, ReplyForm, ReportForm, ThreadForm
from academy.discussions.kinds import REASON_NAMES
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.discussions.routes.blueprints import bp
from academy.discussions.routes.finding import the_discussions, the_post, the_thread
from academy.discussions.routes.reading import address_of, show
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor


@bp.route("/courses/<key>/discussions/new", methods=["GET", "POST"])
@requires(policies.WRITE, find=the_discussions)
def new(here: Discussions) -> ResponseReturnValue:
    """Begin a thread. It is among the people of the visitor's organisation."""
    visitor, activities = actor(), queries.activity_titles(here.version_id)
    choices = [("", _("The course as a whole")), *((key, plain(title)) for key, title in activities.items())]
    about = request.args.get("about", "")
    form = ThreadForm(choices, data={"about": about if about in activities else ""})
    writes = policies.writes(visitor, here)
    if request.method == "GET" and not writes:
        return redirect(url_for(".threads", key=here.course.key, about=form.about.data or None))
    if form.validate_on_submit():
        said = services.Written(
            form.text.data, form.token.data, title=form.title.data, kind=form.kind.data, activity_key=form.about.data
        )
        try:
            if not writes:
                raise services.Shut(field="text")
            made = services.begin(
                here.course.id, visitor.organisation_id, said, author_id=visitor.person_id, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your thread is begun. You are told of replies."), "ok")
            return redirect(url_for(".thread", thread_id=made.id))
    return render_template("discussions/new.html", here=here, form=form), 422 if form.errors else 200


@bp.post("/discussions/<int:thread_id>/reply")
@requires(policies.REPLY, find=the_thread)
def reply(here: ThreadHere) -> ResponseReturnValue:
    """Reply in a thread."""
    visitor, form = actor(), ReplyForm()
    if form.validate_on_submit():
        quoted = form.quoted.data or ""
        quoted_id = int(quoted) if quoted.isascii() and quoted.isdigit() and len(quoted) < 10 else None
        said = services.Written(form.text.data, form.token.data, quoted_id=quoted_id)
        try:
            if not policies.writes(visitor, here):
                raise services.Shut(field="text")
            leads = policies.moderates(visitor, here)
            row = services.reply(here.thread.id, said, author_id=visitor.person_id, moderates=leads, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your reply is posted."), "ok")
            return redirect(address_of(row.id, here.thread.id))
    return show(here, form, number=10_000), 422


@bp.route("/discussions/posts/<int:post_id>/edit", methods=["GET", "POST"])
@requires(policies.EDIT, find=the_post)
def edit(here: PostHere) -> ResponseReturnValue:
    """Change what one wrote."""
    if here.post.removed_at is not None or here.post.hidden_at is not None:
        raise NotFound
    form = ChangeForm(data={"revision": here.post.revision, "title": here.thread.title, "text": here.post.text})
    if not here.post.opening:
        del form.title
    writes = policies.writes(actor(), here)
    if form.validate_on_submit():
        try:
            if not writes:
                raise services.Shut(field="text")
            services.change(
                here.post.id, text=form.text.data, title=form.title.data if here.post.opening else "",
                revision=request.form.get("revision", 0, type=int), at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your post is changed."), "ok")
            return redirect(address_of(here.post.id, here.thread.id))
    vanishes = not queries.is_answered(here.post)
    page = render_template(
        "discussions/edit.html", here=here, post=here.post, form=form, vanishes=vanishes, writes=writes or form.errors
    )
    return page, 422 if form.errors else 200


@bp.post("/discussions/posts/<int:post_id>/remove")
@requires(policies.EDIT, find=the_post)
def remove(here: PostHere) -> ResponseReturnValue:
    """Remove what one wrote: wholly while nobody has answered, else its text."""
    whole = here.post.opening
    try:
        revision = request.form.get("revision", here.post.revision, type=int)
        gone = services.remove(here.post.id, revision=revision, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
        return redirect(url_for(".thread", thread_id=here.thread.id))
    flash(_("Your post is removed."), "ok")
    if gone and whole:
        return redirect(url_for(".threads", key=here.course.key))
    return redirect(url_for(".thread", thread_id=here.thread.id))


@bp.post("/discussions/posts/<int:post_id>/answer")
@requires(policies.MARK, find=the_post)
def answer(here: PostHere) -> ResponseReturnValue:
    """Mark a reply as the answer, or take that back."""
    takes = request.form.get("act") == "take"
    try:
        if takes:
            services.take_mark(here.post.id)
        else:
            services.mark_answer(here.post.id, by_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "error")
    else:
        flash(_("The question is open again.") if takes else _("This reply is the answer now."), "ok")
    return redirect(address_of(here.post.id, here.thread.id))


@bp.route("/discussions/posts/<int:post_id>/report", methods=["GET", "POST"])
@requires(policies.REPORT, find=the_post)
def report(here: PostHere) -> ResponseReturnValue:
    """Report a post of somebody else to the moderators."""
    if here.post.removed_at is not None or here.post.hidden_at is not None:
        raise NotFound
    form = ReportForm()
    if form.validate_on_submit():
        made = services.report(
            here.post.id, reporter_id=actor().person_id, reason=form.reason.data, note=form.note.data or "",
            at=clock.now(),
        )  # fmt: skip
        said = (
            _("Thank you. The moderators look at it, and you are told what became of it.")
            if made
            else _("You have reported this post already.")
        )
        flash(said, "ok" if made else "info")
        return redirect(address_of(here.post.id, here.thread.id))
    page = render_template("discussions/report.html", here=here, post=here.post, form=form, reasons=REASON_NAMES)
    return page, 422 if form.errors else 200
