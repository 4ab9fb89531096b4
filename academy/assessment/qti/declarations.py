"""What an item declares: responses, outcomes and template variables with their defaults, keys, mappings and tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.shapes import Area, area_of
from academy.assessment.qti.values import NULL, NUMERIC, Single, Value, as_text, parsed, parsed_number, value_of
from academy.base.strict_xml import inner_text


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping of values to numbers, within bounds (IM 5.3, mapping)."""

    entries: tuple[tuple[str, Fraction, bool], ...]
    default: Fraction
    lower: Fraction | None
    upper: Fraction | None

    def bounded(self, total: Fraction) -> Fraction:
        """Return a sum within the bounds."""
        total = total if self.lower is None else max(total, self.lower)
        return total if self.upper is None else min(total, self.upper)

    def of(self, value: Value) -> Fraction:
        """Return what a value is mapped to: the sum over a container, each different member once (IM 10.2, mapResponse)."""
        if value.null and value.cardinality == "single":
            return self.bounded(self.default)
        return self.bounded(sum((self._one(each) for each in dict.fromkeys(value.members)), Fraction(0)))

    def _one(self, member: Single) -> Fraction:
        text = " ".join(as_text(member).split())
        for key, points, sensitive in self.entries:
            if key == text or (not sensitive and key.casefold() == text.casefold()):
                return points
        return self.default

    @property
    def best(self) -> Fraction:
        """The most that any one entry, or the default, gives."""
        return max((points for _key, points, _case in self.entries), default=self.default)


@dataclass(frozen=True, slots=True)
class AreaMapping:
    """A mapping of areas to numbers: each area counts once, whatever the number of points in it (IM 5.3, areaMapping)."""

    entries: tuple[tuple[Area, Fraction], ...]
    bounds: Mapping

    def of(self, value: Value) -> Fraction:
        """Return the sum of the areas hit, and of the default for each point that hits none."""
        hit: dict[int, Fraction] = {}
        missed = 0
        for member in value.members:
            places = [place for place, (area, _points) in enumerate(self.entries) if area.holds(as_text(member))]
            if places:
                hit[places[0]] = self.entries[places[0]][1]
            else:
                missed += 1
        return self.bounds.bounded(sum(hit.values(), Fraction(0)) + missed * self.bounds.default)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of numbers to values: equal ones ("match"), the first at or below ("steps") or on a line ("line")."""

    kind: str
    entries: tuple[tuple[Fraction, Single, bool], ...]
    default: Single | None

    def of(self, source: Fraction | None) -> Single | None:
        """Return the target of a number; the default when there is none (IM 5.2, matchTable and interpolationTable)."""
        if source is None:
            return self.default
        if self.kind == "line":
            return self._on_line(source)
        for start, target, included in self.entries:
            if source == start and (self.kind == "match" or included):
                return target
            if self.kind == "steps" and source > start:
                return target
        return self.default

    def _on_line(self, source: Fraction) -> Single | None:
        """Return a number between its neighbours in proportion, that of the nearest end outside of the table."""
        known = sorted((start, target) for start, target, _ in self.entries if isinstance(target, Fraction))
        if not known:
            return self.default
        for (low, below), (high, above) in pairwise(known):
            if low <= source <= high and low < high:
                return below + (above - below) * (source - low) / (high - low)
        return known[0][1] if source < known[0][0] else known[-1][1]


@dataclass(frozen=True, slots=True)
class Declared:
    """One variable as the item declares it."""

    identifier: str
    cardinality: str
    base: str
    default: Value = NULL
    correct: Value = NULL
    mapping: Mapping | None = None
    areas: AreaMapping | None = None
    table: Table | None = None
    normal_maximum: Fraction | None = None

    @property
    def start(self) -> Value:
        """What an outcome holds before the rules run: its default, a number without one 0 (IM 5.2)."""
        if self.default.null and self.base in NUMERIC and self.cardinality == "single":
            return Value(self.base, "single", (Fraction(0),))
        return self.default


# Declared by the specification itself for every item (IM 5.1); rules may set the last one.
BUILT_IN = {
    "numAttempts": Declared("numAttempts", "single", "integer", Value("integer", "single", (Fraction(1),))),
    "duration": Declared("duration", "single", "duration", Value("duration", "single", (Fraction(0),))),
    "completionStatus": Declared(
        "completionStatus", "single", "identifier", Value("identifier", "single", ("completed",))
    ),
}


@dataclass(slots=True)
class Declarations:
    """All variables of an item by name."""

    responses: dict[str, Declared] = field(default_factory=dict)
    outcomes: dict[str, Declared] = field(default_factory=dict)
    templates: dict[str, Declared] = field(default_factory=dict)

    def named(self, identifier: str) -> Declared | None:
        """Return a variable of any kind."""
        own = self.responses.get(identifier) or self.outcomes.get(identifier) or self.templates.get(identifier)
        return own or BUILT_IN.get(identifier)

    @property
    def highest(self) -> Fraction | None:
        """The most points as declared: the default of MAXSCORE, else the normalMaximum of SCORE; None without either."""
        most, score = self.outcomes.get("MAXSCORE"), self.outcomes.get("SCORE")
        found = most.default.number if most else None
        return found or (score.normal_maximum if score else None) or None


def declarations(item: Element) -> Declarations:
    """Read what an item declares; NotUnderstood when a value does not fit its type or a name is used twice."""
    found = Declarations()
    for kind, into in (
        ("responseDeclaration", found.responses),
        ("outcomeDeclaration", found.outcomes),
        ("templateDeclaration", found.templates),
    ):
        for element in item.findall(kind):
            one = _declared(element)
            if one.identifier in {*found.responses, *found.outcomes, *found.templates, ""}:
                raise NotUnderstood(name=one.identifier[:40])
            into[one.identifier] = one
    return found


def _declared(element: Element) -> Declared:
    base, cardinality = element.get("baseType", ""), element.get("cardinality", "single")
    return Declared(
        element.get("identifier", ""),
        cardinality,
        base,
        _values(element.find("defaultValue"), base, cardinality),
        _values(element.find("correctResponse"), base, cardinality),
        mapping_of(element.find("mapping"), base),
        _areas(element.find("areaMapping")),
        _own_table(element, base),
        parsed_number(element.get("normalMaximum")),
    )


def _values(element: Element | None, base: str, cardinality: str) -> Value:
    if element is None:
        return Value(base, cardinality)
    values = element.findall("value")
    if cardinality == "record":
        return _record(values)
    return value_of((inner_text(value) for value in values), base, cardinality)


def _record(values: Iterable[Element]) -> Value:
    names, members = [], []
    for value in values:
        member = parsed(inner_text(value), value.get("baseType", "string"))
        if member is not None:
            names.append(value.get("fieldIdentifier", ""))
            members.append(member)
    return Value("", "record", tuple(members), tuple(names))


def mapping_of(element: Element | None, base: str = "") -> Mapping | None:
    """Read a mapping; keys as the values they stand for are written."""
    if element is None:
        return None
    entries = []
    for entry in element.findall("mapEntry"):
        points = parsed_number(entry.get("mappedValue"))
        if points is None:
            raise NotUnderstood(name="mapEntry")
        key = parsed(entry.get("mapKey") or "", base)
        shown = " ".join(as_text(key).split()) if key is not None else ""
        entries.append((shown, points, entry.get("caseSensitive", "true") == "true"))
    default = parsed_number(element.get("defaultValue")) or Fraction(0)
    bounds = (parsed_number(element.get("lowerBound")), parsed_number(element.get("upperBound")))
    return Mapping(tuple(entries), default, *bounds)


def _areas(element: Element | None) -> AreaMapping | None:
    if element is None:
        return None
    entries = []
    for entry in element.findall("areaMapEntry"):
        points = parsed_number(entry.get("mappedValue"))
        if points is None:
            raise NotUnderstood(name="areaMapEntry")
        entries.append((area_of(entry.get("shape", ""), entry.get("coords", "")), points))
    bounds = mapping_of(Element("mapping", element.attrib))
    return AreaMapping(tuple(entries), bounds) if bounds else None


def _own_table(element: Element, base: str) -> Table | None:
    found = element.find("matchTable")
    return table_of(found if found is not None else element.find("interpolationTable"), base)


def table_of(element: Element | None, base: str) -> Table | None:
    """Read a table whose targets are of a base type."""
    if element is None:
        return None
    kind = "match" if element.tag == "matchTable" else "steps"
    if element.get("interpolationMethod") == "linear":
        kind = "line"
    entries = []
    for entry in element:
        start, target = parsed_number(entry.get("sourceValue")), parsed(entry.get("targetValue") or "", base)
        if start is None or target is None:
            raise NotUnderstood(name=entry.tag[:40])
        entries.append((start, target, entry.get("includeBoundary", "true") == "true"))
    default = element.get("defaultValue")
    return Table(kind, tuple(entries), parsed(default, base) if default is not None else None)
