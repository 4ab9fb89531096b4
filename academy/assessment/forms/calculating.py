"""The form of a number with values of each learner's own: the values, the formula, three example papers."""

from collections.abc import Mapping
from typing import Any

from wtforms import FieldList, Form, FormField
from wtforms.fields.core import Field

from academy.assessment.forms.rows import blame, gather_errors
from academy.assessment.forms.writing import NumericForm, written_number
from academy.assessment.types import kind
from academy.assessment.types.calculated import examples
from academy.assessment.types.checking import exact_number
from academy.assessment.types.formula import LONGEST, MOST_DECIMALS
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.web.forms import LineField, NumberField

DECIMAL = {"inputmode": "decimal", "dir": "ltr"}


class VariableRow(Form):
    """A value to be drawn: its name, from where to where, in which steps."""

    name = LineField(_l("Name"), limit=20, render_kw={"dir": "auto", "autocomplete": "off"})
    low = NumberField(_l("Lowest"), whole=False, render_kw=DECIMAL)
    high = NumberField(_l("Highest"), whole=False, render_kw=DECIMAL)
    step = NumberField(_l("In steps of"), whole=False, render_kw=DECIMAL)


class CalculatedForm(NumericForm):
    """Values, a formula, and what numeric questions have: tolerance and units."""

    type_name = "calculated"
    answer = None  # type: ignore[assignment]
    variables = FieldList(FormField(VariableRow, _l("Value")), _l("Values that are drawn"))
    formula = LineField(
        _l("Formula of the right answer"), limit=LONGEST, render_kw={"dir": "ltr", "autocomplete": "off"},
        description=_l("For example (visits - complaints) / visits * 100. It may use + - * / ^, brackets, min, max, round, abs, sqrt, and digits of any kind."),
    )  # fmt: skip
    decimals = NumberField(
        _l("Decimals of the right answer"), least=0, most=MOST_DECIMALS, default=2, render_kw={"inputmode": "numeric"},
        description=_l("The answer is rounded to them, halves away from zero."),
    )  # fmt: skip

    @classmethod
    def _filled(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        rows = [
            {"name": each["name"], **{name: exact_number(each[name]) for name in ("low", "high", "step")}}
            for each in content.get("variables") or ()
        ]
        plain = {name: value for name, value in super()._filled(content).items() if name != "answer"}
        formula, decimals = content.get("formula", ""), content.get("decimals", 2)
        return {**plain, "variables": rows, "formula": formula, "decimals": decimals}

    @classmethod
    def blank(cls) -> dict[str, Any]:
        """Begin with two values in steps of 1."""
        return {"variables": [{"name": "a", "step": 1}, {"name": "b", "step": 1}]}

    def _content(self) -> dict[str, Any]:
        variables = [
            {
                "name": row["name"].data,
                **{name: written_number(row[name].data) or "" for name in ("low", "high", "step")},
            }
            for row in self._rows()
        ]
        decimals = 2 if self.decimals.data is None else int(self.decimals.data)
        return {**super()._content(), "variables": variables, "formula": self.formula.data or "", "decimals": decimals}

    def _rows(self) -> list[Any]:
        return [entry.form for entry in self.variables if entry.form["name"].data]

    def field_at(self, path: str) -> Field:
        """Return the field of a path: rows without a name are not counted."""
        name, *rest = path.split(".")
        if name != "variables" or not rest:
            return super().field_at(path)
        rows = self._rows()
        row = rows[int(rest[0])] if int(rest[0]) < len(rows) else None
        return row[rest[1]] if row is not None and rest[1:] and rest[1] in row._fields else self.variables

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed; a row with numbers needs a name."""
        sound = super().validate(extra_validators)
        for entry in self.variables:
            row = entry.form
            if not row["name"].data and (row.low.data is not None or row.high.data is not None):
                blame(row["name"], str(_l("Give this value a name.")))
                gather_errors(self.variables)
                sound = False
        return bool(sound)

    @property
    def examples(self) -> list[tuple[LocalizedText, LocalizedText]]:
        """Three papers as learners may get them; none while something is missing."""
        content = self.content()
        return [] if self.errors or kind(self.type_name).check(content) else examples(content)
