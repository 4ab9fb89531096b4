"""The form of statements on a scale."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import EntryField, IdField, fresh_id
from academy.base.i18n import _l, in_language

AGREEMENT = (
    _l("Strongly disagree"),
    _l("Disagree"),
    _l("Neither agree nor disagree"),
    _l("Agree"),
    _l("Strongly agree"),
)


class StatementRow(Form):
    """One statement."""

    id = IdField()
    text = EntryField(_l("Statement"))


class StepRow(Form):
    """One step of the scale."""

    id = IdField()
    text = EntryField(_l("Step of the scale"))


class MatrixForm(QuestionForm):
    """Statements, and the steps of the scale from one end to the other."""

    type_name = "matrix"
    statements = FieldList(FormField(StatementRow, _l("Statement")), _l("Statements"))
    scale = FieldList(FormField(StepRow, _l("Step of the scale")), _l("Steps of the scale"))
    needed = BooleanField(_l("Remind learners of statements they leave out"))

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "statements": [{"id": each["id"], "text": each["text"]} for each in content.get("statements") or ()],
            "scale": [{"id": each["id"], "text": each["text"]} for each in content.get("scale") or ()],
            "needed": bool(content.get("needed")),
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with three empty statements and the usual five steps of agreement."""
        steps: list[dict[str, str]] = [{} for _step in AGREEMENT]
        for language in ("ar", "en"):
            with in_language(language):
                for step, label in zip(steps, AGREEMENT, strict=True):
                    step[language] = str(label)
        return {"statements": [{}, {}, {}], "scale": [{"text": step} for step in steps], "needed": False}

    def _content(self) -> dict[str, Any]:
        return {
            "statements": _entries(self, "statements", "s"),
            "scale": _entries(self, "scale", "k"),
            **({"needed": True} if self.needed.data else {}),
        }


def _entries(form: MatrixForm, name: str, letter: str) -> list[dict[str, Any]]:
    used = [entry.form.id.data for entry in form[name]]
    found = []
    for entry in form.kept(form[name]):
        key = entry.form.id.data or fresh_id(letter, used)
        used.append(key)
        found.append({"id": key, "text": entry.form.text.text.as_dict()})
    return found
