"""A text with gaps: each one is typed, chosen from a list, or filled with a word from a bank that gaps share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from academy.assessment.rules.papers import shuffled
from academy.assessment.types.accepting import (
    LONGEST,
    check_accept,
    check_typos,
    first_answers,
    forgiving,
    match,
)
from academy.assessment.types.base import (
    STEM_LENGTH,
    Content,
    FormValues,
    Paper,
    QuestionType,
    Response,
    explanation,
    values_by_token,
)
from academy.assessment.types.checking import check_choice, check_entries, check_text, fields, ids, storable
from academy.assessment.types.choices import joined, text_of, whole_or_nothing
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import BadResponse, Choice, Control, Note, Problem
from academy.assessment.types.passage import NO_PASSAGE, Passage, check_gaps, passage
from academy.assessment.types.tokens import id_of, tokens
from academy.base.i18n import _l
from academy.base.text import LocalizedText

SCORINGS = ("partial", "all_or_nothing")
KINDS = ("typed", "choice", "drag")
MOST_GAPS = 20
_GAP_ID = re.compile("[1-9][0-9]?")


@dataclass(frozen=True)
class Gap:
    """One gap on a page: its token, its number from 1 in the order of the question, its kind and what is in it so far.

    `text` is what was typed; `chosen` the token of the choice or word taken.
    """

    token: str
    number: int
    kind: str
    text: str = ""
    chosen: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class GapControl(Control):
    """A text with gaps; `words` is the bank, `reuse` says whether a word may go into several gaps."""

    passage: Passage = NO_PASSAGE
    gaps: tuple[Gap, ...] = ()
    words: tuple[Choice, ...] = ()
    reuse: bool = False

    @property
    def by_token(self) -> dict[str, Gap]:
        """The gaps by their tokens."""
        return {gap.token: gap for gap in self.gaps}


@dataclass(frozen=True)
class GapFeedback(Feedback):
    """The marks on the gaps (`parts`, in the order of the question) with the text they stand in."""

    passage: Passage = NO_PASSAGE

    @property
    def by_token(self) -> dict[str, Part]:
        """The marks by the tokens of their gaps."""
        return {part.id: part for part in self.parts}


class GapFill(QuestionType):
    """Raw {"gaps": {token: text typed, or token of a choice or word}}, stored {"gaps": {gap id: text or id}}.

    Content: `text: {ar, en}` with a marker [[id]] for each of `gaps: [{id, kind, …}]`, ids being numbers: "typed" with
    `accept` as short texts have it, "choice" with `options: [{id, text, correct}]`, "drag" with `word`, the id of its
    word in the bank `words: [{id, text}]`. `reuse: true` lets a word be right in several gaps. `typos` as in short texts.
    """

    name = "gap_fill"
    icon = "type"
    label = _l("Text with gaps")
    scorings = SCORINGS

    def _check(self, content: Content) -> list[Problem]:
        bad_text = check_text(content.get("text"), "text", limit=STEM_LENGTH)
        problems = [
            *bad_text,
            *check_choice(content.get("scoring"), SCORINGS, "scoring", "bad_scoring"),
            *check_typos(content),
            *([] if isinstance(content.get("reuse", False), bool) else [Problem("reuse", "bad_reuse")]),
        ]
        gaps = content.get("gaps")
        bad = _check_gap_list(gaps)
        if bad or not isinstance(gaps, list):
            return problems + bad
        bad = [problem for index, gap in enumerate(gaps) for problem in _check_gap(gap, f"gaps.{index}")]
        bad += _check_words(content, gaps)
        return problems + bad + ([] if bad_text else check_gaps(content["text"], [gap["id"] for gap in gaps]))

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the gaps in authored order, the bank mixed, and the choices of each gap with choices, mixed.

        Choices are mixed in every quiz: the editor has the right one first.
        """
        order = {"gaps": ids(content["gaps"]), "words": shuffled(sorted(ids(content.get("words") or [])), rng)}
        for gap in content["gaps"]:
            if gap["kind"] == "choice":
                order[_choices_of(gap["id"])] = shuffled(sorted(ids(gap["options"])), rng)
        return order

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the text with its gaps as filled so far, and the bank."""
        given = response["gaps"] if response else {}
        names, by_id = tokens(paper["gaps"]), _by_id(content["gaps"])
        words = _texts(content.get("words") or [])
        return GapControl(
            self.name,
            longest=LONGEST,
            passage=passage(LocalizedText.of(content["text"]), names),
            gaps=tuple(
                _shown(by_id[key], token, number, given.get(key, ""), paper)
                for number, (key, token) in enumerate(names.items(), start=1)
            ),
            words=tuple(Choice(token, words[key]) for key, token in tokens(paper["words"]).items()),
            reuse=content.get("reuse", False),
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"gaps": values_by_token(form_values, paper["gaps"], prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"gaps": …} with the gaps that are filled, typed ones exactly as typed; none clears the answer."""
        gaps = fields(response, "gaps")
        if gaps is None:
            return None
        if not isinstance(gaps, dict) or len(gaps) > len(paper["gaps"]):
            raise BadResponse("bad_shape")
        by_id, found = _by_id(content["gaps"]), {}
        for token, value in gaps.items():
            key = id_of(token, paper["gaps"])
            kept = _clean_gap(by_id[key], value, paper)
            if kept:
                found[key] = kept
        return {"gaps": {key: found[key] for key in sorted(found)}} if found else None

    def terms(self, content: Content) -> tuple[Note, ...]:
        """Return the rule of partial credit, and whether spelling is strict."""
        typed = any(gap["kind"] == "typed" for gap in content["gaps"])
        strict = (Note("terms_strict_spelling"),) if typed and not forgiving(content) else ()
        return (Note(f"terms_gaps_{self.scoring(content)}"), *strict)

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn when gaps are empty, or when a word that can be used once stands in several gaps."""
        if response is None:
            return ()
        given = response["gaps"]
        drags = [given[gap["id"]] for gap in content["gaps"] if gap["kind"] == "drag" and gap["id"] in given]
        repeated = not content.get("reuse", False) and len(set(drags)) < len(drags)
        return (
            *((Note("incomplete"),) if len(given) < len(content["gaps"]) else ()),
            *((Note("repeated_word"),) if repeated else ()),
        )

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return the share of gaps filled rightly, all weighing the same; 1 and 0 for all or nothing."""
        given = response["gaps"] if response else {}
        hits = sum(_is_right(gap, given.get(gap["id"], ""), content) for gap in content["gaps"])
        whole = len(content["gaps"])
        return Fraction(hits, whole) if self.scoring(content) == "partial" else whole_or_nothing(hits == whole)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each gap with what was given and what is right, notes on spelling, and the text."""
        share, given = self.score(content, response), response["gaps"] if response else {}
        names, by_id, words = tokens(paper["gaps"]), _by_id(content["gaps"]), _texts(content.get("words") or [])
        parts = tuple(
            _part(by_id[key], token, number, given.get(key, ""), content, words)
            for number, (key, token) in enumerate(names.items(), start=1)
        )
        notes = self.warnings(content, response) if response else (Note("unanswered"),)
        return GapFeedback(
            correct=share == 1,
            share=share,
            parts=parts,
            correct_answer=tuple(_named(part.text, part.right_partner) for part in parts),
            notes=(*notes, *_slips(content, given)),
            explanation=explanation(content),
            passage=passage(LocalizedText.of(content["text"]), names),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return what stands in each filled gap, "1: …, 2: …"."""
        given, words = response["gaps"] if response else {}, _texts(content.get("words") or [])
        filled = [
            _named(_number(number), _said(gap, given[gap["id"]], words))
            for number, gap in enumerate(content["gaps"], start=1)
            if gap["id"] in given
        ]
        return joined(filled, language)


def _choices_of(key: str) -> str:
    """Return the name of the order of a gap's choices on a paper."""
    return f"choices.{key}"


def _check_gap_list(gaps: object) -> list[Problem]:
    if not isinstance(gaps, list):
        return [Problem("gaps", "not_a_list")]
    if not gaps:
        return [Problem("text", "no_gaps")]
    if len(gaps) > MOST_GAPS:
        return [Problem("gaps", "too_many", {"most": MOST_GAPS})]
    problems, seen = [], set()
    for index, gap in enumerate(gaps):
        key = gap.get("id") if isinstance(gap, Mapping) else None
        if not isinstance(key, str) or not _GAP_ID.fullmatch(key):
            problems.append(Problem(f"gaps.{index}", "bad_gap"))
        elif key in seen:
            problems.append(Problem(f"gaps.{index}", "repeated_id"))
        seen.add(str(key))
    return problems


def _check_gap(gap: Mapping[str, Any], path: str) -> list[Problem]:
    kind = gap.get("kind")
    if kind == "typed":
        return check_accept(gap.get("accept"), f"{path}.accept")
    if kind == "choice":
        options = gap.get("options")
        problems = check_entries(options, f"{path}.options")
        if problems or not isinstance(options, list):
            return problems
        if not all(isinstance(option.get("correct", False), bool) for option in options):
            return [Problem(f"{path}.options", "bad_correct")]
        right = sum(option.get("correct", False) for option in options)
        return [] if right == 1 else [Problem(f"{path}.options", "one_right_option")]
    return [] if kind == "drag" else [Problem(f"{path}.kind", "bad_gap_kind")]


def _check_words(content: Content, gaps: list[dict[str, Any]]) -> list[Problem]:
    """Check the bank: there when a gap needs it, each such gap with a word of it, no word twice unless it may be."""
    drags = [(index, gap.get("word")) for index, gap in enumerate(gaps) if gap.get("kind") == "drag"]
    words = content.get("words")
    if not drags and not words:
        return []
    problems = check_entries(words, "words")
    if problems or not isinstance(words, list):
        return problems
    known, used = ids(words), []
    for index, word in drags:
        if word not in known:
            problems.append(Problem(f"gaps.{index}.word", "no_word"))
        elif word in used and content.get("reuse", False) is not True:
            problems.append(Problem(f"gaps.{index}.word", "word_twice"))
        used.append(word)
    return problems


def _clean_gap(gap: Mapping[str, Any], value: object, paper: Paper) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise BadResponse("bad_shape")
    if gap["kind"] == "typed":
        if len(value) > LONGEST:
            raise BadResponse("too_long", limit=LONGEST)
        if not storable(value):
            raise BadResponse("unreadable_text")
        return value if value.strip() else ""
    return id_of(value, paper[_choices_of(gap["id"])] if gap["kind"] == "choice" else paper["words"])


def _shown(gap: Mapping[str, Any], token: str, number: int, given: str, paper: Paper) -> Gap:
    if gap["kind"] == "typed":
        return Gap(token, number, "typed", text=given)
    if gap["kind"] == "drag":
        return Gap(token, number, "drag", chosen=tokens(paper["words"]).get(given, ""))
    names, texts = tokens(paper[_choices_of(gap["id"])]), _texts(gap["options"])
    choices = tuple(Choice(name, texts[key], chosen=key == given) for key, name in names.items())
    return Gap(token, number, "choice", chosen=names.get(given, ""), choices=choices)


def _is_right(gap: Mapping[str, Any], given: str, content: Content) -> bool:
    if not given:
        return False
    if gap["kind"] == "typed":
        return match(given, gap["accept"], slips=forgiving(content)) is not None
    return bool(given == _right(gap))


def _right(gap: Mapping[str, Any]) -> str:
    """Return the id of the right choice or word of a gap."""
    if gap["kind"] == "drag":
        return str(gap["word"])
    return next(option["id"] for option in gap["options"] if option.get("correct"))


def _said(gap: Mapping[str, Any], given: str, words: Mapping[str, LocalizedText]) -> LocalizedText:
    """Return what stands in a gap as a text."""
    if gap["kind"] == "typed":
        return LocalizedText(ar=given, en=given)
    return (words if gap["kind"] == "drag" else _texts(gap["options"]))[given]


def _part(
    gap: Mapping[str, Any],
    token: str,
    number: int,
    given: str,
    content: Content,
    words: Mapping[str, LocalizedText],
) -> Part:
    state: State = "missed" if not given else "right" if _is_right(gap, given, content) else "wrong"
    right = first_answers(gap["accept"]) if gap["kind"] == "typed" else _said(gap, _right(gap), words)
    return Part(
        token,
        state,
        _number(number),
        chosen=bool(given),
        partner=_said(gap, given, words) if given else None,
        right_partner=right,
    )


def _slips(content: Content, given: Mapping[str, str]) -> tuple[Note, ...]:
    """Return a note for each typed gap that counts in spite of its spelling."""
    found = []
    for number, gap in enumerate(content["gaps"], start=1):
        typed = given.get(gap["id"], "") if gap["kind"] == "typed" else ""
        met = match(typed, gap["accept"], slips=forgiving(content)) if typed else None
        if met and not met.exact:
            found.append(Note("gap_spelling_note", {"number": number, "accepted": met.accepted}))
    return tuple(found)


def _number(number: int) -> LocalizedText:
    return LocalizedText(ar=str(number), en=str(number))


def _named(name: LocalizedText, text: LocalizedText | None) -> LocalizedText:
    said = text or LocalizedText()
    return LocalizedText(ar=f"{name.ar}: {said.show('ar')}", en=f"{name.en}: {said.show('en')}")


def _by_id(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in entries}


def _texts(entries: list[dict[str, Any]]) -> dict[str, LocalizedText]:
    return {entry["id"]: text_of(entry) for entry in entries}
