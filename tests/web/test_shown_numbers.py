"""How scores and sizes of files are written: one way on every page."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base.errors import Conflict
from academy.base.i18n import _l, in_language, ngettext
from academy.web import filters
from academy.web.filters import file_size, score, share


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (Decimal("0.9757"), "97%"),
        (Fraction(696, 1000), "69%"),
        (0.696, "69%"),
        (0.7000000000000001, "70%"),
        (0.5700000000000001, "57%"),
        (16.8 / 24, "70%"),
        (1, "100%"),
        (0, "0%"),
        (None, ""),
    ],
)
def test_a_score_is_rounded_down_so_that_nobody_reads_a_pass_that_is_none(app, fraction, shown):
    with app.test_request_context():
        assert score(fraction) == shown


@given(st.integers(1, 10**6), st.data())
def test_a_share_is_whole_only_when_nothing_is_missing(the_app, whole, data):
    """«100 % compliant» is not said while one of a thousand is overdue; otherwise it is rounded as every percentage."""
    part = data.draw(st.integers(0, whole))
    with the_app.test_request_context():
        said = share(part / whole)
        assert (said == "100%") == (part == whole)
        assert said in (filters.percent(part / whole), "99%")
        assert share(None) == ""


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "1 KB"), (1, "1 KB"), (1_001, "2 KB"), (49_000, "49 KB"), (999_999, "1,000 KB"), (1_000_000, "1 MB"),
        (2_340_000, "2.3 MB"),
    ],
)  # fmt: skip
def test_no_file_weighs_nothing(app, size, shown):
    with app.test_request_context(), in_language("en"):
        assert file_size(size) == shown


def test_thousands_are_grouped_in_sentences_and_refusals(app, monkeypatch):
    with app.test_request_context(), in_language("ar"):
        said = ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", 12_345)
        assert "12,345" in said
        refusal = Conflict(_l("Use at most %(limit)s characters."), limit=20_000)
        assert "20,000" in refusal.for_reader()
        monkeypatch.setattr(filters, "digits", lambda: "arab")
        assert "١٢٬٣٤٥" in filters.in_digits(said)
        assert filters.in_digits("1,2 · 3,45") == "١,٢ · ٣,٤٥"
