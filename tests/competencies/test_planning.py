"""The rule of the planner: what closes all gaps, nothing too much, in the right order, always the same."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.competencies import rules
from academy.competencies.rules import Gap, Offer, Piece, planning
from tests.conftest import NOW

KEYS = ("A", "B", "C", "D")


@st.composite
def gaps(draw):
    """Some gaps, each of one to four levels; None stands for not enough evidence."""
    found = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True)):
        needed = draw(st.integers(1, 4))
        level = draw(st.one_of(st.none(), st.integers(0, needed - 1)))
        found.append(Gap(key, needed, level, draw(st.integers(1, 3))))
    return found


@st.composite
def offers(draw, most=8):
    """Courses that bring items for some gaps and may need each other, in a circle too, or a course that cannot be had."""
    numbers = list(range(1, draw(st.integers(0, most)) + 1))
    return [
        Offer(
            number, Decimal(draw(st.integers(0, 6))), draw(st.booleans()),
            tuple(draw(st.lists(st.sampled_from([*numbers, 99]), max_size=2, unique=True))),
            draw(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3), max_size=3)),
        )
        for number in numbers
    ]  # fmt: skip


def courses(steps):
    return [step.course_id for step in steps if step.course_id is not None]


def covers(gap, some):
    return sum(offer.brings.get(gap.key, 0) for offer in some) >= gap.short


def check(wanted, some, steps):
    by_id, reach = {offer.id: offer for offer in some}, rules.ways(some)
    taken = [by_id[number] for number in courses(steps)]
    seen_at_work = [step.serves[0].key for step in steps if step.course_id is None]
    for gap in wanted:
        can = covers(gap, [by_id[number] for number in reach])
        assert can == covers(gap, taken) or not can, "a gap that courses can close is closed by courses"
        assert (gap.key in seen_at_work) == (not can), "every other gap is observed, and only those"
    assert len(set(courses(steps))) == len(taken) and len(set(seen_at_work)) == len(seen_at_work)
    for place, number in enumerate(courses(steps)):
        assert number in reach
        assert set(by_id[number].needs) <= set(courses(steps)[:place]), "what comes before stands before"
    taught = [gap for gap in wanted if covers(gap, [by_id[number] for number in reach])]
    for one in taken:
        rest = [offer for offer in taken if offer is not one]
        needed = any(one.id in offer.needs for offer in rest)
        assert needed or not all(covers(gap, rest) for gap in taught), "nothing is superfluous"


@given(gaps(), offers())
@settings(max_examples=80)
def test_the_plan_closes_what_it_can_with_nothing_too_much(wanted, some):
    """CM4."""
    steps = rules.propose(wanted, some)
    check(wanted, some, steps)
    assert steps == rules.propose(wanted, some), "the same question has the same answer"


@given(gaps(), offers(most=15))
@settings(max_examples=40)
def test_so_it_does_when_there_are_too_many_courses_to_try_all_sets(wanted, some):
    reach = rules.ways(some)
    known = {offer.id: offer for offer in some if offer.id in reach}
    taught = [gap for gap in rules.ranked(wanted) if covers(gap, known.values())]
    useful = [offer for offer in known.values() if any(offer.brings.get(gap.key) for gap in taught)]
    chosen = planning._greedy(taught, useful, known, reach)
    steps = planning._in_order(rules.ranked(wanted), taught, [known[number] for number in known if number in chosen])
    check(wanted, some, steps)


@given(gaps(), offers(most=6))
@settings(max_examples=80)
def test_no_other_set_of_courses_begins_less(wanted, some):
    reach = rules.ways(some)
    known = {offer.id: offer for offer in some if offer.id in reach}
    taught = [gap for gap in wanted if covers(gap, known.values())]
    closed = [
        [known[number] for number in numbers]
        for size in range(len(known) + 1)
        for numbers in combinations(known, size)
        if all(set(known[number].needs) <= set(numbers) for number in numbers)
    ]
    least = min(
        (sum(not offer.begun for offer in group), len(group))
        for group in closed
        if all(covers(gap, group) for gap in taught)
    )
    mine = [known[number] for number in courses(rules.propose(wanted, some))]
    assert (sum(not offer.begun for offer in mine), len(mine)) == least


@given(gaps())
def test_the_largest_gap_comes_first(wanted):
    """Each gap has a course of its own, so the order of the plan is the order of the gaps."""
    some = [Offer(place, Decimal(1), False, (), {gap.key: 3}) for place, gap in enumerate(wanted)]
    sizes = [step.serves[0].size for step in rules.propose(wanted, some)]
    assert sizes == sorted(sizes, reverse=True)


def test_what_is_begun_is_preferred_to_what_is_shorter():
    begun, new = Offer(1, Decimal(9), True, (), {"A": 3}), Offer(2, Decimal(1), False, (), {"A": 3})
    assert courses(rules.propose([Gap("A", 2, None, 3)], [new, begun])) == [1]


@pytest.mark.parametrize(
    ("needed", "aim", "asked", "held", "brings"),
    [
        (2, 2, 3, 0, 3),  # a test supports level 2
        (3, 4, 9, 0, 0),  # and never more
        (2, 1, 9, 0, 0),  # nor more than its course aims at
        (1, 2, 2, 0, 3),  # for level 1, having completed the course is an item
        (1, None, 2, 0, 2),  # a course without that aim tells nothing by being completed
        (2, 2, 3, 2, 1),  # what is in the ledger already is not fresh
    ],
)  # fmt: skip
def test_what_a_course_can_bring(needed, aim, asked, held, brings):
    """CM6."""
    assert rules.brought(needed, aim, asked, held) == brings


shares = st.fractions(0, 1, max_denominator=6)
ledger = st.lists(
    st.builds(
        lambda n, share, items, level: Piece(f"quiz:{n}", share, items, level, NOW, kind="attempt"),
        st.integers(1, 50), shares, st.integers(1, 6), st.integers(1, 2),
    ),
    max_size=4,
)  # fmt: skip


@given(ledger, st.integers(1, 2))
def test_the_missing_answers_prove_the_level_and_one_less_does_not(pieces, level):
    """CM4: what the plan counts on is what the model would say."""

    def proves(count):
        fresh = Piece("quiz:fresh", Fraction(1), count, level, NOW, kind="attempt")
        return (rules.judge([*pieces, *([fresh] if count else [])], NOW).level or 0) >= level

    if not proves(0):
        short = rules.short_of(pieces, level, NOW)
        assert proves(short) and not proves(short - 1)


def test_changes_are_told_one_by_one():
    before = {"A": (2, None), "B": (2, 2), "C": (3, 1), "D": (1, None)}
    now = {"A": (2, 2), "B": (2, 1), "C": (2, 1), "E": (1, None)}
    said = {change.key: (change.how, change.matters) for change in rules.compared(before, now)}
    assert said == {
        "A": ("proven", False), "B": ("fallen", True), "C": ("less", True), "D": ("dropped", True), "E": ("new", True),
    }  # fmt: skip


dated = st.lists(
    st.builds(
        lambda n, share, items, days: Piece(f"quiz:{n}", share, items, 2, NOW - timedelta(days=days), kind="attempt"),
        st.integers(1, 9), shares, st.integers(1, 6), st.integers(0, 900),
    ),
    max_size=5,
)  # fmt: skip


@given(dated)
def test_the_history_ends_with_today_and_never_knows_what_came_later(pieces):
    """CM11."""
    months, result = rules.history(pieces, NOW), rules.judge(pieces, NOW)
    assert len(months) == 12 and (months[-1].score, months[-1].level) == (result.score, result.level)
    assert [month.first.day for month in months] == [1] * 12 and months[-1].first.month == NOW.month
    older = [piece for piece in pieces if piece.observed_at < NOW - timedelta(days=40)]
    assert rules.history(older, NOW)[:10] == months[:10]
