"""Forms of the questions that a person marks: what may be handed in, the rubric, the notes for markers."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import FieldList, Form, FormField, SelectMultipleField
from wtforms.fields.core import Field
from wtforms.widgets import CheckboxInput, ListWidget

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import EntryField, IdField, fresh_id, gather_errors
from academy.assessment.types import Problem
from academy.assessment.types.rubrics import MOST_LEVELS, MOST_RUBRIC_POINTS, NOTES_LENGTH
from academy.assessment.types.written import FILE_KINDS, KIND_LABELS, LARGEST_FILE, MOST_FILES, MOST_WORDS
from academy.base.i18n import _l
from academy.web.forms import BlockField, LocalizedBlockField, NumberField

SHOWN_LEVELS = 4
NUMERIC = {"inputmode": "numeric"}


class _NotesHalves(Form):
    ar = BlockField(_l("Arabic"), limit=NOTES_LENGTH, render_kw={"lang": "ar", "dir": "rtl", "rows": 4})
    en = BlockField(_l("English"), limit=NOTES_LENGTH, render_kw={"lang": "en", "dir": "ltr", "rows": 4})


class NotesField(LocalizedBlockField):
    """What only markers read, in two languages."""

    halves = _NotesHalves


class LevelRow(Form):
    """One level of a criterion and its points."""

    id = IdField()
    text = EntryField(_l("Level of a criterion"))
    points = NumberField(_l("Points"), least=0, most=MOST_RUBRIC_POINTS, render_kw=NUMERIC)


class CriterionRow(Form):
    """One criterion: its levels, or its points alone."""

    id = IdField()
    text = EntryField(_l("Criterion"))
    points = NumberField(
        _l("Most points"), least=1, most=MOST_RUBRIC_POINTS, render_kw=NUMERIC,
        description=_l("Only without levels: the marker then gives points up to this number."),
    )  # fmt: skip
    levels = FieldList(FormField(LevelRow, _l("Level of a criterion")), _l("Levels"))


class MarkedForm(QuestionForm):
    """Rubric and notes."""

    rubric = FieldList(FormField(CriterionRow, _l("Criterion")), _l("Rubric"))
    notes = NotesField(
        _l("Notes for markers"), description=_l("A sample answer, what to look for. Learners never see them.")
    )

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"rubric": [dict(each) for each in content.get("rubric") or ()], "notes": content.get("notes")}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with one empty criterion."""
        return {"rubric": [{}]}

    def number_rows(self) -> None:
        """Leave room for one more level in each criterion."""
        for entry in self.rubric:
            levels = entry.form.levels
            wanted = min(MOST_LEVELS, max(SHOWN_LEVELS, len(self.kept(levels)) + 1))
            while len(levels) < wanted:
                levels.append_entry({})

    def _content(self) -> dict[str, Any]:
        used = [entry.form.id.data for entry in self.rubric]
        criteria = []
        for entry in self.kept(self.rubric):
            key = entry.form.id.data or fresh_id("c", used)
            used.append(key)
            criteria.append({"id": key, "text": entry.form.text.text.as_dict(), **self._worth(entry.form)})
        notes = self.notes.text
        return {"rubric": criteria, **({"notes": notes.as_dict()} if notes else {})}

    def _worth(self, row: Form) -> dict[str, Any]:
        kept = self.kept(row["levels"])
        if not kept:
            return {"points": row["points"].data}
        used, levels = [entry.form.id.data for entry in kept], []
        for entry in kept:
            key = entry.form.id.data or fresh_id("l", used)
            used.append(key)
            levels.append({"id": key, "text": entry.form.text.text.as_dict(), "points": entry.form.points.data})
        return {"levels": levels}

    def field_at(self, path: str) -> Field:
        """Return the field of a criterion or of one of its levels: "rubric.0.levels.2.points"."""
        name, *rest = path.split(".")
        if name != "rubric" or len(rest) < 3 or rest[1] != "levels":
            return super().field_at(path)
        levels = self.kept(self.kept(self.rubric)[int(rest[0])].form.levels)
        form = levels[int(rest[2])].form
        return form[rest[3]] if len(rest) > 3 and rest[3] in ("text", "points") else form["text"]

    def show(self, problems: Sequence[Problem]) -> None:
        """Show what the type's check found, in the rows of rows too."""
        super().show(problems)
        for entry in self.rubric:
            gather_errors(entry.form.levels)
        gather_errors(self.rubric)


class EssayForm(MarkedForm):
    """A text, within limits or without."""

    type_name = "essay"
    least_words = NumberField(
        _l("Least words"), least=1, most=MOST_WORDS, render_kw=NUMERIC, description=_l("Empty means without limit.")
    )
    most_words = NumberField(
        _l("Most words"), least=1, most=MOST_WORDS, render_kw=NUMERIC,
        description=_l("A longer answer is kept; learner and marker are told."),
    )  # fmt: skip

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        limits = {name: content.get(name) for name in ("least_words", "most_words")}
        return {**super()._filled(content), **limits}

    def _content(self) -> dict[str, Any]:
        typed = {"least_words": self.least_words.data, "most_words": self.most_words.data}
        return {**super()._content(), **{name: int(value) for name, value in typed.items() if value}}


class FileForm(MarkedForm):
    """Uploads: of which kinds, how many, how large."""

    type_name = "file"
    kinds = SelectMultipleField(
        _l("Kinds of file"), choices=list(KIND_LABELS.items()), default=["pdf"],
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    most = NumberField(_l("Most files"), least=1, most=MOST_FILES, default=1, render_kw=NUMERIC)
    megabytes = NumberField(_l("Most megabytes of one file"), least=1, most=LARGEST_FILE, default=10, render_kw=NUMERIC)

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {**super()._filled(content), **{name: content.get(name) for name in ("kinds", "most", "megabytes")}}

    def _content(self) -> dict[str, Any]:
        chosen = [name for name in FILE_KINDS if name in (self.kinds.data or [])]
        counts = {"most": _whole(self.most.data), "megabytes": _whole(self.megabytes.data)}
        return {**super()._content(), "kinds": chosen, **counts}


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
