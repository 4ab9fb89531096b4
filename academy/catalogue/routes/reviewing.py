"""The review of drafts: what waits, one review with its comments, deciding, and asking for it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l
from academy.catalogue import policies, queries, services
from academy.catalogue.forms.reviewing import AskReviewForm, CourseCommentForm, ReturnDraftForm
from academy.catalogue.queries import Desk, Reviewed, Said
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.finding import the_desk
from academy.web import identity, navigation
from academy.web.access import may, requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import paginate

REVIEW_STATES = {
    "asked": (_l("Waits for review"), "warn", "clock"),
    "approved": (_l("Draft approved"), "ok", "check"),
    "returned": (_l("Returned for changes"), "bad", "rotate-ccw"),
    "withdrawn": (_l("Taken back"), "", "x"),
}


def _waiting(visitor: Actor) -> object:
    """Return the query of how many drafts wait for somebody; None for those who review nothing."""
    return queries.count_waiting(visitor) if allowed(policies.REVIEW_COURSES, visitor) else None


_counted = identity.tallied("to_review", _waiting)
navigation.enter(
    "teach", 15, _l("Drafts to review"), "catalogue.reviews", "eye", policies.REVIEW_COURSES, counts=_counted
)
navigation.enter(
    "main", 62, _l("Drafts to review"), "catalogue.reviews", "eye", policies.REVIEW_COURSES,
    shows=lambda visitor: not allowed(policies.TEACH, visitor), counts=_counted,
)  # fmt: skip


def the_review(review_id: int) -> Reviewed | None:
    """Find a review."""
    return queries.reviewed(review_id)


def the_remark(remark_id: int) -> Said | None:
    """Find a comment on a draft."""
    return queries.course_comment(remark_id)


@bp.get("/reviews")
@requires(policies.REVIEW_COURSES)
def reviews() -> ResponseReturnValue:
    """List the drafts that wait for the visitor, longest waiting first."""
    return render_template("catalogue/reviews.html", page=paginate(queries.waiting(actor())))


@bp.get("/reviews/<int:review_id>")
@requires(policies.READ_DRAFT, find=the_review)
def review(found: Reviewed) -> ResponseReturnValue:
    """Show a review: the draft's parts, what is said about them, and the decision."""
    return _page(found)


def _page(found: Reviewed, *, back: ReturnDraftForm | None = None, comment: CourseCommentForm | None = None) -> str:
    outline = queries.outline(found.version.id)
    titles = {each.key: each.title for each in outline.activities}
    said = queries.comments_on(found.version.id)
    decides = found.open and may(policies.DECIDE_REVIEW, found)
    return render_template(
        "catalogue/review.html",
        found=found,
        states=REVIEW_STATES,
        outline=outline,
        titles=titles,
        said=said,
        counted={key: sum(1 for each in said if each.comment.activity_key == key) for key in titles},
        decides=decides and found.review.asked_by_id != actor().person_id,
        own=decides and found.review.asked_by_id == actor().person_id,
        seen=queries.print_of(found.version) if decides else "",
        back=back or ReturnDraftForm(MultiDict()),
        comment=comment or _comment_form(outline, MultiDict({"about": request.args.get("about", "")})),
    )


def _comment_form(outline: queries.Outline, typed: MultiDict[str, str] | None = None) -> CourseCommentForm:
    parts = [(each.key, plain(each.title)) for each in outline.activities]
    return CourseCommentForm(parts=parts) if typed is None else CourseCommentForm(typed, parts=parts)


@bp.post("/reviews/<int:review_id>/decision")
@requires(policies.DECIDE_REVIEW, find=the_review)
def decide_review(found: Reviewed) -> ResponseReturnValue:
    """Approve the draft as it was read, or return it with what should be changed."""
    act, back, by, at = request.form.get("act", ""), ReturnDraftForm(), actor().person_id, clock.now()
    if act not in ("approve", "return"):
        raise NotFound
    if act == "return" and not back.validate():
        return _page(found, back=back), 422
    try:
        if act == "approve":
            services.approve(found.review.id, seen=request.form.get("seen", ""), actor_id=by, at=at)
        else:
            services.return_draft(found.review.id, reason=back.reason.data or "", actor_id=by, at=at)
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for(".review", review_id=found.review.id))
    flash(_("The draft is approved. Its trainers are being told.") if act == "approve"
          else _("The draft is returned. Its trainers are being told."), "ok")  # fmt: skip
    return redirect(url_for(".reviews"))


@bp.post("/reviews/<int:review_id>/comments")
@requires(policies.READ_DRAFT, find=the_review)
def comment_draft(found: Reviewed) -> ResponseReturnValue:
    """Say something about a draft or one of its activities."""
    form = _comment_form(queries.outline(found.version.id))
    if not form.validate():
        return _page(found, comment=form), 422
    try:
        made = services.add_comment(
            found.version.id, form.text.data or "", activity_key=form.about.data or "", actor_id=actor().person_id,
            at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(found, comment=form), refusal.status
    flash(_("Your comment has been added."), "ok")
    return redirect(url_for(".review", review_id=found.review.id, _anchor=f"comment-{made.id}"))


@bp.post("/reviews/comments/<int:remark_id>")
@requires(policies.READ_DRAFT, find=the_remark)
def settle_comment(said: Said) -> ResponseReturnValue:
    """Settle a comment, or open it again."""
    resolved = request.form.get("act") == "settle"
    services.settle_comment(said.comment, resolved=resolved, actor_id=actor().person_id, at=clock.now())
    last = queries.last_review(said.comment.version_id)
    if last is None:
        raise NotFound
    return redirect(url_for(".review", review_id=last.review.id, _anchor=f"comment-{said.comment.id}"))


@bp.post("/teach/<key>/review")
@requires(policies.EDIT_COURSE, find=the_desk)
def ask_review(desk: Desk) -> ResponseReturnValue:
    """Ask the content reviewers to look at the draft, or take that back."""
    form, by, at = AskReviewForm(), actor().person_id, clock.now()
    try:
        if request.form.get("act") == "withdraw":
            services.withdraw_review(desk.course, actor_id=by, at=at)
            flash(_("The draft does not wait for a review any more."), "info")
        else:
            services.ask_review(desk.course, note=form.note.data or "", actor_id=by, at=at)
            flash(_("The reviewers are being told. You hear from us as soon as one of them has decided."), "ok")
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    return redirect(url_for(".publish", key=desk.course.key))
