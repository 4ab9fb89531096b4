"""How scores and sizes of files are written: one way on every page."""

from decimal import Decimal
from fractions import Fraction

import pytest

from academy.base.i18n import in_language
from academy.web.filters import file_size, score


@pytest.mark.parametrize(
    ("share", "shown"),
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
def test_a_score_is_rounded_down_so_that_nobody_reads_a_pass_that_is_none(app, share, shown):
    with app.test_request_context():
        assert score(share) == shown


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
