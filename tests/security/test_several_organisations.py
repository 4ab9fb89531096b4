"""One human being in two houses: signed in to one, nothing of the other is seen but that it can be entered (ID11)."""

import re

import pytest

from academy.accounts.models import Person
from academy.base.db import db
from tests.factories import accounts as people
from tests.security.addresses import addresses
from tests.security.conftest import undone
from tests.security.scene import CANARIES
from tests.security.test_isolation import HOLDERS_ONLY, Crawl, everything_in

pytestmark = pytest.mark.doors
NAMES_HOUSES = {"accounts.sessions", "accounts.address"}  # where somebody is signed in, and whom the address signs in
SWITCH = re.compile(r'<div class="menu-places".*?</div>', re.DOTALL)


def test_who_belongs_to_two_houses_sees_in_one_nothing_of_the_other(scene, stage, entered):
    """ID11: pages, files, exports and search, and every id of what is theirs in the other house."""
    here, there, canary = scene["a"].learner.id, scene["c"].learner.id, CANARIES["c"].lower()
    with undone(stage):
        people.account(*(db.session.get(Person, number) for number in (here, there)))
        visit, leaks, told, switches = Crawl(entered(db.session.get(Person, here)), "a"), [], [], 0
        for address in addresses(stage, scene, "GET", most=1):
            if address.endpoint in HOLDERS_ONLY:
                continue
            said, found = SWITCH.subn("", everything_in(visit.get(address.path)))
            switches += found
            leaks += [address.path] if canary in said and address.endpoint not in NAMES_HOUSES else []
            if address.owner == "c":
                told += visit.compare(address, "text/html")
        assert (leaks, told) == ([], [])
        assert switches > 20 and visit.client.get("/account").status_code == 200
