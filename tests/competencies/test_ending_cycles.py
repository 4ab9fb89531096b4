"""CM9: an appraisal cycle is ended before its last day: what can still be signed, who is told, taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Conflict
from academy.competencies import services
from academy.competencies.models import Appraisal, AppraisalCycle
from academy.competencies.queries import goals as reads
from academy.competencies.services.appraising import ManagersPart
from academy.notices.models import Letter
from tests.competencies.test_goals import House, notices
from tests.factories import accounts as people


@pytest.fixture
def house(app):
    return House()


def acts():
    return list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("competencies:cycle:"))))


def test_an_administrator_ends_a_cycle_early_and_lets_it_go_on(house, visit):
    """CM9: said plainly before, confirmed, in the trail; nobody writes goals in it until it goes on."""
    desk, me, page = visit(house.admin), visit(house.who), f"/goals/cycles/{house.cycle.id}"
    offered = desk.get(page)
    assert "1 appraisal is not signed by both yet" in offered.words and offered.select("form[data-confirm]")
    assert "The cycle has ended" in desk.post(f"{page}/end").words
    assert "Ended early" in desk.get("/admin/appraisal-cycles").words
    assert "ended early on" in me.get(house.page).words and "Write a goal" not in me.get(house.page).words
    with pytest.raises(Conflict):
        services.set_goal(house.found, house.wanted(), at=clock.now())
    desk.post(f"{page}/end", status=409)
    assert "goes on until its last day" in desk.post(f"{page}/reopen").words
    desk.post(f"{page}/reopen", status=409)
    services.set_goal(house.found, house.wanted(), at=clock.now())
    assert {"competencies:cycle:end", "competencies:cycle:reopen"} <= set(acts())


def test_only_administrators_end_a_cycle(house, visit):
    """CM9: neither who takes part nor who leads them."""
    for who in (house.boss, house.who, house.top):
        for act in ("end", "reopen"):
            visit(who).post(f"/goals/cycles/{house.cycle.id}/{act}", status=404)
    assert "End the cycle" not in visit(house.boss).get(f"/goals/cycles/{house.cycle.id}").words


def test_after_an_early_end_it_can_still_be_signed(house):
    """CM9: the manager signs without the person's part, the person answers; nobody owes goals any more."""
    services.tell_cycles(clock.now())
    services.end_cycle(house.cycle, by_id=house.admin.id, at=clock.now())
    assert services.remind_of_cycle(house.cycle, None, whole=True, at=clock.now()) == 0
    for _again in range(2):
        assert services.tell_of_ending(house.cycle.id, 0, at=clock.now()) == 0
    assert notices("appraisal_ended", house.who) == 1
    part = ManagersPart("Short and good", house.said.opens_on, "")
    services.sign_appraisal(house.found, part, 0, by_id=house.boss.id, at=clock.now())
    services.confirm_appraisal(house.found, 1, at=clock.now())
    assert house.stage == "done"
    services.tell_of_ending(house.cycle.id, 0, at=clock.now())
    assert notices("appraisal_ended", house.who) == 1


def test_whoever_leads_them_is_told_once_of_an_early_end(house, app):
    """CM9: one letter for the whole team, in the manager's language; nobody of whose team all have signed is told."""
    other = people.person(of=house.of, unit=house.unit, manager=house.boss, language="en")
    lonely = people.person(of=house.of, unit=house.unit, manager=house.top, language="en")
    cycle = services.open_cycle(house.said, [house.who, other], by_id=house.admin.id, at=clock.now())
    services.tell_cycles(clock.now())
    services.end_cycle(cycle, by_id=house.admin.id, at=clock.now())
    for _again in range(2):
        services.tell_of_ending(cycle.id, 0, at=clock.now())
    told = [
        notices("appraisal_ended_of_team", each) for each in (house.boss, house.top, house.who, lonely, house.admin)
    ]
    assert told == [1, 0, 0, 0, 0]
    letter = db.session.scalars(select(Letter).where(Letter.kind == "appraisal_ended_of_team")).one()
    assert letter.to_address == house.boss.email and "of your team has ended early" in letter.subject
    assert letter.address.endswith("/goals")


def test_a_cycle_that_has_not_begun_is_removed(house, visit):
    """CM9: nobody was told of it, nothing could be written; the trail keeps that it was there."""
    first = riyadh_day(clock.now()) + timedelta(days=5)
    said = services.Cycle(house.said.title, first, first + timedelta(days=60))
    cycle = services.open_cycle(said, [house.who], by_id=house.admin.id, at=clock.now())
    mine = reads.found(Appraisal.cycle_id == cycle.id)
    with pytest.raises(Conflict):
        services.save_managers_part(mine, ManagersPart("Early", None, ""), 0, at=clock.now())
    number = cycle.id
    assert "Nobody had been told" in visit(house.admin).post(f"/goals/cycles/{number}/end").words
    assert db.session.get(AppraisalCycle, number) is None and "competencies:cycle:remove" in acts()


def test_nobody_ended_what_goes_on(house):
    """The database holds it."""
    with pytest.raises(IntegrityError), db.session.begin_nested():
        house.cycle.ended_by_id = house.admin.id
        db.session.flush()
