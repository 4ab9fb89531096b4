"""Reads about requests for a place or an exemption: who is to decide, what waits for somebody, how a learner's own stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base import ids
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import PUBLISHED as OUT
from academy.learning.models import DecisionLink, PlaceRequest, Programme, ProgrammeStep, ProgrammeVersion, RequestTurn
from academy.learning.models.requests import ASKED, PLACE
from academy.learning.rules.entry import upwards
from academy.learning.scopes import HIGHEST, was_asked


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a list or its page shows it. `key` is of the course or programme; `decider` is None for administrators.

    `about` is place or exemption (`of_step`: from a step of a programme); `asked_by_id` the learner, or who `proposed_by` it for them.
    """

    id: int
    learner_id: int
    learner: LocalizedText
    job_title: LocalizedText | None
    organisation_id: int
    kind: str
    key: str
    title: LocalizedText
    course_id: int | None
    programme_id: int | None
    state: str
    note: str
    reason: str
    asked_at: datetime
    ended_at: datetime | None
    decided_by: LocalizedText | None
    decider: LocalizedText | None
    ends_at: datetime | None
    about: str
    asked_by_id: int
    proposed_by: LocalizedText | None
    proof_id: int | None
    of_step: bool = False


def request(request_id: int) -> RequestRow | None:
    """Return a request as its page shows it."""
    found = db.session.execute(_rows().where(PlaceRequest.id == request_id)).one_or_none()
    return _row(found) if found else None


def waiting_for(person_id: int) -> Select[Any]:
    """Return the query of the requests that somebody was asked to decide and may still decide, the longest waiting first."""
    return _rows().where(PlaceRequest.state == ASKED, was_asked(person_id)).order_by(PlaceRequest.id)


@cache
def count_waiting() -> ScalarSelect[int]:
    """Return the query of how many requests wait for the decision of the parameter `visitor_id`, on the day of `today`.

    Every page asks it, and to put it together takes longer than to answer it: it is built once.
    """
    asked = was_asked(bindparam("visitor_id", type_=Integer), bindparam("today", type_=Date))
    query = select(func.count()).select_from(PlaceRequest).join(Person, Person.id == PlaceRequest.learner_id)
    return query.where(PlaceRequest.state == ASKED, asked).scalar_subquery()


def own_requests(person_id: int, *, most: int = 20) -> list[RequestRow]:
    """Return somebody's latest requests, for themselves or proposed for others."""
    mine = or_(PlaceRequest.learner_id == person_id, PlaceRequest.by_id == person_id)
    query = _rows().where(mine).order_by(PlaceRequest.id.desc()).limit(most)
    return [_row(found) for found in db.session.execute(query)]


def decided_by(person_id: int, *, most: int = 20) -> list[RequestRow]:
    """Return what somebody decided lately."""
    query = _rows().where(PlaceRequest.decided_by_id == person_id).order_by(PlaceRequest.ended_at.desc()).limit(most)
    return [_row(found) for found in db.session.execute(query)]


def row_of(found: Any) -> RequestRow:
    """Return the row of a result of `waiting_for`."""
    return _row(found)


def latest_request(
    learner_id: int, *, course_id: int | None = None, programme_id: int | None = None, about: str = PLACE
) -> RequestRow | None:
    """Return a learner's latest request for a place on a course or in a programme, or for an exemption.

    Two statements when there is one. Most have none, and every page of a course asks: to look for it first is cheap.
    """
    thing = course_id if course_id is not None else programme_id
    asked = {"learner": learner_id, "about": about, "thing": thing}
    number = db.session.scalar(_latest(course_id is not None), asked)
    return _row(db.session.execute(_rows().where(PlaceRequest.id == number)).one()) if number is not None else None


@cache
def _latest(of_course: bool) -> Select[Any]:
    """Return the query of the id of what `latest_request` returns (built once)."""
    column = PlaceRequest.course_id if of_course else PlaceRequest.programme_id
    mine = PlaceRequest.learner_id == bindparam("learner"), PlaceRequest.about == bindparam("about")
    query = select(PlaceRequest.id).where(*mine, column == bindparam("thing"))
    return query.order_by(PlaceRequest.id.desc()).limit(1)


def managers_above(learner_id: int) -> list[int]:
    """Return the active managers above a learner in their organisation, the nearest first."""
    manager_of: dict[int, int | None] = {}
    active: set[int] = set()
    home, next_id = None, learner_id
    for _step in range(HIGHEST):
        row = db.session.execute(
            select(Person.id, Person.manager_id, Person.organisation_id, Person.state).where(Person.id == next_id)
        ).one_or_none()
        if row is None or row.id in manager_of:
            break
        home = row.organisation_id if home is None else home
        manager_of[row.id] = row.manager_id
        if row.state == "active" and row.organisation_id == home:
            active.add(row.id)
        if row.manager_id is None:
            break
        next_id = row.manager_id
    return [person_id for person_id in upwards(manager_of, learner_id) if person_id in active]


def turn(request_id: int, number: int) -> RequestTurn | None:
    """Return one turn of a request."""
    mine = RequestTurn.request_id == request_id, RequestTurn.number == number
    return db.session.scalar(select(RequestTurn).where(*mine))


def asked_so_far(request_id: int) -> list[int | None]:
    """Return whom a request came to, in order; None stands for the administrators."""
    query = select(RequestTurn.decider_id).where(RequestTurn.request_id == request_id).order_by(RequestTurn.number)
    return list(db.session.scalars(query))


def silent_turns(at: datetime, *, most: int) -> list[tuple[int, int]]:
    """Return (request, number) of the turns whose time is over while the request still waits."""
    query = (
        select(PlaceRequest.id, PlaceRequest.turn)
        .join(RequestTurn, and_(RequestTurn.request_id == PlaceRequest.id, RequestTurn.number == PlaceRequest.turn))
        .where(PlaceRequest.state == ASKED, RequestTurn.ends_at <= at)
        .order_by(PlaceRequest.id)
        .limit(most)
    )
    return [(row.id, row.turn) for row in db.session.execute(query)]


def still_waiting(request_ids: Sequence[int]) -> set[int]:
    """Return those of some requests that still wait for a decision."""
    mine = PlaceRequest.id.in_(request_ids), PlaceRequest.state == ASKED
    return set(db.session.scalars(select(PlaceRequest.id).where(*mine)))


def live_link(token: str, *, at: datetime) -> DecisionLink | None:
    """Return the link with this token if it still works: neither used nor too old, and its decider may still enter."""
    query = (
        select(DecisionLink)
        .join(Person, Person.id == DecisionLink.decider_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(DecisionLink.token_digest == ids.digest(token), DecisionLink.used_at.is_(None))
        .where(DecisionLink.expires_at > at, Person.state == "active", Organisation.active)
    )
    return db.session.scalar(query)


def name_of_decider(person_id: int) -> LocalizedText | None:
    """Return the name of whoever a link was written for."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id))


@cache
def _rows() -> Select[Any]:
    by, decider, proposer = aliased(Person), aliased(Person), aliased(Person)
    now = and_(RequestTurn.request_id == PlaceRequest.id, RequestTurn.number == PlaceRequest.turn)
    taught = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    shown = and_(ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.state == OUT)
    columns: tuple[Any, ...] = (
        PlaceRequest.id, PlaceRequest.learner_id, Person.name.label("learner"), Person.job_title, Person.organisation_id,
        PlaceRequest.course_id, PlaceRequest.programme_id, Course.key.label("course_key"), Programme.key.label("programme_key"),
        CourseVersion.title.label("course_title"), ProgrammeVersion.title.label("programme_title"), PlaceRequest.state,
        PlaceRequest.note, PlaceRequest.reason, PlaceRequest.asked_at, PlaceRequest.ended_at, by.name.label("decided_by"),
        decider.name.label("decider"), RequestTurn.ends_at, PlaceRequest.about, PlaceRequest.by_id, PlaceRequest.proof_id,
        proposer.name.label("proposed_by"), PlaceRequest.step_id, ProgrammeStep.title.label("step_title"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(PlaceRequest)
        .join(Person, Person.id == PlaceRequest.learner_id)
        .join(RequestTurn, now)
        .outerjoin(decider, decider.id == RequestTurn.decider_id)
        .outerjoin(by, by.id == PlaceRequest.decided_by_id)
        .outerjoin(proposer, proposer.id == PlaceRequest.by_id)
        .outerjoin(Course, Course.id == PlaceRequest.course_id)
        .outerjoin(CourseVersion, taught)
        .outerjoin(Programme, Programme.id == PlaceRequest.programme_id)
        .outerjoin(ProgrammeVersion, shown)
        .outerjoin(ProgrammeStep, ProgrammeStep.id == PlaceRequest.step_id)
    )


def _row(found: Any) -> RequestRow:
    course = found.course_id is not None
    key = found.course_key if course else found.programme_key
    title = (found.course_title if course else found.programme_title) or LocalizedText(key, key)
    if found.step_id is not None:
        title = step_in(found.step_title, title)
    return RequestRow(
        found.id, found.learner_id, found.learner, found.job_title, found.organisation_id, "course" if course else "programme",
        key, title, found.course_id, found.programme_id, found.state, found.note, found.reason, found.asked_at, found.ended_at,
        found.decided_by, found.decider, found.ends_at, found.about, found.by_id or found.learner_id, found.proposed_by, found.proof_id,
        found.step_id is not None,
    )  # fmt: skip


def step_in(step: LocalizedText, programme: LocalizedText) -> LocalizedText:
    """Return how a step is called outside its programme: by both titles; by that of the programme where it has none."""
    if not step:
        return programme
    return LocalizedText(f"{step.show('ar')} – {programme.show('ar')}", f"{step.show('en')} – {programme.show('en')}")


def proof_of(request_id: int) -> StoredFile | None:
    """Return the file that was uploaded with a request."""
    query = select(StoredFile).join(PlaceRequest, PlaceRequest.proof_id == StoredFile.id)
    return db.session.scalar(query.where(PlaceRequest.id == request_id))


def is_still_for(request: PlaceRequest) -> bool:
    """Whether the course or programme of a request is open to the organisation that its learner belongs to now."""
    home = and_(Person.id == request.learner_id, Organisation.id == Person.organisation_id)
    partner = and_(Organisation.kind == "partner", Organisation.active)
    if request.course_id is not None:
        of, open_ = (
            Course.id == request.course_id,
            or_(Course.audience == "everyone", Course.organisation_id == Organisation.id),
        )
        query = select(Course.id).where(of, home, open_)
    else:
        own = and_(Programme.audience.in_(("employee", "any")), Programme.organisation_id == Organisation.id)
        open_ = or_(own, and_(Programme.audience.in_(("partner", "any")), partner))
        query = select(Programme.id).where(Programme.id == request.programme_id, home, open_)
    return db.session.scalar(query) is not None
