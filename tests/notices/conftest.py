"""Letters leave at any hour here, so that no test depends on the hour it runs at; tests of the quiet hours set their own."""

from datetime import UTC, datetime

import pytest

from academy.base.db import db
from academy.notices.models import LetterRules


@pytest.fixture(autouse=True)
def no_quiet_hours(request):
    """Set no quiet hours where a test has the application."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        at = datetime(2026, 1, 4, tzinfo=UTC)
        ladder = {"remind_before": [14, 7, 1], "manager_after": 3, "administrator_after": 10}
        hours = {"quiet_from": None, "quiet_until": None, "quiet_weekend": False}
        db.session.add(LetterRules(id=1, changed_at=at, **hours, **ladder))
        db.session.flush()
