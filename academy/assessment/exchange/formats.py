"""The formats by name: which one a file is in, reading it, writing one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from academy.assessment.exchange.aiken import looks_like_aiken, read_aiken, write_aiken
from academy.assessment.exchange.decoding import decoded
from academy.assessment.exchange.gift_reading import read_gift
from academy.assessment.exchange.gift_writing import write_gift
from academy.assessment.exchange.moodle_reading import read_moodle
from academy.assessment.exchange.moodle_writing import write_moodle
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.qti_packages import read_qti_item, read_qti_package
from academy.assessment.exchange.qti_packaging import write_qti
from academy.assessment.exchange.safe_zip import TABLES, names_in
from academy.assessment.exchange.shape import Entry, Exported, Note, Taken, UnreadableQuestions, loss, refusal
from academy.assessment.exchange.table_reading import read_package, read_questions
from academy.assessment.exchange.table_writing import write_table
from academy.assessment.exchange.texts import LANGUAGES, language_of
from academy.assessment.types import kind
from academy.base.i18n import _l

FORMATS = {
    "spreadsheet": _l("Spreadsheet of the academy (XLSX or CSV)"),
    "moodle": _l("Moodle XML"),
    "gift": _l("GIFT"),
    "aiken": _l("Aiken"),
    "qti": _l("QTI item (1.2, 2.1, 2.2, 3.0)"),
    "qti_package": _l("QTI package (ZIP)"),
}
EXPORTS = {
    "xlsx": _l("Spreadsheet of the academy (XLSX)"),
    "csv": _l("Spreadsheet of the academy (CSV)"),
    "moodle": _l("Moodle XML"),
    "gift": _l("GIFT"),
    "aiken": _l("Aiken"),
    "qti21": _l("QTI 2.1 package"),
    "qti22": _l("QTI 2.2 package"),
    "qti30": _l("QTI 3.0 package"),
}
WITH_CATEGORIES = ("xlsx", "csv", "moodle", "gift")
OWN = ("xlsx", "csv")
ONE_LANGUAGE = ("gift", "aiken", "qti21", "qti22", "qti30")
_ZIP = b"PK\x03\x04"
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!|(?:[A-Za-z]+:)?(?:quiz|assessmentItem|qti-assessment-item|questestinterop)[\s/>])"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: the format it was read as, the language its texts fill, each question taken or refused.

    `pictures` holds what the questions show, by the keys in their contents.
    """

    format: str
    language: str
    entries: Sequence[Entry]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def format_of(data: bytes, filename: str) -> str:
    """Return the format of a file by its content, the name only telling tables from texts."""
    suffix = PurePath(filename).suffix.lower()
    if data.startswith(_ZIP):
        names = names_in(data)
        if any(name.endswith("imsmanifest.xml") for name in names):
            return "qti_package"
        tables = any(name.lower().endswith(TABLES) or name.startswith("xl/workbook") for name in names)
        return "spreadsheet" if tables or suffix in TABLES else "qti_package"
    if suffix == ".xml" or _XML.match(data) or data.startswith((b"\xff\xfe<", b"\xfe\xff\x00<")):
        return "moodle" if re.search(rb"<\s*quiz[\s/>]", data[:100_000]) else "qti"
    if suffix in TABLES:
        return "spreadsheet"
    text = decoded(data)
    if looks_like_aiken(text) and "{" not in text:
        return "aiken"
    if "{" in text or "//" in text or "$CATEGORY:" in text or suffix == ".gift":
        return "gift"
    raise UnreadableQuestions("unknown_format")


def read(data: bytes, filename: str, *, format: str | None = None, language: str | None = None) -> Reading:
    """Return the questions of a file; raises UnreadableQuestions, nothing else, whatever the bytes.

    `format` and `language` ("ar" or "en") overrule what the content says.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableQuestions("empty")
    chosen = format or format_of(data, filename)

    def judged(text: str) -> str:
        return language if language in LANGUAGES else language_of(text)

    entries, told, *albums = _READERS[chosen](data, filename, judged)
    if not entries:
        raise UnreadableQuestions("no_questions")
    return Reading(chosen, told, entries, albums[0].used if albums else {})


Judge = Callable[[str], str]
Found = tuple[list[Entry], str] | tuple[list[Entry], str, Album]


def _gift(data: bytes, filename: str, judged: Judge) -> Found:
    text = decoded(data)
    return read_gift(text, judged(text)), judged(text)


def _aiken(data: bytes, filename: str, judged: Judge) -> Found:
    text = decoded(data)
    return read_aiken(text, judged(text)), judged(text)


def _table(data: bytes, filename: str, judged: Judge) -> Found:
    if data.startswith(_ZIP) and not any(name.startswith("xl/workbook") for name in names_in(data)):
        entries, album = read_package(data)
        return entries, "both", album
    return read_questions(data, filename), "both"


_READERS: dict[str, Callable[[bytes, str, Judge], Found]] = {
    "spreadsheet": _table,
    "moodle": lambda data, filename, judged: read_moodle(data, judged),
    "gift": _gift,
    "aiken": _aiken,
    "qti": lambda data, filename, judged: read_qti_item(data, judged),
    "qti_package": lambda data, filename, judged: read_qti_package(data, judged),
}


def write(
    questions: Sequence[Taken], name: str, language: str, pictures: Mapping[str, bytes] | None = None
) -> Exported:
    """Return the questions as a file of one of `EXPORTS`; formats of one language use `language`.

    `pictures` holds what questions show, by key; None reckons with all of them as empty, to learn what would be lost.
    Questions whose picture is gone stay behind, and outside our own spreadsheet those that a person marks: no other
    format carries their rubric.
    """
    refused = {place: said for place, each in enumerate(questions) if (said := _refusal(each, name, pictures))}
    carried = [place for place in range(len(questions)) if place not in refused]
    made = _WRITERS[name]([questions[place] for place in carried], pictures or {}, language)
    notes: dict[int, Sequence[Note]] = {place: [said] for place, said in refused.items()}
    for number, told in made.notes.items():
        lost = [loss("category")] if questions[carried[number]].category and name not in WITH_CATEGORIES else []
        notes[carried[number]] = [*told, *lost]
    return replace(made, notes=notes)


def _refusal(question: Taken, name: str, pictures: Mapping[str, bytes] | None) -> Note | None:
    if kind(question.type).marked_by_hand and name not in OWN:
        return refusal("format_lacks_type")
    if pictures is not None and "image" in question.content and question.content["image"]["key"] not in pictures:
        return refusal("picture_gone")
    return None


_WRITERS: dict[str, Callable[[Sequence[Taken], Mapping[str, bytes], str], Exported]] = {
    "xlsx": lambda questions, pictures, language: write_table(questions, pictures, language, "xlsx"),
    "csv": lambda questions, pictures, language: write_table(questions, pictures, language, "csv"),
    "moodle": lambda questions, pictures, language: write_moodle(questions, pictures, language),
    "gift": lambda questions, pictures, language: write_gift(questions, language),
    "aiken": lambda questions, pictures, language: write_aiken(questions, language),
    "qti21": lambda questions, pictures, language: write_qti(questions, pictures, language, "2.1"),
    "qti22": lambda questions, pictures, language: write_qti(questions, pictures, language, "2.2"),
    "qti30": lambda questions, pictures, language: write_qti(questions, pictures, language, "3.0"),
}
