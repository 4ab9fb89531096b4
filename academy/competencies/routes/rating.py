"""Rating rounds: opening one, rating, choosing peers, comparing, agreeing and answering."""

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.dates import riyadh_day
from academy.base.errors import Conflict, Invalid, NotFound, Refusal
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, rules, services
from academy.competencies.forms.ratings import (
    AnswerAgreementForm,
    LevelsForm,
    OpenRoundForm,
    PeersForm,
    agree_form,
    rate_form,
)
from academy.competencies.models import Rating
from academy.competencies.models.ratings import AGREED, MANAGER, OPEN, PEER, SELF
from academy.competencies.queries import overviews, ratings, rounds
from academy.competencies.queries.ratings import FoundRating, FoundVoice
from academy.competencies.routes.blueprints import bp
from academy.web.access import may, requires
from academy.web.filters import number, plain
from academy.web.identity import actor

WEEKS_OPEN = timedelta(days=14)
name_act("competencies:rating:open", _l("Rating round opened"))
name_act("competencies:rating:close", _l("Rating closed"))
name_act("competencies:rating:agree", _l("Levels agreed on recorded"))
name_act("competencies:rating:answer", _l("Levels agreed on answered by the person"))
name_act("competencies:rating:settle", _l("Levels agreed on count without an answer"))


@bp.get("/ratings")
@requires(policies.LIST_RATINGS)
def ratings_list() -> ResponseReturnValue:
    """The forms that I am asked for, the ratings of myself, and those of my people."""
    who, leads = actor(), may(policies.OPEN_ROUND, None)
    return render_template(
        "competencies/ratings/list.html", forms=ratings.forms_for(who.person_id, clock.now()), leads=leads,
        own=ratings.ratings_of(who.person_id), led=ratings.ratings_led(who) if leads else (),
        led_rounds=overviews.rounds_led(who) if leads else (), states=kinds.RATING_STATES,
        reader_id=who.person_id,
    )  # fmt: skip


@bp.route("/ratings/new", methods=["GET", "POST"])
@requires(policies.OPEN_ROUND)
def open_round() -> ResponseReturnValue:
    """Open a rating round for some of my people, or for everybody of a unit."""
    form, at, team = OpenRoundForm(), clock.now(), rounds.team_of(actor())
    places = rounds.places_of(actor())
    asked = rounds.targets_of([person.id for person in team]) if not places else None
    form.people.choices = [(person.id, plain(person.name)) for person in team]
    if places:
        form.unit.choices = [
            ("", _("Nobody else")),
            *((key, "– " * depth + plain(name)) for key, name, depth in places),
        ]
    else:
        del form.unit
    keys = None if asked is None else {key for targets in asked.values() for key, level in targets.items() if level}
    form.competencies.choices = [(key, plain(name)) for key, name in queries.competency_choices(keys)]
    if form.validate_on_submit():
        try:
            made = _open(form, team)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            jobs.enqueue("competencies.tell_raters")
            flash(
                _("The round is open. Its raters are told of it; people rated in it: %(num)s.", num=number(len(made))),
                "ok",
            )
            if len(made) == 1:
                return redirect(url_for(".rating", rating_id=made[0].id))
            return redirect(url_for(".rating_round", round_id=made[0].round_id))
    elif request.method == "GET":
        form.opens_on.data, form.closes_on.data = riyadh_day(at), riyadh_day(at + WEEKS_OPEN)
        form.voices.data, form.people.data = (
            [SELF, MANAGER],
            [one.id for one in team if str(one.id) == request.args.get("person")],
        )
    shown = render_template("competencies/ratings/new.html", form=form, places=places, team=team, rules=rules)
    return shown, 422 if form.errors else 200


def _open(form: OpenRoundForm, team: Sequence[Person]) -> Sequence[Rating]:
    chosen, unit, at = set(form.people.data or []), form.unit.data if form.unit else "", clock.now()
    if chosen and unit:
        raise Invalid(_l("Choose people of your team or a unit, not both."), field="unit")
    people = rounds.people_at(unit, actor()) if unit else [person for person in team if person.id in chosen]
    return services.open_round(form.opening(at), people, leads=not unit, by_id=actor().person_id, at=at)


@bp.route("/ratings/forms/<int:voice_id>", methods=["GET", "POST"])
@requires(policies.RATE, find=ratings.voice)
def rate(found: FoundVoice) -> ResponseReturnValue:
    """My view of somebody, competency by competency: saved as often as I like, handed in, changed until the round closes."""
    voice, at = found.voice, clock.now()
    lines, levels = ratings.lines_of(found.rating), queries.level_names()
    noted = voice.voice != PEER or found.round.notes_shown
    form = rate_form(lines, ratings.answers_of(voice.id), levels, noted=noted)
    if form.validate_on_submit():
        hand_in = request.form.get("act") == "hand_in" or voice.submitted_at is not None
        try:
            if not (hand_in and form.blame_missing()):
                services.save_rating(found, form.said(), hand_in=hand_in, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
        if not form.errors:
            flash(_("Your rating has been handed in.") if hand_in else _("The draft has been saved."), "ok")
            return redirect(url_for(".rate", voice_id=voice.id))
    shown = render_template(
        "competencies/ratings/rate.html", form=form, found=found, lines=lines, levels=levels, open=found.is_open(at),
        noted=noted, floor=rules.FLOOR, spread_from=rules.SPREAD_FROM, own=found.person.id == actor().person_id,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.get("/ratings/<int:rating_id>")
@requires(policies.SEE_RATING, find=ratings.rating)
def rating(found: FoundRating) -> ResponseReturnValue:
    """How somebody is seen by themselves, their manager and their colleagues, side by side, and what was agreed on."""
    return _compared(found, PeersForm(), AnswerAgreementForm(data={"revision": found.rating.revision}))


def _compared(found: FoundRating, peers: PeersForm, answer: AnswerAgreementForm) -> ResponseReturnValue:
    row, who, circle = found.rating, actor(), ratings.circle_of(found.id)
    leads, own = may(policies.LEAD_RATING, found), found.person_id == who.person_id
    closed = row.state != OPEN
    sees = rules.reads_others(closed=closed, handed_in=circle.handed_in_by(who.person_id))
    # Nothing that is not for the reader leaves the database.
    said = ratings.handed_in(found.id, views=sees, notes=closed and found.round.notes_shown)
    if leads and not closed and found.round.peers_rate:
        peers.colleagues.choices = rounds.colleagues(found.id, found.person, who)
        peers.colleagues.choices = [(key, plain(name)) for key, name in peers.colleagues.choices]
    shown = render_template(
        "competencies/ratings/rating.html", found=found, row=row, circle=circle, lines=ratings.lines_of(row),
        levels=found.levels, views=said.views, notes=said.notes, leads=leads, own=own,
        closed=closed, sees=sees, peers=peers, answer=answer, form_id=circle.form_of(who.person_id) if not closed else None,
        proposes=may(policies.PROPOSE_PEERS, found) and not closed, states=kinds.RATING_STATES, voices=kinds.VOICES,
        floor=rules.FLOOR, spread_from=rules.SPREAD_FROM, begun=found.round.opens_at <= clock.now(), agreed=row.state == AGREED,
        until=row.agreed_at + rules.ANSWER_AGREEMENT_WITHIN if row.agreed_at else None,
    )  # fmt: skip
    return shown, 422 if peers.errors or answer.errors else 200


@bp.post("/ratings/<int:rating_id>/proposals")
@requires(policies.PROPOSE_PEERS, find=ratings.rating)
def propose_peer(found: FoundRating) -> ResponseReturnValue:
    """Propose a colleague to rate me, or take a proposal back that was not decided."""
    form, at = PeersForm(), clock.now()
    try:
        if (voice_id := _chosen()) is not None:
            services.remove_peer(found, voice_id, proposed=True)
            said = _("The proposal has been taken back.")
        else:
            services.propose_peer(found, _colleague(form, found.person.organisation_id), at=at)
            said = _("Your proposal has been sent. Your manager decides on it.")
    except Invalid as refusal:
        form.refuse(refusal)
        return _compared(found, form, AnswerAgreementForm(formdata=None))
    flash(said, "ok")
    return _back(found)


@bp.post("/ratings/<int:rating_id>/peers")
@requires(policies.LEAD_RATING, find=ratings.rating)
def choose_peers(found: FoundRating) -> ResponseReturnValue:
    """Invite colleagues, approve a proposal, or take somebody out."""
    form, at, voice_id = PeersForm(), clock.now(), _chosen()
    form.colleagues.choices = rounds.colleagues(found.id, found.person, actor())
    try:
        if voice_id is not None and request.form.get("act") == "approve":
            services.approve_peer(found, voice_id)
            said = _("The proposal has been approved. The colleague is told of it.")
        elif voice_id is not None:
            services.remove_peer(found, voice_id)
            said = _("The colleague takes part no more.")
        else:
            services.add_peers(found, _invited(form, found.person.organisation_id), at=at)
            said = _("Invited. Who is to rate is told of it.")
    except Invalid as refusal:
        form.refuse(refusal)
        return _compared(found, form, AnswerAgreementForm(formdata=None))
    jobs.enqueue("competencies.tell_raters")
    flash(said, "ok")
    return _back(found)


def _chosen() -> int | None:
    """The part of somebody that a button names."""
    typed = request.form.get("voice")
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound
    return int(typed)


def _invited(form: PeersForm, organisation_id: int) -> list[Person]:
    form.validate_on_submit()
    if form.colleagues.errors:
        raise Invalid(str(form.colleagues.errors[0]), field="email")
    chosen = [accounts.person(number) for number in form.colleagues.data or []]
    people = [person for person in chosen if person is not None]
    if form.email.data or not people:
        people.append(_colleague(form, organisation_id))
    return people


def _colleague(form: PeersForm, organisation_id: int) -> Person:
    typed = form.email.data or ""
    if not typed:
        raise Invalid(_l("Choose a colleague, or enter an e-mail address."), field="email")
    person = accounts.person_by_email(typed, organisation_id)
    if person is None:
        raise Invalid(_l("Nobody active in this organisation has this address."), field="email")
    return person


@bp.post("/ratings/<int:rating_id>/close")
@requires(policies.LEAD_RATING, find=ratings.rating)
def close_rating(found: FoundRating) -> ResponseReturnValue:
    """Close a rating before its time."""
    if not services.close_rating(found.id, by_id=actor().person_id, at=clock.now()):
        raise Conflict(_l("This rating is closed already."))
    flash(_("The rating is closed. Talk about it, then record what you agree on."), "ok")
    return _back(found)


@bp.route("/ratings/<int:rating_id>/agreement", methods=["GET", "POST"])
@requires(policies.LEAD_RATING, find=ratings.rating)
def agree(found: FoundRating) -> ResponseReturnValue:
    """Record the level agreed on for each competency, with a note of the talk."""
    row, at = found.rating, clock.now()
    if row.state == OPEN:
        return _back(found)
    lines = ratings.lines_of(row)
    form = agree_form(lines, found.levels, row.revision)
    if form.validate_on_submit() and form.revision.data is not None and not form.blame_missing():
        try:
            services.agree(found, form.revision.data, form.said(), by_id=actor().person_id, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("The levels have been recorded. The person is asked to confirm them."), "ok")
            return _back(found)
    return _agreement(found, form)


def _agreement(found: FoundRating, form: LevelsForm) -> ResponseReturnValue:
    shown = render_template(
        "competencies/ratings/agree.html", found=found, form=form, lines=form.lines, levels=found.levels,
        views=ratings.handed_in(found.id, views=True).views, voices=kinds.VOICES,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.post("/ratings/<int:rating_id>/answer")
@requires(policies.ANSWER_RATING, find=ratings.rating)
def answer_agreement(found: FoundRating) -> ResponseReturnValue:
    """Confirm the levels as I read them, or object and say why."""
    form, at = AnswerAgreementForm(), clock.now()
    if not form.validate_on_submit() or form.revision.data is None:
        return _compared(found, PeersForm(formdata=None), form)
    try:
        if request.form.get("act") == "confirm":
            services.confirm_agreement(found, form.revision.data, at=at)
        else:
            services.object_to_agreement(found, form.revision.data, form.objection.data or "", at=at)
    except Invalid as refusal:
        form.refuse(refusal)
        return _compared(found, PeersForm(formdata=None), form)
    flash(_("Your answer has been kept. Your manager is told of it."), "ok")
    return _back(found)


def _back(found: FoundRating) -> Response:
    return redirect(url_for(".rating", rating_id=found.id))
