"""Reports by letter: once a period, in the reader's language, with the rights of the moment, and never an empty one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.base import clock, jobs
from academy.base.db import db
from academy.base.jobs import Job, run_all_due
from academy.insights.reports import jobs as report_jobs
from academy.insights.reports import reach, services
from academy.insights.reports.models import ReportDelivery
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.factories import accounts as people
from tests.insights.test_report_pages import report_of

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def letters():
    run_all_due()
    report_jobs.report_letters()
    db.session.commit()
    run_all_due()
    assert not [job.last_error for job in db.session.scalars(select(Job)) if job.last_error]
    return [letter for letter in db.session.scalars(select(Letter)) if letter.kind == "report_ready"]


def subscribed(who, rhythm="weekly", **definition):
    report = report_of(who, "enrolments", **definition)
    services.subscribe(report, reach.actor_of(who.id), rhythm, at=clock.now())
    return report


def outcomes():
    return db.session.scalars(select(ReportDelivery.outcome).order_by(ReportDelivery.id)).all()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_weekly_report_comes_on_sunday_once_in_the_readers_language(monkeypatch, team, language):
    """RE5: mail weekly, once for a period, in the reader's language."""
    team.boss.language = language
    at(monkeypatch, THURSDAY)
    report = subscribed(team.boss)
    assert letters() == []
    at(monkeypatch, THURSDAY + timedelta(days=3))
    (letter,) = letters()
    assert (letter.language, letter.address) == (language, f"http://localhost/reports/{report.id}")
    assert ("تقريرك" if language == "ar" else "Your report") in letter.subject
    for _again in range(3):
        assert len(letters()) == 1
    at(monkeypatch, THURSDAY + timedelta(days=10))
    assert len(letters()) == 2
    assert outcomes() == ["sent", "sent"]


def test_an_empty_report_is_not_sent_and_says_so(monkeypatch, visit, team):
    """RE5: skip if empty."""
    at(monkeypatch, THURSDAY)
    report = subscribed(team.boss, "daily", where={"parts": [{"column": "person", "operator": "is", "values": ["x"]}]})
    at(monkeypatch, THURSDAY + timedelta(days=3))
    assert letters() == [] and outcomes() == ["empty"]
    monkeypatch.undo()
    assert "لم يرسل" in visit(team.boss).get(f"/reports/{report.id}/letters").words.replace("يُ", "ي")


def test_rights_are_asked_again_when_it_is_sent(monkeypatch, team):
    """RE5: rights re-checked at send: who leads nobody any more gets nothing, a share taken back ends it."""
    at(monkeypatch, THURSDAY)
    report = report_of(team.boss, "enrolments")
    services.share_with_person(report, team.lead.email, reach.actor_of(team.boss.id), at=clock.now())
    services.subscribe(report, reach.actor_of(team.lead.id), "daily", at=clock.now())
    subscribed(team.boss, "daily")
    for who in (team.late, team.lead):
        who.manager_id = None
    db.session.flush()
    services.unshare(report, report_share(report), reach.actor_of(team.boss.id) or actor(team.boss), at=clock.now())
    at(monkeypatch, THURSDAY + timedelta(days=3))
    assert letters() == [] and sorted(outcomes()) == ["refused", "refused"]


def actor(who):
    return reach.actor_of(who.id)


def report_share(report):
    from academy.insights.reports.queries import finding

    return finding.shares(report.id)[0].id


def test_a_letter_that_waits_is_dropped_when_the_right_has_gone(monkeypatch, team):
    at(monkeypatch, THURSDAY)
    report = report_of(team.boss, "enrolments")
    services.share_with_person(report, team.lead.email, actor(team.boss), at=clock.now())
    team.late.manager_id = team.lead.id
    db.session.flush()
    services.subscribe(report, actor(team.lead), "daily", at=clock.now())
    at(monkeypatch, THURSDAY + timedelta(days=3))
    report_jobs.report_letters()
    db.session.commit()
    due = select(Job.id).where(Job.name == "insights.report_letter")
    jobs.run(db.session.scalars(due).one())
    services.unshare(report, report_share(report), actor(team.boss), at=clock.now())
    db.session.commit()
    run_all_due()
    assert [letter.state for letter in db.session.scalars(select(Letter).where(Letter.kind == "report_ready"))] == [
        "dropped"
    ]


def test_a_letter_tells_nothing_of_other_organisations(monkeypatch, team, others):
    """RE5: the rows counted for the reader are the reader's; the letter names nobody."""
    at(monkeypatch, THURSDAY)
    subscribed(team.boss, "daily")
    at(monkeypatch, THURSDAY + timedelta(days=3))
    (letter,) = letters()
    assert "CANARY" not in letter.text and db.session.scalars(select(ReportDelivery.rows)).one() == 1
    assert db.session.scalars(select(Notice).where(Notice.kind == "report_ready")).one().person_id == team.boss.id


def test_a_failure_is_seen_by_its_reader(monkeypatch, visit, team):
    """RE5: failures visible."""
    at(monkeypatch, THURSDAY)
    report = subscribed(team.boss, "daily")
    at(monkeypatch, THURSDAY + timedelta(days=3))
    report_jobs.report_letters()
    db.session.flush()
    job = db.session.scalars(select(Job).where(Job.name == "insights.report_letter")).one()
    job.state, job.finished_at = "failed", clock.now()
    monkeypatch.undo()
    page = visit(team.boss).get(f"/reports/{report.id}/letters")
    assert page.select(".chip.bad")


def test_a_reader_ends_their_own_letters(visit, team):
    report, browser = report_of(team.boss), visit(team.boss)
    address = f"/reports/{report.id}/letters"
    page = browser.post(address, {"rhythm": "monthly"})
    assert page.select_one("[name=rhythm][checked]")["value"] == "monthly"
    browser.post(address, {"rhythm": ""})
    browser.post(address, {"rhythm": "hourly"}, status=422)
    assert letters() == []


@pytest.mark.concurrency
def test_many_workers_queue_a_period_once(crowd_app):  # noqa: F811
    """RE5: never twice for the same period, however many workers begin it at the same moment."""
    with prepared(crowd_app):
        boss = people.person()
        people.person(manager=boss)
        report = report_of(boss)
        services.subscribe(report, reach.actor_of(boss.id), "daily", at=clock.now() - timedelta(days=9))
    run_together(6, lambda _n: report_jobs.report_letters(), app=crowd_app)
    with prepared(crowd_app):
        assert len(outcomes()) == 1
        assert db.session.query(Job).filter(Job.name == "insights.report_letter").count() == 1
