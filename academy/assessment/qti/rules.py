"""Rules: what template, response and outcome processing do one after the other (IM 8, 9 and 11)."""

from collections.abc import Iterable
from contextlib import suppress
from xml.etree.ElementTree import Element

from academy.assessment.qti import arithmetic, logic
from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.declarations import Declared
from academy.assessment.qti.patterns import check_pattern
from academy.assessment.qti.running import EXPRESSIONS, Run
from academy.assessment.qti.sources import TEST_LEVEL, looked_up
from academy.assessment.qti.values import NULL, NUMERIC, TRUE, Single, Value, as_text, parsed

REGISTERED = (arithmetic, logic)  # their expressions are known once they are imported
CONDITIONS = {
    f"{kind}Condition": (f"{kind}If", f"{kind}ElseIf", f"{kind}Else") for kind in ("response", "outcome", "template")
}
EXITS = frozenset(("exitResponse", "exitTemplate", "exitTest"))
FRAGMENTS = frozenset(("responseProcessingFragment", "outcomeProcessingFragment"))
SETTERS = frozenset(
    ("setOutcomeValue", "setTemplateValue", "setResponseValue", "setCorrectResponse", "lookupOutcomeValue")
)


class _Exit(Exception):
    """The rules end here."""


class ConstraintFails(Exception):
    """A templateConstraint does not hold: the values have to be drawn anew."""


def run_rules(run: Run, rules: Iterable[Element]) -> None:
    """Carry out rules until their end or an exit. Raises NotUnderstood, ConstraintFails."""
    with suppress(_Exit):
        _all(run, rules)


def _all(run: Run, rules: Iterable[Element]) -> None:
    for rule in rules:
        run.steps.take()
        _one(run, rule)


def _one(run: Run, rule: Element) -> None:
    name = rule.get("identifier", "")
    match rule.tag:
        case "setOutcomeValue" | "setTemplateValue" | "setResponseValue":
            run.values[name] = fitted(run.value(rule[0]), run.declaration(rule))
        case "setCorrectResponse":
            run.correct[name] = fitted(run.value(rule[0]), run.declaration(rule))
        case "setDefaultValue":
            _default(run, rule)
        case "lookupOutcomeValue":
            declared = run.declaration(rule)
            run.values[name] = fitted(looked_up(declared, run.value(rule[0])), declared)
        case "templateConstraint":
            if run.value(rule[0]) != TRUE:
                raise ConstraintFails
        case tag if tag in CONDITIONS:
            _condition(run, rule)
        case tag if tag in FRAGMENTS:
            _all(run, rule)
        case tag if tag in EXITS:
            raise _Exit
        case _:
            raise NotUnderstood(name=rule.tag[:40])


def _default(run: Run, rule: Element) -> None:
    """Set a default (IM 9.3); without an expression, an extension found in files, go back to it."""
    declared = run.declaration(rule)
    if len(rule):
        run.defaults[declared.identifier] = fitted(run.value(rule[0]), declared)
    run.values[declared.identifier] = run.defaults.get(declared.identifier, NULL)


def _condition(run: Run, rule: Element) -> None:
    for branch in rule:
        if branch.tag.endswith("Else"):
            return _all(run, branch)
        if run.value(branch[0]) == TRUE:
            return _all(run, list(branch)[1:])
    return None


def fitted(value: Value, declared: Declared) -> Value:
    """Return a value as a variable can hold it: whole numbers fit floats, one value fits a container of one.

    Raises NotUnderstood when the value is of another kind.
    """
    if declared.cardinality == "record" or value.cardinality == "record":
        return value
    if declared.cardinality == "single" and len(value.members) > 1:
        raise NotUnderstood(name=declared.identifier[:40])
    return Value(declared.base, declared.cardinality, tuple(_member(each, declared) for each in value.members))


def _member(member: Single, declared: Declared) -> Single:
    if declared.base in NUMERIC and isinstance(member, str):
        found = parsed(member, declared.base)
        if isinstance(found, str | bool) or found is None:
            raise NotUnderstood(name=declared.identifier[:40])
        return found
    if (declared.base in NUMERIC) != (not isinstance(member, str | bool)) or (
        (declared.base == "boolean") != isinstance(member, bool)
    ):
        if declared.base in ("string", ""):
            return as_text(member)
        raise NotUnderstood(name=declared.identifier[:40])
    return member


# --- Before anything runs: is all of it known? ------------------------------------------------------------------------


def check_rules(rules: Iterable[Element], run: Run) -> None:
    """Raise NotUnderstood for an unknown rule or expression, a wrong number of parts, a variable that nobody declares."""
    for rule in rules:
        _check_rule(rule, run)


def _check_rule(rule: Element, run: Run) -> None:
    tag = rule.tag
    if tag in CONDITIONS:
        _check_condition(rule, CONDITIONS[tag], run)
    elif tag in FRAGMENTS:
        check_rules(rule, run)
    elif tag in SETTERS or tag in ("setDefaultValue", "templateConstraint"):
        if len(rule) != 1 and not (tag == "setDefaultValue" and not len(rule)):
            raise NotUnderstood(name=tag)
        if tag != "templateConstraint":
            run.declaration(rule)
        for part in rule:
            _check_expression(part, run)
    elif tag not in EXITS:
        raise NotUnderstood(name=tag[:40])


def _check_condition(rule: Element, names: tuple[str, str, str], run: Run) -> None:
    """Branches stand in their order: if, any number of else-ifs, else (IM 8.2); a lone else is taken as it stands."""
    order = [names.index(branch.tag) if branch.tag in names else 3 for branch in rule]
    if not order or order != sorted(order) or 3 in order or order.count(0) > 1 or order.count(2) > 1 or order[0] == 1:
        raise NotUnderstood(name=rule.tag)
    for place, branch in zip(order, rule, strict=True):
        if place < 2:
            if not len(branch):
                raise NotUnderstood(name=branch.tag)
            _check_expression(branch[0], run)
        check_rules(list(branch)[1 if place < 2 else 0 :], run)


def _check_expression(part: Element, run: Run) -> None:
    if part.tag in TEST_LEVEL:
        raise NotUnderstood("test_level", part.tag)
    rule = EXPRESSIONS.get(part.tag)
    if rule is None or len(part) < rule.least or (rule.most is not None and len(part) > rule.most):
        raise NotUnderstood(name=part.tag[:40])
    if part.tag in ("variable", "correct", "default", "mapResponse", "mapOutcome", "mapResponsePoint"):
        _check_named(part, run)
    if part.tag == "patternMatch" and not part.get("pattern", "").startswith("{"):
        check_pattern(part.get("pattern", ""))
    if part.tag == "lookupTable":
        return _check_expression(part[0], run)
    for inner in part:
        _check_expression(inner, run)
    return None


def _check_named(part: Element, run: Run) -> None:
    name = part.get("identifier", "")
    if part.tag == "variable":
        run.named(name)
        return
    declared = run.declaration(part)
    lacks_mapping = part.tag in ("mapResponse", "mapOutcome") and declared.mapping is None
    if lacks_mapping or (part.tag == "mapResponsePoint" and declared.areas is None):
        raise NotUnderstood(name=part.tag)
