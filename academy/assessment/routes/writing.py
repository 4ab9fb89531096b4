"""What writing and trying a question have in common, whether it stands in a quiz or lies in the bank."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from secrets import randbelow
from typing import Any, Protocol

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms import QuestionForm
from academy.assessment.forms.rows import act_on_rows
from academy.assessment.queries_of_attempts import Mark
from academy.assessment.refusals_of_editing import ChangedMeanwhile
from academy.assessment.rules import seeded_rng
from academy.assessment.rules.papers import AsWritten
from academy.assessment.types import BadResponse, Feedback, kind
from academy.base.errors import Invalid, Refusal
from academy.base.text import LocalizedText
from academy.catalogue.kinds import lookups
from academy.web.filters import plain

SEEDS = 2**31
WITH_OPTIONS = ("single", "multiple", "true_false", "hotspot")
Choices = list[tuple[str, str]]


class Shown(Protocol):
    """A question that can be written and tried."""

    @property
    def type(self) -> str: ...
    @property
    def content(self) -> Any: ...
    @property
    def stem(self) -> LocalizedText: ...
    @property
    def worth(self) -> int: ...
    @property
    def sound(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """What the form of a question leads to.

    `keep` saves what was typed and returns an id, `mark` tells the present state after somebody else has saved, `after`
    answers once it is kept (given the id and the button pressed), `page` draws the form, `prepare` takes in what came
    beside its fields.
    """

    keep: Callable[[QuestionForm], int]
    mark: Callable[[], str]
    after: Callable[[int, str], ResponseReturnValue]
    page: Callable[[QuestionForm, Refusal | None], str]
    prepare: Callable[[QuestionForm], None] = lambda form: None


def carry_out(form: QuestionForm, writing: Writing) -> ResponseReturnValue:
    """Carry out what was pressed on the form of a question, or show it."""
    act, refused = request.form.get("act", ""), None
    writing.prepare(form)
    if act == "picture" or (act and act_on_rows(form, act)):
        return writing.page(form, None), 200
    if form.validate_on_submit():
        try:
            kept = writing.keep(form)
        except services.UnusableQuestion as refusal:
            form.show(refusal.problems)
        except Invalid as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as refusal:
            refused, form.seen.data = refusal, writing.mark()
        else:
            return writing.after(kept, act)
    status = refused.status if refused else 422 if form.errors else 200
    return writing.page(form, refused), status


def competency_choices(own: list[str], present: str | None) -> tuple[Choices, Choices]:
    """Return the choices of competencies: those named first, then all others; a key that is used stays on offer."""
    known = lookups.competency_choices() if lookups.competency_choices else []
    names = {key: f"{key} · {plain(name)}" for key, name in known}
    if present and present not in names and present not in own:
        own = [*own, present]
    return [(key, names.get(key, key)) for key in own], [(key, name) for key, name in names.items() if key not in own]


def try_out(template: str, question: Shown, **context: Any) -> ResponseReturnValue:
    """Answer a question as a learner would and see the feedback at once; nothing is kept."""
    of_type, sound = kind(question.type), question.sound
    seed = request.form.get("seed", type=int, default=None) if request.method == "POST" else None
    seed = randbelow(SEEDS) if seed is None else seed % SEEDS
    response, mark, error = None, None, ""
    paper = of_type.paper(question.content, seeded_rng(seed, 1)) if sound else {}
    if sound and request.method == "POST":
        try:
            response = of_type.read(request.form.to_dict(flat=False), question.content, paper, "answer")
            mark = _mark(question, response, paper)
        except BadResponse as bad:
            error = bad.for_reader()
    page = render_template(
        template,
        question=question,
        label=of_type.label,
        control=of_type.control(question.content, paper, response) if sound else None,
        stem=of_type.asked(question.content, paper) if sound else question.stem,
        terms=of_type.terms(question.content) if sound else (),
        prefix="answer",
        seed=seed,
        mark=mark,
        error=error,
        **context,
    )
    return page, 422 if error else 200


def right_answers(type_name: str, content: Mapping[str, Any]) -> list[LocalizedText]:
    """Return the right answer of a question, for a trainer to check."""
    of_type = kind(type_name)
    return list(of_type.feedback(content, None, of_type.paper(content, AsWritten())).correct_answer)


def picture_of(type_name: str, content: Mapping[str, Any]) -> Feedback | None:
    """Return what is told of a question on a picture, the right places included; None for a question without one."""
    if "image" not in content:
        return None
    of_type = kind(type_name)
    return of_type.feedback(content, None, of_type.paper(content, AsWritten()))


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option of a question as a trainer checks it."""

    text: LocalizedText
    right: bool


def options_of(type_name: str, content: Mapping[str, Any]) -> list[OptionRow]:
    """Return every option of a question of choice, or every area of a picture, the right ones marked; else nothing."""
    if type_name not in WITH_OPTIONS:
        return []
    of_type = kind(type_name)
    parts = of_type.feedback(content, None, of_type.paper(content, AsWritten())).parts
    return [OptionRow(part.text, part.state == "missed") for part in parts]


def _mark(question: Shown, response: Any, paper: dict[str, list[str]]) -> Mark:
    of_type = kind(question.type)
    feedback = of_type.feedback(question.content, response, paper)
    earned = None if feedback.share is None else Fraction(question.worth) * feedback.share
    return Mark(1, question.worth, question.type, of_type.asked(question.content, paper), feedback, earned)
