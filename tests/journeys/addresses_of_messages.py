"""The pages of messages: one's own conversations, and what administrators decide and rule."""

from datetime import timedelta

from flask import url_for

from academy.base import clock
from academy.base.db import db
from academy.devdata import accounts as demo
from academy.messages import queries, services
from academy.messages.models import MessageReport
from tests.factories import messages
from tests.journeys.prepared import first, person


def message_pages() -> list[str]:
    """Return an employee's conversations: the list, choosing, a first message, one that is closed, reporting."""
    me, trainer, manager = (person(each) for each in (demo.EMPLOYEE, demo.TRAINER, demo.MANAGER))
    learnt, led = (queries.conversation_between(me.id, other.id) for other in (trainer, manager))
    received = db.session.execute(queries.messages_of(learnt.id, me.id)).all()[1]
    return [
        url_for("messages.inbox"),
        url_for("messages.inbox", q="xyzzy"),
        url_for("messages.choose"),
        url_for("messages.choose", q="xyzzy"),
        url_for("messages.begin", person_id=person(demo.ADMINISTRATOR).id),
        url_for("messages.conversation", conversation_id=learnt.id),
        url_for("messages.conversation", conversation_id=led.id),
        url_for("messages.ask_trainer", key="service-design"),
        url_for("messages.report", message_id=received.id),
    ]


def moderating_pages() -> list[str]:
    """Return what an administrator finds: reports that wait and were decided, one of each, and the rules."""
    at, admin = clock.now(), person(demo.ADMINISTRATOR)
    waiting = first(MessageReport, MessageReport.outcome.is_(None))
    rude = messages.said(person(demo.EMPLOYEE), person(demo.MANAGER), "كفى!", at=at)
    decided = messages.reported(rude, person(demo.MANAGER), at=at)
    services.decide(
        decided, "stopped", answer="يوم واحد.", stop_until=clock.today() + timedelta(days=1), actor_id=admin.id, at=at,
        today=clock.today(),
    )  # fmt: skip
    return [
        url_for("messages.reports"),
        url_for("messages.reports", state="decided"),
        url_for("messages.decide_report", message_report_id=waiting.id),
        url_for("messages.decide_report", message_report_id=decided.id),
        url_for("messages.all_rules"),
        url_for("messages.message_rules", organisation_id=admin.organisation_id),
    ]
