"""Filters mean in SQL what they mean in words, and no hidden figure can be worked out."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, Float, Integer, MetaData, String, Table, select

from academy.base.db import Localized, Moment, db
from academy.base.text import LocalizedText
from academy.insights.reports.queries.translating import clause
from academy.insights.reports.rules import definitions, expressions, hiding, kinds, periods
from academy.insights.reports.rules.expressions import Condition, Group, Unreadable
from academy.insights.reports.rules.hiding import TOTAL, Cell
from tests.conftest import EXAMPLES

TODAY = date(2026, 11, 23)
KNOWN = {
    "word": kinds.TEXT, "name": kinds.NAME, "figure": kinds.NUMBER, "day": kinds.DAY, "moment": kinds.MOMENT,
    "choice": kinds.CHOICE, "yes": kinds.FLAG,
}  # fmt: skip
CHOICES = {"choice": ("a", "b", "c")}
SAMPLE = Table(
    "sample_of_a_dataset", MetaData(), Column("id", Integer, primary_key=True), Column("word", String), Column("name", Localized),
    Column("figure", Float), Column("day", Date), Column("moment", Moment()), Column("choice", String), Column("yes", Boolean),
    prefixes=["TEMPORARY"],
)  # fmt: skip

words = st.sampled_from(["", "a", "A_b", "50%", "É", "Ab\\c", "رحلة", "رحلة المستفيد", "it's", "%", "_"])
days = st.integers(-40, 40).map(lambda n: TODAY + timedelta(days=n))
moments = st.integers(-40 * 24, 40 * 24).map(lambda n: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=n))
figures = st.integers(-3, 3).map(lambda n: n / 2)
rows = st.fixed_dictionaries(
    {
        "word": st.none() | words, "name": st.none() | st.builds(LocalizedText, words, words), "figure": st.none() | figures,
        "day": st.none() | days, "moment": st.none() | moments, "choice": st.none() | st.sampled_from("abc"),
        "yes": st.none() | st.booleans(),
    }
)  # fmt: skip


@st.composite
def condition(draw):
    column = draw(st.sampled_from(sorted(KNOWN)))
    kind = KNOWN[column]
    operator = draw(st.sampled_from(kinds.OPERATORS[kind]))
    if kinds.takes(operator) == 0:
        return Condition(column, operator)
    if kind == kinds.CHOICE:
        return Condition(column, operator, tuple(sorted(draw(st.sets(st.sampled_from("abc"), min_size=1)))))
    if operator in (kinds.LAST_DAYS, kinds.NEXT_DAYS):
        return Condition(column, operator, (draw(st.integers(0, 30)),))
    of = {kinds.TEXT: words.filter(bool), kinds.NAME: words.filter(bool), kinds.NUMBER: figures}.get(kind, days)
    values = draw(st.lists(of, min_size=kinds.takes(operator), max_size=kinds.takes(operator)))
    return Condition(column, operator, tuple(sorted(values)) if len(values) == 2 else tuple(values))


trees = st.recursive(
    condition(),
    lambda inner: st.builds(Group, st.sampled_from([expressions.ALL, expressions.ANY]), st.lists(inner, max_size=4).map(tuple)),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture
def sample(app):
    SAMPLE.create(db.session.connection())
    yield SAMPLE
    SAMPLE.drop(db.session.connection())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, min_size=1, max_size=12), trees)
def test_a_tree_of_conditions_finds_the_rows_that_it_describes(sample, kept, tree):
    """RE4: nested and/or filters; what SQL finds on either database is what the rule says of each row."""
    db.session.execute(sample.delete())
    db.session.execute(sample.insert(), [{"id": n, **row} for n, row in enumerate(kept)])
    where = clause(tree, lambda key: sample.c[key], KNOWN, TODAY)
    found = set(db.session.scalars(select(sample.c.id).where(where)))
    assert found == {n for n, row in enumerate(kept) if expressions.holds(tree, row, KNOWN, TODAY)}


@given(trees)
def test_a_filter_is_kept_and_read_again(tree):
    def bare(node):
        if isinstance(node, Condition):
            return node
        return Group(
            node.joined, tuple(part for part in map(bare, node.parts) if isinstance(part, Condition) or part.parts)
        )

    def depth(node):
        return 0 if isinstance(node, Condition) else 1 + max((depth(part) for part in node.parts), default=0)

    whole = Group(expressions.ALL, (tree,))
    if depth(whole) <= expressions.DEEPEST:
        assert expressions.read(expressions.as_json(whole), KNOWN, CHOICES) == bare(whole)


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"column": "password_hash", "operator": "is", "values": ["x"]}, "column"),
        ({"column": "word", "operator": "; DROP TABLE person", "values": ["x"]}, "operator"),
        ({"column": "word", "operator": "equals", "values": ["x"]}, "operator"),
        ({"column": "word", "operator": "is", "values": []}, "value"),
        ({"column": "figure", "operator": "above", "values": ["many"]}, "number"),
        ({"column": "day", "operator": "on", "values": ["31/2/2027"]}, "day"),
        ({"column": "day", "operator": "last_days", "values": ["-1"]}, "days"),
        ({"column": "figure", "operator": "between", "values": ["9", "1"]}, "order"),
        ({"column": "choice", "operator": "one_of", "values": ["z"]}, "choice"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(part, why):
    with pytest.raises(Unreadable) as refused:
        expressions.read({"parts": [{"column": "yes", "operator": "yes"}, part]}, KNOWN, CHOICES)
    assert (refused.value.why, refused.value.where) == (why, "r.1")


def test_a_filter_has_bounds():
    many = [{"column": "yes", "operator": "yes"}] * (expressions.MOST_CONDITIONS + 1)
    deep: dict = {"column": "yes", "operator": "yes"}
    for _level in range(expressions.DEEPEST + 1):
        deep = {"joined": "any", "parts": [deep]}
    for document in ({"parts": many}, deep):
        with pytest.raises(Unreadable):
            expressions.read(document, KNOWN, CHOICES)


def test_arabic_digits_and_hijri_days_are_understood():
    found = expressions.read(
        {"parts": [{"column": "figure", "operator": "at_least", "values": ["٢٫٥"]}, {"column": "day", "operator": "on", "values": ["1/9/1448"]}]},
        KNOWN, CHOICES,
    )  # fmt: skip
    assert [part.values for part in found.parts] == [(2.5,), (date(2027, 2, 8),)]


def test_a_filter_that_cannot_be_read_is_never_left_out():
    """A report whose filter has a part that is gone would show more than its author meant."""
    with pytest.raises(Unreadable):
        definitions.read({"where": {"parts": [{"column": "gone", "operator": "is", "values": ["x"]}]}}, KNOWN, CHOICES)
    found = definitions.read({"columns": ["gone", "word"], "groups": ["gone", "choice"]}, KNOWN, CHOICES)
    assert (found.columns, found.groups) == (("word",), ("choice",))


# --- Small groups ----------------------------------------------------------------


@st.composite
def tables(draw):
    """Cells of one or two ways with their totals; people are at most the rows of a cell."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    two_way = width > 1
    counts = {}
    for row in range(height):
        for column in range(width):
            if n := draw(st.sampled_from([0, 1, 1, 2, 3, 4, 5, 7, 12, 40])):
                counts[(f"r{row}", f"c{column}" if two_way else "")] = n
    people = {key: draw(st.integers(1, n)) if draw(st.booleans()) else n for key, n in counts.items()}
    cells = {key: Cell(n, people[key]) for key, n in counts.items()}
    for row, column in list(counts):
        for key in {
            (row, TOTAL) if two_way else (row, column),
            (TOTAL, column),
            (TOTAL, TOTAL if two_way else ""),
        } - set(counts):
            inside = [k for k in counts if key[0] in (k[0], TOTAL) and key[1] in (k[1], TOTAL)]
            low, high = max(people[k] for k in inside), sum(people[k] for k in inside)
            cells[key] = Cell(sum(counts[k] for k in inside), draw(st.integers(low, high)))
    return cells, two_way


def equations(cells, two_way):
    """Each line of a table as {key: coefficient}: its cells and, against them, its total."""
    found = []
    for column in {column for _row, column in cells}:
        line = {key: -1 if key[0] == TOTAL else 1 for key in cells if key[1] == column}
        found.append(line)
    if two_way:
        rows_ = sorted({row for row, _column in cells})
        found += [{key: -1 if key[1] == TOTAL else 1 for key in cells if key[0] == row} for row in rows_]
    return found


def rank(rows_):
    """The rank of a matrix of fractions."""
    matrix, done = [list(map(Fraction, row)) for row in rows_], 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((n for n in range(done, len(matrix)) if matrix[n][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        for n in range(len(matrix)):
            if n != done and matrix[n][column]:
                factor = matrix[n][column] / matrix[done][column]
                matrix[n] = [a - factor * b for a, b in zip(matrix[n], matrix[done], strict=True)]
        done += 1
    return done


@settings(max_examples=EXAMPLES * 5)
@given(tables(), st.sampled_from([1, 5, 6, 10]))
def test_no_hidden_figure_can_be_derived(table, threshold):
    """RE4: primary and complementary suppression. A hidden cell is derivable exactly if fixing it adds no equation."""
    cells, two_way = table
    gone = hiding.hidden(cells, threshold)
    effective = max(threshold, 5)
    assert all(key in gone for key, cell in cells.items() if cell.people < effective)
    unknown = sorted(gone)
    system = [[line.get(key, 0) for key in unknown] for line in equations(cells, two_way)]
    shown = set(cells) - gone
    for place, key in enumerate(unknown):
        one = [int(n == place) for n in range(len(unknown))]
        assert not shown or rank([*system, one]) > rank(system), f"{key} can be worked out"


@settings(max_examples=300)
@given(tables(), st.sampled_from([5, 8]))
def test_the_sum_of_what_is_hidden_in_a_line_is_no_small_group(table, threshold):
    """What is left between a shown total and the shown cells always has a large enough group in it."""
    cells, two_way = table
    gone = hiding.hidden(cells, threshold)
    for line in equations(cells, two_way):
        inside = [
            key
            for key, sign in line.items()
            if key in gone and sign == (-1 if TOTAL in key and key[0] != key[1] else 1)
        ]
        totals = [key for key in line if TOTAL in key and line[key] == -1]
        if inside and totals and not set(totals) & gone:
            assert any(cells[key].people >= threshold for key in inside)


@given(tables())
def test_hidden_numbers_have_another_whole_solution(table):
    """Where all hidden numbers are ones and totals are known, ordinary algebra sees freedom that counting does not have."""
    cells, two_way = table
    gone = hiding.hidden(cells, 5)
    if set(cells) - gone:
        hidden_table = hiding._Table(cells, 5)
        hidden_table.hidden = gone
        assert all(hidden_table._moves(key, up=True) or hidden_table._moves(key, up=False) for key in gone)


def test_large_groups_are_all_shown():
    cells = {("a", ""): Cell(9, 9), ("b", ""): Cell(6, 6), (TOTAL, ""): Cell(15, 15)}
    assert hiding.hidden(cells, 5) == set()


def test_one_small_group_takes_the_next_smallest_with_it():
    cells = {("a", ""): Cell(9, 9), ("b", ""): Cell(6, 6), ("c", ""): Cell(2, 2), (TOTAL, ""): Cell(17, 17)}
    assert hiding.hidden(cells, 5) == {("c", ""), ("b", "")}


def test_the_threshold_never_falls_below_five():
    assert hiding.hidden({("a", ""): Cell(4, 4), (TOTAL, ""): Cell(4, 4)}, 1) == {("a", ""), (TOTAL, "")}


# --- Periods ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "since", "today", "period"),
    [
        ("daily", date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 23)),
        ("daily", date(2026, 11, 23), date(2026, 11, 23), None),
        ("daily", date(2026, 11, 26), date(2026, 11, 27), None),
        ("daily", date(2026, 11, 25), date(2026, 11, 28), date(2026, 11, 26)),
        ("weekly", date(2026, 11, 18), date(2026, 11, 23), date(2026, 11, 22)),
        ("weekly", date(2026, 11, 22), date(2026, 11, 28), None),
        ("monthly", date(2026, 10, 30), date(2026, 11, 23), date(2026, 11, 1)),
        ("monthly", date(2026, 11, 1), date(2026, 11, 30), None),
    ],
)
def test_periods_begin_with_the_working_week(rhythm, since, today, period):
    """RE5: days are Sunday to Thursday, weeks begin on Sunday; the first letter comes with the next period."""
    assert periods.due(rhythm, since=since, today=today) == period
