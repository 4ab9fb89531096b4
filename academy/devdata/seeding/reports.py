"""A few reports of the demonstration people, so that their pages are alive."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from academy.accounts.models import Person
from academy.base.db import db
from academy.devdata.seeding.cast import Cast
from academy.insights.reports import reach, services

OVERDUE = {"joined": "all", "parts": [{"column": "overdue", "operator": "yes", "values": []}]}
REPORTS: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("manager", "المتأخرون من فريقي", "enrolments", {
        "columns": ["person", "course", "due_on", "progress", "last_activity"], "where": OVERDUE, "order": ["due_on", False],
    }),
    ("director", "الإكمال حسب الإدارة", "assignments", {
        "groups": ["unit"], "measures": [["count", ""], ["people", ""], ["share", "completed"]], "order": ["count:", True],
        "chart": "bar",
    }),
    ("director", "التسجيل شهرًا بشهر", "enrolments", {
        "groups": ["enrolled_at"], "measures": [["count", ""], ["average", "progress"]], "chart": "line",
    }),
    ("admin", "الكفايات حسب المجال", "competencies", {
        "groups": ["domain", "level"], "measures": [["people", ""], ["average", "score"]],
    }),
)  # fmt: skip


def load_reports(cast: Cast, *, now: datetime) -> None:
    """Build the reports; the manager's is shared with managers and comes every week."""
    at = now - timedelta(days=12)
    db.session.flush()
    for key, title, dataset, asked in REPORTS:
        who: Person = cast.demo[key]
        reader = reach.actor_of(who.id)
        if reader is None:
            continue
        report = services.create(reader, title, dataset, at=at)
        services.keep(report, at=at, **asked)
        if key == "manager":
            services.share_with_role(report, "manager", reader, at=at)
            services.subscribe(report, reader, "weekly", at=now)
