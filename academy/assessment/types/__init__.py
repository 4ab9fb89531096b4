"""The question types: one class each, found by name."""

from academy.assessment.types.base import Content, Paper, QuestionType, Response
from academy.assessment.types.calculated import Calculated
from academy.assessment.types.drag_on_image import DragOnImage
from academy.assessment.types.feedback import Feedback, Part
from academy.assessment.types.gap_fill import GapFill
from academy.assessment.types.hotspot import Hotspot
from academy.assessment.types.matching import Categories, Matching
from academy.assessment.types.matrix import Matrix
from academy.assessment.types.multiple import MultipleChoice
from academy.assessment.types.numeric import Numeric
from academy.assessment.types.ordering import Ordering
from academy.assessment.types.parts import BadResponse, Choice, Control, GivenFile, Note, Problem
from academy.assessment.types.qti import Qti
from academy.assessment.types.ranking import Ranking
from academy.assessment.types.short_text import ShortText
from academy.assessment.types.single import SingleChoice
from academy.assessment.types.true_false import TrueFalse
from academy.assessment.types.written import Essay, FileAnswer

_TYPES: dict[str, QuestionType] = {
    each.name: each
    for each in (
        SingleChoice(),
        MultipleChoice(),
        TrueFalse(),
        Numeric(),
        Ordering(),
        Matching(),
        Categories(),
        ShortText(),
        GapFill(),
        Hotspot(),
        DragOnImage(),
        Calculated(),
        Matrix(),
        Ranking(),
        Essay(),
        FileAnswer(),
        Qti(),
    )
}

__all__ = [
    "BadResponse",
    "Choice",
    "Content",
    "Control",
    "Feedback",
    "GivenFile",
    "Note",
    "Paper",
    "Part",
    "Problem",
    "QuestionType",
    "Response",
    "all_types",
    "kind",
    "marked_by_hand",
    "points_of",
    "unscored",
]


def kind(name: str) -> QuestionType:
    """Return the question type of a name; KeyError for a name that is none."""
    return _TYPES[name]


def points_of(name: str, points: int) -> int:
    """Return what a question of a type is worth in a quiz that gives it these points: nothing when it is not scored."""
    return points if _TYPES[name].scored else 0


def unscored() -> tuple[str, ...]:
    """Return the names of the types that earn no points."""
    return tuple(each.name for each in _TYPES.values() if not each.scored)


def marked_by_hand() -> tuple[str, ...]:
    """Return the names of the types whose answers a person marks."""
    return tuple(each.name for each in _TYPES.values() if each.marked_by_hand)


def all_types() -> tuple[QuestionType, ...]:
    """Return every question type in the order in which editors offer them."""
    return tuple(_TYPES.values())
