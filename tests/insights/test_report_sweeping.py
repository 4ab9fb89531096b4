"""Files of reports that expired are deleted, bytes and all; the others stay."""

from datetime import timedelta

import time_machine

from academy.base import clock, storage
from academy.base.db import db
from academy.base.jobs import run_all_due
from academy.insights.reports import jobs, reach, services
from academy.insights.reports.models import ReportFile


def test_what_nobody_can_fetch_any_more_is_deleted_and_nothing_else(team):
    actor = reach.actor_of(team.boss.id)
    report = services.create(actor, "تقرير", "people", at=clock.now())
    old, fresh = (services.order_file(report, actor, "csv", 1, at=clock.now()) for _ in range(2))
    run_all_due()
    fresh.expires_at += timedelta(days=90)
    names = [services.name_of(each) for each in (old, fresh)]
    jobs.forget_files()
    assert all(storage.made(name) for name in names)
    with time_machine.travel(old.expires_at + timedelta(hours=1), tick=False):
        for _ in range(2):
            jobs.forget_files()
    assert db.session.query(ReportFile.id).all() == [(fresh.id,)]
    assert storage.made(names[0]) is None and storage.made(names[1])


def test_a_file_that_cannot_be_made_has_failed_after_the_last_try_and_stands_in_nobodys_way(team, monkeypatch):
    """P9: nothing is shown as being made for ever, nor counted against its owner."""
    actor = reach.actor_of(team.boss.id)
    report = services.create(actor, "تقرير", "people", at=clock.now())

    def full(*_given):
        raise OSError("no space left")

    monkeypatch.setattr(storage, "keep_made", full)
    with time_machine.travel(clock.now(), tick=False) as moment:
        file = services.order_file(report, actor, "csv", 1, at=clock.now())
        number = file.id
        for _try in range(4):
            run_all_due()
            moment.shift(timedelta(hours=1))
        assert db.session.get(ReportFile, number).state == "failed"
        moment.shift(services.KEPT_FOR)
        jobs.forget_files()
    assert db.session.query(ReportFile.id).all() == []
