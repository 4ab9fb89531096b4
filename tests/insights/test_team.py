"""The team at a glance: scopes, figures, the map, the follow-up."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from academy.base import clock
from academy.base.db import db
from academy.competencies import services as competencies
from academy.credentials import services_of_holds
from academy.credentials.services import issue_for_completion
from academy.learning.models import Enrolment
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import competencies as standing
from tests.factories import credentials as credentials
from tests.factories.accounts import both
from tests.insights.conftest import due_in


def figures(page):
    return [kpi.b.get_text() for kpi in page.select(".kpi")]


def names(page):
    return [cell.get_text() for cell in page.select("#follow-up tbody th a")]


def test_everyone_below_is_shown_at_first(visit, team):
    learning.enrolment(team.deep, team.course)
    page = visit(team.boss).get("/team")
    assert names(page) == ["خالد الشمري", "سعد المطيري"]


def test_direct_reports_leave_out_those_further_down(visit, team):
    learning.enrolment(team.deep, team.course)
    assert names(visit(team.boss).get("/team?scope=direct")) == ["خالد الشمري"]


def test_a_unit_manager_sees_the_unit_with_its_sub_units(visit):
    top = people.org_unit(name=both("القطاع", "Sector"))
    sub = people.org_unit(parent=top, name=both("الفرع", "Branch"))
    boss = people.manager(top)
    a, b = people.person(unit=top, name=both("أحمد", "A")), people.person(unit=sub, name=both("بدر", "B"))
    course = catalogue.course()
    for who in (a, b):
        learning.enrolment(who, course)
    browser = visit(boss)
    assert set(names(browser.get("/team"))) == {"أحمد", "بدر"}
    page = browser.get(f"/team?scope=u{sub.id}")
    assert names(page) == ["بدر"]
    assert [o.get_text().strip() for o in page.select("select[name=scope] option")][2:] == ["القطاع", "الفرع"]


def test_a_foreign_unit_does_not_exist(visit, team):
    foreign = people.org_unit()
    browser = visit(team.boss)
    for address in ("/team", "/team/map", "/team/export.csv"):
        browser.get(f"{address}?scope=u{foreign.id}", status=404)
    browser.get("/team?scope=nonsense", status=404)


def test_the_figures_count_what_was_assigned_and_what_is_overdue(visit, team):
    done = learning.assigned(team.course, team.lead, due_in(9))
    learning.completed(done, at=clock.now() - timedelta(days=3))
    page = visit(team.boss).get("/team")
    assert figures(page) == ["50%", "1", "—", "0"]


def test_readiness_is_the_share_of_targets_proven(visit, team):
    standing.framework()
    for who in (team.late, team.lead):
        competencies.set_profile(who.id, "frontline", at=NOW)
    standing.evidence(team.late, "D1.1", items=10)
    standing.evidence(team.late, "D1.2", items=10)
    assert figures(visit(team.boss).get("/team"))[2] == "33%"


def test_expiring_certificates_lead_to_their_holders(visit, team):
    paper = credentials.certificate(team.lead, at=clock.now() - timedelta(days=345), validity_months=12)
    browser = visit(team.boss)
    assert figures(browser.get("/team"))[3] == "1"
    page = browser.get("/team?state=expiring")
    assert names(page) == ["ريم الدوسري"]
    assert page.select(f"a[href='/certificates/{paper.number}.pdf']")
    services_of_holds.hold(paper.id, reason_class="inquiry", reason="x", actor_id=1, at=clock.now())
    assert figures(browser.get("/team"))[3] == "0" and not names(browser.get("/team?state=expiring"))


def test_an_earlier_certificate_of_a_course_never_taken_here_is_among_those_that_end(visit, team):
    paper = credentials.certificate(team.lead, at=clock.now() - timedelta(days=345), validity_months=12)
    place, paper.enrolment_id = paper.enrolment_id, None
    db.session.flush()
    db.session.execute(delete(Enrolment).where(Enrolment.id == place))
    browser = visit(team.boss)
    assert figures(browser.get("/team"))[3] == "1"
    page = browser.get("/team?state=expiring")
    assert page.select_one("#follow-up small[role=status]").get_text() == "شهادة واحدة"
    assert names(page) == ["ريم الدوسري"] and paper.facts["title_ar"] in page.select_one("#follow-up").get_text()


@pytest.mark.parametrize(
    ("state", "found"),
    [("overdue", ["خالد الشمري"]), ("due_soon", ["ريم الدوسري"]), ("completed", ["سعد المطيري"]), ("not_started", 2)],
)
def test_the_follow_up_can_be_narrowed_to_a_state(visit, team, state, found):
    learning.assigned(team.course, team.lead, due_in(6))
    learning.completed(learning.enrolment(team.deep, team.course))
    shown = names(visit(team.boss).get(f"/team?state={state}"))
    assert (len(shown) if isinstance(found, int) else shown) == found


def test_people_and_courses_can_be_searched_as_arabic_is_spelled(visit, team):
    learning.enrolment(team.lead, catalogue.course(title=both("إدارة الشكاوى", "Complaints")))
    browser = visit(team.boss)
    people.person()
    assert names(browser.get("/team?q=الشكاوي")) == ["ريم الدوسري"]
    assert names(browser.get("/team?q=لا+أحد+هكذا")) == []


def test_somebody_suspended_is_no_longer_counted(visit, team):
    team.late.state = "suspended"
    page = visit(team.boss).get("/team")
    assert names(page) == [] and figures(page)[1] == "0"


def test_the_map_has_a_row_a_person_and_a_link_to_the_evidence(visit, team):
    standing.framework()
    standing.evidence(team.late, "D1.1", items=10)
    table = visit(team.boss).get("/team/map").select_one("table.heat")
    assert [th.get_text() for th in table.select("thead th")][1:] == ["مجال 1", "مجال 2"]
    row = next(tr for tr in table.select("tbody tr") if "خالد" in tr.th.get_text())
    assert row.select_one("td a")["href"] == f"/people/{team.late.id}/competencies#domain-D1"
    assert row.select_one("td a").get_text() == "2" and "—" in row.select("td")[1].get_text()


def test_a_domain_opens_the_map_of_its_competencies_and_each_cell_its_evidence(visit, team, others):
    """CM8: people by competencies; a cell, also one with too little evidence, opens every piece behind it."""
    standing.framework()
    standing.evidence(team.late, "D1.1", items=10)
    browser = visit(team.boss)
    page = browser.get("/team/map")
    assert page.select_one("table.heat thead a")["href"] == "/team/map?domain=D1"
    page = browser.get("/team/map?domain=D1")
    row = next(tr for tr in page.select("table.heat tbody tr") if "خالد" in tr.th.get_text())
    assert [a["href"] for a in row.select("td a")][0] == f"/people/{team.late.id}/competencies/D1.1"
    assert len(row.select("td a")) == len(page.select("table.heat thead th")) - 1
    assert browser.get(row.select_one("td a")["href"]).select("h1") and "CANARY" not in page.words
    browser.get("/team/map?domain=none", status=404)


def test_each_figure_opens_its_rows_and_the_page_says_how_and_when_it_counted(visit, team):
    """RE3"""
    learning.completed(learning.assigned(team.course, team.lead, due_in(9)), at=clock.now())
    browser = visit(team.boss)
    page = browser.get("/team")
    links = [link["href"] for link in page.select(".kpi b a")]
    assert links == ["/team?state=mandatory#follow-up", "/team?state=overdue#follow-up"]
    assert sorted(names(browser.get("/team?state=mandatory"))) == ["خالد الشمري", "ريم الدوسري"]
    assert names(browser.get("/team?state=overdue")) == ["خالد الشمري"]
    assert names(browser.get(page.select_one(".kpi-note a")["href"])) == ["ريم الدوسري"]
    assert "كيف حُسب هذا" in page.words and "حُسبت الأرقام في" in page.words


def test_a_long_follow_up_comes_in_pages_of_twenty_five(visit, team):
    for _ in range(30):
        learning.enrolment(people.person(manager=team.boss), team.course)
    browser = visit(team.boss)
    assert len(names(browser.get("/team"))) == 25
    assert len(names(browser.get("/team?page=2"))) == 6
    assert len(names(browser.get("/team?page=999"))) == 25


def test_completed_rows_lead_to_the_certificate(visit, team):
    done = learning.completed(learning.enrolment(team.lead, team.course))
    paper = issue_for_completion(done.id, at=clock.now())
    assert visit(team.boss).get("/team?state=completed").select(f"a[href='/certificates/{paper.number}.pdf']")


def test_a_manager_of_nobody_finds_an_empty_team(visit):
    page = visit(people.manager(people.org_unit())).get("/team")
    assert page.select(".empty") and not page.select(".kpi")


def test_a_learner_without_a_team_is_refused(visit, team):
    browser = visit(team.late)
    for address in ("/team", "/team/map", "/team/assign", "/team/export.csv"):
        browser.get(address, status=403)


def test_the_team_page_speaks_english(visit, team):
    team.boss.language = "en"
    page = visit(team.boss).get("/team")
    assert page.h1.get_text() == "My team" and "4 days overdue" in page.words


def test_the_record_of_a_person_shows_courses_certificates_and_competencies(visit, team):
    standing.framework()
    competencies.set_profile(team.late.id, "frontline", at=NOW)
    paper = credentials.certificate(team.late, title=both("شهادة قديمة", "Old"))
    page = visit(team.boss).get(f"/team/people/{team.late.id}")
    assert page.h1.get_text() == "خالد الشمري"
    assert "قياس التجربة" in page.words and "شهادة قديمة" in page.words
    assert page.select(f"a[href='/certificates/{paper.number}.pdf']") and page.select(".ring")
    assert page.select(f"a[href='/team/assign?people={team.late.id}&course={team.course.key}']")


def test_writing_is_offered_where_its_page_opens(visit, team, others):
    """RE1, NO3: to the own people; across organisations, where leading ties nobody, only once there is a conversation; to no auditor."""
    auditor = people.grant(people.person(of=team.boss.organisation, manager=team.boss), "auditor")
    wide = people.grant(people.person(of=team.boss.organisation), "manager")
    browser = visit(wide)
    for who, offered in ((team.late, True), (others.who, False), (auditor, False)):
        page = browser.get(f"/team/people/{who.id}")
        link = page.select(f"a[href='/messages/to/{who.id}']")
        assert bool(link) is offered
        if offered:
            browser.get(link[0]["href"])
    browser.get(f"/messages/to/{others.who.id}", status=404)


def test_what_was_completed_lately_counts_while_it_is_renewed(visit, team):
    learning.completed(team.place, at=clock.now() - timedelta(days=2))
    browser = visit(team.boss)
    before = browser.get("/team").select_one(".kpis").get_text(" ", strip=True)
    team.place.assignment_id = None
    db.session.add(
        Enrolment(
            learner_id=team.late.id, course_id=team.course.id, version_id=team.place.version_id, cycle=2,
            enrolled_at=clock.now(), required=2,
        )
    )  # fmt: skip
    db.session.flush()
    page = browser.get("/team?state=lately")
    assert "اكتمل واحد خلال 30 يومًا" in before and "اكتمل واحد خلال 30 يومًا" in page.select_one(".kpis").get_text(
        " ", strip=True
    )
    assert names(page) == ["خالد الشمري"]
    assert "سبق أن اكتمل في" in browser.get(f"/team/people/{team.late.id}").words
