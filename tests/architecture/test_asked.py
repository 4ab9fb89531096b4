"""What PostgreSQL is asked again: every question that any test asked, by few of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import asked
from tests.asked import choose

TESTS = st.dictionaries(
    st.text("abc", min_size=1, max_size=4),
    st.fixed_dictionaries({
        "marks": st.lists(st.sampled_from(["browser", "concurrency", "doors", "appearance"]), unique=True),
        "asks": st.lists(st.integers(0, 12), unique=True),
        "seconds": st.floats(0, 30),
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


@pytest.mark.parametrize(
    ("statement", "same", "places"),
    [
        ("INSERT INTO x (a, b) VALUES (?, ?)", "INSERT INTO x (b) VALUES (?), (?)", ("a", "b")),
        ("UPDATE x SET a=?, b=? WHERE x.id = ?", "UPDATE x SET c=? WHERE x.id = ?", ("a", "b", "0")),
        ("SELECT 1 FROM x WHERE a IN (?, ?) AND b = ?", "SELECT 1 FROM x WHERE a IN (?) AND b = ?", ("0", "0", "1")),
    ],
)
def test_columns_and_lengths_make_no_other_statement(statement, same, places):
    assert asked.read(statement)[1] == places
    assert asked.read(statement)[0] == asked.read(same)[0] != asked.read(f"{statement} AND x.c = ?")[0]


def test_only_what_the_academy_asks_is_a_question():
    """What a test reads by itself, to look behind the curtain, need not be asked again."""
    noted = {(1, "rows"), (2, frozenset({("a", "text"), ("b", "")}))}
    assert asked.questions(noted, ours={2}) == asked.questions({(2, frozenset({("a", "text")}))}, ours={1, 2})
    assert len(asked.questions(noted, ours={2})) == 2
    assert asked.questions(noted, ours=set()) == set()
