"""What the forms of all question types share: the texts, what the question measures, what it is worth."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import FieldList, Form, HiddenField, SelectField
from wtforms.fields.core import Field
from wtforms.validators import InputRequired

from academy.assessment.forms.rows import blame, gather_errors
from academy.assessment.services import Written
from academy.assessment.services.editing_questions import MOST_POINTS
from academy.assessment.types import Problem
from academy.assessment.types.base import STEM_LENGTH
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.web.forms import AcademyForm, BlockField, LocalizedBlockField, LocalizedLineField, NumberField

DIFFICULTIES = [(1, _l("Easy")), (2, _l("Medium")), (3, _l("Hard"))]
Choices = Sequence[tuple[str, str]]


class _StemHalves(Form):
    ar = BlockField(_l("Arabic"), limit=STEM_LENGTH, render_kw={"lang": "ar", "dir": "rtl", "rows": 3})
    en = BlockField(_l("English"), limit=STEM_LENGTH, render_kw={"lang": "en", "dir": "ltr", "rows": 3})


class StemField(LocalizedBlockField):
    """A text of a few lines in two languages."""

    halves = _StemHalves


class QuestionForm(AcademyForm):
    """The form of one question. Subclasses add the fields of their type and build its content."""

    type_name: ClassVar[str]

    seen = HiddenField()
    stem = StemField(_l("Question"), required=_l("Write the text in at least one language."))
    explanation = StemField(_l("Explanation"), description=_l("Shown with the result: why the right answer is right."))
    hint = StemField(
        _l("Hint"), description=_l("Shown only in practice, after a wrong answer that may be tried again."),
    )  # fmt: skip
    competency = SelectField(_l("Competency"), default="")
    objective = SelectField(_l("Objective of the course"), default="")
    difficulty = SelectField(_l("Difficulty"), coerce=int, choices=DIFFICULTIES, default=2)
    points = NumberField(
        _l("Points"), [InputRequired(_l("Enter the points."))], least=1, most=MOST_POINTS, default=1,
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip

    def __init__(self, formdata: Any, *, own: Choices, others: Choices, objectives: Choices, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        none = [("", _l("None"))]
        grouped = {str(_l("Competencies of this course")): own, str(_l("Other competencies")): others}
        self.competency.choices = {"": none, **{label: list(rows) for label, rows in grouped.items() if rows}}
        self.objective.choices = [*none, *objectives]

    def for_bank(self) -> None:
        """Leave out what only a quiz or a course decides: the points and the objective."""
        del self.points, self.objective

    @classmethod
    def filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data that fills the form with a question's content."""
        return {
            "stem": LocalizedText.of(content.get("stem")),
            "explanation": LocalizedText.of(content.get("explanation")),
            "hint": LocalizedText.of(content.get("hint")),
            **cls._filled(content),
        }

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Return the data that a new question begins with."""
        return {}

    def written(self) -> Written:
        """Return what was typed, without empty rows."""
        return Written(
            type=self.type_name,
            content=self.content(),
            competency_key=self.competency.data or None,
            objective=(self.objective.data or None) if "objective" in self else None,
            difficulty=self.difficulty.data,
            points=int(self.points.data or 1) if "points" in self else 1,
        )

    def content(self) -> dict[str, Any]:
        """Return the content as the type wants it."""
        further = {"explanation": self.explanation.text, "hint": self.hint.text}
        return {
            "stem": self.stem.text.as_dict(),
            **{name: text.as_dict() for name, text in further.items() if text},
            **self._content(),
        }

    def _content(self) -> dict[str, Any]:
        return {}

    def number_rows(self) -> None:
        """Give every row that needs an id one; called before the form is shown."""

    def show(self, problems: Sequence[Problem]) -> None:
        """Show what the type's check found, each problem at its field."""
        for problem in problems:
            blame(self.field_at(problem.path), problem.sentence)
        for field in self:
            if isinstance(field, FieldList):
                gather_errors(field)

    def field_at(self, path: str) -> Field:
        """Return the field that a problem's path means: "stem", "options.2.text", …"""
        name, *rest = path.split(".")
        field = self._fields.get(name, self._fields["stem"])
        if isinstance(field, FieldList) and rest and rest[0].isdigit():
            return self._in_row(field, int(rest[0]), rest[1:])
        return field

    def _in_row(self, rows: FieldList, place: int, rest: Sequence[str]) -> Field:
        kept = self.kept(rows)
        if place >= len(kept):
            return rows
        form = kept[place].form
        return form[rest[0]] if rest and rest[0] in form._fields and rest[0] != "id" else form["text"]

    def kept(self, rows: FieldList) -> list[Any]:
        """Return the rows that hold some text: those that the content has, in its order."""
        return [entry for entry in rows.entries if any(entry.form[name].text for name in self.texts_in(entry))]

    def texts_in(self, entry: Any) -> list[str]:
        """Return the names of the localized texts of a row."""
        return [field.short_name for field in entry.form if isinstance(field, LocalizedLineField | LocalizedBlockField)]
