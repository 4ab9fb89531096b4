"""An item: its values drawn for one attempt, its outcomes worked out for one response."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from random import Random
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import LARGEST_SOURCE, MOST_DRAWS, MOST_STEPS_OF_A_DRAW, NotUnderstood, Steps
from academy.assessment.qti.declarations import BUILT_IN, Declarations, declarations
from academy.assessment.qti.documents import brought_to_2
from academy.assessment.qti.rules import ConstraintFails, check_rules, run_rules
from academy.assessment.qti.running import Run
from academy.assessment.qti.values import NULL, Value, number, truth, value_of
from academy.base.strict_xml import UnsoundXml, parse

ITEM = "assessmentItem"
TEMPLATES = ("match_correct", "map_response", "map_response_point", "match_nothing")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one attempt gets: template values, and the keys and defaults that they change."""

    templates: Mapping[str, Value] = field(default_factory=dict)
    correct: Mapping[str, Value] = field(default_factory=dict)
    defaults: Mapping[str, Value] = field(default_factory=dict)


class Item:
    """One assessmentItem with the names of QTI 2. Raises NotUnderstood when its rules cannot be run."""

    def __init__(self, root: Element) -> None:
        if root.tag != ITEM:
            raise NotUnderstood(name=root.tag[:40])
        self.root = root
        self.declared: Declarations = declarations(root)
        self.response_rules = root.find("responseProcessing")
        self.template_rules = root.find("templateProcessing")
        self.outcome_rules = root.find("outcomeProcessing")
        self._check()

    @property
    def draws(self) -> bool:
        """Whether attempts get values of their own."""
        return bool(self.declared.templates) or self.template_rules is not None

    @property
    def chancy(self) -> bool:
        """Whether rules draw while they score."""
        rules = [each for each in (self.response_rules, self.outcome_rules) if each is not None]
        return any(part.tag.startswith("random") for each in rules for part in each.iter())

    @property
    def scored(self) -> bool:
        """Whether there is any rule that could give a score."""
        return self.template is not None or any(
            rules is not None and len(rules) for rules in (self.response_rules, self.outcome_rules)
        )

    @property
    def template(self) -> str | None:
        """The name of the standard response processing that the item uses in place of rules of its own (IM 8.3)."""
        rules = self.response_rules
        if rules is None or len(rules) or not rules.get("template"):
            return None
        return (rules.get("template") or "").rstrip("/").rpartition("/")[2].removesuffix(".xml")

    def _check(self) -> None:
        run = self._run(Drawn(), {}, Random(0), Steps())
        for rules in (self.template_rules, self.response_rules, self.outcome_rules):
            check_rules(rules if rules is not None else (), run)
        template = self.template
        if template is None:
            return
        response = self.declared.responses.get("RESPONSE")
        usable = response is not None and "SCORE" in self.declared.outcomes and template in TEMPLATES
        if not usable or response is None:
            raise NotUnderstood(name=template[:40])
        lacks = {"map_response": response.mapping, "map_response_point": response.areas}
        if template in lacks and lacks[template] is None:
            raise NotUnderstood(name=template)

    def draw(self, rng: Random) -> Drawn:
        """Draw the values of an attempt (IM 11).

        When a templateConstraint does not hold, everything is drawn anew, a hundred times at most; after that the
        variables keep their defaults, as the specification says. Raises NotUnderstood.
        """
        if self.template_rules is None:
            return self.undrawn()
        steps = Steps(MOST_STEPS_OF_A_DRAW)
        for _round in range(MOST_DRAWS):
            run = self._run(self.undrawn(), {}, rng, steps)
            try:
                run_rules(run, self.template_rules)
            except ConstraintFails:
                continue
            return Drawn(
                {name: run.values[name] for name in self.declared.templates},
                run.correct,
                {name: run.defaults[name] for name in self.declared.responses},
            )
        return self.undrawn()

    def undrawn(self) -> Drawn:
        """Return the values as they are declared."""
        return Drawn(
            {name: one.default for name, one in self.declared.templates.items()},
            {name: one.correct for name, one in self.declared.responses.items()},
            {name: one.default for name, one in self.declared.responses.items()},
        )

    def mark(
        self, responses: Mapping[str, Value], drawn: Drawn, rng: Random, steps: Steps | None = None
    ) -> dict[str, Value]:
        """Return all outcomes of a response, NULL for every variable not answered (IM 8). Raises NotUnderstood."""
        run = self._run(drawn, responses, rng, steps or Steps())
        template = self.template
        if template is not None:
            run.values["SCORE"] = self._by_template(template, run)
        elif self.response_rules is not None:
            run_rules(run, self.response_rules)
        if self.outcome_rules is not None:
            run_rules(run, self.outcome_rules)
        return {name: run.values[name] for name in self.declared.outcomes}

    def _by_template(self, name: str, run: Run) -> Value:
        """Score by one of the standard templates (IM 8.3); match_nothing, an extension, wants no answer at all."""
        declared, value = self.declared.responses["RESPONSE"], run.values["RESPONSE"]
        if name == "match_nothing":
            return number(int(value.null))
        if value.null:
            return number(0)
        if name == "match_correct":
            key = run.correct.get("RESPONSE", NULL)
            return number(int(not key.null and key.same(value)))
        mapping = declared.mapping if name == "map_response" else declared.areas
        return number(mapping.of(value)) if mapping is not None else number(0)

    def _run(self, drawn: Drawn, responses: Mapping[str, Value], rng: Random, steps: Steps) -> Run:
        declared = self.declared
        values = {name: drawn.templates.get(name, one.default) for name, one in declared.templates.items()}
        values |= {name: one.start for name, one in declared.outcomes.items()}
        values |= {name: responses.get(name, NULL) for name in declared.responses}
        values = {name: one.default for name, one in BUILT_IN.items()} | values
        defaults = {name: one.default for name, one in (*declared.outcomes.items(), *declared.templates.items())}
        defaults |= {name: drawn.defaults.get(name, one.default) for name, one in declared.responses.items()}
        correct = {name: drawn.correct.get(name, one.correct) for name, one in declared.responses.items()}
        return Run(declared, values, correct=correct, defaults=defaults, rng=rng, steps=steps)


def score_of(outcomes: Mapping[str, Value]) -> Fraction | None:
    """Return the SCORE among outcomes; None when it has none that is a number."""
    return outcomes.get("SCORE", NULL).number


def share_of(outcomes: Mapping[str, Value], most: Fraction) -> Fraction:
    """Return the share of the points from 0 to 1: SCORE of the most points, never below nothing or above everything.

    The most points are what the item's own MAXSCORE holds after its rules have run, else `most`.
    """
    score = score_of(outcomes)
    own = outcomes.get("MAXSCORE", NULL).number
    highest = own if own is not None and own > 0 else most
    if score is None or highest <= 0:
        return Fraction(0)
    return min(max(score / highest, Fraction(0)), Fraction(1))


def typed_value(given: object, base: str, cardinality: str) -> Value:
    """Return a plain value of JSON (None, text, number, truth, or a list of them) as a value. Raises NotUnderstood."""
    if given is None:
        return NULL
    texts: Iterable[object] = given if isinstance(given, list | tuple) else [given]
    if base == "boolean" and isinstance(given, bool):
        return truth(given)
    found = [str(each).lower() if isinstance(each, bool) else str(each) for each in texts]
    return value_of(found, base, cardinality)


@lru_cache(maxsize=64)
def item_of(source: str) -> Item:
    """Return the item that XML text holds. Raises UnsoundXml, NotUnderstood."""
    if len(source) > LARGEST_SOURCE:
        raise UnsoundXml("too_big")
    return Item(brought_to_2(parse(source)))
