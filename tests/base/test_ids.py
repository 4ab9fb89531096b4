"""Tokens nobody guesses and numbers people can type."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base import ids

NUMBER = "4MYKQ-TJGDY-PSM6V-1JK9A-S2XXP-8W"
PLAIN = NUMBER.replace("-", "")
PLACES = st.integers(0, len(PLAIN) - 1)
SYMBOLS = st.sampled_from(ids.ALPHABET)


class TestTokens:
    def test_a_token_fits_an_address_and_is_never_given_twice(self):
        tokens = {ids.random_token() for _ in range(1000)}
        assert len(tokens) == 1000
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)

    def test_only_the_digest_is_stored(self):
        assert ids.digest("abc") == hashlib.sha256(b"abc").hexdigest()
        assert len(ids.digest("\ud800 مفتاح")) == 64


class TestNumbers:
    def test_a_number_is_readable_and_valid(self):
        for _ in range(200):
            number = ids.random_number()
            assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{2}", number)
            assert ids.normalise_number(number) == number

    def test_numbers_differ_everywhere(self):
        numbers = [ids.random_number().replace("-", "") for _ in range(400)]
        assert len(set(numbers)) == 400
        assert all(len({number[place] for number in numbers}) > 20 for place in range(27))

    @pytest.mark.parametrize(
        "typed",
        [
            NUMBER,
            PLAIN,
            NUMBER.lower(),
            f"  {NUMBER.replace('-', ' ')}\n",
            NUMBER.replace("-", "–"),
            NUMBER.replace("1", "I"),
            NUMBER.replace("1", "l"),
            "٤MYKQ-TJGDY-PSM٦V-١JK٩A-S٢XXP-٨W",
            f"\u2068{NUMBER}\u2069",
            NUMBER.replace("-", "\u200e-\u200e"),
            "-".join(PLAIN),
        ],
    )
    def test_people_may_type_it_in_many_ways(self, typed):
        assert ids.normalise_number(typed) == NUMBER

    def test_the_letter_o_is_a_zero(self):
        number = next(number for number in iter(ids.random_number, None) if "0" in number)
        assert ids.normalise_number(number.replace("0", "O")) == number
        assert ids.normalise_number(number.replace("0", "o")) == number

    @pytest.mark.parametrize(
        "typed",
        ["", "-", PLAIN[:-1], PLAIN + "0", PLAIN[:-1] + "U", PLAIN[:-1] + "ع", "\ud800", "\x00", "0" * 10_000, "null"],
    )
    def test_what_cannot_be_a_number_is_refused(self, typed):
        assert ids.normalise_number(typed) is None

    @given(PLACES, SYMBOLS)
    def test_any_single_wrong_symbol_is_noticed(self, place, symbol):
        wrong = PLAIN[:place] + symbol + PLAIN[place + 1 :]
        assert (ids.normalise_number(wrong) is None) == (symbol != PLAIN[place])

    @given(PLACES, PLACES)
    def test_any_two_swapped_symbols_are_noticed(self, one, other):
        swapped = list(PLAIN)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert (ids.normalise_number("".join(swapped)) is None) == (PLAIN[one] != PLAIN[other])

    @given(st.text())
    def test_any_text_can_be_tried(self, typed):
        assert ids.normalise_number(typed) is None or ids.normalise_number(typed) in typed.upper()
