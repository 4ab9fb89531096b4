"""The grid of a chart tells round numbers."""

import pytest

from academy.web.drawing import chart_steps


@pytest.mark.parametrize(
    ("most", "steps"),
    [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (11, [0, 5, 10, 15]), (90, [0, 50, 100]), (101, [0, 50, 100, 150])],
)  # fmt: skip
def test_a_grid_is_round_short_and_high_enough(most, steps):
    assert chart_steps(most) == steps
