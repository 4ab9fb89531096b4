"""The agency's view: every partner on one page with its certified share and how that has moved; never partner to partner (MT2, MT5, ID12)."""

from datetime import timedelta

import pytest

from academy.base import clock
from academy.base.db import db
from academy.competencies.models import PersonProfile, RoleProfile
from academy.partners import services
from academy.partners.queries_of_serving import roster_on
from academy.partners.queries_of_shares import days_told, shares
from academy.partners.rules import NOT_ACTIVE, May
from tests.factories import accounts as people
from tests.factories import partners
from tests.factories.accounts import both


@pytest.fixture
def scene(app):
    course = partners.required_course(title=both("مقرر الشركاء", "Partners"))
    of, other = partners.partner(seats=9, name=both("جسور", "Jusoor")), partners.partner(name=both("مسارات", "Masarat"))
    partners.agreement(of, course, reference="CX-1")
    partners.agreement(other, course, reference="CX-2")
    early, late = partners.member(of), partners.member(of)
    partners.certified(early, course, days=300)
    partners.certified(late, course, days=100)
    partners.member(of, days=200)
    gone = partners.member(of)
    partners.certified(gone, course, days=300)
    services.end_membership(gone, reason="resigned", actor_id=None, at=partners.moment(40))
    partners.member(other, days=3)
    partners.flush()
    return {"of": of, "other": other, "course": course, "admin": people.administrator(of, everywhere=False)}


def test_the_days_are_today_and_the_ends_of_twelve_months():
    today = clock.today().replace(year=2026, month=3, day=15)
    told = [day.isoformat() for day in days_told(today)]
    assert (told[0], told[-3:]) == ("2025-03-31", ["2026-01-31", "2026-02-28", "2026-03-15"])


def test_the_share_of_a_day_is_what_the_roster_of_that_day_says(scene):
    """MT2: the same rule and the same records, for all partners at once and for each day."""
    today = clock.today()
    days = [today - timedelta(days=back) for back in (350, 250, 90, 41, 39, 1, 0)]
    found = shares([scene["of"].id, scene["other"].id], days, today=today)
    for house in (scene["of"], scene["other"]):
        for share in found[house.id]:
            lines = roster_on(house.id, share.day, today=today).lines
            people_there = [line for line in lines if line.verdict.why not in NOT_ACTIVE]
            able = sum(line.verdict.may is May.SERVE for line in people_there)
            assert (share.able, share.people) == (able, len(people_there)), (house.key, share.day)
    assert [share.able for share in found[scene["of"].id]] == [0, 2, 3, 3, 2, 2, 2]
    assert found[scene["of"].id][-1].people == 4 and found[scene["other"].id][-1].percent == 0


def test_whoever_does_other_work_is_not_counted(scene):
    today, clerk = clock.today(), partners.member(scene["of"])

    def counted() -> int:
        db.session.flush()
        return shares([scene["of"].id], [today], today=today)[scene["of"].id][0].people

    assert counted() == 5
    for key, still in (("supervisor", 4), ("partner_frontline", 5)):
        profile = RoleProfile(key=key, name=both("دور", key), targets={})
        db.session.add(profile)
        db.session.flush()
        db.session.add(PersonProfile(person_id=clerk.id, profile_id=profile.id, set_at=clock.now()))
        assert counted() == still


def test_the_agency_reads_all_partners_on_one_page_and_a_partner_its_own_alone(scene, visit):
    """MT2: share, how many end soon, seats, agreement; an auditor reads them too, another partner gets nothing."""
    for reader in (people.administrator(), people.grant(people.person(), "auditor")):
        page = visit(reader).get("/admin/partners")
        rows = {row.select_one("th").get_text(" ", strip=True): row for row in page.select("table.sheet tbody tr")}
        assert "2 من 4" in rows["جسور"].get_text(" ", strip=True) and rows["جسور"].select_one("svg.share-bars rect")
        months = visit(reader).get(f"/admin/partners/{scene['of'].id}/shares")
        assert len(months.select("table.sheet tbody tr")) == 13
    mine = visit(scene["admin"])
    assert "اليوم" in mine.get(f"/admin/partners/{scene['of'].id}/shares").words
    mine.get(f"/admin/partners/{scene['other'].id}/shares", status=404)
    visit(people.person()).get(f"/admin/partners/{scene['of'].id}/shares", status=404)


def test_the_page_costs_the_same_for_many_partners_and_pages(scene, visit, statements):
    root = visit(people.administrator())

    def cost() -> int:
        with statements() as seen:
            root.get("/admin/partners")
        return len(seen)

    cost()
    before = cost()
    for _each in range(26):
        house = partners.partner()
        partners.agreement(house, scene["course"])
        partners.certified(partners.member(house), scene["course"])
    partners.flush()
    assert cost() == before <= 8
    assert len(root.get("/admin/partners?page=2").select("table.sheet tbody tr")) == 3
