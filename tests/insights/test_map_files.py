"""CM8: the map of competencies as a file: what the page shows, for whom the page shows it, and with a trace of who took it."""

import pytest
from sqlalchemy import select

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.spreadsheets import read_table
from academy.insights.queries import maps
from academy.insights.queries.scopes import just
from tests.factories import accounts as people
from tests.factories import competencies as standing
from tests.factories.accounts import both


def taken(browser, address):
    """The file behind an address, read back."""
    browser.get(address)
    return read_table(browser.response.data, address.split("?")[0].rsplit("/", 1)[-1])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_map_is_taken_as_a_file_with_arabic_intact_and_no_formulas(visit, team, kind):
    """CM8: people × domains as numbers; a name that looks like a formula stays a text."""
    standing.framework()
    standing.evidence(team.late, "D1.1", items=10)
    team.lead.name = both("=1+2", "@x")
    team.late.email = "+966@example.test"
    browser = visit(team.boss)
    table = taken(browser, f"/team/map.{kind}")
    assert table.header[-2:] == ("مجال 1", "مجال 2") or list(table.header[-2:]) == ["مجال 1", "مجال 2"]
    rows = {row[0].lstrip("'"): row for row in table.rows}
    assert rows["خالد الشمري"][-2:] == ["2", ""] and "=1+2" in rows
    assert 'filename="competency-map-' in browser.response.headers["Content-Disposition"]
    if kind == "csv":
        assert b"'=1+2" in browser.response.data and b"'+966" in browser.response.data


def test_the_file_holds_the_domain_and_the_filters_of_the_page(visit, team):
    """CM8: with a domain its competencies and their scores; narrowed by name and by scope as the page is."""
    standing.framework()
    standing.evidence(team.late, "D1.1", items=10)
    browser = visit(team.boss)
    page = browser.get("/team/map?domain=D1")
    assert page.select("a[href='/team/map.xlsx?domain=D1']") and page.select("a[href='/team/map.csv?domain=D1']")
    shown = [th.get_text() for th in page.select("table.heat thead th")][1:]
    table = taken(browser, "/team/map.csv?domain=D1&q=خالد")
    assert list(table.header[4:]) == shown and len(table.rows) == 1
    cell = page.select_one(f"a[href='/people/{team.late.id}/competencies/D1.1']").get_text()
    assert table.rows[0][4] == cell
    assert [row[0] for row in taken(browser, "/team/map.csv?scope=direct").rows] == [
        tr.th.get_text() for tr in browser.get("/team/map?scope=direct").select("table.heat tbody tr")
    ]
    browser.get("/team/map.pdf", status=404)
    browser.get("/team/map.csv?domain=none", status=404)
    browser.get("/team/map.csv?scope=u999", status=404)


def test_no_map_file_holds_people_of_others_and_a_learner_takes_none(visit, team, others):
    """CM8: rights are those of the page."""
    standing.framework()
    for address in ("/team/map.csv", "/team/map.xlsx", "/team/map.csv?q=CANARY", "/team/map.csv?domain=D1"):
        assert "CANARY" not in str(taken(visit(team.boss), address).rows)
    visit(team.late).get("/team/map.csv", status=403)


@pytest.mark.parametrize("address", ["/team/map.csv", "/team/export.csv", "/team/compliance/export.csv"])
def test_whoever_takes_a_teams_figures_leaves_a_trace(visit, team, address):
    """CM8, PR2: who, what, narrowed to what; a kind that there is not leaves none."""
    browser = visit(team.boss)
    browser.get(address.replace("csv", "pdf"), status=404)
    browser.get(f"{address}?q=خالد")
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "insights:team:export"))
    assert entry.actor_id == team.boss.id and entry.organisation_id == team.boss.organisation_id
    assert entry.after["kind"] == "csv" and "خالد" in entry.after["words"]


def test_the_whole_map_is_read_piece_by_piece_without_losing_or_doubling_anybody(app):
    """CM8: same names fall between two pieces and both stay."""
    standing.framework()
    ids = [people.person(name=both("سعد", "Saad")).id for _ in range(7)]
    pieces = list(maps.whole_map(just(*ids), size=3))
    assert [len(piece.rows) for piece in pieces] == [3, 3, 1]
    assert sorted(row.person_id for piece in pieces for row in piece.rows) == sorted(ids)
    assert [len(piece.rows) for piece in maps.whole_map(just(*ids[:3]), size=3)] == [3]
