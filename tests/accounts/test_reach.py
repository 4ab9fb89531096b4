"""Whose team somebody is in: the line, units, matrix managers and deputies, exactly as stated and never past an organisation."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts import policies
from academy.accounts.models import Deputyship, MatrixLine, Person
from academy.accounts.queries import arrival
from academy.accounts.services import start_session
from academy.base import clock
from academy.base.access import allowed
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories.accounts import both

SIZE = 9


def actor_of(who):
    """The actor as the session of a person makes them."""
    at = clock.now()
    token = start_session(who.id, at=at, address="127.0.0.1", browser="test")
    db.session.flush()
    return arrival(token, at=at, idle=timedelta(days=1), longest=timedelta(days=1), for_page=False).actor


def managed(who) -> set[int]:
    return set(db.session.scalars(select(Person.id).where(policies.people_managed(actor_of(who)))))


def lend(manager, deputy, first=0, last=0, **given) -> Deputyship:
    today = clock.today()
    row = Deputyship(
        manager_id=manager.id, deputy_id=deputy.id, starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last), made_at=clock.now(), **given,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def matrix(person, manager) -> MatrixLine:
    row = MatrixLine(person_id=person.id, manager_id=manager.id, label=both("مشروع", "Project"), added_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def line(app):
    """A boss over a lead over a clerk; beside them somebody of the same agency."""
    boss = people.person()
    lead = people.person(manager=boss)
    return SimpleNamespace(
        boss=boss, lead=lead, clerk=people.person(manager=lead), aside=people.person(of=boss.organisation)
    )


def test_direct_and_indirect_reports(line):
    """ID6"""
    assert managed(line.boss) == {line.lead.id, line.clerk.id}
    assert managed(line.lead) == {line.clerk.id}
    assert managed(line.aside) == managed(line.clerk) == set()


def test_a_matrix_manager_has_the_person_and_nobody_below_them(line):
    """ID6"""
    matrix(line.lead, line.aside)
    assert managed(line.aside) == {line.lead.id}
    assert actor_of(line.aside).manages_people


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(-1, 1, True), (0, 0, True), (0, 5, True), (-5, 0, True), (1, 5, False), (-5, -1, False)],
)
def test_a_deputy_has_the_reach_from_the_first_day_to_the_last(line, first, last, holds):
    """ID6: nothing has to run for it to begin or to end."""
    lend(line.boss, line.aside, first, last)
    assert managed(line.aside) == ({line.lead.id, line.clerk.id} if holds else set())
    assert actor_of(line.aside).leads is holds


def test_what_was_ended_early_holds_no_more(line):
    """ID6"""
    row = lend(line.boss, line.aside, -1, 9)
    row.ended_at, row.ended_by_id = clock.now(), line.boss.id
    assert managed(line.aside) == set()


def test_a_suspended_manager_lends_nothing(line):
    lend(line.boss, line.aside, -1, 9)
    line.boss.state = "suspended"
    assert managed(line.aside) == set()


def test_what_is_lent_is_not_lent_on(line):
    """ID6: a deputy of a deputy has only what the deputy has of their own."""
    other = people.person(of=line.boss.organisation)
    lend(line.boss, line.aside)
    lend(line.aside, other)
    assert managed(other) == set()
    assert not allowed(policies.NAME_DEPUTY, actor_of(line.aside))


def test_a_deputy_from_below_does_not_see_themself_or_the_manager(line):
    lend(line.boss, line.lead)
    assert managed(line.lead) == {line.clerk.id}


def test_nothing_crosses_an_organisation(line):
    """ID6: not by a line, a matrix line, a deputyship or a role that reaches further."""
    foreign = people.person()
    theirs = people.person(manager=foreign)
    stray = people.person(of=foreign.organisation, manager=line.boss)
    matrix(theirs, line.boss)
    lend(foreign, line.aside)
    everywhere = people.grant(people.person(of=line.boss.organisation), "manager")
    lend(everywhere, line.clerk)
    assert not managed(line.boss) & {theirs.id, stray.id}
    assert managed(line.aside) == set()
    assert managed(line.clerk) == {line.boss.id, line.lead.id, line.aside.id}


def test_a_circle_in_the_line_ends(line):
    line.boss.manager_id = line.clerk.id
    db.session.flush()
    assert managed(line.boss) == {line.lead.id, line.clerk.id}


houses = st.fixed_dictionaries({
    "house": st.lists(st.integers(0, 1), min_size=SIZE, max_size=SIZE),
    "unit": st.lists(st.integers(0, 2), min_size=SIZE, max_size=SIZE),
    "above": st.lists(st.integers(0, SIZE), min_size=SIZE, max_size=SIZE),
    "matrix": st.sets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=4),
    "lent": st.sets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=4),
    "granted": st.sets(st.tuples(st.integers(0, SIZE - 1), st.sampled_from(["all", "whole", "top", "part"])), max_size=3),
})  # fmt: skip


def build(plan):
    """Make two organisations, each with a unit and a part of it, and the people as planned."""
    owners = [people.organisation() for _ in range(2)]
    tops = [people.org_unit(owner) for owner in owners]
    parts = [people.org_unit(parent=top) for top in tops]
    who = []
    for n in range(SIZE):
        h = plan["house"][n]
        above = plan["above"][n]
        unit = (None, tops[h], parts[h])[plan["unit"][n]]
        who.append(people.person(of=owners[h], unit=unit, manager=who[above] if above < n else None))
    for a, b in plan["matrix"]:
        if a != b:
            matrix(who[a], who[b])
    for a, b in plan["lent"]:
        if a != b:
            lend(who[a], who[b])
    for n, where in plan["granted"]:
        h = plan["house"][n]
        scope = {"whole": {"of": owners[h]}, "top": {"unit": tops[h]}, "part": {"unit": parts[h]}}
        people.grant(who[n], "manager", **scope.get(where, {}))
    return who


def own(plan, n) -> set[int]:
    """Whom somebody reaches in their own right, told in the plainest way."""
    house, found = plan["house"], set()
    for p in range(SIZE):
        chain, at = set(), p
        while plan["above"][at] < at:
            at = plan["above"][at]
            chain.add(at)
        if n in chain and house[p] == house[n]:
            found.add(p)
    found |= {p for p, m in plan["matrix"] if m == n and p != m and house[p] == house[n]}
    for who, where in plan["granted"]:
        if who == n:
            inside = {"all": (0, 1, 2), "whole": (0, 1, 2), "top": (1, 2), "part": (2,)}[where]
            same = [p for p in range(SIZE) if where == "all" or house[p] == house[n]]
            found |= {p for p in same if plan["unit"][p] in inside}
    return found - {n}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(houses)
def test_the_reach_is_what_the_words_say(app, plan):
    """ID6: the truth table, over random lines, units, matrix lines, roles and deputies of two organisations."""
    point = db.session.begin_nested()
    who = build(plan)
    ids = [each.id for each in who]
    for n in range(SIZE):
        expected = own(plan, n)
        for m, deputy in plan["lent"]:
            if deputy == n and m != n and plan["house"][m] == plan["house"][n]:
                expected |= {p for p in own(plan, m) - {m, n} if plan["house"][p] == plan["house"][n]}
        assert managed(who[n]) & set(ids) == {ids[p] for p in expected}
    point.rollback()
