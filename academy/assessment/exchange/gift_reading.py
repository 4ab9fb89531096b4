"""Reading GIFT, the plain-text format of Moodle (docs.moodle.org/en/GIFT_format)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from academy.assessment.exchange.category_paths import Path, from_moodle
from academy.assessment.exchange.choices import Weighed, choose, match
from academy.assessment.exchange.numbers import middle, number
from academy.assessment.exchange.shape import (
    CannotTake,
    Draft,
    Entry,
    Note,
    Taken,
    change,
    label_of,
    loss,
    read_each,
)
from academy.assessment.exchange.texts import accepted, filled, localized
from academy.base.text import clean_block

# A backslash takes the meaning from these signs; while a question is cut up they hide behind private characters.
SIGNS = "~=#{}:\\n"
_HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate(SIGNS)}
_SHOWN = {hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}
_PRIVATE = re.compile("[\ue000-\ue0ff]")
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_UNHIDE = re.compile("[" + "".join(_SHOWN) + "]")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TAG = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.){1,200})\]")
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_WILDCARD = re.compile(r"(?<!\\)\*")
_CATEGORY = "$CATEGORY:"
HALF = 50.0
_TRUE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer between the braces: its sign (= or ~), text, weight in percent (None when unsaid) and feedback."""

    sign: str
    text: str
    weight: float | None
    feedback: str


class _Text:
    """How texts of one question are read: the file's language, the question's markup, the notes gathered."""

    def __init__(self, language: str, markup: str) -> None:
        self.language, self.markup = language, markup
        self.notes: list[Note] = []

    def read(self, source: str) -> dict[str, str]:
        """Return a text in the file's language, without markup."""
        found = _FORMAT.match(source)
        markup = found.group(1).lower() if found else self.markup
        text = _shown(source[found.end() :] if found else source).strip()
        if markup in ("html", "moodle") and ("<" in text or "&" in text) and (markup == "html" or found):
            return localized(text, self.language, self.notes)
        if markup == "markdown" and loss("formatting") not in self.notes:
            self.notes.append(loss("formatting"))
        return filled(text, self.language)


def read_gift(text: str, language: str) -> list[Entry]:
    """Return each question of a GIFT file, taken or refused."""
    return read_each(
        _blocks(_PRIVATE.sub("", text)),
        lambda found: replace(_read(*found[:3], language), category=found[3]),
        lambda found: _label(found[0]),
    )


def _blocks(text: str) -> list[tuple[str, list[str], str, Path]]:
    """Cut the file at blank lines; comments before a question may hold its id and tags, a line before it its category."""
    found: list[tuple[str, list[str], str, Path]] = []
    category: Path = ()
    lines: list[str] = []
    comments: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip().startswith("//"):
            comments.append(line)
        elif not lines and line.strip().startswith(_CATEGORY):
            category = from_moodle(line.strip().removeprefix(_CATEGORY))
        elif line.strip():
            lines.append(line)
        elif lines:
            tags = _TAG.findall("\n".join(comments))
            marks = [_unescaped(value) for name, value in tags if name == "tag"]
            key = next((_unescaped(value) for name, value in tags if name == "id"), "")
            found.append((_hidden("\n".join(lines)), marks, key, category))
            lines, comments = [], []
    return found


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def _hidden(text: str) -> str:
    return _ESCAPE.sub(lambda found: _HIDDEN[found.group(1)], text)


def _shown(text: str) -> str:
    return _UNHIDE.sub(lambda found: _SHOWN[found.group()], text)


def _label(block: str) -> str:
    named = re.match(r"\s*::(.*?)::", block, re.DOTALL)
    return label_of(_shown(named.group(1) if named and named.group(1).strip() else block))


def _read(block: str, marks: Sequence[str], key: str, language: str) -> Taken:
    body = re.sub(r"\A\s*::.*?::", "", block, count=1, flags=re.DOTALL).strip()
    markup = "moodle"
    if found := _FORMAT.match(body):
        markup, body = found.group(1).lower(), body[found.end() :]
    start, end = body.find("{"), body.find("}")
    if start < 0 and end < 0:
        raise CannotTake("description")
    if start < 0 or end < start:
        raise CannotTake("not_understood")
    before, inside, after = body[:start].strip(), body[start + 1 : end].strip(), body[end + 1 :].strip()
    after = after if after.strip(" .!?؟،:") else ""
    inside, _, general = inside.partition("####")
    text = _Text(language, markup)
    stem = f"{before} _____ {after}" if after else before
    draft = Draft("single", text.read(stem), key)
    if after:
        draft.note(change("gap"))
    _answer(draft, inside.strip(), text)
    draft.explain(text.read(general))
    draft.note(*text.notes)
    draft.read_marks(marks)
    return draft.finish()


def _answer(draft: Draft, inside: str, text: _Text) -> None:
    """Find out the type of a question by what stands between its braces, in Moodle's order, and read it."""
    word = inside.partition("#")[0].strip().upper()
    if not inside:
        raise CannotTake("essay")
    if inside.startswith("#"):
        _numeric(draft, inside[1:].strip(), text)
    elif "~" in inside:
        answers = _answers(inside)
        draft.type = "single" if any(answer.sign == "=" for answer in answers) else "multiple"
        choose(draft, [_weighed(answer, text) for answer in answers])
    elif "=" in inside and "->" in inside:
        draft.type = "matching"
        match(draft, [_pair(answer, text) for answer in _answers(inside)])
    elif word in _TRUE:
        draft.type, draft.content["answer"] = "true_false", _TRUE[word]
        if inside.partition("#")[2].strip(" #\n"):
            draft.note(loss("feedback"))
    elif inside.startswith("="):
        _short(draft, _answers(inside), text)
    else:
        raise CannotTake("not_understood")


def _answers(inside: str) -> list[_Answer]:
    """Cut at the signs = and ~; each answer may begin with its weight and end with feedback."""
    found = []
    for piece in re.findall(r"[=~][^=~]*", inside):
        body, _, feedback = piece[1:].partition("#")
        weight = _WEIGHT.match(body)
        found.append(
            _Answer(
                piece[0],
                body[weight.end() :] if weight else body,
                float(weight.group(1)) if weight else None,
                feedback.strip(),
            )
        )
    return found


def _weighed(answer: _Answer, text: _Text) -> Weighed:
    weight = answer.weight if answer.weight is not None else 100.0 if answer.sign == "=" else 0.0
    return Weighed(text.read(answer.text), weight, text.read(answer.feedback))


def _pair(answer: _Answer, text: _Text) -> tuple[dict[str, str], dict[str, str]]:
    left, arrow, right = answer.text.partition("->")
    if not arrow:
        raise CannotTake("not_understood")
    return text.read(left), text.read(right)


def _full(draft: Draft, answers: Sequence[_Answer]) -> list[str]:
    """Return the answers that earn everything; note those that earned a part and feedback that is lost.

    A short text keeps what earned half.
    """
    halves = (HALF,) if draft.type == "short_text" else ()
    if any(answer.weight is not None and 0 < answer.weight < 100 and answer.weight not in halves for answer in answers):
        draft.note(change("partly_right"))
    if any(answer.feedback for answer in answers):
        draft.note(loss("feedback"))
    return [answer.text.strip() for answer in answers if answer.weight is None or answer.weight >= 100]


def _short(draft: Draft, answers: Sequence[_Answer], text: _Text) -> None:
    draft.type = "short_text"
    found, half = _full(draft, answers), [answer.text.strip() for answer in answers if answer.weight == HALF]
    if any(_WILDCARD.search(answer) for answer in (*found, *half)):
        raise CannotTake("wildcard")
    draft.content["accept"] = _accepted(found, text)
    if half:
        draft.content["partly"] = _accepted(half, text)


def _accepted(answers: Sequence[str], text: _Text) -> dict[str, list[str]]:
    return accepted([_plain(answer.replace("\\*", "*"), text) for answer in answers], text.language)


def _plain(answer: str, text: _Text) -> str:
    read = text.read(answer)
    return read["ar"] or read["en"]


def _numeric(draft: Draft, inside: str, text: _Text) -> None:
    draft.type = "numeric"
    plain = inside if inside.startswith("=") else f"={inside}"
    ranges = {_range(_shown(answer)) for answer in _full(draft, _answers(plain))}
    if len(ranges) > 1:
        raise CannotTake("several_answers")
    if not ranges:
        raise CannotTake("no_key")
    draft.content["answer"], draft.content["tolerance"] = ranges.pop()


def _range(typed: str) -> tuple[str, str]:
    """Return answer and tolerance of 12, 12:0.5 or 11.5..12.5."""
    low, dots, high = typed.partition("..")
    answer, _, tolerance = typed.partition(":")
    if dots:
        ends = number(low), number(high)
        if ends[0] is None or ends[1] is None:
            raise CannotTake("bad_number")
        return middle(ends[0], ends[1])
    value, around = number(clean_block(answer)), number(tolerance) if tolerance.strip() else number("0")
    if value is None or around is None:
        raise CannotTake("bad_number")
    return format(value, "f"), format(around, "f")
