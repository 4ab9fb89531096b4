"""The table of a run, and its aims held and missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from bench.measuring import Figures
from bench.pages import FLOOR_PAGE, FLOOR_SAVE, Page

COURSE = "course page, 43 activities"
HEAD = ("page", "CPU ms", "of it web", "of it PG", "rounds", "median ms", "req/s at 8", "SQL", "kB")
MOST_STATEMENTS, MOST_BYTES, MOST_MEGABYTES = 8, 60_000, 150


@dataclass(frozen=True)
class Aim:
    """Something that was to be reached: what, how much at most, and what it came to."""

    what: str
    most: str
    got: str
    held: bool


def table(pages: list[Page], figures: Mapping[str, Figures]) -> str:
    """Return the table in Markdown."""
    rows = [_row(page.name, figures[page.name]) for page in pages]
    lines = [HEAD, tuple("---" if place == 0 else "---:" for place in range(len(HEAD))), *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )


def _row(name: str, one: Figures) -> tuple[str, ...]:
    return (
        name, f"{one.cpu:.1f}", f"{median(one.web):.1f}", f"{median(one.database):.1f}",
        " / ".join(f"{each:.1f}" for each in one.rounds), f"{median(one.latencies):.1f}", f"{median(one.rates):.0f}",
        "-" if one.statements is None else str(one.statements), f"{one.size / 1000:.1f}",
    )  # fmt: skip


def ratio(figures: Mapping[str, Figures], name: str, floor: str) -> float:
    """Return how many times a floor a page costs: the median over the rounds, each measured side by side."""
    pairs = zip(figures[name].rounds, figures[floor].rounds, strict=True)
    return median(page / least for page, least in pairs)


def aims(
    pages: list[Page], figures: Mapping[str, Figures], web: list[tuple[float, float]], worker: tuple[float, float]
) -> list[Aim]:
    """Hold the run to the aims."""
    course = figures[COURSE]
    whole = [page for page in pages if page.is_page and not page.floor]
    most_sql = max(whole, key=lambda page: figures[page.name].statements or 0)
    largest = max(whole, key=lambda page: figures[page.name].size)
    times = ratio(figures, COURSE, FLOOR_PAGE)
    found = [
        Aim("course page, times the floor", "2.0", f"{times:.2f}", times <= 2),
        _cpu(COURSE, figures, 12),
        _most("statements of a page, the most", MOST_STATEMENTS, figures[most_sql.name].statements or 0, most_sql.name),
        Aim("course page, bytes of HTML", f"{MOST_BYTES:,}", f"{course.size:,}", course.size <= MOST_BYTES),
        _most("bytes of HTML, the largest page", MOST_BYTES, figures[largest.name].size, largest.name),
        _cpu("autosave (POST)", figures, 6),
        _cpu("certificate PDF, each another", figures, 10),
        _cpu("CSV, roster of 1,000", figures, 150),
        Aim("CSV streamed", "yes", *(("yes", True) if figures["CSV, roster of 1,000"].streamed else ("no", False))),
    ]
    found += [_memory(f"web worker {number}", each) for number, each in enumerate(web, 1)]
    return [*found, _memory("job worker", worker)]


def _cpu(name: str, figures: Mapping[str, Figures], most: float) -> Aim:
    got = figures[name].cpu
    return Aim(f"{name}, CPU ms", f"{most:g}", f"{got:.1f}", got <= most)


def _most(what: str, most: int, got: int, where: str) -> Aim:
    return Aim(what, f"{most:,}", f"{got:,} ({where})", got <= most)


def _memory(what: str, held: tuple[float, float]) -> Aim:
    resident, share = held
    got = f"{resident:.0f} (its share, PSS, {share:.0f})"
    return Aim(f"{what}, MB in memory (RSS)", str(MOST_MEGABYTES), got, resident <= MOST_MEGABYTES)


def told(found: list[Aim], figures: Mapping[str, Figures]) -> str:
    """Return the aims as lines, and the other ratio to a floor."""
    lines = [f"| {aim.what} | {aim.most} | {aim.got} | {'held' if aim.held else 'missed'} |" for aim in found]
    saves = ratio(figures, "autosave (POST)", FLOOR_SAVE)
    return "\n".join(
        [
            "| aim | at most | got | |",
            "| --- | --- | --- | --- |",
            *lines,
            "",
            f"autosave: {saves:.2f} times the floor of saving",
        ]
    )
