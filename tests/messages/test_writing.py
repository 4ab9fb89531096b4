"""NO3: writing, reading, muting, blocking – on the pages and in the services."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.accounts.services import Limit
from academy.accounts.services.throttling import Throttled
from academy.base import jobs
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.learning import services as learning
from academy.messages import queries, services
from academy.messages.models import Conversation, ConversationSide, DirectMessage
from academy.messages.services import writing
from academy.notices.models import Letter, Notice
from academy.notices.services import choose
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import learning as places
from tests.factories.catalogue import course
from tests.factories.messages import AT, allow, said


@pytest.fixture
def two(app) -> tuple[Person, Person]:
    """Somebody and their manager, who may write to each other at first."""
    manager = people.person(name=people.both("محمد الشهري", "Mohammed Alshehri"))
    manager.search_text = " محمد mohammed "
    clerk = people.person(manager=manager, name=people.both("نورة العتيبي", "Noura Alotaibi"))
    return clerk, manager


def conversation_of(one: Person, other: Person) -> Conversation:
    """The conversation of two people."""
    row = queries.conversation_between(one.id, other.id)
    assert row is not None
    return row


def test_somebody_writes_and_the_other_answers(two, visit):
    """NO3: chosen from those allowed, written, answered, read in order."""
    clerk, manager = two
    browser = visit(clerk)
    assert "محمد الشهري" in browser.get("/messages/new").words
    page = browser.post(f"/messages/to/{manager.id}", {"text": "متى نلتقي؟", "token": "one"})
    assert "متى نلتقي؟" in page.words and "أُرسلت رسالتك" in page.words
    there = f"/messages/{conversation_of(clerk, manager).id}"
    other = visit(manager)
    assert "رسالة جديدة" in other.get("/messages").words
    assert "جديد" in other.get(there).words and "رسالة جديدة" not in other.get("/messages").words
    page = other.post(there, {"text": "غدًا.\n\nانظر https://example.test/x", "token": "two"})
    assert page.words.index("متى نلتقي") < page.words.index("غدًا")
    assert page.select_one('.message-text a[href="https://example.test/x"]')["rel"] == [
        "nofollow",
        "noopener",
        "noreferrer",
    ]
    assert browser.get(f"/messages/to/{manager.id}", 302) is not None


@pytest.mark.parametrize(("text", "language"), [("Shall we meet?", "en"), ("متى نلتقي؟", "ar")])
def test_a_message_is_read_aloud_in_the_language_it_was_written_in(two, visit, text, language):
    clerk, manager = two
    message = said(manager, clerk, text)
    browser = visit(clerk)
    preview = browser.get("/messages").select_one(".inbox-said bdi")
    assert preview.get_text() == text
    assert (preview.span["lang"] if preview.span else "ar") == language
    assert browser.get(f"/messages/{message.conversation_id}").select_one(".message-text")["lang"] == language


@pytest.mark.parametrize("typed", ["", "   ", "\u200f\u200e"])
def test_nothing_visible_is_refused_beside_the_field(two, visit, typed):
    """NO3: an empty message is not sent."""
    clerk, manager = two
    page = visit(clerk).post(f"/messages/to/{manager.id}", {"text": typed, "token": "t"}, 422)
    assert "يُرجى كتابة رسالتك" in page.select_one("#text-error").text
    assert db.session.scalar(select(func.count()).select_from(DirectMessage)) == 0


def test_what_is_too_long_is_refused_and_kept(two, visit):
    """NO3: nothing typed is lost."""
    clerk, manager = two
    page = visit(clerk).post(f"/messages/to/{manager.id}", {"text": "س" * 4001, "token": "t"}, 422)
    assert len(page.select_one("#text").text.strip()) == 4001 and page.select_one("#text-error")
    with pytest.raises(Invalid):
        services.send(clerk.id, manager.id, "س" * 4001, token="x", at=AT, today=AT.date())


def test_a_form_that_is_sent_twice_sends_once(two, visit):
    """NO3: two presses are one message."""
    clerk, manager = two
    browser = visit(clerk)
    for _press in range(2):
        browser.post(f"/messages/to/{manager.id}", {"text": "مرة واحدة", "token": "same"})
    assert db.session.scalar(select(func.count()).select_from(DirectMessage)) == 1


def test_too_many_messages_are_refused_and_kept_in_the_field(two, visit, monkeypatch):
    """NO3: a limit, told beside the field."""
    clerk, manager = two
    with monkeypatch.context() as patched:
        patched.setattr(writing, "MESSAGES", Limit(1, timedelta(minutes=10)))
        browser = visit(clerk)
        browser.post(f"/messages/to/{manager.id}", {"text": "أولى", "token": "a"})
        page = browser.post(f"/messages/to/{manager.id}", {"text": "ثانية", "token": "b"}, 422)
        assert "كتبت كثيرًا" in page.select_one("#text-error").text and "ثانية" in page.select_one("#text").text


def test_thirty_messages_in_ten_minutes_are_enough(two):
    """NO3: the limit is counted in the database, and is over with its window."""
    clerk, manager = two
    for number in range(30):
        services.send(clerk.id, manager.id, f"{number}", token=f"n{number}", at=NOW, today=NOW.date())
    with pytest.raises(Throttled):
        services.send(clerk.id, manager.id, "x", token="more", at=NOW, today=NOW.date())
    later = NOW + timedelta(minutes=11)
    assert services.send(clerk.id, manager.id, "x", token="more", at=later, today=later.date())


def test_strangers_are_nobody(two, visit):
    """NO3: no conversation with, and no name of, whoever may not be written to."""
    clerk, manager = two
    stranger = people.person(of=clerk.organisation, name=people.both("غريب تمامًا", "Perfect Stranger"))
    browser = visit(stranger)
    browser.get(f"/messages/to/{clerk.id}", 404)
    browser.post(f"/messages/to/{clerk.id}", {"text": "x", "token": "t"}, 404)
    assert "نورة" not in browser.get("/messages/new?q=noura").words
    said(clerk, manager)
    there = f"/messages/{conversation_of(clerk, manager).id}"
    for act in (there, f"{there}/mute", f"{there}/block"):
        browser.post(act, {"text": "x", "token": "t"}, 404)
    browser.get(there, 404)
    for who in (
        people.administrator(of=clerk.organisation),
        people.grant(people.person(of=clerk.organisation), "auditor"),
    ):
        visit(who).get(there, 404)


def test_who_left_the_course_reads_on_and_writes_no_more(app, visit):
    """NO3: the policy is asked again at every message; the reason stands before the form."""
    trainer = people.trainer()
    taught = course(trainer=trainer, title=people.both("فن الإصغاء", "The art of listening"))
    learner = people.person()
    place = places.enrolment(learner, taught)
    browser = visit(learner)
    form = browser.get(f"/courses/{taught.key}/ask", follow_redirects=True)
    assert "فن الإصغاء" in form.select_one("#answer").text
    data = {"text": "سؤال", "token": "a", "course": taught.key}
    page = browser.post(f"/messages/to/{trainer.id}", data)
    assert "فن الإصغاء" in page.select_one(".thread").text
    learning.withdraw(place.id, at=AT)
    there = f"/messages/{conversation_of(learner, trainer).id}"
    page = browser.get(there)
    assert "سؤال" in page.words and "لم يعد يجمعكما" in page.words and page.select_one("#answer") is None
    page = browser.post(there, {"text": "سؤال ثان", "token": "b"}, 422)
    assert "سؤال ثان" in page.select_one("#text").text and "لم يعد يجمعكما" in page.select_one("#text-error").text


def test_a_foreign_course_is_never_named_by_a_message(two, visit):
    """NO3: only a course that the two share is named."""
    clerk, manager = two
    secret = course(title=people.both("مقرر سري", "Secret course"))
    browser = visit(clerk)
    assert "سري" not in browser.get(f"/messages/to/{manager.id}?course={secret.key}").words
    page = browser.post(f"/messages/to/{manager.id}", {"text": "س", "token": "t", "course": secret.key})
    assert "سري" not in page.words


def test_across_organisations_only_the_name_is_shown(app, visit):
    """NO3: of a trainer elsewhere a learner sees the name, not the unit, title or organisation."""
    house = people.organisation(name=people.both("جهة الكتمان", "Secret agency"))
    title, unit = people.both("خبير", "Expert"), people.org_unit(house, name=people.both("وحدة", "Hidden unit"))
    trainer = people.trainer(unit=unit, job_title=title, name=people.both("ريم", "Reem"))
    learner = people.person(language="en")
    places.enrolment(learner, course(trainer=trainer))
    browser = visit(learner)
    shown = browser.get("/messages/new").words + browser.get(f"/messages/to/{trainer.id}").words
    assert "Reem" in shown and "Through a course" in shown
    assert not {each for each in ("Expert", "Hidden", "Secret", trainer.email) if each in shown}


def test_a_learner_of_another_organisation_is_not_shown_before_they_write(app, visit):
    """NO3, MT2: not in the list of whom a trainer may write to, and not by a number that is guessed."""
    trainer = people.trainer(unit=people.org_unit(people.organisation()))
    learner = people.person(name=people.both("نورة", "Noura"))
    places.enrolment(learner, course(trainer=trainer))
    desk = visit(trainer)
    assert "نورة" not in desk.get("/messages/new").words
    desk.get(f"/messages/to/{learner.id}", status=404)
    desk.post(f"/messages/to/{learner.id}", {"text": "سلام", "token": "t"}, status=404)
    visit(learner).post(f"/messages/to/{trainer.id}", {"text": "سؤال", "token": "u"})
    assert "نورة" in desk.get(f"/messages/to/{learner.id}", follow_redirects=True).words


def test_notices_come_once_until_read_and_letters_hold_no_text(two):
    """NO3: who wrote and where, never what; a second message before the first is read tells nothing new."""
    clerk, manager = two
    for text in ("كلام خاص", "كلام آخر"):
        said(clerk, manager, text)
    letter = db.session.scalars(select(Letter).where(Letter.person_id == manager.id)).one()
    assert "نورة" in letter.subject and "خاص" not in letter.text and "/messages/" in letter.text
    side = db.session.get(ConversationSide, (conversation_of(clerk, manager).id, manager.id))
    side.read_to = db.session.scalar(select(func.max(DirectMessage.id)))
    said(clerk, manager, "بعد القراءة")
    assert db.session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == manager.id)) == 2


def test_a_letter_is_not_sent_for_what_was_read_or_is_allowed_no_more(two, visit):
    """NO3: reading, muting and a closed policy stop the letter that was not sent yet."""
    clerk, manager = two
    said(clerk, manager)
    row = conversation_of(clerk, manager)
    message_id = db.session.scalar(select(func.max(DirectMessage.id)))
    about = {message_id}
    assert queries.still_to_read(manager.id, about, today=AT.date()) == about
    allow(clerk.organisation_id, managers=False)
    assert queries.still_to_read(manager.id, about, today=AT.date()) == set()
    allow(clerk.organisation_id, managers=True)
    services.mute(row.id, manager.id, muted=True)
    assert queries.still_to_read(manager.id, about, today=AT.date()) == set()
    services.mute(row.id, manager.id, muted=False)
    visit(manager).get(f"/messages/{row.id}")
    assert queries.still_to_read(manager.id, about, today=AT.date()) == set()
    db.session.commit()
    jobs.run_all_due()
    assert db.session.scalars(select(Notice.read_at).where(Notice.person_id == manager.id)).one() is not None


def test_muted_conversations_tell_nothing(two):
    """NO3: a muted conversation goes on in silence, and so does one whose letters were stopped."""
    clerk, manager = two
    said(clerk, manager)
    services.mute(conversation_of(clerk, manager).id, clerk.id, muted=True)
    said(manager, clerk)
    assert db.session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == clerk.id)) == 0
    choose(manager.id, {"direct_message": "never"}, at=AT)
    said(clerk, manager, "بعد الإيقاف")
    assert db.session.scalar(select(func.count()).select_from(Letter).where(Letter.person_id == manager.id)) == 1


def test_a_colleague_is_blocked_and_a_manager_only_muted(two, visit):
    """NO3: block and unblock on the page; duty is not blocked."""
    clerk, manager = two
    allow(clerk.organisation_id, organisation=True)
    colleague = people.person(of=clerk.organisation)
    said(colleague, clerk), said(clerk, manager)
    there, duty = (f"/messages/{conversation_of(clerk, other).id}" for other in (colleague, manager))
    browser = visit(clerk)
    assert "لن تستقبل" in browser.post(f"{there}/block", {"blocked": "yes"}).words
    with pytest.raises(Conflict):
        said(colleague, clerk)
    assert "لا يستقبل هذا الشخص" in visit(colleague).get(there).words
    assert "رفع الحظر" in browser.get(there).words
    browser.post(f"{there}/block", {"blocked": "no"})
    assert said(colleague, clerk)
    assert "لا يمكنك حظر" in browser.post(f"{duty}/block", {"blocked": "yes"}).words
    assert said(manager, clerk)


def test_read_is_shown_only_where_the_readers_organisation_lets_it(two, visit):
    """NO3: off at first."""
    clerk, manager = two
    said(clerk, manager)
    there = f"/messages/{conversation_of(clerk, manager).id}"
    visit(manager).get(there)
    browser = visit(clerk)
    assert "قُرئ" not in browser.get(there).words
    allow(clerk.organisation_id, shows_read=True)
    assert "قُرئ" in browser.get(there).words


def test_search_finds_names_and_words_as_arabic_is_written(two, visit):
    """NO3: with or without hamza and article."""
    clerk, manager = two
    said(manager, clerk, "أرفقتُ الإجراءات الجديدة")
    browser = visit(clerk)
    for words in ("اجراءات", "محمد"):
        assert browser.get(f"/messages?q={words}").select(".inbox li"), words
    assert not browser.get("/messages?q=سفينة").select(".inbox li")


@pytest.mark.parametrize("number", [2, 40])
def test_pages_cost_the_same_however_much_was_written(two, visit, statements, number):
    """NO3: at most eight statements, whatever the rows."""
    clerk, manager = two
    allow(clerk.organisation_id, organisation=True)
    for n in range(number):
        other = people.person(of=clerk.organisation)
        said(other, clerk, at=AT + timedelta(minutes=n))
        said(manager, clerk, at=AT + timedelta(minutes=n))
    browser = visit(clerk)
    there = f"/messages/{conversation_of(clerk, manager).id}"
    for address in ("/messages", "/messages?q=السلام", "/messages/new", there, there):
        db.session.commit()
        with statements() as seen:
            browser.get(address)
        assert len(seen) <= 8, (address, seen)


def test_long_conversations_open_at_their_end(two, visit):
    """NO3: the oldest first, in pages, the last page at once."""
    clerk, manager = two
    for n in range(27):
        said(clerk, manager, f"رقم{n}", at=AT + timedelta(minutes=n))
    there = f"/messages/{conversation_of(clerk, manager).id}"
    browser = visit(manager)
    assert "رقم26" in browser.get(there).words and "رقم3 " not in browser.get(there).words
    assert "رقم3 " in browser.get(f"{there}?page=1").words


@pytest.mark.concurrency
def test_two_who_begin_at_once_have_one_conversation(crowd_app):  # noqa: F811
    """NO3: one conversation of two people, whoever presses first; a double press sends once."""
    with prepared(crowd_app):
        manager = people.person()
        clerk = people.person(manager=manager)
        ids = clerk.id, manager.id

    def write(n: int):
        one, other = ids if n % 2 else ids[::-1]
        return services.send(one, other, "معًا", token=f"t{n % 4}", at=AT, today=AT.date()).id

    outcomes = run_together(8, write, app=crowd_app)
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1
        assert db.session.scalar(select(func.count()).select_from(DirectMessage)) == 4
        assert db.session.scalar(select(func.count()).select_from(ConversationSide)) == 2


def test_an_auditor_is_not_invited_to_write(app, visit):
    """NO3: the empty list of whoever writes to nobody says why, and leads nowhere."""
    home = people.organisation()
    page = visit(people.grant(people.person(of=home), "auditor")).get("/messages")
    assert "المدقق" in page.select_one(".empty").text and page.select_one(".empty a") is None
    assert visit(people.person(of=home)).get("/messages").select_one(".empty a")["href"] == "/messages/new"
