"""What counts as done, due and complete, and where a learner goes on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.learning import rules
from academy.learning.rules import Tally, continue_at

TODAY = date(2026, 11, 23)


def test_a_course_is_complete_when_every_required_activity_is():
    assert Tally(3, 3).is_complete
    assert not Tally(2, 3).is_complete


def test_a_course_without_required_activities_is_never_complete():
    assert not Tally(0, 0).is_complete
    assert Tally(0, 0).fraction == 0


@pytest.mark.parametrize(
    ("state", "due", "started", "expected"),
    [
        ("active", None, False, "not_started"),
        ("active", None, True, "in_progress"),
        ("active", TODAY, False, "due_soon"),
        ("active", TODAY + timedelta(days=7), True, "due_soon"),
        ("active", TODAY + timedelta(days=8), True, "in_progress"),
        ("active", TODAY - timedelta(days=1), True, "overdue"),
        ("completed", TODAY - timedelta(days=9), True, "completed"),
        ("withdrawn", TODAY - timedelta(days=9), True, "withdrawn"),
    ],
)
def test_how_an_enrolment_stands(state, due, started, expected):
    assert rules.standing(state, due, started, TODAY) == expected


def test_a_course_goes_on_where_the_learner_was():
    order = [(1, True), (2, False), (3, False), (4, False)]
    assert continue_at(order, None) == 2
    assert continue_at(order, 3) == 3
    assert continue_at(order, 1) == 2
    assert continue_at(order, 99) == 2


def test_after_the_last_one_a_course_goes_back_to_what_was_skipped():
    assert continue_at([(1, True), (2, False), (3, True)], 3) == 2


def test_a_completed_course_opens_where_the_learner_was_last():
    assert continue_at([(1, True), (2, True)], 2) == 2
    assert continue_at([], 2) is None


@given(st.lists(st.booleans(), min_size=1), st.integers(0, 12))
def test_going_on_never_leads_to_a_done_activity_while_one_is_open(done, last):
    order = list(enumerate(done))
    chosen = continue_at(order, last)
    assert all(done) or not done[chosen]


@pytest.mark.parametrize(
    ("hours", "band"), [(0.5, "short"), (2, "short"), (2.25, "middle"), (5, "middle"), (6, "long")]
)
def test_the_length_of_a_course_falls_into_a_band(hours, band):
    assert rules.hours_band(hours) == band


def test_placed_items_are_checked_one_by_one():
    checked = rules.check_items({"a": "x", "b": "y", "c": "x"}, {"x", "y"}, {"a": "x", "b": "x", "c": "zzz", "d": "x"})
    assert checked.right == {"a": True, "b": False}
    assert (checked.placed, checked.total, checked.correct, checked.is_whole) == (2, 3, 1, False)


@pytest.mark.parametrize("typed", ["", None, "-1", "1.5", "٣", "999999", "5001", "abc", "1e3"])
def test_an_odd_place_in_a_lesson_is_no_place(typed):
    assert rules.block_of(typed) is None


def test_the_neighbours_of_an_activity():
    assert rules.after([5, 7, 9], 5) == (None, 7)
    assert rules.after([5, 7, 9], 9) == (7, None)
