"""Programmes for those who take them: the list, the page of one, joining, leaving, signing, opening the next step."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import allowed
from academy.base.errors import Conflict, Refusal
from academy.base.i18n import _, current_language
from academy.base.text import LocalizedText
from academy.catalogue.queries import course as course_by_id
from academy.learning import naming, policies, quizzes
from academy.learning import services as learning
from academy.learning.forms import SignForm
from academy.learning.kinds import programme_paper
from academy.learning.models import COMPLETED, PENDING, WITHDRAWN, Enrolment
from academy.learning.queries import enrolment_of
from academy.learning.queries import programmes as queries
from academy.learning.queries.announcing import shown_on
from academy.learning.queries.duties import why
from academy.learning.queries.entry import EntryView, entry_of_programme
from academy.learning.queries.requests import latest_request
from academy.learning.routes.blueprints import bp
from academy.learning.routes.programmes.finding import (
    MyPlace,
    MyStep,
    MyUndertaking,
    my_place,
    my_step,
    my_undertaking,
    plan_for,
    the_page,
)
from academy.learning.rules import programmes as rules
from academy.learning.services import programmes as services
from academy.web.access import requires
from academy.web.identity import actor


@bp.get("/programmes")
@requires(policies.LEARN)
def programmes() -> ResponseReturnValue:
    """List the programmes the reader is in, and those they may join."""
    cards = queries.programme_cards(policies.programmes_for(actor()), actor().person_id)
    return render_template(
        "learning/programmes/list.html",
        mine=[card for card in cards if card.state is not None],
        others=[card for card in cards if card.state is None],
        places=naming.PLACES,
    )


@bp.get("/programmes/<programme_key>")
@requires(policies.SEE_PROGRAMME, find=the_page)
def programme(page: queries.ProgrammePage) -> ResponseReturnValue:
    """Show a programme: what it asks for, and how the reader stands."""
    place = page.enrolment if page.takes_part else None
    plan = plan_for(page, place)
    entered = entry_of_programme(page.programme.id) if place is None else EntryView()
    if place is not None:
        needs = queries.needs_of(place.version_id, place.programme_id, place.learner_id, today=clock.today())
    else:
        needs = [
            queries.NeedRow(each.key, each.kind, each.title, each.text, each.renew_months, met=False)
            for each in queries.prerequisites_of(page.version.id)
        ]
    return render_template(
        "learning/programmes/programme.html",
        shown=page,
        programme=page.programme,
        version=page.version,
        place=place,
        plan=plan,
        needs=needs,
        unmet=[need for need in needs if not need.met] if place else [],
        left=naming.what_is_left(plan) if place and place.state != COMPLETED else "",
        naming=naming,
        suspension=[LocalizedText.of(each) for each in page.version.suspension],
        sees_participants=allowed(policies.SEE_PARTICIPANTS, actor(), page),
        edits=policies.edits_programme(actor(), page),
        reasons=why(actor().person_id, programme_id=page.programme.id) if place else [],
        may_join=place is None and allowed(policies.JOIN_PROGRAMME, actor(), page),
        entry=entered,
        asked=latest_request(actor().person_id, programme_id=page.programme.id) if entered.by_request else None,
        announced=shown_on(page.programme, place.learner_id, clock.today()) if place else [],
        paper=programme_paper(actor(), page.programme.id) if place else None,
    )


@bp.post("/programmes/<programme_key>/join")
@requires(policies.JOIN_PROGRAMME, find=the_page)
def join_programme(page: queries.ProgrammePage) -> ResponseReturnValue:
    """Take a place in a programme; pressed again, it opens a place whose prerequisites are met by now."""
    try:
        place = services.join_programme(actor().person_id, page.programme.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        if place.state == PENDING:
            flash(_("You have a place. The steps open as soon as the prerequisites are met."), "info")
        elif place.state == COMPLETED:
            flash(_("You have joined, and you have completed everything this programme needs."), "ok")
        else:
            flash(_("You have joined the programme."), "ok")
    return redirect(url_for(".programme", programme_key=page.programme.key))


@bp.post("/programmes/<programme_key>/leave")
@requires(policies.USE_PLACE, find=my_place)
def leave_programme(mine: MyPlace) -> ResponseReturnValue:
    """Leave a programme."""
    try:
        services.leave_programme(mine.enrolment.id, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        flash(_("You have left the programme. What you completed is kept in case you come back."), "ok")
    return redirect(url_for(".programmes"))


@bp.route("/programmes/<programme_key>/undertakings/<prerequisite_key>", methods=["GET", "POST"])
@requires(policies.USE_PLACE, find=my_undertaking)
def undertaking(mine: MyUndertaking) -> ResponseReturnValue:
    """Show an undertaking to be read, and sign it."""
    form, need, page = SignForm(), mine.need, mine.place.page
    if form.validate_on_submit():
        try:
            place = services.sign_undertaking(
                mine.place.enrolment.id, need.key, form.digest.data or "", language=current_language(), at=clock.now()
            )
        except Conflict as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(url_for(".undertaking", programme_key=page.programme.key, prerequisite_key=need.key))
        waits = place.state == PENDING
        flash(_("You have signed. What else is needed is listed here.") if waits else _("You have signed."), "ok")
        return redirect(url_for(".programme", programme_key=page.programme.key))
    form.digest.data = queries.digest_of(need.title, need.text)
    shown = render_template(
        "learning/programmes/undertaking.html", form=form, need=need, programme=page.programme, version=page.version
    )
    return shown, 422 if form.errors else 200


@bp.post("/programmes/<programme_key>/steps/<step_key>/open")
@requires(policies.USE_PLACE, find=my_step)
def open_step(mine: MyStep) -> ResponseReturnValue:
    """Go to the course or quiz of a step, and take a place on the course if the learner has none."""
    step, back = mine.step, url_for(".programme", programme_key=mine.place.page.programme.key)
    standing = mine.plan.standings[step.key]
    if mine.place.enrolment.state == PENDING:
        flash(_("The steps open as soon as the prerequisites are met."), "warn")
        return redirect(back)
    if standing.state in (rules.LOCKED, rules.ABSENT) or step.course_id is None:
        flash(naming.why_locked(mine.plan, step) or naming.why_absent(step), "warn")
        return redirect(back)
    return _to_course(mine, step.course_id, back)


def _to_course(mine: MyStep, course_id: int, back: str) -> ResponseReturnValue:
    course = course_by_id(course_id)
    taken = enrolment_of(mine.learner_id, course_id)
    if course is None:
        return redirect(back)
    if taken is None or taken.state == WITHDRAWN:
        if not allowed(policies.ENROL, actor(), course):
            flash(naming.why_absent(mine.step), "warn")
            return redirect(back)
        try:
            taken = learning.enrol(mine.learner_id, course_id, at=clock.now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(url_for(".course", key=course.key))
    elif taken.state == COMPLETED and _is_due_anew(mine, taken):
        try:
            taken = learning.take_anew(mine.learner_id, course_id, at=clock.now())
        except Refusal as refusal:
            flash(refusal.for_reader(), "warn")
            return redirect(back)
        course = course_by_id(taken.course_id) or course
    quiz = quizzes.activity_of_quiz(taken.version_id, mine.step.quiz_id) if mine.step.quiz_id else None
    if quiz is not None:
        return redirect(url_for(".activity", enrolment_id=taken.id, activity_key=quiz))
    return redirect(url_for(".go_on", key=course.key))


def _is_due_anew(mine: MyStep, taken: Enrolment) -> bool:
    """Whether a later cycle asks again for what was completed before it began."""
    cycle = mine.place.enrolment
    before = taken.completed_at is None or taken.completed_at < cycle.joined_at
    return cycle.cycle > 1 and mine.step.done_at is None and before
