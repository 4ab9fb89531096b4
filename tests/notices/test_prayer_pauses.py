"""NO5: letters that can wait are held around the prayers of an organisation's city; its administrators alone say so."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.dates import RIYADH
from academy.base.db import db
from academy.base.prayers import Spot, prayer_times
from academy.notices import kinds, rules, services
from academy.notices.models import Letter, PrayerPause
from academy.notices.queries_of_prayers import said
from academy.notices.services.pausing import Wish
from tests.factories import accounts as people

DAY = date(2026, 11, 24)
SAID = {"kept": "y", "place": "riyadh", "minutes_before": "١٠", "minutes_after": "20"}


@pytest.fixture
def house(app):
    services.set_rules(
        rules.Quiet(None, None, False), rules.Ladder(), actor_id=None, at=datetime(2026, 11, 1, tzinfo=RIYADH)
    )
    return people.organisation()


def states(person) -> list[str]:
    return list(db.session.scalars(select(Letter.state).where(Letter.person_id == person.id).order_by(Letter.id)))


def test_letters_wait_until_the_window_is_over_and_needed_ones_never_do(house):
    """NO5: only for the people of the organisation that wants it."""
    wish = Wish(kept=True, place="riyadh", before=10, after=20)
    services.set_pauses(house, wish, actor_id=None, at=datetime(2026, 11, 1, tzinfo=RIYADH))
    noon = prayer_times(Spot(24.6877, 46.7219), DAY)["dhuhr"]
    inside, other = people.person(of=house), people.person()
    with time_machine.travel(noon, tick=False):
        for who in (inside, other):
            services.tell(who.id, kinds.COURSE_COMPLETED, "one", at=noon, course="Measurement")
        jobs.run_all_due()
        assert (states(inside), states(other)) == (["queued"], ["kept"])
    with time_machine.travel(noon + timedelta(minutes=19), tick=False):
        jobs.run_all_due()
        assert states(inside) == ["queued"]
    with time_machine.travel(noon + timedelta(minutes=20), tick=False):
        jobs.run_all_due()
        assert states(inside) == ["kept"]


def test_a_window_that_ends_in_the_quiet_hours_waits_for_their_end():
    """NO5: neither rule lets through what the other holds."""
    pauses = said(PrayerPause(
        latitude=24.6877, longitude=46.7219, method="umm_al_qura", minutes_before=10, minutes_after=20,
    ))  # fmt: skip
    quiet = rules.Quiet(time(18, 40), time(7, 0), weekend=False)
    isha = prayer_times(Spot(24.6877, 46.7219), DAY)["isha"]
    assert f"{isha.astimezone(RIYADH):%H:%M}" == "18:34"
    assert rules.opening(isha, quiet, pauses) == datetime(2026, 11, 25, 7, 0, tzinfo=RIYADH)


def test_administrators_choose_for_their_own_people(visit, house):
    """NO5: a city or coordinates, checked in the reader's language; what changed is in the audit trail."""
    own, strange = (
        people.administrator(house, everywhere=False),
        people.administrator(people.organisation(), everywhere=False),
    )
    address = f"/admin/prayer-pauses/{house.id}"
    for who in (strange, people.person(of=house)):
        visit(who).post(address, SAID, status=404)
    browser = visit(own)
    browser.get("/admin/prayer-pauses", status=302)
    assert browser.response.location.endswith(address)
    for wrong in (
        {"minutes_before": "99"}, {"minutes_before": "0", "minutes_after": "0"}, {"place": "atlantis"},
        {"place": "", "latitude": "89", "longitude": "4", "method": "league"}, {"place": "", "latitude": "9"},
        {"place": "", "latitude": "9", "longitude": "4", "method": "guess"},
    ):  # fmt: skip
        browser.post(address, {**SAID, **wrong}, status=422)
    assert db.session.get(PrayerPause, house.id) is None
    page = browser.post(address, SAID)
    assert len(page.select("table tbody tr")) == 5 and "الظهر" in page.words
    browser.post(address, {**SAID, "place": "", "latitude": "21.5", "longitude": "39.2", "method": "league"})
    row = db.session.get(PrayerPause, house.id)
    assert (row.kept, row.method, float(row.latitude), row.minutes_before) == (True, "league", 21.5, 10)
    kinds_told = list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.organisation_id == house.id)))
    assert kinds_told.count("notices:prayers:keep") == 2
    everyone = visit(people.administrator())
    assert everyone.get("/admin/prayer-pauses").find("a", href=address)
