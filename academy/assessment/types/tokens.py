"""Tokens: names for the lines of a paper by their place on it, so that authored ids stay on the server."""

from collections.abc import Sequence

from academy.assessment.types.parts import BadResponse


def token(index: int) -> str:
    """Return the token of the line at `index` (from 0): "p1", "p2", …"""
    return f"p{index + 1}"


def tokens(order: Sequence[str]) -> dict[str, str]:
    """Return id → token for the ids in the order of the paper."""
    return {key: token(index) for index, key in enumerate(order)}


def id_of(value: object, order: Sequence[str]) -> str:
    """Return the id that a token from the browser stands for. Raises BadResponse when it is no token of this paper."""
    if not isinstance(value, str):
        raise BadResponse("bad_shape")
    for index, key in enumerate(order):
        if value == token(index):
            return key
    raise BadResponse("unknown_choice")
