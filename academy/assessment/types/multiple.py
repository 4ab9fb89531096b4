"""Multiple choice: any number of options may be right."""

from collections.abc import Collection
from fractions import Fraction

from academy.assessment.types.base import Content, FormValues, Paper, Response
from academy.assessment.types.checking import MOST_ENTRIES, check_choice, fields
from academy.assessment.types.choices import ChoiceQuestion, right_ids, whole_or_nothing
from academy.assessment.types.parts import BadResponse, Note, Problem
from academy.assessment.types.tokens import id_of
from academy.base.i18n import _l

SCORINGS = ("all_or_nothing", "partial", "each", "capped")


class MultipleChoice(ChoiceQuestion):
    """Raw {"choices": [token, …]}, stored {"choices": [option ids in authored order]}; `scoring` of `SCORINGS`."""

    name = "multiple"
    icon = "check-check"
    label = _l("Multiple choice")
    scorings = SCORINGS

    def _check(self, content: Content) -> list[Problem]:
        return [*super()._check(content), *check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring")]

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"choices": [value for value in form_values.get(prefix, ()) if value != ""]}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"choices": […]} with each chosen id once; no choice at all clears the answer."""
        values = fields(response, "choices")
        if values is None:
            return None
        if not isinstance(values, list) or len(values) > MOST_ENTRIES:
            raise BadResponse("bad_shape")
        chosen = {id_of(value, paper["order"]) for value in values}
        return (
            {"choices": [option["id"] for option in content["options"] if option["id"] in chosen]} if chosen else None
        )

    def chosen(self, response: Response | None) -> Collection[str]:
        """Return the chosen ids."""
        return response["choices"] if response else ()

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit; only `capped` tells how many choices are right, as its learners must know."""
        rule = self.scoring(content)
        return (Note(f"terms_multiple_{rule}", {"most": len(right_ids(content))} if rule == "capped" else {}),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn of choices beyond the number that the rule allows."""
        most = len(right_ids(content)) if self.scoring(content) == "capped" else MOST_ENTRIES
        return (Note("too_many_chosen", {"most": most}),) if len(self.chosen(response)) > most else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share by the question's rule; an answer without any tick is unanswered and earns 0.

        `all_or_nothing` (the default): 1 for exactly the right options, else 0. `partial`: right minus wrong over all
        right ones, not below 0 ("partial credit with penalty" of Canvas New Quizzes): ticking everything earns less
        than knowing. `each`: options judged rightly over all options ("multiple true-false": Cronbach 1941, Journal of
        Educational Psychology 32, 533-543). `capped`: right ticks less
        those beyond the number of right options, over that number (as Moodle's OU multiple response).
        """
        chosen, right, rule = set(self.chosen(response)), right_ids(content), self.scoring(content)
        hits, slips = len(chosen & right), len(chosen - right)
        if rule == "all_or_nothing" or not chosen:
            return whole_or_nothing(chosen == right)
        if rule == "each":
            options = len(content["options"])
            return Fraction(options - slips - (len(right) - hits), options)
        lost = slips if rule == "partial" else max(0, len(chosen) - len(right))
        return max(Fraction(0), Fraction(hits - lost, len(right)))
