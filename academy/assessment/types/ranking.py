"""Items to rank, such as by how much they matter to somebody: opinions, never right or wrong."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

from academy.assessment.types.base import Content, Paper, Response, explanation
from academy.assessment.types.checking import check_entries
from academy.assessment.types.choices import text_of
from academy.assessment.types.feedback import Feedback, Part
from academy.assessment.types.ordering import Ordering
from academy.assessment.types.parts import Note, Problem
from academy.assessment.types.tokens import tokens
from academy.base.i18n import _l


class Ranking(Ordering):
    """Answered like an order, with the same control; raw and stored responses are those of `Ordering`.

    Content: `items: [{id, text}]`, no order of them is right. Each paper mixes them, as what stands on top is ranked higher
    by whoever hesitates (Krosnick and Alwin 1987, Public Opinion Quarterly 51, 201-219).
    """

    name = "ranking"
    icon = "list-ordered"
    label = _l("Ranking (not scored)")
    scored = False
    scorings: ClassVar[tuple[str, ...]] = ()

    def _check(self, content: Content) -> list[Problem]:
        return check_entries(content.get("items"), "items")

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return that nothing is scored here."""
        return (Note("terms_unscored"),)

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 0: opinions earn nothing of no points."""
        return Fraction(0)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return the items in the learner's order, without any mark."""
        places = response["places"] if response else {}
        by_id = {item["id"]: item for item in content["items"]}
        shown = sorted(tokens(paper["order"]).items(), key=lambda entry: places.get(entry[0], len(by_id) + 1))
        return Feedback(
            correct=None,
            share=None,
            parts=tuple(
                Part(token, "neutral", text_of(by_id[key]), chosen=key in places, place=places.get(key))
                for key, token in shown
            ),
            notes=self.warnings(content, response) if response else (Note("unanswered"),),
            explanation=explanation(content),
        )


def ranks_all(content: Content, response: Mapping[str, Any]) -> bool:
    """Whether a stored response gives every item a place of its own."""
    return sorted((response.get("places") or {}).values()) == list(range(1, len(content["items"]) + 1))
