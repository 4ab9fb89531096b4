"""Nobody serves uncertified: the rule as a table, and what must hold whatever the days are (ID12, MT1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.partners.rules import (
    COURSE,
    PROGRAMME,
    May,
    Member,
    Proof,
    Required,
    Terms,
    Why,
    decide,
    reminder_due,
    seats_short,
)

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ONE, OTHER = Required(COURSE, 1), Required(PROGRAMME, 1)
TERMS = Terms(date(2027, 12, 31), 14, (ONE,))
OLD = Member("active", date(2025, 1, 1))
GOOD = Proof(date(2026, 1, 1), date(2027, 6, 1))


def verdict(member=OLD, terms=TERMS, proofs=(GOOD,), day=TODAY):
    found = decide(member, terms, {ONE: list(proofs)}, day)
    return found.may.value, found.why.value, found.until


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ("serve", "certified", date(2027, 6, 1))),
        ({"day": date(2027, 6, 1)}, ("serve", "certified", date(2027, 6, 1))),
        ({"day": date(2027, 6, 2)}, ("not", "expired", None)),
        ({"proofs": [Proof(date(2026, 1, 1), None)]}, ("serve", "certified", date(2027, 12, 31))),
        ({"proofs": []}, ("not", "missing", None)),
        ({"proofs": [Proof(TODAY + DAY, None)]}, ("not", "missing", None)),
        ({"terms": None}, ("not", "no_agreement", None)),
        ({"member": Member("invited", None)}, ("not", "invited", None)),
        ({"member": Member("suspended", OLD.joined_on)}, ("not", "suspended", None)),
        ({"member": Member("suspended", OLD.joined_on, left=True)}, ("not", "left", None)),
        ({"member": Member("active", OLD.joined_on, open=False)}, ("not", "closed", None)),
        ({"member": Member("active", TODAY), "proofs": []}, ("accompanied", "new", TODAY + 14 * DAY)),
        ({"member": Member("active", TODAY - 14 * DAY), "proofs": []}, ("accompanied", "new", TODAY)),
        ({"member": Member("active", TODAY - 15 * DAY), "proofs": []}, ("not", "missing", None)),
        ({"member": Member("active", TODAY), "proofs": [Proof(OLD.joined_on, TODAY - DAY)]}, ("accompanied", "new", TODAY + 14 * DAY)),
        ({"member": Member("active", TODAY), "proofs": [Proof(OLD.joined_on, None, TODAY)]}, ("not", "revoked", None)),
        ({"proofs": [Proof(OLD.joined_on, None, TODAY + DAY)]}, ("serve", "certified", date(2027, 12, 31))),
        ({"proofs": [Proof(OLD.joined_on, None, None, ((TODAY, None),))]}, ("not", "held", None)),
        ({"proofs": [Proof(OLD.joined_on, None, None, ((TODAY - 9 * DAY, TODAY),))]}, ("serve", "certified", date(2027, 12, 31))),
        ({"proofs": [Proof(OLD.joined_on, TODAY - DAY), GOOD]}, ("serve", "certified", date(2027, 6, 1))),
        ({"terms": Terms(TODAY + DAY, 14, (ONE,)), "member": Member("active", TODAY), "proofs": []}, ("accompanied", "new", TODAY + DAY)),
    ],
)  # fmt: skip
def test_the_rule(given, told):
    assert verdict(**given) == told


def test_every_required_certificate_must_count():
    """R17: of courses and programmes alike; a course and a programme of the same number are two things."""
    both = Terms(TERMS.last_day, 14, (ONE, OTHER))
    found = decide(OLD, both, {ONE: [GOOD]}, TODAY)
    assert (found.may, found.why, found.of) == (May.NOT, Why.MISSING, OTHER)
    soon = Proof(GOOD.issued_on, TODAY + DAY)
    found = decide(OLD, both, {ONE: [GOOD], OTHER: [soon]}, TODAY)
    assert (found.may, found.until, found.of) == (May.SERVE, TODAY + DAY, OTHER)


days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
proofs = st.lists(st.builds(Proof, days, st.none() | days, st.none() | days), max_size=3)
members = st.builds(
    Member,
    st.sampled_from(("active", "invited", "suspended")),
    st.none() | days,
    left=st.booleans(),
    open=st.booleans(),
)


asked = st.lists(st.builds(Required, st.sampled_from((COURSE, PROGRAMME)), st.integers(1, 2)), unique=True, max_size=3)
held = st.dictionaries(st.builds(Required, st.sampled_from((COURSE, PROGRAMME)), st.integers(1, 2)), proofs)


@given(members, st.none() | st.builds(Terms, days, st.integers(0, 60), asked.map(tuple)), held, days)
def test_whoever_serves_alone_holds_every_certificate_and_all_count_on_that_day(member, terms, held, day):
    """R17–R19, ID12"""
    found = decide(member, terms, held, day)
    if found.may is May.SERVE:
        assert member.state == "active" and not member.left and terms is not None and terms.required
        assert all(any(proof.trouble_on(day) is None for proof in held.get(each, ())) for each in terms.required)
    if found.may is not May.NOT and day <= terms.last_day:
        assert found.until >= day
    assert found.of is None or found.of in terms.required


@given(members, st.builds(Terms, days, st.integers(0, 60), asked.map(tuple)), held, days)
def test_programmes_decide_as_courses_do(member, terms, held, day):
    """R17–R19: with courses and programmes exchanged everywhere, everybody may do the same for the same reason until the same day."""
    other = {COURSE: PROGRAMME, PROGRAMME: COURSE}

    def turned(each: Required) -> Required:
        return Required(other[each.kind], each.id)

    as_they_are = decide(member, terms, held, day)
    exchanged = decide(
        member,
        Terms(terms.last_day, terms.grace_days, tuple(turned(each) for each in terms.required)),
        {turned(each): found for each, found in held.items()},
        day,
    )
    assert (exchanged.may, exchanged.why, exchanged.until) == (as_they_are.may, as_they_are.why, as_they_are.until)
    assert exchanged.of == (turned(as_they_are.of) if as_they_are.of else None)


def test_the_reminder_of_a_day_is_the_nearest_one_due():
    assert [reminder_due(TODAY + left * DAY, TODAY) for left in (61, 60, 31, 30, 8, 7, 0, -1)] == [
        None, 60, 60, 30, 30, 7, 7, None,
    ]  # fmt: skip


def test_seats_run_out_at_eighty_percent():
    """MT5"""
    assert [seats_short(taken, 10) for taken in (7, 8, 11)] == [False, True, True]
    assert not seats_short(99, None)
