"""Requests for a place or an exemption: asking, taking back, deciding once, and going on when nobody answers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from academy import facts
from academy.accounts.models import Person
from academy.base import audit, bus, ids, storage
from academy.base.db import change, db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.learning.models import WITHDRAWN, DecisionLink, EntryRule, PlaceRequest, RequestTurn
from academy.learning.models.entry import BY_REQUEST, MANAGERS
from academy.learning.models.requests import APPROVED, ASKED, EXEMPTION, PLACE, REFUSED, TAKEN_BACK
from academy.learning.queries import enrolment_of
from academy.learning.queries import programmes as programme_queries
from academy.learning.queries import requests as queries
from academy.learning.refusals import AlreadyAnswered
from academy.learning.rules.entry import next_decider
from academy.learning.scopes import may_decide
from academy.learning.services import entry
from academy.learning.services.enrolling import check_prerequisites, open_version
from academy.learning.services.exempting import check_not_done, check_step, exempt
from academy.learning.services.programmes import join_programme, open_programme
from academy.learning.services.waiting import wait_for_seat

LINK_LIVES = timedelta(days=14)
LONGEST = 500
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a course, a programme, or a step of one."""

    course_id: int | None = None
    programme_id: int | None = None
    step_id: int | None = None


def ask(learner_id: int, wanted: Wanted, *, note: str = "", at: datetime) -> PlaceRequest:
    """Ask for a place, once while it waits. It comes to the learner's manager first, without one to the administrators."""
    said = _sentence(note, "note")
    rule = entry.hold_rule(course_id=wanted.course_id, programme_id=wanted.programme_id)
    _check_asking(learner_id, wanted, rule, at)
    request, made = insert_once(
        lambda: PlaceRequest(
            learner_id=learner_id, course_id=wanted.course_id, programme_id=wanted.programme_id, note=said, asked_at=at
        ),
        lambda: _waiting(learner_id, wanted),
    )
    if made:
        _record("learning:request:ask", request, learner_id, at, None, {"state": ASKED, "note": said})
        _begin_turn(request, 1, at)
    return request


def ask_exemption(
    learner_id: int,
    course_id: int | None = None,
    *,
    step: tuple[int, str] | None = None,
    note: str,
    proof: tuple[bytes, str] | None = None,
    by_id: int | None = None,
    at: datetime,
) -> PlaceRequest:
    """Ask for an exemption from a course, once while it waits; `by_id` proposes it for the learner. `proof`: bytes and name.

    Or from a `step` (programme, key) of the programme that the learner is in, where it is no course.
    """
    said = _sentence(note, "note")
    if not said:
        raise Invalid(_l("Say why: whoever decides reads it."), field="note")
    wanted = _exemption_wanted(learner_id, course_id, step)
    kept = _keep_proof(proof, by_id or learner_id, at) if proof is not None else None
    request, made = insert_once(
        lambda: PlaceRequest(
            learner_id=learner_id,
            course_id=wanted.course_id,
            programme_id=wanted.programme_id,
            step_id=wanted.step_id,
            about=EXEMPTION,
            by_id=by_id,
            proof_id=kept,
            note=said,
            asked_at=at,
        ),
        lambda: _waiting(learner_id, wanted, EXEMPTION),
    )
    if not made:
        raise Conflict(_l("This exemption was asked for already and waits for a decision."))
    after = {"about": EXEMPTION, "state": ASKED, "note": said}
    _record("learning:exemption:ask", request, by_id or learner_id, at, None, after)
    _begin_turn(request, 1, at)
    return request


def _exemption_wanted(learner_id: int, course_id: int | None, step: tuple[int, str] | None) -> Wanted:
    """Return what an exemption is asked from, after a look whether it can be."""
    if step is not None:
        _place, found = check_step(learner_id, *step)
        return Wanted(programme_id=step[0], step_id=found.id)
    check_not_done(learner_id, course_id or 0)
    return Wanted(course_id=course_id)


def _keep_proof(proof: tuple[bytes, str], by_id: int, at: datetime) -> int:
    try:
        upload = storage.check(*proof, most=MOST_BYTES)
    except Invalid as refusal:
        refusal.field = "proof"
        raise
    return storage.keep(upload, at=at, by=by_id, audience="nobody").id


def take_back(request_id: int, *, by_id: int, at: datetime) -> PlaceRequest:
    """Take a request back while it waits."""
    request = _hold(request_id)
    request.state, request.ended_at = TAKEN_BACK, at
    _record("learning:request:withdraw", request, by_id, at, {"state": ASKED}, {"state": TAKEN_BACK})
    _end_links(request)
    return request


def decide(
    request_id: int,
    *,
    approve: bool,
    reason: str = "",
    by_id: int,
    at: datetime,
    link_id: int | None = None,
    ends_on: date | None = None,
) -> PlaceRequest:
    """Approve or refuse a request, once and for good; a refusal needs its reason. Of two deciders at once the second is refused.

    An approved learner has their place, or waits for a seat where the course is full and keeps a list. `link_id` is the
    letter's link that was used; it works once. Every answer about an exemption has a reason; `ends_on` is its last day.
    """
    said = _sentence(reason, "reason")
    if not approve and not said:
        raise Invalid(_l("Give the reason: the learner reads it."), field="reason")
    with db.session.begin_nested():  # a full course undoes the use of the link too
        request = _hold(request_id)
        if not may_decide(by_id, request_id):
            raise NotFound
        if link_id is not None and not _use(link_id, at):
            raise AlreadyAnswered
        if not said and request.about == EXEMPTION:
            raise Invalid(_l("Give the reason: the learner reads it."), field="reason")
        if approve and request.about == EXEMPTION:
            exempt(request, by_id=by_id, reason=said, ends_on=ends_on, at=at)
        elif approve:
            _let_in(request, at)
        request.state, request.reason = (APPROVED if approve else REFUSED), said
        request.ended_at, request.decided_by_id = at, by_id
        db.session.flush()
        after = {"state": request.state, "reason": said, "by_letter": link_id is not None}
        _record("learning:request:decide", request, by_id, at, {"state": ASKED}, after)
        _end_links(request)
    bus.publish(facts.RequestAnswered(request.id))
    return request


def escalate(request_id: int, number: int, *, at: datetime) -> bool:
    """Let a request go on after a turn that passed in silence; each turn goes on once. Returns whether it did."""
    request: PlaceRequest | None = lock(PlaceRequest, request_id)
    if request is None or request.state != ASKED or request.turn != number:
        return False
    turn = queries.turn(request_id, number)
    if turn is None or turn.ends_at is None or turn.ends_at > at:
        return False
    return _begin_turn(request, number + 1, at)


def make_link(request_id: int, decider_id: int, *, at: datetime) -> str:
    """Make the link of a letter to a decider and return its token, which is kept nowhere."""
    token = ids.random_token()
    link = DecisionLink(
        request_id=request_id,
        decider_id=decider_id,
        token_digest=ids.digest(token),
        created_at=at,
        expires_at=at + LINK_LIVES,
    )
    db.session.add(link)
    db.session.flush()
    return token


def _check_asking(learner_id: int, wanted: Wanted, rule: EntryRule | None, at: datetime) -> None:
    if rule is None or rule.way != BY_REQUEST:
        raise Conflict(_l("Nobody needs to ask for a place here."))
    entry.check_days(rule, at=at)
    taken: Any
    if wanted.course_id is not None:
        check_prerequisites(learner_id, open_version(wanted.course_id))
        taken = enrolment_of(learner_id, wanted.course_id)
    else:
        open_programme(wanted.programme_id or 0)
        taken = programme_queries.programme_enrolment_of(learner_id, wanted.programme_id or 0)
    if taken is not None and taken.state != WITHDRAWN:
        raise Conflict(_l("You have a place here already."))


def _let_in(request: PlaceRequest, at: datetime) -> None:
    if not queries.is_still_for(request):  # they asked as a member of another organisation
        raise Conflict(_l("This is no longer open to the organisation that the learner belongs to now."))
    if request.course_id is not None:
        wait_for_seat(request.learner_id, request.course_id, at=at, approved=True)
    else:
        join_programme(request.learner_id, request.programme_id or 0, at=at, approved=True)


def _begin_turn(request: PlaceRequest, number: int, at: datetime) -> bool:
    """Ask the next in order: managers upwards, each once, then the administrators, with whom it stays."""
    asked = queries.asked_so_far(request.id)
    rule = entry.hold_rule(course_id=request.course_id, programme_id=request.programme_id)
    left, decider_id = next_decider(_chain(request, rule), asked)
    if not left:
        return False
    patience = timedelta(days=rule.answer_days if rule else entry.Entry().answer_days)
    turn = RequestTurn(
        request_id=request.id, number=number, decider_id=decider_id, began_at=at,
        ends_at=at + patience if decider_id is not None else None,
    )  # fmt: skip
    request.turn = number
    db.session.add(turn)
    db.session.flush()
    if number > 1:
        _record(
            "learning:request:escalate",
            request,
            None,
            at,
            {"turn": number - 1},
            {"turn": number, "decider": decider_id},
        )
    bus.publish(facts.RequestTurnBegan(request.id, number))
    return True


def _chain(request: PlaceRequest, rule: EntryRule | None) -> list[int]:
    """Return the managers who are asked before the administrators; about an exemption only where the course says so."""
    if request.about == EXEMPTION and (rule is None or rule.exempted_by != MANAGERS):
        return []
    return [manager_id for manager_id in queries.managers_above(request.learner_id) if manager_id != request.by_id]


def _hold(request_id: int) -> PlaceRequest:
    request: PlaceRequest | None = lock(PlaceRequest, request_id)
    if request is None:
        raise NotFound
    if request.state != ASKED:
        raise AlreadyAnswered
    return request


def _waiting(learner_id: int, wanted: Wanted, about: str = PLACE) -> PlaceRequest | None:
    mine = PlaceRequest.learner_id == learner_id, PlaceRequest.state == ASKED, PlaceRequest.about == about
    of = PlaceRequest.programme_id == wanted.programme_id
    if wanted.course_id is not None:
        of = PlaceRequest.course_id == wanted.course_id
    elif wanted.step_id is not None:
        of = PlaceRequest.step_id == wanted.step_id
    return db.session.scalar(select(PlaceRequest).where(*mine, of))


def _use(link_id: int, at: datetime) -> bool:
    mine = DecisionLink.id == link_id, DecisionLink.used_at.is_(None), DecisionLink.expires_at > at
    return change(update(DecisionLink).where(*mine).values(used_at=at)) == 1


def _end_links(request: PlaceRequest) -> None:
    open_ = DecisionLink.request_id == request.id, DecisionLink.used_at.is_(None)
    db.session.execute(update(DecisionLink).where(*open_).values(used_at=request.ended_at))
    db.session.flush()


def _sentence(typed: str, field: str) -> str:
    said = clean_block(typed).strip()
    if len(said) > LONGEST:
        raise Invalid(_l("Use at most %(limit)s characters."), field=field, limit=LONGEST)
    return said


def _record(
    act: str,
    request: PlaceRequest,
    actor_id: int | None,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    learner = db.session.get_one(Person, request.learner_id)
    of = {"course": request.course_id} if request.course_id is not None else {"programme": request.programme_id}
    audit.record(
        act, at=at, actor_id=actor_id, subject=("person", learner.id, learner.name.show("ar")),
        organisation_id=learner.organisation_id, before=before, after={"request": request.id, **of, **after},
    )  # fmt: skip
