"""One QTI item while it is read: its body, its interactions, its texts."""

import re
from collections.abc import Sequence
from copy import deepcopy
from xml.etree.ElementTree import Element, tostring

from academy.assessment.exchange.shape import CannotTake, Draft, Note, change, loss
from academy.assessment.exchange.texts import MEDIA, filled, localized
from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.declarations import Declared
from academy.assessment.qti.items import Item as RunnableItem

FEEDBACK = frozenset(("feedbackInline", "feedbackBlock", "rubricBlock"))
GAP = "_____"
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


def interactions_in(body: Element) -> list[Element]:
    """Return the interactions of a body in its order."""
    return [element for element in body.iter() if element.tag.endswith("Interaction")]


class Item:
    """One item while it is read; `several` says whether it may ask for more than one response."""

    several = False

    def __init__(self, root: Element, language: str) -> None:
        self.root, self.language = root, language
        self.notes: list[Note] = []
        body = root.find("itemBody")
        if body is None:
            raise CannotTake("not_understood")
        self.body = deepcopy(body)
        self._refuse_what_no_question_has()
        self.interactions = self._interactions()
        self.interaction = self.interactions[0]
        try:
            self.runs = RunnableItem(root)
        except NotUnderstood as error:
            raise CannotTake(error.code) from error
        if self.runs.chancy:
            raise CannotTake("custom_scoring")
        self.declared = self.runs.declared
        found = self.declared.responses.get(self.interaction.get("responseIdentifier", ""))
        if found is None:
            raise CannotTake("not_understood")
        self.response: Declared = found
        self.draft = Draft("single", {}, root.get("identifier", ""))

    def _refuse_what_no_question_has(self) -> None:
        if self.root.get("adaptive") == "true":
            raise CannotTake("adaptive")
        names = {element.tag for element in self.root.iter()}
        if names & {"templateDeclaration", "templateProcessing", "printedVariable"}:
            raise CannotTake("custom_scoring")
        if any(name in names for name in ("include", "stimulusRef", "assessmentStimulusRef")):
            raise CannotTake("external")
        inside = {element.tag for element in self.body.iter()}
        if inside & MEDIA:
            raise CannotTake("image")
        if "math" in inside:
            raise CannotTake("formula")

    def _interactions(self) -> list[Element]:
        found = interactions_in(self.body)
        if not found:
            raise CannotTake("description")
        if not self.several and (len(found) > 1 or len(self.root.findall("responseDeclaration")) > 1):
            raise CannotTake("several_parts")
        return found

    def text(self, element: Element, *, strict: bool = True) -> dict[str, str]:
        """Return what stands inside an element as a text, feedback left out."""
        copy = without_feedback(deepcopy(element))
        source = tostring(copy, encoding="unicode", method="html", short_empty_elements=True)
        return localized(_inside(source), self.language, self.notes, strict=strict)

    def stem(self) -> dict[str, str]:
        """Return the question: the body, with the prompt at the place of the interaction or a line for a gap."""
        inline = self.interaction.tag in ("textEntryInteraction", "inlineChoiceInteraction")
        prompt = self.interaction.find("prompt")
        tail, here = self.interaction.tail, self.interaction
        kept = list(prompt) if prompt is not None else []
        words = (prompt.text if prompt is not None else None) or ""
        for child in list(here):
            here.remove(child)
        here.clear()
        here.tag, here.tail = ("span" if inline else "div"), tail
        here.text = f" {GAP} " if inline else words
        here.extend([] if inline else kept)
        text = self.text(self.body)[self.language]
        bare = text.removesuffix(GAP).rstrip() if inline else text
        if inline and GAP in bare:
            self.draft.note(change("gap"))
        return filled(bare, self.language)


def _inside(source: str) -> str:
    return source[source.find(">") + 1 : source.rfind("<")] if "</" in source else ""


def without_feedback(element: Element) -> Element:
    """Return an element without the feedback inside it."""
    for parent in list(element.iter()):
        for child in [each for each in parent if each.tag in FEEDBACK]:
            remove(parent, child)
    return element


def remove(parent: Element, child: Element) -> None:
    """Take an element out, leaving the text that follows it."""
    place = list(parent).index(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def take_explanation(item: Item) -> None:
    """Take feedback that is always shown as the explanation; feedback that depends on the answer is lost."""
    rules = item.root.find("responseProcessing")
    changed = {rule.get("identifier") for rule in rules.iter("setOutcomeValue")} if rules is not None else set()
    for feedback in item.root.findall("modalFeedback"):
        outcome = item.declared.outcomes.get(feedback.get("outcomeIdentifier", ""))
        always = outcome is not None and outcome.default.members == (feedback.get("identifier"),)
        if (
            always
            and outcome is not None
            and outcome.identifier not in changed
            and "explanation" not in item.draft.content
        ):
            inner = feedback.find("contentBody")  # QTI 3 wraps what it says
            item.draft.explain(item.text(feedback if inner is None else inner, strict=False))
        else:
            item.draft.note(loss("feedback"))


def own_ids(elements: Sequence[Element], letter: str) -> dict[str, str]:
    """Return our id for each identifier of the file: the same one where it can be an id of ours."""
    given = [element.get("identifier", "") for element in elements]
    if len(set(given)) < len(given):
        raise CannotTake("repeated_id")
    sound = all(_ID.fullmatch(name) for name in given)
    return {name: name if sound else f"{letter}{place}" for place, name in enumerate(given, start=1)}
