"""A development plan from the gap to its end: proposal, change, decision, places, what the records say, history."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.assessment.models import Quiz, QuizVersion
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.catalogue import services as publishing
from academy.competencies import queries, services
from academy.competencies.models import DevelopmentItem, DevelopmentPlan
from academy.competencies.queries import development
from academy.learning.models import Enrolment
from academy.notices.models import Letter, Notice
from tests import concurrency
from tests.concurrency import prepared, run_together, winners
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, entry, learning
from tests.factories import competencies as make

crowd_app = concurrency.crowd_app


def a_course(key="D1.1", *, level=2, asks=3, **given):
    """A published course that aims at a level and asks some questions about a competency."""
    course = catalogue.course(published=False, units=0, competencies=[publishing.Target(key, level)], **given)
    version = catalogue.draft(course)
    activity = catalogue.activity(catalogue.unit(version), "quiz")
    quiz = db.session.get(QuizVersion, activity.content["quiz_version_id"])
    for _number in range(asks):
        assessment.question(quiz, competency_key=key)
    publishing.publish(course, actor_id=None, at=make.LONG_AGO)
    return course


def a_team():
    make.framework({"D1.1": 2, "D1.2": 1, "D2.1": 3})
    unit = people.org_unit()
    boss = people.manager(unit, language="en")
    member = people.person(unit=unit, manager=boss, language="en")
    services.set_profile(member.id, "frontline", at=make.LONG_AGO)
    return boss, member


@pytest.fixture
def team(app):
    return a_team()


def start(member, at=None) -> DevelopmentPlan:
    return services.start_plan(member, at=at or clock.now())


def finish(enrolment, at) -> None:
    """Answer the quiz of a place rightly, so that the course is completed."""
    quiz = db.session.scalars(
        select(QuizVersion).join(Quiz, Quiz.id == QuizVersion.quiz_id).where(Quiz.course_id == enrolment.course_id)
    ).one()
    assessment.graded(quiz, db.session.get(Person, enrolment.learner_id), at=at)


def items(plan):
    return [
        (each.kind, each.key, each.state) for each in development.items_of(plan, queries.standing_of(plan.person_id))
    ]


def kinds(who):
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id)))


class TestProposal:
    def test_courses_where_tests_prove_enough_and_observations_elsewhere(self, team):
        """CM3, CM4: the largest gap first; level 3 is for an observation, whatever a course promises."""
        _boss, member = team
        course = a_course()
        a_course("D2.1", level=4, asks=9)
        plan = start(member)
        assert items(plan) == [("observation", "D2.1", ""), ("course", course.key, ""), ("observation", "D1.2", "")]
        assert plan.basis == {"D1.1": [2, None], "D1.2": [1, None], "D2.1": [3, None]}

    def test_what_is_begun_comes_first_with_what_it_builds_on(self, team):
        _boss, member = team
        basics = catalogue.course()
        hard = a_course(prerequisites=[basics.id], hours=9)
        easy = a_course(hours=1)
        assert [key for kind, key, _state in items(start(member)) if kind == "course"] == [easy.key]
        services.close_plan(start(member), at=clock.now())
        learning.completed(learning.enrolment(member, basics))
        learning.enrolment(member, hard)
        assert [key for kind, key, _state in items(start(member)) if kind == "course"] == [hard.key]

    def test_prerequisites_stand_before_what_builds_on_them(self, team):
        _boss, member = team
        basics = catalogue.course()
        hard = a_course(prerequisites=[basics.id])
        plan = start(member)
        assert [key for kind, key, _state in items(plan) if kind == "course"] == [basics.key, hard.key]
        first = db.session.scalars(select(DevelopmentItem).where(DevelopmentItem.course_id == basics.id)).one()
        with pytest.raises(Conflict):
            services.remove_item(plan, first.id, member, at=clock.now())

    def test_what_cannot_be_taken_is_never_proposed(self, team):
        """CM4: completed, retired, foreign, closed, assigned and full courses, and those that ask too little."""
        _boss, member = team
        place = learning.enrolment(member, a_course())
        place.state, place.completed_at = "completed", clock.now()
        publishing.retire(a_course(), actor_id=None, at=clock.now())
        a_course(of=people.organisation(), audience="organisation")
        today = riyadh_day(clock.now())
        entry.rule(a_course(), closes_on=today - timedelta(days=1))
        entry.rule(a_course(), way="assignment")
        full = a_course()
        entry.rule(full, seats=1)
        learning.enrolment(people.person(), full)
        a_course(asks=2)
        assert {kind for kind, _key, _state in items(start(member))} == {"observation"}

    def test_one_open_plan_a_person_and_none_without_a_gap(self, team):
        boss, member = team
        assert start(member) is start(member)
        with pytest.raises(Conflict):
            start(boss)


class TestDecision:
    def test_approval_gives_the_places_that_are_open_and_the_rest_follows(self, team):
        """CM4, CA3."""
        (boss, member), at = team, clock.now()
        basics = catalogue.course()
        hard, asked = a_course(prerequisites=[basics.id]), catalogue.course()
        entry.rule(asked, way="request")
        plan = start(member)
        services.add_course(plan, member, asked.id, at=at)
        services.send_plan(plan, at=at)
        services.approve_plan(plan, plan.revision, "Good", by_id=boss.id, at=at)
        assert list(db.session.scalars(select(Enrolment.course_id))) == [basics.id]
        assert kinds(member)[-1] == "plan_approved" and kinds(boss) == ["plan_waits"]
        letters = set(db.session.scalars(select(Letter.kind)))
        assert letters >= {"plan_waits", "plan_approved"}
        learning.completed(db.session.scalars(select(Enrolment)).one())
        taken = set(db.session.scalars(select(Enrolment.course_id)))
        assert taken == {basics.id, hard.id}, "what builds on a completed course is open now"
        acts = set(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("competencies:plan"))))
        assert acts == {"competencies:plan:send", "competencies:plan:decide"}

    def test_a_returned_plan_is_changed_and_sent_again(self, team):
        (boss, member), at = team, clock.now()
        plan = start(member)
        services.send_plan(plan, at=at)
        with pytest.raises(Conflict):
            services.add_evidence_to_plan(plan, "claim", "D1.1", at=at)
        with pytest.raises(Invalid):
            services.return_plan(plan, plan.revision, " ", by_id=boss.id, at=at)
        services.return_plan(plan, plan.revision, "Bring your certificate", by_id=boss.id, at=at)
        services.add_evidence_to_plan(plan, "claim", "D1.1", at=at)
        for kind, key in (("claim", "D1.1"), ("claim", "no"), ("observation", "D1.1")):
            with pytest.raises(Invalid):
                services.add_evidence_to_plan(plan, kind, key, at=at)
        services.send_plan(plan, at=at)
        assert ("claim", "D1.1", "") in items(plan) and kinds(boss) == ["plan_waits"] * 2

    def test_a_decision_holds_for_what_was_seen(self, team):
        (boss, member), at = team, clock.now()
        plan = start(member)
        services.send_plan(plan, at=at)
        seen = plan.revision
        services.take_back_plan(plan, at=at)
        services.add_evidence_to_plan(plan, "claim", "D1.1", at=at)
        services.send_plan(plan, at=at)
        with pytest.raises(Conflict):
            services.approve_plan(plan, seen, "", by_id=boss.id, at=at)
        assert plan.state == "sent"

    def test_deputies_are_told_and_decide_and_silence_is_reminded(self, team, visit):
        (boss, member), at = team, clock.now()
        home = db.session.get(Organisation, boss.organisation_id)
        deputy, admin = people.person(home), people.administrator(of=home, everywhere=False)
        today = riyadh_day(at)
        accounts.name_deputy(
            boss, deputy.email, starts_on=today, ends_on=today + timedelta(days=30), actor_id=boss.id, at=at
        )
        plan = start(member)
        services.send_plan(plan, at=at)
        assert services.remind_deciders(at + timedelta(days=4)) == 0
        assert [services.remind_deciders(at + timedelta(days=days)) for days in (5, 6, 10)] == [1, 0, 1]
        assert kinds(boss).count("plan_waits") == 3 and kinds(deputy).count("plan_waits") == 3
        assert kinds(admin) == ["plan_waits"], "from the second time on"
        mine = {
            who: development.plans_to_decide_by(who.id, {plan.id}, today=today) for who in (boss, deputy, admin, member)
        }
        assert mine == {boss: {plan.id}, deputy: {plan.id}, admin: {plan.id}, member: set()}
        assert development.plans_to_decide_by(deputy.id, {plan.id}, today=today + timedelta(days=31)) == set()
        page = visit(deputy).get("/development/waiting")
        assert member.name.show(deputy.language) in page.words
        body = {"act": "approve", "revision": str(plan.revision), "reason": ""}
        visit(deputy).post(f"/development/plans/{plan.id}/decide", body)
        assert db.session.get(DevelopmentPlan, plan.id).decided_by_id == deputy.id
        assert services.remind_deciders(at + timedelta(days=20)) == 0


class TestFollowing:
    def test_each_item_says_what_the_records_say(self, team):
        """CM4: nothing of an item's state is typed."""
        (boss, member), at = team, clock.now()
        course = a_course()
        plan = start(member, at)
        services.add_evidence_to_plan(plan, "claim", "D1.2", at=at)
        services.send_plan(plan, at=at)
        services.approve_plan(plan, plan.revision, "", by_id=boss.id, at=at)
        assert items(plan)[1] == ("course", course.key, "active")
        assert services.ask_observation(plan, at=at) == 1 and services.ask_observation(plan, at=at) == 1
        assert kinds(boss).count("observation_asked") == 1, "once a day"
        assert items(plan)[0] == ("observation", "D2.1", "asked")
        ids = queries.competency_ids(["D2.1"])
        seen = []
        for mark in ("never", "always"):
            row = services.start_observation(member.id, boss.id, {ids["D2.1"]: 3}, observed_on=riyadh_day(at), at=at)
            marks = {line.id: (3, mark) for line in queries.observation_lines(row.id)}
            services.save_observation(
                row, services.Seen(riyadh_day(at), "", 1 if mark == "never" else 5, "", marks), at=at
            )
            services.send_observation(row, at=at)
            assert items(plan)[0][2] == "sent"
            services.confirm_observation(row, at=at)
            seen.append(development.items_of(plan, queries.standing_of(member.id))[0].is_done)
        assert seen == [False, True], "what was seen and did not prove the level is not done"
        assert items(plan)[0][2] == "confirmed"
        finish(db.session.scalars(select(Enrolment)).one(), at)
        assert [each.is_done for each in development.items_of(plan, queries.standing_of(plan.person_id))] == [
            True,
            True,
            False,
            False,
        ]

    def test_a_plan_is_made_anew_when_what_is_asked_has_changed(self, team, visit):
        (boss, member), at = team, clock.now()
        plan = start(member)
        services.add_evidence_to_plan(plan, "claim", "D1.1", at=at)
        services.send_plan(plan, at=at)
        services.approve_plan(plan, plan.revision, "", by_id=boss.id, at=at)
        make.evidence(member, "D1.2", at=at, kind="prior")
        own = visit(member)
        assert "Competency 1-2 is proven now." in own.get(f"/development/plans/{plan.id}").words
        assert "Plan anew" not in own.get(f"/development/plans/{plan.id}").words
        services.set_level(member, "D2.2", 2, "New desk", actor_id=None, at=at)
        page = own.get(f"/development/plans/{plan.id}")
        assert "Competency 2-2 is now asked for, at the level Applying." in page.words and "Plan anew" in page.words
        own.post("/development", {"act": "anew"})
        new = development.open_plan(member.id)
        assert {change["how"] for change in new.changes} == {"proven", "new"}
        assert ("claim", "D1.1", "") in items(new), "what the person chose is taken over"
        old = db.session.get(DevelopmentPlan, plan.id)
        assert (old.state, old.closed_as) == ("closed", "replaced") and new.state == "draft"
        assert "Replaced by a newer plan" in own.get("/development").words

    def test_a_plan_ends_as_reached_only_when_nothing_is_missing(self, team):
        (boss, member), at = team, clock.now()
        for reached in (False, True):
            plan = start(member)
            services.send_plan(plan, at=at)
            services.approve_plan(plan, plan.revision, "", by_id=boss.id, at=at)
            if reached:
                for key in ("D1.1", "D1.2", "D2.1"):
                    make.evidence(member, key, supports_level=3, kind="observation", at=at)
            services.close_plan(plan, at=at)
            assert plan.closed_as == ("reached" if reached else "ended")
        assert len(development.plans_of(member.id)) == 2

    def test_a_draft_that_nobody_saw_leaves_no_trace(self, team):
        _boss, member = team
        services.close_plan(start(member), at=clock.now())
        assert development.plans_of(member.id) == []


class TestPages:
    def test_the_whole_way_through_the_pages(self, team, visit, statements):
        """CM4: gaps, proposal, change, send, return, send, approve; few statements on every page."""
        boss, member = team
        course, extra = a_course(), catalogue.course()
        own, manager = visit(member), visit(boss)
        page = own.get("/development")
        assert "3 gaps" in page.words and "Not enough evidence" in page.words
        own.post("/development")
        plan = development.open_plan(member.id)
        where = f"/development/plans/{plan.id}"
        manager.get(where, status=404)
        offered = own.get(f"{where}/add").select("option[value]")
        held = db.session.scalars(select(DevelopmentItem.course_id).where(DevelopmentItem.plan_id == plan.id)).all()
        assert str(extra.id) in {each["value"] for each in offered} and course.id in held
        own.post(f"{where}/add", {"act": "course", "course": str(extra.id)})
        assert not {str(extra.id), str(course.id)} & {
            each["value"] for each in own.get(f"{where}/add").select("option")
        }
        again = own.post(f"{where}/add", {"act": "course", "course": str(extra.id)}, status=422)
        assert "in your plan already" in again.words
        own.post(f"{where}/add", {"act": "evidence", "competency": "D1.1", "kind": "claim"})
        page = own.get(where)
        assert course.key in str(page) and extra.key in str(page) and "Proof from elsewhere" in page.words
        taken = db.session.scalars(select(DevelopmentItem.id).where(DevelopmentItem.course_id == extra.id)).one()
        own.post(f"{where}/remove", {"item": str(taken)})
        own.post(f"{where}/remove", {"item": str(taken)}, status=404)
        own.post(f"{where}/move", {"act": "send"})
        assert "1 development plan waits for approval" in manager.get("/team").words
        revision = str(db.session.get(DevelopmentPlan, plan.id).revision)
        manager.post(f"{where}/decide", {"act": "return", "revision": revision, "reason": ""}, status=422)
        manager.post(f"{where}/decide", {"act": "return", "revision": revision, "reason": "Too much"})
        assert "Too much" in own.get(where).words
        own.post(f"{where}/move", {"act": "send"})
        revision = str(int(revision) + 1)
        manager.post(f"{where}/decide", {"act": "approve", "revision": revision, "reason": "Go"})
        manager.post(f"{where}/decide", {"act": "approve", "revision": revision, "reason": "Go"}, status=409)
        assert "Enrolled" in own.get(where).words
        own.post(f"{where}/move", {"act": "observe"})
        assert "Requested" in manager.get(where).words
        for browser, address in (
            (own, "/development"), (own, where), (manager, where), (manager, "/development/waiting"),
            (manager, f"/people/{member.id}/development"),
        ):  # fmt: skip
            with statements() as seen:
                browser.get(address)
            assert len(seen) <= 8, (address, len(seen), seen)
        own.post(f"{where}/move", {"act": "close"})
        own.post(f"{where}/move", {"act": "dance"}, status=404)


class TestWrongPerson:
    def test_nobody_else_reads_changes_or_decides(self, team, visit):
        (boss, member), at = team, clock.now()
        plan = start(member)
        item = db.session.scalars(select(DevelopmentItem.id)).first()
        acts = {"add": {"act": "course", "course": "1"}, "remove": {"item": str(item)}, "move": {"act": "send"}}
        decide = {"act": "approve", "revision": "2", "reason": ""}
        elsewhere = people.administrator(of=people.organisation(), everywhere=False)
        strangers = [visit(who) for who in (people.person(), people.manager(), elsewhere)]
        own, manager = visit(member), visit(boss)
        for sent in (False, True):
            if sent:
                services.send_plan(plan, at=at)
            where = f"/development/plans/{plan.id}"
            for browser in (*strangers, *([] if sent else [manager])):
                browser.get(where, status=404)
                browser.post(f"{where}/decide", decide, status=404)
            for browser in (strangers[2], manager):
                for act, body in acts.items():
                    browser.post(f"{where}/{act}", body, status=404)
            own.post(f"{where}/decide", decide, status=404)
            strangers[2].get(f"/people/{member.id}/development", status=404)
        assert member.name.show("ar") not in strangers[2].get("/development/waiting").words
        strangers[0].get("/development/waiting", status=403)
        assert db.session.get(DevelopmentPlan, plan.id).state == "sent"


@pytest.mark.concurrency
class TestAtOnce:
    def test_many_proposals_make_one_plan_and_many_decisions_one(self, crowd_app):
        """CM4: one open plan a person, one decision a plan, and planning anew in two tabs makes one."""
        with prepared(crowd_app):
            boss, member = a_team()
            ids = boss.id, member.id

        def propose(_number):
            return services.start_plan(db.session.get(Person, ids[1]), at=clock.now()).id

        made = winners(run_together(4, propose, app=crowd_app))
        assert len(made) == 4 and len(set(made)) == 1
        with prepared(crowd_app):
            plan = db.session.get(DevelopmentPlan, made[0])
            services.send_plan(plan, at=clock.now())
            revision = plan.revision

        def decide(number):
            plan, at = db.session.get(DevelopmentPlan, made[0]), clock.now()
            act = services.approve_plan if number % 2 else services.return_plan
            act(plan, revision, "Because", by_id=ids[0], at=at)

        assert len(winners(run_together(4, decide, app=crowd_app))) == 1

        def anew(_number):
            return services.plan_anew(db.session.get(Person, ids[1]), at=clock.now()).id

        assert len(winners(run_together(3, anew, app=crowd_app))) == 3
        with prepared(crowd_app):
            open_ones = select(DevelopmentPlan.id).where(DevelopmentPlan.state != "closed")
            assert len(db.session.scalars(open_ones).all()) == 1
