"""An imported QTI item, run by its own rules: for items that no type of our own can hold."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from academy.assessment.qti.bodies import Mark, Words, body_of, feedback_of, plain_of, stem_of
from academy.assessment.qti.bounds import LARGEST_SOURCE, NotUnderstood
from academy.assessment.qti.declarations import Declared
from academy.assessment.qti.interactions import CannotDraw, Interaction, sound_item
from academy.assessment.qti.items import Drawn, Item, share_of
from academy.assessment.qti.values import NUMERIC, Value, as_text, value_of
from academy.assessment.rules.papers import shuffled
from academy.assessment.types.base import Content, FormValues, Paper, QuestionType, Response, separator
from academy.assessment.types.checking import LANGUAGES, exact_number, fields
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import BadResponse, Control, Note, Problem
from academy.assessment.types.qti_fields import Asked, field_of, kept_of, number_typed, value_in
from academy.base.i18n import _, _l, in_language
from academy.base.strict_xml import UnsoundXml
from academy.base.text import LocalizedText

MOST_FIELDS = 2000
KINDS_OF_VALUES = ("value", "correct", "default")


class Qti(QuestionType):
    """Raw {"answers": {field: [values]}}, stored {"answers": {response variable: [texts]}} (see `qti_fields`).

    Content: `item` (the XML, as it came), `language` ("ar" or "en") of its texts, `most` (the most points, used unless
    the item works out a MAXSCORE of its own), `stem` (its body as plain text, for lists). The share earned is SCORE of
    the most points, within 0 and 1. Template values are drawn for each paper and kept on it as "value A", "correct R",
    "default R"; orders as "order R" and "others R"; "chance" seeds rules that draw while they score.
    """

    name = "qti"
    label = _l("QTI item")
    authored = False

    def _check(self, content: Content) -> list[Problem]:
        source, most = content.get("item"), exact_number(content.get("most"))
        if content.get("language") not in LANGUAGES or not isinstance(source, str) or len(source) > LARGEST_SOURCE:
            return [Problem("item", "bad_item")]
        if most is None or most <= 0:
            return [Problem("most", "bad_most")]
        try:
            sound_item(source)
        except (UnsoundXml, NotUnderstood, CannotDraw, RecursionError):
            return [Problem("item", "bad_item")]
        return []

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return the orders and, for items that draw, the values of one attempt."""
        item, interactions = sound_item(content["item"])
        drawn = _draw(item, rng)
        mixed = content.get("shuffle") is not False
        paper: Paper = {}
        for each in interactions:
            shuffle = each.shuffle and (mixed or each.kind == "order")
            for name, options in (("order", each.options), ("others", each.targets if each.kind == "match" else ())):
                shown = [option for option in options if option.shown(drawn.templates)]
                if shown:
                    free = [option.identifier for option in shown if not option.fixed]
                    moved = iter(shuffled(free, rng) if shuffle else free)
                    paper[f"{name} {each.response}"] = [o.identifier if o.fixed else next(moved) for o in shown]
        if item.draws:
            for kind, values in zip(KINDS_OF_VALUES, (drawn.templates, drawn.correct, drawn.defaults), strict=True):
                paper |= {f"{kind} {name}": [str(each) for each in value.members] for name, value in values.items()}
        if item.chancy:
            paper["chance"] = [str(int(rng.random() * 2**53))]
        return paper

    def drawn(self, content: Content, paper: Paper) -> Content:
        """Return the content together with its paper: keys may be drawn too."""
        return {**content, "paper": paper}

    def asked(self, content: Content, paper: Paper) -> LocalizedText:
        """Return the body as plain text with the values of this paper."""
        item, interactions = sound_item(content["item"])
        worded = stem_of(item, interactions, Words(_drawn(item, paper).templates))
        return _in(content, worded) if worded else LocalizedText.of(content["stem"])

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the body, cut where the fields stand, and the fields."""
        item, interactions = sound_item(content["item"])
        words, kept = Words(_drawn(item, paper).templates), _kept(response)
        asked = _asked(interactions, paper)
        pieces = tuple(
            field_of(
                asked[piece.interaction], piece.part, kept.get(interactions[piece.interaction].response, ()), words
            )
            if isinstance(piece, Mark)
            else piece
            for piece in body_of(item, interactions, words)
        )
        return Control(self.name, pieces=pieces, language=content["language"])

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        own = {
            name.removeprefix(f"{prefix}-"): values
            for name, values in form_values.items()
            if name.startswith(f"{prefix}-r")
        }
        return {"answers": {name: [value for value in values if value] for name, values in own.items()}}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"answers": …} of the interactions that have an answer; None without any."""
        answers = fields(response, "answers")
        if answers is None:
            return None
        if not isinstance(answers, dict) or len(answers) > MOST_FIELDS or not all(map(_is_list, answers.values())):
            raise BadResponse("bad_shape")
        asked = _asked(sound_item(content["item"])[1], paper)
        given = {name: values for name, values in answers.items() if values}
        if {name.split("-")[0] for name in given} - {each.name for each in asked}:
            raise BadResponse("unknown_choice")
        found = {each.interaction.response: kept_of(each, given) for each in asked}
        kept = {name: values for name, values in found.items() if values}
        return {"answers": kept} if kept else None

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn of numbers that are none and of parts left empty."""
        if not response:
            return ()
        interactions, kept = sound_item(content["item"])[1], _kept(response)
        numeric = [each for each in interactions if each.base in ("integer", "float") and kept.get(each.response)]
        unread = any(number_typed(each, kept[each.response]) is None for each in numeric)
        partly = any(each.response not in kept for each in interactions)
        return (*((Note("not_a_number"),) if unread else ()), *((Note("incomplete"),) if partly else ()))

    def outcomes(self, content: Content, response: Response | None) -> dict[str, Value]:
        """Return what the item's rules make of a response, by outcome; nothing when they break off."""
        item, interactions = sound_item(content["item"])
        paper, kept = content.get("paper") or {}, _kept(response)
        given = {each.response: value_in(each, kept.get(each.response, ())) for each in interactions}
        try:
            return item.mark(given, _drawn(item, paper), Random(_chance(paper)))
        except NotUnderstood:
            return {}

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return SCORE of the most points; an item may reward leaving it empty, and rules that break off earn 0."""
        return share_of(self.outcomes(content, response), Fraction(exact_number(content["most"]) or 0))

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each interaction; what the item says to the answer counts as explanation, as it may tell the key."""
        whole = self.drawn(content, paper)
        item, interactions = sound_item(content["item"])
        drawn, share, kept = _drawn(item, paper), self.score(whole, response), _kept(response)
        words = Words(drawn.templates)
        outcomes = self.outcomes(whole, response)
        said = feedback_of(item, outcomes, Words({**drawn.templates, **outcomes}))
        parts, right = [], []
        for number, each in enumerate(interactions, start=1):
            given, key = kept.get(each.response, ()), drawn.correct.get(each.response, Value())
            state = _state(each, given, key, share, alone=len(interactions) == 1)
            label = _label(each, number, words, content)
            key_text = _said(each, [as_text(member) for member in key.members], words)
            given_text = _said(each, given, words) if given else None
            shown = key_text if not key.null and state != "right" else None
            parts.append(Part(f"p{number}", state, label, bool(given), partner=given_text, right_partner=shown))
            if not key.null:
                right.append(_joined(label, key_text))
        unanswered = (Note("unanswered"),) if not share else ()
        return Feedback(
            correct=share == 1,
            share=share,
            parts=tuple(parts),
            correct_answer=tuple(right),
            notes=self.warnings(content, response) if response else unanswered,
            explanation=_in(content, "\n".join(said)),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the answers in the order of the interactions, with the values of the paper where `drawn` put it."""
        kept, paper = _kept(response), content.get("paper")
        if not kept:
            return ""
        item, interactions = sound_item(content["item"])
        words = Words(None if paper is None else _drawn(item, paper).templates)
        told = [_said(each, kept[each.response], words) for each in interactions if kept.get(each.response)]
        return "; ".join(text.show(language) for text in told)


def _is_list(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _kept(response: Response | None) -> Mapping[str, Sequence[str]]:
    return response["answers"] if response else {}


def _in(content: Content, text: str) -> LocalizedText:
    return LocalizedText(**{content["language"]: text})


def _chance(paper: Mapping[str, Any]) -> int:
    return int(paper.get("chance", ["0"])[0])


def _draw(item: Item, rng: Random) -> Drawn:
    """Draw the values of an attempt; rules that break off leave what is declared."""
    try:
        return item.draw(rng)
    except NotUnderstood:
        return item.undrawn()


def _drawn(item: Item, paper: Paper) -> Drawn:
    """Return what a paper has drawn; an example for a page without a paper."""
    if not item.draws:
        return item.undrawn()
    if not any(name.startswith("value ") for name in paper) and item.declared.templates:
        return _draw(item, Random(0))
    known = {"value": item.declared.templates, "correct": item.declared.responses, "default": item.declared.responses}
    found = [
        {name: _exactly(paper[f"{kind} {name}"], one) for name, one in known[kind].items() if f"{kind} {name}" in paper}
        for kind in KINDS_OF_VALUES
    ]
    return Drawn(*found)


def _exactly(texts: Sequence[str], declared: Declared) -> Value:
    """Return a value as papers keep it: truths and numbers as Python writes them, so that no fraction is rounded."""
    if declared.base in NUMERIC:
        return Value(declared.base, declared.cardinality, tuple(Fraction(text) for text in texts))
    return value_of(
        [text.lower() for text in texts] if declared.base == "boolean" else texts, declared.base, declared.cardinality
    )


def _asked(interactions: Sequence[Interaction], paper: Paper) -> list[Asked]:
    return [
        Asked(
            number,
            each,
            paper.get(f"order {each.response}", [option.identifier for option in each.options]),
            paper.get(f"others {each.response}", [option.identifier for option in each.targets]),
        )
        for number, each in enumerate(interactions)
    ]


def _state(each: Interaction, given: Sequence[str], key: Value, share: Fraction, *, alone: bool) -> State:
    """Mark one interaction: by the whole score where that is clear, else by its declared key."""
    if not given:
        return "missed" if not key.null and share < 1 else "neutral"
    if share == 1 or (alone and not share):
        return "right" if share else "wrong"
    if key.null:
        return "neutral"
    return "right" if key.same(value_in(each, given)) else "neutral" if alone else "wrong"


def _label(each: Interaction, number: int, words: Words, content: Content) -> LocalizedText:
    """Return how an interaction is called in a result: its prompt, else its number."""
    prompt = each.element.find("prompt")
    asked = plain_of(prompt, words) if prompt is not None else ""
    if asked:
        return _in(content, asked)
    named = {}
    for language in LANGUAGES:
        with in_language(language):
            named[language] = _("Answer %(number)s", number=number)
    return LocalizedText(**named)


def _said(each: Interaction, kept: Sequence[str], words: Words) -> LocalizedText:
    """Return what was kept of an interaction in the words of the item."""
    texts = {option.identifier: plain_of(option.element, words) for option in each.options}
    texts |= {option.identifier: plain_of(option.element, words) for option in each.targets if each.kind == "match"}
    if each.kind == "gap":
        texts |= {target.identifier: str(place) for place, target in enumerate(each.targets, start=1)}
    if each.kind == "order":
        kept = sorted(kept, key=lambda entry: int(entry.split(" ")[1]) if " " in entry else 0)
        words_of = [texts.get(entry.split(" ")[0], entry) for entry in kept]
    else:
        words_of = [": ".join(texts.get(key, key) for key in entry.split(" ")) if texts else entry for entry in kept]
    return LocalizedText(**{language: separator(language).join(words_of) for language in LANGUAGES})


def _joined(label: LocalizedText, text: LocalizedText) -> LocalizedText:
    between = " " if label.show("en")[-1:] in ".:?!؟" else ": "
    return LocalizedText(**{code: f"{label.show(code)}{between}{text.show(code)}" for code in LANGUAGES})
