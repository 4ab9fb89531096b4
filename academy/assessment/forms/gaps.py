"""The form of a text with gaps: the text, a row for each gap, the bank of words."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm, StemField
from academy.assessment.forms.rows import EntryField, IdField, fresh_id, lines_of
from academy.assessment.types.accepting import forgiving
from academy.assessment.types.gap_fill import MOST_GAPS
from academy.assessment.types.passage import gaps_in
from academy.base.i18n import _l
from academy.base.text import LocalizedText

SCORINGS = [
    ("partial", _l("Partly: each gap filled rightly counts")),
    ("all_or_nothing", _l("All or nothing: every gap must be right")),
]
NOTHING = "—"  # stands in a line for a text that a language lacks, so that the lines still belong together
KINDS = [
    ("typed", _l("to type")),
    ("choice", _l("to choose from a list of its own")),
    ("drag", _l("to fill with a word from the bank")),
]


class GapRow(Form):
    """One gap: how it is filled, what is right in it, and the wrong choices of its list."""

    keys = IdField()
    number = SelectField(_l("Gap"), validate_choice=False)
    kind = SelectField(_l("How it is filled"), choices=KINDS, default="typed")
    right = EntryField(
        _l("Right"),
        description=_l("To type: every accepted answer, one a line. Otherwise the one right choice or word."),
    )
    wrong = EntryField(
        _l("Wrong choices"),
        description=_l(
            "For a list of its own: one a line, the lines of both languages belonging together; — where one has no text."
        ),
    )


class GapFillForm(QuestionForm):
    """A text with markers like [[1]] and a row for each."""

    type_name = "gap_fill"
    text = StemField(_l("Text with gaps"), required=_l("Write the text in at least one language."))
    gaps = FieldList(FormField(GapRow, _l("Row")), _l("Gaps"))
    word_keys = IdField()
    words = EntryField(
        _l("More words in the bank"),
        description=_l(
            "Words that belong into no gap: one a line, the lines of both languages belonging together; — where one has no text."
        ),
    )
    reuse = BooleanField(_l("A word may be used in several gaps"))
    typos = BooleanField(
        _l("Forgive one slip of spelling in words of five letters or more; the result shows the right spelling"),
        default=True,
    )
    scoring = SelectField(_l("Scoring"), choices=SCORINGS, default="partial")

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        words = {word["id"]: word["text"] for word in content.get("words") or ()}
        gaps = content.get("gaps") or ()
        used = {gap.get("word") for gap in gaps}
        return {
            "text": LocalizedText.of(content.get("text")),
            "gaps": [_row_of(gap, words) for gap in gaps],
            "words": _as_lines([text for key, text in words.items() if key not in used]),
            "word_keys": " ".join(key for key in words if key not in used),
            "reuse": bool(content.get("reuse")),
            "typos": forgiving(content),
            "scoring": content.get("scoring") or "partial",
        }

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with one gap."""
        return {"gaps": [{"number": "1"}]}

    def number_rows(self) -> None:
        """Offer each row the numbers of the gaps, those that the text marks and those that rows have."""
        for entry in self.gaps:
            entry.form.number.data = entry.form.number.data or fresh_number(self._numbers())
        known = sorted({*self._numbers(), *self._marked()}, key=int)
        for entry in self.gaps:
            entry.form.number.choices = [(number, f"[[{number}]]") for number in known]

    def _numbers(self) -> list[str]:
        given = [str(entry.form.number.data or "") for entry in self.gaps]
        return [number for number in given if number.isascii() and number.isdigit() and len(number) < 3]

    def _marked(self) -> list[str]:
        return [number for half in ("ar", "en") for number in gaps_in(self.text.form[half].data or "")]

    def missing_rows(self) -> None:
        """Add a row for each gap that is marked in the text and has none yet."""
        for number in sorted(set(self._marked()) - set(self._numbers()), key=int):
            if len(self.gaps) < MOST_GAPS:
                self.gaps.append_entry({"number": number})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; gaps marked in the text get their rows, so that the form shows what is missing."""
        sound = super().validate(extra_validators)
        self.missing_rows()
        return bool(sound)

    def _content(self) -> dict[str, Any]:
        self.number_rows()
        bank = _Bank([entry.form["keys"].data or "" for entry in self.gaps] + _keys(self.word_keys))
        ordered = sorted((entry for entry in self.gaps if not self._left(entry)), key=_number_of)
        gaps = [_gap_of(entry.form, bank) for entry in ordered]
        for key, text in _keyed(self.word_keys, _paired(self.words)):
            bank.add(text, key)
        return {
            "text": self.text.text.as_dict(),
            "gaps": gaps,
            **({"words": bank.words} if bank.words else {}),
            **({"reuse": True} if self.reuse.data else {}),
            **({} if self.typos.data else {"typos": 0}),
            "scoring": self.scoring.data,
        }

    def _left(self, entry: Any) -> bool:
        """Say whether a row is neither filled nor named by the text."""
        return not entry.form.right.text and entry.form.number.data not in self._marked()

    def field_at(self, path: str) -> Field:
        """Return the field a path means: problems of a gap belong to the row that has its number."""
        name, *rest = path.split(".")
        if name == "text" and rest:
            return self.text.form[rest[0]]
        if name == "words":
            return self.words
        if name != "gaps" or not rest:
            return super().field_at(path)
        ordered = sorted((entry for entry in self.gaps if not self._left(entry)), key=_number_of)
        place = int(rest[0])
        return _in_row(ordered[place].form, rest[1:]) if place < len(ordered) else self.gaps


def _in_row(row: Any, rest: list[str]) -> Field:
    if rest[:1] == ["accept"]:
        return row.right.form["en" if rest[1:2] == ["en"] else "ar"]
    if rest[:1] == ["options"]:
        return row.right if rest[1:2] in ([], ["0"]) else row.wrong
    return row.kind if rest[:1] == ["kind"] else row.right


def _number_of(entry: Any) -> int:
    """Return the number of a row's gap for sorting; 0 for one that is none."""
    number = str(entry.form.number.data or "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0


def fresh_number(used: list[str]) -> str:
    """Return the lowest number that no gap has."""
    return fresh_id("", used)


class _Bank:
    """The words of the bank as rows name them: the same word written twice is one word; `known` are ids given before."""

    def __init__(self, known: list[str]) -> None:
        self.words: list[dict[str, Any]] = []
        self.known = known

    def add(self, text: Mapping[str, str], key: str = "") -> str:
        """Return the id of a word, adding it unless it is there; `key` is the id it had, if any."""
        same = next((word for word in self.words if word["text"] == text), None)
        if same is None:
            taken = [word["id"] for word in self.words]
            same = {"id": key if key and key not in taken else fresh_id("w", [*taken, *self.known]), "text": dict(text)}
            self.words.append(same)
        return str(same["id"])


def _keys(field: IdField) -> list[str]:
    return (field.data or "").split()


def _keyed(field: IdField, texts: list[dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """Return the texts with the ids they had, without ids when lines were added or taken away."""
    keys = _keys(field)
    return list(zip(keys, texts, strict=True)) if len(keys) == len(texts) else [("", text) for text in texts]


def _gap_of(row: Any, bank: _Bank) -> dict[str, Any]:
    gap: dict[str, Any] = {"id": row.number.data or "", "kind": row.kind.data}
    right = _paired(row.right)
    if gap["kind"] == "typed":
        return gap | {"accept": {half: lines_of(row.right.form[half].data) for half in ("ar", "en")}}
    first = right[0] if right else {"ar": "", "en": ""}
    if gap["kind"] == "drag":
        key = next(iter(_keys(row["keys"])), "")
        return gap | {"word": bank.add(first, key) if any(first.values()) else ""}
    options = _keyed(row["keys"], [first, *_paired(row.wrong)])
    return gap | {
        "options": [
            {"id": key or f"o{number}", "text": text, **({"correct": True} if number == 1 else {})}
            for number, (key, text) in enumerate(options, start=1)
        ]
    }


def _paired(field: EntryField) -> list[dict[str, str]]:
    """Return the lines of both languages that stand beside each other as texts."""
    halves = (_kept_lines(field.form[half].data) for half in ("ar", "en"))
    pairs = zip_longest(*halves, fillvalue="")
    return [{"ar": ar, "en": en} for ar, en in pairs if ar or en]


def _kept_lines(typed: str | None) -> list[str]:
    return ["" if line.strip() == NOTHING else line.strip() for line in (typed or "").split("\n")]


def _as_lines(texts: list[Mapping[str, str]]) -> LocalizedText:
    shown = [LocalizedText.of(text) for text in texts]
    written = {half: [getattr(text, half) for text in shown] for half in ("ar", "en")}
    ar, en = ("\n".join(line or NOTHING for line in lines) if any(lines) else "" for lines in written.values())
    return LocalizedText(ar=ar, en=en)


def _row_of(gap: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"number": gap["id"], "kind": gap["kind"]}
    if gap["kind"] == "typed":
        accept = gap.get("accept") or {}
        return row | {"right": LocalizedText(**{half: "\n".join(accept.get(half) or ()) for half in ("ar", "en")})}
    if gap["kind"] == "drag":
        return row | {"right": LocalizedText.of(words.get(gap["word"])), "keys": gap["word"]}
    right = [option for option in gap["options"] if option.get("correct")]
    wrong = [option for option in gap["options"] if not option.get("correct")]
    return row | {
        "right": _as_lines([option["text"] for option in right]),
        "wrong": _as_lines([option["text"] for option in wrong]),
        "keys": " ".join(option["id"] for option in (*right, *wrong)),
    }
