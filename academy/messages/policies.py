"""Who reads, writes and reports messages, and who decides about reports. Who may write to whom stands in `queries_of_pairs`."""

from typing import Any

from academy.accounts.kinds import add_setting
from academy.accounts.models import Person
from academy.base.access import ADMINISTRATOR, Actor, UnlessLocked, any_administrator, anyone_signed_in, permit
from academy.base.db import db
from academy.base.i18n import _l
from academy.messages.models import MessageReport, MessageStop


def _takes_part(actor: Actor, thing: Any) -> bool:
    return bool(thing.person_id == actor.person_id)


def _may_begin(actor: Actor, pair: Any) -> bool:
    first = not pair.waits and (pair.verdict.allowed or pair.verdict.acquainted)
    return pair.person_id == actor.person_id and (first or pair.conversation_id is not None)


def _received(actor: Actor, message: Any) -> bool:
    return actor.person_id == message.recipient_id


def _decides(actor: Actor, report: MessageReport) -> bool:
    third = actor.person_id not in (report.author_id, report.reporter_id)
    return third and actor.has(ADMINISTRATOR, report.organisation_id)


def _lifts(actor: Actor, stop: MessageStop) -> bool:
    stopped = db.session.get(Person, stop.person_id)
    return stopped is not None and stopped.id != actor.person_id and actor.has(ADMINISTRATOR, stopped.organisation_id)


LIST = permit("messages:conversation:list", anyone_signed_in, "Everyone lists their own conversations.")
READ = permit(
    "messages:conversation:read",
    _takes_part,
    "A conversation is read by its two people alone; no administrator and no auditor opens it.",
)
BEGIN = permit(
    "messages:conversation:begin",
    _may_begin,
    "Everyone begins a conversation with those whom the policy lets them write to, and reads why not with those to whom duty ties them; a learner of another organisation writes first.",
)
REPORT = permit("messages:message:report", _received, "Whoever received a message reports it.")
LIST_REPORTS = permit(
    "messages:report:list", any_administrator, "Administrators list the reports about people of their organisations."
)
DECIDE = permit(
    "messages:report:decide",
    _decides,
    "Administrators decide about reported messages of their people; never about their own, nor what they reported.",
)
LIFT = permit("messages:stop:lift", _lifts, "Administrators let their people write again before the day is over.")
RULES = add_setting("messages", _l("Who writes to whom"))
RULE = permit(
    "messages:rules:change",
    UnlessLocked(RULES, lambda actor, organisation: actor.has(ADMINISTRATOR, organisation.id)),
    "Administrators say who in their organisations may write to whom, and how long messages are kept, unless the academy keeps that for itself.",
)
