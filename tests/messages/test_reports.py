"""NO3: reports and what administrators decide, rules of an organisation, how long messages are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.accounts import services as accounts
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.messages import queries, rules, services
from academy.messages.models import Conversation, DirectMessage, MessageReport, MessageStop
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories.messages import AT, allow, reported, said


@pytest.fixture
def case(app) -> dict:
    """A clerk whose manager wrote five messages, the fourth of them to be reported; and who could decide."""
    house = people.organisation()
    manager = people.person(of=house, name=people.both("المدير الكاتب", "The writing manager"))
    clerk = people.person(manager=manager, name=people.both("الموظف المبلغ", "The reporting clerk"))
    administrator = people.administrator(of=house, everywhere=False)
    written = [said(manager, clerk, f"نص{n}", at=AT + timedelta(minutes=n)) for n in range(5)]
    return {"house": house, "manager": manager, "clerk": clerk, "administrator": administrator, "written": written}


def notices_of(person) -> list[str]:
    """The kinds of notices that somebody has."""
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def test_a_report_shows_the_message_and_two_before_it_and_nothing_else(case, visit):
    """NO3: administrators see three messages, and no conversation."""
    row, browser = reported(case["written"][3], case["clerk"], note="لا يليق"), visit(case["administrator"])
    assert "المدير الكاتب" in browser.get("/admin/message-reports").words
    page = browser.get(f"/admin/message-reports/{row.id}")
    assert all(f"نص{n}" in page.words for n in (1, 2, 3)) and "لا يليق" in page.words
    assert "نص0" not in page.words and "نص4" not in page.words
    browser.get(f"/messages/{case['written'][0].conversation_id}", 404)
    assert notices_of(case["administrator"]) == ["message_reported"]
    assert "بلاغ واحد ينتظر القرار" in browser.get("/").words


def test_nobody_decides_about_themself_nor_what_they_reported(case, visit):
    """NO3: never the reported, never the reporter, nobody of another organisation, no auditor."""
    row = reported(case["written"][3], case["clerk"])
    there = f"/admin/message-reports/{row.id}"
    people.grant(case["manager"], "administrator", case["house"])
    people.grant(case["clerk"], "administrator", case["house"])
    elsewhere = people.organisation()
    for who in (
        case["manager"], case["clerk"], people.person(of=case["house"]), people.administrator(of=elsewhere, everywhere=False),
    ):  # fmt: skip
        browser = visit(who)
        browser.get(there, 404)
        browser.post(there, {"outcome": "kept"}, 404)
    assert "المدير الكاتب" not in visit(case["manager"]).get("/admin/message-reports").select_one("main").text
    auditor = visit(people.grant(people.person(of=case["house"]), "auditor"))
    auditor.get(there, 403)
    auditor.get("/admin/message-reports", 403)
    assert db.session.get(MessageReport, row.id).outcome is None


def test_hiding_takes_the_text_from_both_and_tells_both(case, visit):
    """NO3: keep, hide or stop; audited without the text."""
    message = case["written"][3]
    row = reported(message, case["clerk"])
    visit(case["administrator"]).post(
        f"/admin/message-reports/{row.id}", {"outcome": "hidden", "answer": "نذكّركما باللياقة"}
    )
    for who in (case["clerk"], case["manager"]):
        page = visit(who).get(f"/messages/{message.conversation_id}")
        assert "نص3" not in page.words and "أخفى أحد مديري النظام" in page.words
    assert "report_decided" in notices_of(case["clerk"]) and "message_decided" in notices_of(case["manager"])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "messages:report:decide")).one()
    assert entry.after == {"outcome": "hidden", "reason": "offensive"} and "نص3" not in entry.subject_label


def test_a_stop_closes_writing_until_its_day_and_can_be_lifted(case, visit):
    """NO3: stop somebody writing until a date."""
    row, browser = reported(case["written"][3], case["clerk"]), visit(case["administrator"])
    there = f"/admin/message-reports/{row.id}"
    page = browser.post(there, {"outcome": "stopped", "answer": "كلمة"}, 422)
    assert page.select_one("#stop_until-error") and "كلمة" in page.select_one("#answer").text
    browser.post(there, {"outcome": "stopped", "stop_until": "2020-01-01"}, 422)
    browser.post(there, {"outcome": "stopped", "stop_until": "2060-01-01"}, 422)
    from academy.base import clock

    browser.post(there, {"outcome": "stopped", "stop_until": (clock.today() + timedelta(days=3)).isoformat()})
    writer = visit(case["manager"])
    page = writer.get(f"/messages/{case['written'][0].conversation_id}")
    assert "أوقف أحد مديري النظام" in page.words and page.select_one("#answer") is None
    assert "أوقف أحد مديري النظام" in writer.get("/messages/new").words
    stop = db.session.scalars(select(MessageStop)).one()
    writer.post(f"/admin/message-stops/{stop.id}/lift", status=404)
    browser.post(f"/admin/message-stops/{stop.id}/lift")
    assert writer.get(f"/messages/{case['written'][0].conversation_id}").select_one("#answer")


def test_a_message_is_reported_once_and_by_its_reader(case, visit):
    """NO3: once per person and message; the author does not report their own."""
    there = f"/messages/received/{case['written'][3].id}/report"
    visit(case["manager"]).get(there, 404)
    visit(people.person(of=case["house"])).post(there, {"reason": "offensive"}, 404)
    browser = visit(case["clerk"])
    page = browser.post(there, {"reason": "other"}, 422)
    assert page.select_one("#note-error")
    assert browser.post(there, {"note": "بلا سبب"}, 422).select_one("#reason-error")
    assert "قُدّم البلاغ" in browser.post(there, {"reason": "harassing", "note": "لا"}).words
    with pytest.raises(Conflict):
        reported(case["written"][3], case["clerk"])
    assert "أبلغت عن هذه الرسالة" in browser.get(f"/messages/{case['written'][0].conversation_id}").words


def test_administrators_choose_the_pairs_and_it_is_kept_in_the_trail(case, visit):
    """NO3: a setting page for each organisation; another's is not there."""
    browser = visit(case["administrator"])
    there = f"/admin/message-rules/{case['house'].id}"
    browser.get("/admin/message-rules", 302)
    assert browser.get(there).select_one("#managers[checked]")
    assert browser.post(there, {"trainers": "y", "months": "0"}, 422).select_one("#months-error")
    browser.post(there, {"trainers": "y", "months": "٣٦"})
    row = queries.rules_of(case["house"].id)
    assert (row.trainers, row.managers, row.months) == (True, False, 36)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "messages:rules:change")).one()
    assert entry.before["managers"] is True and entry.after["months"] == 36
    foreign = people.organisation()
    browser.get(f"/admin/message-rules/{foreign.id}", 404)
    visit(case["clerk"]).get(there, 404)
    page = visit(case["clerk"]).get(f"/messages/{case['written'][0].conversation_id}")
    assert "لا تسمح قواعد جهتكما" in page.words


def test_old_conversations_are_deleted_but_held_and_reported_ones(case):
    """NO3: after the longer of both times; a legal hold and an open report keep them."""
    conversation = db.session.scalars(select(Conversation)).one()
    late = AT + timedelta(days=rules.MONTHS * 30.5 + 1)
    assert services.delete_old(at=late - timedelta(days=2)) == 0
    row = reported(case["written"][3], case["clerk"])
    assert services.delete_old(at=late) == 0
    services.decide(
        row, "stopped", answer="", stop_until=AT.date(), actor_id=case["administrator"].id, at=AT, today=AT.date()
    )
    accounts.place_hold(case["clerk"], "قضية", actor_id=case["administrator"].id, at=AT)
    assert services.delete_old(at=late) == 0
    accounts.lift_hold(case["clerk"], actor_id=case["administrator"].id, at=AT)
    allow(case["house"].id, months=36)
    assert services.delete_old(at=late) == 0
    allow(case["house"].id, months=24)
    assert services.delete_old(at=late) == 1
    db.session.expire_all()
    assert db.session.get(Conversation, conversation.id) is None
    assert db.session.scalar(select(func.count()).select_from(DirectMessage)) == 0
    assert db.session.scalars(select(MessageStop)).one().report_id is None


def test_messages_of_somebody_anonymised_stay_under_the_pseudonym(case, visit):
    """NO3: the other keeps the conversation; the name is gone from page, texts and search (decision 0044)."""
    manager, clerk = case["manager"], case["clerk"]
    said(clerk, manager, "أشكرك أستاذ المدير الكاتب كثيرًا")
    said(manager, clerk, "العفو")
    there = f"/messages/{case['written'][0].conversation_id}"
    assert visit(clerk).get("/messages?q=الكاتب").select(".inbox li")
    manager.state = "suspended"
    db.session.flush()
    accounts.propose_anonymising(manager, "طلبه", actor_id=case["administrator"].id, at=AT)
    db.session.commit()
    jobs.run_all_due()
    browser = visit(clerk)
    page = browser.get(there)
    assert "المدير الكاتب" not in page.words and "العفو" in page.words and "أشكرك" in page.words
    assert "غير نشط" in page.words
    assert not browser.get("/messages?q=الكاتب").select(".inbox li")


@pytest.mark.concurrency
def test_two_administrators_decide_once(crowd_app):  # noqa: F811
    """NO3: whoever comes second is told that it has been decided."""
    with prepared(crowd_app):
        manager = people.person()
        clerk = people.person(manager=manager)
        deciders = [people.administrator(of=manager.organisation).id for _ in range(4)]
        report_id = reported(said(manager, clerk), clerk).id

    def decide(n: int) -> str:
        row = db.session.get(MessageReport, report_id)
        services.decide(row, "hidden", answer="", stop_until=None, actor_id=deciders[n], at=NOW, today=NOW.date())
        return "decided"

    outcomes = run_together(4, decide, app=crowd_app)
    assert outcomes.count("decided") == 1, outcomes
    assert sum(isinstance(each, Conflict) for each in outcomes) == 3, outcomes
