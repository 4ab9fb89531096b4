"""Two workers run one rule at the same moment."""

import pytest
from sqlalchemy import func, select

from academy.base.db import db
from academy.learning.models import Assignment, Duty, Enrolment, RuleOutcome
from academy.learning.services import duties
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import duties as rules

pytestmark = pytest.mark.concurrency


def test_eight_workers_assign_once(crowd_app):  # noqa: F811
    """CA5"""
    with prepared(crowd_app):
        of = people.organisation()
        for _each in range(6):
            people.person(of=of)
        rule = rules.rule(of).id
    ran = run_together(8, lambda n: duties.run_rule(rule, cause="daily", at=NOW).outcomes, app=crowd_app)
    assert not [one for one in ran if isinstance(one, Exception)], ran
    assert sorted(len(one) for one in ran) == [0] * 7 + [6]
    with prepared(crowd_app):
        counted = {
            model: db.session.scalar(select(func.count()).select_from(model))
            for model in (Duty, Enrolment, RuleOutcome, Assignment)
        }
    assert counted == {Duty: 6, Enrolment: 6, RuleOutcome: 6, Assignment: 1}
