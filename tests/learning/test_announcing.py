"""A course or programme tells its learners something, each once, and its trainer sees who has read it (NO1)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.learning import services as learning_services
from academy.learning.models import LearnersTold
from academy.notices import kinds
from academy.notices import services as notices
from academy.notices.models import Announcement, Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import announcing as make
from tests.factories import catalogue, learning, programmes
from tests.factories.accounts import both


@pytest.fixture
def house(app):
    """An agency, its trainer, and a course for everyone."""
    home = people.organisation()
    trainer = people.trainer(of=home)
    return home, trainer, catalogue.course(trainer=trainer, title=both("الأسس", "Foundations"))


def learner(course, of, **given) -> Person:
    who = people.person(of=of, **given)
    learning.enrolment(who, course)
    return who


def told() -> set[int]:
    jobs.run_all_due()
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == kinds.LEARNERS_TOLD)))


def bare(subject: str) -> str:
    return re.sub("[\u2066-\u2069]", "", subject)


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == kinds.LEARNERS_TOLD).order_by(Letter.id)))


def test_it_reaches_the_learners_of_the_course_in_the_organisation_and_nobody_else(house):
    """NO1"""
    home, trainer, course = house
    inside, done = learner(course, home), learner(course, home)
    learning.completed(learning_services.enrol(done.id, course.id, at=NOW))
    gone = learner(course, home)
    learning_services.withdraw(learning.enrolment(gone, course).id, at=NOW)
    learner(course, people.organisation()), people.person(of=home), learner(catalogue.course(of=home), home)
    make.published(course, trainer, home)
    assert told() == {inside.id, done.id}


def test_only_those_who_have_not_completed_it_when_so_chosen(house):
    """NO1"""
    home, trainer, course = house
    inside, done = learner(course, home), learner(course, home)
    learning.completed(learning_services.enrol(done.id, course.id, at=NOW))
    make.published(course, trainer, home, open_only=True)
    assert told() == {inside.id}


def test_it_is_told_once_by_notice_and_letter_that_name_the_course(house):
    """NO1"""
    home, trainer, course = house
    who = learner(course, home, language="en")
    item = make.published(course, trainer, home)
    told(), notices.queue_telling(item.row.id, -1), told()
    assert [(letter.person_id, bare(letter.subject)) for letter in letters()] == [
        (who.id, "Foundations: The date has changed")
    ]
    assert "It is on Tuesday now." in letters()[0].text
    assert db.session.scalar(select(func.count()).where(Notice.kind == kinds.LEARNERS_TOLD)) == 1


def test_in_one_language_it_is_published_and_half_a_language_is_refused(house, visit):
    """NO1"""
    home, trainer, course = house
    learner(course, home, language="en")
    half = make.drafted(course, trainer, home, title=both("عنوان", "Title"), text=both("نص", ""))
    assert "باللغة نفسها" in visit(trainer).post(f"/teach/announcements/{half.row.id}/publish").words
    assert half.row.state == "draft"
    make.published(course, trainer, home, title=both("عنوان", ""), text=both("نص", ""))
    told()
    assert bare(letters()[0].subject) == "Foundations: عنوان"


def test_who_leaves_before_the_letter_goes_out_is_not_sent_it(house):
    """NO1"""
    home, trainer, course = house
    stays, leaves = learner(course, home), learner(course, home)
    make.published(course, trainer, home)
    notices_to = told()
    learning_services.withdraw(learning.enrolment(leaves, course).id, at=NOW)
    assert notices_to == {stays.id, leaves.id}
    wanted = {letter.person_id: notices.still_wanted(letter) for letter in letters()}
    assert wanted == {stays.id: True, leaves.id: False}


def test_who_leaves_is_not_told_in_a_digest_either(house):
    """NO1"""
    home, trainer, course = house
    stays, leaves = learner(course, home), learner(course, home)
    for who in (stays, leaves):
        notices.choose(who.id, {kinds.LEARNERS_TOLD: kinds.DAILY}, at=NOW)
    make.published(course, trainer, home)
    told()
    learning_services.withdraw(learning.enrolment(leaves, course).id, at=NOW)
    later = clock.now() + timedelta(days=1)
    written = [notices.write_digest(who.id, "daily", "digest:x", before=later, at=later) for who in (stays, leaves)]
    assert letters() == [] and written == [True, False]


def test_the_whole_way_from_writing_to_reading(house, visit):
    """NO1: the trainer writes, the learner finds it new on the course's page and reads it, the trainer sees who has."""
    home, trainer, course = house
    reader, other = learner(course, home, name=both("نورة", "Noura")), learner(course, home, name=both("فهد", "Fahd"))
    desk = visit(trainer)
    assert f"/teach/{course.key}/announcements" in str(desk.get(f"/teach/{course.key}/roster"))
    form = {"title-ar": "ورشة", "title-en": "", "text-ar": "غدًا", "text-en": "", "whom": "all", "shown_until": ""}
    page = desk.post(f"/teach/{course.key}/announcements/new", {**form, "title-ar": ""}, status=422)
    assert page.select_one("[aria-invalid=true]") and "غدًا" in str(page)
    desk.post(f"/teach/{course.key}/announcements/new", {**form, "shown_until": "2001-01-01"}, status=422)
    page = desk.post(f"/teach/{course.key}/announcements/new", form)
    row = db.session.scalar(select(Announcement))
    assert (row.organisation_id, row.audience, row.state) == (home.id, "learners", "draft")
    assert "شخصان" in page.words and "نورة" in page.words and "فهد" in page.words
    mine = visit(reader)
    assert "ورشة" not in mine.get(f"/courses/{course.key}").words
    assert "نُشر" in desk.post(f"/teach/announcements/{row.id}/publish").words
    told()
    panel = mine.get(f"/courses/{course.key}").select_one(f"a[href='/announcements/{row.id}']").parent
    assert "جديد" in panel.get_text()
    assert mine.get("/notices").words.count("ورشة") and "الأسس" in mine.get("/announcements").words
    page = mine.get(f"/announcements/{row.id}")
    assert "غدًا" in page.words and page.select_one(f"main a[href='/courses/{course.key}']")
    panel = mine.get(f"/courses/{course.key}").select_one(f"a[href='/announcements/{row.id}']").parent
    assert "جديد" not in panel.get_text()
    there = f"/teach/announcements/{row.id}"
    assert "1 من 2" in desk.get(there).words
    assert "نورة" not in desk.get(f"{there}?state=unread").words and "فهد" not in desk.get(f"{there}?state=read").words
    assert "لا أحد" in desk.get(f"{there}?q=zzz").words
    desk.get(f"{there}/readers.csv?state=unread")
    assert "فهد" in (sheet := desk.response.get_data().decode("utf-8-sig")) and "نورة" not in sheet
    desk.get(f"{there}/readers.xlsx"), desk.get(f"{there}/readers.pdf", status=404)
    desk.post(f"{there}/withdraw")
    visit(other).get(f"/announcements/{row.id}", status=404)
    assert "ورشة" not in visit(other).get(f"/courses/{course.key}").words
    assert {letter.person_id for letter in letters() if notices.still_wanted(letter)} == set()
    trail = db.session.scalars(select(AuditEntry.act).where(AuditEntry.actor_id == trainer.id)).all()
    assert {"notices:announcement:publish", "notices:announcement:withdraw"} <= set(trail)


def test_who_comes_later_finds_it_and_is_sent_no_letter_until_its_day_is_over(house, visit):
    """NO1"""
    home, trainer, course = house
    item = make.published(course, trainer, home)
    told()
    late = visit(who := learner(course, home))
    assert "جديد" in late.get(f"/courses/{course.key}").words and "جديد" in late.get("/announcements").words
    late.get(f"/announcements/{item.row.id}")
    late.get(f"/announcements/{item.row.id}")
    assert told() == {who.id} and letters() == []
    assert "جديد" not in late.get("/announcements").select_one(".notice-list").get_text()
    assert "1 من 1" in visit(trainer).get(f"/teach/announcements/{item.row.id}").words
    item.row.shown_until = (NOW - timedelta(days=40)).date()
    assert make.TITLE.ar not in late.get(f"/courses/{course.key}").words
    late.get(f"/announcements/{item.row.id}", status=404)


def test_nobody_else_writes_keeps_or_reads_it(house, visit):
    """NO1: a trainer of another course, a trainer of another organisation, a learner, an auditor, a stranger to the course."""
    home, trainer, course = house
    reader = learner(course, home)
    draft, item = make.drafted(course, trainer, home), make.published(course, trainer, home)
    whole = make.published(course, people.administrator(), None)
    outsiders = [
        people.trainer(of=home), people.trainer(), reader, people.manager(people.org_unit(home)),
        people.administrator(everywhere=False, of=people.organisation()),
    ]  # fmt: skip
    auditor = people.grant(people.person(of=home), "auditor", home)
    for row in (draft.row, item.row):
        for who, refused in [*((each, 404) for each in outsiders), (auditor, 403)]:
            visitor = visit(who)
            for address in (f"/teach/announcements/{row.id}", f"/teach/announcements/{row.id}/readers.csv"):
                visitor.get(address, status=refused)
            for act in ("publish", "withdraw", "delete", "edit"):
                visitor.post(f"/teach/announcements/{row.id}/{act}", status=refused)
            visitor.get(f"/teach/{course.key}/announcements", status=refused)
            visitor.post(f"/teach/{course.key}/announcements/new", status=refused)
    assert (draft.row.state, item.row.state) == ("draft", "published")
    visit(people.person(of=home)).get(f"/announcements/{item.row.id}", status=404)
    visit(reader).get(f"/announcements/{draft.row.id}", status=404)
    mine = visit(trainer)
    mine.post(f"/teach/announcements/{whole.row.id}/withdraw", status=404)
    assert f"/teach/announcements/{whole.row.id}" not in str(mine.get(f"/teach/{course.key}/announcements"))
    of_the_academy = visit(people.administrator())
    of_the_academy.get(f"/admin/announcements/{item.row.id}", status=404)
    assert make.TITLE.ar not in of_the_academy.get("/admin/announcements").words


def test_a_trainer_tells_no_learners_of_an_organisation_beyond_their_reach(house, visit):
    """NO1"""
    home, trainer, course = house
    other = people.organisation()
    learner(course, other, name=both("غريب", "Foreign"))
    mine = visit(trainer)
    form = {"title-ar": "إعلان", "text-ar": "نص", "title-en": "", "text-en": "", "whom": "all"}
    for place in ("", f"o{other.id}", "o99999", "u1", "x"):
        mine.post(f"/teach/{course.key}/announcements/new", {**form, "place": place}, status=422)
    assert not db.session.scalar(select(func.count()).select_from(Announcement))
    page = mine.post(f"/teach/{course.key}/announcements/new", form)
    assert "غريب" not in page.words and "لا يصل" in page.words
    keeper = visit(people.administrator())
    assert "غريب" in keeper.post(f"/teach/{course.key}/announcements/new", {**form, "place": f"o{other.id}"}).words


def test_a_programme_tells_its_participants(house, visit):
    """NO1"""
    home, trainer, course = house
    programme = programmes.programme(home, groups=[(None, [programmes.for_course(course)])], key="service")
    inside, foreign = people.person(of=home), people.person()
    for who in (inside, foreign):
        programmes.place(programme, who)
    mine = visit(trainer)
    assert "/manage/programmes/service/announcements" in str(mine.get("/manage/programmes/service"))
    form = {"title-ar": "إعلان", "text-ar": "نص", "title-en": "", "text-en": "", "whom": "open"}
    mine.post("/manage/programmes/service/announcements/new", form)
    row = db.session.scalar(select(Announcement))
    mine.post(f"/teach/announcements/{row.id}/edit", {**form, "title-ar": "لقاء", "revision": str(row.revision)})
    mine.post(f"/teach/announcements/{row.id}/edit", {**form, "title-ar": "قديم", "revision": "0"}, status=422)
    mine.post(f"/teach/announcements/{row.id}/publish")
    assert told() == {inside.id} and row.title.ar == "لقاء"
    assert "لقاء" in mine.get("/manage/programmes/service/announcements").words
    reader = visit(inside)
    assert "لقاء" in reader.get("/programmes/service").words
    reader.get(f"/announcements/{row.id}")
    assert "1 من 1" in mine.get(f"/teach/announcements/{row.id}").words
    stranger = visit(people.trainer())
    stranger.get("/manage/programmes/service/announcements", status=404)
    stranger.post("/manage/programmes/service/announcements/new", form, status=404)
    stranger.get(f"/teach/announcements/{row.id}", status=404)


def test_a_draft_is_deleted_and_what_was_published_is_not(house, visit):
    home, trainer, course = house
    draft, item = make.drafted(course, trainer, home), make.published(course, trainer, home)
    mine = visit(trainer)
    mine.post(f"/teach/announcements/{draft.row.id}/delete")
    mine.post(f"/teach/announcements/{item.row.id}/delete")
    mine.post(f"/teach/announcements/{item.row.id}/edit", {"title-ar": "x", "text-ar": "x"}, status=422)
    assert list(db.session.scalars(select(LearnersTold.announcement_id))) == [item.row.id]


def test_the_database_holds_it_to_one_course_or_programme(house):
    home, trainer, course = house
    item = make.drafted(course, trainer, home)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        item.told.course_id = None
        db.session.flush()


def test_long_lists_take_no_more_statements(house, visit, statements):
    home, trainer, course = house
    keeper, reader = visit(trainer), visit(learner(course, home))
    counts = []
    for rows in (2, 12):
        for _ in range(rows):
            item = make.published(course, trainer, home)
            learner(course, home)
        told()
        pages = [(reader, f"/courses/{course.key}"), (reader, "/announcements")]
        pages += [(keeper, f"/teach/{course.key}/announcements"), (keeper, f"/teach/announcements/{item.row.id}")]
        for visitor, path in pages:
            with statements() as seen:
                visitor.get(path)
            counts.append(len(seen))
    assert counts[:4] == counts[4:] and max(counts) <= 8, counts
