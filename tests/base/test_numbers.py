"""Numbers typed by people and numbers shown to them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base import numbers


class TestParseNumber:
    @pytest.mark.parametrize(
        "text", ["٣٢", "32", "+32", "32٫0", "32.0", "32%", "٣٢٪", "٣٢ ٪", " 32 ", "۳۲", "32,0", "32."]
    )
    def test_all_ways_to_type_thirty_two(self, text):
        assert numbers.parse_number(text) == 32

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("٣٫٥", "3.5"),
            ("3.5", "3.5"),
            ("3,5", "3.5"),
            ("٣،٥", "3.5"),
            (".5", "0.5"),
            (",5", "0.5"),
            ("0,385", "0.385"),
            ("1.234", "1.234"),
            ("1,234", "1234"),
            ("١٬٢٣٤", "1234"),
            ("١٬٢٣٤٫٥", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234 567,5", "1234567.5"),
            ("1\u00a0234", "1234"),
            ("-3", "-3"),
            ("−3", "-3"),
            ("\u200e-13\u200e%\u200e", "-13"),
            ("- 3", "-3"),
            ("-0", "0"),
            ("007", "7"),
            ("+0.50%", "0.5"),
        ],
    )
    def test_signs_points_and_groups(self, text, number):
        assert numbers.parse_number(text) == Decimal(number)

    @pytest.mark.parametrize(
        "text",
        [
            "NaN",
            "nan",
            "inf",
            "-Infinity",
            "1e308",
            "1E5",
            "1e-5",
            "0x10",
            "1_000",
            "abc",
            "٣س",
            ".",
            ",",
            "٫",
            "٬",
            "+",
            "-",
            "%",
            "-%",
            "1,23,4",
            "1,2345,6",
            "12,34.5",
            "1.2.3",
            "٣٬٥",
            "5%%",
            "--5",
            "5-",
            "½",
            "²",
            "1٫2٫3",
            "null",
            "None",
        ]
        + ["", " ", "5 5", "1 2345", "\ud800", "\x00", "9" * 41, "1" * 1_000_000],
    )
    def test_what_is_not_a_number_is_refused(self, text):
        assert numbers.parse_number(text) is None

    def test_minus_zero_has_no_sign(self):
        assert str(numbers.parse_number("-0")) == "0"

    @given(st.text())
    def test_any_text_gives_a_finite_number_or_none(self, text):
        number = numbers.parse_number(text)
        assert number is None or number.is_finite()


class TestDigits:
    def test_digits_of_every_script_become_ascii(self):
        assert numbers.to_ascii_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ x²") == "0123456789 0123456789 x²"

    def test_digits_are_shown_as_chosen(self):
        assert numbers.show_digits("الوحدة 12: CX-201", "arab") == "الوحدة ١٢: CX-٢٠١"
        assert numbers.show_digits("الوحدة ١٢", "latn") == "الوحدة 12"

    @given(st.text())
    def test_showing_and_folding_gives_the_text_back(self, text):
        folded = numbers.to_ascii_digits(text)
        assert numbers.to_ascii_digits(numbers.show_digits(folded, "arab")) == folded


class TestFormatNumber:
    @pytest.mark.parametrize(
        ("value", "decimals", "latin", "arabic"),
        [
            (0, None, "0", "٠"),
            (1234567, None, "1,234,567", "١٬٢٣٤٬٥٦٧"),
            (1234.5, None, "1,234.5", "١٬٢٣٤٫٥"),
            (33.333333, None, "33.33", "٣٣٫٣٣"),
            (5.0, None, "5", "٥"),
            (Decimal("0.005"), None, "0.005", "٠٫٠٠٥"),
            (Decimal("1E+3"), None, "1,000", "١٬٠٠٠"),
            (5.73, 1, "5.7", "٥٫٧"),
            (2.675, 2, "2.68", "٢٫٦٨"),
            (2.5, 0, "3", "٣"),
            (7, 2, "7.00", "٧٫٠٠"),
            (-13, None, "−13", "−١٣"),
            (-0.001, 1, "0.0", "٠٫٠"),
            (-0.0, None, "0", "٠"),
            (float("nan"), None, "—", "—"),
            (Decimal("Infinity"), 2, "—", "—"),
        ],
    )
    def test_numbers_are_grouped_and_rounded(self, value, decimals, latin, arabic):
        assert numbers.format_number(value, "latn", decimals) == latin
        assert numbers.format_number(value, "arab", decimals) == arabic

    @given(
        st.decimals(min_value=-(10**12), max_value=10**12, places=3),
        st.sampled_from(["latn", "arab"]),
        st.integers(0, 3),
    )
    def test_what_is_shown_can_be_typed_back(self, value, digits, decimals):
        shown = numbers.format_number(value, digits, decimals)
        typed = numbers.parse_number(shown)
        assert typed is not None
        # A lone 1.234 typed with a point is a fraction, so points never come back as thousands.
        assert abs(typed - value) <= Decimal("0.5").scaleb(-decimals)

    @given(st.floats() | st.integers() | st.decimals(allow_nan=True), st.sampled_from([None, 0, 2]))
    def test_any_number_can_be_shown(self, value, decimals):
        assert numbers.format_number(value, "arab", decimals)


class TestFormatPercent:
    @pytest.mark.parametrize(
        ("fraction", "decimals", "latin", "arabic"),
        [
            (0.85, 0, "85%", "٨٥٪"),
            (0, 0, "0%", "٠٪"),
            (1, 0, "100%", "١٠٠٪"),
            (0.285, 0, "29%", "٢٩٪"),
            (Decimal("0.3333"), 1, "33.3%", "٣٣٫٣٪"),
            (-0.05, 0, "−5%", "−٥٪"),
            (float("nan"), 0, "—", "—"),
        ],
    )
    def test_fractions_are_shown_as_percentages(self, fraction, decimals, latin, arabic):
        assert numbers.format_percent(fraction, "latn", decimals) == latin
        assert numbers.format_percent(fraction, "arab", decimals) == arabic
