"""CM4: plans from templates, and reviews of the competencies of a plan."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies import queries, services
from academy.competencies.models import DevelopmentItem, DevelopmentPlan, Observation, PlanReview, PlanTemplate
from academy.competencies.queries import templates
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import competencies as make
from tests.factories.accounts import both

PRACTICE = {"practice-ar": "ثلاث حالات مع زميل", "practice-en": "Three cases with a colleague"}


@pytest.fixture
def team(app):
    make.framework({"D1.1": 2, "D1.2": 1, "D2.1": 3})
    unit = people.org_unit()
    boss = people.manager(unit)
    member = people.person(unit=unit, manager=boss)
    services.set_profile(member.id, "frontline", at=make.LONG_AGO)
    return boss, member


def template_of(boss, *lines, title="الأسابيع الأولى"):
    row = services.write_template(boss, both(title, "The first weeks"), None, at=clock.now())
    for kind, key, level in lines:
        services.add_template_evidence(
            row, kind, key, level, LocalizedText("تدرّب", "Practise"), by_id=boss.id, at=clock.now()
        )
    return row


def approved(boss, member, *lines):
    """A plan of the member's, made from a template and approved."""
    plan, _left = services.use_template(template_of(boss, *lines), member, at=clock.now())
    services.send_plan(plan, at=clock.now())
    services.approve_plan(plan, plan.revision, "", by_id=boss.id, at=clock.now())
    return plan


def told(who, kind):
    rows = db.session.scalars(select(Notice).where(Notice.person_id == who.id, Notice.kind == kind))
    return [row.address for row in rows]


# --- Templates ----------------------------------------------------------------


def test_a_manager_writes_a_template_and_somebody_begins_a_plan_with_it(visit, team):
    """CM4: courses, evidence at a level and what to practise; copied into the plan, which says from where and keeps it."""
    boss, member = team
    course = catalogue.course(title=both("قياس التجربة", "Measuring"))
    browser = visit(boss)
    page = browser.post("/development/templates/new", {"title-ar": "الأسابيع الأولى", "title-en": "", "profile": "0"})
    row = db.session.scalars(select(PlanTemplate)).one()
    add = f"/development/templates/{row.id}/add"
    browser.post(add, {"act": "evidence", "competency": "D2.1", "level": "4", "kind": "observation", **PRACTICE})
    page = browser.post(add, {"act": "course", "course": str(course.id)})
    assert "ثلاث حالات مع زميل" in page.words and "قياس التجربة" in page.words
    page = visit(member).get("/development/templates")
    assert page.select(f"a[href='/development/templates/{row.id}']")
    page = visit(member).post(f"/development/templates/{row.id}/use", {})
    assert "الأسابيع الأولى" in page.words and "ثلاث حالات مع زميل" in page.words and "قياس التجربة" in page.words
    plan = db.session.scalars(select(DevelopmentPlan)).one()
    services.retire_template(row, by_id=boss.id, at=clock.now())
    assert templates.origin_of(plan.id).revision == 3
    assert len(db.session.scalars(select(DevelopmentItem).where(DevelopmentItem.plan_id == plan.id)).all()) == 2
    visit(member).post(f"/development/templates/{row.id}/use", {}, status=409)


def test_what_is_proven_already_is_left_out_and_nothing_is_copied_twice(visit, team):
    """CM4: a level that evidence shows is not asked for again; using a template twice adds nothing."""
    boss, member = team
    make.evidence(member, "D1.1", items=10)
    level = next(
        each.level for domain in queries.standing_of(member.id).domains for each in domain.competencies if each.key == "D1.1"
    )  # fmt: skip
    assert level
    row = template_of(boss, ("observation", "D1.1", level), ("observation", "D2.1", 3))
    plan, left = services.use_template(row, member, at=clock.now())
    assert left == 1
    again, left = services.use_template(row, member, at=clock.now())
    assert again.id == plan.id and left == 2


def test_a_template_keeps_to_what_evidence_can_show(visit, team):
    """CM4: proof from elsewhere for level 4 is refused, and so is the same line twice."""
    boss, _member = team
    row = template_of(boss, ("observation", "D1.1", 3))
    add, browser = f"/development/templates/{row.id}/add", visit(boss)
    sent = {"act": "evidence", "competency": "D1.1", "level": "4", "kind": "claim", **PRACTICE}
    browser.post(add, sent, status=422)
    browser.post(add, {**sent, "kind": "observation"}, status=422)
    browser.post(add, {**sent, "competency": "no such"}, status=422)


def test_templates_are_written_by_those_who_lead_and_read_in_their_organisation(visit, team):
    """CM4: employees write none; a colleague's is read and not changed; another organisation's does not exist."""
    boss, member = team
    row = template_of(boss, ("observation", "D1.1", 3))
    address = f"/development/templates/{row.id}"
    visit(member).get("/development/templates/new", status=403)
    visit(member).get(f"{address}/add", status=404)
    visit(member).post(f"{address}/change", {"act": "retire"}, status=404)
    other = people.manager(people.org_unit(db.session.get_one(Organisation, boss.organisation_id)))
    visit(other).get(address)
    visit(other).get(f"{address}/add", status=404)
    foreign = people.manager(people.org_unit(people.organisation()))
    for way in ("", "/add"):
        visit(foreign).get(address + way, status=404)
    visit(foreign).post(f"{address}/use", {}, status=404)
    line = templates.lines_of_template(row.id)[0].id
    visit(boss).post(f"{address}/change", {"line": str(line)})
    assert not templates.lines_of_template(row.id)
    visit(boss).post(f"{address}/change", {"line": "²"}, status=404)


# --- Reviews ------------------------------------------------------------------


def test_a_person_asks_for_a_review_and_the_manager_answers_it_by_an_observation(visit, team):
    """CM4: notice and queue; nothing counts before both have signed; then the plan's item has its evidence."""
    boss, member = team
    plan = approved(boss, member, ("observation", "D2.1", 3))
    sent = {"competency": "D2.1", "note": "في مكتب الشكاوى"}
    visit(member).post(f"/development/plans/{plan.id}/review", sent)
    visit(member).post(f"/development/plans/{plan.id}/review", sent)
    review = db.session.scalars(select(PlanReview)).one()
    address = f"/development/reviews/{review.id}"
    assert told(boss, "review_asked") == [address]
    browser = visit(boss)
    assert browser.get("/development/reviews").select(f"a[href='{address}']")
    assert "في مكتب الشكاوى" in browser.get(address).words
    browser.post(f"{address}/answer", {"act": "observe"})
    observation = db.session.scalars(select(Observation)).one()
    (line,) = queries.observation_lines(observation.id)
    assert line.level == 3 and review.state == "asked"
    marks = {f"level_{line.id}": "3", f"mark_{line.id}": "always", "cases": "3", "act": "sign"}
    browser.post(f"/observations/{observation.id}/draft", {"observed_on": clock.today().isoformat(), **marks})
    db.session.refresh(review)
    assert review.state == "rated" and not browser.get("/development/reviews").select(f"a[href='{address}']")
    visit(member).post(f"/observations/{observation.id}/answer", {"act": "confirm"})
    page = visit(member).get(f"/development/plans/{plan.id}")
    assert page.select(f"a[href='{address}']")
    acts = set(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("competencies:"))))
    assert {"competencies:review:ask", "competencies:observation:send"} <= acts


def test_a_manager_names_an_assessor_who_observes_for_this_review_alone(visit, team):
    """CM4: the named one gets notice, queue and right; without the naming they have none, and nobody names as the person."""
    boss, member = team
    helper = people.person(unit=people.org_unit(db.session.get_one(Organisation, boss.organisation_id)))
    plan = approved(boss, member, ("observation", "D2.1", 3))
    review = services.ask_review(plan, "D2.1", "", at=clock.now())
    address = f"/development/reviews/{review.id}"
    visit(helper).get(address, status=404)
    visit(member).post(f"{address}/assessor", {"email": helper.email}, status=404)
    visit(boss).post(f"{address}/assessor", {"email": member.email}, status=422)
    visit(boss).post(f"{address}/assessor", {"email": "nobody@example.test"}, status=422)
    visit(boss).post(f"{address}/assessor", {"email": helper.email})
    assert told(helper, "review_asked") == [address]
    browser = visit(helper)
    assert browser.get("/development/reviews").select(f"a[href='{address}']")
    browser.get(f"/people/{member.id}/observe", status=404)
    browser.post(f"{address}/answer", {"act": "observe"})
    observation = db.session.scalars(select(Observation)).one()
    assert observation.observer_id == helper.id
    browser.get(f"/observations/{observation.id}/draft")
    browser.post(f"/observations/{observation.id}/discard", {})
    db.session.refresh(review)
    assert review.observation_id is None and review.state == "asked"


def test_a_review_is_declined_with_a_reason_or_withdrawn_and_asked_for_again(visit, team):
    """CM4: the person reads why; a settled one leaves room for the next; nobody reviews themself."""
    boss, member = team
    plan = approved(boss, member, ("observation", "D2.1", 3))
    review = services.ask_review(plan, "D2.1", "", at=clock.now())
    address = f"/development/reviews/{review.id}"
    visit(member).post(f"{address}/answer", {"act": "observe"}, status=404)
    visit(boss).post(f"{address}/answer", {"act": "decline", "reason": " "}, status=422)
    visit(boss).post(f"{address}/answer", {"act": "decline", "reason": "بعد موسم الحج"})
    assert told(member, "review_declined") == [address]
    assert "بعد موسم الحج" in visit(member).get(address).words
    again = services.ask_review(plan, "D2.1", "", at=clock.now())
    assert again.id != review.id
    visit(boss).post(f"/development/reviews/{again.id}/withdraw", {}, status=404)
    visit(member).post(f"/development/reviews/{again.id}/withdraw", {})
    visit(boss).post(f"/development/reviews/{again.id}/answer", {"act": "observe"}, status=409)


def test_only_competencies_of_an_approved_plan_that_are_not_proven_are_reviewed(visit, team):
    """CM4"""
    boss, member = team
    plan, _left = services.use_template(template_of(boss, ("observation", "D2.1", 3)), member, at=clock.now())
    visit(member).post(f"/development/plans/{plan.id}/review", {"competency": "D2.1", "note": ""}, status=409)
    visit(member).post(f"/development/plans/{plan.id}/review", {"competency": "D1.2", "note": ""}, status=422)


def test_reviewers_who_are_silent_are_reminded_then_administrators_too(team):
    """CM4, NO7"""
    boss, member = team
    admin = people.administrator(db.session.get_one(Organisation, boss.organisation_id), everywhere=False)
    plan = approved(boss, member, ("observation", "D2.1", 3))
    services.ask_review(plan, "D2.1", "", at=clock.now())
    at = clock.now()
    assert services.remind_reviewers(at + timedelta(days=4)) == 0
    assert services.remind_reviewers(at + timedelta(days=6)) == 1
    assert len(told(boss, "review_asked")) == 2 and not told(admin, "review_asked")
    assert services.remind_reviewers(at + timedelta(days=12)) == 1
    assert told(admin, "review_asked")
