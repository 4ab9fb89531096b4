"""Reviews of competencies of a plan: asking, the queue, answering by an observation, naming an assessor, declining."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, services
from academy.competencies.forms.development import AssessorForm, DeclineForm, ReviewForm
from academy.competencies.queries import development, reviews
from academy.competencies.queries.development import FoundPlan
from academy.competencies.queries.reviews import FoundReview
from academy.competencies.routes.blueprints import bp
from academy.web.access import may, requires
from academy.web.filters import plain
from academy.web.identity import actor

name_act("competencies:review:ask", _l("Review of a competency asked for"))
name_act("competencies:review:pass_on", _l("Assessor named for a review"))
name_act("competencies:review:decline", _l("Review of a competency declined"))
name_act("competencies:review:withdraw", _l("Review of a competency withdrawn"))


@bp.route("/development/plans/<int:development_id>/review", methods=["GET", "POST"])
@requires(policies.CHANGE_PLAN, find=development.development_plan)
def ask_review(found: FoundPlan) -> ResponseReturnValue:
    """Ask for a review of one competency of my approved plan."""
    form = ReviewForm(data={"competency": request.args.get("competency", "")})
    standing = found.standing()
    open_ones = services.reviewable(development.items_of(found.plan, standing), standing)
    form.competency.choices = [(key, plain(name)) for key, name in queries.competency_choices(list(open_ones))]
    if form.validate_on_submit():
        try:
            row = services.ask_review(found.plan, form.competency.data, form.note.data or "", at=clock.now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Your reviewer has been asked. You will be told what comes of it."), "ok")
            return redirect(url_for(".plan_review", plan_review_id=row.id))
    page = render_template("competencies/review_ask.html", form=form, plan=found.plan)
    return page, 422 if form.errors else 200


@bp.get("/development/reviews")
@requires(policies.LIST_REVIEWS)
def reviews_waiting() -> ResponseReturnValue:
    """The reviews that wait for me."""
    return render_template(
        "competencies/reviews.html", rows=reviews.reviews_waiting(actor()), levels=queries.level_names()
    )


@bp.get("/development/reviews/<int:plan_review_id>")
@requires(policies.SEE_REVIEW, find=reviews.review)
def plan_review(found: FoundReview) -> ResponseReturnValue:
    """A review: what is asked, and what may be done with it."""
    return _shown(found, DeclineForm(), AssessorForm())


def _shown(found: FoundReview, decline: DeclineForm, assessor: AssessorForm) -> ResponseReturnValue:
    page = render_template(
        "competencies/review.html", found=found, row=found.row, decline=decline, assessor=assessor,
        levels=queries.level_names(), states=kinds.REVIEW_STATES, own=found.person.id == actor().person_id,
        rates=found.row.state == "asked" and may(policies.REVIEW, found),
        names=found.row.state == "asked" and may(policies.PASS_ON, found), reader_id=actor().person_id,
        sees=may(policies.SEE_PERSON, found.person),
    )  # fmt: skip
    return page, 422 if decline.errors or assessor.errors else 200


@bp.post("/development/reviews/<int:plan_review_id>/answer")
@requires(policies.REVIEW, find=reviews.review)
def answer_review(found: FoundReview) -> ResponseReturnValue:
    """Begin to observe for a review, or decline it with a reason."""
    by_id, at = actor().person_id, clock.now()
    match request.form.get("act"):
        case "observe":
            row = services.begin_review(found.row, by_id=by_id, at=at)
            return redirect(url_for(".observation_draft", observation_id=row.id))
        case "decline":
            form = DeclineForm()
            try:
                if form.validate_on_submit():
                    services.decline_review(found.row, form.reason.data or "", by_id=by_id, at=at)
                    flash(_("Your answer has been kept. The person is told of it."), "ok")
                    return redirect(url_for(".reviews_waiting"))
            except Invalid as refusal:
                form.refuse(refusal)
            return _shown(found, form, AssessorForm(formdata=None))
        case _:
            raise NotFound


@bp.post("/development/reviews/<int:plan_review_id>/assessor")
@requires(policies.PASS_ON, find=reviews.review)
def name_assessor(found: FoundReview) -> ResponseReturnValue:
    """Name somebody of the organisation who reviews instead."""
    form = AssessorForm()
    if form.validate_on_submit():
        try:
            services.pass_review_on(found.row, form.email.data, by_id=actor().person_id, at=clock.now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("The assessor has been asked."), "ok")
            return redirect(url_for(".plan_review", plan_review_id=found.id))
    return _shown(found, DeclineForm(formdata=None), form)


@bp.post("/development/reviews/<int:plan_review_id>/withdraw")
@requires(policies.WITHDRAW_REVIEW, find=reviews.review)
def withdraw_review(found: FoundReview) -> ResponseReturnValue:
    """No longer ask for a review."""
    services.withdraw_review(found.row, by_id=actor().person_id, at=clock.now())
    flash(_("You no longer ask for this review."), "ok")
    return redirect(url_for(".development_plan", development_id=found.row.plan_id))
