"""How evidence becomes a score and a level: the model "cxa-2", the same for everyone and open to its last term.

Each piece of evidence says: of `items` observed items a share `share` (0 to 1) was right, and evidence of this kind can
support at most level `supports_level` (0 to 4): a test supports level 2 at most, finishing a course never proves a level
by itself (the framework's evidence rule; the table of kinds stands in kinds.py).

    weight of a piece   w = items × (1 − months/48), months whole since it was observed; after 36 months it lapses (w = 0),
                        and after its own last day if it has one
    value of a piece    v = share × supports_level, on the scale 0 to 4
    score               S = Σ w·v ÷ (Σ w + 2)

The 2 in the denominator is a cautious prior of two items at nothing: few items cannot claim much, and its weight fades as
evidence grows (shrinkage; see Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4, for the binomial case).
With fewer than 3 items that have not lapsed there is no score: "not enough evidence" is a result. Of several attempts at
the same source only the latest counts; the others stay in the ledger. A regrade is a piece of the same source and moment
with a higher rank, so it takes the place of the attempt it corrects and of no later attempt. Which piece counts follows
from the pieces alone: in whatever order they arrive, the score is the same.

"cxa-1" was the same sum for attempts, regrades and courses; of pieces of one moment the one written last counted.

Level ℓ is proven when the pieces that can support ℓ or more hold at least 3 items and their weighted mean share is at
least 0.7. The level is the highest proven one; 0 means that enough was seen and none is proven.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import sqrt

from academy.base.dates import riyadh_day
from academy.competencies.rules.kinds import CAPS, CHECKED_BY_ITSELF

HIGHEST = 4
COURSE_ITEMS = 1


@dataclass(frozen=True, slots=True)
class Model:
    """The numbers of the sum under one name. Another name for other numbers: a standing says which model it was computed by."""

    name: str
    enough_items: int = 3
    prior: int = 2
    fades_over_months: int = 48
    lapses_after_months: int = 36
    needed_share: Fraction = Fraction(7, 10)
    caps: Mapping[str, int] = field(default_factory=lambda: CAPS)


CURRENT = Model("cxa-2")
MODEL = CURRENT.name
ENOUGH_ITEMS = CURRENT.enough_items
PRIOR = CURRENT.prior
NEEDED_SHARE = CURRENT.needed_share


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence. `source` names what it came from, e.g. "quiz:7": the latest of a source counts.

    `interval` is the 90 % interval around the share; None where nothing was measured. `order` tells pieces of one source
    and moment apart: (rank of the kind, number). `until` is the last day on which it counts.
    """

    source: str
    share: Fraction
    items: int
    supports_level: int
    observed_at: datetime
    interval: tuple[Fraction, Fraction] | None = None
    kind: str = ""
    order: tuple[int, int] = (0, 0)
    until: date | None = None

    def supports(self, model: Model) -> int:
        """The level that it can support under a model."""
        return min(self.supports_level, model.caps.get(self.kind, HIGHEST))

    @property
    def lateness(self) -> tuple[object, ...]:
        """What decides which of two pieces of a source is the later one; equal only for pieces that say the same."""
        return self.observed_at, self.order, self.supports_level, self.items, self.share


@dataclass(frozen=True, slots=True)
class Term:
    """A piece in the sum: its weight, its value and what it adds to the score. Weight 0: replaced or lapsed."""

    piece: Piece
    weight: Fraction
    value: Fraction
    adds: Fraction
    replaced: bool
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What the pieces prove: the score (None when too thin), the level, and every term of the sum."""

    score: Fraction | None
    level: int | None
    items: int
    weight: Fraction
    weighted: Fraction
    terms: tuple[Term, ...]

    @property
    def enough(self) -> bool:
        """Whether there is enough evidence to say anything."""
        return self.score is not None


def whole_months(earlier: datetime, later: datetime) -> int:
    """Return the whole months between two moments, never below 0."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if (later.day, later.time()) < (earlier.day, earlier.time()):
        months -= 1
    return max(0, months)


def weight(piece: Piece, at: datetime, model: Model = CURRENT) -> Fraction:
    """Return a piece's weight: its items, fading by 1/48 a month, lapsed after 36 months or its own last day."""
    months = whole_months(piece.observed_at, at)
    if months > model.lapses_after_months or (piece.until is not None and riyadh_day(at) > piece.until):
        return Fraction(0)
    return piece.items * (1 - Fraction(months, model.fades_over_months))


def latest_of_each(pieces: Iterable[Piece]) -> set[int]:
    """Return the places of those pieces that are the latest of their source."""
    newest: dict[str, tuple[int, Piece]] = {}
    for place, piece in enumerate(pieces):
        if piece.source not in newest or piece.lateness > newest[piece.source][1].lateness:
            newest[piece.source] = (place, piece)
    return {place for place, _ in newest.values()}


def pooled(weighted: Fraction, total_weight: Fraction, items: int, model: Model = CURRENT) -> Fraction | None:
    """Return the score of sums, or None when fewer than 3 items stand behind them."""
    return weighted / (total_weight + model.prior) if items >= model.enough_items else None


def judge(pieces: Iterable[Piece], at: datetime, model: Model = CURRENT) -> Result:
    """Compute score and level of one competency from all its evidence, as of `at`, whatever its order."""
    pieces = tuple(pieces)
    counted = latest_of_each(pieces)
    weights = [weight(piece, at, model) if place in counted else Fraction(0) for place, piece in enumerate(pieces)]
    live = [(piece, w) for piece, w in zip(pieces, weights, strict=True) if w > 0]
    total = sum((w for _, w in live), Fraction(0))
    weighted = sum((w * piece.share * piece.supports(model) for piece, w in live), Fraction(0))
    items = sum(piece.items for piece, _ in live)
    terms = tuple(
        _term(piece, w, total, model, replaced=place not in counted)
        for place, (piece, w) in enumerate(zip(pieces, weights, strict=True))
    )
    score = pooled(weighted, total, items, model)
    return Result(score, _level(live, model) if score is not None else None, items, total, weighted, terms)


def _term(piece: Piece, w: Fraction, total: Fraction, model: Model, *, replaced: bool) -> Term:
    value = piece.share * piece.supports(model)
    adds = w * value / (total + model.prior)
    return Term(piece, w, value, adds, replaced, lapsed=not replaced and w == 0 and piece.items > 0)


def _level(live: list[tuple[Piece, Fraction]], model: Model) -> int:
    return max((level for level in range(1, HIGHEST + 1) if _proven(live, level, model)), default=0)


def _proven(live: list[tuple[Piece, Fraction]], level: int, model: Model) -> bool:
    able = [(piece, w) for piece, w in live if piece.supports(model) >= level]
    if sum(piece.items for piece, _ in able) < model.enough_items:
        return False
    total = sum((w for _, w in able), Fraction(0))
    return sum((w * piece.share for piece, w in able), Fraction(0)) >= model.needed_share * total


@dataclass(frozen=True, slots=True)
class Likely:
    """The share right over all that was measured and its 90 % interval, each from 0 to 1."""

    share: float
    low: float
    high: float

    @property
    def proves(self) -> bool | None:
        """Whether the share that a level needs is reached; None when the interval is too wide to tell."""
        return None if self.low < NEEDED_SHARE <= self.high else self.low >= NEEDED_SHARE


def likely(terms: Iterable[Term]) -> Likely | None:
    """Return the share right over the measured pieces that count, by their weights; None when nothing was measured.

    The interval of the weighted mean comes from those of the pieces, which are independent of each other: each end lies
    as far from the mean as the root of the summed squares of the weighted distances (Zou, Huang and Zhang 2009,
    Computational Statistics and Data Analysis 53, 1080-1085). One piece alone keeps its own interval.
    """
    counted = [(term, term.piece.interval) for term in terms if term.weight > 0]
    total = float(sum(term.weight for term, interval in counted if interval))
    share = under = over = 0.0
    for term, interval in counted:
        if interval:
            part, seen = float(term.weight) / total, float(term.piece.share)
            share += part * seen
            under += (part * (seen - float(interval[0]))) ** 2
            over += (part * (float(interval[1]) - seen)) ** 2
    return Likely(share, max(0.0, share - sqrt(under)), min(1.0, share + sqrt(over))) if total else None


def supports(kind: str, aim: int | None, *, by_hand: bool = True) -> int:
    """Return the level that evidence of a kind can support: not above its kind's, nor above what its course aims at.

    Practice that nobody marked by hand supports what a test does.
    """
    most = CAPS[kind] if by_hand or kind != "practice" else CHECKED_BY_ITSELF
    return min(most, aim) if aim else min(most, CAPS["course"])


def cell(score: Fraction | None) -> int | None:
    """Return the whole number shown in a heat map for a domain's pooled score."""
    return None if score is None else int(score + Fraction(1, 2))
