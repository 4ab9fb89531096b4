"""A number to work out from numbers that each learner gets drawn: the right answer is what a formula makes of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from academy.assessment.types.base import Content, Paper, Response
from academy.assessment.types.checking import LANGUAGES, exact_number
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.formula import (
    FUNCTIONS,
    LONGEST,
    MOST_DECIMALS,
    NAME,
    FormulaError,
    Tree,
    names_in,
    parse,
    rounded,
    value_of,
)
from academy.assessment.types.numeric import Numeric
from academy.assessment.types.parts import Problem
from academy.base.i18n import _l
from academy.base.numbers import format_number
from academy.base.text import LocalizedText, figure

MOST_VARIABLES = 10
MOST_STEPS = 100_000
WHOLE_GRID = 400
DRAWS = 200
TRIES = 100
FURTHEST = Decimal(10) ** 12
ANSWER = "answer"
_NAME = re.compile(NAME)
_BRACES = re.compile(r"\{([^{}]*)\}")
Values = dict[str, Decimal]


class Calculated(Numeric):
    """Like a numeric question, but `formula` gives the answer, rounded to `decimals` (2 when left out).

    Content: `variables: [{name, low, high, step}]` as decimal texts, each value being low, low + step, … up to high;
    {name} in the stem, the hint and the explanation stands for the value, {answer} in the explanation for the answer. What is drawn
    is kept on the paper ("names", "values"): an attempt keeps its numbers.
    """

    name = "calculated"
    icon = "percent"
    label = _l("Number with values of each learner’s own")

    def _check(self, content: Content) -> list[Problem]:
        problems = super()._check({**content, "answer": "0"})
        decimals = content.get("decimals", 2)
        if type(decimals) is not int or not 0 <= decimals <= MOST_DECIMALS:
            problems.append(Problem("decimals", "bad_decimals", {"most": MOST_DECIMALS}))
        variables = content.get("variables")
        bad = _check_variables(variables)
        if bad or not isinstance(variables, list):
            return problems + bad
        known = {each["name"] for each in variables}
        bad = [
            *_check_braces(content, "stem", known),
            *_check_braces(content, "hint", known),
            *_check_braces(content, "explanation", {*known, ANSWER}),
        ]
        return problems + bad + _check_formula(content.get("formula"), variables)

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the values of one attempt; should some be without an answer, they are drawn again."""
        values = _drawn(content, rng)
        return {"names": list(values), "values": [format(value, "f") for value in values.values()]}

    def drawn(self, content: Content, paper: Paper) -> Content:
        """Return the content with the answer, the stem, the hint and the explanation of a paper."""
        values = _values(content, paper)
        answer = _answer(content, values)
        named = {**{name: _shown(value) for name, value in values.items()}, ANSWER: _shown(answer)}
        return {
            **content,
            "answer": format(answer, "f"),
            "stem": _filled(content["stem"], named),
            "explanation": _filled(content.get("explanation") or {}, named),
            "hint": _filled(content.get("hint") or {}, {**named, ANSWER: ""}),
        }

    def asked(self, content: Content, paper: Paper) -> LocalizedText:
        """Return the stem with the values of the paper."""
        return LocalizedText.of(self.drawn(content, paper)["stem"])

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share for the values of `drawn`; without them, for an example."""
        return super().score(self._exact(content), response)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return the mark, with the right answer and the explanation in the values of the paper."""
        exact = self.drawn(content, paper)
        plain, answer = super().feedback(exact, response, paper), exact["answer"]
        right = (
            LocalizedText(
                ar=text.ar.replace(answer, _shown(Decimal(answer)), 1),
                en=text.en.replace(answer, _shown(Decimal(answer)), 1),
            )
            for text in plain.correct_answer
        )
        return replace(plain, correct_answer=tuple(right))

    def _exact(self, content: Content) -> Content:
        return content if "answer" in content else self.drawn(content, {})


def examples(content: Content, count: int = 3) -> list[tuple[LocalizedText, LocalizedText]]:
    """Return a few papers of checked content: what is asked and what is right, for the trainer to look over."""
    kinds, found = Calculated(), []
    for seed in range(count):
        paper = kinds.paper(content, Random(seed))
        right = kinds.feedback(content, None, paper).correct_answer[0]
        found.append((kinds.asked(content, paper), right))
    return found


def _check_variables(variables: object) -> list[Problem]:
    if not isinstance(variables, list):
        return [Problem("variables", "not_a_list")]
    if not variables:
        return [Problem("variables", "no_variables")]
    if len(variables) > MOST_VARIABLES:
        return [Problem("variables", "too_many", {"most": MOST_VARIABLES})]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, each in enumerate(variables):
        name = each.get("name") if isinstance(each, Mapping) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in FUNCTIONS or name == ANSWER:
            problems.append(Problem(f"variables.{index}.name", "bad_variable"))
            continue
        problems += [Problem(f"variables.{index}.name", "variable_twice")] if name in seen else []
        problems += _check_range(each, f"variables.{index}")
        seen.add(name)
    return problems


def _check_range(each: Mapping[str, Any], path: str) -> list[Problem]:
    numbers = {name: exact_number(each.get(name)) for name in ("low", "high", "step")}
    problems = [
        Problem(f"{path}.{name}", "bad_number_of_range")
        for name, number in numbers.items()
        if number is None or abs(number) > FURTHEST or _decimals(number) > MOST_DECIMALS
    ]
    low, high, step = numbers.values()
    if problems or low is None or high is None or step is None:
        return problems
    if step <= 0:
        return [Problem(f"{path}.step", "bad_step")]
    if high < low:
        return [Problem(f"{path}.high", "bad_range")]
    if (high - low) / step > MOST_STEPS:
        return [Problem(f"{path}.step", "too_many_steps", {"most": MOST_STEPS})]
    return []


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _check_braces(content: Content, field: str, known: set[str]) -> list[Problem]:
    """Find {names} in a text that no variable has; a text that is no text has problems of its own."""
    text = content.get(field)
    halves = text.values() if isinstance(text, Mapping) else ()
    used = [name.strip() for half in halves if isinstance(half, str) for name in _BRACES.findall(half)]
    unknown = sorted({name for name in used if name not in known})
    return [Problem(field, "unknown_variable", {"names": ", ".join(unknown)[:200]})] if unknown else []


def _check_formula(formula: object, variables: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Try a formula on every value there can be, or on many drawn ones where there are more."""
    if not isinstance(formula, str):
        return [Problem("formula", "formula_missing")]
    try:
        tree = parse(formula)
    except FormulaError as error:
        return [_problem(error)]
    unknown = sorted(names_in(tree) - {each["name"] for each in variables})
    if unknown:
        return [Problem("formula", "unknown_variable", {"names": ", ".join(unknown)})]
    for values in _tried(variables):
        try:
            value_of(tree, _fractions(values))
        except FormulaError as error:
            shown = ", ".join(f"{name} = {format_number(value, 'latn')}" for name, value in values.items())
            return [Problem("formula", f"{error.code}_with", {"values": shown})]
    return []


def _problem(error: FormulaError) -> Problem:
    return Problem("formula", error.code, {"near": error.near, "most": LONGEST})


def _tried(variables: Sequence[Mapping[str, Any]]) -> Iterator[Values]:
    names = [each["name"] for each in variables]
    size = 1
    for each in variables:
        size *= _steps(each) + 1
    if size <= WHOLE_GRID:
        for places in product(*(range(_steps(each) + 1) for each in variables)):
            yield {each["name"]: _at(each, step) for each, step in zip(variables, places, strict=True)}
        return
    for ends in product(*((0, _steps(each)) for each in variables[:8])):
        steps = [*ends, *(0 for _each in variables[8:])]
        yield {name: _at(each, step) for name, each, step in zip(names, variables, steps, strict=True)}
    rng = Random(0)
    for _draw in range(DRAWS):
        yield {each["name"]: _any(each, rng) for each in variables}
    yield from _around_zero(variables)


def _around_zero(variables: Sequence[Mapping[str, Any]]) -> Iterator[Values]:
    """Yield the values with one variable at 0 and the others at their lowest: where divisions most often fail."""
    for one in variables:
        step = -_number(one["low"]) / _number(one["step"])
        if step == int(step) and 0 <= step <= _steps(one):
            yield {each["name"]: _at(each, int(step) if each is one else 0) for each in variables}


def _number(text: object) -> Decimal:
    return exact_number(text) or Decimal(0)


def _steps(each: Mapping[str, Any]) -> int:
    return int((_number(each["high"]) - _number(each["low"])) / _number(each["step"]))


def _at(each: Mapping[str, Any], step: int) -> Decimal:
    return _number(each["low"]) + step * _number(each["step"])


def _any(each: Mapping[str, Any], rng: Random) -> Decimal:
    return _at(each, int(rng.random() * (_steps(each) + 1)))


def _fractions(values: Values) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in values.items()}


def _drawn(content: Content, rng: Random) -> Values:
    """Draw values that have an answer; after many tries, those at the ends, which the check has tried."""
    tree, variables = parse(content["formula"]), content["variables"]
    for _try in range(TRIES):
        values = {each["name"]: _any(each, rng) for each in variables}
        if _works(tree, values):
            return values
    return {each["name"]: _at(each, 0) for each in variables}


def _works(tree: Tree, values: Values) -> bool:
    try:
        value_of(tree, _fractions(values))
    except FormulaError:
        return False
    return True


def _values(content: Content, paper: Paper) -> Values:
    """Return what a paper has drawn; an example for a page without a paper."""
    if "values" not in paper:
        return _drawn(content, Random(0))
    return {name: _number(value) for name, value in zip(paper["names"], paper["values"], strict=True)}


def _answer(content: Content, values: Values) -> Decimal:
    found = rounded(value_of(parse(content["formula"]), _fractions(values)), content.get("decimals", 2))
    return Decimal(found.numerator) / Decimal(found.denominator)


def _shown(value: Decimal) -> str:
    return figure(format_number(value, "latn"))


def _filled(text: Mapping[str, str], named: Mapping[str, str]) -> dict[str, str]:
    def put(match: re.Match[str]) -> str:
        return named.get(match[1].strip(), match[0])

    return {half: _BRACES.sub(put, text.get(half) or "") for half in LANGUAGES}
