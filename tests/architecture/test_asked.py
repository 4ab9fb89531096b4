"""What PostgreSQL is asked again: every question that any test asked, by few of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.asked import choose

TESTS = st.dictionaries(
    st.text("abc", min_size=1, max_size=4),
    st.fixed_dictionaries({
        "marks": st.lists(st.sampled_from(["browser", "concurrency", "doors", "appearance"]), unique=True),
        "asks": st.lists(st.integers(0, 12), unique=True),
    }),
    max_size=12,
)  # fmt: skip


def asks(tests) -> set[int]:
    return {question for said in tests.values() for question in said["asks"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("noted")


@given(TESTS, TESTS)
def test_every_question_is_asked_again_by_tests_that_are_all_needed(folder, some, others):
    """Two processes noted; threads and whatever was not heard always run, what is the same everywhere never."""
    for name, noted in (("gw0", some), ("gw1", others)):
        (folder / f"{name}.json").write_text(json.dumps(noted))
    heard = {**some, **others}
    repeated = {test: said for test, said in heard.items() if not {"doors", "appearance"} & set(said["marks"])}
    chosen = choose(folder)
    assert len(chosen) == len(set(chosen)) and set(chosen) <= set(repeated)
    assert asks({test: repeated[test] for test in chosen}) == asks(repeated)
    always = {test for test, said in repeated.items() if "concurrency" in said["marks"] or not said["asks"]}
    assert always <= set(chosen)
    assert len(set(chosen) - always) <= len(asks(repeated))
