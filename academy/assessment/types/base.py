"""What every question type is: one small class that checks, draws, reads, scores and explains its questions.

Words used here. *Content* is what the trainer wrote, key included. A *paper* is the order in which one attempt shows
it; it is stored with the attempt. A *control* is all that a page may know of it. *Tokens* ("p1", "p2", …) name things
by their place on the paper: authored ids never reach the browser, as they often follow the right order. A *raw*
response comes from the browser and speaks in tokens; a *response* is what is stored and speaks in authored ids, so that
it means the same on every paper.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any, ClassVar

from academy.assessment.types.checking import check_text
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.parts import Control, Note, Problem
from academy.assessment.types.tokens import tokens
from academy.base.text import LocalizedText

Content = Mapping[str, Any]
Paper = dict[str, list[str]]
Response = dict[str, Any]
FormValues = Mapping[str, Sequence[str]]
STEM_LENGTH = 4000


class QuestionType(ABC):
    """One kind of question. Scoring and showing expect content in which `check` finds no problem.

    A type that is not `scored` asks for opinions: it earns no points, has no right answer and is no evidence.
    What is `marked_by_hand` earns nothing until a person has marked it. `scorings` are the rules of partial credit that a
    question may choose from, the first one by default.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "circle-help"
    scored: ClassVar[bool] = True
    scorings: ClassVar[tuple[str, ...]] = ()
    authored: ClassVar[bool] = True  # whether trainers write such questions here; others only come out of files
    marked_by_hand: ClassVar[bool] = False

    @property
    def checked_at_once(self) -> bool:
        """Whether practice can check an answer by its key: no person is needed, and there is right and wrong."""
        return self.scored and not self.marked_by_hand

    def check(self, content: object) -> list[Problem]:
        """Return what is wrong with a question, an empty list when it can be used; takes anything, raises nothing."""
        if not isinstance(content, Mapping):
            return [Problem("", "not_a_question")]
        return [
            *check_text(content.get("stem"), "stem", limit=STEM_LENGTH),
            *check_text(content.get("explanation"), "explanation", limit=STEM_LENGTH, required=False),
            *check_text(content.get("hint"), "hint", limit=STEM_LENGTH, required=False),
            *self._check(content),
        ]

    @abstractmethod
    def _check(self, content: Content) -> list[Problem]:
        """Return the problems that only this type knows."""

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the order one attempt shows, drawn from `rng` and from nothing secret; by default nothing to order."""
        return {}

    def drawn(self, content: Content, paper: Paper) -> Content:
        """Return the content as scoring has to see it for a paper; by default papers change nothing but the order."""
        return content

    def asked(self, content: Content, paper: Paper) -> LocalizedText:
        """Return what is asked, as a paper words it; by default the stem."""
        return LocalizedText.of(content["stem"])

    @abstractmethod
    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return what the page shows, the stored response filled in; never a key, feedback or authored id."""

    @abstractmethod
    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        """Gather the raw response from the fields of a plain form."""

    def read(self, form_values: FormValues, content: Content, paper: Paper, prefix: str) -> Response | None:
        """Return the response in a plain form with fields `prefix` or `prefix-token`; None when nothing is answered.

        Raises BadResponse like `clean`.
        """
        return self.clean(self._raw(form_values, paper, prefix), content, paper)

    @abstractmethod
    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return the response to store for a raw one, None when it is empty. Raises BadResponse, nothing else."""

    def is_answered(self, response: Response | None) -> bool:
        """Say whether anything is answered; an answer may still be incomplete, see `warnings`."""
        return bool(response)

    def scoring(self, content: Content) -> str:
        """Return the rule of partial credit that a question follows, empty when its type has no choice of rules."""
        return content.get("scoring") or (self.scorings[0] if self.scorings else "")

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return how answers are counted, in words shown before answering; nothing where it goes without saying."""
        return ()

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Return what the learner should know about an answer before submitting; tells nothing about the key."""
        return ()

    @abstractmethod
    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share of the points earned, exactly, from 0 to 1; unanswered earns 0 in every type of our own."""

    @abstractmethod
    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return everything there is to say after grading; `Feedback.limited` keeps back what is not released."""

    @abstractmethod
    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the response as plain text for reports and exports; empty when unanswered."""


def explanation(content: Content) -> LocalizedText:
    """Return the trainer's explanation, empty when there is none."""
    return LocalizedText.of(content.get("explanation"))


def first_value(form_values: FormValues, name: str) -> str:
    """Return the first value of a form field, empty when it is absent."""
    values = form_values.get(name) or ("",)
    return values[0]


def values_by_token(form_values: FormValues, order: Sequence[str], prefix: str) -> dict[str, str]:
    """Return token → value of the fields `prefix-token` that are filled."""
    given = {name: first_value(form_values, f"{prefix}-{name}") for name in tokens(order).values()}
    return {name: value for name, value in given.items() if value != ""}


def separator(language: str) -> str:
    """Return what stands between the members of a list."""
    return "، " if language == "ar" else ", "
