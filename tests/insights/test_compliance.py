"""Compliance at a date: history replayed, the page, its files, and whose it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.accounts.services import PersonDetails
from academy.accounts.services.people import details_of
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Refusal
from academy.credentials.models import Certificate
from academy.credentials.services import issue_for_completion, revoke
from academy.insights.queries import compliance
from academy.learning import services as learning
from academy.learning.models import Duty, DutyRule, Enrolment
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import learning as courses
from tests.factories.accounts import both

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ACTS = ("assign", "complete", "issue", "revoke", "withdraw", "enrol", "move", "suspend", "revive", "again", "wait")
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.integers(0, 1), st.integers(-3, 20)), max_size=14
)


def place_of(who, course):
    query = select(Enrolment).where(Enrolment.learner_id == who.id, Enrolment.course_id == course.id)
    return db.session.scalar(query.order_by(Enrolment.cycle.desc()).limit(1))


def do(act, who, course, days, units, at):
    """One act through the services; what they refuse does not happen."""
    place = place_of(who, course)
    match act:
        case "assign":
            learning.assign(course.id, [who.id], by_id=None, due_on=(at + timedelta(days=days)).date(), at=at)
        case "enrol":
            learning.enrol(who.id, course.id, at=at)
        case "complete" if place is not None:
            courses.completed(place, at=at)
        case "issue" if place is not None:
            issue_for_completion(place.id, at=at)
        case "revoke":
            paper = db.session.scalar(
                select(Certificate).where(Certificate.holder_id == who.id, Certificate.course_id == course.id)
            )
            if paper is not None:
                revoke(paper.id, reason_class="error", reason="x", actor_id=who.id, at=at)
        case "withdraw" if place is not None:
            learning.withdraw(place.id, at=at)
        case "move":
            given_ = {name: getattr(details_of(who), name) for name in PersonDetails.__slots__}
            accounts.change_person(
                who, PersonDetails(**{**given_, "org_unit_id": units[days % 2].id}), actor_id=None, at=at
            )
        case "suspend":
            accounts.suspend(who, reason="x", actor_id=None, at=at)
        case "revive":
            accounts.revive(who, actor_id=None, at=at)
        case "again" if place is not None and place.state == "completed":
            fresh = Enrolment(
                learner_id=who.id, course_id=course.id, version_id=place.version_id, cycle=place.cycle + 1,
                enrolled_at=at, required=place.required, due_on=(at + timedelta(days=days)).date(),
                assignment_id=place.assignment_id,
            )  # fmt: skip
            db.session.add(fresh)
            db.session.flush()
            learning.note_duties([fresh.id], at=at)


def live(who, course, day) -> str:
    """How somebody stands now, told from the rows as they are now and in the plainest way."""
    rows = db.session.scalars(
        select(Enrolment).where(Enrolment.learner_id == who.id, Enrolment.course_id == course.id)
    ).all()
    held = overdue = expired = due = wanted = False
    for row in rows:
        paper = db.session.scalar(select(Certificate).where(Certificate.enrolment_id == row.id))
        gone = paper is not None and (
            paper.revoked_at is not None or (paper.expires_on is not None and paper.expires_on < day)
        )
        asked = row.state == "active" and row.assignment_id is not None
        wanted |= row.state != "withdrawn" and row.assignment_id is not None
        held |= row.state == "completed" and not gone
        expired |= row.state == "completed" and gone
        overdue |= asked and row.due_on is not None and row.due_on < day
        due |= asked
    found = [
        name
        for name, yes in (("compliant", held), ("overdue", overdue), ("expired", expired and wanted), ("due", due))
        if yes
    ]
    return found[0] if found else "not_asked"


def told(when, who, units) -> dict:
    """What the history tells of a day: (person, course) → (status, unit)."""
    standing = compliance.places(Person.id.in_([each.id for each in who]), when)
    here = dict(db.session.execute(select(standing.c.person_id, standing.c.org_unit_id)).all())
    found = compliance.cells(compliance.places(Person.id.in_(list(here)), when), when)
    cells = db.session.execute(select(found.c.learner_id, found.c.course_id, found.c.status)).all()
    return here, {(a, b): compliance.STATUSES[c] for a, b, c in cells}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_a_replayed_history_tells_what_was_true_on_each_day(app, plan):
    """RE6: random histories, day by day: what the page says of a day is what the live rows said on that day."""
    point = db.session.begin_nested()
    top = people.org_unit()
    units = [top, people.org_unit(parent=top)]
    who = [people.person(unit=top, created_at=START - timedelta(days=1)) for _ in range(2)]
    taught = [catalogue.course(lessons=1, validity_months=months, gives_certificate=True) for months in (1, None)]
    seen = []
    for n, (act, person, course, days) in enumerate(plan):
        at = START + timedelta(days=3 * n)
        try:
            with db.session.begin_nested():
                do(act, who[person], taught[course], days, units, at)
        except Refusal:
            db.session.expire_all()
        day = at.date()
        here = {each.id: each.org_unit_id for each in who if each.state != "suspended"}
        seen.append((day, here, {(p.id, c.id): live(p, c, day) for p in who if p.id in here for c in taught}))
    for day, here, statuses in seen:
        standing, cells = told(compliance.end_of(day, now=clock.now()), who, units)
        assert standing == here, day
        assert {key: cells.get(key, "not_asked") for key in statuses} == statuses, day
    point.rollback()


@pytest.fixture
def past(team, app):
    """The overdue course of the team: assigned long ago, completed after the day that is asked about."""
    late = db.session.get(Person, team.late.id)
    day = clock.today() - timedelta(days=2)
    courses.completed(team.place, at=clock.now() - timedelta(hours=1))
    return late, day


def test_the_page_tells_a_past_day_and_today(visit, team, past):
    """RE6"""
    late, day = past
    browser = visit(team.boss)
    then = browser.get(f"/team/compliance?on={day.isoformat()}")
    assert [cell.get_text(" ", strip=True) for cell in then.select("table.compliance td")].count("متأخر") == 1
    now = browser.get("/team/compliance")
    assert "متأخر" not in [cell.get_text(" ", strip=True) for cell in now.select("table.compliance td")]
    rows = browser.get(f"/team/compliance/duties?on={day.isoformat()}&status=overdue")
    assert late.name.ar in rows.words
    of_unit = next(
        a["href"] for a in then.select("tbody a") if "place=0" in a["href"] and "status=overdue" in a["href"]
    )
    assert late.name.ar in browser.get(of_unit).words and "بلا وحدة" in browser.get(of_unit).words
    elsewhere = of_unit.replace("place=0", "place=999999")
    assert late.name.ar not in browser.get(elsewhere).words
    text = browser.client.get(f"/team/compliance/export.csv?on={day.isoformat()}").get_data(as_text=True)
    assert late.email in text and day.isoformat() in text
    assert browser.client.get("/team/compliance/export.xlsx").status_code == 200
    assert browser.client.get("/team/compliance/export.pdf").status_code == 404


def test_odd_days_and_units(visit, team):
    browser = visit(team.boss)
    assert browser.get("/team/compliance?on=xyzzy").select_one("#on-error")
    assert browser.get("/team/compliance?on=2190-01-01").select_one("#on-error")
    browser.get("/team/compliance?unit=u999999", status=404)


def test_nobody_of_others_is_counted_or_exported(visit, team, others):
    """RE6"""
    browser = visit(team.boss)
    for address in ("", "/duties", "/export.csv"):
        assert "CANARY" not in browser.client.get(f"/team/compliance{address}").get_data(as_text=True)
    nobody = visit(people.person())
    for address in ("", "/duties", "/export.csv"):
        nobody.get(f"/team/compliance{address}", status=403)


def test_the_page_costs_few_statements_however_many_people(visit, team, statements):
    unit = people.org_unit(db.session.get(type(team.boss.organisation), team.boss.organisation_id))
    people.grant(team.boss, "manager", unit=unit)
    for _n in range(12):
        courses.assigned(catalogue.course(), people.person(unit=unit), clock.today())
    for address in ("", "/duties", "/export.csv"):
        browser = visit(team.boss)
        with statements() as seen:
            assert browser.client.get(f"/team/compliance{address}").get_data()
        assert len(seen) <= 8, "\n".join(seen)


def test_trends_count_what_the_history_tells(visit, team, statements):
    """RE3: a month's overdue places are those that compliance tells of its last day."""
    browser = visit(team.boss)
    with statements() as seen:
        page = browser.get("/team/trends")
    assert len(seen) <= 8
    assert [cell.get_text().split()[0] for cell in page.select("tbody tr:last-child .num")] == ["0", "0", "1"]
    courses.completed(team.place, at=clock.now() - timedelta(minutes=1))
    page = browser.get("/team/trends?scope=direct")
    assert [cell.get_text().split()[0] for cell in page.select("tbody tr:last-child .num")] == ["1", "0", "0"]
    visit(people.person()).get("/team/trends", status=403)


def test_who_is_stuck_and_why(visit, team):
    """RE3"""
    page = visit(team.boss).get("/team?state=stuck")
    assert "لم يبدأ قط" in page.select_one("#follow-up").get_text()
    fresh = courses.enrolment(team.lead, team.course, at=clock.now())
    learning.open_activity(fresh.id, courses.activity_ids(team.course)[0], at=clock.now() - timedelta(days=20))
    assert page.select_one("#follow-up").get_text().count("لم يبدأ قط") == 1
    assert "توقف عند" in visit(team.boss).get("/team?state=stuck").select_one("#follow-up").get_text()
    learning.open_activity(fresh.id, courses.activity_ids(team.course)[0], at=clock.now())
    assert "توقف عند" not in visit(team.boss).get("/team?state=stuck").select_one("#follow-up").get_text()


def test_heading_totals_and_files_tell_of_those_who_were_searched_for(visit, team):
    late = courses.assigned(team.course, team.lead, clock.today() - timedelta(days=3))
    browser = visit(team.boss)
    assert len(db.session.scalars(select(Enrolment).where(Enrolment.course_id == late.course_id)).all()) == 2
    page = browser.get("/team/compliance?q=ريم")
    assert "شخص واحد" in page.select_one(".page-head").get_text()
    figure = page.select_one("section a[href*='status=overdue']")
    assert figure.contents[0] == "1"
    rows = browser.get(figure["href"]).select("tbody tr")
    assert len(rows) == 1 and "ريم" in rows[0].get_text()
    given = browser.client.get(page.select_one("a[href*='export.csv']")["href"]).get_data(as_text=True)
    assert "ريم" in given and "خالد" not in given


def test_an_ended_certificate_is_missed_only_of_those_who_were_asked(visit, team):
    """Who took a course of their own accord counts while its certificate holds, and is not blamed afterwards."""
    asked, own_accord, by_rule = team.late, team.lead, team.deep
    course = catalogue.course(lessons=1, validity_months=1, gives_certificate=True)
    done = clock.now() - timedelta(days=60)
    courses.assigned(course, asked, clock.today(), at=done - timedelta(days=1))
    for who in (asked, own_accord, by_rule):
        place = courses.completed(courses.enrolment(who, course, at=done - timedelta(days=1)), at=done)
        issue_for_completion(place.id, at=done)
    rule = DutyRule(
        organisation_id=team.boss.organisation_id, course_id=course.id, name=both("قاعدة", "Rule"), state="active",
        definition={}, created_at=done,
    )  # fmt: skip
    db.session.add(rule)
    db.session.flush()
    db.session.add(Duty(rule_id=rule.id, person_id=by_rule.id, since=done))
    db.session.flush()
    browser = visit(team.boss)
    while_valid = browser.get(f"/team/compliance?on={(clock.today() - timedelta(days=50)).isoformat()}")
    assert while_valid.select_one("section a[href*='status=compliant']").contents[0] == "3"
    page = browser.get("/team/compliance")
    figure = page.select_one("section a[href*='status=expired']")
    assert figure.contents[0] == "2"
    words = browser.get(figure["href"]).words
    assert asked.name.ar in words and by_rule.name.ar in words and own_accord.name.ar not in words
    row = next(row for row in page.select("table.compliance tbody tr") if own_accord.name.ar in row.get_text())
    assert "غير مطلوب" in row.get_text() and "منته" not in row.get_text()
    # Whoever serves by certificates must keep them.
    db.session.get(Organisation, team.boss.organisation_id).kind = "partner"
    assert browser.get("/team/compliance").select_one("section a[href*='status=expired']").contents[0] == "3"


def test_people_of_a_closed_sub_unit_still_count_in_the_unit_above(visit):
    """They stay where they are when it is closed, and their duties with them."""
    of = people.organisation()
    above = people.org_unit(of, name=both("القطاع", "Sector"))
    closed = people.org_unit(of, name=both("المكتب", "Office"), parent=above)
    boss, who = people.manager(above), people.person(unit=closed, name=both("بدر", "Badr"))
    courses.assigned(catalogue.course(), who, clock.today() - timedelta(days=4))
    accounts.deactivate_org_unit(closed, at=clock.now(), actor_id=None)
    browser = visit(boss)
    page = browser.get(f"/team/compliance?unit=u{above.id}")
    assert page.select_one("section a[href*='status=overdue']").contents[0] == "1"
    assert "بدر" in browser.get(f"/team/compliance/duties?unit=u{above.id}").words
    assert "بدر" in browser.client.get(f"/team/compliance/export.csv?unit=u{above.id}").get_data(as_text=True)


def test_what_was_asked_before_a_late_closing_does_not_outlive_the_completion(visit, team):
    """An attempt that ran out of time is graded as of its end, however late the worker comes to it."""
    place, ended = courses.enrolment(team.lead, team.course), clock.now() - timedelta(days=3)
    learning.assign(
        team.course.id, [team.lead.id], by_id=team.boss.id, due_on=clock.today() - timedelta(days=1), note="",
        at=ended + timedelta(hours=1),
    )  # fmt: skip
    courses.completed(place, at=ended)
    page = visit(team.boss).get("/team/compliance?q=ريم")
    assert page.select_one("section a[href*='status=compliant']").contents[0] == "1"
    assert not page.select("section a[href*='status=overdue']")


def test_where_somebody_stood_before_they_moved_here_from_another_organisation_is_not_told(visit, team, others):
    """The manager of today sees neither units of another organisation nor its duties as those of their own team then."""
    unit = people.org_unit(
        db.session.get(Organisation, others.boss.organisation_id), name=both("CANARY وحدة", "CANARY unit")
    )
    details = replace(details_of(others.who), org_unit_id=unit.id, manager_id=None)
    before = clock.now() - timedelta(days=9)
    accounts.change_person(others.who, details, at=before, actor_id=None)
    accounts.move_person(others.who, team.boss.organisation_id, actor_id=None, at=clock.now() - timedelta(days=2))
    others.who.manager_id = team.boss.id
    db.session.flush()
    browser, day = visit(team.boss), (clock.today() - timedelta(days=5)).isoformat()
    for address in ("", "/duties", "/export.csv"):
        said = browser.client.get(f"/team/compliance{address}?on={day}").get_data(as_text=True)
        assert "CANARY" not in said, address
    assert "CANARY موظف" in browser.get("/team/compliance").words
