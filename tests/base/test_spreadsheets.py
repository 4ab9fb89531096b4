"""Files as spreadsheets write them, and files spreadsheets can open without running anything."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from academy.base.spreadsheets import MAX_BYTES, UnreadableFile, read_table, write_csv, write_xlsx

HEADER = ["الاسم", "رقم الجوال"]
ROWS = [["علي", "0512345678"], ["نورة", "0599999999"]]
DANGEROUS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\uff1dx"]


def csv_text(header, rows):
    return b"".join(write_csv(header, rows)).decode("utf-8-sig")


def workbook(fill):
    """An XLSX file of one sheet filled by `fill(sheet, book)`."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book.add_worksheet("a"), book)
    return buffer.getvalue()


def repacked(data, change):
    """The same archive with every entry's content passed through `change(name, content)`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def reason(data, filename="people.csv", **limits):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(data, filename, **limits)
    return refusal.value.reason_code


class TestReadingCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize(
        ("codec", "encoding"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("cp1256", "cp1256"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16"),
            ("utf-16-be", "utf-16"),
        ],
    )
    def test_every_usual_form_gives_the_same_table(self, delimiter, line_end, codec, encoding):
        text = line_end.join(delimiter.join(row) for row in [HEADER, *ROWS])
        table = read_table(text.encode(codec), "people.csv")
        assert (table.header, table.rows, table.encoding) == (HEADER, ROWS, encoding)

    def test_blank_rows_are_left_out_and_lines_stay_true(self):
        """R35: blanks change nothing."""
        table = read_table(b"\n,\na,b\n\n1,2\n , \n3,4\n\n", "x.csv")
        assert (table.header, table.rows, table.lines) == (["a", "b"], [["1", "2"], ["3", "4"]], [5, 7])

    def test_uneven_rows_are_evened_out(self):
        table = read_table(b"a,b\n1\n1,2,3\n1,2,,,\n", "x.csv")
        assert table.header == ["a", "b", ""]
        assert table.rows == [["1", "", ""], ["1", "2", "3"], ["1", "2", ""]]

    def test_quotes_hold_delimiters_and_lines(self):
        table = read_table(b'a;b\n"x;""y""";"1\n2"\n', "x.csv")
        assert table.rows == [['x;"y"', "1\n2"]]

    def test_a_declared_delimiter_is_taken(self):
        assert read_table(b"sep=|\r\na|b,c\r\n1|2\r\n", "x.csv").header == ["a", "b,c"]

    def test_a_single_column_is_a_table(self):
        assert read_table(b"mail\na@b.sa\n", "x.csv").rows == [["a@b.sa"]]

    def test_cells_are_cleaned_as_typed_text_is(self):
        table = read_table("a,b\n \u202eعلي\u200f , e\u0301\n".encode(), "x.csv")
        assert table.rows == [["علي", "é"]]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b" \r\n\t", "empty"),
            (b"\xef\xbb\xbf\n,,\n", "empty"),
            (b"%PDF-1.7 x", "not_a_table"),
            (b"\x89PNG\r\n", "not_a_table"),
            (b"PK\x03\x04xxx", "not_a_table"),
            (b"<!DOCTYPE html><table>", "not_a_table"),
            (b"a,b\n1,\x002\n", "not_a_table"),
            (b"a," + b"x" * 200_000, "not_a_table"),
            (",".join(["x"] * 101).encode(), "not_a_table"),
            ("日本語,文字".encode("shift-jis"), "encoding"),
            ("علي,محمد".encode() + b"\xd8", "encoding"),
            (b"\xff\xfe\x00", "encoding"),
            (bytes(range(256)), "encoding"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls_broken"),
            (b"x" * (MAX_BYTES + 1), "too_big"),
        ],
    )
    def test_what_cannot_be_read_is_refused_by_name(self, data, code):
        assert reason(data) == code

    def test_rows_and_columns_are_limited(self):
        assert len(read_table(b"a\n" + b"1\n" * 5, "x.csv", max_rows=5).rows) == 5
        assert reason(b"a\n" + b"1\n" * 6, max_rows=5) == "too_many_rows"
        assert reason(b"a,b,c", max_columns=2) == "not_a_table"

    @given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xlsx", "x", ""]))
    def test_any_bytes_are_read_or_refused(self, data, filename):
        try:
            table = read_table(data, filename)
        except UnreadableFile:
            return
        assert all(len(row) == len(table.header) for row in table.rows)
        assert len(table.lines) == len(table.rows)


class TestReadingXlsx:
    def test_numbers_days_and_text_read_as_people_see_them(self):
        def fill(sheet, book):
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.write_row(0, 0, [" الاسم ", "n"])
            sheet.write_string(1, 0, "0512345678")
            sheet.write_number(1, 1, 1000000008)
            sheet.write_number(2, 0, 0.1 + 0.2)
            sheet.write_boolean(2, 1, True)
            sheet.write_datetime(3, 0, date(2026, 3, 20), day)
            sheet.write_datetime(3, 1, datetime(2026, 3, 20, 8, 30), moment)

        table = read_table(workbook(fill), "people.xlsx")
        assert table.header == ["الاسم", "n"]
        assert table.rows == [
            ["0512345678", "1000000008"],
            ["0.3", "TRUE"],
            ["2026-03-20", "2026-03-20 08:30:00"],
        ]
        assert table.lines == [2, 3, 4]

    def test_the_first_visible_sheet_with_something_in_it_is_read(self):
        def fill(sheet, book):
            hidden, wanted = book.add_worksheet("b"), book.add_worksheet("c")
            hidden.write(0, 0, "hidden")
            hidden.hide()
            wanted.write(2, 0, "name")
            wanted.write(4, 0, "x")

        table = read_table(workbook(fill), "x.xlsx")
        assert (table.header, table.rows, table.lines) == (["name"], [["x"]], [5])

    def test_an_empty_book_is_empty(self):
        assert reason(workbook(lambda sheet, book: None), "x.xlsx") == "empty"

    @pytest.mark.parametrize("data", [b"PK\x03\x04junk", b"name,phone\n1,2\n", b"\xd0\xcf\x11\xe0rest"])
    def test_what_is_no_workbook_is_refused(self, data):
        assert reason(data, "x.xlsx") == "xls_broken"

    def test_another_archive_is_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.txt", "x")
        assert reason(buffer.getvalue(), "x.xlsx") == "xls_broken"
        assert reason(buffer.getvalue(), "x.csv") == "not_a_table"

    def test_a_far_off_cell_does_not_fill_the_memory(self):
        """Read naively, these five kilobytes ask for half a terabyte and end the process."""
        far = workbook(lambda sheet, book: (sheet.write(0, 0, "a"), sheet.write(1_048_575, 16_383, "z")))
        assert reason(far, "x.xlsx") == "too_many_rows"

    @pytest.mark.parametrize(
        "cells",
        [
            b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
            b"<row r='1048576'>" + b"<c><v>1</v></c>" * 200 + b"</row>",
            b'<row x=">" r="1048576"><c t=">" r="&#88;FD1048576"><v>1</v></c></row>',
        ],
    )
    def test_far_off_cells_are_found_however_they_are_written(self, cells):
        book = workbook(lambda sheet, book: sheet.write(0, 0, 1))
        sheet = b'<worksheet xmlns:x="urn:x"><sheetData>' + cells + b"</sheetData></worksheet>"
        changed = repacked(book, lambda name, content: sheet if "sheet1.xml" in name else content)
        assert reason(changed, "x.xlsx") == "too_many_rows"

    def test_formats_without_content_far_below_do_no_harm(self):
        def fill(sheet, book):
            sheet.write_column(0, 0, ["a", "b"])
            sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

        assert read_table(workbook(fill), "x.xlsx").rows == [["b"]]

    def test_an_archive_that_unpacks_too_big_is_refused_unread(self):
        book = workbook(lambda sheet, book: sheet.write(0, 0, "a"))
        bomb = repacked(book, lambda name, content: content + b" " * (101 * 2**20 if "styles" in name else 0))
        assert len(bomb) < 1_000_000
        assert reason(bomb, "x.xlsx") == "too_big"

    def test_an_archive_that_lies_about_its_size_is_refused(self):
        book = bytearray(repacked(workbook(lambda sheet, book: sheet.write(0, 0, "a")), lambda name, content: content))
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
        at = book.rindex(size.to_bytes(4, "little"))
        book[at : at + 4] = (size - 10).to_bytes(4, "little")
        assert reason(bytes(book), "x.xlsx") == "xls_broken"

    def test_entities_are_refused(self):
        book = workbook(lambda sheet, book: sheet.write(0, 0, "a"))
        bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'
        changed = repacked(book, lambda name, content: bomb if "sheet1.xml" in name else content)
        assert reason(changed, "x.xlsx") == "xls_broken"

    def test_rows_are_limited(self):
        data = write_xlsx(["a"], [["x"]] * 6, sheet="a", right_to_left=False)
        assert len(read_table(data, "x.xlsx", max_rows=6).rows) == 6
        assert reason(data, "x.xlsx", max_rows=5) == "too_many_rows"


class TestWritingCsv:
    def test_excel_is_told_the_encoding_and_gets_its_line_ends(self):
        data = b"".join(write_csv(HEADER, ROWS))
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\r\n") == 3
        assert data.endswith(b"\r\n")
        assert "0512345678" in data.decode()

    @pytest.mark.parametrize("text", DANGEROUS)
    def test_nothing_runs_as_a_formula(self, text):
        """ASVS 1.2.10: cells starting with = + - @ tab CR are neutralised."""
        for rows in csv.reader(io.StringIO(csv_text([text], [[text]]), newline="")):
            assert rows == [f"'{text}"]

    def test_numbers_stay_numbers(self):
        text = csv_text(["n"], [[-5], [Decimal("-1.50")], [0.25], [True], [None], [float("nan")]])
        assert text == "n\r\n-5\r\n-1.50\r\n0.25\r\nTrue\r\n\r\n\r\n"

    def test_days_and_moments_are_riyadhs(self):
        text = csv_text(["d"], [[date(2026, 3, 20)], [datetime(2026, 3, 19, 21, 30, tzinfo=UTC)]])
        assert text == "d\r\n2026-03-20\r\n2026-03-20 00:30\r\n"

    def test_no_delimiter_of_another_country_opens_a_new_cell(self):
        assert csv_text(["x"], [["a;=1+1"], ["a\t=1"]]) == 'x\r\n"a;=1+1"\r\n"a\t=1"\r\n'

    def test_rows_are_streamed(self):
        taken = []

        def rows():
            for number in range(1000):
                taken.append(number)
                yield [number]

        pieces = write_csv(["n"], rows())
        next(pieces)
        assert taken == []
        next(pieces)
        assert 0 < len(taken) < 1000

    @given(st.lists(st.lists(st.text(alphabet=st.characters(categories=None)), min_size=2, max_size=2), max_size=5))
    def test_any_text_can_be_written_and_no_cell_begins_a_formula(self, rows):
        text = csv_text(["a", "b"], rows)
        read = list(csv.reader(io.StringIO(text, newline="")))
        assert [len(row) for row in read] == [2] * (len(rows) + 1)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)

    def test_what_we_write_we_read_back(self):
        rows = [["=1+1", "+966512345678"], ["-5", "a;b"], ["'quoted", "x\ny"], ["Ali (علي)", "O'Brien"]]
        table = read_table(b"".join(write_csv(HEADER, rows)), "x.csv")
        assert (table.header, table.rows) == (HEADER, rows)


class TestWritingXlsx:
    def test_what_we_write_we_read_back(self):
        rows = [["=1+1", "0512345678"], ["https://e.org", "+5"], ["x" * 40_000, ""], ["_x0041_", "نص\nنص"]]
        table = read_table(write_xlsx(HEADER, rows, sheet="متدربون", right_to_left=True), "x.xlsx")
        assert table.header == HEADER
        assert table.rows[0] == ["=1+1", "0512345678"]
        assert table.rows[1] == ["https://e.org", "+5"]
        assert len(table.rows[2][0]) == 32_767
        assert table.rows[3] == ["_x0041_", "نص\nنص"]

    def test_values_keep_their_kind(self):
        rows = [[-5, Decimal("1.5"), date(2026, 3, 20), datetime(2026, 3, 19, 21, 30, tzinfo=UTC), None, 10**17, True]]
        table = read_table(write_xlsx(list("abcdefg"), rows, sheet="x", right_to_left=False), "x.xlsx")
        assert table.rows == [["-5", "1.5", "2026-03-20", "2026-03-20 00:30:00", "", "1" + "0" * 17, "True"]]

    def test_text_is_never_a_formula_or_link(self):
        data = write_xlsx(["a"], [[text] for text in [*DANGEROUS, "https://e.org"]], sheet="x", right_to_left=False)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet

    @pytest.mark.parametrize("right_to_left", [True, False])
    def test_the_sheet_runs_as_asked_with_a_frozen_header(self, right_to_left):
        data = write_xlsx(["a"], [], sheet="x", right_to_left=right_to_left)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert ('rightToLeft="1"' in sheet) == right_to_left
        assert 'state="frozen"' in sheet

    @pytest.mark.parametrize("name", ["", "a/b\\c[1]:*?", "'x'", "م" * 50, "History", "\ud800\x00"])
    def test_any_name_makes_a_sheet(self, name):
        assert read_table(write_xlsx(["a"], [], sheet=name, right_to_left=True), "x.xlsx").header == ["a"]

    @given(st.lists(st.text(alphabet=st.characters(categories=None)), max_size=5))
    def test_any_text_can_be_written(self, texts):
        data = write_xlsx(["kept"], [[text] for text in texts], sheet="x", right_to_left=True)
        assert read_table(data, "x.xlsx").header == ["kept"]
