"""The text zoo, names and texts in two languages."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base import text
from academy.base.text import LocalizedText

ANY_TEXT = st.text(alphabet=st.characters(categories=None), max_size=200)
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
KEPT = [
    "تَجْرِبَةُ العَمِيل",
    "تجـــربة",
    "لا ﻻ",
    "٠١٢ ۴۵۶",
    FAMILY,
    f"قبل {FAMILY} بعد",
    "می\u200cخواهم",
    "ه\u200d",
    "م" * 255,
    "ع",
    "O'Brien",
    "<b>",
    "{{7*7}}",
    "=1+1",
    "null",
    "None",
    "-0",
    "1e308",
    "NaN",
    "Ali (علي)",
    "a  b",
]


class TestCleaning:
    @pytest.mark.parametrize("kept", KEPT)
    def test_the_text_zoo_is_kept_byte_for_byte(self, kept):
        """R33: nothing is cut after an emoji."""
        assert text.clean_line(kept) == kept
        assert text.clean_block(kept) == kept

    @pytest.mark.parametrize(
        ("typed", "line"),
        [
            ("  علي  ", "علي"),
            ("a\nb", "a b"),
            ("a \r\n\n\t b", "a b"),
            ("a\u2028b\x85c\vd", "a b c d"),
            ("a\tb", "a b"),
            ("a\x00b\x07\x1b", "ab"),
            ("\ud800x\udfff", "x"),
            ("\u202egpj.exe\u202c", "gpj.exe"),
            ("\u2068Ali\u2069\u200e\u200f\u061c\u2066\u202a", "Ali"),
            ("\ufeffاسم", "اسم"),
            ("   ", ""),
            ("\u200d\u200c", ""),
            ("\u200b \u00a0", ""),
            ("", ""),
            (None, ""),
            ("أحمد", "أحمد"),
            ("e\u0301", "é"),
        ],
    )
    def test_a_line_is_tidied(self, typed, line):
        assert text.clean_line(typed) == line

    def test_a_block_keeps_its_lines(self):
        assert text.clean_block("\r\n# عنوان\r\n\r\n- بند\r\tx\u202e\x00 \n\n") == "# عنوان\n\n- بند\n\tx"
        assert text.clean_block(None) == ""

    def test_decomposed_and_composed_names_become_the_same(self):
        """R34: a name's Unicode form makes no difference."""
        assert text.clean_line(unicodedata.normalize("NFD", "أحمد إيمان.pdf")) == "أحمد إيمان.pdf"

    def test_a_mebibyte_is_no_trouble(self):
        assert len(text.clean_line("a" + " " * 2**20 + "b")) == 2**20 + 2
        assert text.clean_line("\n \n" * 300_000 + "x") == "x"

    @given(ANY_TEXT)
    def test_any_text_can_be_cleaned_and_then_stored(self, typed):
        for clean in (text.clean_line, text.clean_block):
            cleaned = clean(typed)
            assert clean(cleaned) == cleaned
            assert cleaned == cleaned.strip()
            assert "\x00" not in cleaned.encode("utf-8").decode()
            assert not set(cleaned) & set("\u061c\u200e\u200f\u202a\u202e\u2066\u2069\r")
        assert "\n" not in text.clean_line(typed)


class TestIsolate:
    def test_text_is_wrapped_and_its_own_controls_dropped(self):
        assert text.isolate("CX-201 (2)") == "\u2068CX-201 (2)\u2069"
        assert text.isolate("\u202eabc\u2069") == "\u2068abc\u2069"
        assert text.isolate("") == ""


class TestInitials:
    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("نورة القحطاني", "نق"),
            ("د. نورة بنت محمد القحطاني", "نق"),
            ("أ.د. خالد العتيبي", "خع"),
            ("المهندس سعد الدوسري", "سد"),
            ("نورة", "نو"),
            ("الدكتور", "دك"),
            ("عبد الله", "عا"),
            ("Ali Hassan", "AH"),
            ("dr. ali hassan", "AH"),
            ("Ali (علي)", "AL"),
            ("O'Brien", "OB"),
            ("ع", "ع"),
            ("", ""),
            ("123 !", ""),
            (FAMILY, ""),
        ],
    )
    def test_two_letters_stand_for_a_name(self, name, letters):
        assert text.initials(name) == letters

    @given(ANY_TEXT)
    def test_any_name_can_be_shortened(self, name):
        assert isinstance(text.initials(name), str)


class TestLocalizedText:
    def test_the_readers_language_is_shown(self):
        both = LocalizedText("مقرر", "Course")
        assert (both.show("ar"), both.show("en"), both.show("en-GB"), both.show("fr")) == (
            "مقرر",
            "Course",
            "Course",
            "مقرر",
        )
        assert both.complete

    def test_the_other_language_stands_in_and_says_so(self):
        arabic, english = LocalizedText(ar="مقرر"), LocalizedText(en="Course")
        assert (arabic.show("en"), arabic.language_shown("en")) == ("مقرر", "ar")
        assert (english.show("ar"), english.language_shown("ar")) == ("Course", "en")
        assert not arabic.complete
        assert arabic

    def test_nothing_is_empty_in_the_language_asked_for(self):
        nothing = LocalizedText()
        assert not nothing
        assert (nothing.show("en"), nothing.language_shown("en"), nothing.language_shown("ar")) == ("", "en", "ar")

    @pytest.mark.parametrize(
        ("value", "made"),
        [
            ({"ar": "أ", "en": "a"}, LocalizedText("أ", "a")),
            ({"ar": "أ", "en": None}, LocalizedText("أ", "")),
            ({}, LocalizedText()),
            ("مقرر CX", LocalizedText(ar="مقرر CX")),
            ("Course", LocalizedText(en="Course")),
            ("", LocalizedText()),
            (None, LocalizedText()),
            (LocalizedText("أ", "a"), LocalizedText("أ", "a")),
        ],
    )
    def test_it_is_made_of_what_is_at_hand(self, value, made):
        assert LocalizedText.of(value) == made

    def test_it_survives_json(self):
        both = LocalizedText("مقرر", "Course")
        assert LocalizedText.of(json.loads(json.dumps(both.as_dict()))) == both

    def test_it_cannot_be_changed_and_can_be_a_key(self):
        with pytest.raises(AttributeError):
            LocalizedText("أ").ar = "ب"
        assert len({LocalizedText("أ"), LocalizedText("أ")}) == 1
