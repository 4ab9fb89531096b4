"""Forms of the questions whose answer is chosen: one option, several options, true or false."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import EntryField, IdField, fresh_id
from academy.base.i18n import _l

BLANK_ROWS = 4
SCORINGS = [
    ("all_or_nothing", _l("All or nothing: every right choice and no wrong one")),
    ("partial", _l("Partly: each right choice counts, each wrong one takes away")),
    ("each", _l("Each choice by itself: ticked rightly or left empty rightly")),
    ("capped", _l("Right choices count, wrong ones cost nothing, but no more ticks than there are right choices")),
]


class OptionRow(Form):
    """One choice, with what to say to those who choose it."""

    id = IdField()
    text = EntryField(_l("Choice"))
    feedback = EntryField(_l("Feedback"))


class MarksField(Field):
    """The ids of the rows marked as right; drawn by the template, one mark in each row."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the marks as they come."""
        self.data = [str(value) for value in valuelist]


class ChoiceForm(QuestionForm):
    """Options with their marks."""

    options = FieldList(FormField(OptionRow, _l("Choice")), _l("Choices"))
    right = MarksField(_l("Right"), default=())
    shuffle = BooleanField(_l("Show the choices in a different order in each attempt"), default=True)

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        options = content.get("options") or []
        return {
            "options": [{"id": each["id"], "text": each["text"], "feedback": each.get("feedback")} for each in options],
            "right": [each["id"] for each in options if each.get("correct")],
            "shuffle": content.get("shuffle", True),
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with four empty choices."""
        return {"options": [{"id": f"o{number}"} for number in range(1, BLANK_ROWS + 1)], "right": ()}

    def number_rows(self) -> None:
        """Give new choices their id, so that they can be marked."""
        for entry in self.options:
            if not entry.form.id.data:
                entry.form.id.data = fresh_id("o", [other.form.id.data for other in self.options])

    def _content(self) -> dict[str, Any]:
        self.number_rows()
        return {
            "options": [self._option(entry.form) for entry in self.kept(self.options)],
            **({} if self.shuffle.data else {"shuffle": False}),
        }

    def _option(self, row: Form) -> dict[str, Any]:
        option: dict[str, Any] = {"id": row["id"].data, "text": row["text"].text.as_dict()}
        if row["id"].data in self.right.data:
            option["correct"] = True
        if row["feedback"].text:
            option["feedback"] = row["feedback"].text.as_dict()
        return option


class SingleForm(ChoiceForm):
    """Exactly one option is right."""

    type_name = "single"


class MultipleForm(ChoiceForm):
    """Any number of options may be right."""

    type_name = "multiple"
    scoring = SelectField(_l("Scoring"), choices=SCORINGS, default="all_or_nothing")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._filled(content), "scoring": content.get("scoring") or "all_or_nothing"}

    def _content(self) -> dict[str, Any]:
        return {**super()._content(), "scoring": self.scoring.data}


class TrueFalseForm(QuestionForm):
    """One statement to judge."""

    type_name = "true_false"
    answer = RadioField(
        _l("The statement is"), choices=[("true", _l("True")), ("false", _l("False"))], validate_choice=False
    )

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"answer": str(content.get("answer")).lower()}

    def _content(self) -> dict[str, Any]:
        return {"answer": {"true": True, "false": False}.get(self.answer.data or "")}
