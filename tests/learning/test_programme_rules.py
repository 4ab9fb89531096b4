"""Programmes by their rules: what counts, what is open, what is left, and how steps move."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.learning.rules.programmes import (
    ABSENT,
    DONE,
    LOCKED,
    OPEN,
    Difference,
    GroupPlan,
    StepPlan,
    absent,
    can_be_completed,
    differences,
    may_sign_again,
    moved,
    moved_between,
    next_step,
    standings,
    tally,
    valid_until,
    what_is_left,
)


@st.composite
def programmes(draw):
    """Groups of steps with unique keys, and the keys of those that are done."""
    keys = iter(f"s{n}" for n in range(100))
    groups = []
    for g in range(draw(st.integers(0, 4))):
        steps = tuple(
            StepPlan(next(keys), draw(st.booleans()), draw(st.booleans())) for _ in range(draw(st.integers(0, 4)))
        )
        groups.append(GroupPlan(f"g{g}", steps, draw(st.none() | st.integers(1, 5))))
    every = [step.key for group in groups for step in group.steps]
    return groups, draw(st.sets(st.sampled_from(every))) if every else set()


def steps_of(groups):
    return [step for group in groups for step in group.steps]


@given(programmes())
def test_progress_never_passes_what_is_needed_and_never_goes_back(drawn):
    """CA6: one progress over all steps."""
    groups, done = drawn
    now = tally(groups, done)
    assert 0 <= now.done <= now.required and 0 <= now.fraction <= 1
    for step in steps_of(groups):
        assert tally(groups, done | {step.key}).done >= now.done


@given(programmes(), st.booleans())
def test_complete_is_when_nothing_is_left(drawn, in_order):
    groups, done = drawn
    left, now = what_is_left(groups, done), tally(groups, done)
    assert sum(each.count for each in left) == now.required - now.done
    assert now.is_complete == (not left and now.required > 0)
    if not left:
        assert next_step(groups, done, in_order=in_order) is None
    for each in left:
        assert not set(each.steps) & done


@given(programmes(), st.booleans())
def test_every_step_stands_in_one_of_four_ways(drawn, in_order):
    groups, done = drawn
    found = standings(groups, done, in_order=in_order)
    assert set(found) == {step.key for step in steps_of(groups)}
    for step in steps_of(groups):
        state = found[step.key]
        assert (state.state == DONE) == (step.key in done)
        assert (state.state == ABSENT) == (step.key not in done and not step.available)
        assert (state.waits_for is not None) == (state.state == LOCKED)
        if state.state == LOCKED:
            assert in_order and found[state.waits_for].state in (OPEN, LOCKED)


@given(programmes())
def test_without_an_order_nothing_is_locked(drawn):
    groups, done = drawn
    assert LOCKED not in {each.state for each in standings(groups, done, in_order=False).values()}


@given(programmes(), st.booleans())
def test_whoever_does_the_next_step_again_and_again_completes_what_can_be_completed(drawn, in_order):
    groups, done = drawn
    reachable, done = can_be_completed(groups, done), set(done)
    while (key := next_step(groups, done, in_order=in_order)) is not None:
        assert standings(groups, done, in_order=in_order)[key].state == OPEN
        done.add(key)
    assert tally(groups, done).is_complete == reachable
    if not reachable and tally(groups, done).required:
        short = [group for group in groups if not group.is_met(done)]
        # Either the academy lacks a step, or the author asks for more steps than there are.
        assert absent(groups, done) or any(group.needed > len(group.counting) for group in short)


@given(programmes())
def test_what_the_academy_lacks_is_named_exactly_when_it_is_in_the_way(drawn):
    groups, done = drawn
    named = absent(groups, done)
    if can_be_completed(groups, done):
        assert named == []
    by_key = {step.key: step for step in steps_of(groups)}
    assert all(not by_key[key].available and key not in done for key in named)


def test_a_choice_is_met_by_any_so_many_and_opens_what_follows():
    choice = GroupPlan("g1", tuple(StepPlan(key) for key in "abc"), any_of=2)
    after = GroupPlan("g2", (StepPlan("d"),))
    found = standings([choice, after], {"c"}, in_order=True)
    assert [found[key].state for key in "abcd"] == [OPEN, OPEN, DONE, LOCKED]
    assert found["d"].waits_for == "a"
    assert what_is_left([choice, after], {"c"})[0].is_choice
    assert standings([choice, after], {"c", "b"}, in_order=True)["d"].state == OPEN
    assert tally([choice, after], {"a", "b", "c"}).done == 2


def test_optional_steps_hold_nobody_up_and_do_not_count():
    """CA6: optional items."""
    group = GroupPlan("g", (StepPlan("a", required=False), StepPlan("b")))
    assert standings([group], set(), in_order=True)["b"].state == OPEN
    assert tally([group], {"b"}).is_complete


def test_a_step_that_is_absent_locks_nothing_and_is_never_faked():
    group = GroupPlan("g", (StepPlan("practice", available=False), StepPlan("exam")))
    assert standings([group], set(), in_order=True)["exam"].state == OPEN
    assert not tally([group], {"exam"}).is_complete and absent([group], {"exam"}) == ["practice"]


@pytest.mark.parametrize(
    ("signed", "months", "last"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 22)), (date(2028, 2, 29), 12, date(2029, 2, 27)),
        (date(2026, 12, 31), 2, date(2027, 2, 27)), (date(2026, 1, 1), None, None),
    ],
)  # fmt: skip
def test_a_signature_holds_to_the_day_before_it_is_due_again(signed, months, last):
    assert valid_until(signed, months) == last


def test_a_signature_may_be_renewed_in_its_last_thirty_days():
    assert may_sign_again(date(2026, 11, 22), date(2026, 11, 23))
    assert may_sign_again(date(2026, 12, 22), date(2026, 11, 23))
    assert not may_sign_again(date(2026, 12, 23), date(2026, 11, 23)) and not may_sign_again(None, date(2026, 1, 1))


plans = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(
    lambda sizes: [(f"g{g}", [f"s{g}{n}" for n in range(size)]) for g, size in enumerate(sizes)]
)


@given(plans, st.data(), st.sampled_from(["up", "down"]))
def test_moving_a_step_keeps_every_step_and_changes_one_place(plan, data, direction):
    keys = [key for _group, steps in plan for key in steps]
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    after = moved_between(plan, key, direction)
    assert sorted(k for _g, steps in after for k in steps) == sorted(keys)
    assert [group for group, _steps in after] == [group for group, _steps in plan]
    back = moved_between(after, key, "down" if direction == "up" else "up")
    assert back == [(group, list(steps)) for group, steps in plan] or after == plan


@given(st.lists(st.integers(), unique=True, min_size=1), st.data(), st.sampled_from(["up", "down"]))
def test_moving_in_a_list_is_undone_by_moving_back(keys, data, direction):
    key = data.draw(st.sampled_from(keys))
    after = moved(keys, key, direction)
    assert sorted(after) == sorted(keys)
    assert after == keys or moved(after, key, "down" if direction == "up" else "up") == keys


named = st.dictionaries(
    st.tuples(st.sampled_from(["step", "group"]), st.text("ab", max_size=2)), st.integers(0, 2), max_size=6
)


@given(named, named)
def test_differences_say_all_that_differs(before, after):
    found = differences(before, after)
    by = {(each.sort, each.key): each.how for each in found}
    assert len(by) == len(found)
    assert {name for name, how in by.items() if how == "added"} == set(after) - set(before)
    assert {name for name, how in by.items() if how == "removed"} == set(before) - set(after)
    assert {name for name, how in by.items() if how == "changed"} == {
        name for name in set(after) & set(before) if after[name] != before[name]
    }
    assert differences(before, before) == []


def test_a_step_that_only_moved_is_said_to_have_moved():
    before = {("step", "a"): 1, ("step", "b"): 2}
    assert differences(before, {("step", "b"): 2, ("step", "a"): 1}) == [
        Difference("moved", "step", "b"), Difference("moved", "step", "a"),
    ]  # fmt: skip
