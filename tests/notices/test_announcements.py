"""Announcements reach their audience once, are read, and are taken away again (NO1)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.base import jobs
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.notices import kinds, services
from academy.notices import queries_of_announcements as queries
from academy.notices.models import Announcement, Letter, Notice
from tests.conftest import NOW
from tests.factories import accounts as people

TITLE, TEXT = people.both("أسبوع المستفيد", "Customer week"), people.both("يبدأ **الأحد**.", "It begins on **Sunday**.")


def written(place=None, audience="everyone", title=TITLE, text=TEXT, shown_until=None) -> Announcement:
    return services.write_announcement(
        None, title=title, text=text, audience=audience, place=place, shown_until=shown_until,
        actor_id=people.administrator().id, at=NOW,
    )  # fmt: skip


def published(*given, **more) -> Announcement:
    row = written(*given, **more)
    services.publish_announcement(row, actor_id=row.created_by_id, at=NOW)
    jobs.run_all_due()
    return row


def told(row: Announcement) -> set[int]:
    return set(db.session.scalars(select(Notice.person_id).where(Notice.about_id == row.id)))


@pytest.fixture
def agency(app):
    return people.organisation()


def test_it_reaches_a_unit_with_those_below_it_and_nobody_else(agency):
    """NO1"""
    top = people.org_unit(agency)
    below, beside = people.org_unit(agency, parent=top), people.org_unit(agency)
    inside = {people.person(unit=top).id, people.person(unit=below).id}
    people.person(unit=beside), people.person(unit=people.org_unit(people.organisation()))
    people.person(unit=below, state="suspended")
    assert told(published(top)) == inside


@pytest.mark.parametrize("audience", ["employees", "partners", "managers", "trainers"])
def test_it_reaches_the_people_of_a_kind(agency, audience):
    """NO1"""
    unit = people.org_unit(agency)
    manager = people.manager(unit)
    lead = people.person(unit=unit)
    people.person(unit=unit, manager=lead)
    partner = people.person(unit=people.org_unit(people.organisation("partner")))
    trainer = people.trainer(agency)
    found = told(published(None, audience))
    wanted = {
        "employees": ({manager.id, lead.id, trainer.id}, {partner.id}),
        "partners": ({partner.id}, {manager.id, lead.id, trainer.id}),
        "managers": ({manager.id, lead.id}, {partner.id, trainer.id}),
        "trainers": ({trainer.id}, {manager.id, lead.id, partner.id}),
    }[audience]
    assert wanted[0] <= found and not wanted[1] & found


def test_it_is_told_once_in_the_readers_language_however_often_the_job_runs(agency):
    who = people.person(unit=people.org_unit(agency), language="en")
    row = published(agency)
    services.queue_telling(row.id, -1)
    jobs.run_all_due()
    letters = db.session.scalars(select(Letter).where(Letter.person_id == who.id)).all()
    assert len(letters) == 1 and "Customer week" in letters[0].subject and "It begins on Sunday." in letters[0].text
    assert (
        db.session.scalar(select(func.count()).where(Notice.person_id == who.id, Notice.kind == kinds.ANNOUNCEMENT))
        == 1
    )


def test_many_are_told_in_turns(agency, monkeypatch):
    monkeypatch.setattr("academy.notices.jobs.BATCH", 2)
    unit = people.org_unit(agency)
    everyone = {people.person(unit=unit).id for _ in range(5)}
    assert told(published(unit)) == everyone


def test_opening_it_is_reading_it_and_administrators_see_how_far_it_was_read(agency, visit):
    """NO1"""
    unit = people.org_unit(agency)
    reader, other = people.person(unit=unit), people.person(unit=unit)
    row = published(unit)
    mine = visit(reader)
    assert "جديد" in mine.get("/announcements").select_one(".notice-list").get_text()
    listed = mine.get("/announcements").select_one(".notice-list").get_text()
    assert "يبدأ الأحد." in listed and "**" not in listed, "words, not the marks they were typed with"
    assert mine.get(f"/announcements/{row.id}").select_one("article strong").get_text() == "الأحد"
    assert "جديد" not in mine.get("/announcements").select_one(".notice-list").get_text()
    assert queries.how_far_read(row) == (2, 1)
    assert "1 من 2" in visit(people.administrator()).get("/admin/announcements").words
    visit(other).get(f"/announcements/{row.id}")
    assert queries.how_far_read(row) == (2, 2)


def test_who_comes_later_reads_it_too_until_it_ends(agency, visit):
    unit = people.org_unit(agency)
    row = published(unit)
    late = visit(people.person(unit=unit))
    assert TITLE.ar in late.get("/announcements").words
    row.shown_until = (NOW - timedelta(days=40)).date()
    assert TITLE.ar not in late.get("/announcements").words
    late.get(f"/announcements/{row.id}", status=404)


def test_withdrawn_it_is_gone_and_its_waiting_letters_are_not_sent(agency, visit):
    unit = people.org_unit(agency)
    reader = people.person(unit=unit)
    row = published(unit)
    keeper = visit(people.administrator())
    keeper.post(f"/admin/announcements/{row.id}/withdraw")
    assert row.state == "withdrawn" and queries.still_open([row.id]) == set()
    visit(reader).get(f"/announcements/{row.id}", status=404)
    keeper.post(f"/admin/announcements/{row.id}/publish")
    assert row.state == "withdrawn"


def test_an_administrator_writes_sees_its_reach_and_publishes(agency, visit):
    """NO1"""
    unit = people.org_unit(agency, name=people.both("الاستقبال", "Reception"))
    people.person(unit=unit)
    keeper = visit(people.administrator(agency, everywhere=False))
    form = {
        "title-ar": "إعلان",
        "title-en": "News",
        "text-ar": "نص",
        "text-en": "",
        "place": f"u{unit.id}",
        "audience": "everyone",
    }
    keeper.post("/admin/announcements/new", {**form, "title-ar": "", "title-en": ""}, status=422)
    keeper.post("/admin/announcements/new", form)
    row = db.session.scalar(select(Announcement))
    assert (row.organisation_id, row.org_unit_id) == (agency.id, unit.id)
    assert "شخص واحد" in keeper.get(f"/admin/announcements/{row.id}").words
    assert "باللغتين" in keeper.post(f"/admin/announcements/{row.id}/publish").words and row.state == "draft"
    keeper.post(f"/admin/announcements/{row.id}/edit", {**form, "text-en": "Text", "revision": str(row.revision)})
    keeper.post(f"/admin/announcements/{row.id}/publish")
    assert row.state == "published"
    assert "لم يتغير" not in keeper.post(f"/admin/announcements/{row.id}/edit", form, status=422).words


def test_an_organisations_administrator_announces_in_no_other_one(agency, visit):
    other = people.organisation()
    keeper = visit(people.administrator(agency, everywhere=False))
    form = {"title-ar": "إعلان", "title-en": "", "text-ar": "نص", "text-en": "", "audience": "everyone"}
    for place in ("", f"o{other.id}", "o99999", "x", "u1e3"):
        keeper.post("/admin/announcements/new", {**form, "place": place}, status=422)
    assert not db.session.scalar(select(func.count()).select_from(Announcement))
    foreign, whole = published(other), written()
    for row in (foreign, whole):
        keeper.get(f"/admin/announcements/{row.id}", status=404)
        keeper.post(f"/admin/announcements/{row.id}/publish", status=404)
    assert TITLE.ar not in keeper.get("/admin/announcements").words


def test_an_older_page_does_not_overwrite_a_newer_draft(app):
    row = written()
    given = {
        "text": TEXT,
        "audience": "everyone",
        "place": None,
        "shown_until": None,
        "actor_id": row.created_by_id,
        "at": NOW,
    }
    services.write_announcement(row, title=people.both("أول", "First"), revision=1, **given)
    with pytest.raises(Conflict):
        services.write_announcement(row, title=people.both("ثان", "Second"), revision=1, **given)
    assert row.title.en == "First"
    with pytest.raises(Invalid):
        services.write_announcement(row, title=TITLE, **{**given, "audience": "nobody"})


def test_only_a_draft_is_deleted(app, visit):
    keeper, row = visit(people.administrator()), written()
    other = published()
    keeper.post(f"/admin/announcements/{row.id}/delete")
    keeper.post(f"/admin/announcements/{other.id}/delete")
    assert list(db.session.scalars(select(Announcement.id))) == [other.id]


def test_long_lists_take_no_more_statements(agency, visit, statements):
    keeper = visit(people.administrator())
    counts = []
    for rows in (2, 12):
        for _ in range(rows):
            published(agency)
        for path in ("/admin/announcements", "/announcements"):
            with statements() as seen:
                keeper.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:] and max(counts) <= 8


def test_the_list_tells_the_beginning_in_words_without_the_signs_of_markdown(agency, visit):
    """NO1"""
    published(text=people.both("- **الأحد:** ورشة", "- **Sunday:** a workshop"))
    page = visit(people.person(unit=people.org_unit(agency), language="en")).get("/announcements")
    assert "Sunday: a workshop" in page.words and "**" not in page.words


def test_a_draft_that_lacks_a_language_says_so_and_is_not_offered_to_be_published(agency, visit):
    keeper = visit(people.administrator())
    half, whole = written(text=people.both("نص", "")), written()
    page = keeper.get(f"/admin/announcements/{half.id}")
    assert "لا يمكن نشره بعد" in page.words and not page.select("form[action$='/publish']")
    page = keeper.get(f"/admin/announcements/{whole.id}")
    assert "لا يمكن نشره بعد" not in page.words and page.select("form[action$='/publish']")
