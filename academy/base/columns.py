"""The columns of files that people bring, recognised by their names in both languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from academy.base.arabic import normalise


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file that people bring: its name in the template, and other names under which it is recognised."""

    field: str
    label: Any
    ar: str
    en: str
    others: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Every name, made comparable."""
        return {normalise(name) for name in (self.ar, self.en, self.field, *self.others)}


def recognise(header: Sequence[str], columns: Iterable[Column]) -> list[str | None]:
    """Return for each column of a file which field it is; None for columns that are not among those known."""
    by_name = {name: column.field for column in columns for name in column.names}
    return [by_name.get(normalise(name)) for name in header]
