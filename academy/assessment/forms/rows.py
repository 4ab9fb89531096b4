"""Rows inside a question's form: added, moved and removed by buttons that send the form without saving it."""

from collections.abc import Iterable
from typing import Any

from wtforms import FieldList, Form, HiddenField
from wtforms.fields.core import Field

from academy.assessment.types.checking import MOST_ENTRIES
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.web.forms import BlockField, LocalizedBlockField, LocalizedLineField

ENTRY_LENGTH = 1000


class _EntryHalves(Form):
    ar = BlockField(_l("Arabic"), limit=ENTRY_LENGTH, render_kw={"lang": "ar", "dir": "rtl", "rows": 2})
    en = BlockField(_l("English"), limit=ENTRY_LENGTH, render_kw={"lang": "en", "dir": "ltr", "rows": 2})


class EntryField(LocalizedBlockField):
    """A short text in two languages: a choice, an item, feedback."""

    halves = _EntryHalves


class IdField(HiddenField):
    """The id of a row, kept through edits so that answers stay comparable."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what came; the type's check refuses ids that cannot be used."""
        self.data = clean_line(str(valuelist[0])) if valuelist else ""


def fresh_id(letter: str, used: Iterable[object]) -> str:
    """Return the next id "o1", "o2", … that no row has."""
    taken, number = set(used), 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def lines_of(typed: str | None) -> list[str]:
    """Return the filled lines of what was typed, each once."""
    return list(dict.fromkeys(line for raw in (typed or "").split("\n") if (line := clean_line(raw))))


def act_on_rows(form: Form, act: str) -> bool:
    """Carry out a row button's act: "<list>:add", "<list>:<n>:up", "…:down" or "…:remove". Returns whether it was one."""
    name, *rest = act.split(":")
    rows = form._fields.get(name)
    if not isinstance(rows, FieldList) or not rest:
        return False
    if rest == ["add"]:
        if len(rows) < MOST_ENTRIES:
            rows.append_entry({})
    elif len(rest) == 2 and rest[0].isascii() and rest[0].isdigit() and int(rest[0]) < len(rows):
        _act_on_row(rows, int(rest[0]), rest[1])
    return True


def _act_on_row(rows: FieldList, place: int, act: str) -> None:
    if act not in ("up", "down", "remove"):
        return
    value = rows.pop_entry(place).data
    if act != "remove":
        rows.insert_entry(max(0, place - 1) if act == "up" else place + 1, value)


def blame(field: Field, sentence: str) -> None:
    """Show a problem at a field; at a text in two languages, at its Arabic half."""
    if isinstance(field, LocalizedLineField | LocalizedBlockField):
        field = field.form["ar"]
    if sentence not in field.errors:  # both sides of pairs may lack the same
        field.errors = [*field.errors, sentence]


def gather_errors(rows: FieldList) -> None:
    """Let a list of rows know of problems that were put at its rows after validation."""
    own = [error for error in rows.errors if isinstance(error, str)]
    below = [entry.errors for entry in rows.entries]
    rows.errors = [*own, *below] if any(below) else own
