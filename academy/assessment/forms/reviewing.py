"""The table of what learners see of their result, and when: boxes that the presets fill."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectMultipleField

from academy.assessment.rules.release import OF_QUESTIONS, PARTS, PRESETS, TIMES, Matrix
from academy.base.i18n import _l

TIME_NAMES = {
    "during": (_l("During practice"), _l("after an answer was checked")),
    "after": (_l("Right after"), _l("for two minutes")),
    "later": (_l("Later"), _l("while the quiz is open")),
    "closed": (_l("After closing"), _l("once its closing time has passed")),
}
PART_NAMES = {
    "responses": _l("Their own answers"),
    "marks": _l("What of them is right"),
    "score": _l("The score, and whether it passed"),
    "feedback": _l("Feedback to what they chose"),
    "right_answers": _l("The right answers"),
    "explanation": _l("The explanations"),
}
PRESET_NAMES = {
    "after_submit": _l("Everything after submitting"),
    "after_pass": _l("Right answers only when done"),
    "score": _l("Only the score"),
    "after_close": _l("Everything once closed"),
    "none": _l("Nothing"),
}
CELLS = [
    (f"{time}:{part}", f"{time}:{part}") for time in TIMES for part in PARTS if (time, part) != ("during", "score")
]


class ReviewField(SelectMultipleField):
    """The ticked boxes of the table, each named "time:part"."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, choices=CELLS, default=[], **kwargs)

    def table(self, key_when_done: bool) -> Matrix:
        """Return the table as it is ticked."""
        ticked = {
            time: [cell.partition(":")[2] for cell in self.data or () if cell.startswith(f"{time}:")] for time in TIMES
        }
        return Matrix.of({**ticked, "key_when_done": key_when_done})

    def contradictions(self) -> Iterable[str]:
        """Yield the times at which something of single questions is shown without the answers it belongs to."""
        ticked = set(self.data or ())
        for time in TIMES:
            if any(f"{time}:{part}" in ticked for part in OF_QUESTIONS) and f"{time}:responses" not in ticked:
                yield time


def cells_of(table: Matrix) -> list[str]:
    """Return the boxes that a table ticks."""
    known = {cell for cell, _name in CELLS}
    return [
        cell for time in TIMES for part in PARTS if part in getattr(table, time) and (cell := f"{time}:{part}") in known
    ]


def preset_of(act: str) -> Matrix | None:
    """Return the table that a pressed preset fills in ("preset:score"); None for anything else."""
    name = act.removeprefix("preset:") if act.startswith("preset:") else ""
    return next((table for rule, table in PRESETS.items() if rule == name), None)
