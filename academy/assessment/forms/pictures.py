"""Forms of the questions on a picture: areas to mark, spots to put labels on."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import IdField, fresh_id
from academy.assessment.types.hotspot import MOST_MARKS
from academy.assessment.types.pictures import ALT_LENGTH, percent, read_numbers
from academy.base.errors import Refusal
from academy.base.i18n import _l
from academy.web.forms import LineField, LocalizedLineField, NumberField, UploadField

LONGEST_PLACE = 600
SHAPES = [("rectangle", _l("Rectangle")), ("circle", _l("Circle")), ("polygon", _l("Outline with corners"))]
SCORINGS_OF_MARKS = [
    ("partial", _l("Partly: right marks count, wrong marks take away")),
    ("all_or_nothing", _l("All or nothing: every right place and no wrong one")),
]
SCORINGS_OF_SPOTS = [
    ("partial", _l("Partly: each label on its right spot counts")),
    ("all_or_nothing", _l("All or nothing: every label must be on its right spot")),
]
PLACE_KW = {"dir": "ltr", "inputmode": "text", "autocomplete": "off", "data-place": ""}


class _AltHalves(Form):
    ar = LineField(_l("Arabic"), limit=ALT_LENGTH, render_kw={"lang": "ar", "dir": "rtl"})
    en = LineField(_l("English"), limit=ALT_LENGTH, render_kw={"lang": "en", "dir": "ltr"})


class AltField(LocalizedLineField):
    """What a picture shows, in words, in two languages; the type of the question says when they are missing."""

    needed = True
    halves = _AltHalves


class PictureForm(QuestionForm):
    """A question on a picture; `use` tells the form which kept file its picture is, `replaceable` whether another may be sent."""

    image_key = IdField()
    image_size = HiddenField()
    picture = UploadField(_l("Picture"), render_kw={"accept": "image/png,image/jpeg,image/webp"})
    alt = AltField(
        _l("What the picture shows"),
        description=_l("For those who hear it instead of seeing it; without giving the answer away."),
    )
    refusal: Refusal | None = None
    replaceable = True

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the picture in pixels; 0 without one."""
        numbers = [part for part in str(self.image_size.data or "").split("x") if part.isascii() and part.isdigit()]
        return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 and self.image_key.data else (0, 0)

    def use(self, key: str, size: tuple[int, int]) -> None:
        """Take a kept picture as the one of the question; none with an empty key."""
        self.image_key.data = key
        self.image_size.data = "x".join(map(str, size)) if key else ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; a picture that was refused stays refused."""
        sound = super().validate(extra_validators)
        self.number_rows()
        return bool(sound) and self.refusal is None

    def kept(self, rows: FieldList) -> list[Any]:
        """Return the rows that hold a name or a place."""
        return [entry for entry in rows if entry.form["text"].text or ("at" in entry.form and entry.form["at"].data)]

    def number_rows(self) -> None:
        """Say why a picture was refused."""
        if self.refusal is not None:
            self.picture.errors = [self.refusal.for_reader()]

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        image = content.get("image") or {}
        size = f"{image['width']}x{image['height']}" if image else ""
        return {"image_key": image.get("key", ""), "image_size": size, "alt": image.get("alt")}

    def _content(self) -> dict[str, Any]:
        width, height = self.size
        alt = self.alt.text.as_dict()
        return {"image": {"key": self.image_key.data or "", "width": width, "height": height, "alt": alt}}

    def field_at(self, path: str) -> Field:
        """Return the field of a path: the picture, or the half of its description."""
        name, *rest = path.split(".")
        if name == "image":
            return self.picture
        if name == "alt" and rest:
            return self.alt.form[rest[0]]
        return super().field_at(path)


class _LabelHalves(Form):
    ar = LineField(_l("Arabic"), render_kw={"lang": "ar", "dir": "rtl"})
    en = LineField(_l("English"), render_kw={"lang": "en", "dir": "ltr"})


class LabelField(LocalizedLineField):
    """A short name in two languages."""

    halves = _LabelHalves


class RegionRow(Form):
    """An area: its name, its shape, where it lies, whether it is right."""

    id = IdField()
    text = LabelField(_l("Name of the area"))
    shape = SelectField(_l("Shape"), choices=SHAPES, default="rectangle")
    at = LineField(_l("Where it lies (percent)"), limit=LONGEST_PLACE, render_kw=PLACE_KW)
    correct = BooleanField(_l("This area is right"))


class HotspotForm(PictureForm):
    """Areas on a picture, right and wrong ones."""

    type_name = "hotspot"
    regions = FieldList(FormField(RegionRow, _l("Area")), _l("Areas"))
    named = BooleanField(_l("Learners may choose from the list of names instead of pointing"), default=True)
    most = NumberField(
        _l("Marks that may be made"), least=1, most=MOST_MARKS, render_kw={"inputmode": "numeric"},
        description=_l("Empty means as many as there are right areas."),
    )  # fmt: skip
    scoring = SelectField(_l("Scoring"), choices=SCORINGS_OF_MARKS, default="partial")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        regions = [
            {name: each.get(name) for name in ("id", "text", "shape", "correct")} | {"at": _written(each["at"])}
            for each in content.get("regions") or ()
        ]
        return {
            **super()._filled(content),
            "regions": regions,
            "named": content.get("named", True),
            "most": content.get("most"),
            "scoring": content.get("scoring") or "partial",
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with a right area and two wrong ones."""
        return {"regions": [{"correct": True}, {}, {}]}

    def _content(self) -> dict[str, Any]:
        used = [entry.form.id.data for entry in self.regions]
        regions = []
        for entry in self.kept(self.regions):
            row = entry.form
            key = row.id.data or fresh_id("r", used)
            used.append(key)
            right = {"correct": True} if row.correct.data else {}
            at = _numbers(row["at"])
            regions.append({"id": key, "text": row.text.text.as_dict(), "shape": row.shape.data, "at": at, **right})
        return {
            **super()._content(),
            "regions": regions,
            **({} if self.named.data else {"named": False}),
            **({"most": int(self.most.data)} if self.most.data else {}),
            "scoring": self.scoring.data,
        }


class SpotRow(Form):
    """A spot and the label that belongs on it."""

    id = IdField()
    label_id = IdField()
    text = LabelField(_l("Label"))
    at = LineField(_l("Where it is (percent)"), limit=LONGEST_PLACE, render_kw=PLACE_KW)


class LabelRow(Form):
    """A label that belongs on no spot."""

    id = IdField()
    text = LabelField(_l("Label"))


class DragOnImageForm(PictureForm):
    """Spots with their labels, and labels that belong nowhere."""

    type_name = "drag_on_image"
    spots = FieldList(FormField(SpotRow, _l("Spot")), _l("Spots"))
    extras = FieldList(FormField(LabelRow, _l("Label")), _l("Labels that belong nowhere"))
    scoring = SelectField(_l("Scoring"), choices=SCORINGS_OF_SPOTS, default="partial")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        labels, answer = content.get("labels") or (), content.get("answer") or {}
        texts = {each["id"]: each["text"] for each in labels}
        spots = [
            {"id": each["id"], "label_id": key, "text": texts.get(key), "at": _written(each["at"])}
            for each in content.get("spots") or ()
            for key in [answer.get(each["id"], "")]
        ]
        extras = [{"id": key, "text": text} for key, text in texts.items() if key not in answer.values()]
        scoring = content.get("scoring") or "partial"
        return {**super()._filled(content), "spots": spots, "extras": extras, "scoring": scoring}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with three spots."""
        return {"spots": [{}, {}, {}]}

    def _content(self) -> dict[str, Any]:
        rows, extras = [e.form for e in self.kept(self.spots)], [e.form for e in self.kept(self.extras)]
        used_spots = [row.id.data for row in rows]
        used_labels = [row.label_id.data for row in rows] + [row.id.data for row in extras]
        spots, labels, answer = [], [], {}
        for row in rows:
            spot = _fresh(row.id, "s", used_spots)
            label = _fresh(row.label_id, "l", used_labels)
            spots.append({"id": spot, "at": _numbers(row["at"])})
            labels.append({"id": label, "text": row.text.text.as_dict()})
            answer[spot] = label
        labels += [{"id": _fresh(row.id, "l", used_labels), "text": row.text.text.as_dict()} for row in extras]
        return {
            **super()._content(),
            "spots": spots,
            "labels": labels,
            "answer": answer,
            "scoring": self.scoring.data,
        }

    def field_at(self, path: str) -> Field:
        """Return the field of a path; labels are counted over both lists."""
        name, *rest = path.split(".")
        if name != "labels":
            return self.spots if path == "answer" else super().field_at(path)
        if not rest or not rest[0].isdigit():
            return self.spots
        rows = [*self.kept(self.spots), *self.kept(self.extras)]
        return rows[int(rest[0])].form.text if int(rest[0]) < len(rows) else self.spots


def _fresh(field: IdField, letter: str, used: list[str | None]) -> str:
    """Return the id of a row, a new one when it has none."""
    key = field.data or fresh_id(letter, used)
    used.append(key)
    return str(key)


def _numbers(field: LineField) -> list[int]:
    """Return the percentages typed, in tenths; an empty list when they cannot be read."""
    return read_numbers(field.data or "") or []


def _written(at: list[int]) -> str:
    return " ".join(percent(each) for each in at)
