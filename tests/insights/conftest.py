"""A manager with a small team, and the same in another organisation with names that must never be seen."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.arabic import search_document
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories.accounts import both


def due_in(days):
    return clock.today() + timedelta(days=days)


def named(ar, en, **given):
    """A person who can be found by their name."""
    return people.person(name=both(ar, en), search_text=search_document(ar, en), **given)


@pytest.fixture
def team(app):
    """A boss with two reports, one of whom has a report of their own; one course, overdue for `late`."""
    boss = named("المدير", "The boss")
    late = named("خالد الشمري", "Khalid Alshammari", manager=boss)
    lead = named("ريم الدوسري", "Reem Aldosari", manager=boss)
    deep = named("سعد المطيري", "Saad Almutairi", manager=lead)
    course = catalogue.course(title=both("قياس التجربة", "Measuring experience"), lessons=2)
    return SimpleNamespace(
        boss=boss, late=late, lead=lead, deep=deep, course=course, place=learning.assigned(course, late, due_in(-4))
    )


@pytest.fixture
def others(app):
    """The same in another organisation: canaries."""
    boss = named("CANARY مدير", "CANARY boss")
    who = named("CANARY موظف", "CANARY employee", manager=boss)
    course = catalogue.course(
        title=both("CANARY مقرر", "CANARY course"),
        audience="organisation",
        of=db.session.get(Organisation, boss.organisation_id),
    )
    return SimpleNamespace(boss=boss, who=who, course=course, place=learning.assigned(course, who, due_in(-2)))
