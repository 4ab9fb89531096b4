"""Files for spreadsheets that managers take away, each with its trace in the trail."""

from collections.abc import Iterable, Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import audit, clock
from academy.base.errors import NotFound
from academy.base.i18n import _l, current_language, direction
from academy.base.spooling import spooled
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.insights import policies
from academy.web.identity import actor

name_act(policies.EXPORT, _l("A team's figures taken as a file"))


def given(
    kind: str,
    name: str,
    title: str,
    header: Sequence[object],
    lines: Iterable[Sequence[object]],
    *,
    scope: str,
    words: str,
) -> ResponseReturnValue:
    """Give lines as a CSV file, piece by piece, or as an XLSX file; who took what goes into the trail."""
    if kind not in ("csv", "xlsx"):
        raise NotFound
    who = actor()
    asked = {"kind": kind, "audience": scope, "words": words}
    audit.record_reading(
        policies.EXPORT, at=clock.now(), actor_id=who.person_id, organisation_id=who.organisation_id,
        subject=("file", None, title), after={key: value for key, value in asked.items() if value},
    )  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "csv":
        return Response(spooled(write_csv(header, lines)), mimetype="text/csv; charset=utf-8", headers=headers)
    book = write_xlsx(header, lines, sheet=title, right_to_left=direction(current_language()) == "rtl")
    return Response(book, mimetype=XLSX, headers=headers)
