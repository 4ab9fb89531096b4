"""MT3: the academy decides which settings of an organisation its own administrators may change."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services
from academy.accounts.kinds import SETTINGS
from academy.accounts.models import Organisation, SettingLock
from academy.base import clock
from academy.base.access import TABLE, UnlessLocked
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from academy.credentials.queries_of_templates import approvers
from academy.learning.models import CalendarEntry
from academy.learning.services import working_days
from tests.factories import accounts as people
from tests.factories import partners
from tests.factories import templates as looks
from tests.learning.test_working_days import EID

SAID = "ثبّتت الأكاديمية هذا الإعداد"
PAGES = {
    "certificates": "/admin/organisations/{id}/certificate-template",
    "look": "/admin/partners/{id}/edit",
    "messages": "/admin/message-rules/{id}",
    "prayers": "/admin/prayer-pauses/{id}",
    "registration": "/admin/partners/{id}/joining/edit",
    "working_days": "/admin/working-days/{id}",
}
FORMS = {
    "certificates": {"template": ""},
    "look": {"colour": "#111111", "name-ar": "شريك", "name-en": "Partner"},
    "messages": {"months": "12", "trainers": "y"},
    "prayers": {"kept": "y", "place": "riyadh", "minutes_before": "10", "minutes_after": "20"},
    "registration": {"domains": "company.test"},
    "working_days": {"weekend": ["4", "5"], "opens": "08:00", "closes": "15:00"},
}


@pytest.fixture
def house(app) -> Organisation:
    """A partner: it has every setting."""
    return partners.partner()


@pytest.fixture
def own(house):
    """The administrator of the partner."""
    return people.administrator(house, everywhere=False)


def lock(house: Organisation, *settings: str) -> None:
    services.lock_settings(house, settings, at=clock.now(), actor_id=None)


def locked(house: Organisation) -> list[str]:
    query = select(SettingLock.setting).where(SettingLock.organisation_id == house.id)
    return sorted(db.session.scalars(query))


def entries(act: str = "accounts:setting:lock") -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id)))


def shut(page) -> bool:
    """Whether a page has nothing in its main part that sends: all fields are shut."""
    main = page.select_one("main")
    fields = main.select("input:not([type=hidden]), select, textarea")
    return not main.select("form[method=post]") and all(
        field.find_parent("fieldset", disabled=True) for field in fields
    )


def test_every_setting_has_a_page_here_and_a_permission_that_heeds_it(app):
    """MT3: a setting that a slice enters is guarded, and is tried below."""
    guarded = {line.allows.setting for line in TABLE.values() if isinstance(line.allows, UnlessLocked)}
    assert set(SETTINGS) == guarded == set(PAGES) == set(FORMS)


def test_the_academy_locks_and_unlocks_in_one_act(house, visit):
    """MT3: boxes on the organisation's page; the trail holds before and after; what is sent twice is not written twice."""
    browser, address = visit(people.administrator()), f"/admin/organisations/{house.id}"
    page = browser.get(address)
    assert "ما تحتفظ به الأكاديمية" in page.words
    assert [each["value"] for each in page.select("[name=settings]")] == sorted(SETTINGS)
    for wanted in (["prayers", "look"], ["prayers", "look"], ["prayers"], []):
        page = browser.post(f"{address}/locks", {"settings": wanted})
        assert [each["value"] for each in page.select("[name=settings][checked]")] == sorted(wanted) == locked(house)
    told = [(entry.before, entry.after) for entry in entries()]
    assert told == [
        ({"locked": []}, {"locked": ["look", "prayers"]}),
        ({"locked": ["look", "prayers"]}, {"locked": ["prayers"]}),
        ({"locked": ["prayers"]}, {"locked": []}),
    ]
    page = browser.get("/admin/audit")
    assert "المظهر وجهات الاتصال؛ الرسائل وأوقات الصلاة" in page.words


@pytest.mark.parametrize("setting", PAGES)
def test_a_locked_setting_is_shown_and_taken_from_nobody_but_the_academy(setting, house, own, visit):
    """MT3: read-only with a sentence, 403 for what is sent; another partner and academy administrators go on."""
    address, sent = PAGES[setting].format(id=house.id), FORMS[setting]
    browser = visit(own)
    assert not shut(browser.get(address))
    lock(house, setting)
    page = browser.get(address)
    assert SAID in page.words and shut(page)
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    browser.post(address, sent, status=403)
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before
    other = partners.partner()
    elsewhere = visit(people.administrator(other, everywhere=False))
    page = elsewhere.get(PAGES[setting].format(id=other.id))
    assert SAID not in page.words and not shut(page)
    elsewhere.post(PAGES[setting].format(id=other.id), sent)
    elsewhere.post(address, sent, status=404)
    root = visit(people.administrator())
    page = root.get(address)
    assert SAID not in page.words and not shut(page)
    root.post(address, sent)


def test_every_door_of_the_calendar_is_locked(house, own, visit):
    """MT3: holidays, shorter hours, the import, and what is entered already."""
    entry = working_days.add_entry(house.id, EID, actor_id=None, at=clock.now())
    lock(house, "working_days")
    browser, here = visit(own), f"/admin/working-days/{house.id}"
    page = browser.get(here)
    assert "عيد الفطر" in page.words and not page.select(f"main a[href*='{here}/'], main a[href*=entries]")
    doors = (
        f"{here}/holidays/new",
        f"{here}/short-hours/new",
        f"{here}/import",
        f"/admin/working-days/entries/{entry.id}",
    )
    for door in doors:
        assert shut(browser.get(door))
        browser.post(door, {"lines": "x"}, status=403)
    browser.post(f"/admin/working-days/entries/{entry.id}/remove", status=403)
    assert db.session.scalar(select(func.count(CalendarEntry.id))) == 1


def test_the_look_cannot_be_changed_through_a_template_of_its_own(house, own, visit):
    """MT3: neither by saying where it is used, nor by publishing, nor by retiring it; credential officers neither."""
    made, draft = looks.published(house), looks.template(house)
    officer, everywhere = (
        people.grant(people.person(of=house), "officer", house),
        people.grant(people.person(), "officer"),
    )
    assert approvers(draft, but=None) == sorted([own.id, officer.id, everywhere.id])
    lock(house, "certificates")
    assert approvers(draft, but=None) == [everywhere.id]
    for who in (own, officer):
        browser, here = visit(who), f"/admin/certificates/templates/{made.key}"
        page = browser.get(here)
        assert SAID in page.words and not page.select("form[action$=uses], form[action$=retire], form[action$=publish]")
        browser.post(f"{here}/uses", {"organisation": str(house.id)}, status=403)
        browser.post(f"{here}/retire", {"reason": "x"}, status=403)
        browser.post(f"/admin/certificates/templates/{draft.key}/publish", {"revision": "1"}, status=403)
        browser.post(PAGES["certificates"].format(id=house.id), {"template": made.key}, status=403)
    visit(everywhere).post(PAGES["certificates"].format(id=house.id), {"template": made.key})


def test_pages_about_the_organisation_lead_to_no_locked_form(house, own, visit, statements):
    """MT3: no dead buttons; a lock costs an organisation's administrators no statement."""
    browser = visit(own)
    pages = [f"/admin/partners/{house.id}", f"/admin/partners/{house.id}/joining", f"/admin/organisations/{house.id}"]
    asked = {}
    for address in pages:
        browser.get(address)
        with statements() as seen:
            assert SAID not in browser.get(address).words
        asked[address] = len(seen)
    lock(house, *SETTINGS)
    db.session.commit()
    for address in pages:
        with statements() as seen:
            page = browser.get(address)
        assert SAID in page.words and not page.select("form[action$=locks]") and len(seen) <= asked[address]
        assert not page.select(f"main a[href$='/partners/{house.id}/edit'], main a[href$='joining/edit']")
    with statements() as seen:
        visit(people.administrator()).get(pages[-1])
    assert len(seen) <= 8 + 2  # the session that the visit begins takes two


def test_wrong_persons_lock_nothing(house, own, visit):
    """MT3, P12: the partner's administrator, a manager, an officer, an auditor and people of other houses do not see the door."""
    address = f"/admin/organisations/{house.id}"
    lock(house, "prayers")
    unit = people.org_unit(house)
    others = (
        people.manager(unit), people.person(of=house), people.administrator(partners.partner(), everywhere=False),
        people.grant(people.person(), "officer"), people.grant(people.person(), "auditor"), own,
    )  # fmt: skip
    for who in others:
        browser = visit(who)
        browser.post(f"{address}/locks", {"settings": []}, status=403 if who.audits else 404)
    assert "ما تحتفظ به الأكاديمية" not in visit(own).get(address).words
    assert "ما تحتفظ به الأكاديمية" not in visit(others[4]).get(address).words
    assert locked(house) == ["prayers"] and len(entries()) == 1


def test_auditors_read_what_is_locked(house, visit):
    """MT3: an auditor of the organisation looks as before."""
    auditor = people.grant(people.person(of=house), "auditor", house)
    lock(house, "certificates")
    visit(auditor).get(PAGES["certificates"].format(id=house.id))


def test_only_settings_that_an_organisation_has_are_locked_and_each_once(app, visit):
    """MT3: an agency has no look of a partner; the database holds no lock twice and drops them with the organisation."""
    agency = people.organisation()
    page = visit(people.administrator()).get(f"/admin/organisations/{agency.id}")
    offered = {each["value"] for each in page.select("[name=settings]")}
    assert offered == set(SETTINGS) - {"look", "registration"}
    for wrong in ("look", "everything"):
        with pytest.raises(Invalid):
            lock(agency, wrong)
        visit(people.administrator()).post(f"/admin/organisations/{agency.id}/locks", {"settings": [wrong]}, status=422)
    lock(agency, "prayers")
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(SettingLock(organisation_id=agency.id, setting="prayers", locked_at=clock.now()))
        db.session.flush()
