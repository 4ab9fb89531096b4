"""The rows of texts with gaps, categories and opinions in our spreadsheet: written and read.

Categories stand as partners, first each category alone, then the items with theirs. A text with gaps has a row for each
accepted answer, choice and word, with the number of its gap and how it is filled; a word names every gap it belongs to.
Of opinions the statements stand as entries, the steps of the scale as partners; of a ranking the items stand as entries.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from academy.assessment.exchange.choices import match
from academy.assessment.exchange.shape import CannotTake, Draft
from academy.assessment.exchange.table_layout import GAP_KINDS, TRUTHS, meaning, word
from academy.base.numbers import to_ascii_digits
from academy.base.text import LocalizedText

Row = Mapping[str, str]
Cells = dict[str, object]


def cells(name: str, value: object) -> Cells:
    """Return a text as the two cells of a column in both languages."""
    text = LocalizedText.of(value)  # type: ignore[arg-type]
    return {f"{name}_ar": text.ar, f"{name}_en": text.en}


def texts(row: Row, name: str) -> dict[str, str]:
    """Return the text in the two cells of a column in both languages."""
    return {"ar": row.get(f"{name}_ar", ""), "en": row.get(f"{name}_en", "")}


# --- Categories ----------------------------------------------------------------


def category_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield each category, then each item with its category."""
    names = {each["id"]: each["text"] for each in content["categories"]}
    yield from (cells("partner", text) for text in names.values())
    for item in content["items"]:
        yield {**cells("entry", item["text"]), **cells("partner", names[content["answer"][item["id"]]])}


def read_categories(draft: Draft, rows: Sequence[Row]) -> None:
    """Take categories and items."""
    match(draft, [(texts(row, "entry"), texts(row, "partner")) for row in rows if row.keys() - {"key"}])
    draft.sort()


# --- Texts with gaps ----------------------------------------------------------------


def gap_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the text with the first row, the answers and choices of each gap, and the words of the bank."""
    rows = [*_answer_rows(content, language), *_word_rows(content, language)] or [{}]
    head: Cells = cells("text", content["text"])
    if content.get("reuse"):
        head["reuse"] = word(TRUTHS, "true", language)
    yield {**head, **rows[0]}
    yield from rows[1:]


def _answer_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    for gap in content["gaps"]:
        named: Cells = {"gap": gap["id"], "gap_kind": word(GAP_KINDS, gap["kind"], language)}
        if gap["kind"] == "typed":
            halves = (gap["accept"].get(half) or () for half in ("ar", "en"))
            for ar, en in zip_longest(*halves, fillvalue=""):
                yield {**named, "entry_ar": ar, "entry_en": en}
        for option in gap.get("options") or () if gap["kind"] == "choice" else ():
            right = word(TRUTHS, "true", language) if option.get("correct") else ""
            yield {**named, **cells("entry", option["text"]), "right": right}


def _word_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    for each in content.get("words") or ():
        numbers = [gap["id"] for gap in content["gaps"] if gap["kind"] == "drag" and gap["word"] == each["id"]]
        kind = word(GAP_KINDS, "drag", language)
        yield {"gap": " ".join(numbers), "gap_kind": kind, **cells("entry", each["text"])}


def read_gaps(draft: Draft, rows: Sequence[Row]) -> None:
    """Take a text with gaps."""
    gaps: dict[str, dict[str, Any]] = {}
    words: list[dict[str, Any]] = []
    for row in rows:
        numbers = to_ascii_digits(row.get("gap", "")).split()
        kind = meaning(GAP_KINDS, row.get("gap_kind", ""))
        if kind is None:
            if row.get("gap_kind") or numbers:
                raise CannotTake("bad_gap_kind")
        elif kind == "drag":
            _take_word(row, numbers, gaps, words)
        elif len(numbers) == 1:
            _take_answer(row, kind, gaps.setdefault(numbers[0], {"id": numbers[0], "kind": kind}))
        else:
            raise CannotTake("bad_gap")
    draft.content |= {"text": texts(rows[0], "text"), "gaps": [gaps[key] for key in sorted(gaps, key=_place)]}
    if words:
        draft.content["words"] = words
    if meaning(TRUTHS, rows[0].get("reuse", "")) == "true":
        draft.content["reuse"] = True


def _place(number: str) -> tuple[int, str]:
    return (int(number) if number.isdecimal() and len(number) < 5 else 10_000, number)


def _take_word(row: Row, numbers: Sequence[str], gaps: dict[str, dict[str, Any]], words: list[dict[str, Any]]) -> None:
    key = f"w{len(words) + 1}"
    words.append({"id": key, "text": texts(row, "entry")})
    for number in numbers:
        if number in gaps:
            raise CannotTake("repeated_id")
        gaps[number] = {"id": number, "kind": "drag", "word": key}


def _take_answer(row: Row, kind: str, gap: dict[str, Any]) -> None:
    if gap["kind"] != kind:
        raise CannotTake("bad_gap_kind")
    if kind == "typed":
        accept = gap.setdefault("accept", {"ar": [], "en": []})
        for half in ("ar", "en"):
            accept[half] += [row[f"entry_{half}"]] if row.get(f"entry_{half}") else []
        return
    options = gap.setdefault("options", [])
    option = {"id": f"o{len(options) + 1}", "text": texts(row, "entry")}
    options.append(option | ({"correct": True} if meaning(TRUTHS, row.get("right", "")) == "true" else {}))


# --- Opinions on a scale ----------------------------------------------------------------


def opinion_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield statements and steps of the scale beside each other."""
    both = zip_longest(content["statements"], content["scale"])
    needed: Cells = {"needed": word(TRUTHS, "true", language)} if content.get("needed") else {}
    for place, (statement, step) in enumerate(both):
        row = {**(cells("entry", statement["text"]) if statement else {})}
        row |= cells("partner", step["text"]) if step else {}
        yield row | (needed if place == 0 else {})


def read_opinions(draft: Draft, rows: Sequence[Row]) -> None:
    """Take statements and the steps of a scale."""
    for name, column, letter in (("statements", "entry", "s"), ("scale", "partner", "k")):
        found = [texts(row, column) for row in rows if any(texts(row, column).values())]
        draft.content[name] = [{"id": f"{letter}{number}", "text": text} for number, text in enumerate(found, start=1)]
    if meaning(TRUTHS, rows[0].get("needed", "")) == "true":
        draft.content["needed"] = True


# --- Rankings ----------------------------------------------------------------


def ranking_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the items."""
    yield from (cells("entry", item["text"]) for item in content["items"])


def read_ranking(draft: Draft, rows: Sequence[Row]) -> None:
    """Take the items of a ranking."""
    found = [texts(row, "entry") for row in rows if any(texts(row, "entry").values())]
    draft.content["items"] = [{"id": f"i{number}", "text": text} for number, text in enumerate(found, start=1)]
