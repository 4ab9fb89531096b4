"""The trainers' roster, on the page and as a file."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from academy.base import clock
from academy.base.arabic import search_document
from academy.learning.services import open_activity
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories.accounts import both


def named(ar, en, of):
    return people.person(of=of, name=both(ar, en), search_text=search_document(ar, en))


@pytest.fixture
def taught(app):
    """A trainer with a course and three learners of it: one done, one late, one at work."""
    home = people.organisation()
    trainer = people.trainer(of=home, language="en")
    course = catalogue.course(trainer=trainer, lessons=2)
    learning.completed(learning.enrolment(named("نورة القحطاني", "Noura Alqahtani", home), course))
    learning.assigned(course, named("فهد العتيبي", "Fahd Alotaibi", home), date(2020, 1, 1))
    learning.completed(learning.enrolment(named("=cmd|' /C calc'!A0", "=1+1", home), course), but=1)
    return trainer, course


def test_it_shows_how_each_learner_stands(taught, visit):
    trainer, course = taught
    page = visit(trainer).get(f"/teach/{course.key}/roster")
    rows = {row.b.get_text(): row.get_text(" ", strip=True) for row in page.select("tbody tr")}
    assert "Completed" in rows["Noura Alqahtani"] and "2 of 2" in rows["Noura Alqahtani"]
    assert "Overdue" in rows["Fahd Alotaibi"] and "1 of 2" in rows["=1+1"]
    assert "3 learners" in page.words


def test_it_is_searched_in_both_languages_and_filtered_by_state(taught, visit):
    trainer, course = taught
    visitor = visit(trainer)
    for words in ("نوره", "Noura"):
        page = visitor.get(f"/teach/{course.key}/roster", query_string={"q": words})
        assert [row.b.get_text() for row in page.select("tbody tr")] == ["Noura Alqahtani"]
    assert "Fahd" in visitor.get(f"/teach/{course.key}/roster?state=overdue").words
    assert "Fahd" not in visitor.get(f"/teach/{course.key}/roster?state=completed").words
    assert "Nobody fits" in visitor.get(f"/teach/{course.key}/roster?q=zzz").words


def test_the_best_quiz_result_is_shown(app, visit):
    trainer = people.trainer(language="en")
    course = catalogue.course(trainer=trainer)
    learner = people.person(
        of=trainer.organisation_id and people.db.session.get(people.Organisation, trainer.organisation_id)
    )
    learning.enrolment(learner, course)
    version = assessment.quiz(course)
    assessment.graded(version, learner, right=1, at=NOW)
    assessment.graded(version, learner, right=False, at=NOW)
    assert "50%" in visit(trainer).get(f"/teach/{course.key}/roster").words


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(taught, visit):
    trainer, course = taught
    visitor = visit(trainer)
    visitor.get(f"/teach/{course.key}/roster.csv")
    raw = visitor.response.get_data()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert "'=1+1" in text and "Noura Alqahtani" in text
    assert visitor.response.headers["Content-Disposition"].endswith('.csv"')


def test_the_xlsx_carries_arabic_and_the_filter(taught, visit):
    trainer, course = taught
    trainer.language = "ar"
    visitor = visit(trainer)
    visitor.get(f"/teach/{course.key}/roster.xlsx?state=completed")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(visitor.response.get_data())).get_sheet_by_index(0).to_python()
    assert len(sheet) == 2 and sheet[1][0] == "نورة القحطاني"
    assert sheet[1][5:7] == [2, 2]


def test_an_unknown_kind_of_file_does_not_exist(taught, visit):
    trainer, course = taught
    visit(trainer).get(f"/teach/{course.key}/roster.pdf", status=404)


def test_a_trainer_sees_who_stands_still_and_where(app, visit):
    """RE2: who is inactive for two weeks, and at which activity they stopped; whoever goes on is not among them."""
    home = people.organisation()
    trainer = people.trainer(of=home, language="en")
    course = catalogue.course(trainer=trainer, lessons=2)
    stopped, fresh = named("نورة", "Noura", home), named("فهد", "Fahd", home)
    never = named("سعد", "Saad", home)
    for who in (stopped, fresh, never):
        place = learning.enrolment(who, course, at=clock.now() - timedelta(days=30))
        if who is not never:
            days = 20 if who is stopped else 2
            open_activity(place.id, learning.activity_ids(course)[0], at=clock.now() - timedelta(days=days))
    browser = visit(trainer)
    assert browser.get(f"/teach/{course.key}/roster").select_one(".kpis a[href*='state=still']")
    rows = browser.get(f"/teach/{course.key}/roster?state=still").select("tbody tr")
    said = {row.b.get_text(): row.get_text(" ", strip=True) for row in rows}
    assert set(said) == {"Noura", "Saad"} and "Stopped at" in said["Noura"] and "Never begun" in said["Saad"]


def test_it_stands_among_the_pages_of_the_course(taught, visit):
    trainer, course = taught
    page = visit(trainer).get(f"/teach/{course.key}/roster")
    groups = {link.get_text(strip=True): link for link in page.select(".tabs a")}
    assert list(groups) == ["Content", "Settings", "Learners", "Results", "Certificates"]
    assert [name for name, link in groups.items() if link.get("aria-current")] == ["Learners"]
    assert page.select_one(".sub-tabs a[aria-current]").get_text(strip=True) == "Learners"
    below = {link["href"] for link in page.select(".sub-tabs a")}
    assert f"/teach/{course.key}/entry" in below and f"/teach/{course.key}/questions" not in below


def test_a_course_shared_between_houses_shows_each_its_own_learners_and_the_centre_all(app, visit):
    """MT2: learners of two organisations take one course; neither house nor learner sees the other's, the centre all."""
    home, other = people.organisation(), people.organisation()
    trainer = people.trainer(of=home, language="en")
    course = catalogue.course(trainer=trainer, audience="everyone")
    ours, theirs = named("نورة", "Noura", home), named("فهد", "Fahd", other)
    for who in (ours, theirs):
        learning.enrolment(who, course)
        page = visit(who).get(f"/courses/{course.key}")
        assert not any(
            name in page.words for name in {"نورة", "Noura", "فهد", "Fahd"} - set(who.name.as_dict().values())
        )
        visit(who).get(f"/teach/{course.key}/roster", status=404)
    here = visit(trainer).get(f"/teach/{course.key}/roster")
    assert "Noura" in here.words and "Fahd" not in here.words and "1 learner" in here.words
    centre = visit(people.administrator(language="en")).get(f"/teach/{course.key}/roster")
    assert "Noura" in centre.words and "Fahd" in centre.words
