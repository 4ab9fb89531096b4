"""Texts with gaps in Moodle XML: embedded answers (cloze), words to select (gapselect), words to drag (ddwtos).

Docs: docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type, …/Select_missing_words_question_type,
…/Drag_and_drop_into_text_question_type. In the last two a marker [[2]] names the second word of the list, here the
second gap. What is asked stands in a first line of its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, Note, Taken, change, loss
from academy.assessment.exchange.texts import accepted, as_html, filled, localized, other_language
from academy.assessment.types.accepting import answers_in
from academy.assessment.types.passage import MARKER
from academy.base.i18n import _, in_language
from academy.base.text import LocalizedText, clean_line

_CLOZE = re.compile(r"\{([0-9]{0,3}):([A-Z_]{2,20}):((?:\\.|[^\\{}]){1,4000})\}")
_ESCAPED = re.compile(r'\\([}#~/"\\])')
_SPECIAL = re.compile(r'[}#~/"\\]')
_ANSWER = re.compile(r"(?:\\.|[^~\\])+")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_FEEDBACK = re.compile(r"(?<!\\)#")
_WILDCARD = re.compile(r"(?<!\\)\*")
TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
CHOSEN = {
    f"{name}{suffix}" for name, suffixes in (("MULTICHOICE", ("", "_S", "_V", "_VS", "_H", "_HS")), ("MC", ("", "S", "V", "VS", "H", "HS")))
    for suffix in suffixes
}  # fmt: skip


# --- Writing ----------------------------------------------------------------


def gap_losses(content: Mapping[str, Any], language: str) -> list[Note]:
    """Return what Moodle does otherwise with a text with gaps."""
    said = [loss("other_language")] if other_language(content, language) else []
    if "\n" in LocalizedText.of(content["stem"]).show(language):
        said.append(change("one_line"))
    if _has(content, "drag") and not _all_drag(content):
        said.append(change("drag_as_list"))
    if content.get("scoring") == "all_or_nothing":
        said.append(change("one_gap_scoring"))
    return said


def _has(content: Mapping[str, Any], kind: str) -> bool:
    return any(gap["kind"] == kind for gap in content["gaps"])


def _all_drag(content: Mapping[str, Any]) -> bool:
    return all(gap["kind"] == "drag" for gap in content["gaps"])


def write_gaps(question: Taken, language: str) -> tuple[Element, str]:
    """Return a question on words to drag, or one with embedded answers, and its text as HTML."""
    content = question.content
    gaps = {gap["id"]: gap for gap in content["gaps"]}
    words = [LocalizedText.of(word["text"]).show(language) for word in content.get("words") or ()]
    places = {word["id"]: place for place, word in enumerate(content.get("words") or (), start=1)}
    made = Element("question", type="ddwtos" if _all_drag(content) else "cloze")
    if _all_drag(content):
        _drag_boxes(made, words, reuse=bool(content.get("reuse")))

    def shown(number: str) -> str:
        gap = gaps[number]
        if made.get("type") == "ddwtos":
            return f"[[{places[gap['word']]}]]"
        return as_html(_cloze(gap, words, places, language))

    text, place, parts = LocalizedText.of(content["text"]).show(language), 0, []
    for found in MARKER.finditer(text):
        parts += [as_html(text[place : found.start()]), shown(str(int(found.group(1))))]
        place = found.end()
    stem = clean_line(LocalizedText.of(content["stem"]).show(language))
    return made, f"<p>{as_html(stem)}</p><p>{''.join([*parts, as_html(text[place:])])}</p>"


def _drag_boxes(made: Element, words: Sequence[str], *, reuse: bool) -> None:
    SubElement(made, "shuffleanswers").text = "1"
    for word in words:
        box = SubElement(made, "dragbox")
        SubElement(box, "text").text = word
        SubElement(box, "group").text = "1"
        if reuse:
            SubElement(box, "infinite")


def _cloze(gap: Mapping[str, Any], words: Sequence[str], places: Mapping[str, int], language: str) -> str:
    if gap["kind"] == "typed":
        answers = [f"={_quoted(answer)}".replace("*", "\\*") for answer in dict.fromkeys(answers_in(gap["accept"]))]
        return f"{{1:SHORTANSWER:{'~'.join(answers)}}}"
    if gap["kind"] == "drag":
        right = places[gap["word"]]
        options = [(word, place == right) for place, word in enumerate(words, start=1)]
    else:
        options = [
            (LocalizedText.of(each["text"]).show(language), bool(each.get("correct"))) for each in gap["options"]
        ]
    choices = (("=" if right else "") + _quoted(text) for text, right in options)
    return f"{{1:MULTICHOICE:{'~'.join(choices)}}}"


def _quoted(text: str) -> str:
    quoted = _SPECIAL.sub(lambda found: f"\\{found.group()}", clean_line(text))
    return f"%100%{quoted}" if _WEIGHT.match(text) else quoted


# --- Reading ----------------------------------------------------------------


def _parts(draft: Draft, texts: Any) -> str:
    """Take the first line as what is asked, if it has no gap; return the rest, in the language of the file."""
    source = draft.content["stem"]
    text = source.get(texts.language) or "".join(source.values())
    first, _line, rest = text.partition("\n")
    if not rest or MARKER.search(first) or _CLOZE.search(first):
        with in_language(texts.language):
            first, rest = str(_("Fill in the gaps.")), text
    draft.type, draft.content["stem"] = "gap_fill", filled(first, texts.language)
    if all(source.values()):
        draft.note(loss("other_language"))
    return rest


def _read_cloze(draft: Draft, question: Element, texts: Any) -> None:
    gaps: list[dict[str, Any]] = []
    weights: set[str] = set()

    def marked(found: re.Match[str]) -> str:
        weights.add(found.group(1) or "1")
        number = str(len(gaps) + 1)
        gaps.append({"id": number, **_embedded(draft, found.group(2), found.group(3), texts.language)})
        return f"[[{number}]]"

    rest = _parts(draft, texts)
    text = _CLOZE.sub(marked, rest)
    if not gaps:
        raise CannotTake("not_understood")
    if len(weights) > 1:
        draft.note(change("weights_of_gaps"))
    draft.content |= {"text": filled(text, texts.language), "gaps": gaps, "scoring": "partial"}


def _embedded(draft: Draft, name: str, inside: str, language: str) -> dict[str, Any]:
    if name not in TYPED | CHOSEN:
        raise CannotTake("numeric_gap")
    answers = [_weighed(draft, answer) for answer in _ANSWER.findall(inside)]
    if any(0 < weight < 100 for _text, weight in answers):
        draft.note(change("partly_right"))
    if name in TYPED:
        right = [text for text, weight in answers if weight >= 100]
        if any(_WILDCARD.search(text) for text in right):
            raise CannotTake("wildcard")
        if name in ("SHORTANSWER_C", "SAC", "MWC"):
            draft.note(change("case"))
        return {"kind": "typed", "accept": accepted([text.replace("\\*", "*") for text in right], language)}
    return {
        "kind": "choice",
        "options": [
            {"id": f"o{number}", "text": filled(text, language), **({"correct": True} if weight >= 100 else {})}
            for number, (text, weight) in enumerate(answers, start=1)
        ],
    }


def _weighed(draft: Draft, answer: str) -> tuple[str, float]:
    body = answer.strip()
    weight = 100.0 if body.startswith("=") else 0.0
    body = body.removeprefix("=")
    if said := _WEIGHT.match(body):
        weight, body = float(said.group(1)), body[said.end() :]
    text, *feedback = _FEEDBACK.split(body, maxsplit=1)
    if feedback and feedback[0].strip():
        draft.note(loss("feedback"))
    return _ESCAPED.sub(r"\1", text).strip(), weight


def _numbered(text: str, take: Callable[[int, str], None]) -> str:
    """Give each marker its number as a gap; `take` hears the number of the word it named and of the gap."""
    count = 0

    def marked(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        take(int(found.group(1)), str(count))
        return f"[[{count}]]"

    return MARKER.sub(marked, text)


def _choices(question: Element, name: str, texts: Any) -> list[tuple[dict[str, str], str]]:
    """Return the words of a list with their groups."""
    return [
        (localized(inner_text(each.find("text")), texts.language, texts.notes), inner_text(each.find("group")).strip())
        for each in question.findall(name)
    ]


def _chosen(choices: Sequence[tuple[dict[str, str], str]], place: int) -> tuple[dict[str, str], str]:
    if not 1 <= place <= len(choices):
        raise CannotTake("no_key")
    return choices[place - 1]


def _read_select(draft: Draft, question: Element, texts: Any) -> None:
    choices, gaps = _choices(question, "selectoption", texts), []

    def take(place: int, number: str) -> None:
        right, group = _chosen(choices, place)
        offered = [text for text, of in choices if of == group]
        options = [
            {"id": f"o{n}", "text": text, **({"correct": True} if text == right else {})}
            for n, text in enumerate(offered, start=1)
        ]
        gaps.append({"id": number, "kind": "choice", "options": options})

    text = _numbered(_parts(draft, texts), take)
    draft.content |= {"text": filled(text, texts.language), "gaps": gaps, "scoring": "partial"}


def _read_drag(draft: Draft, question: Element, texts: Any) -> None:
    choices, gaps = _choices(question, "dragbox", texts), []
    words: list[dict[str, str]] = []
    for each, _group in choices:
        if each not in words:
            words.append(each)
    if len({group for _text, group in choices}) > 1:
        draft.note(change("one_bank"))

    def take(place: int, number: str) -> None:
        right, _group = _chosen(choices, place)
        gaps.append({"id": number, "kind": "drag", "word": f"w{words.index(right) + 1}"})

    text = _numbered(_parts(draft, texts), take)
    draft.content |= {
        "text": filled(text, texts.language),
        "gaps": gaps,
        "words": [{"id": f"w{place}", "text": word} for place, word in enumerate(words, start=1)],
        "scoring": "partial",
    }
    if len(words) < len(choices) or question.find("dragbox/infinite") is not None:
        draft.content["reuse"] = True


GAP_READERS: dict[str, Callable[[Draft, Element, Any], None]] = {
    "cloze": _read_cloze,
    "multianswer": _read_cloze,
    "gapselect": _read_select,
    "ddwtos": _read_drag,
}
