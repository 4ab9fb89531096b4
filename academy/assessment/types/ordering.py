"""Items to be put in their right order."""

from collections import Counter
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

SCORINGS = ("all_or_nothing", "partial")


class Ordering(QuestionType):
    """Raw {"places": {token: place}}, stored {"places": {item id: place}}, places from 1.

    Places may be missing or given twice while the learner is still at it; both are kept as they are and earn what they
    earn. Content: `items: [{id, text}]`, `answer: [ids in order]`, `scoring` one of `SCORINGS`.
    """

    name = "ordering"
    icon = "list-ordered"
    label = _l("Putting in order")
    scorings: ClassVar[tuple[str, ...]] = SCORINGS

    def _check(self, content: Content) -> list[Problem]:
        problems = check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring")
        items, answer = content.get("items"), content.get("answer")
        bad_items = check_entries(items, "items")
        if bad_items or not isinstance(items, list):
            return problems + bad_items
        whole = (
            isinstance(answer, list)
            and all(isinstance(key, str) for key in answer)
            and sorted(answer) == sorted(ids(items))
        )
        return problems if whole else [*problems, Problem("answer", "bad_order")]

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return {"order": [item ids as shown]}; the right order may come too, else the paper would tell something."""
        return {"order": shuffled(sorted(ids(content["items"])), rng)}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return one line for each item in the order of the paper, with the place given so far."""
        places = response["places"] if response else {}
        by_id = {item["id"]: item for item in content["items"]}
        return Control(
            self.name,
            choices=tuple(
                Choice(token, text_of(by_id[key]), place=places.get(key))
                for key, token in tokens(paper["order"]).items()
            ),
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        given = values_by_token(form_values, paper["order"], prefix)
        return {"places": {token: _number(value) for token, value in given.items()}}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"places": …} with the places given; none at all clears the answer."""
        places = fields(response, "places")
        if places is None:
            return None
        if not isinstance(places, dict) or len(places) > len(paper["order"]):
            raise BadResponse("bad_shape")
        found = {id_of(token, paper["order"]): _place(value, len(paper["order"])) for token, value in places.items()}
        return {"places": {key: found[key] for key in sorted(found)}} if found else None

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit."""
        return (Note(f"terms_ordering_{self.scoring(content)}"),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when items are unplaced or share a place."""
        if response is None:
            return ()
        places = response["places"].values()
        repeated = (Note("repeated_place"),) if max(Counter(places).values()) > 1 else ()
        return (*((Note("incomplete"),) if len(places) < len(content["items"]) else ()), *repeated)

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 1 for the whole order, else 0; for partial credit the share of items at their right place."""
        if response is None:
            return Fraction(0)
        right = _right_places(content)
        hits = sum(response["places"].get(key) == place for key, place in right.items())
        return (
            Fraction(hits, len(right)) if content.get("scoring") == "partial" else whole_or_nothing(hits == len(right))
        )

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each item in the learner's order: the authored one would tell the key."""
        share, right = self.score(content, response), _right_places(content)
        places = response["places"] if response else {}
        by_id = {item["id"]: item for item in content["items"]}
        shown = sorted(tokens(paper["order"]).items(), key=lambda entry: places.get(entry[0], len(right) + 1))
        parts = tuple(
            Part(
                token,
                _state(places.get(key), right[key]),
                text_of(by_id[key]),
                chosen=key in places,
                place=places.get(key),
                right_place=right[key],
            )
            for key, token in shown
        )
        return Feedback(
            correct=share == 1,
            share=share,
            parts=parts,
            correct_answer=tuple(text_of(by_id[key]) for key in content["answer"]),
            notes=self.warnings(content, response) if response else (Note("unanswered"),),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the placed items in the learner's order."""
        places = response["places"] if response else {}
        by_id = {item["id"]: item for item in content["items"]}
        return joined([text_of(by_id[key]) for key in sorted(places, key=lambda key: (places[key], key))], language)


def _number(value: str) -> object:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else value


def _place(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise BadResponse("bad_place")
    return value


def _right_places(content: Content) -> dict[str, int]:
    return {key: place for place, key in enumerate(content["answer"], start=1)}


def _state(place: int | None, right: int) -> State:
    if place is None:
        return "missed"
    return "right" if place == right else "wrong"
