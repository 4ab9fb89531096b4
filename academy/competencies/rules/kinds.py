"""The kinds of evidence: the level each can support at most, and how many observed items one piece of it counts for.

    kind          supports at most   items of a piece
    attempt       2                  the questions answered
    regrade       2                  the questions that still count
    course        1                  1: having met the subject
    practice      3                  the answers of a quiz that may be tried again, at most 10; 2 where no person marked them
    observation   4                  the cases watched, at most 5 a visit
    peer          2                  1 for all peers of a round together
    agreed        3                  1: the level that a person and their manager agreed on after a rating round
    prior         3                  3: what an assessor accepted stands for a level by itself
    certificate   2                  3, until the day it runs out
    self          0                  0: shown beside the others, it adds nothing

A test shows what somebody knows, so it supports "applies" (2) at most, and so does practice that the academy checks by itself;
practice that people marked and examined work go one level further; only what was seen at work, by somebody who signs for it, reaches 4. What people say of themselves opens a talk and
proves nothing. A level agreed on in a talk is a judgement of two, and proves nothing without other evidence beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence: its highest level, the most items of one piece, and its place among pieces of one moment."""

    name: str
    supports_at_most: int
    most_items: int | None = None
    rank: int = 0


KINDS: Mapping[str, EvidenceKind] = {
    kind.name: kind
    for kind in (
        EvidenceKind("attempt", 2),
        EvidenceKind("regrade", 2, rank=1),
        EvidenceKind("course", 1, 1),
        EvidenceKind("practice", 3, 10),
        EvidenceKind("observation", 4, 5),
        EvidenceKind("peer", 2, 1),
        EvidenceKind("agreed", 3, 1),
        EvidenceKind("prior", 3, 3),
        EvidenceKind("certificate", 2, 3),
        EvidenceKind("self", 0, 0),
    )
}
CHECKED_BY_ITSELF = 2
CAPS: Mapping[str, int] = {kind.name: kind.supports_at_most for kind in KINDS.values()}


def counted_items(kind: str, items: int) -> int:
    """Return for how many items a piece of a kind counts."""
    most = KINDS[kind].most_items
    return items if most is None else min(items, most)
