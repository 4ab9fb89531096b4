"""The small values that question types hand out: problems, notes, refusals of a response, and what a control shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import LazyString

from academy.assessment.types.sentences import BAD_RESPONSES, NOTES, PROBLEMS
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText


@dataclass(frozen=True)
class Problem:
    """Something that keeps a question from being used: dotted path of the field ("options.2.text"), code, values."""

    path: str
    code: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The problem in the reader's language."""
        return _filled(PROBLEMS[self.code], self.params)


@dataclass(frozen=True)
class Note:
    """A remark on an answer, before or after grading: code and values."""

    code: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The remark in the reader's language."""
        return _filled(NOTES[self.code], self.params)


def _filled(sentence: object, params: Mapping[str, object]) -> str:
    return str(sentence) % params if params else str(sentence)


class BadResponse(Invalid, ValueError):
    """A response that no page of ours would send; `code` says what is wrong with it (see `BAD_RESPONSES`)."""

    sentence = _l("This answer cannot be read.")

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(None, field=None, **values)
        self.code = code

    def for_reader(self) -> str:
        """Return what is wrong in the reader's language."""
        return _filled(BAD_RESPONSES[self.code], self.values)


@dataclass(frozen=True)
class Choice:
    """One line of a control.

    `chosen` for choice questions; `place` (from 1, None while unplaced) for ordering; `partner` (token of the chosen
    partner, empty without) for matching.
    """

    token: str
    text: LocalizedText
    chosen: bool = False
    place: int | None = None
    partner: str = ""


@dataclass(frozen=True)
class GivenFile:
    """One file of an answer: its number from 1, its name as typed, its size in bytes, the end of its name.

    `media`: "audio" or "video" where a page can play it, else empty.
    """

    number: int
    name: str
    size: int
    kind: str
    media: str = ""


@dataclass(frozen=True)
class Control:
    """All a page may know of a question beside its stem: lines, their possible partners, text typed so far, unit.

    An imported item brings its own body in `pieces` (safe HTML and fields), written in `language`. `least` and `most`
    limit words, or `most` the files; `longest` limits letters, or megabytes of one file; `records` names
    what may be recorded on the page: "audio", "video".
    """

    kind: str
    choices: tuple[Choice, ...] = ()
    partners: tuple[Choice, ...] = ()
    text: str = ""
    unit: LocalizedText | None = None
    longest: int = 0
    pieces: tuple["str | Field", ...] = ()
    language: str = ""
    least: int = 0
    most: int = 0
    files: tuple[GivenFile, ...] = ()
    kinds: tuple[str, ...] = ()
    kind_names: tuple[LazyString, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One choice of a field of an imported item: safe HTML and plain text; `value` is its place or partner so far."""

    token: str
    html: str
    text: str
    chosen: bool = False
    value: str = ""


@dataclass(frozen=True)
class Field:
    """One control inside the body of an imported item; its fields in a form are `name` or `name-token`.

    `kind`: "choice" and "choices" (lines), "tick" (one line inside the text), "select" (lines), "entry", "number" and
    "long" (text), "places" (lines with places), "pairs" (lines with one partner each), "grid" (lines with any number of
    partners: the lines of `partners` are chosen when "line partner" is in `chosen`), "links" (`most` rows of two selects). `label` is the
    prompt, empty without one.
    """

    name: str
    kind: str
    number: int
    lines: tuple[Line, ...] = ()
    partners: tuple[Line, ...] = ()
    chosen: frozenset[str] = frozenset()
    text: str = ""
    longest: int = 0
    most: int = 0
    low: str = ""
    high: str = ""
    label: str = ""
