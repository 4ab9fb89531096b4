"""Expressions that judge: truths, comparisons, containers, texts (IM 10.4)."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import MOST_MEMBERS, NotUnderstood
from academy.assessment.qti.patterns import matches
from academy.assessment.qti.running import Run, expression, flag, none_null
from academy.assessment.qti.values import FALSE, NULL, TRUE, Single, Value, container, number, truth


def _truths(run: Run, element: Element) -> Counter[bool | None]:
    return Counter(value.truth for value in run.parts(element))


@expression("and", least=1, most=None)
def _and(run: Run, element: Element) -> Value:
    """False when any part is false, else NULL when any is NULL."""
    found = _truths(run, element)
    return FALSE if found[False] else NULL if found[None] else TRUE


@expression("or", least=1, most=None)
def _or(run: Run, element: Element) -> Value:
    """True when any part is true, else NULL when any is NULL."""
    found = _truths(run, element)
    return TRUE if found[True] else NULL if found[None] else FALSE


@expression("not", least=1, most=1)
def _not(run: Run, element: Element) -> Value:
    found = run.value(element[0]).truth
    return NULL if found is None else truth(not found)


@expression("anyN", least=1, most=None)
def _any_n(run: Run, element: Element) -> Value:
    """True when from min to max parts are true; NULL when the missing ones would decide (IM 10.4, anyN)."""
    least, most = run.setting(element, "min"), run.setting(element, "max")
    if least is None or most is None:
        return NULL
    found = _truths(run, element)
    sure, possible = found[True], found[True] + found[None]
    if sure > most or possible < least:
        return FALSE
    return TRUE if sure >= least and possible <= most else NULL


@expression("isNull", least=1, most=1)
def _is_null(run: Run, element: Element) -> Value:
    return truth(run.value(element[0]).null)


@expression("isNotNull", least=1, most=1)
def _is_not_null(run: Run, element: Element) -> Value:
    """The opposite of isNull; an extension found in files."""
    return truth(not run.value(element[0]).null)


@expression("match", least=2, most=2)
def _match(run: Run, element: Element) -> Value:
    one, other = run.parts(element)
    return NULL if one.null or other.null else truth(one.same(other))


def _compare(name: str, test: Callable[[Fraction, Fraction], bool]) -> None:
    @expression(name, least=2, most=2)
    def work(run: Run, element: Element) -> Value:
        found = run.numbers(element)
        return NULL if found is None or len(found) != 2 else truth(test(*found))


_compare("lt", lambda one, other: one < other)
_compare("lte", lambda one, other: one <= other)
_compare("gt", lambda one, other: one > other)
_compare("gte", lambda one, other: one >= other)
_compare("durationLT", lambda one, other: one < other)
_compare("durationGTE", lambda one, other: one >= other)


@expression("multiple", "ordered", most=None)
def _gathered(run: Run, element: Element) -> Value:
    """A container of all members of the parts; parts that are NULL are left out (IM 10.4, multiple and ordered)."""
    values = [value for value in run.parts(element) if not value.null]
    members = [member for value in values for member in value.members]
    return container(element.tag, members, values[0].base if values else "")


@expression("containerSize", least=1, most=1)
def _size(run: Run, element: Element) -> Value:
    return number(len(run.value(element[0]).members))


@expression("index", least=1, most=1)
def _index(run: Run, element: Element) -> Value:
    """The member at place n, counted from 1; NULL beyond the end."""
    value, place = run.value(element[0]), run.setting(element, "n")
    if place is None or place < 1 or place.denominator != 1 or place > len(value.members):
        return NULL
    return Value(value.base, "single", (value.members[int(place) - 1],))


@expression("fieldValue", least=1, most=1)
def _field(run: Run, element: Element) -> Value:
    value, name = run.value(element[0]), element.get("fieldIdentifier", "")
    if name not in value.names:
        return NULL
    return Value("", "single", (value.members[value.names.index(name)],))


@expression("member", least=2, most=2)
def _member(run: Run, element: Element) -> Value:
    one, many = run.parts(element)
    return NULL if one.null or many.null else truth(one.members[0] in many.members)


@expression("contains", least=2, most=2)
def _contains(run: Run, element: Element) -> Value:
    """All members of the second in the first: as often when unordered, in one piece and order when ordered."""
    outer, inner = run.parts(element)
    if outer.null or inner.null:
        return NULL
    if outer.cardinality != "ordered":
        return truth(not Counter(inner.members) - Counter(outer.members))
    length = len(inner.members)
    places = range(len(outer.members) - length + 1)
    return truth(any(outer.members[place : place + length] == inner.members for place in places))


@expression("delete", least=2, most=2)
def _delete(run: Run, element: Element) -> Value:
    """The second without every member that equals the first."""
    one, many = run.parts(element)
    if one.null or many.null:
        return NULL
    return Value(many.base, many.cardinality, tuple(each for each in many.members if each != one.members[0]))


@expression("repeat", least=1, most=None)
def _repeat(run: Run, element: Element) -> Value:
    """The parts worked out again and again into one ordered container (IM 10.4, repeat)."""
    times = run.setting(element, "numberRepeats")
    if times is None or times < 1:
        return NULL
    if times > MOST_MEMBERS:
        raise NotUnderstood("too_long", element.tag)
    members: list[Single] = []
    base = ""
    for _round in range(int(times)):
        for value in run.parts(element):
            members.extend(value.members)
            base = base or value.base
            if len(members) > MOST_MEMBERS:
                raise NotUnderstood("too_long", element.tag)
    return container("ordered", members, base)


@expression("stringMatch", least=2, most=2)
def _string_match(run: Run, element: Element) -> Value:
    values = run.parts(element)
    if not none_null(values):
        return NULL
    one, other = _cased(values, flag(element, "caseSensitive", True))
    return truth(other in one if flag(element, "substring", False) else one == other)


@expression("substring", least=2, most=2)
def _substring(run: Run, element: Element) -> Value:
    """True when the first text lies in the second."""
    values = run.parts(element)
    if not none_null(values):
        return NULL
    one, other = _cased(values, flag(element, "caseSensitive", True))
    return truth(one in other)


def _cased(values: list[Value], sensitive: bool) -> tuple[str, str]:
    one, other = (value.text or "" for value in values)
    return (one, other) if sensitive else (one.casefold(), other.casefold())


@expression("patternMatch", least=1, most=1)
def _pattern_match(run: Run, element: Element) -> Value:
    value, pattern = run.value(element[0]), element.get("pattern", "")
    if value.null:
        return NULL
    if pattern.startswith("{") and pattern.endswith("}"):
        pattern = run.named(pattern.strip("{}")).text or ""
    return truth(matches(pattern, value.text or "", run.steps))
