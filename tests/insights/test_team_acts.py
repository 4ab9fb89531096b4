"""Assigning in two steps, reminding at most once a day, taking the follow-up away as a file."""

from datetime import date
from importlib import import_module

import pytest

from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.spreadsheets import read_table
from academy.learning.models import Assignment, Enrolment
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories.accounts import both
from tests.insights.conftest import due_in


def place(who, course):
    return db.session.query(Enrolment).filter_by(learner_id=who.id, course_id=course.id).one_or_none()


def asked(team, **given):
    values = {"course": str(team.course.id), "whom": "group", "scope": "all", "due_on": due_in(20).isoformat()}
    return {**values, "step": "preview", **given}


def effects(page):
    return [(tile.h2.get_text(), tile.select_one(".effect-names").get_text()) for tile in page.select(".effect")]


def test_the_preview_tells_the_effect_and_changes_nothing(visit, team):
    """CA4: the effect is counted and named before anything happens."""
    learning.completed(learning.enrolment(team.lead, team.course))
    page = visit(team.boss).post("/team/assign", asked(team))
    found = effects(page)
    assert ["سعد المطيري" in found[0][1], "خالد الشمري" in found[1][1], "ريم الدوسري" in found[2][1]] == [True] * 3
    assert place(team.deep, team.course) is None and team.place.due_on == due_in(-4)


def test_confirming_enrols_sets_the_day_and_leaves_the_completed_alone(visit, team):
    done = learning.completed(learning.enrolment(team.lead, team.course))
    page = visit(team.boss).post("/team/assign", asked(team, step="confirm", note="مهم"))
    said = page.select_one("#flashes").get_text()
    assert team.lead.name.ar in said and team.deep.name.ar not in said
    assert place(team.deep, team.course).due_on == due_in(20)
    assert team.place.due_on == due_in(20)
    assert done.due_on is None and done.state == "completed"
    assert db.session.query(Assignment).order_by(Assignment.id.desc()).first().note == "مهم"


def test_an_assignment_stands_in_the_audit_trail(visit, team):
    visit(team.boss).post("/team/assign", asked(team, step="confirm"))
    entry = db.session.query(AuditEntry).filter_by(act="insights:team:assign").one()
    assert (entry.actor_id, entry.subject_id, entry.after["enrolled"]) == (team.boss.id, team.course.id, 2)


def test_chosen_people_only(visit, team):
    visit(team.boss).post("/team/assign", asked(team, step="confirm", whom="chosen", people=[str(team.deep.id)]))
    assert place(team.deep, team.course) and not place(team.lead, team.course)


def test_a_whole_unit_with_its_sub_units(visit):
    """CA4: a whole unit in one act."""
    top = people.org_unit()
    sub, beside = people.org_unit(parent=top), people.org_unit(parent=top)
    boss = people.manager(top)
    inside, outside = people.person(unit=sub), people.person(unit=beside)
    course = catalogue.course()
    sent = {"course": str(course.id), "whom": "group", "scope": f"u{sub.id}", "due_on": due_in(3).isoformat()}
    visit(boss).post("/team/assign", {**sent, "step": "confirm"})
    assert place(inside, course) and not place(outside, course)


def test_a_unit_that_is_not_mine_cannot_be_assigned(visit, team):
    foreign = people.org_unit()
    visit(team.boss).post("/team/assign", asked(team, scope=f"u{foreign.id}", step="confirm"), status=422)


@pytest.mark.parametrize("typed", ["1469/1/1", "١٤٦٩/١/١", "1/1/1469"])
def test_the_day_can_be_typed_hijri_and_in_arabic_digits(visit, team, typed):
    """1 Muharram 1469 AH is 6 November 2046 (Umm al-Qura)."""
    visit(team.boss).post("/team/assign", asked(team, due_on=typed, step="confirm"))
    assert team.place.due_on.year == 2046 and team.place.due_on > date(2046, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": ""},
        {"due_on": "غدا"},
        {"due_on": "2020-01-01"},
        {"course": "0"},
        {"course": "x"},
        {"whom": "chosen"},
        {"note": "ن" * 501},
    ],
)
def test_mistakes_are_explained_and_what_was_typed_is_kept(visit, team, wrong):
    page = visit(team.boss).post(
        "/team/assign", asked(team, note="تبقى", **wrong) if "note" not in wrong else asked(team, **wrong), status=422
    )
    assert page.select(".error-summary li")
    assert "تبقى" in page.select_one("textarea").get_text() or "note" in wrong


@pytest.mark.parametrize("typed", ["30/2/2027", "غدا", "31/12/9999"])
def test_a_day_that_cannot_be_read_is_not_told_as_a_missing_one(visit, team, typed):
    page = visit(team.boss).post("/team/assign", asked(team, due_on=typed), status=422)
    assert "يُرجى إدخال تاريخ" in page.select_one("#due_on-error").get_text()


def test_searching_for_people_keeps_those_ticked(visit, team):
    page = visit(team.boss).post("/team/assign", {"step": "find", "q": "سعد", "people": [str(team.late.id)]})
    ticks = {box["value"]: box.has_attr("checked") for box in page.select("input[name=people]")}
    assert ticks == {str(team.late.id): True, str(team.deep.id): False}


def test_a_link_from_a_record_has_person_and_course_chosen(visit, team):
    page = visit(team.boss).get(f"/team/assign?people={team.deep.id}&course={team.course.key}")
    assert page.select_one("select[name=course] option[selected]")["value"] == str(team.course.id)
    assert page.select(f"input[name=people][value='{team.deep.id}'][checked]")


def test_a_course_of_one_organisation_leaves_the_people_of_another_out(visit):
    boss = people.grant(people.person(), "manager")
    theirs, ours = people.person(), people.person(of=db.session.get(people.Organisation, boss.organisation_id))
    course = catalogue.course(of=db.session.get(people.Organisation, boss.organisation_id), audience="organisation")
    sent = {
        "course": str(course.id),
        "whom": "chosen",
        "people": [str(theirs.id), str(ours.id)],
        "due_on": due_in(3).isoformat(),
    }
    browser = visit(boss)
    assert len(effects(browser.post("/team/assign", {**sent, "step": "preview"}))) == 2
    browser.post("/team/assign", {**sent, "step": "confirm"})
    assert place(ours, course) and not place(theirs, course)


def test_a_reminder_is_sent_once_a_day(visit, team):
    browser = visit(team.boss)
    browser.post("/team/remind", {"enrolment": str(team.place.id)}, follow=False)
    place = browser.response.headers["Location"].partition("#")[2]
    assert browser.get("/team").find("tr", id=place)
    assert team.place.reminded_on == clock.today()
    page = browser.post("/team/remind", {"enrolment": str(team.place.id)})
    assert page.select(".flashes .notice.info")
    assert db.session.query(AuditEntry).filter_by(act="insights:team:remind").count() == 1


def test_each_reminder_is_named_after_its_person_and_course(visit, team):
    """Somebody who is late twice has two buttons."""
    learning.assigned(catalogue.course(title=both("صوت المستفيد", "Voice")), team.late, due_in(-2))
    page = visit(team.boss).get("/team")
    said = [each.get_text() for each in page.select("#follow-up button[name=enrolment]")]
    assert len(said) == len(set(said)) == 2 and all("خالد الشمري" in each for each in said)


def test_links_of_the_error_summary_lead_to_what_takes_the_focus(visit, team):
    page = visit(team.boss).post("/team/assign", {"step": "preview", "whom": "chosen"}, status=422)
    assert page.title.get_text().startswith("خطأ: إسناد تدريب")
    found = [page.select_one(link["href"]) for link in page.select("#error-summary a")]
    assert page.select_one("#people") in found
    assert all(each.name in ("input", "select", "textarea") or each.get("tabindex") == "-1" for each in found)


def test_all_who_are_overdue_are_reminded_and_counted(visit, team):
    learning.assigned(team.course, team.deep, due_in(-1))
    learning.assigned(team.course, team.lead, due_in(5))
    page = visit(team.boss).post("/team/remind", {"overdue": "1"})
    assert page.select(".flashes .notice.ok")
    assert [bool(place(who, team.course).reminded_on) for who in (team.late, team.deep, team.lead)] == [
        True,
        True,
        False,
    ]
    entry = db.session.query(AuditEntry).filter_by(act="insights:team:remind").one()
    assert entry.after == {"reminded": 2}


def test_what_is_asked_before_reminding_all_is_what_is_sent(visit, team, monkeypatch):
    """Of more than go out at a time, only these are announced."""
    learning.assigned(team.course, team.deep, due_in(-1))
    for of in ("queries.figures", "services"):
        monkeypatch.setattr(import_module(f"academy.insights.{of}"), "MOST_REMINDED", 1)
    browser = visit(team.boss)
    asks = browser.get("/team").select_one("form[action='/team/remind']:has([name=overdue])")
    assert "سيُرسل تذكير واحد" in str(asks), asks
    assert "تذكير واحد" in browser.post("/team/remind", {"overdue": "1"}).select_one(".flashes").get_text()
    assert [bool(place(who, team.course).reminded_on) for who in (team.late, team.deep)] == [True, False]


def test_a_completed_course_needs_no_reminder(visit, team):
    done = learning.completed(learning.enrolment(team.lead, team.course))
    visit(team.boss).post("/team/remind", {"enrolment": str(done.id)}, status=404)


@pytest.mark.parametrize("sent", [{}, {"enrolment": "x"}, {"enrolment": "9" * 30}, {"enrolment": "²"}])
def test_a_broken_reminder_finds_nothing(visit, team, sent):
    visit(team.boss).post("/team/remind", sent, status=404)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_reads_back_as_it_is_shown(visit, team, kind):
    """Arabic intact, days as days, one row for each place; cells that look like formulas are text."""
    team.late.name = both('=HYPERLINK("http://x")', "+1")
    browser = visit(team.boss)
    browser.get(f"/team/export.{kind}?scope=direct")
    raw = browser.response.data
    table = read_table(raw, f"team.{kind}")
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert 'attachment; filename="team-' in browser.response.headers["Content-Disposition"]
    assert "قياس التجربة" in row.values() and due_in(-4).isoformat() in row.values()
    assert (kind == "xlsx") or b"'=HYPERLINK" in raw


def test_the_export_holds_the_filters_of_the_page(visit, team):
    learning.enrolment(team.lead, team.course)
    browser = visit(team.boss)
    browser.get("/team/export.csv?state=overdue")
    assert len(read_table(browser.response.data, "t.csv").rows) == 1
    browser.get("/team/export.pdf", status=404)


def test_a_pasted_column_is_assigned_and_lines_of_strangers_are_named(visit, team, others):
    """CA4: a list by e-mail or employee number, in any digits, previewed like every other; nobody outside the team is found."""
    team.deep.employee_number = "E-77"
    db.session.flush()
    listed = f"{team.lead.email.upper()}\r\nE-٧٧; {team.lead.email}"
    found = effects(visit(team.boss).post("/team/assign", asked(team, whom="listed", listed=listed)))
    assert len(found) == 1 and "ريم الدوسري" in found[0][1] and "سعد المطيري" in found[0][1]
    page = visit(team.boss).post("/team/assign", asked(team, whom="listed", listed=f"{others.who.email}\nE-77"))
    assert others.who.email in page.select_one("#not-found").get_text() and "CANARY" not in page.words
    page = visit(team.boss).post("/team/assign", asked(team, whom="listed", listed=others.who.email), status=422)
    assert others.who.email in page.select_one("#listed-error").get_text() and "CANARY" not in page.words
    for listed in ("", " \n ", "x " * 501):
        visit(team.boss).post("/team/assign", asked(team, whom="listed", listed=listed), status=422)
    visit(team.boss).post("/team/assign", asked(team, step="confirm", whom="listed", listed=team.lead.email))
    assert place(team.lead, team.course).due_on == due_in(20) and place(team.deep, team.course) is None


def test_people_of_a_team_are_observed_from_their_record(visit, team):
    """RE3: observing is one of the acts of that page; nobody who has not entered yet is observed."""
    link = f'a[href="/people/{team.late.id}/observe"]'
    page = visit(team.boss).get(f"/team/people/{team.late.id}")
    assert page.select_one(link) is not None
    assert visit(team.boss).get(f"/people/{team.late.id}/observe")
    team.late.state = "invited"
    db.session.flush()
    assert visit(team.boss).get(f"/team/people/{team.late.id}").select_one(link) is None
