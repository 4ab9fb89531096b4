"""The form of an imported QTI item: what it measures and what it is worth; the item itself stays as it came."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm


class KeptField(Field):
    """Content that no browser may change: what it was filled with is what it gives back, whatever is sent."""

    def process(self, formdata: Any, data: Any = None, **kwargs: Any) -> None:
        """Take the present content, never the form's."""
        super().process(None, data, **kwargs)


class QtiForm(QuestionForm):
    """Competency, objective, difficulty and points of an item."""

    type_name = "qti"
    stem = None  # type: ignore[assignment]
    explanation = None  # type: ignore[assignment]
    hint = None  # type: ignore[assignment]
    kept = KeptField()

    @classmethod
    def filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data that fills the form."""
        return {"kept": dict(content)}

    def content(self) -> dict[str, Any]:
        """Return the content as it was."""
        return dict(self.kept.data or {})

    def field_at(self, path: str) -> Field:
        """Return the field for a problem: nothing of the item can be mended here, so it stands at the points."""
        return self.points
