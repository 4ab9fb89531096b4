"""The form of sorting into categories: the categories, each with the items that belong to it."""

from collections.abc import Mapping
from typing import Any

from wtforms import FieldList, Form, FormField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import EntryField, IdField, fresh_id
from academy.base.i18n import _l

SCORINGS = [
    ("partial", _l("Partly: each item in its right category counts")),
    ("all_or_nothing", _l("All or nothing: every item must be in its right category")),
]


class CategoryRow(Form):
    """One category."""

    id = IdField()
    text = EntryField(_l("Category"))


class SortedRow(Form):
    """An item and the category it belongs to, named by its id."""

    id = IdField()
    text = EntryField(_l("Item"))
    category = SelectField(_l("Category"), validate_choice=False, default="")


class CategoriesForm(QuestionForm):
    """Categories, and items with the category each belongs to."""

    type_name = "categories"
    categories = FieldList(FormField(CategoryRow, _l("Category")), _l("Categories"))
    items = FieldList(FormField(SortedRow, _l("Item")), _l("Items"))
    scoring = SelectField(_l("Scoring"), choices=SCORINGS, default="partial")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        answer = content.get("answer") or {}
        return {
            "categories": [{"id": each["id"], "text": each["text"]} for each in content.get("categories") or []],
            "items": [
                {"id": each["id"], "text": each["text"], "category": answer.get(each["id"], "")}
                for each in content.get("items") or []
            ],
            "scoring": content.get("scoring") or "partial",
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with two empty categories and three empty items."""
        return {"categories": [{"id": "c1"}, {"id": "c2"}], "items": [{}, {}, {}]}

    def number_rows(self) -> None:
        """Give new categories their id and offer every category to every item, by its text or its place."""
        used = [entry.form.id.data for entry in self.categories]
        for entry in self.categories:
            if not entry.form.id.data:
                entry.form.id.data = fresh_id("c", used)
                used.append(entry.form.id.data)
        names = [
            (entry.form.id.data, self._name(entry.form, place)) for place, entry in enumerate(self.categories, start=1)
        ]
        for entry in self["items"]:
            entry.form.category.choices = [("", _l("Choose…")), *names]

    def _name(self, row: Any, place: int) -> Any:
        text = row.text.text
        shown = text.ar or text.en
        return f"{place}. {shown}" if shown else _l("Category %(number)s", number=place)

    def _content(self) -> dict[str, Any]:
        self.number_rows()
        categories = [
            {"id": entry.form.id.data, "text": entry.form.text.text.as_dict()} for entry in self.kept(self.categories)
        ]
        used = [entry.form.id.data for entry in self["items"]]
        items, answer = [], {}
        for entry in self.kept(self["items"]):
            key = entry.form.id.data or fresh_id("i", used)
            used.append(key)
            items.append({"id": key, "text": entry.form.text.text.as_dict()})
            answer[key] = entry.form.category.data or ""
        return {"items": items, "categories": categories, "answer": answer, "scoring": self.scoring.data}

    def field_at(self, path: str) -> Field:
        """Return the field of a problem; without a category the item that lacks one is blamed."""
        if path == "answer":
            known = {entry.form.id.data for entry in self.kept(self.categories)}
            lacking = [e for e in self.kept(self["items"]) if e.form.category.data not in known]
            return lacking[0].form.category if lacking else self["items"]
        return super().field_at(path)
