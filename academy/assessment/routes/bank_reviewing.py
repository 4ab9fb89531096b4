"""The page of a question in the bank: how it looks, its way to ready, and what is said about it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from academy.assessment import services
from academy.assessment.forms.bank import CommentForm, ReturnForm
from academy.assessment.models import DRAFT
from academy.assessment.policies_of_bank import EDIT_BANKED, REVIEW_BANKED
from academy.assessment.queries_of_banked import Banked, may_review, remarks_on, tags_of
from academy.assessment.queries_of_returns import returned
from academy.assessment.refusals_of_editing import ChangedMeanwhile
from academy.assessment.routes.bank_words import DIFFICULTIES, MOVED_SENTENCES, MOVES, STATES
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.finding_bank import Said, the_banked, the_comment
from academy.assessment.routes.telling import reading_of
from academy.assessment.rules.bank import MOVES as MOVES_BY_NAME
from academy.assessment.rules.bank import Move, moves_from
from academy.assessment.types import kind
from academy.base import clock
from academy.base.errors import NotAllowed, NotFound, Refusal
from academy.base.i18n import _
from academy.catalogue.kinds import lookups
from academy.web.access import may, requires
from academy.web.identity import actor


@bp.get("/bank/questions/<int:question_id>", endpoint="banked")
@requires(REVIEW_BANKED, find=the_banked)
def show_banked(place: Banked) -> ResponseReturnValue:
    """Show a question with its answers, its state and its comments."""
    return _page(place)


def _page(place: Banked, *, comment: CommentForm | None = None, back: ReturnForm | None = None) -> str:
    visitor, key = actor(), place.version.competency_key
    reviewing = place.question.state == "in_review"
    reviews = reviewing and may_review(place.question, place.version, visitor.person_id)
    named = lookups.competency_choices([key]) if lookups.competency_choices and key else []
    return render_template(
        "assessment/bank/question.html",
        place=place,
        tags=tags_of(place.question.id),
        remarks=remarks_on(place.question.id),
        moves=[move for move in moves_from(place.question.state) if _offers(move, place, reviews=reviews)],
        own_work=reviewing and not reviews,
        words=MOVES,
        states=STATES,
        difficulties=DIFFICULTIES,
        competency=dict(named).get(key or ""),
        label=kind(place.type).label,
        works=may(EDIT_BANKED, place),
        read=reading_of(place.type, place.content, place.sound),
        returned=returned(place.question.id) if place.question.state == DRAFT else None,
        comment=comment or CommentForm(MultiDict()),
        back=back or ReturnForm(MultiDict()),
    )


def _offers(move: Move, place: Banked, *, reviews: bool) -> bool:
    """Whether a step is offered: reviews to whoever may judge, taking back to everybody else and to the author, the rest to authors."""
    if move.review:
        return reviews
    if not may(EDIT_BANKED, place):
        return False
    return move.name != "withdraw" or not reviews or place.version.created_by_id == actor().person_id


@bp.post("/bank/questions/<int:question_id>/state", endpoint="banked_state")
@requires(REVIEW_BANKED, find=the_banked)
def move_banked(place: Banked) -> ResponseReturnValue:
    """Let a question take a step: to review, ready, back to its author, retired and back."""
    act, back = request.form.get("act", ""), ReturnForm()
    if act not in MOVED_SENTENCES:
        raise NotFound
    if not MOVES_BY_NAME[act].review and not may(EDIT_BANKED, place):
        raise NotAllowed
    if act == "return" and not back.validate():
        return _page(place, back=back), 422
    try:
        services.move_state(
            place.question.id,
            act,
            at=clock.now(),
            by_id=actor().person_id,
            note=back.note.data or "" if act == "return" else "",
            seen=request.form.get("seen") or "",
        )
    except ChangedMeanwhile:
        flash(_("The question was changed in the meantime. Look at its newest version, then decide."), "bad")
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        flash(str(MOVED_SENTENCES[act]), "ok")
    return redirect(url_for("assessment.banked", question_id=place.question.id))


@bp.post("/bank/questions/<int:question_id>/comments", endpoint="banked_comment")
@requires(REVIEW_BANKED, find=the_banked)
def comment_banked(place: Banked) -> ResponseReturnValue:
    """Say something about a question."""
    form = CommentForm()
    if not form.validate():
        return _page(place, comment=form), 422
    try:
        made = services.add_comment(place.question.id, form.text.data or "", at=clock.now(), by_id=actor().person_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(place, comment=form), 422
    flash(_("Your comment has been added."), "ok")
    return redirect(url_for("assessment.banked", question_id=place.question.id, _anchor=f"comment-{made.id}"))


@bp.post("/bank/comments/<int:comment_id>", endpoint="bank_comment")
@requires(REVIEW_BANKED, find=the_comment)
def settle_comment(said: Said) -> ResponseReturnValue:
    """Settle a comment, or open it again."""
    resolved = request.form.get("act") == "settle"
    services.resolve_comment(said.comment, resolved=resolved, at=clock.now(), by_id=actor().person_id)
    anchor = f"comment-{said.comment.id}"
    return redirect(url_for("assessment.banked", question_id=said.question.id, _anchor=anchor))
