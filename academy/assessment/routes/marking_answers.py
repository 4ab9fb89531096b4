"""One answer in front of its marker: claimed, marked criterion by criterion, made final, put back."""

from collections.abc import Callable
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import policies_of_marking as policies
from academy.assessment import queries_of_answers as queries
from academy.assessment import services
from academy.assessment.forms.marking_desk import MarkForm
from academy.assessment.models import FINAL_MARK, AnswerMark
from academy.assessment.policies_of_results import shows_learners_of
from academy.assessment.queries_of_answers import Answer
from academy.assessment.refusals_of_marking import MarkChanged
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.marking import to_next
from academy.assessment.types.rubrics import earned, first_at_fault, read_picks
from academy.base import clock
from academy.base.errors import Conflict, Invalid, Refusal
from academy.base.i18n import _
from academy.web.access import requires
from academy.web.identity import actor

PICK = "pick-"


@bp.get("/marking/answers/<int:item_id>")
@requires(policies.MARK_ANSWER, find=queries.answer)
def mark_answer(answer: Answer) -> ResponseReturnValue:
    """Show an answer with its rubric."""
    own = answer.mark_by(actor().person_id)
    form = MarkForm(obj=own)
    return _page(answer, form, own.picks if own else {})


@bp.post("/marking/answers/<int:item_id>")
@requires(policies.MARK_ANSWER, find=queries.answer)
def save_answer_mark(answer: Answer) -> ResponseReturnValue:
    """Keep the mark as a draft or make it final; then the same answer again or the next one, as was pressed."""
    form, given, go = MarkForm(), _given(), request.form.get("go", "draft")
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            services.save_mark(
                answer.item_id, marker_id=actor().person_id, version=_version(form), given=given,
                comment=form.comment.data or "", note=form.note.data or "", final=go in ("final", "next"), at=clock.now(),
            )  # fmt: skip
        except (MarkChanged, Invalid) as refusal:
            refused = refusal
        else:
            flash(_("The mark is final.") if go in ("final", "next") else _("The draft is saved."), "ok")
            return to_next(answer.quiz_id, answer.version_id) if go == "next" else _again(answer)
    return _page(answer, form, given, refused), refused.status if refused else 422


def _again(answer: Answer) -> ResponseReturnValue:
    return redirect(url_for("assessment.mark_answer", item_id=answer.item_id))


def _version(form: MarkForm) -> int:
    typed = form.version.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _given() -> dict[str, str]:
    return {name.removeprefix(PICK): value for name, value in request.form.items() if name.startswith(PICK)}


def _page(answer: Answer, form: MarkForm, picks: dict[str, str], refused: Refusal | None = None) -> str:
    visitor = actor()
    own = answer.mark_by(visitor.person_id)
    return render_template(
        "assessment/marking_answer.html",
        answer=answer,
        form=form,
        own=own,
        final=own is not None and own.state == FINAL_MARK,
        earlier=answer.earlier(own),
        held=answer.held_by_another(visitor.person_id, clock.now()),
        name=answer.name if answer.name and shows_learners_of(visitor, answer.organisation_id) else None,
        picks=picks,
        total=_total(answer, picks),
        refused=refused,
        wrong=first_at_fault(answer.content, answer.points, picks) if refused and refused.field == "picks" else None,
    )


def _total(answer: Answer, picks: dict[str, str]) -> tuple[Fraction, int, Fraction, int]:
    """Return the rubric points so far, of how many, and what they make of the points of the question."""
    read = read_picks(answer.content, answer.points, picks)
    raw, most, _decided = earned(answer.content, answer.points, read)
    return raw, most, answer.points * raw / most, answer.points


@bp.post("/marking/answers/<int:item_id>/total")
@requires(policies.MARK_ANSWER, find=queries.answer)
def mark_total(answer: Answer) -> ResponseReturnValue:
    """Add up what is picked so far; nothing is kept."""
    return render_template("assessment/marking_total.html", total=_total(answer, _given()))


def _try(answer: Answer, act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    return _again(answer)


@bp.post("/marking/answers/<int:item_id>/claim")
@requires(policies.MARK_ANSWER, find=queries.answer)
def claim_answer(answer: Answer) -> ResponseReturnValue:
    """Take an answer to mark it."""
    return _try(answer, lambda: services.claim(answer.item_id, marker_id=actor().person_id, at=clock.now()))


@bp.post("/marking/answers/<int:item_id>/reopen")
@requires(policies.MARK_ANSWER, find=queries.answer)
def reopen_answer(answer: Answer) -> ResponseReturnValue:
    """Take one's own final mark back to a draft."""
    version = request.form.get("version", -1, type=int)

    def reopen() -> AnswerMark:
        return services.reopen_mark(answer.item_id, marker_id=actor().person_id, version=version, at=clock.now())

    return _try(answer, reopen)


@bp.post("/marking/answers/<int:item_id>/put-back")
@requires(policies.MARK_ANSWER, find=queries.answer)
def put_answer_back(answer: Answer) -> ResponseReturnValue:
    """Give up the claim on an answer."""
    services.put_back(answer.item_id, marker_id=actor().person_id)
    flash(_("The answer is free for other markers."), "ok")
    address = url_for("assessment.marking_question", quiz_id=answer.quiz_id, version_id=answer.version_id)
    return redirect(address)
