"""CM5: a rating round as a whole: who has rated, who is missing, reminders, what was agreed; of colleagues never who."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.base import clock
from academy.base.db import db
from academy.competencies import services
from academy.competencies.models import RatingVoice
from academy.competencies.queries import overviews, ratings
from academy.insights.reports.reach import actor_of
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.ratings import Team, agreed, close, say


@pytest.fixture
def team(app):
    return Team()


def address(found):
    return f"/ratings/rounds/{found.round.id}"


def cells(page):
    return [cell.get_text(" ", strip=True) for cell in page.select("#people tbody tr > *")]


def reminders():
    return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "rating_reminder"))


def test_a_round_shows_who_has_rated_and_who_is_missing(team, visit):
    """CM5: self and manager by name, colleagues only as how many of how many, the figures as links to their people."""
    found = team.open()
    say(found, team.member, 2, 1)
    say(found, team.peers[1], 3, 3)
    page = visit(team.boss).get(address(found))
    assert cells(page)[1:4] == ["Handed in", "Still missing Noura", "1 of 4"]
    owed, *_others = [each["href"] for each in page.select(".kpi-rows")]
    assert "stage=owed" in owed and "2 of 6 forms handed in" in page.words
    assert len(visit(team.boss).get(owed).select("#people tbody tr")) == 1
    assert not visit(team.boss).get(f"{address(found)}?stage=talk").select("#people tbody tr")
    assert not any(peer.name.en in page.words for peer in team.peers), (
        "which colleagues rate is on the person's page alone"
    )


def test_what_was_agreed_is_told_by_person_and_by_competency(team, visit):
    """CM5: the agreed levels of a round: reached of asked, an objection, and the stages that people pass."""
    found = team.open(voices=("self", "manager"))
    say(found, team.member, 2, 1)
    say(found, team.boss, 3, 1)
    close(found)
    assert overviews.overview(found.round, actor_of(team.boss.id), clock.now()).stages["talk"] == 1
    agreed(ratings.rating(found.id), team.boss, 3, 1)
    page = visit(team.boss).get(address(found))
    assert "1 of 2 reached" in page.words and page.select(".kpi-rows[href*='stage=confirm']")
    by_competency = {
        row.key: (row.people, row.agreed, row.reached)
        for row in overviews.levels_agreed(found.round.id, actor_of(team.boss.id))
    }
    assert by_competency == {"D1.1": (1, 1, 1), "D2.1": (1, 1, 0)}
    services.object_to_agreement(ratings.rating(found.id), 1, "Not so", at=clock.now())
    assert "Objected to" in cells(visit(team.boss).get(f"{address(found)}?stage=objected"))


def test_whoever_is_missing_is_reminded_once_a_day_and_nobody_learns_who(team, visit):
    """CM5: reminders by hand go to all who owe a form; the page tells how many, and offers no second one today."""
    found = team.open()
    say(found, team.member, 2, 1)
    say(found, team.peers[0], 3, 3)
    browser = visit(team.boss)
    page = browser.post(f"{address(found)}/reminders")
    assert "4 reminders were sent" in page.words and "All reminded today" in page.words
    assert reminders() == 4 and not page.select(f"form[action$='{address(found)}/reminders']")
    browser.post(f"{address(found)}/reminders", status=409)
    assert reminders() == 4
    assert services.remind_by_hand(found.round.id, actor_of(team.boss.id), at=clock.now() + timedelta(days=1)) == 4
    close(found)
    browser.post(f"{address(found)}/reminders", status=409)


def test_only_the_own_people_of_a_round_are_seen(team, visit):
    """CM5, isolation: each manager sees theirs in a round over a unit; strangers, raters and the rated see no round."""
    chief = people.administrator(
        db.session.get(type(people.organisation()), team.boss.organisation_id), everywhere=False
    )
    other_boss = people.person(of=chief.organisation, language="en")
    foreign = people.person(of=chief.organisation, manager=other_boss, name=people.both("CANARY", "CANARY"))
    services.set_profile(foreign.id, "frontline", at=make.LONG_AGO)
    at = clock.now()
    said = services.Opening("Unit", ("D1.1",), at, at + timedelta(days=5), ("self", "manager"))
    rows = services.open_round(said, [team.member, foreign], leads=False, by_id=chief.id, at=at)
    here = f"/ratings/rounds/{rows[0].round_id}"
    assert "CANARY" not in visit(team.boss).get(here).words
    assert "CANARY" in visit(other_boss).get(here).words and "CANARY" in visit(chief).get(here).words
    assert services.remind_by_hand(rows[0].round_id, actor_of(team.boss.id), at=at) == 2
    owed = select(RatingVoice.reminded_at).where(RatingVoice.rating_id == rows[1].id)
    assert set(db.session.scalars(owed)) == {None}
    for who in (
        team.member,
        team.peers[0],
        people.person(),
        people.administrator(people.organisation(), everywhere=False),
    ):
        visit(who).get(here, status=404)
        visit(who).post(f"{here}/reminders", status=404)


def test_the_page_of_a_round_costs_the_same_however_many_are_in_it(team, visit, statements):
    for peer in team.peers:
        services.set_profile(peer.id, "frontline", at=make.LONG_AGO)
    at = clock.now()
    said = services.Opening("All", ("D1.1", "D2.1"), at, at + timedelta(days=5), ("self", "manager"))
    rows = services.open_round(said, [team.member, *team.peers], leads=True, by_id=team.boss.id, at=at)
    browser = visit(team.boss)
    with statements() as seen:
        page = browser.get(f"/ratings/rounds/{rows[0].round_id}")
    assert len(page.select("#people tbody tr")) == 5 and len(seen) <= 8
    with statements() as seen:
        assert "All" in browser.get("/ratings").words
    assert len(seen) <= 8
