"""The common shape between all formats: a question as taken from a file or given to one, and what is said about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

from academy.assessment.exchange.sentences import SENTENCES
from academy.assessment.types import kind
from academy.assessment.types.sentences import PROBLEMS
from academy.base.text import LocalizedText, clean_line

CHANGE: Final = "change"
LOSS: Final = "loss"
REFUSAL: Final = "refusal"
MOST_QUESTIONS = 300
LABEL_LENGTH = 120
KEY_LENGTH, MARK_LENGTH = 60, 20
_STEP = re.compile(r"(\S{1,20})=([0-9.]{1,30})")
DIFFICULTIES = {"1", "2", "3"}
MOST_POINTS = 100
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know of a question: what changes, what is lost, or why it cannot be taken at all."""

    kind: Literal["change", "loss", "refusal"]
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The remark in the reader's language; a problem of the question's own type speaks for itself."""
        sentence = str(SENTENCES[self.code] if self.code in SENTENCES else PROBLEMS[self.code])
        return sentence % self.params if self.params else sentence

    def as_json(self) -> dict[str, Any]:
        """As kept until the importer decides."""
        return {"kind": self.kind, "code": self.code, "params": dict(self.params)}


def change(code: str, **params: object) -> Note:
    """Return a note on something that will be otherwise than in the file."""
    return Note(CHANGE, code, {name: str(value) for name, value in params.items()})


def loss(code: str, **params: object) -> Note:
    """Return a note on something that is not carried over."""
    return Note(LOSS, code, {name: str(value) for name, value in params.items()})


def refusal(code: str, **params: object) -> Note:
    """Return the reason why a question is not carried over at all."""
    return Note(REFUSAL, code, {name: str(value) for name, value in params.items()})


@dataclass(frozen=True, slots=True)
class Taken:
    """A question between two systems; `content` is what its type wants, `key` is empty when the file names none.

    `category` names where it lies in a bank, from the top down.
    """

    type: str
    content: Mapping[str, Any]
    key: str = ""
    competency_key: str | None = None
    objective: str | None = None
    difficulty: int = 2
    points: int = 1
    tags: tuple[str, ...] = ()
    category: tuple[LocalizedText, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A question of a file that cannot be taken: how the file calls it, and why."""

    label: str
    reason: Note


Entry = Taken | Refused


class UnreadableQuestions(Exception):
    """A file in which no questions can be read; `code` says why (see `UNREADABLE`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotTake(Exception):
    """Raised inside a reader for one question that cannot be taken."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.reason = refusal(code, **params)


def read_each(
    sources: Iterable[Source], read: Callable[[Source], Entry], label: Callable[[Source], str]
) -> list[Entry]:
    """Return each question of a file, taken or refused under its label. Raises UnreadableQuestions when there are too many."""
    entries: list[Entry] = []
    for source in sources:
        if len(entries) >= MOST_QUESTIONS:
            raise UnreadableQuestions("too_many")
        try:
            entries.append(read(source))
        except CannotTake as refused:
            entries.append(Refused(label(source), refused.reason))
    return entries


class Draft:
    """A question while a reader gathers it."""

    def __init__(self, type: str, stem: Mapping[str, str], key: str = "") -> None:
        self.type, self.key = type, key
        self.content: dict[str, Any] = {"stem": dict(stem)}
        self.marks: dict[str, str] = {}
        self.tags: list[str] = []
        self.points = 1
        self.notes: list[Note] = []

    def note(self, *notes: Note) -> None:
        """Add remarks, each once."""
        for note in notes:
            if note not in self.notes:
                self.notes.append(note)

    def explain(self, text: Mapping[str, str]) -> None:
        """Set the explanation, if there is one."""
        if any(text.values()):
            self.content["explanation"] = dict(text)

    def hint(self, text: Mapping[str, str]) -> None:
        """Set the hint, if there is one."""
        if any(text.values()):
            self.content["hint"] = dict(text)

    def read_marks(self, marks: Sequence[str]) -> None:
        """Take what our own exports write as tags or keywords ("competency:CX-01"), and the tags themselves."""
        for mark in marks:
            name, _, value = mark.partition(":")
            if name in MARKS and value:
                self.marks[name] = value
            else:
                self.tags.append(value if name == PLAIN and value else mark)

    def sort(self) -> None:
        """Turn a matching question into one on categories: the left side are the items."""
        self.type = "categories"
        for ours, theirs in (("items", "left"), ("categories", "right")):
            self.content[ours] = self.content.pop(theirs, [])

    def worth(self, points: float | str | None) -> None:
        """Set the points; parts of points become whole ones, at least one."""
        if points is None:
            return
        try:
            number = float(points)
        except ValueError:
            return
        whole = min(MOST_POINTS, max(1, round(number))) if number == number else 1
        self.points = whole
        if abs(whole - number) > 0.001:
            self.note(change("points", points=whole))

    def finish(self) -> Taken:
        """Return the question; CannotTake when its type finds a problem in it."""
        if "points" in self.marks:
            self.worth(self.marks["points"])
        self._read_settings()
        problems = kind(self.type).check(self.content)
        if problems:
            raise CannotTake(problems[0].code, **problems[0].params)
        difficulty = self.marks.get("difficulty", "")
        return Taken(
            type=self.type,
            content=self.content,
            key=clean_line(self.key)[:KEY_LENGTH],
            competency_key=self.marks.get("competency", "")[:MARK_LENGTH] or None,
            objective=self.marks.get("objective", "")[:MARK_LENGTH] or None,
            difficulty=int(difficulty) if difficulty in DIFFICULTIES else 2,
            points=self.points,
            tags=tuple(tag for each in self.tags if (tag := clean_line(each))),
            notes=tuple(self.notes),
        )

    def _read_settings(self) -> None:
        scoring = self.marks.get("scoring", "")
        if self.marks.get("type") == "categories" and self.type == "matching":
            self.sort()
            self.notes = [note for note in self.notes if note.code != "as_pairs"]
        if self.marks.get("typos") == "0" and self.type in ("short_text", "gap_fill"):
            self.content["typos"] = 0
        if scoring in kind(self.type).scorings:
            self.content["scoring"] = scoring
            self.notes = [note for note in self.notes if note.code != "weights"]
        if self.type == "calculated" and self.marks.get("steps"):
            steps = dict(_STEP.findall(self.marks["steps"]))
            for each in self.content.get("variables") or ():
                each["step"] = steps.get(each["name"], each["step"])
        if self.marks.get("named") == "no" and self.type == "hotspot":
            self.content["named"] = False
        if self.marks.get("shuffle") == "no" and self.type in ("single", "multiple"):
            self.content["shuffle"] = False


PLAIN = "tag"  # before a tag that would be read as one of the marks
MARKS = ("competency", "objective", "difficulty", "points", "scoring", "shuffle", "type", "typos", "steps", "named")


def marks_of(question: Taken) -> list[str]:
    """Return what formats have no place for as marks ("difficulty:2"), which `Draft.read_marks` understands."""
    content = question.content
    given = {
        "competency": question.competency_key,
        "objective": question.objective,
        "difficulty": str(question.difficulty),
        "points": str(question.points),
        "scoring": content.get("scoring"),
        "shuffle": "no" if content.get("shuffle") is False else None,
        "type": question.type if question.type in ("categories", "gap_fill") else None,
        "typos": "0" if content.get("typos") == 0 else None,
        "named": "no" if question.type == "hotspot" and content.get("named") is False else None,
    }
    plain = [tag if tag.partition(":")[0] not in (*MARKS, PLAIN) else f"{PLAIN}:{tag}" for tag in question.tags]
    return [*(f"{name}:{value}" for name, value in given.items() if value), *plain]


def label_of(text: str) -> str:
    """Return the beginning of a text as a name."""
    line = clean_line(text)
    return line if len(line) <= LABEL_LENGTH else line[: LABEL_LENGTH - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of questions, with what is said about each question by its place in what was given."""

    data: bytes
    suffix: str
    media_type: str
    notes: Mapping[int, Sequence[Note]]
