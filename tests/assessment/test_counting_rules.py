"""What counts, floors, movement and practice, access, gain: rules as tables and properties."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment.rules import (
    AttemptScore,
    Graded,
    Limits,
    Try,
    by_domain,
    current_position,
    is_settled,
    outcome,
    passed,
    practice_share,
    shortfalls,
    sureness,
    tries_of,
)
from academy.assessment.rules.access import NoNetwork, address_allowed, read_networks, same_password
from academy.assessment.rules.gain import gain, t_quantile
from academy.assessment.rules.release import (
    PARTS,
    PRESETS,
    TIMES,
    Matrix,
    Shown,
    kept_as,
    matrix,
    release,
    shown_during,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def graded(percent, *, mark=70, floors=True) -> Graded:
    score = AttemptScore(Fraction(percent), Fraction(100))
    return Graded(score, passed(score.raw, score.max, mark) and floors, floors)


@pytest.mark.parametrize(
    ("method", "percents", "counts", "passes"),
    [
        ("best", [50, 80, 60], 80, True),
        ("last", [80, 60], 60, False),
        ("last", [60, 80], 80, True),
        ("first", [80, 20], 80, True),
        ("first", [60, 100], 60, False),
        ("average", [60, 80], 70, True),
        ("average", [60, Fraction(7999, 100)], Fraction(13999, 200), False),
    ],
)
def test_the_method_says_which_result_counts_and_whether_it_passes(method, percents, counts, passes):
    """AS11: unrounded; 69.995 % does not pass at 70."""
    result = outcome(method, [graded(percent) for percent in percents], 70)
    assert (result.percent, result.passed) == (counts, passes)


def test_without_a_graded_attempt_nothing_counts():
    for method in ("best", "last", "average", "first"):
        assert (outcome(method, [], 70).percent, outcome(method, [], 70).passed) == (None, False)


def test_a_missed_floor_decides_by_the_method():
    """AS11."""
    met, missed = graded(90), graded(90, floors=False)
    assert outcome("best", [met, missed], 70).passed and not outcome("last", [met, missed], 70).passed
    assert not outcome("average", [met, missed], 70).passed and outcome("average", [missed, met], 70).passed


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=6), st.integers(1, 100))
def test_the_counted_percentage_lies_among_the_attempts(percents, mark):
    attempts = [graded(percent, mark=mark) for percent in percents]
    for method in ("best", "last", "average", "first"):
        result = outcome(method, attempts, mark)
        assert min(percents) <= result.percent <= max(percents)
        assert result.passed == (result.percent >= mark)


marks = st.lists(
    st.tuples(st.sampled_from(["D1", "D2", None]), st.integers(1, 5), st.fractions(0, 1)), min_size=1, max_size=12
)


@given(marks, st.integers(1, 100))
def test_floors_are_judged_unrounded_and_only_where_there_are_points(items, floor):
    """P5: the floor of a domain holds on the exact score."""
    missed = {each.domain for each in shortfalls({"D1": floor, "D2": floor, "D9": floor}, by_domain(items))}
    for domain in ("D1", "D2", "D9"):
        mine = [(points, share) for name, points, share in items if name == domain]
        earned, most = sum(points * share for points, share in mine), sum(points for points, _share in mine)
        assert (domain in missed) == bool(mine and earned * 100 < floor * most)


def test_a_shortfall_is_shown_rounded_down():
    (found,) = shortfalls({"D4": 50}, by_domain([("D4", 1000, Fraction(4999, 10000))]))
    assert found.as_json() == {"domain": "D4", "percent": 49, "floor": 50}


def test_limits_give_deadline_refusals_and_attempts_left():
    """AS9, AS11, P5."""
    limits = Limits(minutes=60, extra_percent=50, attempts_allowed=2, extra_attempts=1, cooling_minutes=60,
                    opens_at=NOON, closes_at=NOON + timedelta(hours=10))  # fmt: skip
    state = {"used": 1, "has_open_attempt": False, "last_submitted_at": NOON}
    assert limits.left(2) == 1
    assert limits.deadline(NOON) == NOON + timedelta(minutes=90)
    assert limits.deadline(NOON + timedelta(hours=9)) == limits.closes_at
    early = limits.refusal(now=NOON + timedelta(minutes=59), **state)
    assert (early.code, early.until) == ("cooling_off", NOON + timedelta(hours=1))
    assert limits.refusal(now=NOON + timedelta(minutes=60), **state) is None
    assert limits.refusal(now=NOON - timedelta(seconds=1), **state).code == "not_yet_open"
    assert limits.refusal(now=NOON + timedelta(hours=10), **state).code == "closed"
    assert limits.refusal(now=NOON + timedelta(hours=2), **{**state, "used": 3}).code == "no_attempts_left"


def test_a_sequential_attempt_is_at_the_last_opened_question():
    """AS14."""
    assert [current_position(opened) for opened in ([], [False], [True, True, False])] == [1, 1, 2]


shares = st.fractions(0, 1, max_denominator=12)


@given(st.lists(shares, max_size=5), shares, st.integers(0, 100))
def test_practice_earns_the_best_try_less_the_penalty_of_those_before(tried, last, penalty):
    """AS7."""
    kept = [Try(share, {"n": number}) for number, share in enumerate(tried)]
    earned = practice_share(kept, last, {"n": len(tried)}, penalty)
    by_hand = [share * max(0, 100 - penalty * place) / 100 for place, share in enumerate([*tried, last])]
    assert earned == max(by_hand) and 0 <= earned <= 1
    if kept:
        assert practice_share(kept, kept[-1].share, kept[-1].response, penalty) == max(by_hand[:-1])
    assert tries_of([each.as_json() for each in kept]) == kept


def test_a_question_is_settled_when_right_or_out_of_tries():
    """AS7."""
    wrong, right = Try(Fraction(1, 2), {}), Try(Fraction(1), {})
    assert [is_settled(tried, 3) for tried in ([], [wrong], [wrong, right], [wrong] * 3)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("typed", "wanted", "same"),
    [("", None, True), ("x", "", True), ("سرّ3", "سرّ3", True), ("سرّ٣", "سرّ3", False), ("e\u0301", "é", True),
     ("", "a", False), ("A", "a", False), (" a", "a", False), ("\ud800", "a", False)],
)  # fmt: skip
def test_a_password_is_compared_letter_for_letter_but_for_composition(typed, wanted, same):
    """AS14."""
    assert same_password(typed, wanted) is same


def test_networks_are_read_line_by_line_and_addresses_held_to_them():
    """AS14."""
    assert read_networks("10.1.0.0/16\n\n2001:DB8::/32\n١٠.2.3.4") == ["10.1.0.0/16", "2001:db8::/32", "10.2.3.4/32"]
    for wrong in ("10.1.2.3/16", "office", "10.1.0.0/33", "1.2.3"):
        with pytest.raises(NoNetwork):
            read_networks(wrong)
    networks = ["10.1.0.0/16", "2001:db8::/32"]
    inside = ["10.1.255.1", "::ffff:10.1.2.3", "2001:db8::7", "2001:db8::7%eth0"]
    outside = ["10.2.0.1", "::ffff:10.2.0.1", "2001:db9::1", "", None, "10.1", "unknown"]
    assert all(address_allowed(address, networks) for address in inside)
    assert not any(address_allowed(address, networks) for address in outside)
    assert all(address_allowed(address, []) for address in outside)


tables = st.builds(
    Matrix,
    **{time: st.frozensets(st.sampled_from(PARTS)) for time in TIMES},
    key_when_done=st.booleans(),
)  # fmt: skip


@given(tables)
def test_a_table_is_kept_and_read_back_as_it_was_ticked(table):
    """AS12: presets by name, own tables whole; the name of an own table says whether the score is ever shown."""
    rule, review = kept_as(table)
    assert matrix(rule, review) == table
    assert (rule != "none") == table.ever_shows_score or table == PRESETS["none"]


@pytest.mark.parametrize(
    ("after", "closes", "column"),
    [(0, None, "after"), (120, None, "after"), (121, None, "later"), (121, 100, "closed"), (121, 122, "later"),
     (60, 30, "after"), (10**7, None, "later")],
)  # fmt: skip
def test_what_is_shown_depends_on_the_time_since_submission_and_on_the_closing(after, closes, column):
    """AS12, P4: Moodle's definitions; two minutes, then later while open, then after close."""
    table = Matrix(after=frozenset({"score"}), later=frozenset({"responses"}), closed=frozenset({"explanation"}))
    shown = release(
        "none", review=table.as_json(), submitted=True, submitted_at=NOON, now=NOON + timedelta(seconds=after),
        closes_at=None if closes is None else NOON + timedelta(seconds=closes), attempts_left=None, passed=False,
    )  # fmt: skip
    assert shown == Shown.of(getattr(table, column))
    moment, end = NOON + timedelta(seconds=after), None if closes is None else NOON + timedelta(seconds=closes)
    told = table.next_time(moment, NOON, end)
    assert told == ("later" if column == "after" else "closed" if end is not None and moment < end else "")


@given(tables, st.booleans(), st.booleans())
def test_practice_never_shows_the_key_before_a_question_is_settled(table, checked, settled):
    """AS7, AS12, P4."""
    shown = shown_during("none", table.as_json(), checked=checked, settled=settled)
    if not checked:
        assert shown == Shown()
    if not settled or table.key_when_done:
        assert not shown.right_answers and not shown.explanation


def test_certainty_is_held_against_what_was_earned():
    """AS7."""
    rows = sureness([(1, Fraction(0)), (1, Fraction(1)), (3, Fraction(1))])
    assert [(row.level, row.answers, row.share) for row in rows] == [(1, 2, Fraction(1, 2)), (2, 0, None), (3, 1, 1)]
    assert rows[0].interval.low < 0.5 < rows[0].interval.high and rows[1].interval is None
    assert sureness([]) == ()


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 12.706205), (2, 4.302653), (9, 2.262157), (29, 2.045230), (100, 1.983972)]
)
def test_students_t_is_that_of_the_tables(freedom, value):
    """AS23. Values of the usual printed tables, 97.5 %."""
    assert t_quantile(0.975, freedom) == pytest.approx(value, abs=1e-5)


def test_the_gain_is_that_of_pairs_with_its_interval_and_hakes_share():
    """AS23. Computed independently with the standard library."""
    pairs = [(Fraction(40 + n), Fraction(60 + n * n % 17)) for n in range(12)]
    found = gain(pairs)
    changes = [float(after - before) for before, after in pairs]
    reach = 2.200985 * stdev(changes) / 12**0.5
    assert float(found.difference) == pytest.approx(mean(changes))
    assert (found.low, found.high) == pytest.approx((mean(changes) - reach, mean(changes) + reach), abs=1e-4)
    assert found.normalised == (found.after - found.before) / (100 - found.before)
    assert gain(pairs[:9]) is None and gain([(Fraction(100), Fraction(100))] * 10).normalised is None
