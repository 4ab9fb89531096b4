"""Forms of the questions whose answer is written: a number, a word or two."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField
from wtforms.fields.core import Field

from academy.assessment.forms.base import QuestionForm
from academy.assessment.forms.rows import lines_of
from academy.assessment.types.accepting import forgiving
from academy.assessment.types.checking import exact_number
from academy.assessment.types.units import UNIT_LENGTH, unit_of
from academy.base.i18n import _l
from academy.web.forms import BlockField, LineField, LocalizedLineField, NumberField

LONGEST_LIST = 20_000


class _UnitHalves(Form):
    ar = LineField(_l("Arabic"), limit=UNIT_LENGTH, render_kw={"lang": "ar", "dir": "rtl"})
    en = LineField(_l("English"), limit=UNIT_LENGTH, render_kw={"lang": "en", "dir": "ltr"})


class UnitField(LocalizedLineField):
    """The unit of a number in two languages."""

    halves = _UnitHalves


TOLERANCES = [
    ("absolute", _l("as it is, in the unit of the answer")),
    ("relative", _l("percent of the right answer")),
    ("figures", _l("significant figures that must agree")),
]
UNIT_RULES = [
    ("optional", _l("may be written or left out")),
    ("required", _l("must be written: without the right one the answer is wrong")),
    ("penalty", _l("must be written: a missing or wrong one costs part of the points")),
]


class UnitRow(Form):
    """Another accepted unit and how many of the question's own unit it is."""

    text = UnitField(_l("Unit of measure"))
    factor = NumberField(
        _l("Equals how many of the question's unit"), whole=False, render_kw={"inputmode": "decimal", "dir": "ltr"}
    )


class NumericForm(QuestionForm):
    """A number, how far an answer may be off, its unit and other units that are accepted."""

    type_name = "numeric"
    answer = NumberField(
        _l("Right answer"), whole=False, render_kw={"inputmode": "decimal", "dir": "ltr"},
        description=_l("Digits of any kind: 12.5 or ١٢٫٥."),
    )  # fmt: skip
    tolerance = NumberField(
        _l("Tolerance"), whole=False, least=0, render_kw={"inputmode": "decimal", "dir": "ltr"},
        description=_l("How far an answer may lie from the right one and still count. Empty means exactly."),
    )  # fmt: skip
    tolerance_kind = SelectField(_l("The tolerance is meant"), choices=TOLERANCES, default="absolute")
    unit = UnitField(_l("Unit of measure"), description=_l("Shown beside the answer, for example minutes or riyals."))
    units = FieldList(FormField(UnitRow, _l("Unit")), _l("Other accepted units"))
    unit_rule = SelectField(_l("The unit"), choices=UNIT_RULES, default="optional")
    unit_cost = NumberField(
        _l("Cost of a missing or wrong unit (percent)"), whole=False, render_kw={"inputmode": "decimal", "dir": "ltr"},
        description=_l("Only where it costs part of the points."),
    )  # fmt: skip

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "answer": exact_number(content.get("answer")),
            "tolerance": exact_number(content.get("tolerance", 0)) or None,
            "tolerance_kind": content.get("tolerance_kind") or "absolute",
            "unit": unit_of(content),
            "units": [
                {"text": each["text"], "factor": exact_number(each["factor"])} for each in content.get("units") or ()
            ],
            "unit_rule": content.get("unit_rule") or "optional",
            "unit_cost": exact_number(content.get("unit_cost")),
        }

    def _content(self) -> dict[str, Any]:
        unit, rule, kind = self.unit.text, self.unit_rule.data, self.tolerance_kind.data
        units = [
            {"text": entry.form["text"].text.as_dict(), "factor": written_number(entry.form.factor.data)}
            for entry in self.kept(self.units)
        ]
        return {
            **({"answer": written_number(self.answer.data)} if self.answer else {}),
            "tolerance": written_number(self.tolerance.data) or "0",
            **({"tolerance_kind": kind} if kind != "absolute" else {}),
            **({"unit": unit.as_dict()} if unit else {}),
            **({"units": units} if units else {}),
            **({"unit_rule": rule} if rule != "optional" else {}),
            **({"unit_cost": written_number(self.unit_cost.data)} if rule == "penalty" else {}),
        }


class ShortTextForm(QuestionForm):
    """Accepted answers by language, one a line."""

    type_name = "short_text"
    accept_ar = BlockField(
        _l("Accepted answers in Arabic"), limit=LONGEST_LIST, render_kw={"lang": "ar", "dir": "rtl", "rows": 5},
        description=_l("One a line; the first one is shown as the right answer."),
    )  # fmt: skip
    accept_en = BlockField(
        _l("Accepted answers in English"), limit=LONGEST_LIST, render_kw={"lang": "en", "dir": "ltr", "rows": 5},
        description=_l("One a line; the first one is shown as the right answer."),
    )  # fmt: skip

    partly_ar = BlockField(
        _l("Answers in Arabic worth half of the points"), limit=LONGEST_LIST,
        render_kw={"lang": "ar", "dir": "rtl", "rows": 3}, description=_l("One a line."),
    )  # fmt: skip
    partly_en = BlockField(
        _l("Answers in English worth half of the points"), limit=LONGEST_LIST,
        render_kw={"lang": "en", "dir": "ltr", "rows": 3}, description=_l("One a line."),
    )  # fmt: skip
    typos = BooleanField(
        _l("Forgive one slip of spelling in words of five letters or more; the result shows the right spelling"),
        default=True,
    )

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        given = {
            f"{name}_{language}": "\n".join((content.get(name) or {}).get(language) or ())
            for name in ("accept", "partly")
            for language in ("ar", "en")
        }
        return {**given, "typos": forgiving(content)}

    def _content(self) -> dict[str, Any]:
        partly = {"ar": lines_of(self.partly_ar.data), "en": lines_of(self.partly_en.data)}
        return {
            "accept": {"ar": lines_of(self.accept_ar.data), "en": lines_of(self.accept_en.data)},
            **({"partly": partly} if any(partly.values()) else {}),
            **({} if self.typos.data else {"typos": 0}),
        }

    def field_at(self, path: str) -> Field:
        """Return the list of the language a path names."""
        name, *rest = path.split(".")
        if name in ("accept", "partly"):
            return self[f"{name}_{'en' if rest[:1] == ['en'] else 'ar'}"]
        return super().field_at(path)


def written_number(number: Decimal | int | None) -> str | None:
    """Return a number as content keeps it."""
    return None if number is None else format(Decimal(number), "f")
