"""True or false: one statement to judge."""

from fractions import Fraction

from academy.assessment.types.base import Content, FormValues, Paper, QuestionType, Response, explanation, first_value
from academy.assessment.types.checking import fields
from academy.assessment.types.choices import whole_or_nothing
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import BadResponse, Choice, Control, Note, Problem
from academy.base.i18n import _, _l, in_language
from academy.base.text import LocalizedText

VALUES = ("true", "false")


def _word(value: str, language: str) -> str:
    with in_language(language):
        return str(_("True") if value == "true" else _("False"))


def _text(value: str) -> LocalizedText:
    return LocalizedText(ar=_word(value, "ar"), en=_word(value, "en"))


class TrueFalse(QuestionType):
    """Raw and stored {"choice": "true"|"false"}; content `answer: true|false`; the order is never shuffled."""

    name = "true_false"
    icon = "circle-check"
    label = _l("True or false")

    def _check(self, content: Content) -> list[Problem]:
        return [] if isinstance(content.get("answer"), bool) else [Problem("answer", "bad_true_false")]

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the two lines, true first."""
        chosen = response["choice"] if response else ""
        return Control(
            self.name, choices=tuple(Choice(value, _text(value), chosen=value == chosen) for value in VALUES)
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"choice": first_value(form_values, prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"choice": "true"|"false"}; an empty choice clears the answer."""
        choice = fields(response, "choice")
        if choice is None or choice == "":
            return None
        if not isinstance(choice, str):
            raise BadResponse("bad_shape")
        if choice not in VALUES:
            raise BadResponse("unknown_choice")
        return {"choice": choice}

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 1 for the right judgement, else 0."""
        return whole_or_nothing(response is not None and response["choice"] == _key(content))

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each of the two words."""
        share, chosen = self.score(content, response), response["choice"] if response else ""
        return Feedback(
            correct=share == 1,
            share=share,
            parts=tuple(
                Part(value, _mark(value, chosen, _key(content)), _text(value), value == chosen) for value in VALUES
            ),
            correct_answer=(_text(_key(content)),),
            notes=() if chosen else (Note("unanswered"),),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the word chosen."""
        return _word(response["choice"], language) if response else ""


def _key(content: Content) -> str:
    return "true" if content["answer"] else "false"


def _mark(value: str, chosen: str, right: str) -> State:
    if value == right:
        return "right" if value == chosen else "missed"
    return "wrong" if value == chosen else "neutral"
