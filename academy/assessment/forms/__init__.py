"""The forms of the quiz editor: one for the quiz, one for each type of question."""

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.calculating import CalculatedForm
from academy.assessment.forms.choosing import MultipleForm, SingleForm, TrueFalseForm
from academy.assessment.forms.gaps import GapFillForm
from academy.assessment.forms.kept import QtiForm
from academy.assessment.forms.listing import MatchingForm, OrderingForm, RankingForm
from academy.assessment.forms.marking import EssayForm, FileForm
from academy.assessment.forms.opinions import MatrixForm
from academy.assessment.forms.pictures import DragOnImageForm, HotspotForm
from academy.assessment.forms.sections import DrawForm, FixedForm
from academy.assessment.forms.settings import QuizForm
from academy.assessment.forms.sorting import CategoriesForm
from academy.assessment.forms.writing import NumericForm, ShortTextForm

_FORMS: dict[str, type[QuestionForm]] = {
    "single": SingleForm,
    "multiple": MultipleForm,
    "true_false": TrueFalseForm,
    "numeric": NumericForm,
    "ordering": OrderingForm,
    "matching": MatchingForm,
    "categories": CategoriesForm,
    "gap_fill": GapFillForm,
    "hotspot": HotspotForm,
    "drag_on_image": DragOnImageForm,
    "calculated": CalculatedForm,
    "matrix": MatrixForm,
    "ranking": RankingForm,
    "short_text": ShortTextForm,
    "essay": EssayForm,
    "file": FileForm,
    "qti": QtiForm,
}

__all__ = ["DrawForm", "FixedForm", "QuestionForm", "QuizForm", "form_class"]


def form_class(type_name: str) -> type[QuestionForm] | None:
    """Return the form of a question type; None for a name that is none."""
    return _FORMS.get(type_name)
