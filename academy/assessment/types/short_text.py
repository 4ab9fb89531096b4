"""A word or two to write, in either language, compared without regard to hamza, vowels, article or one slip."""

from fractions import Fraction

from academy.assessment.types.accepting import (
    LONGEST,
    answers_in,
    check_accept,
    check_typos,
    first_answers,
    forgiving,
    match,
)
from academy.assessment.types.base import Content, FormValues, Paper, QuestionType, Response, explanation, first_value
from academy.assessment.types.checking import clean_text
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.parts import Control, Note, Problem
from academy.base.arabic import Match
from academy.base.i18n import _l

HALF = Fraction(1, 2)


class ShortText(QuestionType):
    """Raw and stored {"text": as typed}; content `accept: {ar: [...], en: [...]}`, either language counts.

    `partly` has the same shape and holds answers that earn half of the points. `typos: 0` forgives no slip of spelling;
    1, the default, one letter added, lost, changed or exchanged with its neighbour in words of five letters or more.
    """

    name = "short_text"
    icon = "pencil"
    label = _l("Short text")

    def _check(self, content: Content) -> list[Problem]:
        return [
            *check_accept(content.get("accept"), "accept"),
            *check_accept(content.get("partly"), "partly", required=False),
            *check_typos(content),
        ]

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the text typed so far."""
        return Control(self.name, text=response["text"] if response else "", longest=LONGEST)

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"text": first_value(form_values, prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"text": …} exactly as typed."""
        return clean_text(response, limit=LONGEST)

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return whether spelling is strict and whether there are answers that earn half."""
        strict = () if forgiving(content) else (Note("terms_strict_spelling"),)
        return (*strict, *((Note("terms_partly"),) if answers_in(content.get("partly")) else ()))

    def _judge(self, content: Content, response: Response | None) -> tuple[Fraction, Match | None]:
        """Return the share earned and the answer that was met: one that earns everything goes before one for half."""
        if response is None:
            return Fraction(0), None
        found = match(response["text"], content["accept"], slips=forgiving(content))
        half = match(response["text"], content.get("partly"), slips=forgiving(content))
        if found is None or (half is not None and half.exact and not found.exact):
            return (HALF, half) if half else (Fraction(0), None)
        return Fraction(1), found

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 1 for an accepted answer, one half for one that is partly right, else 0."""
        return self._judge(content, response)[0]

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return the mark, the first accepted answer in each language, and a note on the spelling."""
        share, found = self._judge(content, response)
        return Feedback(
            correct=share == 1,
            share=share,
            given=response["text"] if response else "",
            correct_answer=(first_answers(content["accept"]),),
            notes=_notes(share, found, response),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the answer as typed."""
        return response["text"] if response else ""


def _notes(share: Fraction, found: Match | None, response: Response | None) -> tuple[Note, ...]:
    if response is None:
        return (Note("unanswered"),)
    if found is None or found.exact:
        return ()
    return (Note("spelling_note" if share == 1 else "spelling_note_half", {"accepted": found.accepted}),)
