"""What happens to a conversation at once (NO3)."""

from datetime import datetime, timedelta

import pytest

from academy.base.db import db
from academy.messages import queries, rules, services
from academy.messages.models import DirectMessage
from tests.concurrency import crowd_app, meanwhile, prepared  # noqa: F401
from tests.factories import accounts as people
from tests.factories.messages import AT, said

pytestmark = pytest.mark.concurrency


def old_conversation(app) -> tuple[int, int, datetime]:
    """Two people who talked once, and a moment at which what they said is to be deleted."""
    with prepared(app):
        manager = people.person()
        clerk = people.person(manager=manager)
        said(clerk, manager)
        return clerk.id, manager.id, AT + timedelta(days=rules.MONTHS * 30.5 + 1)


def test_a_message_sent_while_its_old_conversation_is_deleted_stays(crowd_app):  # noqa: F811
    """P1: what was said to be sent is never lost."""
    one, other, late = old_conversation(crowd_app)
    with prepared(crowd_app):
        sent = services.send(one, other, "بعد عام", token="late", at=late, today=late.date()).id
        came_of_it = meanwhile(crowd_app, lambda: services.delete_old(at=late))
    assert came_of_it() == 0
    with prepared(crowd_app):
        assert db.session.get(DirectMessage, sent) is not None
        assert queries.conversation_between(one, other) is not None


def test_a_message_sent_into_a_conversation_that_is_being_deleted_begins_a_new_one(crowd_app):  # noqa: F811
    """P1"""
    one, other, late = old_conversation(crowd_app)

    def send() -> int:
        return services.send(one, other, "بعد عام", token="late", at=late, today=late.date()).id

    with prepared(crowd_app):
        assert services.delete_old(at=late) == 1
        came_of_it = meanwhile(crowd_app, send)
    sent = came_of_it()
    with prepared(crowd_app):
        assert isinstance(sent, int), sent
        assert db.session.get(DirectMessage, sent).text == "بعد عام"
