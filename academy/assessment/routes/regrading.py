"""Second thoughts about a question: decided, previewed with everyone whom it moves, applied by a second press."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import queries_of_regrading as queries
from academy.assessment import services
from academy.assessment.forms import QuestionForm, form_class
from academy.assessment.forms.regrading import ACTS, ReasonForm, RegradeForm
from academy.assessment.forms.rows import act_on_rows
from academy.assessment.kinds import lookups
from academy.assessment.models import APPLIED, FULL, KEY
from academy.assessment.policies_of_regrading import REGRADE
from academy.assessment.policies_of_results import learners_seen
from academy.assessment.queries_of_regrading import QuestionPlace, RegradePlace
from academy.assessment.queries_of_spreading import undecided
from academy.assessment.refusals_of_regrading import DecidedMeanwhile
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing_pictures import hold_picture
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.catalogue import queries as catalogue
from academy.catalogue.policies import EDIT_COURSE, courses_edited
from academy.catalogue.queries import Desk
from academy.web.access import requires
from academy.web.identity import actor

name_act(REGRADE, _l("Question decided again"))
LABELS = {
    KEY: _l("Key corrected"),
    "void": _l("Voided"),
    "full": _l("Points for everyone"),
    "restore": _l("Counted again"),
}


@bp.get("/teach/<key>/regrades")
@requires(EDIT_COURSE, find=lambda key: catalogue.desk(key))
def regrades(desk: Desk) -> ResponseReturnValue:
    """List the questions that attempts have used, and the decisions about them."""
    rows = queries.decisions(desk.course.id)
    return render_template(
        "assessment/regrades.html",
        course=desk.course,
        course_title=desk.version.title,
        questions=queries.asked_questions(desk.course.id),
        decisions=rows,
        in_force=queries.last_words(rows),
        labels=LABELS,
    )


@bp.route("/teach/quizzes/<int:quiz_id>/questions/<int:version_id>/regrade", methods=["GET", "POST"])
@requires(REGRADE, find=queries.question_place)
def propose_regrade(place: QuestionPlace) -> ResponseReturnValue:
    """Decide that a question is void, worth its points to everyone, or counted again; nothing is in force yet."""
    form = RegradeForm()
    if not place.scored:
        form.act.choices = [(act, label) for act, label in ACTS if act != FULL]
    if form.validate_on_submit():
        try:
            made = services.propose_regrade(
                place.quiz_id, place.version.id, form.act.data, reason=form.reason.data or "", by_id=actor().person_id,
                at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("assessment.regrade", regrade_id=made.id))
    page = render_template("assessment/regrade_propose.html", place=place, form=form)
    return page, 422 if form.errors else 200


@bp.route("/teach/quizzes/<int:quiz_id>/questions/<int:version_id>/regrade/key", methods=["GET", "POST"])
@requires(REGRADE, find=queries.question_place)
def correct_key(place: QuestionPlace) -> ResponseReturnValue:
    """Correct the key of a question; the corrected version counts once the decision is applied."""
    chosen = form_class(place.version.type)
    if chosen is None or not place.has_key:
        return redirect(url_for("assessment.propose_regrade", quiz_id=place.quiz_id, version_id=place.version.id))
    sent = request.form if request.method == "POST" else None
    form = chosen(sent, own=[], others=[], objectives=[], data=chosen.filled(place.version.content))
    hold_picture(form, place.version.content)
    why = ReasonForm()
    if request.form.get("act") and act_on_rows(form, request.form["act"]):
        return _key_page(place, form, why)
    if form.validate_on_submit() and why.validate():
        try:
            made = services.propose_regrade(
                place.quiz_id, place.version.id, KEY, reason=why.reason.data or "", by_id=actor().person_id, at=clock.now(),
                content=form.content(),
            )  # fmt: skip
        except services.UnusableQuestion as refusal:
            form.show(refusal.problems)
        except Refusal as refusal:
            (why if refusal.field == "reason" else form).refuse(refusal)
        else:
            return redirect(url_for("assessment.regrade", regrade_id=made.id))
    return _key_page(place, form, why), 422 if form.errors or why.errors else 200


def _key_page(place: QuestionPlace, form: QuestionForm, why: ReasonForm) -> str:
    form.number_rows()
    action = url_for("assessment.correct_key", quiz_id=place.quiz_id, version_id=place.version.id)
    return render_template("assessment/regrade_key.html", place=place, form=form, why=why, action=action)


@bp.get("/teach/regrades/<int:regrade_id>")
@requires(REGRADE, find=queries.regrade_place)
def regrade(place: RegradePlace) -> ResponseReturnValue:
    """Show what a decision would do, or has done, learner by learner."""
    moved = queries.moved(place.regrade)
    names = queries.names_of([each.learner_id for each in moved], learners_seen(actor()))
    falling = [each.learner_id for each in moved if each.crosses == "down"]
    certificates = lookups.certificates(place.course.id, falling) if lookups.certificates and falling else {}
    return render_template(
        "assessment/regrade.html",
        place=place,
        applied=place.regrade.state == APPLIED,
        moved=moved,
        names=names,
        certificates=certificates,
        counts={way: sum(each.crosses == way for each in moved) for way in ("up", "down")},
        labels=LABELS,
        acts=dict(ACTS),
        elsewhere=undecided(place.regrade, courses_edited(actor())) if place.regrade.origin_id is None else None,
    )


@bp.post("/teach/regrades/<int:regrade_id>/apply")
@requires(REGRADE, find=queries.regrade_place)
def apply_regrade(place: RegradePlace) -> ResponseReturnValue:
    """Put a decision in force as it was previewed."""
    number = place.regrade.id
    try:
        services.apply_regrade(number, by_id=actor().person_id, seen=request.form.get("seen", ""), at=clock.now())
    except DecidedMeanwhile as refusal:
        services.preview_regrade(place.regrade)
        flash(refusal.for_reader(), "warn")
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("The decision is in force. Those whose result changed are being told."), "ok")
    return redirect(url_for("assessment.regrade", regrade_id=number))


@bp.post("/teach/regrades/<int:regrade_id>/discard")
@requires(REGRADE, find=queries.regrade_place)
def discard_regrade(place: RegradePlace) -> ResponseReturnValue:
    """Drop a proposal."""
    try:
        services.discard_regrade(place.regrade.id)
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for("assessment.regrade", regrade_id=place.regrade.id))
    flash(_("The proposal is discarded. Nothing has changed."), "ok")
    return redirect(url_for("assessment.regrades", key=place.course.key))
