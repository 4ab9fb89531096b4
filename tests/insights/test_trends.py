"""Every figure of a month opens the places behind it, which are counted by the same rule; nobody else opens them."""

from datetime import timedelta

from academy.base import clock
from academy.base.dates import firsts_of_months
from academy.learning import services
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import learning as courses
from tests.insights.conftest import due_in, named


def figures_of(page):
    """The three cells of the present month, each with its number and where it leads."""
    cells = page.select("tbody tr:last-child .num")
    return [(cell.a.contents[0] if cell.a else cell.get_text(), cell.a and cell.a["href"]) for cell in cells]


def exempted(who, course, chief):
    request = services.ask_exemption(who.id, course.id, note="Taught it for years", at=clock.now())
    services.decide(request.id, approve=True, reason="Proven", by_id=chief.id, ends_on=None, at=clock.now())


def test_each_figure_of_a_month_opens_the_places_it_counts(visit, team, others):
    """RE3, RE6: completed, exempted and overdue, each with people, rule and 'as of'; of the own people alone."""
    unit = people.org_unit(team.boss.organisation)
    people.grant(team.boss, "manager", unit=unit)
    for n in range(3):
        courses.assigned(catalogue.course(), named(f"متأخر {n}", f"Late {n}", unit=unit), due_in(-3))
    done = courses.assigned(team.course, team.lead, due_in(5))
    courses.completed(done, at=clock.now() - timedelta(minutes=1))
    browser = visit(team.boss)
    completed, _exempted, overdue = figures_of(browser.get("/team/trends"))
    assert (completed[0], overdue[0]) == ("1", "4")
    page = browser.get(completed[1])
    assert [row.th.get_text(strip=True) for row in page.select("tbody tr")] == ["ريم الدوسري"]
    page = browser.get(overdue[1])
    assert len(page.select("tbody tr")) == 4 and "خالد الشمري" in page.words and "CANARY" not in page.words
    assert "ولم تكتمل" in page.select_one(".panel.mt-4").get_text()


def test_the_chart_can_be_read_and_runs_as_the_table_does(visit, team):
    """Twelve months by name, round numbers beside the grid, the newest figures at their bars; the oldest first in chart and table."""
    for n in range(6):
        courses.assigned(catalogue.course(), named(f"متأخر {n}", f"Late {n}", manager=team.boss), due_in(-3))
    page = visit(team.boss).get("/team/trends?scope=direct")
    names = [each.get_text(" ") for each in page.select(".trend-months li")]
    first, last = firsts_of_months(clock.today(), 12)[::11]
    assert len(names) == 12 and str(first.year) in names[0]
    rows = [row.th.get_text() for row in page.select("tbody tr")]
    assert names[0].split()[0] in rows[0] and names[-1].split()[0] in rows[-1] and str(last.year) in rows[-1]
    assert [each.get_text() for each in page.select(".trend-plot text:not(.trend-newest)")] == ["0", "2", "4", "6", "8"]
    assert [each.get_text() for each in page.select(".trend-newest")] == ["0", "7"]
    late = [float(each["x"].strip("%")) for each in page.select(".trend-plot .trend-late")]
    assert late == sorted(late, reverse=True)  # in Arabic time runs from right to left


def test_a_month_that_is_not_told_or_an_unknown_figure_is_not_there(visit, team, others):
    browser = visit(team.boss)
    for asked in ("month=2020-01-01", "month=xyzzy", "figure=xyzzy", "scope=u999999"):
        browser.get(f"/team/trends/places?{asked}", status=404)
    visit(people.person()).get("/team/trends/places", status=403)
    assert "CANARY" not in browser.get("/team/trends/places?figure=overdue").words


def test_the_places_of_a_month_cost_few_statements_however_many_there_are(visit, team, statements):
    for _n in range(12):
        courses.assigned(catalogue.course(), people.person(manager=team.boss), due_in(-2))
    browser = visit(team.boss)
    with statements() as seen:
        browser.get("/team/trends/places?figure=overdue")
    assert len(seen) <= 8


def test_how_many_are_exempted_opens_just_these(visit, team):
    """CA8, RE3: 'of them exempted' beside the mandatory share leads to the mandatory places that an exemption completed."""
    chief = people.administrator(team.boss.organisation, everywhere=False)
    exempted(team.late, team.course, chief)
    exempted(team.lead, catalogue.course(), chief)  # asked of nobody: it stands in no mandatory figure
    browser = visit(team.boss)
    link = browser.get("/team").select_one(".kpi-act a[href*='excused']")
    assert "1" in link.get_text() or "واحد" in link.get_text()
    rows = browser.get(link["href"]).select("#follow-up tbody tr")
    assert [row.th.get_text(strip=True) for row in rows] == ["خالد الشمري"]
