"""Building, reading, sharing and taking reports away, as the people who do it; and as those who may not."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import MatrixLine
from academy.base import audit, clock
from academy.base.db import db
from academy.base.jobs import run_all_due
from academy.base.spreadsheets import read_table
from academy.insights.reports import jobs as report_jobs
from academy.insights.reports import printing, reach, services, writing
from academy.insights.reports.models import Report, ReportFile, ReportShare, SmallGroup
from academy.insights.reports.queries.datasets import DATASETS
from academy.insights.reports.queries.running import Run
from academy.insights.reports.routes.viewing import definition_of
from academy.insights.reports.rules.definitions import Definition
from tests.factories import accounts as people
from tests.factories import learning
from tests.factories.accounts import both
from tests.insights.conftest import named


def report_of(who, dataset="people", **definition):
    made = services.create(reach.actor_of(who.id), "تقرير", dataset, at=clock.now())
    services.keep(made, at=clock.now(), **definition)
    return made


@pytest.fixture
def boss(team):
    return team.boss


def condition(path, column, operator, *values):
    return {"node": f"c {path}", f"column-{path}": column, f"operator-{path}": operator, f"value-{path}": list(values)}


def filter_form(*parts, joined="all", **more):
    sent = {"node": ["g r"], "joined-r": joined, **more}
    for part in parts:
        sent["node"] = [*sent["node"], part.pop("node")]
        sent |= part
    return sent


# --- Building ----------------------------------------------------------------


def test_a_report_is_built_in_plain_steps(visit, team, others):
    """RE4: name and dataset, columns in order, a filter, and rows of nobody but the own team."""
    browser = visit(team.boss)
    page = browser.post("/reports/new", {"title": "متابعة", "dataset": "enrolments"})
    report = db.session.scalars(select(Report)).one()
    assert page.select_one("h1").get_text() == "أعمدة التقرير"
    columns = f"/reports/{report.id}/columns"
    page = browser.post(columns, {"columns": ["person", "course", "overdue"], "order_by": "due_on", "down": "y"})
    assert [cell.get_text() for cell in page.select("thead th")] == ["الشخص", "المقرر", "متأخر"]
    assert "خالد الشمري" in page.words and "CANARY" not in page.words
    browser.post(columns, {"columns": ["person", "course", "overdue"], "order_by": "", "move": "up:course"})
    assert report.definition["columns"] == ["course", "person", "overdue"]
    sent = filter_form(condition("r.0", "person", "contains", "ريم"), act="save")
    page = browser.post(f"/reports/{report.id}/filter", sent)
    assert not page.select("tbody tr") and "لا صفوف" in page.words


def test_a_nested_filter_is_edited_without_scripts(visit, boss):
    """RE4: conditions and groups are added and removed by buttons; what was typed stays until it is saved."""
    report = report_of(boss)
    browser, address = visit(boss), f"/reports/{report.id}/filter"
    page = browser.post(address, filter_form(act="condition:r", **{"add-r": "state"}))
    assert page.select_one("[name='column-r.0']")["value"] == "state"
    sent = filter_form(condition("r.0", "person", "contains", "خالد"), act="group:r")
    page = browser.post(address, sent)
    assert (
        page.select_one("[name='value-r.0']")["value"] == "خالد"
        and page.select_one("[name='joined-r.1'] [selected]")["value"] == "any"
    )
    sent = filter_form(condition("r.0", "person", "contains", "خالد"), {"node": "g r.1", "joined-r.1": "any"},
                       condition("r.1.0", "open", "at_least", "١"), condition("r.1.1", "job", "empty"))  # fmt: skip
    browser.post(address, {**sent, "act": "save"})
    kept = report.definition["where"]
    assert kept["parts"][1] == {
        "joined": "any",
        "parts": [
            {"column": "open", "operator": "at_least", "values": ["1"]},
            {"column": "job", "operator": "empty", "values": []},
        ],
    }
    page = browser.post(address, {**sent, "act": "remove:r.1"})
    assert not page.select("[id='node-r.1']") and page.select("[id='node-r.0']")


def test_a_mistake_in_a_filter_is_told_at_its_place(visit, boss):
    report = report_of(boss)
    sent = filter_form(condition("r.0", "open", "above", "كثير"), act="save")
    page = visit(boss).post(f"/reports/{report.id}/filter", sent, status=422)
    assert "عدد" in page.select_one("[id='node-r.0'] .error").get_text()
    assert page.select_one("[name='value-r.0']")["value"] == "كثير"


@pytest.mark.parametrize(
    "odd",
    [
        {"node": ["g r"] * 500}, {"node": ["c r.0.0.0.0.0.0.0"]}, {"node": ["x"], "act": "remove:"}, {"act": "condition:r", "add-r": "nope"},
        {"act": "group:r.9"}, {"node": ["c r.0"], "column-r.0": "nope", "act": "save"}, {"node": ["c r.0"], "act": "save"},
    ],
)  # fmt: skip
def test_odd_filters_are_no_failure(visit, boss, odd):
    report = report_of(boss)
    browser = visit(boss)
    browser.client.post(f"/reports/{report.id}/filter", data={**odd, "csrf_token": browser.csrf_token()})
    assert report.definition["where"]["parts"] == []


def test_groups_figures_and_a_chart_with_its_table(visit, app):
    """RE4: group by, count, average and share, totals, a bar for each group and the same as a table."""
    of = people.organisation()
    admin = people.administrator(of, everywhere=False, unit=None)
    for name, size in (("أ", 6), ("ب", 5), ("ج", 2), ("د", 5)):
        unit = people.org_unit(of, name=both(name, name))
        for _n in range(size):
            people.person(unit=unit)
    report = report_of(admin)
    form = {
        "first": "unit",
        "second": "",
        "figure_1": "count:",
        "figure_2": "average:open",
        "order_by": "figure_1",
        "down": "y",
        "totals": "y",
        "chart": "bar",
    }
    form |= {"figure_3": "", "figure_4": ""}
    page = visit(admin).post(f"/reports/{report.id}/groups", form)
    rows = [[cell.get_text() for cell in row.select("td, th")] for row in page.select("tbody tr")]
    assert [row[0] for row in rows] == ["أ", "ب", "د", "ج", "غير مذكور", "الكل"] or rows[-1][1] == "19"
    hidden = [row for row in rows if "محجوب" in row[1]]
    assert {"ج"} < {row[0] for row in hidden}
    assert len(page.select(".report-bars li")) == len(rows) - 1
    assert page.select(".notice.info")


def test_hidden_groups_stay_hidden_in_files(visit, app):
    of = people.organisation()
    admin = people.administrator(of, everywhere=False)
    for _n in range(3):
        people.person(unit=people.org_unit(of))
    report = report_of(admin, groups=["unit"], measures=[["count", ""]])
    browser = visit(admin)
    browser.post(f"/reports/{report.id}/export", {"kind": "csv"})
    rows = read_table(browser.response.data, "r.csv").rows
    assert len(rows) == 5 and {row[1] for row in rows} == {"محجوب"}


# --- Who may ----------------------------------------------------------------


def test_employees_build_no_reports(visit, team):
    browser = visit(team.late)
    for address in ("/reports", "/reports/new", "/reports/datasets", "/reports/files"):
        browser.get(address, status=403)
    assert not visit(team.late).get("/").select("a[href='/reports']")
    assert visit(team.boss).get("/").select("a[href='/reports']")


def test_what_is_not_shared_does_not_exist(visit, team, others):
    mine, theirs = report_of(team.boss), report_of(others.boss)
    for address in ("", "/columns", "/filter", "/groups", "/share", "/letters", "/name"):
        visit(team.boss).get(f"/reports/{theirs.id}{address}", status=404)
        visit(team.lead).get(f"/reports/{mine.id}{address}", status=404)
    for act in ("/copy", "/delete", "/export", "/letters"):
        visit(team.lead).post(f"/reports/{mine.id}{act}", {"kind": "csv", "rhythm": "daily"}, status=404)
    assert db.session.query(Report).count() == 2


def test_a_shared_report_shows_what_its_reader_may_see(visit, team):
    """RE4: share within rights: the lead sees their one report, not the team of the owner."""
    report = report_of(team.boss, columns=["person"])
    page = visit(team.boss).post(f"/reports/{report.id}/share", {"email": team.lead.email, "role": ""})
    assert "ريم الدوسري" in page.words
    page = visit(team.lead).get(f"/reports/{report.id}")
    assert [cell.get_text() for cell in page.select("tbody tr:not(.report-total) th")] == ["سعد المطيري"]
    for address in ("/columns", "/filter", "/share", "/name"):
        visit(team.lead).get(f"/reports/{report.id}{address}", status=404)
    share = db.session.scalars(select(ReportShare)).one()
    visit(team.boss).post(f"/reports/{report.id}/share", {"take": str(share.id)})
    visit(team.lead).get(f"/reports/{report.id}", status=404)
    acts = db.session.scalars(select(audit.AuditEntry.act).where(audit.AuditEntry.act == services.SHARE)).all()
    assert len(acts) == 2


def test_sharing_with_a_role_reaches_its_holders_of_the_own_organisation(visit, team, others):
    report = report_of(team.boss)
    services.share_with_role(report, "manager", reach.actor_of(team.boss.id), at=clock.now())
    visit(team.lead).get(f"/reports/{report.id}")
    visit(others.boss).get(f"/reports/{report.id}", status=404)
    assert "تقرير" not in visit(others.boss).get("/reports").select_one("main").get_text().split("\n")


@pytest.mark.parametrize("who", ["others", "late", "self", "nobody"])
def test_a_report_is_shared_with_nobody_who_could_not_use_it(visit, team, others, who):
    report = report_of(team.boss)
    email = {"others": others.boss.email, "late": team.late.email, "self": team.boss.email, "nobody": "x@example.test"}[
        who
    ]
    page = visit(team.boss).post(f"/reports/{report.id}/share", {"email": email, "role": ""}, status=422)
    assert page.select(".field.wrong .error")
    assert db.session.query(ReportShare).count() == 0


def test_somebody_who_moves_to_another_organisation_loses_what_was_shared(visit, team, others):
    report = report_of(team.boss)
    services.share_with_person(report, team.lead.email, reach.actor_of(team.boss.id), at=clock.now())
    team.lead.organisation_id = others.boss.organisation_id
    db.session.flush()
    visit(team.lead).get(f"/reports/{report.id}", status=404)


def test_copying_makes_an_own_report(visit, team):
    report = report_of(team.boss, columns=["person", "email"])
    services.share_with_person(report, team.lead.email, reach.actor_of(team.boss.id), at=clock.now())
    visit(team.lead).post(f"/reports/{report.id}/copy")
    copy = db.session.scalars(select(Report).where(Report.owner_id == team.lead.id)).one()
    assert copy.definition == report.definition and copy.organisation_id == team.lead.organisation_id


def test_deleting_takes_shares_along(visit, team):
    report = report_of(team.boss)
    services.share_with_person(report, team.lead.email, reach.actor_of(team.boss.id), at=clock.now())
    visit(team.boss).post(f"/reports/{report.id}/delete")
    assert db.session.query(Report).count() == 0 and db.session.query(ReportShare).count() == 0


# --- Files ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_files_hold_the_own_team_and_are_put_into_the_trail(visit, team, others, kind):
    """RE4, CM8: XLSX, CSV with its byte order mark, PDF; nobody of another organisation is in them."""
    report = report_of(team.boss, "enrolments")
    browser = visit(team.boss)
    browser.post(f"/reports/{report.id}/export", {"kind": kind})
    data = browser.response.data
    if kind == "pdf":
        assert data.startswith(b"%PDF")
    else:
        assert kind == "xlsx" or data.startswith(b"\xef\xbb\xbf")
        table = read_table(data, f"r.{kind}")
        assert len(table.rows) == 1 and "CANARY" not in str(table.rows)
    entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.act == "insights:report:export")).one()
    assert entry.after == {"kind": kind, "rows": 1, "dataset": "enrolments"}


def test_a_name_that_looks_like_a_formula_stays_text(visit, team):
    named("=HYPERLINK(1)", "@SUM(1)", manager=team.boss)
    report = report_of(team.boss, columns=["person"])
    browser = visit(team.boss)
    browser.post(f"/reports/{report.id}/export", {"kind": "csv"})
    assert "'=HYPERLINK(1)" in browser.response.data.decode("utf-8-sig")


def test_a_list_ends_with_its_total_unless_it_is_not_wanted(visit, team, others):
    """RE4: under a plain list stand how many rows there are and the sums of numbers; a spreadsheet has rows alone."""
    report, browser = report_of(team.boss, columns=["person", "open"]), visit(team.boss)
    last = browser.get(f"/reports/{report.id}").select_one("tbody tr.report-total")
    assert "المجموع" in last.th.get_text() and last.td.get_text(strip=True) == "1"
    assert [len(browser.get(f"/reports/{report.id}").select("tbody tr"))] == [4]
    browser.post(f"/reports/{report.id}/export", {"kind": "csv"})
    assert len(read_table(browser.response.data, "r.csv").rows) == 3
    page = browser.post(f"/reports/{report.id}/columns", {"columns": ["person", "open"], "order_by": ""})
    assert report.definition["totals"] is False and not page.select("tr.report-total")


def test_a_printed_list_ends_with_its_total(team):
    run = Run(DATASETS["people"], definition_of(report_of(team.boss, columns=["person", "open"])), reach.actor_of(team.boss.id),
              today=clock.today(), language="ar")  # fmt: skip
    listed = list(writing.lines(run, run.batch(first=0, size=9), "pdf"))
    assert len(listed) == 4 and listed[-1][1] == 1
    assert len(list(writing.lines(run, run.batch(first=0, size=9), "xlsx"))) == 3


@pytest.mark.parametrize(
    ("number", "said"), [(1234567.0, "1234567"), (123456.75, "123456.75"), (0.1 + 0.2, "0.3"), (100.0, "100"), (7, "7")]
)
def test_a_number_is_printed_in_full(monkeypatch, number, said):
    """As a spreadsheet has it, however large."""
    sheets = []
    monkeypatch.setattr(printing, "_press", SimpleNamespace(print=sheets.append))
    printing.draw("Report", "", ["Hours"], [[number]])
    assert sheets[0]["rows"] == [[said]]


def test_the_columns_of_a_file_say_which_are_percentages(team):
    """RE4: a page writes 64 %, a file the bare number, and its heading what that is."""
    listed = report_of(team.boss, "enrolments", columns=["person", "progress"])
    grouped = report_of(team.boss, "enrolments", groups=["unit"], measures=[["count", ""], ["share", "overdue"]])
    said = []
    for report in (listed, grouped):
        run = Run(DATASETS["enrolments"], definition_of(report), reach.actor_of(team.boss.id), today=clock.today(), language="ar")  # fmt: skip
        said.append([name.endswith(" (%)") for name in writing.header(run)])
    assert said == [[False, True], [False, False, True]]


def test_an_unknown_kind_of_file_does_not_exist(visit, team):
    visit(team.boss).post(f"/reports/{report_of(team.boss).id}/export", {"kind": "exe"}, status=404)


def test_a_large_file_is_made_in_the_background(visit, team, others, monkeypatch):
    """RE4: what is large is ordered, shows its progress, and is fetched when it is ready, by its owner alone."""
    monkeypatch.setattr(writing, "MOST_DIRECT", 1)
    monkeypatch.setattr(writing, "BATCH", 2)
    report, browser = report_of(team.boss, columns=["person"]), visit(team.boss)
    page = browser.post(f"/reports/{report.id}/export", {"kind": "csv"})
    assert page.select_one("h1").get_text() == "ملفاتي"
    file = db.session.scalars(select(ReportFile)).one()
    browser.get(f"/reports/files/{file.id}", status=404)
    run_all_due()
    assert (file.state, file.done, file.total) == ("ready", 3, 3)
    assert browser.get("/reports/files").select(f"a[href$='/reports/files/{file.id}']")
    browser.get(f"/reports/files/{file.id}")
    table = read_table(browser.response.data, "r.csv")
    assert len(table.rows) == 3 and "CANARY" not in str(table.rows)
    for who in (team.lead, others.boss):
        visit(who).get(f"/reports/files/{file.id}", status=404)


def test_a_row_that_changes_its_place_while_a_file_is_made_is_in_it_once(visit, team, monkeypatch):
    monkeypatch.setattr(writing, "MOST_DIRECT", 1)
    monkeypatch.setattr(writing, "BATCH", 1)
    report, browser = report_of(team.boss, columns=["person"]), visit(team.boss)
    browser.post(f"/reports/{report.id}/export", {"kind": "csv"})
    file, settle = db.session.scalars(select(ReportFile)).one(), report_jobs.settle

    def meanwhile():
        if file.done == 1:
            first = min((team.late, team.lead, team.deep), key=lambda who: who.search_text)
            first.search_text = " ي "
        settle()

    monkeypatch.setattr(report_jobs, "settle", meanwhile)
    run_all_due()
    browser.get(f"/reports/files/{file.id}")
    names = [row[0] for row in read_table(browser.response.data, "r.csv").rows]
    assert sorted(names) == sorted(who.name.ar for who in (team.late, team.lead, team.deep))


def test_a_file_opens_no_more_once_rights_have_changed(visit, team, monkeypatch):
    monkeypatch.setattr(writing, "MOST_DIRECT", 1)
    unit = people.org_unit(db.session.get(type(people.organisation()), team.boss.organisation_id))
    people.grant(team.boss, "manager", unit=unit)
    report, browser = report_of(team.boss, columns=["person"]), visit(team.boss)
    browser.post(f"/reports/{report.id}/export", {"kind": "xlsx"})
    run_all_due()
    file = db.session.scalars(select(ReportFile)).one()
    browser.get(f"/reports/files/{file.id}")
    people.grant(team.boss, "manager", unit=people.org_unit(parent=unit))
    visit(team.boss).get(f"/reports/files/{file.id}", status=404)


def test_a_file_is_not_made_for_somebody_whose_rights_have_gone(visit, team, monkeypatch):
    monkeypatch.setattr(writing, "MOST_DIRECT", 1)
    report = report_of(team.boss, columns=["person"])
    visit(team.boss).post(f"/reports/{report.id}/export", {"kind": "csv"})
    for who in (team.late, team.lead):
        who.manager_id = None
    db.session.flush()
    run_all_due()
    assert db.session.scalars(select(ReportFile)).one().state == "failed"


# --- Small groups and costs ----------------------------------------------------------------


def test_administrators_set_the_smallest_group_of_their_organisation(visit, app):
    """RE4: a setting of the academy or an organisation, never below 5."""
    of, other = people.organisation(), people.organisation()
    admin = people.administrator(of, everywhere=False)
    browser = visit(admin)
    browser.post("/reports/small-groups", {"of": str(of.id), "threshold": "٨"})
    assert reach.threshold_for(reach.actor_of(admin.id)) == 8
    page = browser.post("/reports/small-groups", {"of": str(of.id), "threshold": "4"}, status=422)
    assert page.select(".error")
    for foreign in (str(other.id), "0", "x"):
        browser.post("/reports/small-groups", {"of": foreign, "threshold": "9"}, status=404)
    browser.post("/reports/small-groups", {"of": str(of.id), "threshold": ""})
    assert db.session.query(SmallGroup).count() == 0
    visit(people.administrator()).post("/reports/small-groups", {"of": "0", "threshold": "10"})
    assert reach.threshold_for(reach.actor_of(admin.id)) == 10


@pytest.mark.parametrize(
    "definition",
    [{}, {"groups": ["unit", "state"], "measures": [["count", ""], ["share", "completed"]], "chart": "line"}],
)
def test_pages_cost_the_same_whatever_the_rows(visit, team, statements, definition):
    report = report_of(team.boss, "enrolments", **definition)
    services.share_with_person(report, team.lead.email, reach.actor_of(team.boss.id), at=clock.now())
    seen = SimpleNamespace(few=0, many=0)
    for name in ("few", "many"):
        browser = visit(team.boss)
        browser.get("/reports")
        for address in ("/reports", f"/reports/{report.id}", f"/reports/{report.id}/letters", "/reports/files"):
            with statements() as cost:
                browser.get(address)
            assert len(cost) <= 8, (address, cost)
            setattr(seen, name, getattr(seen, name) + len(cost))
        for _n in range(12):
            learning.enrolment(people.person(manager=team.boss), team.course)
            report_of(team.boss)
    assert seen.few == seen.many


def test_a_definition_is_kept_as_it_was_read(team):
    report = report_of(team.boss, columns=["person"], chart="pie", order=["nobody", True])
    assert report.definition["chart"] == "" and report.definition["order"] is None
    assert Definition().as_json()["columns"] == []


def test_a_deputy_reports_on_the_team_that_is_lent_and_on_nobody_after_the_last_day(visit, team, others):
    """ID6, RE4: somebody without a team of their own builds, takes away and is shared with, as far as the deputyship goes."""
    deputy = people.person(of=team.boss.organisation)
    shared = report_of(team.boss, columns=["person"])
    services.share_with_role(shared, "manager", reach.actor_of(team.boss.id), at=clock.now())
    browser = visit(deputy)
    browser.get("/reports/new", status=403)
    today = clock.today()
    row = accounts.name_deputy(
        team.boss, deputy.email, starts_on=today, ends_on=today, actor_id=team.boss.id, at=clock.now()
    )
    assert browser.get("/").select("a[href='/reports']")
    browser.post("/reports/new", {"title": "فريق النيابة", "dataset": "people"})
    report = db.session.scalars(select(Report).where(Report.owner_id == deputy.id)).one()
    for each in (report, shared):
        page = browser.get(f"/reports/{each.id}")
        assert "خالد الشمري" in page.words and "سعد المطيري" in page.words and "CANARY" not in page.words
    run = Run(DATASETS["people"], definition_of(report), reach.actor_of(deputy.id), today=today, language="ar")
    assert run.count() == 3
    file = services.order_file(report, reach.actor_of(deputy.id), "csv", 3, at=clock.now())
    db.session.commit()
    run_all_due()
    assert file.state == "ready"
    browser.get(f"/reports/files/{file.id}")
    accounts.end_deputyship(row, actor_id=team.boss.id, at=clock.now())
    for address in ("/reports/new", "/reports"):
        browser.get(address, status=403)
    for address in (f"/reports/{report.id}", f"/reports/{shared.id}", f"/reports/files/{file.id}"):
        browser.get(address, status=404)


def test_a_matrix_manager_is_the_same_to_pages_and_to_jobs(visit, team):
    """ID6, RE5: their reports leave by letter and as files too."""
    who = people.person(of=team.boss.organisation)
    db.session.add(
        MatrixLine(person_id=team.late.id, manager_id=who.id, label=both("مشروع", "x"), added_at=clock.now())
    )
    db.session.flush()
    visit(who).get("/reports/new")
    assert reach.builds(reach.actor_of(who.id))
