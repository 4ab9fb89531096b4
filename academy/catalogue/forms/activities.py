"""Forms about activities: adding one, and one editor for each builtin kind."""

from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.web.forms import AcademyForm, LineField, LocalizedBlockField, LocalizedLineField, NumberField, UploadField

TITLE_NEEDED = _l("Enter a title in Arabic or English.")


class _ActivityForm(AcademyForm):
    """What every activity has."""

    revision = HiddenField()
    title = LocalizedLineField(_l("Title"), required=TITLE_NEEDED)
    minutes = NumberField(_l("Minutes it takes"), [InputRequired(_l("Enter a number."))], least=0, most=10_000)
    required = BooleanField(_l("Needed to complete the course"))


class NewActivityForm(_ActivityForm):
    """What is asked before an activity exists."""

    kind = RadioField(_l("Kind of activity"), default="lesson")

    def offer(self) -> "NewActivityForm":
        """Fill in the registered kinds."""
        self.kind.choices = [(kind.name, kind.label) for kind in kinds.KINDS.values()]
        return self


class PlainForm(_ActivityForm):
    """The frame of an activity whose content another slice edits."""

    def content(self, before: dict[str, Any]) -> dict[str, Any] | None:
        """Leave the content alone."""
        return None


class LessonForm(_ActivityForm):
    """A lesson: Markdown in both languages, and its key points."""

    body = LocalizedBlockField(_l("Text of the lesson"))
    key_points = FieldList(LocalizedLineField(_l("Key point")), _l("Key points"))
    image = UploadField(_l("Picture"))
    image_alt = LineField(_l("What the picture shows, for those who cannot see it"))
    image_language = SelectField(
        _l("Put it into"), choices=[("ar", _l("the Arabic text")), ("en", _l("the English text"))]
    )

    def content(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return the lesson's content as it was typed."""
        points = [entry.text.as_dict() for entry in self.key_points if entry.text]
        return {**before, "body": self.body.text.as_dict(), "key_points": points}


class CategoryForm(Form):
    """A box that things are sorted into."""

    id = HiddenField()
    text = LocalizedLineField(_l("Category"))


class ItemForm(Form):
    """A thing to be sorted, and where it belongs."""

    id = HiddenField()
    text = LocalizedLineField(_l("Item"))
    answer = SelectField(_l("Belongs to"), validate_choice=False)


class ClassifyForm(_ActivityForm):
    """A sorting exercise."""

    prompt = LocalizedLineField(_l("Instruction"))
    categories = FieldList(FormField(CategoryForm, _l("Category")), _l("Categories"))
    items = FieldList(FormField(ItemForm, _l("Item")), _l("Items"))

    def number(self) -> "ClassifyForm":
        """Give new rows their ids and offer the categories to every item."""
        _number(self.categories, "c")
        _number(self.items, "i")
        choices = [("", _l("Choose a category"))]
        for place, entry in enumerate(self.categories, start=1):
            typed = entry.form.text.text
            choices.append((entry.form.id.data, typed.ar or typed.en or str(place)))
        for entry in self.items:
            entry.form.answer.choices = choices
        return self

    def content(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return the exercise as it was typed, without empty rows."""
        categories = [entry.form for entry in self.categories if entry.form.text.text]
        items = [entry.form for entry in self.items if entry.form.text.text]
        return {
            "prompt": self.prompt.text.as_dict(),
            "categories": [{"id": row.id.data, "text": row.text.text.as_dict()} for row in categories],
            "items": [
                {"id": row.id.data, "text": row.text.text.as_dict(), "answer": row.answer.data or ""} for row in items
            ],
        }


def _number(rows: FieldList, letter: str) -> None:
    used = {entry.form.id.data for entry in rows if entry.form.id.data}
    number = 0
    for entry in rows:
        while not entry.form.id.data:
            number += 1
            if f"{letter}{number}" not in used:
                entry.form.id.data = f"{letter}{number}"
                used.add(entry.form.id.data)


class FileForm(_ActivityForm):
    """A file to read, watch or take along."""

    note = LocalizedBlockField(_l("What to look for in it"))
    file = UploadField(_l("File"))

    def content(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return the note as typed; the file itself is kept by the view."""
        return {**before, "note": self.note.text.as_dict()}


EDITORS: dict[str, type[PlainForm | LessonForm | ClassifyForm | FileForm]] = {
    "lesson": LessonForm,
    "classify": ClassifyForm,
    "file": FileForm,
}


def editor_for(title: LocalizedText, row: Any) -> PlainForm | LessonForm | ClassifyForm | FileForm:
    """Return the editor's form of an activity, filled with what is kept."""
    kept = {
        name: value
        for name, value in row.content.items()
        if name in ("body", "key_points", "prompt", "categories", "items", "note")
    }
    data = {**kept, "title": title, "minutes": row.minutes, "required": row.required, "revision": row.revision}
    form = EDITORS.get(row.kind, PlainForm)(data=data)
    return form.number() if isinstance(form, ClassifyForm) else form
