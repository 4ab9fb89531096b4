"""The map of competencies: people by domains or by the competencies of one, page by page and as a file."""

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound
from academy.base.i18n import _, current_language
from academy.base.text import clean_line
from academy.insights import policies, queries
from academy.insights.queries.maps import Cell, Column, CompetencyMap, whole_map
from academy.insights.routes.asking import asked, scope_choices, scope_name
from academy.insights.routes.blueprints import bp
from academy.insights.routes.files import given
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

BATCH = 1000


@bp.get("/team/map")
@requires(policies.LEAD_TEAM)
def competency_map() -> ResponseReturnValue:
    """Show the whole map of a team's competencies, page by page; with a domain, the map of its competencies."""
    ask, domain = asked(actor()), _domain()
    key = domain.key if domain else ""
    found = queries.competency_map(ask.scope.people, terms=ask.terms, size=SIZE, number=asked_page(), domain=key)
    return render_template(
        "insights/map.html",
        ask=ask,
        scopes=scope_choices(ask.units, ask.lent),
        scope_name=scope_name(ask.scope),
        map=found,
        domain=domain,
        as_of=clock.now(),
        page=Page(found.rows, found.number, max(1, -(-found.total // SIZE)), found.total),
    )


@bp.get("/team/map.<kind>")
@requires(policies.EXPORT)
def export_map(kind: str) -> ResponseReturnValue:
    """Give the map, as filtered, as a CSV or XLSX file: the same people and the same cells as the page."""
    ask, domain = asked(actor()), _domain()
    pieces = whole_map(ask.scope.people, terms=ask.terms, size=BATCH, domain=domain.key if domain else "")
    first = next(pieces, None)
    language = current_language()
    columns = [column.name.show(language) for column in first.columns] if first else []
    title = _("Competency map: %(domain)s", domain=plain(domain.name)) if domain else _("Competency map")
    return given(
        kind, f"competency-map-{clock.today().isoformat()}", title,
        [_("Name"), _("E-mail"), _("Employee number"), _("Department"), *columns],
        _lines(first, pieces, language), scope=ask.scope.key, words=ask.words,
    )  # fmt: skip


def _lines(first: CompetencyMap | None, rest: Iterator[CompetencyMap], language: str) -> Iterator[list[object]]:
    page = first
    while page is not None:
        for row in page.rows:
            unit = row.org_unit.show(language) if row.org_unit else None
            yield [row.name.show(language), row.email, row.employee_number, unit, *map(_figure, row.cells)]
        page = next(rest, None)


def _figure(cell: Cell | None) -> object:
    """What the page shows of a cell, as a number; nothing where the evidence is too thin."""
    if cell is None:
        return None
    return round(cell.score, 1) if cell.score is not None else cell.level


def _domain() -> Column | None:
    """Return the domain that the address looks into; one that there is not is a page that does not exist."""
    key = clean_line(request.args.get("domain", ""))[:20]
    domain = queries.domain_by_key(key) if key else None
    if key and domain is None:
        raise NotFound
    return domain
