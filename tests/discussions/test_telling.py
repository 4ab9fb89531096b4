"""People are told of what they are subscribed to, each once, and never of what they may not read (NO2)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.db import db
from academy.discussions import kinds, policies, services
from academy.discussions import queries_of_telling as telling
from academy.discussions.queries import thread_here
from academy.insights.reports.reach import actor_of
from academy.learning import services as learning_services
from academy.notices import services as notices
from academy.notices.kinds import DAILY, NEVER
from academy.notices.models import Letter, Notice
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


def told(kind: str) -> list[int]:
    jobs.run_all_due()
    return sorted(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def letters(kind: str) -> dict[int, bool]:
    rows = db.session.scalars(select(Letter).where(Letter.kind == kind))
    return {row.person_id: notices.still_wanted(row) for row in rows}


def test_a_question_is_told_to_the_trainers_and_to_subscribers_of_the_course(house):
    """NO2: once each, though somebody is both; not to who wrote it, not to another organisation."""
    home, trainer, course = house
    asker, reader, other = learner(course, home), learner(course, home), learner(course, people.organisation())
    for who in (asker, reader, other, trainer):
        services.subscribe(course.id, who.id, True)
    thread = make.thread(course, asker)
    assert told(kinds.NEW_QUESTION) == [trainer.id]
    assert told(kinds.NEW_THREAD) == [reader.id]
    jobs.enqueue("discussions.tell_thread", thread_id=thread.id, after_id=0)
    assert (told(kinds.NEW_QUESTION), told(kinds.NEW_THREAD)) == ([trainer.id], [reader.id])
    make.thread(course, trainer, kind="discussion")
    assert told(kinds.NEW_THREAD) == sorted([asker.id, reader.id, reader.id])


def test_a_reply_is_told_to_whoever_asked_and_to_subscribers(house, visit):
    """NO2: the asker is subscribed by asking; whoever ends the subscription is told no more."""
    home, _trainer, course = house
    asker, colleague = learner(course, home), learner(course, home)
    thread = make.thread(course, asker)
    make.reply(thread, asker)
    assert told(kinds.NEW_REPLY) == []
    make.reply(thread, colleague)
    assert told(kinds.NEW_REPLY) == [asker.id]
    visit(colleague).post(f"/discussions/{thread.id}/subscribe")
    visit(asker).post(f"/discussions/{thread.id}/subscribe", {"act": "stop"})
    make.reply(thread, asker)
    make.reply(thread, colleague)
    assert told(kinds.NEW_REPLY) == sorted([asker.id, colleague.id])


def test_a_marked_answer_is_told_to_its_writer_and_to_whoever_asked(house):
    """NO2: not to the one who marks it."""
    home, trainer, course = house
    asker, colleague = learner(course, home), learner(course, home)
    thread = make.thread(course, asker)
    services.mark_answer(make.reply(thread, colleague).id, by_id=asker.id, at=NOW)
    assert told(kinds.ANSWER_MARKED) == [colleague.id]
    services.mark_answer(make.reply(thread, trainer).id, by_id=trainer.id, at=NOW)
    assert told(kinds.ANSWER_MARKED) == sorted([colleague.id, asker.id])


def test_a_letter_goes_out_only_to_whoever_still_reads_what_still_stands(house):
    """NO2: rights and posts are looked at again before a letter is sent."""
    home, trainer, course = house
    stays, leaves, writer = (learner(course, home) for _each in range(3))
    thread = make.thread(course, stays)
    services.subscribe(course.id, leaves.id, True, thread_id=thread.id)
    post = make.reply(thread, writer)
    jobs.run_all_due()
    learning_services.withdraw(learning.enrolment(leaves, course).id, at=NOW)
    assert letters(kinds.NEW_REPLY) == {stays.id: True, leaves.id: False}
    services.decide(post.id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert letters(kinds.NEW_REPLY) == {stays.id: False, leaves.id: False}
    jobs.run_all_due()
    assert letters(kinds.POST_HIDDEN) == {writer.id: True}
    services.decide(post.id, "shown", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert letters(kinds.POST_HIDDEN) == {writer.id: False}
    assert letters(kinds.NEW_QUESTION) == {trainer.id: True}
    services.rule(course.id, "off", organisation_id=home.id, label="x", actor_id=trainer.id, at=NOW)
    assert letters(kinds.NEW_REPLY) == {stays.id: False, leaves.id: False}


def test_people_choose_how_they_are_told(house, visit):
    """NO2: by kind, in a digest, or never; by the page of choices."""
    home, _trainer, course = house
    asker, writer = learner(course, home), learner(course, home)
    page = visit(asker).get("/account/notices")
    assert "الردود في مواضيع أشترك فيها" in page.words
    notices.choose(asker.id, {kinds.NEW_REPLY: DAILY}, at=NOW)
    thread = make.thread(course, asker)
    make.reply(thread, writer)
    jobs.run_all_due()
    assert letters(kinds.NEW_REPLY) == {}
    later = clock.now() + timedelta(days=1)
    assert notices.write_digest(asker.id, "daily", "digest:x", before=later, at=later)
    notices.choose(asker.id, {kinds.NEW_REPLY: NEVER}, at=NOW)
    make.reply(thread, writer)
    jobs.run_all_due()
    assert letters(kinds.NEW_REPLY) == {}


def test_who_is_told_is_who_reads(house):
    """NO2: the rule that guards pages and its twin that finds people agree about everybody."""
    home, trainer, course = house
    partner = people.organisation("partner")
    inside, foreign = learner(course, home), learner(course, partner)
    gone = learner(course, home)
    learning_services.withdraw(learning.enrolment(gone, course).id, at=NOW)
    everybody = [
        inside, foreign, gone, trainer, people.trainer(of=home), people.trainer(of=partner), people.person(of=home),
        people.administrator(), people.administrator(of=home, everywhere=False),
        people.administrator(of=partner, everywhere=False), people.manager(people.org_unit(home)),
        people.grant(people.trainer(of=partner), "trainer", home), people.grant(people.person(of=home), "auditor"),
        learner(course, home, state="suspended"),
    ]  # fmt: skip
    ids = {who.id for who in everybody}
    for thread in (make.thread(course, inside), make.thread(course, foreign)):
        reads = set()
        for who in everybody:
            actor = actor_of(who.id)
            if actor is not None and policies.reads(actor, thread_here(thread.id, who.id)):
                reads.add(who.id)
        assert telling.readers_among(thread.id, ids) == reads
        assert len(reads) in range(2, 7)


def test_whoever_reported_is_told_how_the_post_stands_and_nothing_more(house, visit):
    """NO2: each reporter once, by a notice without the reason, the note or a name; not the moderator who decided."""
    home, trainer, course = house
    writer, reports, also, leaves = (learner(course, home) for _each in range(4))
    post = make.reply(make.thread(course, writer, kind="discussion"), writer)
    for who in (reports, also, leaves, trainer):
        services.report(post.id, reporter_id=who.id, reason="spam", note="سرّ المبلّغ", at=NOW)
    learning_services.withdraw(learning.enrolment(leaves, course).id, at=NOW)
    services.decide(post.id, "kept", reason="سبب المشرف", moderator_id=trainer.id, at=NOW)
    assert told(kinds.REPORT_DECIDED) == sorted([reports.id, also.id])
    assert told(kinds.POST_HIDDEN) == []
    words = visit(reports).get("/notices").words
    assert "بقيت المشاركة على حالها" in words
    assert not any(each in words for each in ("سبب المشرف", "سرّ المبلّغ"))
    services.decide(post.id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert told(kinds.REPORT_DECIDED) == sorted([reports.id, also.id])


def test_whoever_reported_is_told_that_a_post_was_hidden_or_removed(house, visit):
    """NO2: a letter goes out only while the decision stands and its reader still reads the thread."""
    home, trainer, course = house
    writer, reports = learner(course, home), learner(course, home)
    thread = make.thread(course, writer, kind="discussion")
    hidden, gone = make.reply(thread, writer), make.reply(thread, writer)
    for post in (hidden, gone):
        services.report(post.id, reporter_id=reports.id, reason="insult", note="", at=NOW)
    services.remove(gone.id, revision=1, at=NOW)
    services.decide(gone.id, "kept", reason="سبب", moderator_id=trainer.id, at=NOW)
    services.decide(hidden.id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert told(kinds.REPORT_DECIDED) == [reports.id, reports.id]
    words = visit(reports).get("/notices").words
    assert "أُخفيت المشاركة" in words and "حذف الكاتب مشاركته" in words
    rows = db.session.scalars(select(Letter).where(Letter.kind == kinds.REPORT_DECIDED).order_by(Letter.id)).all()
    assert [notices.still_wanted(row) for row in rows] == [True, True]
    services.decide(hidden.id, "shown", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert sorted(notices.still_wanted(row) for row in rows) == [False, True]
    learning_services.withdraw(learning.enrolment(reports, course).id, at=NOW)
    assert letters(kinds.REPORT_DECIDED) == {reports.id: False}


def test_reporters_of_a_decision_that_was_changed_meanwhile_are_not_told(house):
    """NO2: the job asks whether the decision still stands."""
    home, trainer, course = house
    writer, reports = learner(course, home), learner(course, home)
    post = make.reply(make.thread(course, writer, kind="discussion"), writer)
    services.report(post.id, reporter_id=reports.id, reason="insult", note="", at=NOW)
    services.decide(post.id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
    services.decide(post.id, "shown", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert told(kinds.REPORT_DECIDED) == []
