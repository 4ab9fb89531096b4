"""Rules of assignment look again soon at whoever comes by a file, comes back, or comes from another organisation."""

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.services.importing import preview
from academy.base.access import ADMINISTRATOR, Actor, Grant
from academy.base.db import db
from academy.base.jobs import Job
from tests.conftest import NOW
from tests.factories import accounts as people


def looked_at() -> set[int]:
    """The organisations whose rules are about to run."""
    jobs = db.session.scalars(select(Job).where(Job.name == "learning.run_rules_of"))
    return {job.arguments["organisation_id"] for job in jobs}


def by_file(home, _who):
    by = people.administrator(of=home, everywhere=False)
    document = {"rows": [[2, {"email": "new@canary.test", "name_ar": "جديد"}]], "ignored": []}
    plan = accounts.keep_plan(document, organisation_id=home.id, file_name="a.csv", owner_id=by.id, at=NOW)
    grants = (Grant(ADMINISTRATOR, home.id),)
    actor = Actor(by.id, by.name, by.email, home.id, None, "ar", "latn", "both", grants)
    accounts.apply_plan(plan, preview(plan, actor).digest, actor=actor, at=NOW)


def back(_home, who):
    who.state = "suspended"
    db.session.flush()
    accounts.revive(who, actor_id=None, at=NOW)


def from_elsewhere(home, _who):
    accounts.move_person(people.person(of=people.organisation()), home.id, actor_id=None, at=NOW)


@pytest.mark.parametrize("come", [by_file, back, from_elsewhere])
def test_the_rules_of_the_organisation_look_again(app, come):
    home = people.organisation()
    who = people.person(of=home)
    assert home.id not in looked_at()
    come(home, who)
    assert home.id in looked_at()
