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
