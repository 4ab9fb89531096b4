"""Long answers are made before they begin, and come whole."""

import pytest

from academy.base.spooling import spooled


@pytest.mark.parametrize("many", [3, 300_000], ids=["short", "more than is held in memory"])
def test_what_is_spooled_is_taken_at_once_and_given_back_whole(many):
    source = iter([f"{number}\r\n".encode() for number in range(many)])
    given = spooled(source)
    assert next(source, None) is None
    assert b"".join(given).split() == [str(number).encode() for number in range(many)]


def test_a_fault_on_the_way_comes_before_the_answer_begins():
    def torn():
        yield b"first"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spooled(torn())
