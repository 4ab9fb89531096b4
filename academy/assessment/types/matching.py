"""Two columns: every line on the left belongs to one on the right; a right side may serve several lefts or none.

Sorting into categories is the same with other names: items on the left, categories on the right.
"""

from fractions import Fraction
from random import Random
from typing import ClassVar

from academy.assessment.rules.papers import shuffled
from academy.assessment.types.base import (
    Content,
    FormValues,
    Paper,
    QuestionType,
    Response,
    explanation,
    values_by_token,
)
from academy.assessment.types.checking import check_choice, check_entries, fields, ids
from academy.assessment.types.choices import joined, text_of, whole_or_nothing
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import BadResponse, Choice, Control, Note, Problem
from academy.assessment.types.tokens import id_of, tokens
from academy.base.i18n import _l
from academy.base.text import LocalizedText

SCORINGS = ("partial", "all_or_nothing")


class PairQuestion(QuestionType):
    """Raw {"pairs": {left token: right token}}, stored {"pairs": {left id: right id}}; unpaired lefts are absent.

    Content: two lists [{id, text}] named by `left` and `right`, `answer: {left id: right id}`, `scoring` of `SCORINGS`.
    """

    scorings = SCORINGS
    left: ClassVar[str]
    right: ClassVar[str]
    unpaired: ClassVar[str] = "bad_pairs"

    def _check(self, content: Content) -> list[Problem]:
        problems = check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring")
        left, right, answer = content.get(self.left), content.get(self.right), content.get("answer")
        bad_sides = check_entries(left, self.left) + check_entries(right, self.right)
        if bad_sides or not isinstance(left, list) or not isinstance(right, list):
            return problems + bad_sides
        whole = (
            isinstance(answer, dict)
            and set(answer) == set(ids(left))
            and all(end in ids(right) for end in answer.values())
        )
        return problems if whole else [*problems, Problem("answer", self.unpaired)]

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the ids of both columns as shown, each column shuffled by itself."""
        return {side: shuffled(ids(content[side]), rng) for side in (self.left, self.right)}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the left lines with the token of the partner chosen so far, and the right lines as partners."""
        pairs, rights = response["pairs"] if response else {}, tokens(paper[self.right])
        left, right = self.texts(content, self.left), self.texts(content, self.right)
        return Control(
            self.name,
            choices=tuple(
                Choice(token, left[key], partner=rights.get(pairs.get(key, ""), ""))
                for key, token in tokens(paper[self.left]).items()
            ),
            partners=tuple(Choice(token, right[key]) for key, token in rights.items()),
        )

    def texts(self, content: Content, side: str) -> dict[str, LocalizedText]:
        """Return id → text of one side."""
        return {entry["id"]: text_of(entry) for entry in content[side]}

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"pairs": values_by_token(form_values, paper[self.left], prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"pairs": …} with the pairs made; none at all clears the answer."""
        pairs = fields(response, "pairs")
        if pairs is None:
            return None
        if not isinstance(pairs, dict) or len(pairs) > len(paper[self.left]):
            raise BadResponse("bad_shape")
        found = {id_of(left, paper[self.left]): id_of(right, paper[self.right]) for left, right in pairs.items()}
        return {"pairs": {key: found[key] for key in sorted(found)}} if found else None

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when a left side has no partner yet."""
        return (Note("incomplete"),) if response and len(response["pairs"]) < len(content[self.left]) else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share of left sides paired rightly, as in Moodle; or 1 and 0 for all or nothing."""
        pairs, answer = response["pairs"] if response else {}, content["answer"]
        hits = sum(pairs.get(left) == right for left, right in answer.items())
        return (
            Fraction(hits, len(answer))
            if content.get("scoring") != "all_or_nothing"
            else whole_or_nothing(hits == len(answer))
        )

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each left side in the order of the paper, with the partner given and the right one."""
        share, pairs, answer = self.score(content, response), response["pairs"] if response else {}, content["answer"]
        left, right = self.texts(content, self.left), self.texts(content, self.right)
        parts = tuple(
            Part(
                token,
                _state(pairs.get(key), answer[key]),
                left[key],
                chosen=key in pairs,
                partner=right[pairs[key]] if key in pairs else None,
                right_partner=right[answer[key]],
            )
            for key, token in tokens(paper[self.left]).items()
        )
        return Feedback(
            correct=share == 1,
            share=share,
            parts=parts,
            correct_answer=tuple(_pair(left[key], right[answer[key]]) for key in paper[self.left]),
            notes=self.warnings(content, response) if response else (Note("unanswered"),),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the pairs made, in authored order."""
        pairs = response["pairs"] if response else {}
        left, right = self.texts(content, self.left), self.texts(content, self.right)
        return joined([_pair(left[key], right[pairs[key]]) for key in left if key in pairs], language)


class Matching(PairQuestion):
    """Pairs of left and right sides; both columns are shown mixed."""

    name = "matching"
    icon = "link"
    label = _l("Matching pairs")
    left, right = "left", "right"

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit."""
        return (Note(f"terms_pairs_{self.scoring(content)}"),)


class Categories(PairQuestion):
    """Items to sort into categories; the items are shown mixed, the categories as they were written."""

    name = "categories"
    icon = "layers"
    label = _l("Sorting into categories")
    left, right = "items", "categories"
    unpaired = "bad_category"

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the ids of the items, mixed, and of the categories in authored order."""
        return {"items": shuffled(sorted(ids(content["items"])), rng), "categories": ids(content["categories"])}

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit."""
        return (Note(f"terms_categories_{self.scoring(content)}"),)


def _pair(left: LocalizedText, right: LocalizedText) -> LocalizedText:
    return LocalizedText(ar=f"{left.show('ar')}: {right.show('ar')}", en=f"{left.show('en')}: {right.show('en')}")


def _state(given: str | None, right: str) -> State:
    if given is None:
        return "missed"
    return "right" if given == right else "wrong"
