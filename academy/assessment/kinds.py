"""What assessment tells learners, and what the slices above lend it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Select

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices import kinds
from academy.notices.kinds import Kind

kinds.add_value("before", _l("The result before"), Fraction(11, 20))
kinds.add_value("after", _l("The result now"), Fraction(7, 10))
kinds.add_value(
    "passed",
    _l("Name of the quiz, when it is passed now"),
    LocalizedText("اختبار الوحدة الأولى", "Quiz of the first unit"),
)
kinds.add_value(
    "waits",
    _l("Name of the quiz, when a person still marks it"),
    LocalizedText("اختبار الوحدة الأولى", "Quiz of the first unit"),
)
kinds.add_value(
    "question",
    _l("What the question asks"),
    LocalizedText("ما أول ما يُقال لمستفيد غاضب؟", "What does one say first to an angry customer?"),
)
ATTEMPT_MARKED = kinds.add(
    Kind(
        "attempt_marked",
        _l("Your result is ready: %(quiz)s"),
        (_l("Your answers to %(quiz)s have been marked and the result is released."),),
        _l("Look at the result"),
        icon="clipboard-check",
        label=_l("Results after marking"),
    )
)
ATTEMPT_REGRADED = kinds.add(
    Kind(
        "attempt_regraded",
        _l("Your result was corrected: %(quiz)s"),
        (
            _l("A question of %(quiz)s was looked at again and your result was corrected."),
            _l("Your score was %(before)s and is now %(after)s."),
            _l("The reason: %(reason)s"),
            _l("You have now passed the quiz %(passed)s."),
        ),
        _l("Look at the result"),
        icon="scale",
        label=_l("Corrected results"),
    )
)
QUESTION_RETURNED = kinds.add(
    Kind(
        "question_returned",
        _l("A question of yours came back from review"),
        (
            _l("%(by)s has returned your question “%(question)s”."),
            _l("What should be changed: %(note)s"),
            _l("Change it, then send it to review again."),
        ),
        _l("Open the question"),
        icon="rotate-ccw",
        label=_l("Questions of mine that came back from review"),
    )
)


@dataclass
class Lookups:
    """`certificates`: course id, people → person id → numbers of their valid certificates of the course.

    `smallest_group`: organisations → the fewest people from them of whom anything is shown.
    `completed`: an attempt → whether the course that it completed gives a certificate, None when it completed none.
    """

    certificates: Callable[[int, Collection[int]], Mapping[int, list[str]]] | None = None
    smallest_group: Callable[[Select[tuple[int]]], int] | None = None
    completed: Callable[[int], bool | None] | None = None


lookups = Lookups()
kinds.belong_to(kinds.TEACHERS, QUESTION_RETURNED)
