"""What evidence proves, as a table and as properties."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.competencies import rules
from academy.competencies.rules import Piece, judge

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test(share=1, items=4, supports=2, source="quiz:1", at=NOW):
    return Piece(source, Fraction(share), items, supports, at)


test.__test__ = False

pieces = st.lists(
    st.builds(
        Piece,
        source=st.sampled_from(["quiz:1", "quiz:2", "course:1"]),
        share=st.fractions(0, 1, max_denominator=20),
        items=st.integers(0, 30),
        supports_level=st.integers(0, 4),
        observed_at=st.datetimes(datetime(2021, 1, 1), datetime(2026, 11, 23)).map(lambda m: m.replace(tzinfo=UTC)),
    ),
    max_size=6,
)


def test_nothing_is_claimed_from_nothing():
    result = judge([], NOW)
    assert result.score is None and result.level is None and not result.enough


def test_two_items_are_not_enough_and_three_are():
    assert not judge([test(items=2)], NOW).enough
    assert judge([test(items=3)], NOW).enough


def test_the_sum_is_weight_times_value_over_weights_and_prior():
    assert judge([test(share=Fraction(3, 4), items=4)], NOW).score == Fraction(4 * Fraction(3, 2), 6)


def test_a_test_never_proves_more_than_level_two():
    assert judge([test(items=1000)], NOW).level == 2
    assert rules.supports("attempt", 4) == 2


def test_finishing_a_course_alone_proves_nothing():
    finished = Piece("course:1", Fraction(1), rules.COURSE_ITEMS, rules.supports("course", 2), NOW)
    assert not judge([finished], NOW).enough


@pytest.mark.parametrize(("share", "level"), [(Fraction(69, 100), 0), (Fraction(7, 10), 2), (1, 2), (0, 0)])
def test_a_level_needs_seven_tenths_right(share, level):
    assert judge([test(share=share, items=10)], NOW).level == level


def test_the_latest_attempt_at_a_quiz_replaces_the_earlier_ones():
    earlier = test(share=0, at=NOW - timedelta(days=9))
    result = judge([earlier, test(share=1)], NOW)
    assert result.score == judge([test(share=1)], NOW).score
    assert [term.replaced for term in result.terms] == [True, False]


def test_evidence_fades_and_lapses_after_three_years():
    fresh, old = test(), test(at=datetime(2024, 11, 23, 9, 0, tzinfo=UTC))
    assert rules.weight(old, NOW) == Fraction(4, 2) and rules.weight(fresh, NOW) == 4
    lapsed = judge([test(at=datetime(2023, 10, 1, tzinfo=UTC))], NOW)
    assert not lapsed.enough and lapsed.terms[0].lapsed


@given(pieces)
def test_the_terms_add_up_to_the_score_exactly(found):
    result = judge(found, NOW)
    if result.score is not None:
        assert sum(term.adds for term in result.terms) == result.score
        assert 0 <= result.score <= 4
        assert 0 <= result.level <= 4


@given(pieces, st.integers(0, 5))
def test_more_right_never_lowers_the_score_or_the_level(found, place):
    if place >= len(found):
        return
    better = [*found]
    each = better[place]
    better[place] = Piece(each.source, Fraction(1), each.items, each.supports_level, each.observed_at)
    before, after = judge(found, NOW), judge(better, NOW)
    assert (after.score or 0) >= (before.score or 0)
    assert (after.level or 0) >= (before.level or 0)


@pytest.mark.parametrize(
    ("score", "shown"), [(None, None), (Fraction(0), 0), (Fraction(3, 2), 2), (Fraction(149, 100), 1)]
)
def test_a_heat_map_cell_is_the_nearest_whole_level(score, shown):
    assert rules.cell(score) == shown
