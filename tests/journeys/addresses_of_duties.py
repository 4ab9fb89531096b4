"""The pages of calendars and duties with the people who open them."""

from dataclasses import replace

from flask import url_for

from academy.devdata import accounts as demo
from academy.learning.models import CalendarEntry, DutyRule, Enrolment, RuleRun
from academy.learning.rules.duties import Audience, Definition
from academy.learning.services import duties
from tests.journeys.prepared import first, person


def calendar_pages() -> list[str]:
    """Return the calendar of the agency as its administrator keeps it."""
    agency_id = person(demo.ADMINISTRATOR).organisation_id
    entry = first(CalendarEntry, CalendarEntry.organisation_id == agency_id)
    names = ("working_days", "new_holiday", "new_short_hours", "import_holidays")
    return [
        url_for("insights.late"),
        url_for("learning.calendars_of_work"),
        *(url_for(f"learning.{name}", organisation_id=agency_id) for name in names),
        url_for("learning.calendar_entry", entry_id=entry.id),
        url_for("notices.prayer_pauses"),
        url_for("notices.prayer_pause", organisation_id=agency_id),
    ]


def rule_pages() -> list[str]:
    """Return the rules of duties as the administrator of the agency keeps them, one of them changed and not yet in effect."""
    rule = first(DutyRule)
    run = first(RuleRun, RuleRun.rule_id == rule.id)
    duties.change_rule(rule, replace(Definition.of(rule.definition), audience=Audience()))
    names = ("duty_rule", "preview_rule", "edit_rule")
    return [
        url_for("learning.duty_rules"),
        url_for("learning.new_rule"),
        url_for("learning.new_rule_in", organisation_id=rule.organisation_id),
        *(url_for(f"learning.{name}", rule_id=rule.id) for name in names),
        url_for("learning.preview_rule", rule_id=rule.id, show="leaving"),
        url_for("learning.rule_run", run_id=run.id),
        url_for("learning.extend_due_day", enrolment_id=first(Enrolment, Enrolment.due_on.is_not(None)).id),
    ]
