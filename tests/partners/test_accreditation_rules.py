"""What accreditation counts as met, how a committee decides, and what a stranger is told."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from academy.base.dates import months_later
from academy.devdata.reading import read_library
from academy.devdata.seeding.accreditation import scheme_in
from academy.partners.accreditation.criteria import MEASURES, way_of
from academy.partners.accreditation.rules import (
    Ballot,
    Reading,
    Status,
    Way,
    Why,
    grace_over,
    last_day,
    level_met,
    status_on,
    tally,
)

DAY = date(2026, 11, 28)
YES, NO = True, False


def scheme():
    return scheme_in(read_library().programmes)


def votes(*given):
    return [Ballot(number, in_favour) for number, in_favour in enumerate(given, start=1)]


def test_every_criterion_of_the_content_can_be_measured():
    content = scheme()
    assert {each.measure for each in content.criteria} <= set(MEASURES)
    assert [way_of(each).value for each in content.criteria] == ["computed", "computed", "document", *["entered"] * 3]
    assert (content.validity_months, content.grace_days, len(content.levels)) == (12, 14, 3)


def test_a_level_is_met_with_all_of_its_criteria_and_those_below():
    content = scheme()

    def met(*keys):
        found = {key: Reading(key, Way.COMPUTED, Fraction(1), Fraction(1), True, DAY, "x") for key in keys}
        return level_met(content, found, 3)

    assert met("c1", "c2") == 0
    assert met("c1", "c2", "c3") == 1
    assert met("c1", "c2", "c3", "c4", "c6") == 1
    assert met("c1", "c2", "c3", "c4", "c5", "c6") == 3
    assert met("c2", "c3", "c4", "c5", "c6") == 0


@pytest.mark.parametrize(
    ("given", "involved", "carried", "why"),
    [
        ((YES, YES), (), None, Why.QUORUM),
        ((YES, YES, NO), (), True, None),
        ((YES, NO, NO), (), False, None),
        ((YES, YES, NO, NO), (), None, Why.TIE),
        ((YES, YES, YES), (1,), True, None),
        ((YES, YES, NO), (1,), None, Why.REVIEWERS),
        ((YES, NO, NO), (1,), False, None),
        ((YES, YES, YES), (1, 2, 3), None, Why.REVIEWERS),
        ((NO, NO, YES, YES, YES), (5,), None, Why.REVIEWERS),
    ],
)
def test_a_vote_needs_a_quorum_a_majority_and_the_same_without_those_who_gave_the_evidence(
    given, involved, carried, why
):
    counted = tally(votes(*given), 3, involved)
    assert (counted.carried, counted.why) == (carried, why)


def test_months_end_where_the_calendar_does_and_an_early_renewal_loses_no_day():
    assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_later(DAY, 12) == date(2027, 11, 28)
    assert last_day(DAY, 12, DAY + timedelta(days=30)) == date(2027, 12, 28)
    assert last_day(DAY, 12, DAY - timedelta(days=1)) == last_day(DAY, 12, None) == date(2027, 11, 28)


def test_what_a_stranger_is_told():
    def told(day=DAY, until=DAY, withdrawn=None, replaced=None, suspended=False):
        return status_on(day, valid_until=until, withdrawn_on=withdrawn, replaced_on=replaced, suspended=suspended)

    assert told() is Status.VALID
    assert told(suspended=True) is Status.SUSPENDED
    assert told(day=DAY + timedelta(days=1), suspended=True) is Status.EXPIRED
    assert told(replaced=DAY) is Status.REPLACED
    assert told(day=DAY + timedelta(days=9), replaced=DAY + timedelta(days=5)) is Status.EXPIRED
    assert told(day=DAY + timedelta(days=9), withdrawn=DAY, replaced=DAY) is Status.WITHDRAWN


def test_the_grace_lasts_its_last_day_and_newcomers_in_their_own_grace_do_not_suspend():
    assert not grace_over(DAY, DAY, excused=False)
    assert grace_over(DAY, DAY + timedelta(days=1), excused=False)
    assert not grace_over(DAY, DAY + timedelta(days=1), excused=True)
