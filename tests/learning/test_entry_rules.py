"""What may be argued about coming in: days, free seats, whose turn it is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from academy.learning.rules.entry import free_numbers, next_decider, upwards, within

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def test_both_days_of_enrolment_still_count():
    """CA2: enrolment has a first and a last day."""
    assert within(None, None, TODAY) == "takes"
    assert within(TODAY, TODAY, TODAY) == "takes"
    assert within(TODAY + DAY, None, TODAY) == "too_early"
    assert within(None, TODAY - DAY, TODAY) == "too_late"


@given(st.sets(st.integers(1, 40)), st.integers(0, 30), st.integers(0, 50))
def test_no_number_is_given_twice_or_beyond_the_seats(taken, seats, wanted):
    """CA2: a full course has no free number, whatever was taken before."""
    free = free_numbers(taken, seats, wanted)
    assert len(free) == len(set(free)) <= wanted
    assert not set(free) & taken
    assert all(1 <= number <= seats for number in free)
    if len(free) < wanted:
        assert set(range(1, seats + 1)) <= taken | set(free)


@given(st.lists(st.integers(1, 9), unique=True))
def test_everybody_is_asked_once_and_the_administrators_last(chain):
    """CA3: silence goes to each manager upwards once, then to the administrators, and ends there."""
    asked: list[int | None] = []
    while True:
        left, who = next_decider(chain, asked)
        if not left:
            break
        asked.append(who)
    assert asked == [*chain, None]


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 8) | st.none()), st.integers(1, 8))
def test_a_circle_of_managers_ends(manager_of, person):
    """CA3: nobody is above themself, and nobody is named twice."""
    chain = upwards(manager_of, person)
    assert person not in chain and len(chain) == len(set(chain))
