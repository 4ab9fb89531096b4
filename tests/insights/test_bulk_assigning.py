"""CA4: people brought as a file, counted before anything is written, and one act taken back within a day."""

import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.spreadsheets import write_xlsx
from academy.insights import listing
from academy.learning import services as learning_services
from academy.learning.models import AssignedPlace, Assignment, AssignmentUndoing, DutyEvent, Enrolment
from academy.learning.queries import undoing
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import learning
from tests.insights.conftest import due_in
from tests.insights.test_team_acts import asked, effects, place


def file_of(text, encoding="utf-8", name="people.csv"):
    return io.BytesIO(text.encode(encoding)), name


def brought(visit, team, file, *, status=200, step="preview", **more):
    return visit(team.boss).post("/team/assign", asked(team, whom="file", file=file, step=step, **more), status=status)


def confirmed(browser, page, **more):
    """Press the button of a preview."""
    form = {field["name"]: field["value"] for field in page.select("form.form-acts input[name]")}
    return browser.post("/team/assign", {**form, "step": "confirm", **more})


def newest() -> Assignment:
    return db.session.scalars(select(Assignment).order_by(Assignment.id.desc())).first()


def assigned_to_all(visit, team, **more):
    browser = visit(team.boss)
    browser.post("/team/assign", asked(team, step="confirm", **more))
    return browser, newest()


# --- The file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
def test_a_file_of_any_usual_encoding_is_read(visit, team, encoding):
    """CA4"""
    text = f"الاسم;البريد الإلكتروني;ملاحظة\r\nريم;{team.lead.email};موظفة\r\nسعد;{team.deep.email.upper()};موظف\r\n"
    found = effects(brought(visit, team, file_of(text, encoding)))
    assert len(found) == 1 and "ريم الدوسري" in found[0][1] and "سعد المطيري" in found[0][1]


def test_a_spreadsheet_is_read_and_employee_numbers_too(visit, team):
    """CA4"""
    team.deep.employee_number, team.lead.employee_number = "E-77", "1204"
    db.session.flush()
    rows = [["سعد", "e-٧٧"], ["ريم", 1204]]
    data = write_xlsx(["Name", "الرقم الوظيفي"], rows, sheet="People", right_to_left=True)
    found = effects(brought(visit, team, (io.BytesIO(data), "people.xlsx")))
    assert "ريم الدوسري" in found[0][1] and "سعد المطيري" in found[0][1]


def test_a_column_without_a_heading_is_a_list(visit, team):
    """CA4: the first row names somebody too."""
    found = effects(brought(visit, team, file_of(f"{team.lead.email}\n{team.deep.email}\n")))
    assert "ريم الدوسري" in found[0][1] and "سعد المطيري" in found[0][1]


def test_each_row_that_names_nobody_is_told_with_its_number_and_why(visit, team, others):
    """CA4: people of others are not found, whoever they are; the rest goes on without those rows."""
    team.deep.employee_number = "E-77"
    db.session.flush()
    text = (
        "E-mail,Employee number,Note\n"
        f"{team.deep.email},E-77,same\n"
        f"{others.who.email},,stranger\n"
        f"{team.lead.email},E-77,two people\n"
        ",,nobody\n"
        f"{team.deep.email},,again\n"
    )
    page = brought(visit, team, file_of(text))
    rows = [[cell.get_text() for cell in row.select("td, th")] for row in page.select("#not-found tbody tr")]
    assert [row[0] for row in rows] == ["3", "4", "5"]
    assert others.who.email in rows[0][1] and "CANARY" not in page.words
    assert "صف واحد يسمي من سبق" in page.words and "3 صفوف لا تسمي" in page.words
    assert place(team.deep, team.course) is None
    browser = visit(team.boss)
    confirmed(browser, page)
    assert place(team.deep, team.course).due_on == due_in(20)
    assert place(team.lead, team.course) is None and place(others.who, team.course) is None


def test_the_preview_counts_who_is_new_enrolled_done_exempted_and_may_not_see_the_course(visit, team):
    """CA4: nothing is written before it is confirmed, also with a file of problems sent at once."""
    learning.completed(learning.enrolment(team.lead, team.course))
    text = "\n".join(["E-mail", team.late.email, team.lead.email, team.deep.email, "nobody@nowhere.test"])
    page = brought(visit, team, file_of(text), step="confirm")
    assert [heading for heading, _names in effects(page)] and len(effects(page)) == 3
    assert page.select_one("#not-found") and newest().id == team.place.assignment_id


@pytest.mark.parametrize(
    "file",
    [
        (b"", "empty.csv"),
        (b"Name,Department\nA,B\n", "unknown.csv"),
        (b"E-mail,E-mail\na@b.test,c@d.test\n", "twice.csv"),
        (b"E-mail\n", "heading.csv"),
        (b"%PDF-1.7 nonsense", "people.pdf"),
        (b"PK\x03\x04 broken", "people.xlsx"),
        (b"E-mail\nnobody@nowhere.test\n", "strangers.csv"),
        (b"E-mail\n" + b"x@y.test\n" * 5_001, "long.csv"),
    ],
)
def test_a_file_that_names_nobody_is_refused_with_its_reason(visit, team, file):
    page = brought(visit, team, (io.BytesIO(file[0]), file[1]), status=422)
    assert page.select_one("#file-error") and page.select(".error-summary li")


def test_no_file_is_asked_for(visit, team):
    page = visit(team.boss).post("/team/assign", asked(team, whom="file"), status=422)
    assert page.select_one("#file-error")


def test_changing_something_keeps_the_people_of_the_list(visit, team):
    """CA4: on the way back the list need not be brought again."""
    page = brought(visit, team, file_of(f"E-mail\n{team.lead.email}\n{team.deep.email}\n"))
    form = {field["name"]: field["value"] for field in page.select("form.form-acts input[name]")}
    back = visit(team.boss).post("/team/assign", {**form, "step": "edit"})
    assert back.select_one("input[name=whom][checked]")["value"] == "kept"
    assert back.select_one("input[name=ids]")["value"] == f"{team.lead.id},{team.deep.id}"


def test_a_list_kept_by_hand_reaches_nobody_else(visit, team, others):
    """CA4: the ids of a preview are looked at again."""
    sent = asked(team, whom="kept", ids=f"{team.deep.id},{others.who.id}")
    for step in ("preview", "confirm"):
        visit(team.boss).post("/team/assign", {**sent, "step": step}, status=404)
    assert place(others.who, team.course) is None and place(team.deep, team.course) is None


def test_one_number_of_two_people_names_neither():
    rows = listing.read_pasted("77, a@b.test  ٧٨")
    read = listing.judge(rows, {"77": {1, 2}, "a@b.test": {1}, "78": {1}})
    assert (read.people, read.repeated) == ([1], 1)
    assert [(each.line, each.reason) for each in read.problems] == [(1, listing.SEVERAL)]


def test_an_empty_line_of_a_pasted_list_is_counted():
    rows = listing.read_pasted("a@b.test\n\n77, 78\n\r\n79")
    assert [(row.line, *row.words) for row in rows] == [(1, "a@b.test"), (3, "77"), (3, "78"), (5, "79")]


def test_the_preview_of_a_file_needs_no_more_statements_for_more_rows(visit, statements):
    """CA4"""
    top = people.org_unit()
    boss = people.manager(top)
    course = learning.enrolment(boss).course_id
    counts = []
    for number in (3, 40):
        emails = [people.person(unit=top).email for _ in range(number)]
        sent = {
            "course": str(course),
            "whom": "file",
            "scope": "all",
            "due_on": due_in(9).isoformat(),
            "step": "preview",
        }
        browser = visit(boss)
        with statements() as seen:
            browser.post("/team/assign", {**sent, "file": file_of("\n".join(["E-mail", *emails]))})
        counts.append(len(seen))
    assert counts[0] == counts[1]


# --- Taking it back -------------------------------------------------------------------------------


def test_a_whole_act_is_taken_back_and_everything_stands_as_it_stood(visit, team):
    """CA4: who was new has no place any more, who had one has the earlier day again; both are in the history."""
    before = (team.place.assignment_id, team.place.due_on)
    browser, row = assigned_to_all(visit, team)
    page = browser.get(f"/team/assignments/{row.id}")
    found = effects(page)
    assert "ريم الدوسري" in found[0][1] and "سعد المطيري" in found[0][1] and "خالد الشمري" in found[1][1]
    assert place(team.deep, team.course).due_on == due_in(20)
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert (team.place.assignment_id, team.place.due_on, team.place.state) == (*before, "active")
    for who in (team.deep, team.lead):
        gone = place(who, team.course)
        assert (gone.state, gone.due_on, gone.assignment_id) == ("withdrawn", None, None)
        last = db.session.scalars(
            select(DutyEvent).where(DutyEvent.enrolment_id == gone.id).order_by(DutyEvent.id.desc())
        ).first()
        assert (last.state, last.asked, last.due_on) == ("withdrawn", False, None)
    entry = db.session.query(AuditEntry).filter_by(act="insights:assignment:undo").one()
    assert (entry.actor_id, entry.after["assignment"], entry.after["withdraw"], entry.after["restore"]) == (
        team.boss.id, row.id, 2, 1,
    )  # fmt: skip


def test_whoever_has_begun_loses_nothing_and_is_counted(visit, team):
    """CA4: how many stay, and why."""
    browser, row = assigned_to_all(visit, team)
    learning.completed(place(team.deep, team.course), but=1, at=clock.now())
    learning.completed(place(team.lead, team.course), at=clock.now())
    begun = place(team.deep, team.course)
    page = browser.get(f"/team/assignments/{row.id}")
    assert "سعد المطيري" in page.words and "ريم الدوسري" in page.words
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert (begun.state, begun.due_on, begun.assignment_id) == ("active", due_in(20), row.id)
    assert place(team.lead, team.course).state == "completed"
    counts = db.session.get(AssignmentUndoing, row.id).counts
    assert counts == {"begun": 1, "done": 1, "restore": 1}
    assert "بدأ" in browser.get(f"/team/assignments/{row.id}").words


def test_what_somebody_decided_since_stays(visit, team):
    """CA4: a later assignment and more time given are not undone with an earlier act."""
    browser, row = assigned_to_all(visit, team)
    later = due_in(30)
    learning_services.assign(team.course.id, [team.lead.id], by_id=team.boss.id, due_on=later, at=clock.now())
    place(team.deep, team.course).due_on = later
    db.session.flush()
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert {place(who, team.course).due_on for who in (team.lead, team.deep)} == {later}
    assert db.session.get(AssignmentUndoing, row.id).counts == {"changed": 2, "restore": 1}


def test_a_day_later_and_a_second_time_it_is_refused(visit, team):
    """CA4"""
    browser, row = assigned_to_all(visit, team)
    with time_machine.travel(row.assigned_at + timedelta(hours=24), tick=False):
        late = visit(team.boss)
        assert not late.get(f"/team/assignments/{row.id}").select("form[action$='/undo']")
        assert "انتهى" in late.post(f"/team/assignments/{row.id}/undo").words
    assert place(team.deep, team.course).state == "active"
    browser.post(f"/team/assignments/{row.id}/undo")
    learning_services.assign(team.course.id, [team.deep.id], by_id=team.boss.id, due_on=due_in(5), at=clock.now())
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert place(team.deep, team.course).due_on == due_in(5)
    assert db.session.query(AssignmentUndoing).count() == 1


def test_nobody_else_takes_it_back_or_looks_at_it(visit, team, others):
    """CA4: neither another manager, nor one above, nor the learner."""
    _browser, row = assigned_to_all(visit, team)
    for who in (others.boss, team.lead, team.deep, people.administrator()):
        stranger = visit(who)
        stranger.get(f"/team/assignments/{row.id}", status=404)
        stranger.post(f"/team/assignments/{row.id}/undo", status=404)
    assert place(team.deep, team.course).state == "active" and not db.session.query(AssignmentUndoing).count()


def test_people_who_have_left_the_team_are_left_alone_and_not_named(visit, team):
    """CA4"""
    browser, row = assigned_to_all(visit, team)
    team.deep.manager_id = None
    db.session.flush()
    page = browser.get(f"/team/assignments/{row.id}")
    assert "سعد المطيري" not in page.words
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert place(team.deep, team.course).state == "active" and place(team.lead, team.course).state == "withdrawn"


def test_those_of_whom_nothing_is_asked_any_more_are_told_once(visit, team):
    browser, row = assigned_to_all(visit, team)
    browser.post(f"/team/assignments/{row.id}/undo")
    jobs.run_all_due()
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "duty_ended")).all()
    assert sorted(told) == sorted([team.deep.id, team.lead.id])


def test_a_place_that_was_given_up_before_is_given_up_again(visit, team):
    """CA4"""
    left = learning.enrolment(team.deep, team.course)
    learning_services.withdraw(left.id, at=clock.now() - timedelta(days=2))
    browser, row = assigned_to_all(visit, team)
    assert left.state == "active"
    browser.post(f"/team/assignments/{row.id}/undo")
    db.session.expire_all()
    assert left.state == "withdrawn" and db.session.query(Enrolment).filter_by(learner_id=team.deep.id).count() == 1


def test_the_list_of_assignments_is_the_own_one_and_constant_in_statements(visit, team, others, statements):
    browser, row = assigned_to_all(visit, team)
    assert len(browser.get("/team/assignments").select("tbody tr")) == 1
    assert not visit(others.boss).get("/team/assignments").select("tbody tr")
    counts = []
    for more in (0, 9):
        for _ in range(more):
            browser.post("/team/assign", asked(team, step="confirm"))
        for address in ("/team/assignments", f"/team/assignments/{row.id}"):
            with statements() as seen:
                browser.get(address)
            counts.append(len(seen))
    assert counts[:2] == counts[2:] and max(counts) <= 8


def test_only_what_managers_assign_by_hand_is_kept_for_taking_back(team):
    assert not undoing.can_be_undone(team.place.assignment_id)
    assert not db.session.query(AssignedPlace).count()
