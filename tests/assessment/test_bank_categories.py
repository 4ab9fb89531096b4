"""AS18: the tree of a bank's categories: whatever is moved where, it stays a tree whose paths tell the truth."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Question, QuestionCategory
from academy.assessment.queries_of_categories import shelves
from academy.assessment.rules.bank import DEEPEST, deepest_after_move, depth, lies_within, path_below
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from tests.conftest import EXAMPLES
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories.accounts import LONG_AGO, both

pytestmark = pytest.mark.usefixtures("app")
PLACES = st.integers(min_value=0, max_value=7)
WHO = {"at": LONG_AGO, "by_id": None}
_runs = count(1)


def rows(of):
    query = select(QuestionCategory).where(QuestionCategory.organisation_id == of.id)
    return {row.id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}


def is_sound(found):
    """Every path is its parent's path and the own id; every walk upwards ends at the top; nothing lies too deep."""
    for row in found.values():
        parent = found[row.parent_id] if row.parent_id else None
        assert row.path == path_below(parent.path if parent else "", row.id)
        steps, here = 0, row
        while here.parent_id:
            here, steps = found[here.parent_id], steps + 1
            assert steps < DEEPEST
        assert depth(row.path) == steps + 1 <= DEEPEST


@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PLACES, PLACES), max_size=14))
def test_no_row_of_moves_makes_a_circle_or_a_wrong_path(app, moves):
    """AS18."""
    of = people.organisation(key=f"tree-{next(_runs)}")
    made = [bank.category(of) for _place in range(7)]
    for which, under in moves:
        category, parent = made[which % 7], made[under] if under < 7 else None
        try:
            services.move_category(category, parent, **WHO)
        except Invalid as refused:
            assert refused.field == "parent"
        is_sound(rows(of))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(0, 3))
def test_the_depth_after_a_move_is_that_of_the_whole_branch(ids, above):
    branch, path = [], ""
    for number in ids:
        path = path_below(path, number)
        branch.append(path)
    parent = "/" + "".join(f"{number}/" for number in range(100, 100 + above)) if above else ""
    assert deepest_after_move(branch[0], branch, parent) == above + len(branch)
    assert all(lies_within(each, branch[0]) for each in branch)


def test_a_branch_is_not_moved_deeper_than_the_limit():
    of = people.organisation()
    deep = None
    for _level in range(DEEPEST):
        deep = bank.category(of, deep)
    with pytest.raises(Invalid):
        bank.category(of, deep)
    pair = bank.category(of)
    bank.category(of, pair)
    lower = db.session.get(QuestionCategory, db.session.get(QuestionCategory, deep.parent_id).parent_id)
    services.move_category(pair, lower, **WHO)
    with pytest.raises(Invalid):
        services.move_category(pair, deep, **WHO)
    is_sound(rows(of))


def test_keys_are_made_of_the_english_name_and_never_change():
    of = people.organisation()
    first, second = (bank.category(of, name=both("فهم", "Customer insight!")) for _twice in range(2))
    nameless = bank.category(of, name=both("فهم", ""))
    assert (first.key, second.key, nameless.key) == ("customer-insight", "customer-insight-2", "category")
    services.rename_category(first, both("آخر", "Other"), **WHO)
    assert first.key == "customer-insight"
    for name in (both("", ""),):
        with pytest.raises(Invalid):
            services.rename_category(first, name, **WHO)


def test_a_category_is_ordered_among_its_siblings_only():
    of = people.organisation()
    a, b, c = (bank.category(of) for _each in range(3))
    inner = bank.category(of, a)
    services.order_category(c, "up")
    services.order_category(a, "up")
    services.order_category(inner, "down")
    assert [shelf.id for shelf in shelves(of.id)] == [a.id, inner.id, c.id, b.id]
    services.order_category(b, "down")
    assert [shelf.id for shelf in shelves(of.id)] == [a.id, inner.id, c.id, b.id]


def test_a_category_that_holds_something_is_removed_only_when_that_is_lifted():
    author = people.trainer()
    of = bank.home(author)
    top = bank.category(of)
    middle = bank.category(of, top)
    lower = bank.category(of, middle)
    question, below = bank.question(author, category=middle), bank.question(author, category=lower)
    with pytest.raises(Conflict) as refused:
        services.remove_category(middle, **WHO)
    assert refused.value.field == "lift"
    services.remove_category(middle, lift=True, **WHO)
    assert set(rows(of)) == {top.id, lower.id} and rows(of)[lower.id].parent_id == top.id
    assert db.session.get(Question, question.id).category_id == top.id
    assert db.session.get(Question, below.id).category_id == lower.id
    is_sound(rows(of))
    services.remove_category(bank.category(of), **WHO)
    with pytest.raises(Conflict):
        services.remove_category(db.session.get(QuestionCategory, top.id), **WHO)
    services.remove_category(db.session.get(QuestionCategory, top.id), lift=True, **WHO)
    assert db.session.get(Question, question.id).category_id is None


def test_categories_of_another_organisation_do_not_exist():
    mine, foreign = people.organisation(), bank.category(people.organisation())
    with pytest.raises(NotFound):
        bank.category(mine, foreign)
    with pytest.raises(NotFound):
        services.move_category(bank.category(mine), foreign, **WHO)


def test_the_tree_counts_what_lies_in_each_branch_without_what_is_retired():
    author = people.trainer()
    of = bank.home(author)
    top = bank.category(of)
    inner = bank.category(of, top)
    bank.question(author, category=top)
    bank.question(author, category=inner)
    bank.question(author, category=inner, state="retired")
    counted = {shelf.id: (shelf.own, shelf.total, shelf.depth) for shelf in shelves(of.id)}
    assert counted == {top.id: (1, 2, 1), inner.id: (1, 1, 2)}
