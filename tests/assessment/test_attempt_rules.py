"""Papers, marks, attempts, deadlines, saves and release: tables of what the rules say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules import (
    RELEASE_RULES,
    AttemptScore,
    Shown,
    accept_save,
    attempts_left,
    best_attempt,
    counted,
    deadline,
    grade,
    is_late,
    may_start,
    passed,
    question_order,
    release,
    seeded_rng,
    shuffled,
)
from academy.assessment.rules.release import PARTS

NOON = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOLDEN_OPTIONS = list("ehcfdgba")
GOLDEN_QUESTIONS = [1, 5, 10, 4, 6, 8, 9, 3, 2, 7]
some = settings(max_examples=60, deadline=None)
shares = st.fractions(0, 1, max_denominator=12)


def score(raw, most=100):
    return AttemptScore(Fraction(raw), Fraction(most))


def test_a_seed_gives_the_same_paper_in_every_version_of_python():
    """Written down once: if this moves, papers of attempts in progress would move with it."""
    assert shuffled("abcdefgh", seeded_rng(20260301, 1)) == GOLDEN_OPTIONS
    assert question_order(20260301, 10, shuffle=True) == GOLDEN_QUESTIONS


@some
@given(st.integers(0, 2**63 - 1), st.integers(0, 40), st.booleans())
def test_the_order_of_questions_is_a_permutation(seed, count, shuffle):
    """AS8."""
    order = question_order(seed, count, shuffle=shuffle)
    assert sorted(order) == list(range(1, count + 1))
    assert order == question_order(seed, count, shuffle=shuffle)
    assert shuffle or order == sorted(order)


def test_every_place_is_as_likely_for_every_option():
    places = [shuffled("abcd", seeded_rng(seed, 1)).index("b") for seed in range(2000)]
    assert all(430 <= places.count(place) <= 570 for place in range(4))


def test_marks_add_up_exactly():
    total = grade([(1, Fraction(1, 3)), (Decimal("0.5"), Fraction(1)), (2, Fraction(0))])
    assert (total.raw, total.max) == (Fraction(5, 6), Fraction(7, 2))
    assert total.percent == Fraction(500, 21)
    assert grade([]).percent == 0


@pytest.mark.parametrize(("points", "share"), [(1, Fraction(3, 2)), (1, Fraction(-1)), (-1, Fraction(1))])
def test_a_mark_out_of_range_is_an_error_not_a_score(points, share):
    """P2."""
    with pytest.raises(ValueError):
        grade([(points, share)])


@pytest.mark.parametrize(
    ("raw", "most", "mark", "verdict"),
    [
        (Fraction(7), 10, 70, True),
        (Fraction(69999, 10000), 10, 70, False),
        (Fraction(2, 3), 1, Decimal("66.67"), False),
        (Fraction(2, 3), 1, Fraction(200, 3), True),
        (Fraction(0), 10, 0, True),
        (Fraction(0), 0, 0, False),
    ],
)
def test_the_pass_mark_compares_the_unrounded_score(raw, most, mark, verdict):
    assert passed(raw, Fraction(most), mark) is verdict


@some
@given(st.lists(st.tuples(st.integers(0, 10), shares)))
def test_an_attempt_never_earns_more_than_there_is(items):
    total = grade(items)
    assert 0 <= total.raw <= total.max and 0 <= total.percent <= 100


@pytest.mark.parametrize(("method", "percent"), [("best", 90), ("last", 30), ("first", 60), ("average", 60)])
def test_the_attempt_that_counts_follows_the_method(method, percent):
    """AS11."""
    assert counted(method, [score(60), score(90), score(30)]) == percent
    assert counted(method, []) is None


def test_the_best_attempt_is_the_earliest_of_equals_by_percentage():
    assert best_attempt([score(60), score(9, 10), score(90)]) == 1
    assert best_attempt([]) is None


@pytest.mark.parametrize(
    ("allowed", "used", "extra", "left"), [(3, 0, 0, 3), (3, 3, 0, 0), (3, 3, 1, 1), (1, 5, 0, 0), (None, 9, 0, None)]
)
def test_attempts_left_never_go_below_none(allowed, used, extra, left):
    """AS11, AS16, P5."""
    assert attempts_left(allowed, used, extra) == left


@pytest.mark.parametrize(
    ("minutes", "extra", "closes", "ends"),
    [
        (30, 0, None, timedelta(minutes=30)),
        (30, 25, None, timedelta(minutes=37, seconds=30)),
        (30, 0, timedelta(minutes=20), timedelta(minutes=20)),
        (30, 0, timedelta(minutes=40), timedelta(minutes=30)),
        (None, 0, timedelta(minutes=40), timedelta(minutes=40)),
    ],
)
def test_an_attempt_ends_by_its_minutes_or_the_close_whichever_is_first(minutes, extra, closes, ends):
    """AS9, AS16."""
    assert deadline(NOON, minutes, extra, NOON + closes if closes else None) == NOON + ends


def test_an_attempt_without_limits_never_ends():
    assert deadline(NOON, None) is None
    assert not is_late(NOON + 1000 * HOUR, None)


@pytest.mark.parametrize(
    "started",
    [
        datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Helsinki")),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Helsinki")),
        datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata")),
        datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Asia/Kathmandu")),
        datetime(2026, 3, 1, 12, 0, tzinfo=ZoneInfo("Asia/Riyadh")),
    ],
)
def test_an_hour_is_an_hour_in_every_time_zone(started):
    """R30, R31: neither changed clocks nor half-hour zones stretch the time."""
    end = deadline(started, 60)
    assert end - started.astimezone(UTC) == HOUR
    assert not is_late(started.astimezone(UTC) + HOUR, end)
    assert is_late((started.astimezone(UTC) + HOUR + timedelta(seconds=1)).astimezone(started.tzinfo), end)


def test_grace_is_counted_to_the_second():
    end = deadline(NOON, 10)
    assert not is_late(end + timedelta(seconds=30), end, 30)
    assert is_late(end + timedelta(seconds=30, microseconds=1), end, 30)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError):
        deadline(datetime(2026, 3, 1, 12, 0), 30)


@pytest.mark.parametrize(
    ("change", "code", "until"),
    [
        ({}, None, None),
        ({"left": None}, None, None),
        ({"has_open_attempt": True, "left": 0}, "open_attempt", None),
        ({"left": 0}, "no_attempts_left", None),
        ({"opens_at": NOON + HOUR}, "not_yet_open", NOON + HOUR),
        ({"opens_at": NOON}, None, None),
        ({"closes_at": NOON}, "closed", None),
        ({"closes_at": NOON + HOUR}, None, None),
        ({"last_submitted_at": NOON - HOUR}, None, None),
        ({"last_submitted_at": NOON - HOUR, "cooling_off_minutes": 90}, "cooling_off", NOON + HOUR / 2),
        ({"last_submitted_at": NOON - HOUR, "cooling_off_minutes": 60}, None, None),
    ],
)
def test_an_attempt_starts_only_when_nothing_stands_against_it(change, code, until):
    """P5, R10, AS11."""
    refusal = may_start(**{"now": NOON, "left": 2, "has_open_attempt": False, **change})
    assert (refusal and refusal.code, refusal and refusal.until) == (code, until)
    assert refusal is None or refusal.for_reader()


@pytest.mark.parametrize(
    ("current", "new", "verdict"),
    [(0, 1, "store"), (4, 5, "store"), (4, 9, "store"), (5, 5, "repeat"), (5, 4, "stale")],
)
def test_the_newest_save_wins_and_a_repeated_one_changes_nothing(current, new, verdict):
    """R25, R26."""
    assert accept_save(current, new) == verdict


@given(st.permutations(range(1, 7)))
@some
def test_saves_in_any_order_end_with_the_newest(arrivals):
    """R26."""
    current = 0
    for sequence in arrivals:
        if accept_save(current, sequence) == "store":
            current = sequence
    assert current == 6


EVERYTHING = Shown.of(PARTS)
SCORE = Shown(score=True)
OWN = Shown(score=True, responses=True, marks=True, feedback=True)


@pytest.mark.parametrize(
    ("rule", "change", "shown"),
    [
        ("none", {}, Shown()),
        ("none", {"passed": True, "attempts_left": 0}, Shown()),
        ("score", {}, SCORE),
        ("score", {"passed": True, "attempts_left": 0}, SCORE),
        ("after_submit", {}, EVERYTHING),
        ("after_pass", {}, OWN),
        ("after_pass", {"attempts_left": None}, OWN),
        ("after_pass", {"passed": True}, EVERYTHING),
        ("after_pass", {"attempts_left": 0}, EVERYTHING),
        ("after_close", {}, SCORE),
        ("after_close", {"passed": True, "attempts_left": 0}, SCORE),
        ("after_close", {"closes_at": NOON + HOUR}, SCORE),
        ("after_close", {"closes_at": NOON}, EVERYTHING),
    ],
)
def test_what_is_shown_follows_the_release_rule(rule, change, shown):
    """AS12, P4."""
    state = {"submitted": True, "now": NOON, "closes_at": None, "attempts_left": 1, "passed": False, **change}
    assert release(rule, **state) == shown
    assert release(rule, **{**state, "submitted": False}) == Shown()


def test_every_release_rule_is_in_the_table():
    assert RELEASE_RULES == ("none", "score", "after_submit", "after_pass", "after_close")
