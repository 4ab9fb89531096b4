"""The rules behind accommodations, receipts and hints: limits of one person, credited time, replay, proof, likeness."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment.rules import (
    Granted,
    Limits,
    LoggedSave,
    accommodated,
    credited,
    deadline,
    is_late,
    network_mark,
    replay,
)
from academy.assessment.rules.likeness import (
    ENOUGH_TO_COMPARE,
    at_least,
    fast_answers,
    fast_limits,
    is_fast,
    popularity,
    same_wrong,
    usual_duration,
)
from academy.assessment.rules.proof import answer_digest, is_genuine, sealed

NOON = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Riyadh", "America/New_York", "Europe/London", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe")


# --- Accommodations -------------------------------------------------------------------------------------


def test_extra_time_and_attempts_come_on_top():
    """AS16."""
    limits = accommodated(Limits(minutes=30, attempts_allowed=2), Granted(50, 1), NOON)
    assert limits.deadline(NOON) == NOON + 45 * MINUTE
    assert [limits.left(used) for used in (0, 2, 3, 4)] == [3, 1, 0, 0]


def test_nothing_granted_changes_nothing():
    limits = Limits(opens_at=NOON, closes_at=NOON + 60 * MINUTE, minutes=30, attempts_allowed=2)
    assert accommodated(limits, None, NOON) is limits
    assert accommodated(limits, Granted(), NOON) == limits


def test_the_last_day_counts_whole_in_riyadh_and_dates_do_not_run_out():
    """R30: the day is Riyadh's, whatever zone the server keeps."""
    granted = Granted(100, 2, date(2026, 3, 1), closes_at=NOON + 600 * MINUTE)
    last = datetime(2026, 3, 1, 20, 59, tzinfo=UTC)
    assert accommodated(Limits(minutes=10), granted, last).extra_percent == 100
    after = accommodated(Limits(minutes=10, closes_at=NOON), granted, last + MINUTE)
    assert (after.extra_percent, after.extra_attempts, after.closes_at) == (0, 0, NOON + 600 * MINUTE)


def test_an_own_end_replaces_the_minutes_unless_it_has_passed():
    limits = accommodated(Limits(minutes=30), Granted(ends_at=NOON + 90 * MINUTE), NOON)
    assert limits.deadline(NOON) == NOON + 90 * MINUTE
    assert limits.deadline(NOON + 100 * MINUTE) == NOON + 130 * MINUTE


@given(st.integers(0, 300), st.integers(1, 600), st.integers(0, 20), st.integers(0, 25))
def test_nobody_has_less_than_everybody(percent, minutes, extra, used):
    """AS16: what is granted never shortens and never takes away."""
    own = Limits(minutes=minutes, attempts_allowed=3)
    more = accommodated(own, Granted(percent, extra), NOON)
    assert more.deadline(NOON) >= own.deadline(NOON) and more.left(used) >= own.left(used)


@given(
    st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60), st.integers(1, 600), st.integers(0, 300), st.integers(-2, 2)
)
def test_a_time_limit_is_as_long_in_every_zone(zone, offset, minutes, percent, seconds):
    """R30, R31: over changes of the clock, and in zones of half and quarter hours, the minutes are the same."""
    started = (datetime(2026, 1, 1, tzinfo=UTC) + offset * MINUTE).astimezone(ZoneInfo(zone))
    end = deadline(started, minutes, percent)
    assert end - started.astimezone(UTC) == minutes * MINUTE * (100 + percent) / 100
    at = (end + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone))
    assert is_late(at, end) is (seconds > 0)


# --- Time on questions ----------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.integers(0, 5_000), st.dictionaries(st.integers(1, 5), st.integers(-5, 90_000), max_size=5)),
        max_size=30,
    )
)
def test_time_on_questions_never_exceeds_the_time_that_passed(reports):
    """However many pages report whatever they like, at whatever moments."""
    at = until = NOON
    total = 0
    for milliseconds, reported in reports:
        at += timedelta(milliseconds=milliseconds)
        counted, until = credited(reported, counted_until=until, at=at)
        assert all(0 < counted[position] <= reported[position] for position in counted)
        total += sum(counted.values())
        assert NOON <= until <= max(at, NOON)
    assert total <= (at - NOON).total_seconds()


def test_an_honest_page_loses_nothing_to_rounding():
    """A page that reports whole seconds as they fill up, with any rhythm of saves."""
    at = until = NOON
    pending, total = 0.0, 0
    for step in (0.4, 1.7, 0.9, 3.2, 0.3, 0.3, 0.6, 10.1, 0.8, 0.7):
        at, pending = at + timedelta(seconds=step), pending + step
        counted, until = credited({1: int(pending)}, counted_until=until, at=at)
        total, pending = total + counted.get(1, 0), pending - int(pending)
    assert total == 19


# --- Replay and proof -----------------------------------------------------------------------------------

sure = st.sampled_from([None, 1, 2, 3])
saves = st.lists(st.tuples(st.integers(1, 4), st.sampled_from([None, {"text": "أ"}, {"text": "ب 👩‍👧"}])), max_size=40)


@given(saves, st.randoms())
def test_the_replay_of_a_log_gives_the_answers_that_were_kept(given_saves, random):
    """P1: whatever is saved in whatever order, the log alone rebuilds it; lines read in any order."""
    kept, log = {}, []
    for number, (position, response) in enumerate(given_saves, start=1):
        kept[position] = response
        log.append(LoggedSave(number, position, response))
    random.shuffle(log)
    played = replay(log)
    assert played.differences(kept) == () and not played.gaps and not played.doubles
    assert [step.save.sequence for step in played.steps] == list(range(1, len(given_saves) + 1))
    assert all((step.change == "same") is (bool(step.before or 0) == bool(step.save.response or 0)
               and (step.before or None) == (step.save.response or None)) for step in played.steps)  # fmt: skip


@given(saves.filter(lambda log: len(log) > 1), st.data())
def test_the_replay_gives_the_certainty_that_was_kept_and_finds_another(given_saves, data):
    """AS7: a word on one's certainty alone is a step of its own, and one changed behind the log is found."""
    log = [
        LoggedSave(number, place, {"text": "أ"}, data.draw(sure)) for number, (place, _) in enumerate(given_saves, 1)
    ]
    kept, said = {save.position: save.response for save in log}, {save.position: save.confidence for save in log}
    played = replay(log)
    assert played.differences(kept, said) == ()
    for step in played.steps:
        expected = "certainty" if step.save.confidence != step.confidence_before else "same"
        assert step.change == (expected if step.before else "answered")
    last = log[-1]
    forged = {**said, last.position: 1 if last.confidence == 3 else (last.confidence or 0) + 1}
    assert played.differences(kept, forged) == (last.position,)


@given(saves.filter(lambda log: len(log) > 1), st.data())
def test_a_log_that_lacks_a_line_or_an_answer_that_was_changed_behind_it_is_found(given_saves, data):
    log = [LoggedSave(number, position, r) for number, (position, r) in enumerate(given_saves, start=1)]
    kept = replay(log).answers
    lost = data.draw(st.integers(0, len(log) - 2))
    assert replay([save for place, save in enumerate(log) if place != lost]).gaps == (lost + 1,)
    forged = {**kept, log[0].position: {"text": "مزوّر"}}
    assert replay(log).differences(forged) == (log[0].position,)


def test_a_proof_shows_any_change_to_it():
    document = sealed({"attempt": 7, "receipts": [{"number": 1, "at": "x", "name": "فاطمة 👩‍👧"}]}, "secret")
    again = json.loads(json.dumps(document, ensure_ascii=False, indent=3))
    assert is_genuine(document, "secret") and is_genuine(again, "secret")
    assert not is_genuine(document, "other")
    for forged in ({**document, "attempt": 8}, {**document, "more": 1}, {**document, "seal": None}, {}):
        assert not is_genuine(forged, "secret")
    assert answer_digest(1, 2, {"a": 1, "b": 2}) == answer_digest(1, 2, {"b": 2, "a": 1})
    assert len({answer_digest(a, s, r) for a in (1, 2) for s in (1, 2) for r in (None, {"text": "x"})}) == 8


# --- Hints ----------------------------------------------------------------------------------------------


def test_the_popularity_of_a_wrong_answer_is_its_share_among_the_others():
    assert popularity(list("aaabbc")) == {"a": 2 / 5, "b": 1 / 5, "c": 1 / 5}
    assert popularity(["a"]) == {"a": 1.0}


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 7))
def test_the_tail_is_that_of_all_outcomes(chances, same):
    """Computed a second time by adding up every outcome."""
    total = 0.0
    for outcome in range(2 ** len(chances)):
        hits = [bool(outcome >> place & 1) for place in range(len(chances))]
        weight = 1.0
        for hit, chance in zip(hits, chances, strict=True):
            weight *= chance if hit else 1 - chance
        total += weight if sum(hits) >= same else 0.0
    assert at_least(same, chances) == pytest.approx(total, abs=1e-9)


def _class_of(size: int, questions: int = 20, seed: int = 4) -> list[dict[int, str]]:
    random = Random(seed)
    return [
        {q: random.choices("abc", (6, 3, 1))[0] for q in range(questions) if random.random() < 0.4}
        for _one in range(size)
    ]


def test_copied_wrong_answers_are_told_and_independent_ones_are_not():
    """AS21: the base rate of a wrong answer is its popularity."""
    honest = _class_of(120)
    assert same_wrong(honest) == []
    copied = [*honest, {q: "c" for q in range(9)}, {q: "c" for q in range(9)}]
    found = same_wrong(copied)
    assert [(pair.one, pair.other, pair.same) for pair in found] == [(120, 121, 9)]
    assert found[0].by_chance < 0.05 and found[0].expected < 2


def test_a_wrong_answer_that_everybody_gives_says_nothing():
    everybody = [{q: "a" for q in range(10)} for _one in range(80)]
    assert same_wrong(everybody) == []


def test_too_few_attempts_are_not_compared():
    twins = [{q: "c" for q in range(12)}] * 2
    assert same_wrong([*_class_of(ENOUGH_TO_COMPARE - 3), *twins]) == []


def test_very_fast_is_measured_by_the_others_and_only_with_enough_of_them():
    """AS21."""
    times = {q: [40.0 + n for n in range(20)] for q in range(1, 5)} | {9: [40.0] * 19}
    limits = fast_limits(times)
    assert set(limits) == {1, 2, 3, 4} and limits[1] == pytest.approx(4.95)
    slow_reader = {q: (50.0, True) for q in (1, 2, 3, 4)}
    rusher = {1: (2.0, True), 2: (3.0, False), 3: (4.0, True), 4: (60.0, True), 9: (1.0, True)}
    assert fast_answers(slow_reader, limits) is None
    found = fast_answers(rusher, limits)
    assert (found.fast, found.measured, found.right) == (3, 4, 2)
    assert usual_duration([600.0] * 20) is None
    assert is_fast(149, usual_duration([600.0] * 21)) and not is_fast(151, 600.0) and not is_fast(1, None)


def test_a_network_mark_compares_within_one_attempt_and_tells_nothing_else():
    same = network_mark("192.0.2.7", 1, "s")
    assert same == network_mark("192.0.2.250", 1, "s") == network_mark("::ffff:192.0.2.9", 1, "s")
    assert same != network_mark("192.0.3.7", 1, "s")
    assert len({same, network_mark("192.0.2.7", 2, "s"), network_mark("192.0.2.7", 1, "t")}) == 3
    assert network_mark("2001:db8:1:2::3", 1, "s") == network_mark("2001:db8:1:ffff::9", 1, "s")
    assert network_mark(None, 1, "s") is None and network_mark("unix:", 1, "s") is None
