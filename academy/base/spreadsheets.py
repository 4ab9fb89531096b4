"""Tables of text in and out: CSV and XLSX as people's spreadsheets make them and open them."""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from academy.base.dates import RIYADH
from academy.base.late import Late
from academy.base.text import CONTROLS, clean_block, clean_line, without_controls

# Few processes ever read or write a workbook.
xlsxwriter: Any = Late("xlsxwriter")
calamine: Any = Late("python_calamine")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 20 * 1024 * 1024
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_ENTRIES = 2_000
_MAX_AREA = 2_000_000
_MAX_CELL = 32_767
_LONGEST_WIDTH = 60
AT_A_TIME = 200  # rows
_ARCHIVE_ERRORS = (OSError, RuntimeError, NotImplementedError, ValueError, EOFError)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf")
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|svg|table)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What a spreadsheet would take for the beginning of a formula, full-width forms included.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARDED = re.compile("'[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MUST_QUOTE = re.compile('[",;\t\r\n]|^ | $')
# Text with anything in it that must be dropped, quoted or guarded; most has nothing and is written as it stands.
_ODD = re.compile(f"{_MUST_QUOTE.pattern}|{CONTROLS.pattern}|^[{re.escape(''.join(_DANGEROUS))}]")


class UnreadableFile(Exception):
    """A file that cannot be read as a table. `reason_code` says why.

    One of: empty, too_big, not_a_table, encoding, too_many_rows, xls_broken.
    """

    def __init__(self, reason_code: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, all text and all as wide as the header; blank rows are left out.

    `lines` holds for each row its number in the file as a spreadsheet counts them (the first row of the file is 1).
    """

    header: list[str]
    rows: list[list[str]]
    encoding: str
    lines: list[int] = field(default_factory=list)


# --- Reading ----------------------------------------------------------------


def read_table(data: bytes, filename: str, *, max_rows: int = 10_000, max_columns: int = 100) -> Table:
    """Read a CSV (UTF-8, UTF-16 or Windows-1256; comma, semicolon or tab) or XLSX file; raises `UnreadableFile`."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile("too_big")
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile("empty")
    suffix = PurePath(filename).suffix.lower()
    if suffix in (".xlsx", ".xlsm") or (data.startswith(_ZIP) and suffix not in (".csv", ".tsv", ".txt")):
        return _table(_read_xlsx(data, max_rows, max_columns), "xlsx", max_rows, max_columns)
    if data.startswith(_OLD_EXCEL):
        raise UnreadableFile("xls_broken")
    text, encoding = _decode(data)
    return _table(_read_csv(text), encoding, max_rows, max_columns)


def _table(rows: Iterable[list[str]], encoding: str, max_rows: int, max_columns: int) -> Table:
    """Take the first row with something in it as header and even out the widths."""
    kept: list[list[str]] = []
    lines: list[int] = []
    for line, row in enumerate(rows, start=1):
        cells = _without_empty_end(row)
        if not cells:
            continue
        if len(cells) > max_columns:
            raise UnreadableFile("not_a_table")
        if len(kept) > max_rows:
            raise UnreadableFile("too_many_rows")
        kept.append(cells)
        lines.append(line)
    if not kept:
        raise UnreadableFile("empty")
    width = max(map(len, kept))
    header, *body = [cells + [""] * (width - len(cells)) for cells in kept]
    return Table([clean_line(name) for name in header], body, encoding, lines[1:])


def _without_empty_end(row: Iterable[str]) -> list[str]:
    """The cells, cleaned, up to the last one with something in it."""
    cells = [clean_block(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


# --- Reading CSV ----------------------------------------------------------------


def _decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding."""
    if data.startswith(_NOT_TEXT) or data.startswith(_ZIP):
        raise UnreadableFile("not_a_table")
    text, encoding = _guess(data)
    if _CONTROL.search(text) or _MARKUP.match(text):
        raise UnreadableFile("not_a_table")
    return text, encoding


def _guess(data: bytes) -> tuple[str, str]:
    """Decode by byte order mark, else as UTF-16 when every other byte is 0 or 6, else UTF-8, else Windows-1256."""
    utf16 = _utf16_kind(data)
    try:
        if utf16:
            return data.decode(utf16).removeprefix("\ufeff"), "utf-16"
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if utf16 or _is_damaged_utf8(data):
            raise UnreadableFile("encoding") from error
    text = data.decode("cp1256")
    if _CONTROL.search(text) or not _reads_as_arabic(text):
        raise UnreadableFile("encoding")
    return text, "cp1256"


def _utf16_kind(data: bytes) -> str | None:
    """The codec of UTF-16 with a mark, or without one when nearly all high bytes are those of Latin and Arabic."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:2_000]
    for codec, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if b"\0" in high and sum(byte in (0, 6) for byte in high) > 0.9 * len(high):
            return codec
    return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is good UTF-8, so that reading it as Windows-1256 would give rubbish."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken > 4 * broken


def _reads_as_arabic(text: str) -> bool:
    """Whether at least half of what is not ASCII are Arabic letters, as in a true Windows-1256 file."""
    foreign = [char for char in text if char > "\x7f"]
    return sum("\u0620" <= char <= "\u06d3" or char == "،" for char in foreign) * 2 >= len(foreign)


def _read_csv(text: str) -> Iterator[list[str]]:
    """The rows of a CSV text; an apostrophe put before a sign by `write_csv` is taken off again."""
    declared = re.match(r"sep=(.)\r?\n", text)
    body = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else _delimiter(body)
    try:
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter):
            yield [cell[1:] if _GUARDED.match(cell) else cell for cell in row]
    except csv.Error as error:
        raise UnreadableFile("not_a_table") from error


def _delimiter(text: str) -> str:
    """The sign that gives the first filled row the most cells; a comma when none gives more than one."""
    first = text.lstrip()[:10_000]
    return max(",;\t", key=lambda sign: len(next(csv.reader(io.StringIO(first, newline=""), delimiter=sign), [])))


# --- Reading XLSX ----------------------------------------------------------------


def _read_xlsx(data: bytes, max_rows: int, max_columns: int) -> list[list[str]]:
    """The rows of the first visible sheet with something in it, counted from the top so that line numbers are true."""
    safe = _checked_copy(data, max(_MAX_AREA, max_rows * max_columns * 2))
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(safe)) as workbook:
            for sheet in _visible_sheets(workbook):
                above: list[list[str]] = [[]] * (sheet.start[0] if sheet.start else 0)
                rows = [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
                if any(map(any, rows)):
                    return above + rows
    except (calamine.CalamineError, OSError, ValueError, LookupError) as error:
        raise UnreadableFile("xls_broken") from error
    raise UnreadableFile("empty")


def _visible_sheets(workbook: Any) -> Iterator[Any]:
    """The sheets with cells that a person opening the file sees."""
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            yield workbook.get_sheet_by_index(place)


def _checked_copy(data: bytes, max_area: int) -> bytes:
    """Unpack within limits, refuse sheets that would make the reader ask for gigabytes, and pack again.

    The reader gets the copy, so that it cannot see anything else in the archive than what was checked.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copy, "w") as packed:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries.values()) > _MAX_UNPACKED:
                raise UnreadableFile("too_big")
            for name, entry in entries.items():
                # Gives at most the declared size, and fails when there is more.
                content = archive.read(entry)
                if b"sheetData" in content:
                    _Extent(max_area).check(content)
                packed.writestr(name, content)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, *_ARCHIVE_ERRORS) as error:
        raise UnreadableFile("xls_broken") from error
    return copy.getvalue()


class _Extent:
    """Measures the box around all filled cells of a sheet: one far-off cell in a small file makes it enormous."""

    def __init__(self, max_area: int) -> None:
        self.max_area = max_area
        self.row = self.column = self.last_row = self.last_column = 0

    def check(self, sheet: bytes) -> None:
        """Raise `UnreadableFile` when the box is too large, ExpatError when the sheet is not sound XML."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._refuse_entity
        parser.Parse(sheet, True)

    def _refuse_entity(self, *_: object) -> None:
        """No spreadsheet declares entities; bombs do."""
        raise UnreadableFile("xls_broken")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Follow rows and cells, with or without their coordinates."""
        match name.rpartition(":")[2]:
            case "row":
                self.row = int(attributes.get("r", self.row + 1))
                self.column = 0
            case "c":
                self._cell(attributes.get("r", ""))
            case "v" | "f" | "is":
                self.last_row = max(self.last_row, self.row)
                self.last_column = max(self.last_column, self.column)
                if self.last_row * self.last_column > self.max_area:
                    raise UnreadableFile("too_many_rows")

    def _cell(self, reference: str) -> None:
        """Move to a cell given as B7, or to the next one when it is not given."""
        if not reference:
            self.column += 1
            return
        letters = reference.rstrip("0123456789").upper()
        self.row = int(reference[len(letters) :] or self.row)
        self.column = 0
        for letter in letters[:4]:
            self.column = self.column * 26 + ord(letter) - 64


def _shown(cell: object) -> str:
    """A cell as text: numbers without a trailing .0, days as 2026-03-20, text as it stands."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


# --- Writing ----------------------------------------------------------------


def _plain(value: object) -> object:
    """Bring a value to what both formats know: numbers, days, naive moments on Riyadh's clock, text; '' for nothing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, Decimal):
        return value if value.is_finite() else ""
    if isinstance(value, datetime):
        return (value.astimezone(RIYADH).replace(tzinfo=None) if value.tzinfo else value).replace(microsecond=0)
    if isinstance(value, (int, float, date)) and not isinstance(value, bool):
        return value
    return without_controls(str(value))


def _csv_cell(value: object) -> str:
    """One cell as CSV; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if type(value) is str and not _ODD.search(value):
        return value
    plain = _plain(value)
    if isinstance(plain, str):
        text = f"'{plain}" if plain.startswith(_DANGEROUS) else plain
        return '"' + text.replace('"', '""') + '"' if _MUST_QUOTE.search(text) else text
    if isinstance(plain, datetime):
        return f"{plain:%Y-%m-%d %H:%M}"
    return plain.isoformat() if isinstance(plain, date) else str(plain)


def write_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with byte order mark and CRLF, as Excel wants it; numbers stay numbers."""
    yield b"\xef\xbb\xbf" + _csv_lines([header])
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_A_TIME)):
        yield _csv_lines(batch)


def _csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV lines."""
    return "".join(",".join(map(_csv_cell, row)) + "\r\n" for row in rows).encode("utf-8")


def _sheet_name(name: str) -> str:
    """A name Excel accepts: at most 31 characters, without []:*?/\\ and outer apostrophes."""
    allowed = re.sub(r"[\[\]:*?/\\]", " ", clean_line(name))[:31].strip(" '")
    return allowed if allowed and allowed.lower() != "history" else "Sheet1"


def write_xlsx(header: Sequence[object], rows: Iterable[Sequence[object]], *, sheet: str, right_to_left: bool) -> bytes:
    """Return an XLSX file of one sheet with a bold, frozen header; text never becomes a formula, number or link."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        if right_to_left:
            page.right_to_left()
        page.freeze_panes(1, 0)
        write = _CellWriter(page, book)
        for place, name in enumerate(header):
            write.head(place, str(_plain(name)))
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                write.cell(line, place, _plain(value))
        for place, width in write.widths.items():
            page.set_column(place, place, min(max(width + 2, 8), _LONGEST_WIDTH))
    return buffer.getvalue()


class _CellWriter:
    """Writes each value by its own kind and remembers how many characters wide every column shows."""

    def __init__(self, page: Any, book: Any) -> None:
        self.page = page
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.widths: dict[int, int] = {}

    def head(self, place: int, name: str) -> None:
        """One name of the header."""
        self.page.write_string(0, place, name[:_MAX_CELL], self.bold)
        self.widths[place] = len(name) + 1

    def cell(self, line: int, place: int, value: object) -> None:
        """One cell of a value made plain; numbers longer than the 15 digits Excel keeps stay text."""
        text = str(value)[:_MAX_CELL]
        if isinstance(value, date):
            self.page.write_datetime(line, place, value, self.moment if isinstance(value, datetime) else self.day)
        elif isinstance(value, (int, float, Decimal)) and -(10**15) < value < 10**15:
            self.page.write_number(line, place, value)
        elif text:
            self.page.write_string(line, place, text)
        self.widths[place] = max(self.widths.get(place, 0), *map(len, text.split("\n")))
