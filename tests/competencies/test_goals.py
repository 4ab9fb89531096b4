"""CM9: goals, check-ins and appraisals: from the opening of a cycle to both signatures; no evidence, no level, no strange reader."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Deputyship
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.competencies import services
from academy.competencies.models import Appraisal, AppraisalEvent, Evidence, Goal, GoalCheckIn, Standing
from academy.competencies.queries import goals as reads
from academy.competencies.services import forgetting
from academy.competencies.services.appraising import ManagersPart
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.accounts import both

TITLE = both("أهداف النصف", "Goals of the half")


class House:
    """A manager, one of the team, the manager's manager, an administrator, and a cycle that is open."""

    def __init__(self):
        make.framework()
        self.of = people.organisation()
        self.unit = people.org_unit(self.of)
        self.top = people.person(of=self.of, unit=self.unit, language="en")
        self.boss = people.person(of=self.of, unit=self.unit, manager=self.top, language="en")
        self.who = people.person(
            of=self.of, unit=self.unit, manager=self.boss, language="en", name=both("خالد", "Khalid")
        )
        self.admin = people.administrator(self.of, everywhere=False, language="en")
        today = riyadh_day(clock.now())
        self.said = services.Cycle(TITLE, today, today + timedelta(days=100))
        self.cycle = services.open_cycle(self.said, [self.who], by_id=self.admin.id, at=clock.now())

    @property
    def found(self):
        return reads.found(Appraisal.cycle_id == self.cycle.id, Appraisal.person_id == self.who.id)

    def wanted(self, title="Answer sooner", days=30):
        return services.Wanted(title, "Nine of ten", self.said.opens_on + timedelta(days=days))

    def goal(self, state="agreed"):
        row = services.set_goal(self.found, self.wanted(), at=clock.now())
        if state != "draft":
            services.send_goals(self.found, at=clock.now())
        if state == "agreed":
            services.agree_goal(reads.goal(row.id), by_id=self.boss.id, at=clock.now())
        return reads.goal(row.id)

    def signed(self):
        self.goal()
        services.save_self_part(self.found, "A good half", hand_in=True, at=clock.now())
        part = ManagersPart("Steady", self.said.opens_on, "Train more")
        services.sign_appraisal(self.found, part, 0, by_id=self.boss.id, at=clock.now())
        return self.found

    @property
    def stage(self):
        return reads.own(self.who.id)[0].stage

    @property
    def page(self):
        return f"/goals/{self.found.appraisal.id}"


@pytest.fixture
def house(app):
    return House()


def notices(kind, who):
    return db.session.scalar(select(func.count()).where(Notice.kind == kind, Notice.person_id == who.id))


def test_an_administrator_opens_a_cycle_for_a_unit(house, visit):
    """CM9: title in both languages, days, audience; everybody active takes part and is told once."""
    desk = visit(house.admin)
    today = riyadh_day(clock.now())
    data = {
        "title-ar": "دورة", "title-en": "A cycle", "unit": f"u{house.unit.id}", "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert (
        "still to come"
        in desk.post("/admin/appraisal-cycles/new", data | {"closes_on": today.isoformat()}, status=422).words
    )
    page = desk.post("/admin/appraisal-cycles/new", data)
    assert "The cycle is open" in page.words and page.words.count("Goals to be set") >= 3
    assert "A cycle" in desk.get("/admin/appraisal-cycles").words
    for _again in range(2):
        services.tell_cycles(clock.now())
    assert notices("appraisal_opened", house.boss) == 1 and notices("appraisal_opened", house.who) == 2
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "competencies:cycle:open").order_by(AuditEntry.id)
    ).all()[-1]
    assert entry.after["people"] == 3


def test_goals_are_sent_returned_with_a_reason_and_agreed(house, visit):
    """CM9: the person writes and sends, the manager returns with a reason, the person writes anew, the manager agrees."""
    me, boss = visit(house.who), visit(house.boss)
    due = house.wanted().due_on.isoformat()
    data = {"title": "Answer sooner", "success": "Nine of ten", "due_on": due, "competency": "D1.1"}
    me.post(f"{house.page}/new", data | {"success": ""}, status=422)
    late = (house.said.closes_on + timedelta(days=1)).isoformat()
    assert "within the cycle" in me.post(f"{house.page}/new", data | {"due_on": late}, status=422).words
    me.post(f"{house.page}/new", data)
    goal = db.session.scalar(select(Goal))
    assert "Answer sooner" not in boss.get(house.page).words, "drafts are the person's"
    me.post(f"{house.page}/send")
    assert house.stage == "agree" and notices("goals_sent", house.boss) == 1
    me.post(f"/goals/goal/{goal.id}", data, status=422)
    decision = f"/goals/goal/{goal.id}/decision"
    assert "Say why you return" in boss.post(decision, {"act": "return", "reason": ""}, status=422).words
    boss.post(decision, {"act": "return", "reason": "How do we see it?"})
    assert "How do we see it?" in me.get(house.page).words
    me.post(f"/goals/goal/{goal.id}", data | {"success": "Ten of ten"})
    me.post(f"{house.page}/send")
    boss.post(decision, {"act": "agree", "reason": ""})
    assert house.stage == "work"
    assert "decided already" in boss.post(decision, {"act": "agree"}, status=422).words
    acts = list(db.session.scalars(select(AppraisalEvent.act).order_by(AppraisalEvent.id)))
    assert acts == ["sent", "returned", "sent", "agreed"]
    assert "Nine of ten" in db.session.scalars(select(AppraisalEvent.said)).first(), "what was said before is kept"


def test_check_ins_are_read_by_both_and_told_once_a_day(house, visit):
    """CM9: dated notes of both with the progress; only about goals that both have agreed on."""
    draft = house.goal("sent")
    with pytest.raises(Conflict):
        services.check_in(draft, 10, "Too early", by_id=house.who.id, at=clock.now())
    services.agree_goal(draft, by_id=house.boss.id, at=clock.now())
    me, boss, address = visit(house.who), visit(house.boss), f"/goals/goal/{draft.goal.id}/check-ins"
    me.post(address, {"progress": "30", "note": "Half of the branches"})
    assert "Write what has happened" in me.post(address, {"progress": "30", "note": " "}, status=422).words
    me.post(address, {"progress": "33", "note": "Odd"}, status=422)
    boss.post(address, {"progress": "40", "note": "I see it too"})
    boss.post(address, {"progress": "50", "note": "And more"})
    for reader in (me, boss):
        words = reader.get(house.page).words
        assert "Half of the branches" in words and "And more" in words
    assert db.session.get(Goal, draft.goal.id).progress == 50
    assert notices("goal_check_in", house.who) == 1 and notices("goal_check_in", house.boss) == 1


def test_each_goal_has_a_form_of_its_own_and_says_what_is_wrong_there(house, visit):
    """CM9: labels and messages belong to the field of one goal, and what was chosen stays."""
    goals = [house.goal("sent"), house.goal("sent")]
    for each in goals:
        services.agree_goal(each, by_id=house.boss.id, at=clock.now())
    number = goals[1].goal.id
    page = visit(house.who).post(f"/goals/goal/{number}/check-ins", {"progress": "30", "note": " "}, status=422)
    (wrong,) = page.select("[aria-invalid]")
    assert (wrong["id"], wrong["aria-describedby"]) == (f"note-{number}", f"note-{number}-error")
    assert page.select_one(f"#note-{number}-error") and page.select_one(f"label[for=note-{number}]")
    assert page.select_one(f"#progress-{number} option[selected]")["value"] == "30"
    assert page.select_one(f"#progress-{goals[0].goal.id} option[selected]")["value"] == "0"
    ids = [each["id"] for each in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_both_write_their_part_and_both_sign(house, visit):
    """CM9: the self part is read once handed in, the manager's once signed after the talk; then the person signs."""
    house.goal()
    me, boss = visit(house.who), visit(house.boss)
    me.post(f"{house.page}/self", {"act": "save", "self_part": "My draft"})
    assert "My draft" not in boss.get(house.page).words
    part = {
        "act": "sign",
        "revision": "0",
        "manager_part": "Steady work",
        "talked_on": house.said.opens_on.isoformat(),
        "talk_note": "Train",
    }
    assert "not handed in" in boss.post(f"{house.page}/manager", part, status=422).words
    me.post(f"{house.page}/self", {"act": "hand_in", "self_part": "A good half"})
    assert house.stage == "talk" and "A good half" in boss.get(f"{house.page}/manager").words
    boss.post(f"{house.page}/manager", part | {"act": "save"})
    assert "Steady work" not in me.get(house.page).words
    assert "day of your talk" in boss.post(f"{house.page}/manager", part | {"talked_on": ""}, status=422).words
    boss.post(f"{house.page}/manager", part)
    assert house.stage == "sign" and "Steady work" in me.get(house.page).words
    me.post(f"{house.page}/answer", {"act": "confirm", "revision": "1"})
    assert house.stage == "done" and notices("appraisal_answered", house.boss) == 1
    with pytest.raises(Conflict):
        services.sign_appraisal(
            house.found, ManagersPart("x", house.said.opens_on, ""), 1, by_id=house.boss.id, at=clock.now()
        )


def test_an_objection_leads_to_another_talk_and_the_history_is_kept(house, visit):
    """CM9: an objection needs a reason; signed anew, the person is asked again, and both versions stand in the history."""
    house.signed()
    me = visit(house.who)
    me.post(f"{house.page}/answer", {"act": "object", "revision": "1", "reason": ""}, status=422)
    me.post(f"{house.page}/answer", {"act": "object", "revision": "1", "reason": "We never spoke of it"})
    assert house.stage == "objected"
    part = ManagersPart("Steady and fair", house.said.opens_on, "We spoke again")
    services.sign_appraisal(house.found, part, 1, by_id=house.boss.id, at=clock.now())
    with pytest.raises(Conflict):
        services.confirm_appraisal(house.found, 1, at=clock.now())
    services.confirm_appraisal(house.found, 2, at=clock.now())
    words = me.get(house.page).words
    assert "We never spoke of it" in words and "Steady and fair" in words and "Train more" in words


def test_nothing_of_a_cycle_is_evidence(house):
    """CM9: a goal about a competency, reached and signed by both, leaves no evidence and moves no level."""
    services.confirm_appraisal(house.signed(), 1, at=clock.now())
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 0


def test_texts_are_for_the_person_and_who_leads_them_alone(house, visit):
    """CM9: neither colleagues, nor the manager's manager, nor administrators read them; these see the stage."""
    goal = house.goal()
    services.check_in(goal, 10, "Canary", by_id=house.who.id, at=clock.now())
    stranger = people.administrator(people.organisation(), everywhere=False)
    colleague = people.person(of=house.of, unit=house.unit, manager=house.boss)
    for each in (house.admin, house.top, colleague, stranger, people.administrator()):
        visitor = visit(each)
        visitor.get(house.page, status=404)
        visitor.post(f"/goals/goal/{goal.goal.id}/decision", {"act": "return", "reason": "x"}, status=404)
        visitor.post(f"/goals/goal/{goal.goal.id}/check-ins", {"progress": "10", "note": "x"}, status=404)
        visitor.get(f"{house.page}/manager", status=404)
    overview = f"/goals/cycles/{house.cycle.id}"
    for each in (house.admin, house.top):
        page = visit(each).get(overview)
        assert "Khalid" in page.words and "On the way" in page.words and "Answer sooner" not in page.words
        assert not page.select(f"a[href='{house.page}']")
    assert visit(house.boss).get(overview).select(f"a[href='{house.page}']")
    for each in (colleague, stranger, house.who):
        visit(each).get(overview, status=404)
    visit(house.boss).post(f"{house.page}/answer", {"act": "confirm", "revision": "0"}, status=404)
    visit(colleague).get("/admin/appraisal-cycles", status=403)


def test_a_deputy_decides_while_standing_in(house, visit):
    """CM9: the acting manager reads and decides goals of the manager's people."""
    deputy = people.person(of=house.of, unit=house.unit, language="en")
    goal = house.goal("sent")
    visit(deputy).get(house.page, status=404)
    today = clock.today()
    row = Deputyship(manager_id=house.boss.id, deputy_id=deputy.id, starts_on=today, ends_on=today, made_at=clock.now())
    db.session.add(row)
    db.session.flush()
    visit(deputy).post(f"/goals/goal/{goal.goal.id}/decision", {"act": "agree", "reason": ""})
    assert db.session.get(Goal, goal.goal.id).state == "agreed"


def test_who_owes_a_step_is_reminded_once_a_day(house, visit):
    """CM9: the person while goals are missing, the manager while goals wait; by hand and before the last day."""
    desk, address = visit(house.admin), f"/goals/cycles/{house.cycle.id}/reminders"
    desk.post(address)
    assert "everybody was reminded today" in desk.post(address).words
    assert notices("appraisal_reminder", house.who) == 1
    house.goal("sent")
    near = clock.now() + timedelta(days=93)
    assert services.remind_of_goals(near) == 1 and services.remind_of_goals(near) == 0
    assert notices("appraisal_reminder", house.boss) == 1
    assert services.remind_of_goals(near + timedelta(days=1)) == 0


def test_after_its_last_day_nothing_is_written_but_the_signatures(house):
    """CM9: goals, check-ins and the self part end with the cycle; manager and person still sign."""
    goal, later = house.goal(), clock.now() + timedelta(days=120)
    for act in (
        lambda: services.set_goal(house.found, house.wanted(), at=later),
        lambda: services.check_in(goal, 10, "Late", by_id=house.who.id, at=later),
        lambda: services.save_self_part(house.found, "Late", hand_in=True, at=later),
    ):
        with pytest.raises(Conflict):
            act()
    services.sign_appraisal(
        house.found, ManagersPart("Fine", house.said.closes_on, ""), 0, by_id=house.boss.id, at=later
    )
    services.confirm_appraisal(house.found, 1, at=later)
    assert house.stage == "done"


def test_goals_are_few(house):
    """CM9: at most twelve goals, and nothing is sent where there is nothing."""
    with pytest.raises(Invalid):
        services.send_goals(house.found, at=clock.now())
    for n in range(12):
        services.set_goal(house.found, house.wanted(f"Goal {n}"), at=clock.now())
    with pytest.raises(Invalid):
        services.set_goal(house.found, house.wanted(), at=clock.now())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda row: setattr(row, "state", "signed"),
        lambda row: setattr(row, "signed_by_id", row.person_id),
        lambda row: setattr(row, "state", "objected"),
    ],
)
def test_the_database_refuses_what_was_not_signed(house, wrong):
    """CM9: no signature without its moment, none of one's own, no objection without a reason."""
    wrong(db.session.get(Appraisal, house.found.appraisal.id))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_what_was_written_of_somebody_is_forgotten_with_them(house):
    """CM9: anonymising takes the words of goals, check-ins, appraisal and history."""
    found = house.signed()
    services.object_to_appraisal(found, 1, "Canary", at=clock.now())
    forgetting.forget(house.who.id, at=clock.now())
    db.session.expire_all()
    kept = db.session.get(Appraisal, found.appraisal.id)
    texts = [kept.self_part, kept.manager_part, kept.answer, *db.session.scalars(select(Goal.title)), *db.session.scalars(select(GoalCheckIn.note)), *db.session.scalars(select(AppraisalEvent.said))]  # fmt: skip
    assert not any(word in text for text in texts for word in ("Canary", "Steady", "A good half", "Answer"))
