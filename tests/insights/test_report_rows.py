"""RE4: every figure of a grouped report opens its rows, its rule and its 'as of'; a hidden one opens nothing."""

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import OrgUnit
from academy.base import clock
from academy.base.db import db
from academy.insights.reports import reach, services
from academy.insights.reports.rules import hiding
from academy.insights.reports.rules.hiding import TOTAL, Cell
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories.accounts import both


def report_of(who, dataset="people", **definition):
    made = services.create(reach.actor_of(who.id), "تقرير", dataset, at=clock.now())
    services.keep(made, at=clock.now(), **definition)
    return made


@pytest.fixture
def agency(app):
    """An administrator of an agency with units of 6, 7, 2 and 8 people; the small one hides the next larger one too."""
    of = people.organisation()
    admin = people.administrator(of, everywhere=False)
    for name, many in (("أ", 6), ("ب", 7), ("ج", 2), ("د", 8)):
        unit = people.org_unit(of, name=both(name, name))
        for _n in range(many):
            people.person(unit=unit)
    return admin


def links(page):
    """Each figure of the table: its group's word and where it leads, None when it does not open."""
    rows = page.select(".report-scroll tbody tr")
    return {row.th.get_text(): row.td.a["href"] if row.td and row.td.a else None for row in rows}


def test_each_shown_figure_opens_as_many_rows_as_it_says(visit, agency):
    """RE4: the same people, the rule in words and the time; the group's own column stands among them."""
    report = report_of(agency, columns=["person"], groups=["unit"], measures=[["count", ""]])
    browser = visit(agency)
    page = browser.get(f"/reports/{report.id}")
    opening = links(page)
    assert opening["د"] and opening["ج"] is None
    page = browser.get(opening["د"])
    assert len(page.select("tbody tr:not(.report-total)")) == 8
    assert "الرقم هو عدد هذه الصفوف" in page.words and "محسوب في" in page.words
    assert {row.select("td, th")[1].get_text() for row in page.select("tbody tr:not(.report-total)")} == {"د"}


def test_an_address_opens_the_same_rows_in_another_language(visit, agency):
    """RE4: the group is named as it stood on the page, whatever language the reader has switched to."""
    people.person(unit=people.org_unit(agency.organisation, name=both("الفرع", "Branch")))
    for _n in range(5):
        people.person(unit=db.session.scalars(select(OrgUnit).where(OrgUnit.name["en"].as_string() == "Branch")).one())
    report = report_of(agency, columns=["person"], groups=["unit"], measures=[["count", ""]])
    browser = visit(agency)
    address = links(browser.get(f"/reports/{report.id}"))["الفرع"]
    agency.language = "en"
    assert len(browser.get(address).select("tbody tr:not(.report-total)")) == 6
    browser.get(address.replace("in=ar", "in=xx"), status=404)


def test_a_hidden_figure_opens_nothing_nor_does_what_holds_it(visit, agency):
    """RE4: neither by its link nor by an address made up; the total would give it away, so it stays shut too."""
    report = report_of(agency, groups=["unit"], measures=[["count", ""]])
    browser = visit(agency)
    opening = links(browser.get(f"/reports/{report.id}"))
    shut = [name for name, address in opening.items() if address is None]
    assert {"ج", "الكل"} <= set(shut) and len(shut) >= 3
    for name in shut:
        of = "" if name == "الكل" else "&of=" + ("" if name == "غير مذكور" else name)
        browser.get(f"/reports/{report.id}/rows?figure=0{of}", status=404)
    for strange in ("?figure=9&of=د", "?figure=x&of=د", "?figure=0&of=ه", "?figure=0&of=د&of=د", "?figure=²&of=د"):
        browser.get(f"/reports/{report.id}/rows{strange}", status=404)


def test_nothing_hidden_can_be_reckoned_from_what_opens():
    """RE4: of a table of two ways no figure opens that has a hidden one within it."""
    cells = {("a", "x"): 9, ("a", "y"): 9, ("b", "x"): 2, ("b", "y"): 9, ("c", "x"): 9, ("c", "y"): 9}
    table = {key: Cell(many, many) for key, many in cells.items()}
    for row in "abc":
        table[(row, TOTAL)] = Cell(*[sum(n for key, n in cells.items() if key[0] == row)] * 2)
    for column in "xy":
        table[(TOTAL, column)] = Cell(*[sum(n for key, n in cells.items() if key[1] == column)] * 2)
    table[(TOTAL, TOTAL)] = Cell(*[sum(cells.values())] * 2)
    gone = hiding.hidden(table, 5)
    assert ("b", "x") in gone and not hiding.opens((TOTAL, TOTAL), gone) and not hiding.opens(("b", TOTAL), gone)
    for key in table:
        inside = {
            other for other in gone if all(mine in (TOTAL, theirs) for mine, theirs in zip(key, other, strict=True))
        }
        assert hiding.opens(key, gone) == (not inside)
    assert all(hiding.opens(key, set()) for key in table)


def test_a_figure_about_a_column_opens_the_rows_that_have_a_value_and_their_sum(visit, app):
    """RE4: an average rests on rows with a value; subtotals and the total open as well when nothing is hidden."""
    of = people.organisation()
    unit = people.org_unit(of, name=both("المركز", "Centre"))
    boss = people.manager(unit)
    course = catalogue.course(title=both("قياس", "Measuring"))
    for _n in range(6):
        learning.enrolment(people.person(unit=unit), course)
    asked = {"groups": ["course", "state"], "measures": [["people", ""], ["average", "progress"]]}
    report = report_of(boss, "enrolments", columns=["person"], **asked)
    browser = visit(boss)
    page = browser.get(f"/reports/{report.id}")
    addresses = [a["href"] for a in page.select(".report-scroll tbody td a")]
    assert len(addresses) >= 3
    for address in addresses:
        opened = browser.get(address)
        assert len(opened.select("tbody tr:not(.report-total)")) == 6
    assert "متوسط" in opened.words


def test_whoever_may_not_open_the_report_opens_no_rows_and_each_reader_their_own(visit, team, others):
    """RE4: rights are asked at each opening, and the rows are those of the reader."""
    report = report_of(team.boss, groups=[], measures=[["count", ""]])
    address = f"/reports/{report.id}/rows?figure=0"
    visit(team.late).get(address, status=404)
    visit(others.boss).get(address, status=404)
    listed = report_of(team.boss)
    visit(team.boss).get(f"/reports/{listed.id}/rows?figure=0", status=404)


def test_who_was_never_invited_is_not_called_invited(visit, agency):
    """The report and the page of the team say what the administration says; a figure of either state opens its people."""
    unit = db.session.scalars(select(OrgUnit).where(OrgUnit.name["ar"].as_string() == "د")).one()
    people.grant(agency, "manager", unit=unit)
    waiting = [people.person(unit=unit, state="invited") for _n in range(5)]
    sent = [people.person(unit=unit, state="invited") for _n in range(5)]
    for who in sent:
        accounts.invite(who, actor_id=agency.id, at=clock.now())
    browser = visit(agency)
    opening = links(browser.get(f"/reports/{report_of(agency, columns=['person'], groups=['state']).id}"))
    shown = browser.get(opening["لم يُدعَ بعد"]).words
    assert all(who.name.ar in shown for who in waiting) and not any(who.name.ar in shown for who in sent)
    assert sent[0].name.ar in browser.get(opening["مدعو"]).words
    for who, word in ((waiting[0], "لم يُدعَ بعد"), (sent[0], "مدعو")):
        assert browser.get(f"/team/people/{who.id}").select_one(".page-head .chip").get_text(strip=True) == word
