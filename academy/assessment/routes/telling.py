"""What a reviewer reads of a question beside its text: everything that it asks and everything that counts, in full."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from academy.assessment.forms.gaps import KINDS as GAP_KINDS
from academy.assessment.forms.writing import TOLERANCES, UNIT_RULES
from academy.assessment.routes.writing import options_of, picture_of, right_answers
from academy.assessment.types import kind
from academy.assessment.types.accepting import answers_in
from academy.assessment.types.base import separator
from academy.assessment.types.calculated import examples
from academy.assessment.types.checking import exact_number
from academy.assessment.types.rubrics import criterion_points
from academy.assessment.types.units import unit_of
from academy.assessment.types.written import KIND_LABELS
from academy.base.i18n import _, current_language, ngettext
from academy.base.numbers import in_figures
from academy.base.text import LocalizedText, isolate
from academy.web.filters import digits, number

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is told of a question: its name, its lines, and whether their order means something."""

    title: str
    lines: Sequence[str]
    ordered: bool = False


def reading_of(type_name: str, content: Content, sound: bool) -> dict[str, Any]:
    """Return what the template `edit_parts/told.html` and the picture need; a question that cannot be used tells nothing."""
    told, answers = (told_of(type_name, content), right_answers(type_name, content)) if sound else ([], [])
    return {
        "options": options_of(type_name, content) if sound else [],
        "answers": [] if type_name in TOLD_WHOLE else answers,
        "in_order": type_name == "ordering",
        "told": told,
        "picture": picture_of(type_name, content) if sound else None,
        "terms": kind(type_name).terms(content) if sound else (),
        "hint": LocalizedText.of(content.get("hint")),
        "explanation": LocalizedText.of(content.get("explanation")),
    }


def told_of(type_name: str, content: Content) -> list[Told]:
    """Return what is asked and what counts beside the stem, the choices and the right answer, without empty parts."""
    tell = _TELLERS.get(type_name)
    return [each for each in (tell(content) if tell else ()) if any(each.lines)]


def _shown(text: Any) -> str:
    return _apart(LocalizedText.of(text).show(current_language()))


def _apart(authored: str) -> str:
    """Keep what somebody wrote from turning the line around it: each of its lines runs in its own direction."""
    return "\n".join(isolate(line) for line in authored.split("\n"))


def _entries(content: Content, name: str) -> list[str]:
    return [_shown(entry["text"]) for entry in content.get(name) or ()]


def _listed(texts: Sequence[str]) -> str:
    return separator(current_language()).join(texts)


def _figure(value: object) -> str:
    return number(exact_number(value) or Decimal(0))


def _points(value: int) -> str:
    return ngettext("%(num)s point", "%(num)s points", value, num=number(value))


def _choices(content: Content) -> list[Told]:
    options = content["options"]
    feedback = [f"{_shown(each['text'])}: {_shown(each['feedback'])}" for each in options if each.get("feedback")]
    return [Told(_("Feedback to those who choose it"), feedback)]


def _accepted(accept: Content | None) -> list[Told]:
    accept = accept or {}
    return [
        Told(_("Accepted answers in Arabic"), [_apart(each) for each in accept.get("ar") or ()]),
        Told(_("Accepted answers in English"), [_apart(each) for each in accept.get("en") or ()]),
    ]


def _short_text(content: Content) -> list[Told]:
    half = [_apart(each) for each in answers_in(content.get("partly"))]
    return [*_accepted(content["accept"]), Told(_("Answers worth half of the points"), half)]


def _gaps(content: Content) -> list[Told]:
    words = {each["id"]: _shown(each["text"]) for each in content.get("words") or ()}
    return [
        Told(_("Text with gaps"), [_shown(content["text"])]),
        Told(_("Gaps"), [_gap(gap, words) for gap in content["gaps"]]),
        Told(_("Bank of words"), list(words.values())),
    ]


def _gap(gap: Content, words: Mapping[str, str]) -> str:
    if gap["kind"] == "typed":
        right, wrong = _listed([_apart(each) for each in answers_in(gap["accept"])]), ""
    elif gap["kind"] == "drag":
        right, wrong = words[gap["word"]], ""
    else:
        right = _listed([_shown(each["text"]) for each in gap["options"] if each.get("correct")])
        wrong = _listed([_shown(each["text"]) for each in gap["options"] if not each.get("correct")])
    good, bad = _("Right"), _("Wrong choices")
    line = f"[[{gap['id']}]] {dict(GAP_KINDS)[gap['kind']]} · {good}: {right}"
    return f"{line} · {bad}: {wrong}" if wrong else line


def _numeric(content: Content) -> list[Told]:
    unit, rule = unit_of(content), content.get("unit_rule") or "optional"
    shown = _apart(unit.show(current_language())) if unit else ""
    tolerance = (
        f"{_figure(content.get('tolerance') or 0)} · {dict(TOLERANCES)[content.get('tolerance_kind') or 'absolute']}"
    )
    units = [f"1 {_shown(each['text'])} = {_figure(each['factor'])} {shown}" for each in content.get("units") or ()]
    return [
        Told(_("Tolerance"), [tolerance] if content.get("tolerance") else []),
        Told(_("Unit of measure"), [f"{shown} · {dict(UNIT_RULES)[rule]}"] if shown else []),
        Told(_("Other accepted units"), units),
    ]


def _calculated(content: Content) -> list[Told]:
    drawn = [
        _("%(name)s: from %(low)s to %(high)s in steps of %(step)s", name=_apart(each["name"]),
          low=_figure(each["low"]), high=_figure(each["high"]), step=_figure(each["step"]))
        for each in content["variables"]
    ]  # fmt: skip
    language = current_language()
    pairs = [(asked.show(language), right.show(language)) for asked, right in examples(content)]
    shown = [in_figures(f"{_apart(asked)} — {_apart(right)}", digits()) for asked, right in pairs]
    return [
        Told(_("Values that are drawn"), drawn),
        Told(_("Formula of the right answer"), [f"\u2066{content['formula']}\u2069"]),
        Told(_("Decimals of the right answer"), [number(content.get("decimals", 2))]),
        *_numeric(content),
        Told(_("Three examples of what learners get"), shown),
    ]


def _matching(content: Content) -> list[Told]:
    used = set(content["answer"].values())
    return [
        Told(
            _("Right sides without a partner"),
            [_shown(each["text"]) for each in content["right"] if each["id"] not in used],
        )
    ]


def _categories(content: Content) -> list[Told]:
    return [Told(_("Categories"), _entries(content, "categories"))]


def _labels(content: Content) -> list[Told]:
    used = set(content["answer"].values())
    extras = [_shown(each["text"]) for each in content["labels"] if each["id"] not in used]
    return [Told(_("Labels that belong nowhere"), extras)]


def _matrix(content: Content) -> list[Told]:
    return [
        Told(_("Statements"), _entries(content, "statements"), ordered=True),
        Told(_("Steps of the scale"), _entries(content, "scale"), ordered=True),
    ]


def _ranking(content: Content) -> list[Told]:
    return [Told(_("Items to rank"), _entries(content, "items"))]


def _marked(content: Content) -> list[Told]:
    rubric = [_criterion(each) for each in content.get("rubric") or ()]
    alone = [] if rubric else [_("None: markers give points out of those of the question.")]
    return [
        Told(_("Rubric"), rubric or alone),
        Told(_("Notes for markers"), [_shown(content["notes"])] if content.get("notes") else []),
    ]


def _criterion(criterion: Content) -> str:
    line = f"{_shown(criterion['text'])} · {_points(criterion_points(criterion))}"
    levels = [f"{_shown(each['text'])} ({_points(each['points'])})" for each in criterion.get("levels") or ()]
    return f"{line}: {_listed(levels)}" if levels else line


def _essay(content: Content) -> list[Told]:
    least, most = content.get("least_words"), content.get("most_words")
    return [
        Told(_("Least words"), [number(least)] if least else []),
        Told(_("Most words"), [number(most)] if most else []),
        *_marked(content),
    ]


def _file(content: Content) -> list[Told]:
    return [
        Told(_("Kinds of file"), [str(KIND_LABELS[name]) for name in content["kinds"]]),
        Told(_("Most files"), [number(content.get("most", 1))]),
        Told(_("Most megabytes of one file"), [number(content.get("megabytes", 10))]),
        *_marked(content),
    ]


_TELLERS: dict[str, Callable[[Content], list[Told]]] = {
    "single": _choices,
    "multiple": _choices,
    "short_text": _short_text,
    "gap_fill": _gaps,
    "numeric": _numeric,
    "calculated": _calculated,
    "matching": _matching,
    "categories": _categories,
    "drag_on_image": _labels,
    "matrix": _matrix,
    "ranking": _ranking,
    "essay": _essay,
    "file": _file,
}
TOLD_WHOLE = ("short_text", "gap_fill", "calculated")  # what is told holds the right answers already, and more of them
