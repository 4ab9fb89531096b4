"""A number to work out, right within a tolerance, with its unit of measure where the question wants one."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from academy.assessment.types.base import (
    Content,
    FormValues,
    Paper,
    QuestionType,
    Response,
    explanation,
    first_value,
    separator,
)
from academy.assessment.types.checking import check_choice, clean_text, exact_number
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.parts import Control, Note, Problem
from academy.assessment.types.units import (
    PERCENT_SIGNS,
    UNIT_LENGTH,
    Typed,
    accepted_units,
    check_units,
    read_typed,
    unit_cost,
    unit_of,
    unit_rule,
)
from academy.base.i18n import _l, current_language
from academy.base.text import LocalizedText

LONGEST = 64
TOLERANCES = ("absolute", "relative", "figures")
MOST_FIGURES = 15

__all__ = ["LONGEST", "TOLERANCES", "UNIT_LENGTH", "Numeric", "around", "unit_of"]


def around(content: Content) -> tuple[Fraction, Fraction]:
    """Return the right number and how far from it an answer may lie, in the question's unit.

    `tolerance_kind`: "absolute" (the default) takes the tolerance as it is, "relative" as percent of the right number.
    With "figures" the tolerance is a number of significant figures: both numbers are rounded to them before they are
    compared, so the right one is returned rounded, with half a unit of its last figure.
    """
    answer, tolerance = exact_number(content["answer"]) or Decimal(0), exact_number(content.get("tolerance", 0))
    width, kind = Fraction(tolerance or 0), content.get("tolerance_kind") or "absolute"
    if kind == "figures":
        rounded = _rounded(Fraction(answer), int(width))
        last = Fraction(10) ** (Decimal(answer).adjusted() - int(width) + 1) if answer else Fraction(0)
        return rounded, last / 2
    return Fraction(answer), abs(Fraction(answer)) * width / 100 if kind == "relative" else width


def _rounded(value: Fraction, figures: int) -> Fraction:
    """Return a value rounded to significant figures, halves away from zero."""
    exactly = Context(prec=120).divide(Decimal(value.numerator), Decimal(value.denominator))
    return Fraction(Context(prec=figures, rounding=ROUND_HALF_UP).plus(exactly))


@dataclass(frozen=True)
class NumericControl(Control):
    """A field for a number; `worded` when a unit may be typed too, so that phones show letters."""

    worded: bool = False


class Numeric(QuestionType):
    """Raw and stored {"text": as typed}; content `answer`, `tolerance` (0 when left out) and `tolerance_kind`.

    Units (all optional): `unit` is the one the answer is in; `units: [{text, factor}]` are others, a factor being how
    many of the question's unit one of them is (hour 60 beside minute); `unit_rule` says whether the unit has to be
    written, `unit_cost` how many percent of the points a missing or wrong one costs under the rule "penalty".
    """

    name = "numeric"
    icon = "hash"
    label = _l("Numeric answer")

    def _check(self, content: Content) -> list[Problem]:
        problems = [] if exact_number(content.get("answer")) is not None else [Problem("answer", "bad_number")]
        tolerance, kind = exact_number(content.get("tolerance", 0)), content.get("tolerance_kind")
        problems += check_choice(kind, TOLERANCES, "tolerance_kind", "bad_tolerance_kind")
        if tolerance is None or tolerance < 0:
            problems.append(Problem("tolerance", "bad_tolerance"))
        elif kind == "figures" and (tolerance != int(tolerance) or not 1 <= tolerance <= MOST_FIGURES):
            problems.append(Problem("tolerance", "bad_figures", {"most": MOST_FIGURES}))
        return problems + check_units(content)

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the text typed so far and the unit, unless writing it is asked for."""
        unit = unit_of(content) if unit_rule(content) == "optional" else None
        worded = (unit is None and unit_of(content) is not None) or len(accepted_units(content)) > 1
        text = response["text"] if response else ""
        return NumericControl(self.name, text=text, unit=unit, longest=LONGEST, worded=worded)

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"text": first_value(form_values, prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"text": …} exactly as typed, number or not: what was typed is never lost."""
        return clean_text(response, limit=LONGEST)

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return what the unit is worth, and the other units that may be used."""
        rule = unit_rule(content)
        if rule == "penalty":
            cost = format((exact_number(content.get("unit_cost")) or Decimal(0)).normalize(), "f")
            return (Note("terms_unit_penalty", {"cost": cost}),)
        if rule == "required":
            return (Note("terms_unit_required"),)
        if len(accepted_units(content)) < 2:
            return ()
        language = current_language()
        names = separator(language).join(unit.show(language) for unit, _factor in accepted_units(content))
        return (Note("terms_units", {"units": names}),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when the answer cannot be read as a number, or lacks the unit it needs."""
        if response is None:
            return ()
        typed = read_typed(response["text"], content)
        if typed is None:
            return (Note("not_a_number"),)
        missing = unit_rule(content) != "optional" and not typed.named
        return (Note("unit_missing"),) if missing else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 1 when the number lies within the tolerance in exact arithmetic, less what its unit costs; else 0.

        A percent sign changes nothing where the unit is none. A number that is right in the question's unit but was
        written with another one counts as right with a wrong unit.
        """
        typed = read_typed(response["text"], content) if response else None
        if typed is None:
            return Fraction(0)
        if self._hits(content, typed.in_unit):
            sound = typed.factor is not None and (typed.named or unit_rule(content) == "optional")
            return Fraction(1) if sound else 1 - unit_cost(content)
        wrong_unit = unit_rule(content) == "penalty" and self._hits(content, Fraction(typed.value))
        return 1 - unit_cost(content) if wrong_unit else Fraction(0)

    def _hits(self, content: Content, value: Fraction) -> bool:
        answer, width = around(content)
        if content.get("tolerance_kind") == "figures":
            return _rounded(value, int(exact_number(content["tolerance"]) or 1)) == answer
        return abs(value - answer) <= width

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return the mark, the right number with its unit, and notes on the unit and a needless percent sign."""
        share = self.score(content, response)
        return Feedback(
            correct=share == 1,
            share=share,
            given=response["text"] if response else "",
            correct_answer=(_with_unit(content),),
            notes=self._notes(content, response, share),
            explanation=explanation(content),
        )

    def _notes(self, content: Content, response: Response | None, share: Fraction) -> tuple[Note, ...]:
        if response is None:
            return (Note("unanswered"),)
        typed = read_typed(response["text"], content)
        if share == 1 and typed and not typed.named and response["text"].rstrip().endswith(PERCENT_SIGNS):
            return (Note("percent_note"),)
        if typed and share < 1 and self._unit_is_wrong(content, typed):
            return (Note("unit_wrong"),)
        return self.warnings(content, response)

    def _unit_is_wrong(self, content: Content, typed: Typed) -> bool:
        """Say whether only the unit keeps the answer from being right."""
        named = typed.named and unit_rule(content) != "optional"
        return (
            named
            and not (typed.factor is not None and self._hits(content, typed.in_unit))
            and self._hits(content, Fraction(typed.value))
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the number as typed."""
        return response["text"] if response else ""


def _with_unit(content: Content) -> LocalizedText:
    number, unit = format(exact_number(content["answer"]) or Decimal(0), "f"), unit_of(content)
    if unit is None:
        return LocalizedText(ar=number, en=number)
    ar, en = (word if word in PERCENT_SIGNS else f" {word}" for word in (unit.show("ar"), unit.show("en")))
    return LocalizedText(ar=number + ar, en=number + en)
