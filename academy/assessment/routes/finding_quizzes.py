"""What the addresses of the quiz editor mean."""

from dataclasses import dataclass

from academy.assessment.forms import QuestionForm, form_class
from academy.assessment.queries_of_editing import EditedPlace, EditedQuiz, edited_place, edited_quiz
from academy.assessment.queries_of_pools import DRAWN, section_row
from academy.assessment.rules.lines import DrawLine
from academy.assessment.services.editing import FIXED
from academy.assessment.types import kind
from academy.base.text import LocalizedText
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A question that is to be written: the quiz it goes into, and the form of its type."""

    desk: EditedQuiz
    form_class: type[QuestionForm]

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.desk.course


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section of a quiz, or a new one of a kind, whose `section_id` is None."""

    desk: EditedQuiz
    kind: str
    section_id: int | None = None
    title: LocalizedText | None = None
    lines: tuple[DrawLine, ...] = ()

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.desk.course


def the_section(activity_id: int, section_id: int) -> SectionPlace | None:
    """Find a section of the quiz of an activity."""
    desk = edited_quiz(activity_id)
    rows = [section_row(row) for row in desk.quiz.sections] if desk else []
    return next((SectionPlace(desk, r.kind, r.id, r.title, r.lines) for r in rows if desk and r.id == section_id), None)


def the_new_section(activity_id: int, kind: str) -> SectionPlace | None:
    """Find the quiz in which a section of a kind is to be made."""
    desk = edited_quiz(activity_id)
    return SectionPlace(desk, kind) if desk and kind in (FIXED, DRAWN) else None


def the_quiz(activity_id: int) -> EditedQuiz | None:
    """Find the quiz of an activity."""
    return edited_quiz(activity_id)


def the_question(activity_id: int, item_id: int) -> EditedPlace | None:
    """Find a question of the quiz of an activity."""
    return edited_place(activity_id, item_id)


def the_new_question(activity_id: int, type_name: str) -> NewPlace | None:
    """Find the quiz and the type of a new question."""
    desk, chosen = edited_quiz(activity_id), form_class(type_name)
    return NewPlace(desk, chosen) if desk and chosen and kind(type_name).authored else None
