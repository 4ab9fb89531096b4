"""Expressions that read: variables, keys, literals, mappings, tables, chance (IM 10.1 and 10.2)."""

from fractions import Fraction
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.declarations import Declared, table_of
from academy.assessment.qti.running import Run, expression, nothing
from academy.assessment.qti.shapes import area_of
from academy.assessment.qti.values import NULL, Value, as_text, number, truth, value_of
from academy.base.strict_xml import inner_text

MOST_CHOICES = 10**9
ENTRIES_A_STEP = 20
TEST_LEVEL = frozenset(
    (
        "numberCorrect",
        "numberIncorrect",
        "numberPresented",
        "numberResponded",
        "numberSelected",
        "outcomeMaximum",
        "outcomeMinimum",
        "testVariables",
    )
)

expression("null")(nothing)


@expression(*TEST_LEVEL, most=None)
def _of_a_test(run: Run, element: Element) -> Value:
    """Results of a whole test mean nothing inside an item (IM 10.3: for use in outcomeProcessing of tests only)."""
    raise NotUnderstood("test_level", element.tag)


@expression("variable")
def _variable(run: Run, element: Element) -> Value:
    return run.named(element.get("identifier", ""))


@expression("correct")
def _correct(run: Run, element: Element) -> Value:
    return run.correct.get(run.declaration(element).identifier, NULL)


@expression("default")
def _default(run: Run, element: Element) -> Value:
    return run.defaults.get(run.declaration(element).identifier, NULL)


@expression("baseValue")
def _base_value(run: Run, element: Element) -> Value:
    return value_of([inner_text(element)], element.get("baseType", "string"), "single")


@expression("mapResponse", "mapOutcome")
def _mapped(run: Run, element: Element) -> Value:
    declared = run.declaration(element)
    if declared.mapping is None:
        raise NotUnderstood(name=element.tag)
    run.steps.take(len(declared.mapping.entries) // ENTRIES_A_STEP)
    return number(declared.mapping.of(run.named(declared.identifier)))


@expression("mapResponsePoint")
def _mapped_points(run: Run, element: Element) -> Value:
    declared = run.declaration(element)
    if declared.areas is None:
        raise NotUnderstood(name=element.tag)
    run.steps.take(len(declared.areas.entries))
    return number(declared.areas.of(run.named(declared.identifier)))


@expression("inside", least=1, most=1)
def _inside(run: Run, element: Element) -> Value:
    """True when any point of the value lies in the area (IM 10.4, inside)."""
    value = run.value(element[0])
    if value.null:
        return NULL
    area = area_of(element.get("shape", ""), element.get("coords", ""))
    return truth(any(area.holds(as_text(member)) for member in value.members))


@expression("lookupTable", least=2, most=2)
def _looked_up(run: Run, element: Element) -> Value:
    """Look a number up in a table given in place; an extension found in files, after IM 5.2."""
    run.steps.take(len(element[1]))
    table = table_of(element[1], "float")
    if table is None:
        raise NotUnderstood(name=element.tag)
    found = table.of(run.value(element[0]).number)
    return number(found) if isinstance(found, Fraction) else NULL


def looked_up(declared: Declared, source: Value) -> Value:
    """Return what the table of an outcome makes of a number (IM 8.2, lookupOutcomeValue)."""
    if declared.table is None:
        raise NotUnderstood(name="lookupOutcomeValue")
    found = declared.table.of(source.number)
    return Value(declared.base, "single", () if found is None else (found,))


@expression("randomInteger")
def _random_integer(run: Run, element: Element) -> Value:
    """One of min, min + step, … up to max, each as likely (IM 10.1, randomInteger)."""
    low, high = run.setting(element, "min", "0"), run.setting(element, "max")
    step = run.setting(element, "step", "1")
    if low is None or high is None or step is None or step <= 0 or high < low:
        return NULL
    count = int((high - low) // step) + 1
    if count > MOST_CHOICES:
        raise NotUnderstood("too_long", element.tag)
    return number(low + step * int(run.rng.random() * count))


@expression("randomFloat")
def _random_float(run: Run, element: Element) -> Value:
    low, high = run.setting(element, "min", "0"), run.setting(element, "max")
    if low is None or high is None or high < low:
        return NULL
    found = number(low + (high - low) * Fraction(run.rng.random()))
    return found if found.null else Value("float", "single", found.members)


@expression("random", least=1, most=1)
def _random(run: Run, element: Element) -> Value:
    """One member of a container, each as likely (IM 10.4, random)."""
    value = run.value(element[0])
    if value.null:
        return NULL
    return Value(value.base, "single", (value.members[int(run.rng.random() * len(value.members))],))
