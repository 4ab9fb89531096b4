"""Readers report posts, moderators decide with a reason, and may stop people from writing (NO2)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services as accounts
from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.discussions import kinds, services
from academy.discussions.models import MarkedAnswer, PostDecision, PostReport, WritingStop
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import discussions as make
from tests.factories.accounts import both


@pytest.fixture
def house(app):
    """An agency, its trainer, and a course for everyone."""
    home = people.organisation()
    trainer = people.trainer(of=home)
    return home, trainer, catalogue.course(trainer=trainer, title=both("القياس", "Measuring"))


def learner(course, of, **given) -> Person:
    who = people.person(of=of, **given)
    learning.enrolment(who, course)
    return who


def acts_of(who: Person) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.actor_id == who.id)))


def test_from_a_report_to_its_decision(house, visit):
    """NO2: a reader reports once, the trainer sees it on the home page and in the queue and hides it, the author reads why."""
    home, trainer, course = house
    author, reader = learner(course, home), learner(course, home)
    thread = make.thread(course, reader)
    post = make.reply(thread, author, "كلام جارح")
    services.mark_answer(post.id, by_id=reader.id, at=NOW)
    mine, lead = visit(reader), visit(trainer)
    there = f"/discussions/posts/{post.id}/report"
    page = mine.post(there, {"note": "يسيء إلى زميلة"}, status=422)
    assert "يسيء إلى زميلة" in page.select_one("textarea").get_text()
    for _twice in range(2):
        page = mine.post(there, {"reason": "insult", "note": "يسيء إلى زميلة"})
    assert "سبق أن أبلغت" in page.words and "أبلغتَ عنها" in page.words
    assert db.session.scalar(select(func.count()).select_from(PostReport)) == 1
    visit(author).get(there, status=404)
    assert "مشاركة واحدة تنتظر قرارك" in lead.get("/").words
    assert "بلاغ واحد" in lead.get("/moderation").words
    page = lead.get(f"/moderation/posts/{post.id}")
    assert "يسيء إلى زميلة" in page.words and "كلام جارح" in page.words
    decide = f"/moderation/posts/{post.id}/decide"
    assert lead.post(decide, {"outcome": "hidden", "reason": ""}, status=422).select_one("#reason-error")
    lead.post(decide, {"outcome": "shown", "reason": "x"}, status=422)
    lead.post(decide, {"outcome": "hidden", "reason": "لا نكتب هكذا عن زملائنا"})
    assert "لا شيء ينتظر قرارًا" in lead.get("/moderation").words
    assert db.session.scalar(select(func.count()).select_from(MarkedAnswer)) == 0
    page = mine.get(f"/discussions/{thread.id}")
    assert "كلام جارح" not in page.words and "أخفى أحد المشرفين" in page.words and "لا نكتب" not in page.words
    page = visit(author).get(f"/discussions/{thread.id}")
    assert "لا نكتب هكذا عن زملائنا" in page.words
    visit(author).get(f"/discussions/posts/{post.id}/edit", status=404)
    jobs.run_all_due()
    assert "لا نكتب هكذا عن زملائنا" in str(
        [row.values for row in db.session.scalars(select(Notice).where(Notice.person_id == author.id))]
    )
    lead.post(decide, {"outcome": "shown", "reason": "فهمنا قصده"})
    assert "كلام جارح" in mine.get(f"/discussions/{thread.id}").words
    jobs.run_all_due()
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == author.id)).all()
    assert {kinds.POST_HIDDEN, kinds.POST_SHOWN} <= set(told)
    assert acts_of(trainer).count("discussions:post:decide") == 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "discussions:post:decide")).first()
    assert (entry.before, entry.after["reason"]) == ({"state": "shown"}, "لا نكتب هكذا عن زملائنا")


def test_nobody_decides_about_their_own_post(house, visit):
    """NO2: on the page, at the door and in the database; another moderator decides."""
    home, trainer, course = house
    reader = learner(course, home)
    thread = make.thread(course, reader)
    post = make.reply(thread, trainer, "رأي المدرب")
    services.report(post.id, reporter_id=reader.id, reason="false", note="", at=NOW)
    lead = visit(trainer)
    page = lead.get(f"/moderation/posts/{post.id}")
    assert not page.select("main form") and "مشرف آخر" in page.words
    for act in ("decide", "stop"):
        lead.post(f"/moderation/posts/{post.id}/{act}", {"outcome": "kept", "reason": "x"}, status=404)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        services.decide(post.id, "kept", reason="x", moderator_id=trainer.id, at=NOW)
    other = visit(people.administrator(of=home, everywhere=False))
    other.post(f"/moderation/posts/{post.id}/decide", {"outcome": "kept", "reason": "صحيح"})
    assert db.session.scalar(select(PostDecision.outcome)) == "kept"
    services.report(post.id, reporter_id=learner(course, home).id, reason="false", note="", at=NOW)
    assert "رأي المدرب" in lead.get("/moderation").words


def test_a_person_is_stopped_until_a_day_and_sees_why(house, visit):
    """NO2: they read on, write nothing, are told, and write again when the stop is ended or over."""
    home, trainer, course = house
    author, elsewhere = learner(course, home), catalogue.course(trainer=trainer)
    learning.enrolment(author, elsewhere)
    thread = make.thread(course, author)
    post = make.reply(thread, author)
    mine, lead, today = visit(author), visit(trainer), clock.today()
    stop = f"/moderation/posts/{post.id}/stop"
    for until in ("", str(today - timedelta(days=1)), str(today + timedelta(days=900))):
        page = lead.post(stop, {"until": until, "stop_reason": "يكرر الإعلانات"}, status=422)
        assert page.select_one("#until-error") and "يكرر الإعلانات" in str(page)
    for _twice in range(2):
        lead.post(stop, {"until": str(today + timedelta(days=3)), "stop_reason": "يكرر الإعلانات"})
    assert db.session.scalar(select(func.count()).where(WritingStop.ended_at.is_(None))) == 1
    page = mine.get(f"/discussions/{thread.id}")
    assert "يكرر الإعلانات" in page.words and not page.select_one("#reply")
    page = mine.post(f"/discussions/{thread.id}/reply", {"text": "لا يضيع", "token": make.token()}, status=422)
    assert "لا يضيع" in page.select_one("textarea").get_text()
    mine.post(f"/discussions/posts/{post.id}/edit", {"text": "x", "revision": "1"}, status=422)
    mine.get(f"/courses/{elsewhere.key}/discussions/new")
    jobs.run_all_due()
    told = select(Notice).where(Notice.person_id == author.id, Notice.kind == kinds.WRITING_STOPPED)
    assert "يكرر الإعلانات" in str(db.session.scalars(told).first().values)
    assert "يكرر الإعلانات" in lead.get(f"/teach/{course.key}/discussions").words
    row = db.session.scalar(select(WritingStop).where(WritingStop.ended_at.is_(None)))
    visit(people.trainer(of=home)).post(f"/moderation/stops/{row.id}/end", status=404)
    mine.post(f"/moderation/stops/{row.id}/end", status=404)
    lead.post(f"/moderation/stops/{row.id}/end")
    mine.post(f"/discussions/{thread.id}/reply", {"text": "عدت", "token": make.token()})
    assert {"discussions:person:stop", "discussions:person:end_stop"} <= set(acts_of(trainer))
    lead.post(stop, {"until": str(today), "stop_reason": "مرة أخرى"})
    row = db.session.scalar(select(WritingStop).where(WritingStop.ended_at.is_(None)))
    row.until = today - timedelta(days=1)
    assert mine.get(f"/discussions/{thread.id}").select_one("#reply textarea")


def test_only_moderators_see_what_was_reported(house, visit):
    """NO2: no learner, no trainer of another course; an auditor reads it and changes nothing."""
    home, trainer, course = house
    author, reader = learner(course, home), learner(course, home)
    post = make.reply(make.thread(course, author), author, "نص")
    services.report(post.id, reporter_id=reader.id, reason="spam", note="سر البلاغ", at=NOW)
    other = visit(people.trainer(of=home))
    assert "سر البلاغ" not in other.get("/moderation").words
    assert not other.get("/moderation").select(".thread-list")
    for who in (author, reader, other.person):
        visit(who).get(f"/moderation/posts/{post.id}", status=404)
        visit(who).post(f"/moderation/posts/{post.id}/decide", {"outcome": "hidden", "reason": "x"}, status=404)
    visit(reader).get("/moderation", status=403)
    auditor = visit(people.grant(people.person(), "auditor"))
    assert auditor.get("/moderation").select(".thread-list")
    page = auditor.get(f"/moderation/posts/{post.id}")
    assert "سر البلاغ" in page.words and not page.select("main form[method=post]")
    auditor.post(f"/moderation/posts/{post.id}/decide", {"outcome": "hidden", "reason": "x"}, status=403)


def test_what_is_left_of_somebody_who_is_anonymised(house):
    """NO2: posts stay for those who answered them; former texts, subscriptions and notes go."""
    home, trainer, course = house
    author, reader = learner(course, home), learner(course, home)
    thread = make.thread(course, author)
    post = make.reply(thread, author, "قبل")
    services.change(post.id, text="بعد", title="", revision=1, at=NOW)
    services.report(post.id, reporter_id=reader.id, reason="spam", note="عن فلان", at=NOW)
    services.decide(post.id, "hidden", reason="عن فلان", moderator_id=trainer.id, at=NOW)
    services.stop(course.id, author, until=NOW.date(), reason="عن فلان", by_id=trainer.id, at=NOW, today=NOW.date())
    services.forget(author.id)
    db.session.expire_all()
    assert post.text == "بعد" and post.author_id == author.id
    assert [row.note for row in db.session.scalars(select(PostReport))] == ["—"]
    assert [row.reason for row in db.session.scalars(select(PostDecision))] == ["—"]
    assert [row.reason for row in db.session.scalars(select(WritingStop))] == ["—"]


def test_no_word_of_the_name_finds_the_posts_of_somebody_who_is_anonymised(house, visit):
    """NO2, PR2: in both languages, in their own posts and where another wrote the whole name; other words find them as before."""
    home, _trainer, course = house
    author = learner(course, home, name=both("خالد سعد الشمري", "Khalid Saad Alshammari"))
    reader = learner(course, home)
    mine = make.thread(
        course, author, title="قياس الانتظار", text="جربنا هذا. أخوكم خالد الشمري / Regards, Khalid Alshammari"
    )
    thanks = make.thread(course, reader, title="شكر", text="الشكر للأستاذ خالد سعد الشمري على المثال")
    namesake = make.thread(course, reader, title="سؤال", text="هل جرب خالد هذا؟")

    def found(words):
        links = (
            visit(reader).get(f"/courses/{course.key}/discussions?q={words}").select("main a[href^='/discussions/']")
        )
        numbers = {link["href"].split("/")[2].split("?")[0].split("#")[0] for link in links}
        return {row.id for row in (mine, thanks, namesake) if str(row.id) in numbers}

    assert found("خالد") == {mine.id, thanks.id, namesake.id} and found("Khalid") == {mine.id}
    author.state = "suspended"
    db.session.flush()
    accounts.propose_anonymising(author, "طلبه", actor_id=people.administrator(of=home).id, at=NOW)
    db.session.commit()
    jobs.run_all_due()
    assert found("خالد") == {namesake.id}
    assert not found("الشمري") and not found("Khalid") and not found("Alshammari")
    assert found("الانتظار") == {mine.id} and found("شكر") == {thanks.id}
    shown = [visit(reader).get(f"/discussions/{row.id}").select_one("main").get_text() for row in (mine, thanks)]
    assert "أخوكم شخص مجهول الهوية" in shown[0] and "Alshammari" not in shown[0] and "الشمري" not in "".join(shown)
