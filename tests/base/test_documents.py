"""Dataclasses as documents: what is kept comes back exactly, and nothing else is taken for it."""

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base.documents import Unreadable, packed, unpacked
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Leaf:
    text: LocalizedText | bool
    share: Fraction
    size: Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Tree:
    number: int
    mean: float | None
    day: date
    pair: tuple[int, str]
    leaves: tuple[Leaf, ...]


WORDS = st.text(st.characters(exclude_categories=("Cs",)))
LEAVES = st.builds(
    Leaf, st.booleans() | st.builds(LocalizedText, WORDS, WORDS), st.fractions(), st.sampled_from(["A", "B"])
)
TREES = st.builds(
    Tree, st.integers(), st.none() | st.floats(allow_nan=False, allow_infinity=False), st.dates(),
    st.tuples(st.integers(), WORDS), st.lists(LEAVES, max_size=3).map(tuple),
)  # fmt: skip
GOOD = packed(Tree(1, 0.5, date(2026, 1, 1), (1, "x"), (Leaf(True, Fraction(1, 3), "A"),)))


@given(TREES)
def test_what_is_kept_comes_back(tree):
    assert unpacked(Tree, json.loads(json.dumps(packed(tree)))) == tree


@pytest.mark.parametrize(
    "fault",
    [
        {"number": True}, {"number": "1"}, {"mean": "0.5"}, {"day": "2026-13-01"}, {"pair": [1]}, {"pair": [1, "x", 2]},
        {"leaves": {}}, {"leaves": [{"text": True, "share": "1/0", "size": "A"}]}, {"extra": 1},
        {"leaves": [{"text": True, "share": "1/3", "size": "C"}]}, {"leaves": [{"text": 1, "share": "1/3", "size": "A"}]},
    ],
)  # fmt: skip
def test_anything_else_is_unreadable(fault):
    with pytest.raises(Unreadable):
        unpacked(Tree, {**GOOD, **fault})


@pytest.mark.parametrize("document", [None, [], "tree", {key: value for key, value in GOOD.items() if key != "day"}])
def test_what_is_no_document_of_it_is_unreadable(document):
    with pytest.raises(Unreadable):
        unpacked(Tree, document)
