"""The words for rules of duties, their runs and what became of people."""

from typing import Any

from academy.base.i18n import _l
from academy.learning.forms_of_duties import CONSEQUENCES, DUE, MATCHES

__all__ = ["CAUSES", "CONSEQUENCES", "DUE", "DUTIES", "MATCHES", "OUTCOMES", "STATES"]

# State: its name, the tone of its chip, its picture.
STATES: dict[str, tuple[Any, str, str]] = {
    "draft": (_l("Draft"), "", "pencil"),
    "active": (_l("In effect"), "ok", "check"),
    "stopped": (_l("Stopped"), "warn", "pause"),
}
DUTIES: dict[str, tuple[Any, str, str]] = {
    "active": (_l("Holds"), "ok", "check"),
    "kept": (_l("Kept as a duty"), "info", "check"),
    "suspended": (_l("Rests"), "warn", "pause"),
    "withdrawn": (_l("Withdrawn"), "", "x"),
}
OUTCOMES: dict[str, tuple[Any, str, str]] = {
    "assigned": (_l("Assigned"), "ok", "check"),
    "already_due": (_l("Was due already, and not later"), "info", "calendar"),
    "completed": (_l("Has completed it already"), "info", "check-check"),
    "kept": (_l("No longer matches, keeps the duty"), "info", "check"),
    "suspended": (_l("No longer matches, the duty rests"), "warn", "pause"),
    "withdrawn": (_l("No longer matches, withdrawn"), "", "x"),
}
CAUSES: dict[str, Any] = {
    "daily": _l("Run of the day"),
    "changed": _l("People have changed"),
    "asked": _l("Run on request"),
}
