"""What the editor reads out of a question's content: its texts, their languages, and a mark of its present state."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from academy.assessment.types.units import unit_of
from academy.base.text import LocalizedText
from academy.catalogue.kinds import NamedText
from academy.catalogue.queries import TextChange, text_changes


def N_(msgid: str) -> str:
    """Return a msgid unchanged; its name marks it for translation."""
    return msgid


LISTS = {
    "options": N_("Choice"),
    "items": N_("Item"),
    "left": N_("Left side"),
    "right": N_("Right side"),
    "categories": N_("Category"),
    "statements": N_("Statement"),
    "scale": N_("Step of the scale"),
    "words": N_("Word"),
    "units": N_("Unit of measure"),
    "regions": N_("Area"),
    "labels": N_("Label"),
}


def texts_of(content: Mapping[str, Any], number: int = 0) -> Iterator[NamedText]:
    """Yield every authored text of a question; `number` is its place in the quiz."""
    yield NamedText(N_("Question"), LocalizedText.of(content.get("stem")), number)
    image = content.get("image") or {}
    yield NamedText(N_("What the picture shows"), LocalizedText.of(image.get("alt")), number)
    yield NamedText(N_("Text with gaps"), LocalizedText.of(content.get("text")), number)
    for name, label in LISTS.items():
        for place, entry in enumerate(content.get(name) or (), start=1):
            yield NamedText(label, LocalizedText.of(entry.get("text")), place)
            yield NamedText(N_("Feedback"), LocalizedText.of(entry.get("feedback")), place)
    for place, gap in enumerate(content.get("gaps") or (), start=1):
        for option in gap.get("options") or ():
            yield NamedText(N_("Choice"), LocalizedText.of(option.get("text")), place)
    yield from _texts_of_rubric(content, number)
    yield NamedText(N_("Unit of measure"), unit_of(content) or LocalizedText(), number)
    yield NamedText(N_("Hint"), LocalizedText.of(content.get("hint")), number)
    yield NamedText(N_("Explanation"), LocalizedText.of(content.get("explanation")), number)


def _texts_of_rubric(content: Mapping[str, Any], number: int) -> Iterator[NamedText]:
    """Yield the texts that markers read."""
    for place, criterion in enumerate(content.get("rubric") or (), start=1):
        yield NamedText(N_("Criterion"), LocalizedText.of(criterion.get("text")), place)
        for level in criterion.get("levels") or ():
            yield NamedText(N_("Level of a criterion"), LocalizedText.of(level.get("text")), place)
    yield NamedText(N_("Notes for markers"), LocalizedText.of(content.get("notes")), number)


def missing_languages(content: Mapping[str, Any]) -> list[str]:
    """Return the languages ("ar", "en") in which some text of the question is written in the other one only."""
    texts = [each.text for each in texts_of(content) if each.text]
    return [language for language in ("ar", "en") if any(not getattr(text, language) for text in texts)]


def mark_of(*state: object) -> str:
    """Return a short mark of the state a page was opened with; another state has another mark."""
    raw = json.dumps(state, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(raw.encode()).hexdigest()[:24]


UNSEARCHED = {"Feedback", "Explanation"}


def searched_texts(content: Mapping[str, Any]) -> list[str]:
    """Return the texts under which a question is found, in both languages: what is asked and what can be answered."""
    texts = [each.text for each in texts_of(content) if each.label not in UNSEARCHED]
    accepted = content.get("accept")
    words = [str(word) for side in accepted.values() for word in side or ()] if isinstance(accepted, Mapping) else []
    return [half for text in texts for half in (text.ar, text.en) if half] + words


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions of a question: texts word by word, facts (label, before, after), the pictures if not one."""

    texts: tuple[TextChange, ...]
    facts: tuple[tuple[str, object, object], ...]
    key_changed: bool
    pictures: tuple[Any, ...] = ()


def differences(before: Any, after: Any) -> Difference:
    """Compare two versions of a question; `key_changed` says that what counts as right, or how it is scored, differs."""
    texts = text_changes(tuple(texts_of(before.content)), tuple(texts_of(after.content)))
    facts = tuple(
        (label, getattr(before, name), getattr(after, name))
        for name, label in FACTS.items()
        if getattr(before, name) != getattr(after, name)
    )
    pictures = before.content.get("image"), after.content.get("image")
    differ = [(each or {}).get("key") for each in pictures]
    changed = _key_of(before.content) != _key_of(after.content)
    return Difference(texts, facts, changed, pictures if differ[0] != differ[1] else ())


FACTS = {"type": N_("Type"), "competency_key": N_("Competency"), "objective": N_("Objective"), "difficulty": N_("Difficulty")}  # fmt: skip
TOLD = ("text", "feedback", "stem", "explanation", "unit", "image")


def _key_of(content: Any) -> Any:
    """Return a content without its texts: ids, marks, answers, scoring."""
    if isinstance(content, Mapping):
        return {name: _key_of(value) for name, value in content.items() if name not in TOLD}
    return [_key_of(each) for each in content] if isinstance(content, list | tuple) else content
