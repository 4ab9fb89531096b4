"""Reading QTI items with gaps in a text: entries, inline lists, or words dragged into it (gapMatch)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from xml.etree.ElementTree import Element

from academy.assessment.exchange.qti_item import Item, own_ids, remove, take_explanation
from academy.assessment.exchange.qti_scoring import MOST_TRIES, NONSENSE, Scorer, agree
from academy.assessment.exchange.shape import CannotTake, Draft, change
from academy.assessment.exchange.texts import accepted, filled
from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.declarations import Declared
from academy.assessment.qti.values import NULL, Value, value_of
from academy.assessment.types import Response
from academy.assessment.types.passage import MARKER
from academy.base.i18n import _, in_language

INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
DRAGGED = "gapMatchInteraction"
OWN_MARK = "type:gap_fill"
STEM = "stem"
_NUMBER = re.compile(r"(?:RESPONSE_|G)([1-9][0-9]?)")
_BLANKS = re.compile(r"\n{2,}")


def holds_gaps(interactions: Sequence[str], marks: Sequence[str]) -> bool:
    """Whether an item with these interactions is a text with gaps: several inside a text, or words to drag into it."""
    if interactions == [DRAGGED]:
        return True
    inline = bool(interactions) and all(each in INLINE for each in interactions)
    return inline and (len(interactions) > 1 or OWN_MARK in marks)


class _GapItem(Item):
    several = True


def read_gap_item(root: Element, language: str, marks: Sequence[str]) -> tuple[Draft, Fraction]:
    """Return the text with gaps of an item, and its most points. Raises CannotTake."""
    item = _GapItem(root, language)
    draft = item.draft
    draft.type = "gap_fill"
    candidates = _dragged(item) if item.interaction.tag == DRAGGED else _inline(item)
    _texts(item)
    take_explanation(item)
    draft.read_marks(marks)
    points = _keep_scoring(item, candidates)
    draft.note(*item.notes)
    return draft, points


def _numbers(names: Sequence[str]) -> dict[str, str]:
    """Return the number of each gap: the one in its name where we named it, else its place."""
    own = [_NUMBER.fullmatch(name) for name in names]
    if all(own) and len({found[1] for found in own if found}) == len(names):
        return {name: found[1] for name, found in zip(names, own, strict=True) if found}
    return {name: str(place) for place, name in enumerate(names, start=1)}


def _mark(element: Element, number: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", f"[[{number}]]", tail


# --- Entries and lists ----------------------------------------------------------------


Candidate = tuple[str, Value, str]  # the gap, what the item would get, what ours holds
Candidates = Mapping[str, Sequence[Candidate]]


def _inline(item: _GapItem) -> Candidates:
    """Take the gaps of interactions inside the text; return the answers to try for each."""
    by_response = {each.get("responseIdentifier", ""): each for each in item.interactions}
    declared = [name for name in item.declared.responses if name in by_response]
    if len(declared) < len(item.interactions) or len(declared) < len(item.declared.responses):
        raise CannotTake("several_parts")
    numbers, gaps, candidates = _numbers(declared), [], {}
    for name in declared:
        element, response = by_response[name], item.declared.responses[name]
        number = numbers[name]
        gap, options = _gap(item, element, response)
        gaps.append({"id": number, **gap})
        candidates[name] = [(number, NULL, ""), *((number, value, ours) for value, ours in options)]
    for name in declared:
        _mark(by_response[name], numbers[name])
    item.draft.content["gaps"] = gaps
    return candidates


def _gap(item: _GapItem, element: Element, response: Declared) -> tuple[dict[str, object], list[tuple[Value, str]]]:
    if response.cardinality != "single":
        raise CannotTake("several_parts")
    if element.tag == "inlineChoiceInteraction":
        choices = element.findall("inlineChoice")
        names = own_ids(choices, "o")
        right = _right(response)
        options = [
            {"id": names[each.get("identifier", "")], "text": item.text(each)}
            | ({"correct": True} if each.get("identifier") in right[:1] else {})
            for each in choices
        ]
        tried = [(value_of([name], response.base, "single"), ours) for name, ours in names.items()]
        return {"kind": "choice", "options": options}, tried
    if response.base != "string":
        raise CannotTake("numeric_gap")
    answers = _right(response)
    tried = [(value_of([text], "string", "single"), text) for text in [*answers, NONSENSE]]
    return {"kind": "typed", "accept": accepted(answers, item.language)}, tried


def _right(response: Declared) -> list[str]:
    """Return the right values of a gap: as declared, then those mapped to the most points."""
    found = [str(each) for each in response.correct.members]
    entries = response.mapping.entries if response.mapping else ()
    best = max((points for _key, points, _case in entries), default=Fraction(0))
    found += [key for key, points, _case in entries if points == best > 0]
    if not found:
        raise CannotTake("no_key")
    return list(dict.fromkeys(found))


# --- Words to drag ----------------------------------------------------------------


def _dragged(item: _GapItem) -> Candidates:
    """Take the words and the gaps they go into; return the answers to try for each gap."""
    if len(item.interactions) > 1 or len(item.declared.responses) > 1:
        raise CannotTake("several_parts")
    words, places = list(item.interaction.iter("gapText")), list(item.interaction.iter("gap"))
    if item.interaction.find(".//gapImg") is not None:
        raise CannotTake("image")
    names = own_ids(words, "w")
    pairs = [text.split() for text in _right(item.response)]
    if any(len(pair) != 2 or pair[0] not in names for pair in pairs):
        raise CannotTake("not_understood")
    into = {gap: word for word, gap in pairs}
    known = [each.get("identifier", "") for each in places]
    if set(into) != set(known) or len(set(known)) < len(known):
        raise CannotTake("bad_gap")
    numbers = _numbers(list(into))
    item.draft.content |= {
        "words": [{"id": names[each.get("identifier", "")], "text": item.text(each)} for each in words],
        "gaps": [{"id": numbers[gap], "kind": "drag", "word": names[word]} for gap, word in into.items()],
    }
    if any(each.get("matchMax", "1") != "1" for each in words):
        item.draft.content["reuse"] = True
    for each in words:
        _drop(item.interaction, each)
    for each in places:
        _mark(each, numbers[each.get("identifier", "")])
    _open(item.interaction)
    single = item.response.cardinality == "single"
    return {
        gap: [(numbers[gap], NULL, "")]
        + [
            (numbers[gap], value_of([f"{name} {gap}"], item.response.base, "single" if single else "multiple"), ours)
            for name, ours in names.items()
        ]
        for gap in into
    }


def _drop(root: Element, child: Element) -> None:
    for parent in root.iter():
        if child in list(parent):
            remove(parent, child)
            return


def _open(interaction: Element) -> None:
    """Make an interaction a block of the text around it."""
    prompt = interaction.find("prompt")
    if prompt is not None:
        prompt.tag = "p"
    tail = interaction.tail
    interaction.attrib.clear()
    interaction.tag, interaction.tail = "div", tail


# --- The texts ----------------------------------------------------------------


def _texts(item: _GapItem) -> None:
    """Part what is asked from the text: by our own mark, else the lines before the line of the first gap."""
    own = item.body.find(f"p[@class='{STEM}']")
    stem = ""
    if own is not None:
        stem = item.text(own)[item.language]
        remove(item.body, own)
    text = item.text(item.body)[item.language]
    if own is None:
        text = _BLANKS.sub("\n", text)
        first = MARKER.search(text)
        start = text.rfind("\n", 0, first.start()) + 1 if first else 0
        stem, text = text[:start].strip(), text[start:]
    if not stem:
        with in_language(item.language):
            stem = _("Fill in the gaps.")
    item.draft.content |= {"stem": filled(stem, item.language), "text": filled(text, item.language)}


# --- Scoring ----------------------------------------------------------------


def _keep_scoring(item: _GapItem, candidates: Candidates) -> Fraction:
    """Set the way of scoring so that ours agrees with the item on every answer tried; return its most points."""
    if item.root.find("responseProcessing") is None:
        item.draft.note(change("unscored"))
        return Fraction(1)
    run = Scorer(item.runs, item.response)
    ours: list[Response | None] = []
    scores: list[Fraction] = []
    try:
        for tried in _tries(candidates):
            filled_in = {number: text for number, _value, text in tried.values() if text}
            ours.append({"gaps": filled_in} if filled_in else None)
            scores.append(run.score_all(_answers(item, tried)))
    except NotUnderstood as error:
        raise CannotTake("custom_scoring") from error
    return agree(item.draft, item.runs, ours, scores)


def _tries(candidates: Candidates) -> Iterator[Mapping[str, Candidate]]:
    """Yield all answers where they are few, else one gap changed at a time from everything first, and from nothing."""
    names = list(candidates)
    if prod(len(each) for each in candidates.values()) <= MOST_TRIES:
        for made in product(*candidates.values()):
            yield dict(zip(names, made, strict=True))
        return
    empty = {name: each[0] for name, each in candidates.items()}
    first = {name: each[min(1, len(each) - 1)] for name, each in candidates.items()}
    yield from (empty, first)
    changed = ({**start, name: one} for start in (first, empty) for name in names for one in candidates[name])
    yield from islice(changed, MOST_TRIES)


def _answers(item: _GapItem, tried: Mapping[str, Candidate]) -> dict[str, Value]:
    if item.interaction.tag != "div":
        return {name: value for name, (_number, value, _text) in tried.items()}
    members = [str(member) for _number, value, _text in tried.values() for member in value.members]
    if not members:
        return {item.response.identifier: NULL}
    return {item.response.identifier: value_of(members, item.response.base, item.response.cardinality)}
