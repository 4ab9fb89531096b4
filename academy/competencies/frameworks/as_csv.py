"""Frameworks as a table: one row a level, domain, competency and role profile; `kind` says which."""

from collections.abc import Iterable

from academy.base.i18n import _l
from academy.base.numbers import to_ascii_digits
from academy.base.spreadsheets import Table, UnreadableFile, read_table, write_csv
from academy.base.text import LocalizedText, clean_line
from academy.competencies.frameworks.content import HIGHEST_LEVEL, CompetencyText, Content, DomainText, Step
from academy.competencies.frameworks.reading import MOST_BYTES, Place, ProfileText, Reading, Unreadable

LEVELS = range(1, HIGHEST_LEVEL + 1)
COLUMNS = (
    "kind", "code", "domain", "name_ar", "name_en", "text_ar", "text_en",
    *(f"level_{level}_{language}" for level in LEVELS for language in ("ar", "en")), "targets",
)  # fmt: skip
NEEDED = COLUMNS[:7]
_WHY = {
    "empty": _l("The file is empty or is no text."),
    "too_big": _l("The file is too large: at most one megabyte."),
    "encoding": _l("The letters of the file cannot be read. Save it as CSV in UTF-8 and choose it again."),
    "too_many_rows": _l("The file has more than 1,000 rows."),
}


def read(data: bytes, file_name: str) -> Reading:
    """Read a CSV or XLSX file; raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_WHY["too_big"])
    try:
        table = read_table(data, file_name, max_rows=1_000, max_columns=40)
    except UnreadableFile as error:
        raise Unreadable(_WHY.get(error.reason_code, _l("The file is no table."))) from None
    names = [name.strip().lower() for name in table.header]
    if missing := next((name for name in NEEDED if name not in names), None):
        raise Unreadable(_l("The column %(name)s is missing."), name=missing)
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise Unreadable(_l("The column %(name)s stands twice."), name=twice[:40])
    rows = [_Row(line, dict(zip(names, cells, strict=True))) for line, cells in _lines(table)]
    notes = [f"column {name}"[:80] for name in names if name and name not in COLUMNS]
    if table.encoding == "cp1256":
        notes.append("cp1256")
    return _reading(rows, notes)


def _lines(table: Table) -> Iterable[tuple[int, list[str]]]:
    return zip(table.lines, table.rows, strict=True)


class _Row:
    """A row of the table."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line, self.cells = line, cells
        self.kind, self.code = clean_line(cells["kind"]).lower(), clean_line(cells["code"])

    def text(self, name: str) -> LocalizedText:
        """Return a text in both languages."""
        return LocalizedText(self.cells.get(f"{name}_ar", ""), self.cells.get(f"{name}_en", ""))

    def bad(self, sentence: str, **values: object) -> Unreadable:
        """Return the refusal that blames this row; the sentence holds %(line)d."""
        return Unreadable(sentence, line=self.line, **values)

    def level(self, said: str) -> int:
        """Return a level from 1 to 4."""
        return Place(f"{self.line}", to_ascii_digits(clean_line(said))).level()


def _reading(rows: list[_Row], notes: list[str]) -> Reading:
    label, title, rule = "", LocalizedText(), LocalizedText()
    steps: list[Step] = []
    domains: dict[str, DomainText] = {}
    inside: dict[str, list[CompetencyText]] = {}
    profiles: list[ProfileText] = []
    for row in rows:
        if row.kind == "framework":
            label, title, rule = row.code, row.text("name"), row.text("text")
        elif row.kind == "level":
            steps.append(Step(row.level(row.code), row.text("name"), row.text("text")))
        elif row.kind == "domain":
            if row.code in domains:
                raise row.bad(_l("Line %(line)d: “%(name)s” stands twice."), name=row.code[:60])
            domains[row.code] = DomainText(row.code, row.text("name"), row.text("text"))
        elif row.kind == "competency":
            inside.setdefault(clean_line(row.cells["domain"]), []).append(_competency(row))
        elif row.kind == "role":
            profiles.append(ProfileText(row.code, row.text("name"), _targets(row)))
        else:
            raise row.bad(_l("Line %(line)d: kind must be framework, level, domain, competency or role."))
    if strange := next((key for key in inside if key not in domains), None):
        raise Unreadable(_l("%(place)s: there is no such domain."), place=strange[:60] or "/")
    tree = tuple(DomainText(d.key, d.name, d.purpose, tuple(inside.get(d.key, ()))) for d in domains.values())
    return Reading(Content(label, title, rule, tuple(steps), tree), tuple(profiles), tuple(notes))


def _competency(row: _Row) -> CompetencyText:
    levels = {level: said for level in LEVELS if (said := row.text(f"level_{level}"))}
    return CompetencyText(row.code, row.text("name"), row.text("text"), levels)


def _targets(row: _Row) -> dict[str, int]:
    asked: dict[str, int] = {}
    for pair in row.cells.get("targets", "").replace("؛", ";").split(";"):
        code, sign, level = pair.partition("=")
        if not pair.strip():
            continue
        if not sign:
            raise row.bad(_l("Line %(line)d: write targets such as D4.1=2; D4.2=3."))
        asked[clean_line(code)] = row.level(level)
    return asked


def write(content: Content, profiles: Iterable[ProfileText] = ()) -> bytes:
    """Write what holds, with a byte order mark so that spreadsheets read the Arabic."""
    rows = [_line("framework", content.label, "", content.title, content.rule)]
    rows += [_line("level", str(step.level), "", step.name, step.meaning) for step in content.scale]
    for domain in content.domains:
        if domain.retired:
            continue
        rows.append(_line("domain", domain.key, "", domain.name, domain.purpose))
        rows += [
            _line("competency", each.key, domain.key, each.name, each.definition, each.levels)
            for each in domain.competencies
            if not each.retired
        ]
    for profile in profiles:
        targets = "; ".join(f"{key}={level}" for key, level in profile.targets.items())
        rows.append([*_line("role", profile.key, "", profile.name, LocalizedText())[:-1], targets])
    return b"".join(write_csv(list(COLUMNS), rows))


def _line(
    kind: str, code: str, domain: str, name: LocalizedText, text: LocalizedText, levels: object = None
) -> list[str]:
    said = levels if isinstance(levels, dict) else {}
    indicators = [half for level in LEVELS for half in _halves(said.get(level, LocalizedText()))]
    return [kind, code, domain, *_halves(name), *_halves(text), *indicators, ""]


def _halves(text: LocalizedText) -> tuple[str, str]:
    return text.ar, text.en
