"""The pages of the report builder, filled from the prepared academy."""

from flask import url_for

from academy.base import clock
from academy.devdata import accounts as demo
from academy.insights.reports import reach, services
from academy.insights.reports.models import Report
from tests.journeys.prepared import person

GROUPED = {"groups": ["course", "state"], "measures": [["count", ""], ["average", "progress"]], "chart": "bar"}
NESTED = {
    "joined": "all",
    "parts": [
        {"column": "person", "operator": "filled", "values": []},
        {"joined": "any", "parts": [{"column": "state", "operator": "one_of", "values": ["completed"]}, {"column": "progress", "operator": "above", "values": ["10"]}]},
    ],
}  # fmt: skip
UNIT_FIRST = ["unit", "person", "course", "state", "due_on", "progress"]
COMPLETED = {"joined": "all", "parts": [{"column": "state", "operator": "one_of", "values": ["completed"]}]}


def _made(who: demo.Account, title: str, **asked: object) -> Report:
    reader = reach.actor_of(person(who).id)
    report = services.create(reader, title, "enrolments", at=clock.now())
    services.keep(report, at=clock.now(), **asked)
    return report


def report_pages() -> list[str]:
    """Return the pages of somebody who builds reports about their team."""
    listed = _made(demo.MANAGER, "قائمة", where=NESTED)
    grouped = _made(demo.MANAGER, "مجموعات", **GROUPED)
    line = _made(demo.MANAGER, "خط", **{**GROUPED, "groups": ["enrolled_at"], "chart": "line"})
    moved = _made(demo.MANAGER, "كل التسجيلات", columns=UNIT_FIRST)
    completed = _made(demo.MANAGER, "المكتملة", columns=UNIT_FIRST, where=COMPLETED)
    by_course = _made(demo.MANAGER, "المكتملة في كل مقرر", where=COMPLETED, groups=["course"], measures=[["count", ""]])
    whole = _made(demo.MANAGER, "عدد", groups=[], measures=[["count", ""]])
    reader = reach.actor_of(person(demo.MANAGER).id)
    services.share_with_role(listed, "manager", reader, at=clock.now())
    services.subscribe(listed, reader, "weekly", at=clock.now())
    services.order_file(listed, reader, "csv", 40, at=clock.now())
    steps = ("view", "columns", "where", "groups", "share", "letters", "name")
    return [
        *(url_for(f"reports.{name}") for name in ("mine", "datasets", "new", "files")),
        *(url_for(f"reports.{step}", report_id=listed.id) for step in steps),
        url_for("reports.view", report_id=grouped.id),
        *(url_for("reports.view", report_id=each.id) for each in (line, moved, completed, by_course)),
        url_for("reports.behind", report_id=whole.id, figure=0),
    ]


def rule_pages() -> list[str]:
    """Return the page on which administrators set the smallest group."""
    return [url_for("reports.small_groups")]
