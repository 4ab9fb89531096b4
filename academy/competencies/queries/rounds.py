"""What a rating round can be opened over: people, units, competencies; and whose forms and ratings are due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, false, or_, select

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import organisations_administered, people_administered, people_managed, people_of_units
from academy.base.access import ADMINISTRATOR, Actor
from academy.base.clock import RIYADH
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import (
    Competency,
    CompetencyDomain,
    PersonRequirement,
    Rating,
    RatingAnswer,
    RatingLine,
    RatingRound,
    RatingVoice,
    Requirement,
)
from academy.competencies.models.ratings import AGREED, INVITED, OPEN, PEER

MOST_NAMED = 200


def team_of(actor: Actor) -> Sequence[Person]:
    """Return the active people whom the actor manages, for a choice; none for those who lead nobody."""
    return _people(people_managed(actor)) if actor.leads else []


def _people(whom: ColumnElement[bool]) -> Sequence[Person]:
    query = select(Person).where(whom, Person.state == "active").order_by(Person.search_text, Person.id)
    return db.session.scalars(query.limit(MOST_NAMED)).all()


def places_of(actor: Actor) -> list[tuple[str, LocalizedText, int]]:
    """Return the organisations ("o1") and units ("u4") that an administrator can choose, with their depth; two statements."""
    if not actor.has(ADMINISTRATOR):
        return []
    organisations = db.session.execute(
        select(Organisation.id, Organisation.name).where(organisations_administered(actor)).order_by(Organisation.id)
    ).all()
    units = db.session.execute(
        select(OrgUnit.organisation_id, OrgUnit.id, OrgUnit.name, OrgUnit.path)
        .where(OrgUnit.organisation_id.in_([row.id for row in organisations]), OrgUnit.active)
        .order_by(OrgUnit.path, OrgUnit.id)
    ).all()
    found = []
    for row in organisations:
        found.append((f"o{row.id}", row.name, 0))
        inside = [each for each in units if each.organisation_id == row.id]
        found += [(f"u{each.id}", each.name, each.path.count("/") - 1) for each in inside]
    return found


def people_at(place: str, actor: Actor) -> Sequence[Person]:
    """Return the active people of an organisation or unit whom the actor administers, without the actor."""
    number = int(place[1:])
    inside = Person.organisation_id == number if place[0] == "o" else people_of_units({number})
    whom = and_(inside, people_administered(actor), Person.state == "active", Person.id != actor.person_id)
    return db.session.scalars(select(Person).where(whom).order_by(Person.search_text, Person.id)).all()


def targets_of(person_ids: Collection[int]) -> dict[int, Mapping[str, int]]:
    """Return what is asked of people, by person; one statement."""
    query = (
        select(PersonRequirement.person_id, Requirement.targets)
        .join(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .where(PersonRequirement.person_id.in_(person_ids))
    )
    return {who: targets for who, targets in db.session.execute(query)}


def ids_of_holding(keys: Collection[str]) -> dict[str, int]:
    """Return the ids of competencies that are not retired, in the framework's order; one statement."""
    query = (
        select(Competency.key, Competency.id)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .where(Competency.key.in_(keys), Competency.retired_at.is_(None))
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position, Competency.position)
    )
    return {key: number for key, number in db.session.execute(query)}


def colleagues(rating_id: int, person: Person, actor: Actor) -> list[tuple[int, LocalizedText]]:
    """Return whom the actor can choose as peers: people of the organisation in their own reach who do not take part yet."""
    taking_part = select(RatingVoice.rater_id).where(RatingVoice.rating_id == rating_id)
    reach = people_managed(actor) if actor.leads else false()
    whom = and_(
        reach, Person.organisation_id == person.organisation_id, Person.state == "active", Person.id != person.id,
        Person.id.not_in(taking_part),
    )  # fmt: skip
    query = select(Person.id, Person.name).where(whom).order_by(Person.search_text, Person.id).limit(MOST_NAMED)
    return [(number, name) for number, name in db.session.execute(query)]


def peer_levels(rating_id: int) -> dict[int, list[int]]:
    """Return the levels that peers have handed in, by line, for the figures at closing; never for a page."""
    from_peers = RatingVoice.voice == PEER, RatingVoice.submitted_at.is_not(None), RatingAnswer.level.is_not(None)
    query = (
        select(RatingAnswer.line_id, RatingAnswer.level)
        .join(RatingVoice, RatingVoice.id == RatingAnswer.voice_id)
        .where(RatingVoice.rating_id == rating_id, *from_peers)
        .order_by(RatingAnswer.line_id, RatingAnswer.level)
    )
    found: dict[int, list[int]] = {}
    for line, level in db.session.execute(query):
        found.setdefault(line, []).append(level or 0)
    return found


def lines(rating_id: int) -> Sequence[RatingLine]:
    """Return the rows of the competencies of a rating."""
    return db.session.scalars(select(RatingLine).where(RatingLine.rating_id == rating_id).order_by(RatingLine.id)).all()


def over(at: datetime, *, most: int) -> Sequence[int]:
    """Return the open ratings whose closing moment has passed."""
    query = select(Rating.id).join(RatingRound, RatingRound.id == Rating.round_id)
    late = Rating.state == OPEN, RatingRound.closes_at < at
    return db.session.scalars(query.where(*late).order_by(Rating.id).limit(most)).all()


def unanswered_since(moment: datetime, *, most: int) -> Sequence[int]:
    """Return the ratings whose agreed levels have waited for an answer since a moment or longer."""
    waits = Rating.state == AGREED, Rating.answer.is_(None), Rating.agreed_at <= moment
    return db.session.scalars(select(Rating.id).where(*waits).order_by(Rating.id).limit(most)).all()


def voices_to_tell(at: datetime, *, most: int) -> Sequence[tuple[RatingVoice, Rating, RatingRound, LocalizedText]]:
    """Return the raters of open rounds who have not been told yet, each with rating, round and the rated person's name."""
    return _voices(at, RatingVoice.told_at.is_(None), most)


def voices_to_remind(
    at: datetime, *, until: datetime, told_before: datetime, stage: int, most: int
) -> Sequence[tuple[RatingVoice, Rating, RatingRound, LocalizedText]]:
    """Return the raters who owe a form that closes by `until`, were told long enough ago and reminded fewer than `stage` times."""
    owed = and_(
        RatingVoice.submitted_at.is_(None), RatingVoice.told_at <= told_before, RatingVoice.reminders < stage,
        RatingRound.closes_at <= until,
    )  # fmt: skip
    return _voices(at, owed, most)


def voices_to_remind_of(
    round_id: int, whom: ColumnElement[bool], at: datetime, *, most: int
) -> Sequence[tuple[RatingVoice, Rating, RatingRound, LocalizedText]]:
    """Return who owes a form about these people in a round and was not reminded today."""
    owed = and_(Rating.round_id == round_id, whom, RatingVoice.submitted_at.is_(None), not_reminded_on(riyadh_day(at)))
    return _voices(at, owed, most)


def not_reminded_on(day: date) -> ColumnElement[bool]:
    """Return the filter on RatingVoice for those who got no reminder on a day or later."""
    return or_(RatingVoice.reminded_at.is_(None), RatingVoice.reminded_at < datetime.combine(day, time(), RIYADH))


def _voices(
    at: datetime, which: ColumnElement[bool], most: int
) -> Sequence[tuple[RatingVoice, Rating, RatingRound, LocalizedText]]:
    query = (
        select(RatingVoice, Rating, RatingRound, Person.name)
        .join(Rating, Rating.id == RatingVoice.rating_id)
        .join(RatingRound, RatingRound.id == Rating.round_id)
        .join(Person, Person.id == Rating.person_id)
        .where(
            RatingVoice.state == INVITED, Rating.state == OPEN, RatingRound.opens_at <= at, RatingRound.closes_at >= at, which
        )
        .order_by(RatingVoice.id)
        .limit(most)
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]
