"""Reports on paper: a table that runs over as many pages as it needs, in the reader's language and direction."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from academy import credentials
from academy.base.dates import riyadh_day
from academy.base.i18n import current_language, direction
from academy.base.press import Press
from academy.base.text import without_controls

FONTS: Final = Path(credentials.__file__).parent / "fonts"
TEMPLATE: Final = Path(__file__).parent / "report.typ"
LONGEST: Final = 200


def draw(title: str, note: str, names: list[str], rows: Iterable[list[Any]]) -> bytes:
    """Return a report as a PDF."""
    sheet = {
        "title": _clean(title),
        "note": _clean(note),
        "language": current_language(),
        "direction": direction(current_language()),
        "names": [_clean(name) for name in names],
        "rows": [[_clean(_shown(value)) for value in row] for row in rows],
    }
    return _press.print(sheet)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return riyadh_day(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # In full, however large: a table on paper is reckoned with as one in a spreadsheet is.
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _clean(text: str) -> str:
    said = " ".join(without_controls(text).split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


_press = Press(TEMPLATE, FONTS)
