"""Choices with weights, as other systems write them, brought to our single and multiple choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from academy.assessment.exchange.shape import Draft, change

NEAR = 0.02


@dataclass(frozen=True, slots=True)
class Weighed:
    """A choice as a file has it; weight 100 earns everything, below 0 takes points away."""

    text: Mapping[str, str]
    weight: float
    feedback: Mapping[str, str] = field(default_factory=dict)


def choose(draft: Draft, choices: Sequence[Weighed]) -> None:
    """Put weighed choices into a single or multiple choice draft, noting what our ways of scoring change."""
    draft.content["options"] = [_option(number, choice, draft.type) for number, choice in enumerate(choices, start=1)]
    weights = [choice.weight for choice in choices]
    if draft.type == "single":
        if any(0 < weight < 100 - NEAR for weight in weights):
            draft.note(change("partly_right"))
        if any(weight < 0 for weight in weights):
            draft.note(change("negative"))
        return
    right = [weight for weight in weights if weight > 0]
    share = 100 / len(right) if right else 100
    expected = [share if weight > 0 else -share for weight in weights]
    draft.content["scoring"] = "partial"
    if any(abs(weight - wanted) > NEAR for weight, wanted in zip(weights, expected, strict=True)):
        draft.note(change("weights"))


def _option(number: int, choice: Weighed, type: str) -> dict[str, Any]:
    right = choice.weight >= 100 - NEAR if type == "single" else choice.weight > 0
    option: dict[str, Any] = {"id": f"o{number}", "text": dict(choice.text), "correct": right}
    if any(choice.feedback.values()):
        option["feedback"] = dict(choice.feedback)
    return option


def weights_of(content: Mapping[str, Any]) -> list[str]:
    """Return the weight of each choice of a multiple choice as other systems write it, like 33.33333."""
    right = sum(bool(option.get("correct")) for option in content["options"])
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    return [share if option.get("correct") else f"-{share}" for option in content["options"]]


def match(draft: Draft, pairs: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]) -> None:
    """Put pairs into a matching draft; the same right text is one right side, an empty left one is a distractor."""
    rights: list[dict[str, str]] = []
    lefts: list[dict[str, Any]] = []
    answer: dict[str, str] = {}
    for left, right in pairs:
        if dict(right) not in rights:
            rights.append(dict(right))
        if any(left.values()):
            key = f"l{len(lefts) + 1}"
            lefts.append({"id": key, "text": dict(left)})
            answer[key] = f"r{rights.index(dict(right)) + 1}"
    sides = [{"id": f"r{number}", "text": text} for number, text in enumerate(rights, start=1)]
    draft.content |= {"left": lefts, "right": sides, "answer": answer}


def pairs_of(content: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return the (left, right) texts of a matching question; right sides that serve nobody come last, left empty."""
    rights = {side["id"]: side["text"] for side in content["right"]}
    made = [(side["text"], rights[content["answer"][side["id"]]]) for side in content["left"]]
    spare = [text for key, text in rights.items() if key not in content["answer"].values()]
    return [*made, *(({}, text) for text in spare)]


def as_matching(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a question on categories as that of a matching one: items left, categories right."""
    names = {"items": "left", "categories": "right"}
    return {names.get(name, name): value for name, value in content.items()}


def in_order(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the texts of an ordering question in their right order."""
    texts = {item["id"]: item["text"] for item in content["items"]}
    return [texts[key] for key in content["answer"]]


def order(draft: Draft, texts: Sequence[Mapping[str, str]]) -> None:
    """Put texts in their right order into an ordering draft."""
    items = [{"id": f"i{number}", "text": dict(text)} for number, text in enumerate(texts, start=1)]
    draft.content |= {"items": items, "answer": [item["id"] for item in items]}
