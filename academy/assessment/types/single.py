"""Single choice: one option is right."""

from collections.abc import Collection
from fractions import Fraction

from academy.assessment.types.base import Content, FormValues, Paper, Response, first_value
from academy.assessment.types.checking import fields
from academy.assessment.types.choices import ChoiceQuestion, right_ids, whole_or_nothing
from academy.assessment.types.parts import Problem
from academy.assessment.types.tokens import id_of
from academy.base.i18n import _l


class SingleChoice(ChoiceQuestion):
    """Raw {"choice": token}, stored {"choice": option id}; right or not, nothing between."""

    name = "single"
    icon = "circle-dot"
    label = _l("Single choice")

    def _check_right(self, count: int) -> list[Problem]:
        return [] if count == 1 else [Problem("options", "one_right_option")]

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"choice": first_value(form_values, prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"choice": option id}; an empty choice clears the answer."""
        choice = fields(response, "choice")
        return None if choice is None or choice == "" else {"choice": id_of(choice, paper["order"])}

    def chosen(self, response: Response | None) -> Collection[str]:
        """Return the one chosen id, if any."""
        return (response["choice"],) if response else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 1 for the right option, else 0."""
        return whole_or_nothing(set(self.chosen(response)) == right_ids(content))
