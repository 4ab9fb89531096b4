"""Reading one QTI item (2.1, 2.2 or 3.0): taken only when one of our types scores every answer as the item does."""

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from academy.assessment.exchange.numbers import number
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.qti_gap_reading import holds_gaps, read_gap_item
from academy.assessment.exchange.qti_item import FEEDBACK, Item, interactions_in, own_ids, remove, take_explanation
from academy.assessment.exchange.qti_picture_reading import PICTURED, read_picture_item
from academy.assessment.exchange.qti_scoring import keep_scoring
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, Taken, change, label_of, loss
from academy.assessment.exchange.texts import accepted
from academy.assessment.qti.documents import brought_to_2

ITEM = "assessmentItem"


def label_of_item(root: Element) -> str:
    """Return how an item is called in a list."""
    body = root.find("itemBody")
    return label_of(root.get("title") or "") or label_of(inner_text(body)) or label_of(root.get("identifier") or "")


def read_item(
    root: Element,
    language: str,
    marks: Sequence[str] = (),
    weight: str | None = None,
    album: Album | None = None,
    folder: str = "",
) -> Taken:
    """Return the question of an item with QTI 2 names; raises CannotTake. `folder` is where it lies in its package."""
    body = root.find("itemBody")
    found = [each.tag for each in interactions_in(body)] if body is not None else []
    if holds_gaps(found, marks):
        draft, points = read_gap_item(root, language, marks)
    elif len(found) == 1 and found[0] in PICTURED:
        draft, points = read_picture_item(root, language, marks, album or Album(), folder)
    else:
        draft, points = _read_plain(Item(root, language), marks)
    if number(weight or "1") is not None:
        draft.worth(float(Fraction(weight or "1") * points))
    return draft.finish()


def _read_plain(item: Item, marks: Sequence[str]) -> tuple[Draft, Fraction]:
    """Return the question of an item with one plain interaction, and its most points."""
    draft = item.draft
    kind = item.interaction.tag
    reader = _READERS.get(kind)
    if kind == "extendedTextInteraction":
        raise CannotTake("essay")
    if reader is None:
        raise CannotTake("other_type", type=kind[:40])
    names = reader(item)
    if any(element.tag in FEEDBACK and element.tag != "feedbackInline" for element in item.body.iter()):
        draft.note(loss("feedback"))
    most_choices = item.interaction.get("maxChoices", "0")
    draft.content["stem"] = item.stem()
    take_explanation(item)
    draft.read_marks(marks)
    rules = item.root.find("responseProcessing")
    if draft.type == "ranking":
        draft.note(*item.notes)
        return draft, Fraction(1)
    points = keep_scoring(draft, item.runs, item.response, rules, names, most_choices)
    draft.note(*item.notes)
    return draft, points


def _choice(item: Item) -> dict[str, str]:
    choices = [each for each in item.interaction if each.tag in ("simpleChoice", "inlineChoice")]
    names = own_ids(choices, "o")
    several = item.response.cardinality != "single" and item.interaction.get("maxChoices") != "1"
    if not several and set(names) == {"true", "false"}:
        item.draft.type = "true_false"
        return names
    item.draft.type = "multiple" if several else "single"
    item.draft.content["options"] = [_option(item, choice, names) for choice in choices]
    if item.interaction.get("shuffle", "false") != "true" or any(choice.get("fixed") == "true" for choice in choices):
        item.draft.content["shuffle"] = False
    return names


def _option(item: Item, choice: Element, names: dict[str, str]) -> dict[str, object]:
    option: dict[str, object] = {"id": names[choice.get("identifier", "")], "text": item.text(choice)}
    for feedback in choice.iter("feedbackInline"):
        if feedback.get("identifier") == choice.get("identifier") and feedback.get("showHide", "show") == "show":
            option["feedback"] = item.text(feedback, strict=False)
        else:
            item.draft.note(loss("feedback"))
    return option


def _order(item: Item) -> dict[str, str]:
    choices = item.interaction.findall("simpleChoice")
    names = own_ids(choices, "i")
    item.draft.type = "ordering" if _asks_for_an_order(item) else "ranking"
    item.draft.content["items"] = [
        {"id": names[choice.get("identifier", "")], "text": item.text(choice)} for choice in choices
    ]
    return names


def _asks_for_an_order(item: Item) -> bool:
    """Whether an order is right or scored; an item that knows neither asks for an opinion."""
    scored = item.root.find("responseProcessing") is not None or "SCORE" in item.declared.outcomes
    return scored or bool(item.response.correct.members)


def _match(item: Item) -> dict[str, str]:
    sets = [each.findall("simpleAssociableChoice") for each in item.interaction.findall("simpleMatchSet")]
    if len(sets) != 2:
        raise CannotTake("not_understood")
    names = own_ids([*sets[0], *sets[1]], "m")
    item.draft.type = "matching"
    for side, choices in zip(("left", "right"), sets, strict=True):
        item.draft.content[side] = [
            {"id": names[choice.get("identifier", "")], "text": item.text(choice)} for choice in choices
        ]
    return names


def _entry(item: Item) -> dict[str, str]:
    if item.response.cardinality != "single":
        raise CannotTake("other_type", type="textEntryInteraction")
    if item.response.base in ("integer", "float"):
        item.draft.type = "numeric"
        _unit(item)
    elif item.response.base == "string":
        item.draft.type = "short_text"
        entries = item.response.mapping.entries if item.response.mapping else ()
        best = max((points for _key, points, _case in entries), default=Fraction(0))
        answers = [str(each) for each in item.response.correct.members]
        answers += [key for key, points, _case in entries if points == best and points > 0]
        if any(0 < points < best for _key, points, _case in entries):
            item.draft.note(change("partly_right"))
        item.draft.content["accept"] = accepted(answers, item.language)
    else:
        raise CannotTake("not_understood")
    return {}


def _unit(item: Item) -> None:
    """Take our own mark for the unit of measure out of the text."""
    for parent in list(item.body.iter()):
        for child in [each for each in parent.findall("span") if each.get("class") == "unit"]:
            item.draft.content["unit"] = item.text(child)
            remove(parent, child)


_READERS = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "textEntryInteraction": _entry,
}

__all__ = ["ITEM", "Item", "brought_to_2", "label_of_item", "read_item"]
