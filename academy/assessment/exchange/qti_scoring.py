"""Holding a QTI item against our types: answers are scored by the item's own rules and by ours, and must agree.

Every possible answer is tried where there are few enough; beyond that those at the edge of right and wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, permutations, product
from math import prod
from random import Random
from typing import Any
from xml.etree.ElementTree import Element

from academy.assessment.exchange.shape import CannotTake, Draft, change
from academy.assessment.qti.bounds import NotUnderstood, Steps
from academy.assessment.qti.declarations import Declared
from academy.assessment.qti.items import Item, score_of
from academy.assessment.qti.values import NULL, Value, parsed_number, value_of
from academy.assessment.types import Response, kind

MOST_TRIES = 1100
MOST_STEPS_OF_ALL = 200_000
NEAR = Fraction(1, 1000)  # thirds and sixths are written as decimals
NONSENSE = "\u2603 qzx \u2603"


class Scorer:
    """Scores answers by the item's own rules; NotUnderstood when they break off or give no score."""

    def __init__(self, item: Item, response: Declared) -> None:
        self.item, self.response, self.steps = item, response, Steps(MOST_STEPS_OF_ALL)

    def score(self, answer: Value) -> Fraction:
        """Return the SCORE of an answer."""
        return self.score_all({self.response.identifier: answer})

    def score_all(self, answers: Mapping[str, Value]) -> Fraction:
        """Return the SCORE of the answers to several interactions."""
        found = score_of(self.item.mark(answers, self.item.undrawn(), Random(0), self.steps))
        if found is None:
            raise NotUnderstood
        return found

    def value(self, members: Iterable[str]) -> Value:
        """Return an answer from identifiers or texts."""
        return value_of(members, self.response.base, self.response.cardinality)


@dataclass(frozen=True, slots=True)
class Try:
    """One possible answer, as the item would get it and as ours is stored."""

    theirs: Value
    ours: Response | None


def keep_scoring(
    draft: Draft,
    item: Item,
    response: Declared,
    rules: Element | None,
    names: Mapping[str, str],
    most_choices: str,
) -> Fraction:
    """Set the key and the way of scoring of a draft so that it scores as the item does; return the item's most points.

    Raises CannotTake when none of our ways scores the same, or when the item's rules are not understood.
    """
    run = Scorer(item, response)
    try:
        if rules is None:
            return _unscored(draft, run, response, names, rules)
        _set_key(draft, run, response, names, rules)
        tries = list(_tries(draft, run, names, most_choices))
        scores = [run.score(each.theirs) for each in tries]
    except NotUnderstood as error:
        raise CannotTake("custom_scoring") from error
    return agree(draft, item, [each.ours for each in tries], scores)


def _unscored(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: None) -> Fraction:
    _set_key(draft, run, response, names, rules)
    draft.note(change("unscored"))
    return Fraction(1)


def agree(draft: Draft, item: Item, tries: Sequence[Response | None], scores: Sequence[Fraction]) -> Fraction:
    """Find the way of scoring with which all answers earn the same share as in the file; return the most points.

    Raises CannotTake when there is none.
    """
    most = item.declared.highest or max(scores, default=Fraction(0))
    if most <= 0:
        raise CannotTake("scores_differently")
    _choose_way(draft, tries, [score / most for score in scores])
    if any(score < 0 for score in scores):
        draft.note(change("negative"))
    return most


def _choose_way(draft: Draft, tries: Sequence[Response | None], shares: Sequence[Fraction]) -> None:
    of_type = kind(draft.type)
    ways = of_type.scorings or ("",)
    preferred = draft.marks.pop("scoring", ways[0])
    problems = of_type.check(draft.content | {"stem": {"en": "-"}})
    if problems:
        raise CannotTake(problems[0].code, **problems[0].params)
    for way in sorted(ways, key=lambda way: way != preferred):
        if way:
            draft.content["scoring"] = way
        pairs = zip(tries, shares, strict=True)
        if all(
            abs(of_type.score(draft.content, ours) - min(max(share, Fraction(0)), Fraction(1))) < NEAR
            for ours, share in pairs
        ):
            return
    raise CannotTake("scores_differently")


# --- The key ----------------------------------------------------------------


def _set_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Element | None) -> None:
    setter = _KEYS[draft.type]
    setter(draft, run, response, names, rules)


def _right(run: Scorer, response: Declared, names: Mapping[str, str], rules: Element | None) -> list[str]:
    """Return the identifiers of the right choices: as declared, else as mapped, else by trying each."""
    if not response.correct.null:
        return [str(each) for each in response.correct.members]
    if response.mapping:
        best = max((points for _key, points, _case in response.mapping.entries), default=Fraction(0))
        found = [
            key
            for key, points, _case in response.mapping.entries
            if (points > 0 if response.cardinality == "multiple" else 0 < points == best)
        ]
        if found:
            return found
    if rules is None:
        raise CannotTake("no_key")
    scores = {name: run.score(run.value([name])) for name in names}
    best = max(scores.values(), default=Fraction(0))
    found = [name for name, score in scores.items() if 0 < score == best]
    if not found:
        raise CannotTake("no_key")
    return found


def _choice_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    right = {names.get(name) for name in _right(run, response, names, rules)}
    for option in draft.content["options"]:
        option["correct"] = option["id"] in right


def _judgement_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    right = _right(run, response, names, rules)
    if len(right) != 1:
        raise CannotTake("one_right_option")
    draft.content["answer"] = right[0] == "true"


def _order_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    if response.correct.null:
        raise CannotTake("no_key")
    draft.content["answer"] = [names.get(str(each), "") for each in response.correct.members]


def _pairs_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    """Set the pairs; when it is the second column whose members have one partner each, it becomes the left one."""
    if response.correct.null and not response.mapping:
        raise CannotTake("no_key")
    pairs = [tuple(str(each).split()) for each in response.correct.members] or [
        tuple(key.split())
        for key, points, _case in (response.mapping.entries if response.mapping else ())
        if points > 0
    ]
    if any(len(pair) != 2 or pair[0] not in names or pair[1] not in names for pair in pairs):
        raise CannotTake("not_understood")
    ours = [(names[one], names[other]) for one, other in pairs]
    content = draft.content
    if len({left for left, _right in ours}) < len(ours):
        content["left"], content["right"] = content["right"], content["left"]
        ours = [(other, one) for one, other in ours]
    if len({left for left, _right in ours}) < len(ours):
        raise CannotTake("scores_differently")
    content["answer"] = dict(ours)


def _number_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    answer = response.correct.number
    if answer is None:
        raise CannotTake("no_key")
    around = (
        [_tolerances(rule) for rule in rules.iter("equal") if rule.get("toleranceMode") == "absolute"] if rules else []
    )
    below, above = around[0] if around else (Fraction(0), Fraction(0))
    middle = answer + (above - below) / 2
    draft.content |= {"answer": _plain(middle), "tolerance": _plain((above + below) / 2)}


def _tolerances(rule: Element) -> tuple[Fraction, Fraction]:
    """Return how far below and above an `equal` lets its second value lie from its first."""
    parts = [parsed_number(part) for part in rule.get("tolerance", "0").split()]
    if not 1 <= len(parts) <= 2 or parts[0] is None or parts[-1] is None:
        raise NotUnderstood(name="equal")
    return parts[0], parts[-1]


def _plain(value: Fraction) -> str:
    """Return a fraction that came from decimals as a plain decimal."""
    places = 0
    while value * 10**places % 1 and places < 40:
        places += 1
    whole = value * 10**places
    if whole.denominator != 1:
        raise CannotTake("bad_number")
    digits = f"{abs(whole.numerator):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def _text_key(draft: Draft, run: Scorer, response: Declared, names: Mapping[str, str], rules: Any) -> None:
    answers = draft.content["accept"]
    if not answers["ar"] and not answers["en"]:
        raise CannotTake("no_key")
    exact = response.mapping is None or any(case for _key, _points, case in response.mapping.entries)
    if exact and any(
        answer.casefold() != answer.upper() and answer.lower() != answer.upper() for answer in answers["en"]
    ):
        draft.note(change("case"))


_KEYS = {
    "single": _choice_key,
    "multiple": _choice_key,
    "true_false": _judgement_key,
    "ordering": _order_key,
    "matching": _pairs_key,
    "numeric": _number_key,
    "short_text": _text_key,
}


# --- The answers to try ----------------------------------------------------------------


def _tries(draft: Draft, run: Scorer, names: Mapping[str, str], most_choices: str) -> Iterator[Try]:
    yield Try(NULL, None)
    content = draft.content
    match draft.type:
        case "single":
            yield from (Try(run.value([name]), {"choice": ours}) for name, ours in names.items())
        case "true_false":
            yield from (Try(run.value([name]), {"choice": name}) for name in names)
        case "multiple":
            yield from _ticks(content, run, names, most_choices)
        case "ordering":
            yield from _orders(content, run, names)
        case "matching":
            yield from _pairings(content, run, names)
        case "numeric":
            yield from _numbers(content, run)
        case _:
            answers = [answer for each in content["accept"].values() for answer in each]
            yield from (Try(run.value([answer]), {"text": answer}) for answer in answers)
            yield Try(run.value([NONSENSE]), {"text": NONSENSE})


def _ticks(content: Mapping[str, Any], run: Scorer, names: Mapping[str, str], most: str) -> Iterator[Try]:
    known = list(names)
    limit = int(most) if most.isdigit() and int(most) else len(known)
    right = {option["id"] for option in content["options"] if option["correct"]}
    if 2 ** len(known) <= MOST_TRIES:
        sets = chain.from_iterable(combinations(known, size) for size in range(1, len(known) + 1))
    else:
        whole = tuple(name for name in known if names[name] in right)
        near = [tuple(set(whole) ^ {name}) for name in known]
        sets = chain([whole, tuple(known)], near, combinations(known, 1), combinations(known, 2))
    for chosen in sets:
        if 0 < len(chosen) <= limit:
            yield Try(run.value(chosen), {"choices": [names[name] for name in known if name in chosen]})


def _orders(content: Mapping[str, Any], run: Scorer, names: Mapping[str, str]) -> Iterator[Try]:
    theirs = {ours: name for name, ours in names.items()}
    right = [theirs[key] for key in content["answer"] if key in theirs]
    if len(right) <= 5:
        orders: Iterator[tuple[str, ...]] = permutations(right)
    else:
        turned = (tuple(right[place:] + right[:place]) for place in range(len(right)))
        orders = chain(turned, [tuple(reversed(right))], _swapped(right))
    for order in orders:
        yield Try(run.value(order), {"places": {names[name]: place for place, name in enumerate(order, start=1)}})


def _swapped(right: list[str]) -> Iterator[tuple[str, ...]]:
    for place in range(len(right) - 1):
        yield (*right[:place], right[place + 1], right[place], *right[place + 2 :])


def _pairings(content: Mapping[str, Any], run: Scorer, names: Mapping[str, str]) -> Iterator[Try]:
    theirs = {ours: name for name, ours in names.items()}
    answer: Mapping[str, str] = content["answer"]
    lefts, rights = [side["id"] for side in content["left"]], [side["id"] for side in content["right"]]
    if not set(lefts) <= set(answer):
        raise CannotTake("bad_pairs")
    if prod([len(rights) + 1] * len(lefts)) <= MOST_TRIES:
        made: Iterable[dict[str, str]] = (
            {k: v for k, v in zip(lefts, ends, strict=True) if v} for ends in product(["", *rights], repeat=len(lefts))
        )
    else:
        turned_one = ({**answer, left: right} for left in lefts for right in rights)
        made = chain(turned_one, ({k: v for k, v in answer.items() if k != left} for left in lefts), [dict(answer)])
    first = {str(each).split()[0] for each in run.response.correct.members} or set(theirs.values())
    turned = not {theirs[left] for left in lefts} & first
    for pairs in made:
        if pairs:
            told = ((theirs[one], theirs[other])[:: -1 if turned else 1] for one, other in pairs.items())
            yield Try(run.value(" ".join(pair) for pair in told), {"pairs": pairs})


def _numbers(content: Mapping[str, Any], run: Scorer) -> Iterator[Try]:
    answer, around = Fraction(content["answer"]), Fraction(content["tolerance"])
    step = around / 8 or Fraction(1, 1000)
    for value in (
        answer,
        answer - around,
        answer + around,
        answer - around - step,
        answer + around + step,
        -answer - 1,
    ):
        yield Try(run.value([_plain(value)]), {"text": _plain(value)})
