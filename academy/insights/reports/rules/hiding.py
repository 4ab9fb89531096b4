"""Which figures of a table are kept back, so that nothing about a small group of people can be read or reckoned from it.

A table has cells, the totals of its rows and columns, and the total of all. First go the figures of fewer people than the
threshold; then further ones, until none of the hidden can be worked out from what is shown: neither because it is the only
unknown of its line or of a chain of lines, nor because no other whole number fits; and until the hidden ones of a line,
whose sum anybody can reckon, hold together a group that is large enough.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

LEAST, USUAL, MOST = 5, 5, 100
# No name of a group can be this: texts are cleaned of such signs.
TOTAL = "\x7f"
Key = tuple[str, str]
_FREE = "\x7f\x7f"


@dataclass(frozen=True, slots=True)
class Cell:
    """How many rows are in a cell, and the fewest people that any of its figures rests on."""

    rows: int
    people: int


def hidden(cells: Mapping[Key, Cell], threshold: int) -> set[Key]:
    """Return the keys of the figures to hide. A key is (row, column); TOTAL names the sums, "" the only column of a list."""
    table = _Table({key: cell for key, cell in cells.items() if cell.rows > 0}, max(threshold, LEAST))
    while (more := table.lacking()) is not None:
        table.hidden.add(more)
    return table.hidden


def opens(key: Key, gone: Collection[Key]) -> bool:
    """Whether the rows behind a figure may be listed: nothing that is hidden is it, or lies within it.

    The rows of a total hold those of its parts: by taking away the parts that open, a hidden one would be left.
    """
    if key[0] == TOTAL and key[1] in (TOTAL, ""):
        return not gone
    if key[1] == TOTAL:
        return not any(row == key[0] for row, _column in gone)
    if key[0] == TOTAL:
        return not any(column == key[1] for _row, column in gone)
    return key not in gone


class _Table:
    def __init__(self, cells: Mapping[Key, Cell], threshold: int) -> None:
        self.cells, self.threshold = cells, threshold
        self.two_way = any(column for _row, column in cells)
        self.lines: dict[tuple[str, str], list[Key]] = {}
        for key in cells:
            for line in self._lines_of(key):
                self.lines.setdefault(line, []).append(key)
        self.hidden = {key for key, cell in cells.items() if cell.people < self.threshold}

    def _lines_of(self, key: Key) -> Iterator[tuple[str, str]]:
        """The sums that a cell is part of: that of its column, and in a table of two ways that of its row."""
        yield "column", key[1]
        if self.two_way:
            yield "row", key[0]

    def lacking(self) -> Key | None:
        """The next figure to hide, None when what is hidden is safe or nothing is left to hide."""
        for key in sorted(self.hidden):
            for line in self._lines_of(key):
                if self._tells_a_small_sum(line) and (more := self._smallest_shown([line])):
                    return more
        for key in sorted(self.hidden):
            if not self._moves(key, up=True) and not self._moves(key, up=False):
                more = self._smallest_shown(list(self._lines_of(key))) or self._smallest_shown(list(self.lines))
                if more:
                    return more
        return None

    def _tells_a_small_sum(self, line: tuple[str, str]) -> bool:
        """Whether the hidden cells of a line, whose total is shown, have no large enough group among them."""
        inside = [key for key in self.lines[line] if key in self.hidden]
        total = (TOTAL, line[1]) if line[0] == "column" else (line[1], TOTAL)
        return total not in self.hidden and all(self.cells[key].people < self.threshold for key in inside)

    def _smallest_shown(self, lines: list[tuple[str, str]]) -> Key | None:
        shown = {key for line in lines for key in self.lines[line] if key not in self.hidden}
        return min(shown, key=lambda key: (TOTAL in key, self.cells[key].rows, key), default=None)

    # --- Whether another table with the same shown figures could have another number in a cell ---

    def _moves(self, start: Key, *, up: bool) -> bool:
        """Whether the cell could hold one more (or one less), the others of its lines making up for it."""
        if not self._may(start, up):
            return False
        goal, at = self._row(start), ("column", start[1])
        seen, waiting = {at}, [at]
        while waiting:
            side, _name = here = waiting.pop()
            # Leaving a column undoes the change, leaving a row repeats it.
            change = up if side == "row" else not up
            for key in self._hidden_at(here):
                if key == start or not self._may(key, change):
                    continue
                if side == "column" and self._row(key) == goal:
                    return True
                there = ("row", self._row(key)) if side == "column" else ("column", key[1])
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
        return False

    def _row(self, key: Key) -> str:
        return key[0] if self.two_way else _FREE

    def _hidden_at(self, place: tuple[str, str]) -> list[Key]:
        return [key for key in self.lines.get(place, []) if key in self.hidden]

    def _may(self, key: Key, up: bool) -> bool:
        """Whether a hidden number may change this way and still be one or more; sums count against their cells."""
        against = (key[0] == TOTAL) != (key[1] == TOTAL)
        return up != against or self.cells[key].rows >= 2
