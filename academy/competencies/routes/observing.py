"""Observing somebody at the counter: what to watch, the checklist, both signatures, the photograph."""

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import queries as accounts
from academy.accounts.kinds import name_act
from academy.accounts.models import Person
from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.errors import Invalid, NotFound, Refusal
from academy.base.i18n import _, _l
from academy.competencies import kinds, policies, queries, rules, services
from academy.competencies.forms.evidence import AnswerForm, ObservationForm, ObserveForm, observation_form
from academy.competencies.models import Observation
from academy.competencies.routes.blueprints import bp
from academy.web.access import requires
from academy.web.files import contents
from academy.web.filters import plain
from academy.web.identity import actor

name_act("competencies:observation:send", _l("Observation signed by its observer"))
name_act("competencies:observation:answer", _l("Observation answered by the person"))
name_act("competencies:observation:settle", _l("Observation counts without an answer"))


@bp.get("/observations")
@requires(policies.LIST_OBSERVATIONS)
def observations() -> ResponseReturnValue:
    """What I have written down, and what was written down of me."""
    rows = queries.observations_of(actor().person_id)
    return render_template(
        "competencies/observations.html", rows=rows, reader_id=actor().person_id, states=kinds.OBSERVATION_STATES
    )


@bp.route("/people/<int:person_id>/observe", methods=["GET", "POST"])
@requires(policies.OBSERVE, find=accounts.person)
def observe(who: Person) -> ResponseReturnValue:
    """Choose what to watch; the role's competencies come first."""
    standing = queries.standing_of(who.id)
    known = {each.key: each for domain in standing.domains for each in domain.competencies}
    ordered = sorted(known.values(), key=lambda each: each.target == 0)
    form = ObserveForm()
    form.competencies.choices = [(each.key, plain(each.name)) for each in ordered]
    if form.validate_on_submit():
        ids = queries.competency_ids(form.competencies.data or [])
        levels = {ids[key]: rules.level_to_watch(known[key].target, known[key].level) for key in ids}
        at = clock.now()
        try:
            row = services.start_observation(who.id, actor().person_id, levels, observed_on=riyadh_day(at), at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".observation_draft", observation_id=row.id))
    shown = render_template(
        "competencies/observe.html", form=form, person=who, known=known, levels=queries.level_names(), rules=rules
    )
    return shown, 422 if form.errors else 200


@bp.route("/observations/<int:observation_id>/draft", methods=["GET", "POST"])
@requires(policies.WRITE_OBSERVATION, find=queries.observation)
def observation_draft(row: Observation) -> ResponseReturnValue:
    """The checklist at the counter: saved as often as one likes, then signed."""
    levels, lines = queries.level_names(), queries.observation_lines(row.id)
    form = observation_form(row, lines, levels)
    if form.validate_on_submit():
        try:
            _save(row, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if request.form.get("act") == "sign":
                flash(_("You have signed. The person can now confirm or object."), "ok")
                return redirect(url_for(".observation", observation_id=row.id))
            flash(_("The draft has been saved."), "ok")
            return redirect(url_for(".observation_draft", observation_id=row.id))
    shown = render_template(
        "competencies/observation_draft.html", row=row, form=form, lines=lines, levels=levels,
        person=accounts.person(row.person_id),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _save(row: Observation, form: ObservationForm) -> None:
    at, photo = clock.now(), form.photo.data
    services.save_observation(row, form.seen(), at=at)
    if photo and photo.filename:
        try:
            services.keep_photo(row, photo.read(), photo.filename, at=at)
        except Invalid as refusal:
            refusal.field = "photo"
            raise
    if request.form.get("act") == "sign":
        services.send_observation(row, at=at)


@bp.post("/observations/<int:observation_id>/discard")
@requires(policies.WRITE_OBSERVATION, find=queries.observation)
def discard_observation(row: Observation) -> ResponseReturnValue:
    """Throw a draft away."""
    services.discard_observation(row)
    flash(_("The draft has been discarded."), "ok")
    return redirect(url_for(".observations"))


def _shown(row: Observation, form: AnswerForm) -> ResponseReturnValue:
    people = queries.person_names({row.person_id, row.observer_id})
    shown = render_template(
        "competencies/observation.html", row=row, form=form, lines=queries.observation_lines(row.id), people=people,
        levels=queries.level_names(), states=kinds.OBSERVATION_STATES, marks=kinds.MARKS, reader_id=actor().person_id,
        until=row.sent_at + rules.ANSWER_WITHIN if row.sent_at else None,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.get("/observations/<int:observation_id>")
@requires(policies.SEE_OBSERVATION, find=queries.observation)
def observation(row: Observation) -> ResponseReturnValue:
    """What was seen, and who has signed it."""
    return _shown(row, AnswerForm())


@bp.post("/observations/<int:observation_id>/answer")
@requires(policies.ANSWER_OBSERVATION, find=queries.observation)
def answer_observation(row: Observation) -> ResponseReturnValue:
    """The observed person confirms, or objects and says why."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _shown(row, form)
    try:
        if request.form.get("act") == "confirm":
            services.confirm_observation(row, at=clock.now())
        else:
            services.object_to_observation(row, form.reason.data or "", at=clock.now())
    except Invalid as refusal:
        form.refuse(refusal)
        return _shown(row, form)
    flash(_("Your answer has been kept. Your observer is told of it."), "ok")
    return redirect(url_for(".observation", observation_id=row.id))


@bp.get("/observations/<int:observation_id>/photo")
@requires(policies.SEE_OBSERVATION, find=queries.observation)
def observation_photo(row: Observation) -> ResponseReturnValue:
    """The photograph, for those who may read the observation."""
    stored = queries.photo_of(row)
    if stored is None:
        raise NotFound
    response = send_file(contents(stored), mimetype=stored.media_type, etag=stored.sha256, conditional=True)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
