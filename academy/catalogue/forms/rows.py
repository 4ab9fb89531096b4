"""Rows that are added, removed and moved inside a form, by buttons that send the form without saving it."""

from typing import Any

from wtforms import FieldList, Form

MOST_ROWS = 200


def act_on_rows(form: Form, act: str) -> bool:
    """Carry out a row button's act: "<list>:add", "<list>:<n>:up", "…:down" or "…:remove". Returns whether it was one."""
    name, *rest = act.split(":")
    rows = form._fields.get(name)
    if not isinstance(rows, FieldList) or not rest:
        return False
    values = [entry.data for entry in rows.entries]
    if rest == ["add"]:
        values = [*values, {}] if len(values) < MOST_ROWS else values
    elif len(rest) == 2 and rest[0].isascii() and rest[0].isdigit() and int(rest[0]) < len(values):
        _act_on_row(values, int(rest[0]), rest[1])
    refill(rows, values)
    return True


def _act_on_row(values: list[Any], place: int, act: str) -> None:
    value = values.pop(place)
    if act != "remove":
        values.insert(max(0, place - 1) if act == "up" else place + 1, value)


def refill(rows: FieldList, values: list[Any]) -> None:
    """Put these values into the rows, whatever they held."""
    while rows.entries:
        rows.pop_entry()
    rows.last_index = -1
    for value in values:
        rows.append_entry(value)
