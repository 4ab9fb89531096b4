"""A branching conversation, read from `cx-scenario/1` as far as the academy uses it today."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from academy.base.text import LocalizedText
from academy.devdata.reading.parts import load


@dataclass(frozen=True)
class ScenarioContent:
    """A scenario; `competencies` are ids, `story` holds nodes, routers, endings and scoring as in the file."""

    file: str
    id: str
    version: str
    title: LocalizedText
    summary: LocalizedText
    minutes: int
    competencies: tuple[str, ...]
    story: dict[str, Any]


def read_scenario(path: Path) -> ScenarioContent:
    """Read one scenario; raises BadContent."""
    top = load(path, "cx-scenario/1")
    return ScenarioContent(
        file=path.name,
        id=top.at("id").word(),
        version=top.at("version").word(),
        title=top.at("title").text(),
        summary=top.at("summary").text(),
        minutes=top.at("minutes").whole(1),
        competencies=top.words("competencies"),
        story=top.raw("format", "id", "version", "title", "summary", "minutes", "competencies"),
    )
