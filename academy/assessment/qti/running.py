"""One run of an item's rules: the present values, the registry of expressions, the steps left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Final
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import NotUnderstood, Steps
from academy.assessment.qti.declarations import Declarations, Declared
from academy.assessment.qti.values import NULL, Value, parsed_number


class Run:
    """The state of one run: values, keys and defaults by name, a source of chance, the steps left."""

    def __init__(
        self,
        declared: Declarations,
        values: Mapping[str, Value],
        *,
        correct: Mapping[str, Value],
        defaults: Mapping[str, Value],
        rng: Random,
        steps: Steps | None = None,
    ) -> None:
        self.declared, self.rng, self.steps = declared, rng, steps or Steps()
        self.values, self.correct, self.defaults = dict(values), dict(correct), dict(defaults)

    def value(self, expression: Element) -> Value:
        """Return the value of an expression (IM 10). Raises NotUnderstood."""
        self.steps.take()
        rule = EXPRESSIONS.get(expression.tag)
        if rule is None:
            raise NotUnderstood(name=expression.tag[:40])
        return rule.work(self, expression)

    def parts(self, expression: Element) -> list[Value]:
        """Return the values of an expression's parts."""
        return [self.value(part) for part in expression]

    def named(self, identifier: str) -> Value:
        """Return the present value of a variable. Raises NotUnderstood for one that is not declared."""
        if identifier not in self.values:
            raise NotUnderstood(name=identifier[:40])
        return self.values[identifier]

    def declaration(self, expression: Element) -> Declared:
        """Return the declaration that an expression names."""
        name = expression.get("identifier", "")
        found = self.declared.named(name)
        if found is None:
            raise NotUnderstood(name=name[:40])
        return found

    def setting(self, expression: Element, name: str, default: str | None = None) -> Fraction | None:
        """Return a numeric attribute: a number, or the value of the variable it names (IM 10.1, integerOrVariableRef)."""
        written = expression.get(name, default)
        if written is None:
            return None
        literal = parsed_number(written)
        return literal if literal is not None else self.named(written.strip().strip("{}")).number

    def numbers(self, expression: Element) -> list[Fraction] | None:
        """Return all numbers in an expression's parts; None when a part is NULL or holds anything else."""
        found: list[Fraction] = []
        for value in self.parts(expression):
            members = value.numbers
            if not members:
                return None
            found.extend(members)
        return found


Work = Callable[[Run, Element], Value]


@dataclass(frozen=True, slots=True)
class Rule:
    """How an expression is worked out, and how many parts it takes."""

    work: Work
    least: int
    most: int | None


EXPRESSIONS: Final[dict[str, Rule]] = {}


def expression(*names: str, least: int = 0, most: int | None = 0) -> Callable[[Work], Work]:
    """Register the work of an expression under its QTI 2 names; `most` None takes any number of parts."""

    def registered(work: Work) -> Work:
        for name in names:
            EXPRESSIONS[name] = Rule(work, least, most)
        return work

    return registered


def flag(element: Element, name: str, default: bool) -> bool:
    """Return a truth given as an attribute."""
    written = element.get(name)
    return default if written is None else written.strip() in ("true", "1")


def none_null(values: list[Value]) -> bool:
    """Whether every value is there."""
    return not any(value.null for value in values)


def nothing(run: Run, element: Element) -> Value:
    """Return NULL."""
    return NULL
