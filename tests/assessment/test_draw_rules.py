"""Drawing questions: never one twice, always full where that is possible, the same counts for everybody."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.assessment.rules.draws import Candidate, Pool, can_be_filled, draw, shares
from academy.assessment.rules.lines import (
    DrawLine,
    UnreadableBlueprint,
    domain_of,
    from_blueprint,
    guaranteed_domains,
    lines_of,
    read_blueprint,
    show_blueprint,
)

candidates = st.builds(
    lambda key, difficulty: Candidate(key + 100, key, difficulty), st.integers(1, 9), st.integers(1, 3)
)
one_version = st.lists(candidates, max_size=8, unique_by=lambda each: each.question_id)
pools = st.lists(st.builds(lambda count, found: Pool(count, tuple(found)), st.integers(1, 4), one_version), max_size=4)


def possible(given_pools) -> bool:
    """Hall's condition: every set of lines finds at least as many questions as it draws."""
    for size in range(1, len(given_pools) + 1):
        for some in combinations(given_pools, size):
            if len({each.question_id for pool in some for each in pool.candidates}) < sum(pool.count for pool in some):
                return False
    return True


@given(pools, st.integers(0, 2**62))
def test_a_draw_fills_every_line_whenever_that_is_possible_and_takes_no_question_twice(given_pools, seed):
    """AS8. Overlapping lines are a matching: Hall's theorem says independently when there is one."""
    drawn = draw(seed, given_pools)
    assert (drawn is not None) == possible(given_pools) == can_be_filled(given_pools)
    if drawn is not None:
        ids = [each.question_id for line in drawn for each in line]
        assert len(ids) == len(set(ids))
        for pool, line in zip(given_pools, drawn, strict=True):
            assert len(line) == pool.count and set(line) <= set(pool.candidates)


@given(pools, st.integers(0, 2**62), st.integers(0, 2**62))
def test_papers_differ_by_seed_but_hold_as_many_of_each_difficulty(given_pools, one, other):
    """AS8: comparable papers. The counts by line and difficulty never depend on the seed where quotas can be met."""
    papers = [draw(seed, given_pools) for seed in (one, other)]
    assert draw(one, given_pools) == papers[0]
    disjoint = sum(len(pool.candidates) for pool in given_pools) == len(
        {each.question_id for pool in given_pools for each in pool.candidates}
    )
    if papers[0] is not None and disjoint:
        counts = [[Counter(each.difficulty for each in line) for line in paper] for paper in papers]
        assert counts[0] == counts[1]


def test_lines_that_share_their_last_question_leave_it_to_the_one_that_needs_it():
    wide = Pool(2, tuple(Candidate(n, n) for n in (1, 2, 3)))
    narrow = Pool(1, (Candidate(1, 1),))
    for seed in range(50):
        drawn = draw(seed, [wide, narrow])
        assert [each.question_id for each in drawn[1]] == [1] and {e.question_id for e in drawn[0]} == {2, 3}


def test_every_question_of_a_pool_is_drawn_about_equally_often():
    pool = Pool(2, tuple(Candidate(n, n) for n in range(10)))
    counts = Counter(each.question_id for seed in range(5000) for each in draw(seed, [pool])[0])
    assert set(counts) == set(range(10)) and all(900 < count < 1100 for count in counts.values())


@given(st.dictionaries(st.integers(1, 3), st.integers(1, 50), min_size=1), st.integers(0, 60))
def test_shares_add_up_and_stay_within_one_of_their_proportion(counts, total):
    given_out = shares(Counter(counts), total)
    whole = sum(counts.values())
    assert sum(given_out.values()) == total
    assert all(abs(given_out[key] * whole - total * count) < whole for key, count in counts.items())


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("D1: 4, D2: 2", {"D1": 4, "D2": 2}),
        ("D1:٤، D2: ٢\nD3=6", {"D1": 4, "D2": 2, "D3": 6}),
        ("D4.1: 1 ; D7: 0", {"D4.1": 1, "D7": 0}),
        ("", {}),
    ],
)
def test_a_blueprint_is_read_in_any_digits_and_commas(typed, numbers):
    """AS8: the blueprint of the exams in the programmes."""
    assert read_blueprint(typed) == numbers
    assert read_blueprint(show_blueprint(numbers)) == numbers
    assert [line.count for line in from_blueprint(numbers)] == [count for count in numbers.values() if count]


@pytest.mark.parametrize("typed", ["D1", "D1: x", "D1: 2, D1: 3", ": 4", "D1: -4", "كفاية: 3"])
def test_what_is_no_blueprint_is_refused(typed):
    with pytest.raises(UnreadableBlueprint):
        read_blueprint(typed)


def test_a_line_is_kept_and_read_back_whole():
    line = DrawLine(
        4, 2, categories=(3,), tags=("جودة",), competencies=("D1",), objectives=("o1",), difficulties=(1, 3)
    )
    assert lines_of({"lines": [line.as_json(), {"count": 2, "tags": ["a"]}]}) == (line, DrawLine(2, tags=("a",)))
    assert not DrawLine(3).names_something and line.names_something


def test_only_what_every_paper_must_hold_is_guaranteed():
    assert domain_of("D4.1") == "D4" and domain_of("D4") == "D4" and domain_of(None) is None
    only_d4 = (DrawLine(2), ["D4", "D4", "D4"])
    mixed = (DrawLine(2), ["D1", "D1", "D2", "D2"])
    forced = (DrawLine(3), ["D5", "D6", "D6"])
    assert guaranteed_domains([only_d4, mixed, forced]) == {"D4", "D5", "D6"}
