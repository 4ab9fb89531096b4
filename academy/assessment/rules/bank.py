"""The rules of the bank: through which states a question goes, how its tags compare, where a category may lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from academy.base.arabic import normalise
from academy.base.text import clean_line

STATES = ("draft", "in_review", "ready", "retired")
DEEPEST = 5
TAG_LENGTH = 60
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Move:
    """A step from some states into another. `review`: only somebody other than the author; `said`: with a comment.

    `after` is None where the question goes back to the state it had before.
    """

    name: str
    before: tuple[str, ...]
    after: str | None
    review: bool = False
    said: bool = False


MOVES = {
    move.name: move
    for move in (
        Move("send", ("draft",), "in_review"),
        Move("withdraw", ("in_review",), "draft"),
        Move("approve", ("in_review",), "ready", review=True),
        Move("return", ("in_review",), "draft", review=True, said=True),
        Move("retire", ("draft", "in_review", "ready"), "retired"),
        Move("revive", ("retired",), None),
    )
}


def moves_from(state: str) -> list[Move]:
    """Return the moves that a question in a state can make, in the order of its life."""
    return [move for move in MOVES.values() if state in move.before]


def state_after_edit(state: str, *, in_bank: bool) -> str:
    """Return the state after an edit: what the bank holds ready must be reviewed again, a course answers for its own."""
    return "draft" if in_bank and state == "ready" else state


def fold_tag(tag: str) -> str:
    """Return what of a tag is compared: without hamza forms, vowels, capitals and punctuation; "" when nothing is left."""
    return normalise(tag)[:TAG_LENGTH].strip()


def tags_in(typed: str) -> dict[str, str]:
    """Read tags separated by commas or lines: folded form → tag as typed, each once, in order."""
    found: dict[str, str] = {}
    for part in typed.replace("،", ",").replace("\n", ",").split(","):
        tag = clean_line(part)[:TAG_LENGTH].strip()
        if folded := fold_tag(tag):
            found.setdefault(folded, tag)
    return found


def path_below(parent_path: str, category_id: int) -> str:
    """Return the path of a category below another one ("" for the top): "/3/" and 17 give "/3/17/"."""
    return f"{parent_path or '/'}{category_id}/"


def depth(path: str) -> int:
    """Return how many categories a path names: 2 for "/3/17/"."""
    return path.count("/") - 1


def lies_within(path: str, ancestor: str) -> bool:
    """Whether a category is the other one or lies anywhere below it."""
    return path.startswith(ancestor)


def deepest_after_move(moved: str, inside: Iterable[str], parent_path: str) -> int:
    """Return the depth of the deepest category when `moved` with all paths `inside` it comes to lie below the parent."""
    height = max((depth(path) for path in inside), default=depth(moved)) - depth(moved) + 1
    return (depth(parent_path) if parent_path else 0) + height
