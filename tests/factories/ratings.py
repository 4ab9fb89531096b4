"""Rating rounds for tests: a team, what its people say, and what comes of it."""

from datetime import timedelta

from sqlalchemy import select

from academy.base import clock
from academy.base.db import db
from academy.competencies import queries, services
from academy.competencies.models import Evidence, RatingVoice
from academy.competencies.queries import ratings
from tests.factories import accounts as people
from tests.factories import competencies as make

ALL = ("self", "manager", "peer")


class Team:
    """A manager, one of the team, and colleagues in the same unit."""

    def __init__(self, colleagues: int = 4) -> None:
        make.framework({"D1.1": 3, "D1.2": 1, "D2.1": 2})
        self.unit = people.org_unit()
        self.boss = people.manager(self.unit, name=people.both("نورة", "Noura"), language="en")
        self.member = people.person(unit=self.unit, manager=self.boss, name=people.both("خالد", "Khalid"))
        self.peers = [
            people.person(
                unit=self.unit, manager=self.boss, name=people.both(f"زميل{n}", f"Colleague{n}"), language="en"
            )
            for n in range(colleagues)
        ]
        services.set_profile(self.member.id, "frontline", at=make.LONG_AGO)

    def open(self, *, voices=ALL, keys=("D1.1", "D2.1"), days=14, invited=None, at=None, **given):
        at = at or clock.now()
        said = services.Opening("Half-year", keys, at, at + timedelta(days=days), voices, **given)
        (row,) = services.open_round(said, [self.member], leads=True, by_id=self.boss.id, at=at)
        found = ratings.rating(row.id)
        if "peer" in voices:
            services.add_peers(found, self.peers[: len(self.peers) if invited is None else invited], at=at)
        return found


def voice_of(found, who):
    own = RatingVoice.rating_id == found.id, RatingVoice.rater_id == who.id
    return ratings.voice(db.session.scalar(select(RatingVoice.id).where(*own)))


def say(found, who, *levels, hand_in=True, note="", at=None):
    said = {line.id: (level, note) for line, level in zip(ratings.lines_of(found.rating), levels, strict=True)}
    services.save_rating(voice_of(found, who), said, hand_in=hand_in, at=at or clock.now())


def close(found, at=None):
    assert services.close_rating(found.id, by_id=None, at=at or clock.now())


def agreed(found, boss, *levels, at=None, note=""):
    lines = ratings.lines_of(found.rating)
    said = {line.id: (level, note) for line, level in zip(lines, levels, strict=True)}
    services.agree(found, found.rating.revision, said, by_id=boss.id, at=at or clock.now())


def pieces(who, *kinds):
    query = select(Evidence).where(Evidence.person_id == who.id, Evidence.kind.in_(kinds)).order_by(Evidence.id)
    return db.session.scalars(query).all()


def standing(who):
    return {each.key: each for domain in queries.standing_of(who.id).domains for each in domain.competencies}
