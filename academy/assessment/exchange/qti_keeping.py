"""Taking a QTI item that no type of ours can hold: kept as it is, when its controls can be drawn and its score is clear."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice, permutations, product
from math import prod
from random import Random
from xml.etree.ElementTree import Element

from academy.assessment.exchange.numbers import number
from academy.assessment.exchange.shape import CannotTake, Draft, Taken, change, label_of, loss
from academy.assessment.qti.bodies import Words, stem_of
from academy.assessment.qti.bounds import LARGEST_SOURCE, NotUnderstood, Steps
from academy.assessment.qti.interactions import CannotDraw, Interaction, sound_item
from academy.assessment.qti.items import Drawn, Item, score_of
from academy.assessment.qti.values import NULL, NUMERIC, Value, as_text, value_of
from academy.assessment.types.base import STEM_LENGTH
from academy.base.strict_xml import UnsoundXml, inner_text

DRAWS = 12
MOST_TRIES = 400
MOST_EACH = 40
MOST_STEPS_OF_ALL = 60_000
NONSENSE = "\u2603 qzx \u2603"
Answers = Mapping[str, Value]


def keep_item(source: str, language: str, marks: Sequence[str] = (), weight: str | None = None) -> Taken:
    """Return the item as a question of the type "qti"; raises CannotTake with the reason why it cannot be kept."""
    if len(source) > LARGEST_SOURCE:
        raise CannotTake("item_too_big")
    try:
        item, interactions = sound_item(source)
        return _kept(source, item, interactions, language, marks, weight)
    except (CannotDraw, NotUnderstood) as refused:
        params = refused.params if isinstance(refused, CannotDraw) else {}
        raise CannotTake(refused.code, **params) from refused
    except (UnsoundXml, RecursionError) as broken:
        raise CannotTake("bad_item") from broken


def _kept(
    source: str,
    item: Item,
    interactions: Sequence[Interaction],
    language: str,
    marks: Sequence[str],
    weight: str | None,
) -> Taken:
    _refuse_unscored(item, interactions)
    stem = stem_of(item, interactions, Words(None))[:STEM_LENGTH]
    draft = Draft("qti", {"ar": "", "en": "", language: stem or label_of(item.root.get("title") or "QTI")})
    draft.key = item.root.get("identifier", "")
    draft.note(change("kept_item"))
    draft.read_marks(marks)
    most = _most_points(draft, item, interactions)
    draft.content |= {"item": source, "language": language, "most": as_text(most)}
    if item.draws:
        draft.note(change("own_numbers"))
    if _formatted(item.root):
        draft.note(loss("shown_plainly"))
    if number(weight or "1") is not None:
        draft.worth(float(Fraction(weight or "1") * most))
    return draft.finish()


def _refuse_unscored(item: Item, interactions: Sequence[Interaction]) -> None:
    """Refuse an item whose score nothing sets, and one that asks for a text which its rules never look at."""
    if item.template is None and "SCORE" not in _set_by_rules(item):
        raise CannotTake("essay" if any(each.kind == "long" for each in interactions) else "no_score")
    read = {"RESPONSE"} if item.template else _named_by_rules(item)
    for each in interactions:
        if each.response not in read:
            raise CannotTake("essay" if each.kind == "long" else "no_key")


def _rules(item: Item) -> Iterator[Element]:
    for rules in (item.response_rules, item.outcome_rules):
        if rules is not None:
            yield from rules.iter()


def _set_by_rules(item: Item) -> set[str]:
    return {
        rule.get("identifier", "") for rule in _rules(item) if rule.tag in ("setOutcomeValue", "lookupOutcomeValue")
    }


def _named_by_rules(item: Item) -> set[str]:
    return {rule.get("identifier", "") for rule in _rules(item)}


# --- The most points ----------------------------------------------------------------


def _most_points(draft: Draft, item: Item, interactions: Sequence[Interaction]) -> Fraction:
    """Return the most points, in this order: declared; what the declared right answer earns; what the best answer earns.

    The last one only where scores are set from numbers in the file, so that trying its answers finds the most. Raises
    CannotTake when the file does not say, or when its right answer earns nothing by its own rules.
    """
    steps = Steps(MOST_STEPS_OF_ALL)
    found: list[Fraction] = []
    for number_ in range(DRAWS if item.draws else 1):
        drawn = item.draw(Random(number_))
        tries = _tries(item, interactions, drawn) if not number_ else [{}, _right(interactions, drawn)]
        scores = [_score(item, answers, drawn, steps) for answers in tries]
        if any(score < 0 for score in scores):
            draft.note(change("negative"))
        if _score(item, {}, drawn, steps) > 0:
            draft.note(change("empty_earns"))
        found.append(_most_of(draft, item, interactions, drawn, scores, steps))
    if len(set(found)) > 1:
        raise CannotTake("most_unknown")
    return found[0]


def _most_of(
    draft: Draft,
    item: Item,
    interactions: Sequence[Interaction],
    drawn: Drawn,
    scores: Sequence[Fraction],
    steps: Steps,
) -> Fraction:
    declared, tried = item.declared.highest, max(scores)
    key = _right(interactions, drawn)
    whole = all(not key[each.response].null for each in interactions)
    right = _score(item, key, drawn, steps) if whole else None
    if (right is not None and right <= 0) or (declared is None and tried <= 0):
        raise CannotTake("scores_differently" if right is not None else "no_key")
    if declared is not None and declared > 0:
        return declared
    if right is not None and right >= tried:
        return right
    if not _from_the_file(item):
        raise CannotTake("most_unknown")
    draft.note(change("most_found", points=as_text(tried)))
    return tried


def _from_the_file(item: Item) -> bool:
    """Whether every score comes from numbers of the file, none from a number that the learner types."""
    typed = {name for name, one in item.declared.responses.items() if one.base in NUMERIC}
    setters = [rule for rule in _rules(item) if rule.tag in ("setOutcomeValue", "lookupOutcomeValue")]
    return not any(
        part.tag == "variable" and part.get("identifier") in typed for rule in setters for part in rule.iter()
    )


def _score(item: Item, answers: Answers, drawn: Drawn, steps: Steps) -> Fraction:
    """Return the SCORE of answers; NULL counts as nothing."""
    return score_of(item.mark(answers, drawn, Random(0), steps)) or Fraction(0)


# --- The answers to try ----------------------------------------------------------------


def _right(interactions: Sequence[Interaction], drawn: Drawn) -> dict[str, Value]:
    return {each.response: drawn.correct.get(each.response, NULL) for each in interactions}


def _tries(item: Item, interactions: Sequence[Interaction], drawn: Drawn) -> list[Answers]:
    """Return answers to try: all combinations where they are few, else the right one changed in one part at a time."""
    candidates = [_candidates(item, each, drawn) for each in interactions]
    names = [each.response for each in interactions]
    if prod(map(len, candidates)) <= MOST_TRIES:
        return [dict(zip(names, made, strict=True)) for made in product(*candidates)]
    start = {
        name: next((value for value in options if not value.null), NULL)
        for name, options in zip(names, candidates, strict=True)
    }
    changed = ({**start, name: value} for name, options in zip(names, candidates, strict=True) for value in options)
    return [{}, start, *islice(changed, MOST_TRIES)]


def _candidates(item: Item, each: Interaction, drawn: Drawn) -> list[Value]:
    right = drawn.correct.get(each.response, NULL)
    made = (
        value_of(members, each.base, "single" if each.single else "ordered" if each.kind == "order" else "multiple")
        for members in _members(item, each, right)
    )
    return [right, *islice(made, MOST_EACH), NULL]


def _members(item: Item, each: Interaction, right: Value) -> Iterator[Sequence[str]]:
    """Return the members of answers to one interaction, the likeliest first."""
    names = [option.identifier for option in each.options]
    ends = [target.identifier for target in each.targets]
    mapping = item.declared.responses[each.response].mapping
    mapped = [key for key, points, _case in mapping.entries if points > 0] if mapping else []
    key = [as_text(member) for member in right.members]
    if each.kind in ("choice", "inline", "hottext"):
        yield from ([name] for name in names)
        if not each.single:
            yield mapped[: each.most or None]
            sizes = range(2, min(len(names), each.most or len(names)) + 1)
            yield from chain.from_iterable(combinations(names, size) for size in sizes)
    elif each.kind == "order":
        yield from permutations(names)
    elif each.kind in ("match", "gap", "associate"):
        yield mapped
        yield from ([pair] for pair in mapped)
        yield from (key[:place] + key[place + 1 :] for place in range(len(key)))
        yield from ([f"{one} {other}"] for one in names for other in (ends or names))
    elif each.base == "string":
        texts = [inner_text(part).strip() for part in _rules(item) if part.tag == "baseValue"]
        yield from ([text] for text in [*mapped, *texts, NONSENSE])
    else:
        yield from ([as_text(near)] for near in _numbers(item, each, mapped))


def _numbers(item: Item, each: Interaction, mapped: Sequence[str]) -> Iterator[Fraction]:
    """Return the numbers of the rules and those next to them."""
    texts = [inner_text(part) for part in _rules(item) if part.tag == "baseValue"]
    found = {Fraction(value) for text in [*mapped, *texts] if (value := number(text)) is not None}
    for middle in sorted(found):
        yield from (middle, middle - 1, middle + 1)
    yield from (end for end in (each.low, each.high) if end is not None)


def _formatted(root: Element) -> bool:
    """Whether the item has looks, links or headings that the academy shows plainly."""
    body = root.find("itemBody")
    inside = list(body.iter()) if body is not None else []
    return any(part.tag == "stylesheet" for part in root) or any(
        part.get("class") or part.get("style") or part.tag in ("a", "h1", "h2", "h3", "h4", "h5", "h6")
        for part in inside
    )
