"""The fields of an imported item: drawn for a page, read back, kept in authored identifiers, turned into values.

What is kept of an interaction is a list of texts: identifiers of choices, one typed text, "identifier place" for an
order, "identifier identifier" for pairs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from academy.assessment.qti.bodies import Words, html_of, plain_of
from academy.assessment.qti.interactions import WRITTEN, Interaction, Option
from academy.assessment.qti.values import Value, as_text, value_of
from academy.assessment.types.checking import exact_number, storable
from academy.assessment.types.parts import BadResponse, Field, Line
from academy.assessment.types.tokens import id_of, token
from academy.base.numbers import parse_number

LONGEST = {"entry": 1000, "long": 10_000, "slider": 64}
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One interaction as an attempt shows it: `order` and `others` are the identifiers of its lines as shown."""

    number: int
    interaction: Interaction
    order: Sequence[str]
    others: Sequence[str]

    @property
    def name(self) -> str:
        """The name of its fields."""
        return f"r{self.number + 1}"

    @property
    def rows(self) -> int:
        """How many pairs an association offers."""
        return self.interaction.most or max(1, len(self.order) // 2)


# --- Drawing ----------------------------------------------------------------


def field_of(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    """Return the control of an interaction; `part` says which of its gaps or hot texts."""
    prompt = asked.interaction.element.find("prompt")
    field = _DRAWN[asked.interaction.kind](asked, part, kept, words)
    inner = asked.interaction.kind in ("gap", "hottext") or prompt is None
    return field if inner or prompt is None else replace(field, label=plain_of(prompt, words))


def _lines(options: Sequence[Option], order: Sequence[str], words: Words) -> list[tuple[str, Line]]:
    by_id = {option.identifier: option for option in options}
    return [
        (key, Line(token(place), html_of(by_id[key].element, words), plain_of(by_id[key].element, words)))
        for place, key in enumerate(order)
    ]


def _with(line: Line, *, chosen: bool = False, value: str = "") -> Line:
    return Line(line.token, line.html, line.text, chosen, value)


def _choice(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    lines = _lines(asked.interaction.options, asked.order, words)
    marked = tuple(_with(line, chosen=key in kept) for key, line in lines)
    kind = "select" if asked.interaction.kind == "inline" else "choice" if asked.interaction.single else "choices"
    return Field(asked.name, kind, asked.number + 1, marked, most=0 if kind != "choices" else asked.interaction.most)


def _hottext(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    key = asked.interaction.options[part].identifier
    found = dict(_lines(asked.interaction.options, asked.order, words))
    lines = (_with(found[key], chosen=key in kept),) if key in found else ()
    most = 1 if asked.interaction.single else asked.interaction.most
    return Field(asked.name, "tick", asked.number + 1, lines, most=most)


def _written(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    interaction = asked.interaction
    numeric = interaction.base != "string"
    low, high = ("" if end is None else as_text(end) for end in (interaction.low, interaction.high))
    kind = "number" if numeric else "long" if interaction.kind == "long" else "entry"
    longest = LONGEST["slider" if numeric else interaction.kind]
    return Field(asked.name, kind, asked.number + 1, text="".join(kept[:1]), longest=longest, low=low, high=high)


def _places(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    places = dict(each.split(" ") for each in kept)
    lines = _lines(asked.interaction.options, asked.order, words)
    return Field(
        asked.name, "places", asked.number + 1, tuple(_with(line, value=places.get(key, "")) for key, line in lines)
    )


def _match(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    interaction = asked.interaction
    lines = _lines(interaction.options, asked.order, words)
    partners = _lines(interaction.targets, asked.others, words)
    tokens, others = ({key: line.token for key, line in each} for each in (lines, partners))
    pairs = [each.split(" ") for each in kept]
    if any(option.most != 1 for option in interaction.options):
        chosen = frozenset(f"{tokens[one]} {others[two]}" for one, two in pairs if one in tokens and two in others)
        rows, columns = (tuple(line for _key, line in each) for each in (lines, partners))
        return Field(asked.name, "grid", asked.number + 1, rows, columns, chosen, most=interaction.most)
    found = dict(pairs)
    rows = tuple(_with(line, value=others.get(found.get(key, ""), "")) for key, line in lines)
    return Field(asked.name, "pairs", asked.number + 1, rows, tuple(line for _key, line in partners))


def _gap(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    """One gap: the texts that may fill it, in a select named after the gap's place."""
    gap = asked.interaction.targets[part].identifier
    filled = {where: what for what, where in (each.split(" ") for each in kept)}
    lines = _lines(asked.interaction.options, asked.order, words)
    shown = tuple(_with(line, chosen=filled.get(gap) == key) for key, line in lines)
    return Field(f"{asked.name}-{token(part)}", "select", part + 1, shown)


def _links(asked: Asked, part: int, kept: Sequence[str], words: Words) -> Field:
    lines = _lines(asked.interaction.options, asked.order, words)
    tokens = {key: line.token for key, line in lines}
    pairs = [each.split(" ") for each in kept]
    chosen = {
        f"{side}{row} {tokens[key]}"
        for row, pair in enumerate(pairs, start=1)
        for side, key in zip("ab", pair, strict=True)
        if key in tokens
    }
    shown = tuple(line for _key, line in lines)
    return Field(asked.name, "links", asked.number + 1, shown, chosen=frozenset(chosen), most=asked.rows)


_DRAWN: dict[str, Callable[[Asked, int, Sequence[str], Words], Field]] = {
    "choice": _choice,
    "inline": _choice,
    "hottext": _hottext,
    "entry": _written,
    "long": _written,
    "slider": _written,
    "order": _places,
    "match": _match,
    "gap": _gap,
    "associate": _links,
}


# --- Reading ----------------------------------------------------------------


def kept_of(asked: Asked, given: Given) -> list[str]:
    """Return what to keep of the fields of an interaction (field → its filled values). Raises BadResponse."""
    kind = asked.interaction.kind
    own = {name: values for name, values in given.items() if name.split("-")[0] == asked.name}
    if kind in WRITTEN:
        return _typed(asked, own)
    if kind in ("choice", "inline", "hottext"):
        return _chosen(asked, own)
    pairs = [(name.removeprefix(f"{asked.name}-"), value) for name, values in own.items() for value in values]
    if len(pairs) > len(asked.order) * max(1, len(asked.others), asked.rows):
        raise BadResponse("bad_shape")
    found = _READ[kind](asked, pairs)
    crossed = kind == "match" and any(option.most != 1 for option in asked.interaction.options)
    if crossed and 0 < asked.interaction.most < len(found):
        raise BadResponse("too_many_chosen", most=asked.interaction.most)
    return found


def _typed(asked: Asked, own: Given) -> list[str]:
    values = [value for name, each in own.items() for value in each if name == asked.name]
    if len(own) > len(values) or len(values) > 1:
        raise BadResponse("bad_shape")
    longest = LONGEST["slider" if asked.interaction.base != "string" else asked.interaction.kind]
    if any(len(value) > longest for value in values):
        raise BadResponse("too_long", limit=longest)
    if not all(storable(value) for value in values):
        raise BadResponse("unreadable_text")
    return [value for value in values if value.strip()]


def _chosen(asked: Asked, own: Given) -> list[str]:
    if set(own) - {asked.name}:
        raise BadResponse("unknown_choice")
    found = [id_of(value, asked.order) for value in own.get(asked.name, ())]
    if len(set(found)) < len(found) or (asked.interaction.single and len(found) > 1):
        raise BadResponse("bad_shape")
    if not asked.interaction.single and 0 < asked.interaction.most < len(found):
        raise BadResponse("too_many_chosen", most=asked.interaction.most)
    return sorted(found, key=[option.identifier for option in asked.interaction.options].index)


Pairs = Sequence[tuple[str, str]]


def _placed(asked: Asked, pairs: Pairs) -> list[str]:
    found = {}
    for line, place in pairs:
        if not place.isascii() or not place.isdigit() or not 1 <= int(place[:4]) <= len(asked.order) or len(place) > 4:
            raise BadResponse("bad_place")
        found[id_of(line, asked.order)] = int(place)
    return [f"{key} {found[key]}" for key in sorted(found)]


def _matched(asked: Asked, pairs: Pairs) -> list[str]:
    return sorted({f"{id_of(line, asked.order)} {id_of(partner, asked.others)}" for line, partner in pairs})


def _filled(asked: Asked, pairs: Pairs) -> list[str]:
    gaps = [target.identifier for target in asked.interaction.targets]
    return sorted({f"{id_of(text, asked.order)} {id_of(gap, gaps)}" for gap, text in pairs})


def _linked(asked: Asked, pairs: Pairs) -> list[str]:
    rows: dict[str, dict[str, str]] = {}
    for place, line in pairs:
        side, row = place[:1], place[1:]
        if side not in ("a", "b") or row not in [str(number + 1) for number in range(asked.rows)]:
            raise BadResponse("unknown_choice")
        rows.setdefault(row, {})[side] = id_of(line, asked.order)
    whole = [(ends["a"], ends["b"]) for _row, ends in sorted(rows.items()) if len(ends) == 2]
    return list(dict.fromkeys(" ".join(sorted(pair)) for pair in whole))


_READ: dict[str, Callable[[Asked, Pairs], list[str]]] = {
    "order": _placed,
    "match": _matched,
    "gap": _filled,
    "associate": _linked,
}


# --- Values ----------------------------------------------------------------


def value_in(interaction: Interaction, kept: Sequence[str]) -> Value:
    """Return the response variable for what was kept; NULL for a number that is none and an order with doubled places."""
    cardinality = "single" if interaction.single else "ordered" if interaction.kind == "order" else "multiple"
    if interaction.kind == "order":
        places = sorted((int(place), key) for key, place in (each.split(" ") for each in kept))
        apart = len({place for place, _key in places}) == len(places)
        return value_of([key for _place, key in places] if apart else [], interaction.base, cardinality)
    if interaction.kind in WRITTEN and interaction.base != "string":
        number = number_typed(interaction, kept)
        return Value(interaction.base, cardinality, () if number is None else (number,))
    return value_of(kept, interaction.base, cardinality)


def number_typed(interaction: Interaction, kept: Sequence[str]) -> Fraction | None:
    """Return the number typed in any digits; None when it is none, or no whole one where one is wanted."""
    found = exact_number(parse_number(kept[0])) if kept else None
    number = Fraction(found) if found is not None else None
    whole = number is None or interaction.base != "integer" or number.denominator == 1
    return number if whole else None
