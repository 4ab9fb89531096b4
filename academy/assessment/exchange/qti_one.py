"""Reading QTI 1.2 (IMS Question and Test Interoperability: ASI XML Binding, 2002), as older systems still export it.

Choices, short texts and numbers with a range are taken. What a response earns is found by running the item's own
conditions over the responses there are, so that nothing is guessed from the names of answers.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from xml.etree.ElementTree import Element

from academy.assessment.exchange.choices import Weighed, choose
from academy.assessment.exchange.numbers import middle, number
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import (
    CannotTake,
    Draft,
    Entry,
    change,
    label_of,
    loss,
    read_each,
)
from academy.assessment.exchange.texts import accepted, filled, localized, plain_text
from academy.assessment.types import kind

ROOT = "questestinterop"
MOST_TRIED = 8  # choices of which several are right: all 256 selections are tried
MOST_CONDITIONS = 200
_RESPONSES = {"response_lid", "response_str", "response_num", "response_xy", "response_grp"}
_POINTS = ("points_possible", "qmd_weighting")
Given = frozenset[str]
FILE = "file_upload_question"  # Canvas: a question whose answer is a file has no response in its presentation


def read_version_1(root: Element, language: Callable[[str], str]) -> tuple[list[Entry], str]:
    """Return each item of a file, taken or refused, and the language used."""
    told = language(" ".join(inner_text(text) for text in root.iter("mattext")))
    return read_each(root.iter("item"), lambda item: _read(item, told), _label), told


def _label(item: Element) -> str:
    own = [*item.findall("presentation/material/mattext"), *item.findall("presentation/flow/material/mattext")]
    stem = plain_text(" ".join(map(inner_text, own or item.iter("mattext"))), [], strict=False)
    return label_of(stem or item.get("title", ""))


def _read(item: Element, language: str) -> Entry:
    shown = item.find("presentation")
    asked = [each for each in shown.iter() if each.tag in _RESPONSES] if shown is not None else []
    if not asked and (told := _metadata(item).get("question_type")) == FILE:
        raise CannotTake("other_type", type=told)
    if not asked:
        raise CannotTake("description")
    if len(asked) > 1:
        raise CannotTake("several_parts")
    draft = Draft("single", {}, item.get("ident", ""))
    draft.content["stem"] = _stem(draft, shown, asked[0], language)
    points = next((value for name in _POINTS if (value := _metadata(item).get(name))), None)
    draft.worth(points)
    scoring = _Scoring(item)
    if asked[0].tag == "response_lid" and asked[0].find(".//render_choice") is not None:
        _choices(draft, asked[0], scoring, language)
    elif asked[0].tag in ("response_str", "response_num"):
        _typed(draft, asked[0], scoring, language)
    else:
        raise CannotTake("other_type", type=asked[0].tag)
    if any(inner_text(each).strip() for each in item.findall("itemfeedback")):
        draft.note(loss("feedback"))
    return draft.finish()


def _metadata(item: Element) -> dict[str, str]:
    fields = item.iter("qtimetadatafield")
    return {inner_text(each.find("fieldlabel")): inner_text(each.find("fieldentry")).strip() for each in fields}


def _stem(draft: Draft, shown: Element | None, response: Element, language: str) -> dict[str, str]:
    """Return what stands before the response, in it too when it holds its own question."""
    inside = {id(each) for label in response.iter("response_label") for each in label.iter("material")}
    materials = [each for each in shown.iter("material") if id(each) not in inside] if shown is not None else []
    texts = [_text(draft, each, language) for each in materials]
    return {code: "\n".join(text[code] for text in texts if text[code]) for code in ("ar", "en")}


def _text(draft: Draft, material: Element, language: str) -> dict[str, str]:
    if any(each.tag.startswith("mat") and each.tag not in ("material", "mattext", "matemtext", "matbreak")
           for each in material.iter()):  # fmt: skip
        raise CannotTake("image")
    text = material.find("mattext")
    source = inner_text(text)
    if text is not None and text.get("texttype") == "text/html":
        return localized(source, language, draft.notes)
    return filled(source, language)


# --- What a response earns ----------------------------------------------------------------


class _Scoring:
    """The conditions of an item, in their order."""

    def __init__(self, item: Element) -> None:
        self.conditions = list(item.iter("respcondition"))
        if len(self.conditions) > MOST_CONDITIONS:
            raise CannotTake("too_long")

    def score(self, given: Given) -> float:
        """Return what a response earns; conditions go on after one that holds where it says so."""
        total = 0.0
        for condition in self.conditions:
            rules = condition.find("conditionvar")
            if rules is None or not all(_holds(rule, given) for rule in rules):
                continue
            for change_ in condition.findall("setvar"):
                if change_.get("varname", "SCORE").lower() not in ("score", "que_score"):
                    continue
                value = number(inner_text(change_).strip())
                if value is None:
                    raise CannotTake("custom_scoring")
                total = _set(total, change_.get("action", "Set"), float(value))
            if condition.get("continue", "No").lower() != "yes":
                break
        return total

    def values(self, tag: str) -> list[str]:
        """Return what the conditions compare with, in their order."""
        found = (inner_text(each).strip() for condition in self.conditions for each in condition.iter(tag))
        return list(dict.fromkeys(found))


def _set(total: float, action: str, value: float) -> float:
    match action.lower():
        case "set":
            return value
        case "add":
            return total + value
        case "subtract":
            return total - value
    raise CannotTake("custom_scoring")


def _holds(rule: Element, given: Given) -> bool:
    match rule.tag:
        case "varequal":
            return inner_text(rule).strip() in given
        case "and":
            return all(_holds(each, given) for each in rule)
        case "or":
            return any(_holds(each, given) for each in rule)
        case "not":
            return not any(_holds(each, given) for each in rule)
        case "other":
            return True
        case "unanswered":
            return not given
        case "vargte" | "varlte" | "vargt" | "varlt":
            return all(_compares(rule, each) for each in given) and bool(given)
    raise CannotTake("custom_scoring")


def _compares(rule: Element, given: str) -> bool:
    one, other = number(given), number(inner_text(rule).strip())
    if one is None or other is None:
        return False
    if one == other:
        return rule.tag.endswith("te")
    return (one > other) == rule.tag.startswith("vargt")


# --- Choices ----------------------------------------------------------------


def _choices(draft: Draft, response: Element, scoring: _Scoring, language: str) -> None:
    labels = list(response.iter("response_label"))
    names = [label.get("ident", "") for label in labels]
    texts = [_text(draft, material, language) if (material := label.find(".//material")) is not None else {}
             for label in labels]  # fmt: skip
    if response.get("rcardinality", "Single").lower() == "single":
        earned = [scoring.score(frozenset([name])) for name in names]
        most = max(earned, default=0)
        if most <= 0:
            raise CannotTake("no_key")
        choose(draft, [Weighed(text, 100 * each / most) for text, each in zip(texts, earned, strict=True)])
    else:
        _several(draft, names, texts, scoring)
    render = response.find(".//render_choice")
    if render is not None and render.get("shuffle", "No").lower() != "yes":
        draft.content["shuffle"] = False


def _several(draft: Draft, names: Sequence[str], texts: Sequence[dict[str, str]], scoring: _Scoring) -> None:
    """Take several right choices where one of our ways of scoring gives every selection what the file gives it."""
    if len(names) > MOST_TRIED:
        raise CannotTake("too_long")
    earned = {given: max(0.0, scoring.score(given)) for given in _selections(names)}
    most = max(earned.values())
    best = [given for given, score in earned.items() if score == most]
    if most <= 0 or len(best) > 1:
        raise CannotTake("no_key" if most <= 0 else "scores_differently")
    draft.type = "multiple"
    choose(draft, [Weighed(text, 100.0 if name in best[0] else 0.0) for name, text in zip(names, texts, strict=True)])
    draft.notes = [note for note in draft.notes if note.code != "weights"]
    ids = {name: option["id"] for name, option in zip(names, draft.content["options"], strict=True)}
    for scoring_name in kind("multiple").scorings:
        content = {**draft.content, "scoring": scoring_name}
        if all(abs(_ours(content, given, ids) - score / most) < 0.011 for given, score in earned.items()):
            draft.content["scoring"] = scoring_name
            return
    raise CannotTake("scores_differently")


def _selections(names: Sequence[str]) -> Iterator[Given]:
    sizes = range(len(names) + 1)
    return map(frozenset, chain.from_iterable(combinations(names, size) for size in sizes))


def _ours(content: dict[str, object], given: Given, ids: dict[str, str]) -> float:
    chosen = {"choices": sorted(ids[name] for name in given)} if given else None
    return float(kind("multiple").score(content, chosen) or 0)


# --- Typed answers ----------------------------------------------------------------


def _typed(draft: Draft, response: Element, scoring: _Scoring, language: str) -> None:
    words = scoring.values("varequal")
    low, high = scoring.values("vargte"), scoring.values("varlte")
    if not words and not low:
        raise CannotTake("custom_scoring" if scoring.values("vargt") or scoring.values("varlt") else "essay")
    render = response.find("render_fib")
    numeric = response.tag == "response_num" or bool(low or high)
    numeric = numeric or (render is not None and render.get("fibtype", "") in ("Integer", "Decimal"))
    tried = {word: scoring.score(frozenset([word])) for word in (*words, *low, *high)}
    most = max(tried.values())
    right = [word for word, score in tried.items() if score == most]
    if most <= 0:
        raise CannotTake("no_key")
    if any(0 < score < most for score in tried.values()):
        draft.note(change("partly_right"))
    if numeric:
        draft.type = "numeric"
        draft.content["answer"], draft.content["tolerance"] = _range(right)
        if not _earns(scoring, draft.content["answer"], words, most):
            raise CannotTake("several_answers")
        return
    draft.type = "short_text"
    if any(each.get("case", "No").lower() == "yes" for rule in scoring.conditions for each in rule.iter("varequal")):
        draft.note(change("case"))
    draft.content["accept"] = accepted(right, language)


def _range(right: Sequence[str]) -> tuple[str, str]:
    ends = [value for word in right if (value := number(word)) is not None]
    if len(ends) != len(right):
        raise CannotTake("bad_number")
    return middle(min(ends), max(ends))


def _earns(scoring: _Scoring, answer: str, words: Sequence[str], most: float) -> bool:
    """Whether the middle of all right numbers is right too, however the file writes it: else they are no one range."""
    written = [word for word in words if number(word) == number(answer)]
    return any(scoring.score(frozenset([each])) == most for each in [*written, answer])
