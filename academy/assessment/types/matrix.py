"""Statements to place on a scale, such as how far somebody agrees: opinions, never right or wrong."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from academy.assessment.types.base import (
    Content,
    FormValues,
    Paper,
    QuestionType,
    Response,
    explanation,
    values_by_token,
)
from academy.assessment.types.checking import check_entries, fields, ids
from academy.assessment.types.choices import joined, text_of
from academy.assessment.types.feedback import Feedback, Part
from academy.assessment.types.parts import BadResponse, Choice, Control, Note, Problem
from academy.assessment.types.tokens import id_of, tokens
from academy.base.i18n import _l
from academy.base.text import LocalizedText

MOST_STEPS = 11


@dataclass(frozen=True)
class MatrixControl(Control):
    """The statements are `choices`, the steps of the scale `partners`; `needed` asks for every statement."""

    needed: bool = False


class Matrix(QuestionType):
    """Raw {"ratings": {statement token: step token}}, stored {"ratings": {statement id: step id}}.

    Content: `statements: [{id, text}]`, `scale: [{id, text}]` from one end to the other, `needed: true` to warn of
    statements left out. Nothing is mixed: the order of statements is part of a questionnaire.
    """

    name = "matrix"
    icon = "table"
    label = _l("Opinions on a scale (not scored)")
    scored = False

    def _check(self, content: Content) -> list[Problem]:
        problems = check_entries(content.get("statements"), "statements", least=1)
        problems += check_entries(content.get("scale"), "scale", most=MOST_STEPS)
        needed = content.get("needed", False)
        return problems if isinstance(needed, bool) else [*problems, Problem("needed", "bad_needed")]

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return statements and steps in authored order."""
        return {"statements": ids(content["statements"]), "scale": ids(content["scale"])}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the statements with the token of the step chosen so far, and the steps."""
        given, steps = response["ratings"] if response else {}, tokens(paper["scale"])
        said, scale = _texts(content, "statements"), _texts(content, "scale")
        return MatrixControl(
            self.name,
            choices=tuple(
                Choice(token, said[key], partner=steps.get(given.get(key, ""), ""))
                for key, token in tokens(paper["statements"]).items()
            ),
            partners=tuple(Choice(token, scale[key]) for key, token in steps.items()),
            needed=content.get("needed", False),
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"ratings": values_by_token(form_values, paper["statements"], prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"ratings": …} with the statements that were rated; none clears the answer."""
        ratings = fields(response, "ratings")
        if ratings is None:
            return None
        if not isinstance(ratings, dict) or len(ratings) > len(paper["statements"]):
            raise BadResponse("bad_shape")
        found = {id_of(one, paper["statements"]): id_of(step, paper["scale"]) for one, step in ratings.items()}
        return {"ratings": {key: found[key] for key in sorted(found)}} if found else None

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return that nothing is scored here."""
        return (Note("terms_unscored"),)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn of statements left out, where all are wanted."""
        missing = response is not None and len(response["ratings"]) < len(content["statements"])
        return (Note("incomplete"),) if missing and content.get("needed", False) else ()

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 0: opinions earn nothing of no points."""
        return Fraction(0)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return what was answered, without any mark."""
        given, scale = response["ratings"] if response else {}, _texts(content, "scale")
        return Feedback(
            correct=None,
            share=None,
            parts=tuple(
                Part(
                    token,
                    "neutral",
                    _texts(content, "statements")[key],
                    chosen=key in given,
                    partner=scale[given[key]] if key in given else None,
                )
                for key, token in tokens(paper["statements"]).items()
            ),
            notes=() if response else (Note("unanswered"),),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return each rated statement with its step."""
        given, scale = response["ratings"] if response else {}, _texts(content, "scale")
        said = [(text, scale[given[key]]) for key, text in _texts(content, "statements").items() if key in given]
        return joined([_pair(one, step) for one, step in said], language)


def _texts(content: Content, name: str) -> dict[str, LocalizedText]:
    return {entry["id"]: text_of(entry) for entry in content[name]}


def _pair(one: LocalizedText, step: LocalizedText) -> LocalizedText:
    return LocalizedText(ar=f"{one.show('ar')}: {step.show('ar')}", en=f"{one.show('en')}: {step.show('en')}")
