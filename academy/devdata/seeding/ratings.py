"""Rating rounds of the demonstration: one that was agreed on, and one that is open."""

from datetime import timedelta

from academy.accounts import services as accounts
from academy.accounts.models import Person
from academy.base import clock
from academy.base.dates import end_of_day, riyadh_day
from academy.competencies import services as competencies
from academy.competencies.queries import ratings
from academy.devdata import accounts as demo
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.history import History

RATED = ("D4.1", "D4.2", "D4.3")
VOICES = ("self", "manager", "peer")
RATED_TOO, PEERS = (
    3,
    4,
)  # of the team, beside the employee; they can sign in, so that the open round can be played to its end


def load_ratings(cast: Cast, history: History) -> None:
    """Play a round that ended with an agreement, and open another whose forms still wait."""
    boss, me = cast.demo["manager"], cast.demo["employee"]
    team = [person for person in cast.staff if person.manager_id == boss.id and person.id != me.id]
    _agreed(boss, me, team[:PEERS], history)
    for colleague in (*team[:RATED_TOO], *team[-PEERS:]):
        accounts.set_password(colleague, demo.PASSPHRASE)
    at = history.working_moment(2)
    said = competencies.Opening(
        "جولة الربع الأخير",
        RATED,
        at,
        end_of_day(riyadh_day(clock.now()) + timedelta(days=9)),
        VOICES,
        proposes=True,
        notes_shown=True,
    )
    for row in competencies.open_round(said, [me, *team[:RATED_TOO]], leads=True, by_id=boss.id, at=at):
        found = ratings.rating(row.id)
        assert found is not None
        others = [person for person in team if person.id != row.person_id]
        competencies.add_peers(found, others[-PEERS:], at=at)
        if row.person_id == me.id:
            competencies.propose_peer(found, others[0], at=at)
    competencies.tell_raters(clock.now())


def _agreed(boss: Person, me: Person, peers: list[Person], history: History) -> None:
    at = history.working_moment(60)
    said = competencies.Opening("تقييم نصف السنة", RATED, at, at + timedelta(days=14), VOICES)
    (row,) = competencies.open_round(said, [me], leads=True, by_id=boss.id, at=at)
    found = ratings.rating(row.id)
    assert found is not None
    competencies.add_peers(found, peers, at=at)
    views = {me.id: (3, 2, 2), boss.id: (2, 2, 1)}
    views |= {
        peer.id: levels for peer, levels in zip(peers, ((2, 3, 2), (3, 2, 2), (2, 2, 1), (3, 3, 2)), strict=False)
    }
    later = at + timedelta(days=3)
    for each in ratings.circle_of(row.id).rows:
        voice = ratings.voice(each.id)
        assert voice is not None
        lines = zip(ratings.lines_of(row), views[each.rater_id], strict=False)
        competencies.save_rating(voice, {line.id: (level, "") for line, level in lines}, hand_in=True, at=later)
    competencies.close_rating(row.id, by_id=None, at=at + timedelta(days=14))
    found = ratings.rating(row.id)
    assert found is not None
    notes = ("نُبقي المستوى حتى نراه في الحالات الصعبة.", "", "نتدرب معًا على المكالمات الغاضبة.")
    talk = at + timedelta(days=16)
    levels = {line.id: (2, note) for line, note in zip(ratings.lines_of(found.rating), notes, strict=False)}
    competencies.agree(found, 0, levels, by_id=boss.id, at=talk)
    competencies.confirm_agreement(found, 1, at=talk + timedelta(hours=4))
