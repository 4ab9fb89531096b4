"""What can be said about a graded answer, and how much of it a release rule lets through."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Self

from academy.assessment.rules.release import Shown
from academy.assessment.types.parts import Note
from academy.base.text import LocalizedText

State = Literal["right", "wrong", "missed", "neutral"]
NO_TEXT = LocalizedText(ar="", en="")
TELL_THE_KEY = {"spelling_note", "spelling_note_half", "gap_spelling_note"}


@dataclass(frozen=True)
class Part:
    """The mark on one line of a question, in the order of the paper (for ordering: in the learner's order).

    `id` is the token on the paper. `state`: "right" and "wrong" are answers given, "missed" is right but was not given,
    "neutral" says nothing. `chosen`, `place` or `partner` repeat the answer; `right_place`, `right_partner` and
    `feedback` may tell the key.
    """

    id: str
    state: State
    text: LocalizedText
    chosen: bool = False
    place: int | None = None
    partner: LocalizedText | None = None
    right_place: int | None = None
    right_partner: LocalizedText | None = None
    feedback: LocalizedText | None = None


@dataclass(frozen=True)
class Feedback:
    """The graded answer in full: `correct` only with the whole share; it and `share` are None when kept back."""

    correct: bool | None
    share: Fraction | None
    parts: tuple[Part, ...] = ()
    given: str = ""
    correct_answer: tuple[LocalizedText, ...] = ()
    notes: tuple[Note, ...] = ()
    explanation: LocalizedText = NO_TEXT

    def limited(self, shown: Shown) -> Self:
        """Return the same feedback without what is not released; nothing kept back can be told from the rest.

        The mark on an answer with two possible values (true or false) always tells the other one: rules that must not
        tell it keep `marks` back.
        """
        marks = shown.marks or shown.right_answers
        return replace(
            self,
            correct=self.correct if marks else None,
            share=self.share if marks else None,
            parts=tuple(_limited(part, shown) for part in self.parts) if shown.responses else (),
            given=self.given if shown.responses else "",
            correct_answer=self.correct_answer if shown.right_answers else (),
            notes=_notes(self.notes, shown),
            explanation=self.explanation if shown.explanation else NO_TEXT,
        )


def _limited(part: Part, shown: Shown) -> Part:
    if not shown.right_answers:
        part = replace(part, right_place=None, right_partner=None)
        if part.state == "missed":
            part = replace(part, state="neutral")
    if not shown.marks and not shown.right_answers:
        part = replace(part, state="neutral")
    if not shown.feedback or not (shown.right_answers or part.chosen):
        part = replace(part, feedback=None)
    return part


def _notes(notes: tuple[Note, ...], shown: Shown) -> tuple[Note, ...]:
    if shown.right_answers:
        return notes
    return tuple(note for note in notes if shown.marks and note.code not in TELL_THE_KEY)
