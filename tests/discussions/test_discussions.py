"""Learners of a course ask, answer and discuss among the people of their organisation (NO2)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.base.errors import TooMany
from academy.discussions import queries, rules, services
from academy.discussions.models import DiscussionPost, DiscussionThread, FormerText, MarkedAnswer
from academy.learning import services as learning_services
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import discussions as make
from tests.factories.accounts import both


@pytest.fixture
def house(app):
    """An agency, its trainer, and a course for everyone."""
    home = people.organisation()
    trainer = people.trainer(of=home, name=both("المدربة ريم", "Reem"))
    return home, trainer, catalogue.course(trainer=trainer, title=both("القياس", "Measuring"), lessons=2)


def learner(course, of, **given) -> Person:
    who = people.person(of=of, **given)
    learning.enrolment(who, course)
    return who


def opening(thread: DiscussionThread) -> DiscussionPost:
    return db.session.scalar(
        select(DiscussionPost).where(DiscussionPost.thread_id == thread.id, DiscussionPost.opening)
    )


def test_a_question_from_asking_to_its_answer(house, visit):
    """NO2: a learner asks, a colleague and the trainer reply, the learner marks the answer, everybody is led to it."""
    home, trainer, course = house
    asker, colleague = learner(course, home, name=both("نورة", "Noura")), learner(course, home)
    mine, place = visit(asker), f"/courses/{course.key}/discussions"
    assert place in str(mine.get(f"/courses/{course.key}"))
    assert "لم يكتب أحد بعد" in mine.get(place).words
    page = mine.get(f"{place}/new")
    form = {
        "kind": "question",
        "title": "كيف أحسب صافي التوصية؟",
        "text": "لدي **38** ردًا.",
        "about": "",
        "token": page.select_one("[name=token]")["value"],
    }
    page = mine.post(f"{place}/new", form)
    thread = db.session.scalar(select(DiscussionThread))
    assert (thread.organisation_id, thread.author_id, thread.kind) == (home.id, asker.id, "question")
    text = page.select_one(".post-text")
    assert (text["lang"], text["dir"]) == ("ar", "rtl") and text.select_one("strong").get_text() == "38"
    here = f"/discussions/{thread.id}"
    visit(colleague).post(f"{here}/reply", {"text": "اعرض العدد بجانبها.", "token": make.token(), "quoted": ""})
    page = visit(trainer).post(
        f"{here}/reply", {"text": "Show the *range*.", "token": make.token(), "quoted": str(opening(thread).id)}
    )
    english = page.select(".post-text")[-1]
    assert (english["lang"], english["dir"]) == ("en", "ltr") and "نورة" in page.select(".post-quote")[0].get_text()
    answer = db.session.scalars(select(DiscussionPost.id).order_by(DiscussionPost.id)).all()[-1]
    visit(colleague).post(f"/discussions/posts/{answer}/answer", status=404)
    page = mine.post(f"/discussions/posts/{answer}/answer")
    assert (
        "أجاب عنه المدربة ريم" in page.words
        or page.select_one(".to-answer a")["href"] == f"/discussions/posts/{answer}"
    )
    assert page.select_one(f"#post-{answer}.is-answer")
    assert "له إجابة معتمدة" in visit(colleague).get(place).words
    assert "لكل سؤال إجابة معتمدة" in visit(colleague).get(f"{place}?show=unanswered").words
    mine.post(f"/discussions/posts/{answer}/answer", {"act": "take"})
    assert thread.title in visit(colleague).get(f"{place}?show=unanswered").words


def test_sent_twice_it_is_written_once(house, visit):
    """NO2: the back button and a second press write nothing again, of threads and of replies."""
    home, _trainer, course = house
    mine = visit(learner(course, home))
    form = {"kind": "discussion", "title": "تبادل", "text": "نص", "about": "", "token": make.token()}
    for _twice in range(2):
        mine.post(f"/courses/{course.key}/discussions/new", form)
    thread = db.session.scalar(select(DiscussionThread))
    reply = {"text": "رد", "token": make.token()}
    for _twice in range(2):
        mine.post(f"/discussions/{thread.id}/reply", reply)
    assert db.session.scalar(select(func.count()).select_from(DiscussionPost)) == 2


def test_the_language_is_switched_on_the_page_that_is_looked_at(house, visit):
    """Pages have a word "here" of their own, which the layout must not take for their address."""
    home, _trainer, course = house
    mine = visit(learner(course, home))
    for there in (f"/courses/{course.key}/discussions/new", f"/courses/{course.key}/discussions"):
        assert mine.get(there).select_one("form.language [name=next]")["value"] == there


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(house, visit):
    """NO2"""
    home, _trainer, course = house
    mine = visit(learner(course, home))
    there = f"/courses/{course.key}/discussions/new"
    page = mine.post(
        there, {"kind": "question", "title": "", "text": "كلام طويل", "about": "x", "token": "?"}, status=422
    )
    assert "كلام طويل" in str(page) and page.select_one("#title-error") and page.select_one("#about-error")
    page = mine.post(there, {"kind": "question", "title": "عنوان", "text": " \u200f ", "about": ""}, status=422)
    assert page.select_one("#text-error") and page.select_one("#title")["value"] == "عنوان"
    page = mine.post(there, {"kind": "question", "title": "   ", "text": "كلام", "about": ""}, status=422)
    assert page.select_one("#title-error") and "كلام" in page.select_one("#text").get_text()
    page = mine.post(there, {"kind": "question", "title": "", "text": "", "about": ""}, status=422)
    blamed = [each["href"] for each in page.select(".error-summary a")]
    assert blamed == ["#title", "#text"]
    for field, length in (("title", rules.LONGEST_TITLE), ("text", rules.LONGEST_TEXT)):
        form = {"kind": "question", "title": "ع", "text": "ن", "about": "", field: "س" * (length + 1)}
        assert mine.post(there, form, status=422).select_one(f"#{field}-error")
    thread = make.thread(course, mine.person)
    assert mine.post(f"/discussions/{thread.id}/reply", {"text": ""}, status=422).select_one("#text-error")
    assert db.session.scalar(select(func.count()).select_from(DiscussionPost)) == 1


def test_too_much_in_a_short_time_is_refused_with_the_text_kept(house, visit):
    """NO2"""
    home, _trainer, course = house
    mine = visit(learner(course, home))
    thread = make.thread(course, mine.person, at=clock.now())
    for _more in range(rules.MOST_POSTS - 1):
        make.reply(thread, mine.person, at=clock.now())
    with pytest.raises(TooMany):
        make.reply(thread, mine.person, at=clock.now())
    page = mine.post(f"/discussions/{thread.id}/reply", {"text": "فكرة", "token": make.token()}, status=422)
    assert "فكرة" in page.select_one("textarea").get_text() and page.select_one("#text-error")
    make.reply(thread, mine.person, at=clock.now() + rules.WITHIN + timedelta(seconds=1))


def test_people_of_two_organisations_never_meet(house, visit):
    """NO2, MT2: a shared course, two organisations; neither sees the other's threads, people or posts."""
    home, trainer, course = house
    other = people.organisation("partner")
    inside, foreign = learner(course, home), learner(course, other, name=both("غريبة", "Foreign"))
    thread = make.thread(course, foreign, title="سر الشريك", text="كلام الشريك")
    post = opening(thread).id
    for who in (inside, trainer):
        visitor = visit(who)
        words = visitor.get(f"/courses/{course.key}/discussions?q=الشريك").words
        assert "سر الشريك" not in words and "غريبة" not in words
        for path in (
            f"/discussions/{thread.id}",
            f"/discussions/posts/{post}",
            f"/discussions/posts/{post}/report",
            f"/moderation/posts/{post}",
        ):
            visitor.get(path, status=404)
        for path in ("reply", "subscribe", "seen", "arrange"):
            visitor.post(f"/discussions/{thread.id}/{path}", {"text": "x"}, status=404)
        for path in ("edit", "remove", "answer", "report"):
            visitor.post(f"/discussions/posts/{post}/{path}", {"text": "x"}, status=404)
        for path in ("decide", "stop"):
            visitor.post(f"/moderation/posts/{post}/{path}", {"text": "x"}, status=404)
    keeper = visit(people.administrator())
    assert "سر الشريك" in keeper.get(f"/courses/{course.key}/discussions").words
    keeper.get(f"/discussions/{thread.id}")
    assert "سر الشريك" in visit(foreign).get(f"/courses/{course.key}/discussions").words


def test_who_has_no_place_in_the_course_reads_and_writes_nothing(house, visit):
    """NO2: strangers to the course, those who left it, other trainers."""
    home, _trainer, course = house
    thread = make.thread(course, learner(course, home))
    gone = learner(course, home)
    learning_services.withdraw(learning.enrolment(gone, course).id, at=NOW)
    for who in (people.person(of=home), gone, people.trainer(of=home), people.manager(people.org_unit(home))):
        visitor = visit(who)
        visitor.get(f"/courses/{course.key}/discussions", status=404)
        visitor.get(f"/discussions/{thread.id}", status=404)
        visitor.post(f"/courses/{course.key}/discussions/new", {"title": "x", "text": "x"}, status=404)
        visitor.get(f"/teach/{course.key}/discussions", status=404)
    done = learner(course, home)
    learning.completed(learning.enrolment(done, course))
    visit(done).get(f"/discussions/{thread.id}")


def test_a_changed_post_says_so_and_moderators_see_how_it_read(house, visit):
    """NO2"""
    home, trainer, course = house
    mine = visit(learner(course, home))
    thread = make.thread(course, mine.person)
    post = opening(thread)
    page = mine.get(f"/discussions/posts/{post.id}/edit")
    form = {"title": "كيف أقيس الرضا؟", "text": "نص جديد", "revision": page.select_one("[name=revision]")["value"]}
    page = mine.post(f"/discussions/posts/{post.id}/edit", form)
    assert "عُدّل" in page.words and "كيف أقيس الرضا؟" in page.words
    stale = mine.post(f"/discussions/posts/{post.id}/edit", form | {"text": "من نافذة أخرى"}, status=422)
    assert "من نافذة أخرى" in str(stale)
    assert db.session.scalars(select(FormerText.text)).all() == ["أريد مثالًا."]
    assert "أريد مثالًا." in visit(trainer).get(f"/moderation/posts/{post.id}").words
    assert "كيف أقيس الرضا؟" in mine.get(f"/courses/{course.key}/discussions?q=رضا").words
    visit(learner(course, home)).post(f"/discussions/posts/{post.id}/edit", form, status=404)


def test_removed_it_goes_wholly_or_leaves_its_place(house, visit):
    """NO2: without a trace while nobody has answered, else a placeholder; what was reported stays for the moderators."""
    home, trainer, course = house
    asker, other = learner(course, home), learner(course, home)
    alone = make.thread(course, asker)
    visit(asker).post(f"/discussions/posts/{opening(alone).id}/remove")
    assert db.session.scalar(select(func.count()).select_from(DiscussionThread)) == 0
    thread = make.thread(course, asker)
    first, last = make.reply(thread, other, "كلام أول"), make.reply(thread, asker, "كلام أخير")
    services.mark_answer(first.id, by_id=asker.id, at=NOW)
    page = visit(other).post(f"/discussions/posts/{first.id}/remove")
    assert "كلام أول" not in page.words and "حذف الكاتب" in page.words
    assert db.session.scalar(select(func.count()).select_from(MarkedAnswer)) == 0
    assert db.session.scalar(select(func.count()).select_from(FormerText)) == 0
    services.report(last.id, reporter_id=other.id, reason="false", note="", at=NOW)
    page = visit(asker).post(f"/discussions/posts/{last.id}/remove")
    assert "كلام أخير" not in page.words
    assert "كلام أخير" in visit(trainer).get(f"/moderation/posts/{last.id}").words


def test_found_by_its_words_however_they_are_spelled(house, visit):
    """NO2: Arabic search without hamza, with the article, in titles and replies; not what was hidden or removed."""
    home, trainer, course = house
    mine = visit(learner(course, home))
    thread = make.thread(course, mine.person, title="مؤشر الجهد", text="أحتاج إلى أمثلة")
    other = make.thread(course, mine.person, title="موضوع آخر", text="لا شيء")
    hidden = make.reply(other, mine.person, "كلمة الاستبانات")
    place = f"/courses/{course.key}/discussions"
    assert thread.title in mine.get(f"{place}?q=جهد").words
    assert "مؤشر الجهد" in mine.get(f"{place}?q=الامثلة").words
    assert "موضوع آخر" in mine.get(f"{place}?q=استبانات").words
    services.decide(hidden.id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
    assert "موضوع آخر" not in mine.get(f"{place}?q=استبانات").words
    assert "لا نتيجة" in mine.get(f"{place}?q=zzz").words or mine.get(f"{place}?q=zzz").select_one(".empty")


def test_what_is_new_since_one_last_looked(house, visit):
    """NO2: counted in the list and on the course's page; opening a page changes nothing, its script tells that it was read."""
    home, _trainer, course = house
    mine, other = visit(learner(course, home)), learner(course, home)
    thread = make.thread(course, other)
    make.reply(thread, other)
    place = f"/courses/{course.key}/discussions"
    new = lambda: [each.get_text() for each in mine.get(place).select(".thread-state .chip.info")]  # noqa: E731
    assert new() == ["مشاركتان جديدتان"]
    assert "مشاركتان جديدتان" in mine.get(f"/courses/{course.key}").words
    mine.get(f"/discussions/{thread.id}")
    assert new()
    services.see_thread(thread, mine.person.id, at=NOW + timedelta(days=400))
    assert not new()
    second = make.thread(course, other, title="آخر")
    assert len(new()) == 1 and second.title
    mine.post(f"{place}/seen")
    services.see_all(course.id, mine.person.id, at=NOW + timedelta(days=400))
    assert not new()
    mine.post(f"/discussions/{thread.id}/seen", status=204)


def test_closed_locked_and_switched_off(house, visit):
    """NO2: closed it is read, locked only moderators reply, switched off only they see it; nothing typed is lost."""
    home, trainer, course = house
    mine, lead = visit(learner(course, home)), visit(trainer)
    thread, place = make.thread(course, mine.person), f"/courses/{course.key}/discussions"
    lead.post(f"/discussions/{thread.id}/arrange", {"act": "lock"})
    lead.post(f"/discussions/{thread.id}/arrange", {"act": "pin"})
    page = mine.get(f"/discussions/{thread.id}")
    assert "مقفل" in page.words and "مثبَّت" in page.words and not page.select_one("#reply textarea")
    page = mine.post(f"/discussions/{thread.id}/reply", {"text": "لا يضيع", "token": make.token()}, status=422)
    assert "لا يضيع" in page.select_one("textarea").get_text()
    lead.post(f"/discussions/{thread.id}/reply", {"text": "قفلته لأنه أُجيب.", "token": make.token()})
    lead.post(f"/teach/{course.key}/discussions", {"state": "closed"})
    assert "مغلقة" in mine.get(place).words
    assert mine.get(f"{place}/new", follow_redirects=True).select_one(".thread-list")
    form = {"kind": "question", "title": "عنوان", "text": "لا يضيع أيضًا", "about": "", "token": make.token()}
    assert "لا يضيع أيضًا" in str(mine.post(f"{place}/new", form, status=422))
    lead.post(f"/discussions/{thread.id}/reply", {"text": "x", "token": make.token()}, status=422)
    lead.post(f"/teach/{course.key}/discussions", {"state": "off"})
    mine.get(place, status=404), mine.get(f"/discussions/{thread.id}", status=404)
    assert place not in str(mine.get(f"/courses/{course.key}"))
    assert thread.title in lead.get(place).words
    lead.post(f"/teach/{course.key}/discussions", {"state": "nonsense"}, status=422)


def test_the_database_holds_what_the_pages_promise(house):
    """NO2: one answer a question, of its own thread; one opening a thread; no empty text."""
    home, _trainer, course = house
    who = learner(course, home)
    thread, other = make.thread(course, who), make.thread(course, who)
    foreign, reply = make.reply(other, who), make.reply(thread, who)
    wrong = [
        lambda: db.session.add(
            MarkedAnswer(thread_id=thread.id, post_id=foreign.id, marked_by_id=who.id, marked_at=NOW)
        ),
        lambda: setattr(reply, "opening", True),
        lambda: setattr(reply, "text", ""),
        lambda: setattr(reply, "quoted_id", foreign.id),
        lambda: setattr(thread, "kind", "poll"),
    ]
    for each in wrong:
        with pytest.raises(IntegrityError), db.session.begin_nested():
            each()
            db.session.flush()
        db.session.refresh(reply), db.session.refresh(thread)


def test_long_lists_take_no_more_statements(house, visit, statements):
    """NO2: at most eight statements a page, however many threads and posts there are."""
    home, trainer, course = house
    reader, lead = visit(learner(course, home)), visit(trainer)
    thread, counts = make.thread(course, reader.person, activity_key=learning.activity_keys(course)[0]), []
    post = make.reply(thread, reader.person)
    services.mark_answer(post.id, by_id=reader.person.id, at=NOW)
    for more in (1, 9):
        for _each in range(more):
            who = learner(course, home)
            quoted = make.reply(thread, who, quoted_id=post.id)
            services.report(
                make.reply(make.thread(course, who), who).id,
                reporter_id=reader.person.id,
                reason="spam",
                note="",
                at=NOW,
            )
            services.decide(make.reply(thread, who).id, "hidden", reason="سبب", moderator_id=trainer.id, at=NOW)
        pages = [
            f"/courses/{course.key}/discussions", f"/discussions/{thread.id}", f"/discussions/posts/{quoted.id}/report",
            f"/courses/{course.key}/discussions/new", f"/discussions/posts/{post.id}/edit", f"/courses/{course.key}",
        ]  # fmt: skip
        taught = [
            "/moderation",
            f"/teach/{course.key}/discussions",
            f"/moderation/posts/{post.id}",
            *pages[:2],
        ]
        for visitor, path in [
            *((lead if "report" in path else reader, path) for path in pages),
            *((lead, path) for path in taught),
        ]:
            if "edit" in path:
                visitor = reader
            with statements() as seen:
                visitor.get(path)
            counts.append((path, len(seen)))
    half = len(counts) // 2
    assert [number for _path, number in counts[:half]] == [number for _path, number in counts[half:]], counts
    assert max(number for _path, number in counts) <= 8, [each for each in counts if each[1] > 7]


def test_pages_of_a_long_thread_lead_to_each_post(house, visit):
    """NO2"""
    home, _trainer, course = house
    mine = visit(learner(course, home))
    thread = make.thread(course, mine.person)
    posts = [make.reply(thread, mine.person, f"رد {number}") for number in range(45)]
    assert queries.place_in_thread(posts[-1].id, thread.id) == 45
    page = mine.get(f"/discussions/posts/{posts[-1].id}", follow_redirects=True)
    assert page.select_one(f"#post-{posts[-1].id}") and not page.select_one(f"#post-{posts[0].id}")
    page = mine.post(f"/discussions/{thread.id}/reply", {"text": "آخر رد", "token": make.token()})
    assert "آخر رد" in page.words


def test_an_activity_in_the_player_leads_to_what_is_written_about_it(house, visit, statements):
    """NO2: to asking the first question, then to the threads of the reader's organisation about this activity alone."""
    home, trainer, course = house
    mine, foreign = learner(course, home), learner(course, people.organisation("partner"))
    first, second = learning.activity_keys(course)[:2]
    player = f"/learn/{learning.enrolment(mine, course).id}/"
    there = f"/courses/{course.key}/discussions"
    make.thread(course, foreign, title="سر الشريك", activity_key=first)
    page = visit(mine).get(player + first)
    assert page.select_one(".activity-links a")["href"] == f"{there}/new?about={first}"
    form = visit(mine).get(f"{there}/new?about={first}")
    assert form.select_one("#about option[selected]")["value"] == first
    make.thread(course, mine, title="عن الأول", activity_key=first)
    make.thread(course, mine, title="عن الثاني", activity_key=second)
    with statements() as seen:
        link = visit(mine).get(player + first).select_one(".activity-links")
    assert len(seen) <= 8
    assert link.a["href"] == f"{there}?about={first}" and "موضوع واحد" in link.get_text()
    listed = visit(mine).get(f"{there}?about={first}")
    assert "عن الأول" in listed.words and "عن الثاني" not in listed.words
    assert listed.select_one(".thread-part")["href"] == player + first
    assert visit(trainer).get(f"{there}?about={first}").select_one(".thread-part") is None
    assert all(f"about={first}" in tab["href"] for tab in listed.select(".tabs a"))
    services.rule(course.id, "closed", organisation_id=home.id, label="x", actor_id=trainer.id, at=NOW)
    shut = visit(mine)
    shut.get(f"{there}/new?about={second}", status=302)
    assert shut.response.location == f"{there}?about={second}"
    assert visit(mine).get(player + first).select_one(".activity-links a")["href"] == f"{there}?about={first}"
    services.rule(course.id, "off", organisation_id=home.id, label="x", actor_id=trainer.id, at=NOW)
    assert visit(mine).get(player + first).select_one(".activity-links") is None


def test_a_thread_leads_to_others_about_the_same_activity(house, visit):
    """NO2: the activity is named on the page of the thread; a part nobody wrote about invites to begin."""
    home, _trainer, course = house
    mine = learner(course, home)
    first, second = learning.activity_keys(course)[:2]
    thread = make.thread(course, mine, activity_key=first)
    there = f"/courses/{course.key}/discussions"
    assert visit(mine).get(f"/discussions/{thread.id}").select_one(".thread-part")["href"] == f"{there}?about={first}"
    empty = visit(mine).get(f"{there}?about={second}")
    assert "لم يكتب أحد عن هذا الجزء بعد" in empty.words
    assert empty.select_one(".empty a")["href"] == f"{there}/new?about={second}"


def test_where_nothing_can_be_written_a_post_can_only_be_removed(house, visit):
    """NO2: the page of a post offers no form that would be refused; what was typed before is kept."""
    home, trainer, course = house
    mine = learner(course, home)
    post = opening(make.thread(course, mine))
    there = f"/discussions/posts/{post.id}/edit"
    assert visit(mine).get(there).select_one("#text")
    services.rule(course.id, "closed", organisation_id=home.id, label="x", actor_id=trainer.id, at=NOW)
    page = visit(mine).get(there)
    assert page.select_one("#text") is None and page.select_one("form[action$='/remove']")
    assert "لا يمكن تعديلها" in page.words
    typed = visit(mine).post(there, {"title": "عنوان", "text": "ما كتبته", "revision": 1}, status=422)
    assert "ما كتبته" in typed.select_one("#text").get_text() and typed.select_one("#text-error")
