"""Forms of the questions that are lists: items to put in order, sides to match."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import FieldList, Form, FormField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import EntryField, IdField, fresh_id
from academy.base.i18n import _l

ORDER_SCORINGS = [
    ("all_or_nothing", _l("All or nothing: the whole order must be right")),
    ("partial", _l("Partly: each item at its right place counts")),
]
PAIR_SCORINGS = [
    ("partial", _l("Partly: each right pair counts")),
    ("all_or_nothing", _l("All or nothing: every pair must be right")),
]


class ItemRow(Form):
    """One item."""

    id = IdField()
    text = EntryField(_l("Item"))


class PairRow(Form):
    """A left side and the right side that belongs to it."""

    left_id = IdField()
    right_id = IdField()
    left = EntryField(_l("Left side"))
    right = EntryField(_l("Right side"))


class OrderingForm(QuestionForm):
    """Items, written in their right order."""

    type_name = "ordering"
    items = FieldList(FormField(ItemRow, _l("Item")), _l("Items in their right order"))
    scoring = SelectField(_l("Scoring"), choices=ORDER_SCORINGS, default="all_or_nothing")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        by_id = {item["id"]: item for item in content.get("items") or []}
        order = [key for key in content.get("answer") or by_id if key in by_id]
        return {
            "items": [{"id": key, "text": by_id[key]["text"]} for key in order],
            "scoring": content.get("scoring") or "all_or_nothing",
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with three empty items."""
        return {"items": [{}, {}, {}]}

    def _content(self) -> dict[str, Any]:
        items = _entries_of(self)
        return {"items": items, "answer": [item["id"] for item in items], "scoring": self.scoring.data}


class RankingForm(QuestionForm):
    """Items to rank, in any order."""

    type_name = "ranking"
    items = FieldList(FormField(ItemRow, _l("Item")), _l("Items to rank"))

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"items": [{"id": each["id"], "text": each["text"]} for each in content.get("items") or ()]}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with three empty items."""
        return {"items": [{}, {}, {}]}

    def _content(self) -> dict[str, Any]:
        return {"items": _entries_of(self)}


class MatchingForm(QuestionForm):
    """Pairs, and right sides that belong to nothing."""

    type_name = "matching"
    pairs = FieldList(FormField(PairRow, _l("Pair")), _l("Pairs"))
    extras = FieldList(FormField(ItemRow, _l("Right side")), _l("Right sides without a partner"))
    scoring = SelectField(_l("Scoring"), choices=PAIR_SCORINGS, default="partial")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        right = {each["id"]: each for each in content.get("right") or []}
        answer = content.get("answer") or {}
        pairs = [
            {
                "left_id": each["id"],
                "left": each["text"],
                "right_id": partner,
                "right": right.get(partner, {}).get("text"),
            }
            for each in content.get("left") or []
            for partner in [answer.get(each["id"], "")]
        ]
        extras = [each for key, each in right.items() if key not in answer.values()]
        return {"pairs": pairs, "extras": extras, "scoring": content.get("scoring") or "partial"}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with three empty pairs."""
        return {"pairs": [{}, {}, {}]}

    def _content(self) -> dict[str, Any]:
        """Build both columns; the same right side written twice is one side that serves both."""
        pairs = [entry.form for entry in self.kept(self.pairs)]
        left_ids = _ids("l", [row.left_id.data for row in pairs])
        rights, answer = _Sides([row.right_id.data for row in pairs]), {}
        for left_id, row in zip(left_ids, pairs, strict=True):
            answer[left_id] = rights.add(row.right_id.data, row.right.text.as_dict())
        for entry in self.kept(self.extras):
            rights.add(entry.form.id.data, entry.form.text.text.as_dict(), alone=True)
        left = [{"id": key, "text": row.left.text.as_dict()} for key, row in zip(left_ids, pairs, strict=True)]
        return {"left": left, "right": rights.rows, "answer": answer, "scoring": self.scoring.data}

    def field_at(self, path: str) -> Field:
        """Return the field of a side: paths count the sides of a column, the form has pairs and extras."""
        side, *rest = path.split(".")
        if side not in ("left", "right") or not rest or not rest[0].isdigit():
            return self.pairs if side in ("left", "right", "answer") else super().field_at(path)
        pairs = self.kept(self.pairs)
        if side == "left":
            return pairs[int(rest[0])].form.left
        return self._right_at(int(rest[0]))

    def _right_at(self, place: int) -> Field:
        sides = self._content()["right"]
        for entry in self.kept(self.pairs):
            if entry.form.right.text.as_dict() == sides[place]["text"]:
                return entry.form.right
        extras = self.kept(self.extras)
        return extras[place - len(sides)].form.text if extras else self.pairs


def _entries_of(form: OrderingForm | RankingForm) -> list[dict[str, Any]]:
    """Return the items that are kept, new ones with an id of their own."""
    used = [entry.form.id.data for entry in form.items]
    items = []
    for entry in form.kept(form.items):
        key = entry.form.id.data or fresh_id("i", used)
        used.append(key)
        items.append({"id": key, "text": entry.form.text.text.as_dict()})
    return items


class _Sides:
    """The right column as it grows: every different text once, with an id of its own."""

    def __init__(self, known: Sequence[str | None]) -> None:
        self.rows: list[dict[str, Any]] = []
        self.known = {key for key in known if key}

    def add(self, key: str | None, text: dict[str, str], *, alone: bool = False) -> str:
        """Add a side, unless it stands there already (one that stands alone is always added); return its id."""
        same = next((row for row in self.rows if row["text"] == text and any(text.values())), None)
        if same is not None and not alone:
            return str(same["id"])
        taken = {row["id"] for row in self.rows}
        if not key or key in taken:
            key = fresh_id("r", taken | self.known)
        self.rows.append({"id": key, "text": text})
        return key


def _ids(letter: str, given: Sequence[str | None]) -> list[str]:
    """Keep the ids that rows have; give the others, and repeated ones, new ids."""
    found: list[str] = []
    for key in given:
        found.append(key if key and key not in found else fresh_id(letter, [*found, *given]))
    return found
