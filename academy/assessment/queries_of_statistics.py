"""How a quiz and its questions work as a measurement, over the first attempts of learners: later ones know the questions."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from sqlalchemy import Subquery, select

from academy.accounts.models import Organisation, Person
from academy.assessment import rules
from academy.assessment.models import GRADED, Attempt, AttemptItem
from academy.assessment.queries import exact
from academy.assessment.queries_of_calibration import Scale
from academy.assessment.queries_of_editing import EditedQuestion, drawn_questions, edited_questions
from academy.assessment.queries_of_opinions import Opinions, opinions
from academy.assessment.types import kind
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText

LATEST = 500
BINS = 10
TRUE_FALSE = {"true": True, "false": False}
PARTNER = "partner"
ARABIC, ENGLISH = "ar", "en"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """What became of one option; `right` says whether it is (one of) the right ones."""

    text: LocalizedText | bool
    right: bool
    statistics: rules.ChoiceStatistics

    @property
    def chosen(self) -> int:
        """How many took it."""
        return self.statistics.chosen


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How one question turned out: `right` earned its whole points, `flags` are remarks on it.

    `difference` is that of partner organisations from the agency, `faces` that of English from Arabic.
    `seconds` is the median time on it among the `timed` people for whom it was measured, None when they are too few.

    A question that is not scored has `opinions` (None below the number of answers that keeps people unrecognised) and
    no other figures than how many were asked and answered.
    """

    number: int
    question: EditedQuestion
    asked: int
    answered: int
    right: int
    statistics: rules.ItemStatistics
    choices: tuple[ChoiceCount, ...]
    difference: rules.Difference | None
    faces: rules.Difference | None
    fit: rules.RaschItem | None
    flags: tuple[str, ...]
    opinions: Opinions | None = None
    seconds: float | None = None
    timed: int = 0

    @property
    def omitted(self) -> int:
        """How many left it empty."""
        return self.asked - self.answered


@dataclass(frozen=True, slots=True)
class VersionStatistics:
    """A quiz version over `attempts` first attempts: how many lie in each tenth of the scale, how many passed.

    `groups` counts learners of the agency and of partner organisations, as they belong today; `languages` attempts begun
    in Arabic and in English. `interval` (of the share
    who passed) and `reliability` stay None until there are `ENOUGH_ATTEMPTS`.
    """

    attempts: int
    passed: int
    distribution: tuple[int, ...]
    groups: tuple[int, int]
    languages: tuple[int, int]
    interval: rules.Interval | None
    reliability: rules.Reliability | None
    questions: tuple[QuestionFigures, ...]
    scale: Scale | None

    @property
    def enough(self) -> bool:
        """Whether there are enough attempts to say more than counts."""
        return self.attempts >= rules.ENOUGH_ATTEMPTS

    @property
    def compared(self) -> bool:
        """Whether both groups are large enough to be compared."""
        return min(self.groups) >= rules.ENOUGH_IN_GROUP

    @property
    def faces_compared(self) -> bool:
        """Whether enough attempts were made in each language to compare the two faces of the questions."""
        return min(self.languages) >= rules.ENOUGH_IN_GROUP


@dataclass(frozen=True, slots=True)
class Month:
    """The graded attempts of a month, and the first ones among them with how many of those passed."""

    start: date
    attempts: int
    first: int
    passed: int

    @property
    def pass_rate(self) -> Fraction | None:
        """The share of first attempts that passed; None for groups too small to be spoken of."""
        return Fraction(self.passed, self.first) if self.first >= rules.ENOUGH_PEOPLE else None


class _Answer(NamedTuple):
    """One answer; `points` and `earned` in whole parts of a point (see `_parts`)."""

    attempt_id: int
    points: int
    earned: int
    right: bool
    response: Mapping[str, Any]
    seconds: int
    worth: int

    def out_of(self, most: int) -> int:
        """What it would have earned of `most`: lines of a quiz may draw one question for different points."""
        return self.earned * most // self.points if self.points else 0


class _Learner(NamedTuple):
    """What is known of one first attempt: totals over its questions, in the same parts."""

    partner: bool
    language: str | None
    passed: bool
    earned: int
    points: int
    right: int

    def rest(self, answer: _Answer) -> float:
        """The share earned of the points of all other questions, 0 to 1."""
        others = self.points - answer.points
        return (self.earned - answer.earned) / others if others else 0.0


Answers = Mapping[int, Sequence[_Answer]]
Learners = Mapping[int, _Learner]


def question_figures(quiz_version_id: int, kept: Scale | None = None) -> tuple[QuestionFigures, ...]:
    """Return the figures of each question of a quiz version, in two statements."""
    return version_statistics(quiz_version_id, 0, kept).questions


def version_statistics(quiz_version_id: int, pass_percent: int, kept: Scale | None = None) -> VersionStatistics:
    """Return the figures of a quiz version and of each question, in two statements; `kept` is its calibration.

    They rest on the latest `LATEST` first attempts; the calibration on all that its job has read.
    """
    answers, learners = _first_answers(quiz_version_id)
    questions = tuple(
        _figures(number, question, answers.get(question.version_id, ()), learners, kept)
        for number, question in enumerate(_asked(quiz_version_id, answers), start=1)
    )
    passed, partners = sum(one.passed for one in learners.values()), sum(one.partner for one in learners.values())
    read = Counter(one.language for one in learners.values())
    enough = len(learners) >= rules.ENOUGH_ATTEMPTS
    return VersionStatistics(
        attempts=len(learners),
        passed=passed,
        distribution=_distribution(learners),
        groups=(len(learners) - partners, partners),
        languages=(read[ARABIC], read[ENGLISH]),
        interval=rules.wilson(passed / len(learners), len(learners)) if enough else None,
        reliability=_reliability(answers, len(learners), pass_percent) if enough else None,
        questions=questions,
        scale=kept,
    )


def _first_of(quiz_version_id: int, most: int) -> Subquery:
    return (
        select(Attempt.id, Attempt.passed, Attempt.language, Organisation.kind)
        .join(Person, Person.id == Attempt.learner_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Attempt.quiz_version_id == quiz_version_id, Attempt.state == GRADED)
        .where(Attempt.cycle == 1, Attempt.number == 1)
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(most)
        .subquery()
    )


def _first_answers(quiz_version_id: int) -> tuple[Answers, Learners]:
    """Return the answers by question, in the same order of attempts each, and the totals by attempt."""
    first = _first_of(quiz_version_id, LATEST)
    columns = (
        AttemptItem.question_version_id, AttemptItem.attempt_id, AttemptItem.points, AttemptItem.share, AttemptItem.response,
        AttemptItem.seconds, first.c.passed, first.c.kind, first.c.language,
    )  # fmt: skip
    query = select(*columns).join(first, first.c.id == AttemptItem.attempt_id).where(AttemptItem.voided.is_(False))
    rows = db.session.execute(query.order_by(AttemptItem.attempt_id)).all()
    whole, parts = _parts({row.share for row in rows})
    found: dict[int, list[_Answer]] = defaultdict(list)
    given: dict[int, tuple[bool, str | None, bool, list[_Answer]]] = {}
    for version_id, attempt_id, points, share, response, seconds, passed, group, language in rows:
        answer = _Answer(
            attempt_id, points * whole, points * parts[share], parts[share] == whole, response or {}, seconds, points
        )
        found[version_id].append(answer)
        answers = given.setdefault(attempt_id, (group == PARTNER, language, bool(passed), []))[3]
        if points:
            answers.append(answer)
    learners = {
        attempt_id: _Learner(
            partner,
            language,
            passed,
            sum(answer.earned for answer in answers),
            sum(answer.points for answer in answers),
            sum(answer.right for answer in answers),
        )
        for attempt_id, (partner, language, passed, answers) in given.items()
    }
    return found, learners


def _parts(shares: set[Decimal | None]) -> tuple[int, dict[Decimal | None, int]]:
    """Return into how many parts a point is cut so that every share is a whole number of them, and those numbers."""
    exactly = {share: exact(share) if share is not None else Fraction(0) for share in shares}
    whole = lcm(*(share.denominator for share in exactly.values()))
    return whole, {share: int(value * whole) for share, value in exactly.items()}


def _distribution(learners: Learners) -> tuple[int, ...]:
    """Count the scores in each tenth of the scale: 0 to below 10 %, …, 90 to 100 %."""
    bins = Counter(min(BINS * one.earned // one.points, BINS - 1) for one in learners.values() if one.points)
    return tuple(bins[place] for place in range(BINS))


def _asked(quiz_version_id: int, answers: Answers) -> list[EditedQuestion]:
    """Return the fixed questions of a quiz version, then those that were drawn in some attempt; one statement more."""
    fixed = edited_questions(quiz_version_id)
    drawn = sorted(answers.keys() - {question.version_id for question in fixed})
    worth = {version_id: max(answer.worth for answer in answers[version_id]) for version_id in drawn}
    return [*fixed, *(replace(each, points=worth[each.version_id]) for each in drawn_questions(drawn))]


def _reliability(answers: Answers, learners: int, pass_percent: int) -> rules.Reliability | None:
    """Reliability needs everybody's answer to every scored question; where questions are drawn there is none."""
    scored = [given for given in answers.values() if given[0].points]
    earned = [[float(answer.earned) for answer in given] for given in scored]
    points = [float(given[0].points) for given in scored]
    alike = all(len({answer.points for answer in given}) == 1 for given in scored)
    complete = alike and bool(earned) and all(len(given) == learners for given in earned)
    return rules.reliability(earned, points, pass_percent) if complete else None


def _figures(
    number: int, question: EditedQuestion, answers: Sequence[_Answer], learners: Learners, kept: Scale | None
) -> QuestionFigures:
    if not kind(question.type).scored:
        return _opinions(number, question, answers)
    most = max((answer.points for answer in answers), default=0)
    earned = [answer.out_of(most) for answer in answers]
    totals = [learners[each.attempt_id].earned - each.earned + own for each, own in zip(answers, earned, strict=True)]
    statistics = rules.item_statistics(most, earned, totals)
    choices = _choices(question, answers, learners, judged=statistics.enough)
    difference, faces = _difference(answers, learners), _faces(answers, learners)
    fit = kept.items.get(question.version_id) if kept else None
    answered = sum(bool(answer.response) for answer in answers)
    return QuestionFigures(
        number=number,
        question=question,
        asked=len(answers),
        answered=answered,
        right=sum(answer.right for answer in answers),
        statistics=statistics,
        choices=choices,
        difference=difference,
        faces=faces,
        fit=fit,
        flags=rules.remarks(
            statistics,
            omitted=1 - Fraction(answered, len(answers)) if answers else Fraction(0),
            choices=[choice.statistics for choice in choices],
            difference=difference,
            faces=faces,
            fit=fit,
        ),
        seconds=rules.usual_time([answer.seconds for answer in answers]),
        timed=sum(answer.seconds > 0 for answer in answers),
    )


def _opinions(number: int, question: EditedQuestion, answers: Sequence[_Answer]) -> QuestionFigures:
    """Return what was said to a question that is not scored; it has no figures of right and wrong."""
    return QuestionFigures(
        number=number,
        question=question,
        asked=len(answers),
        answered=sum(bool(answer.response) for answer in answers),
        right=0,
        statistics=rules.item_statistics(0, (), ()),
        choices=(),
        difference=None,
        faces=None,
        fit=None,
        flags=(),
        opinions=opinions(question.content, [answer.response for answer in answers]),
    )


def _difference(answers: Sequence[_Answer], learners: Learners) -> rules.Difference | None:
    """Compare partner organisations with the agency among learners with as many questions right."""
    seen = [(learners[answer.attempt_id], answer.right) for answer in answers]
    return rules.mantel_haenszel(rules.Case(one.right, one.partner, right) for one, right in seen)


def _faces(answers: Sequence[_Answer], learners: Learners) -> rules.Difference | None:
    """Compare those who read it in English with those who read it in Arabic among learners with as many questions right.

    Attempts from before their language was recorded are left out.
    """
    seen = [(learners[answer.attempt_id], answer.right) for answer in answers]
    known = [(one, right) for one, right in seen if one.language in (ARABIC, ENGLISH)]
    return rules.mantel_haenszel(rules.Case(one.right, one.language == ENGLISH, right) for one, right in known)


def _taken(response: Mapping[str, Any]) -> Sequence[str]:
    return response.get("choices") or ([response["choice"]] if response.get("choice") else [])


def _choices(
    question: EditedQuestion, answers: Sequence[_Answer], learners: Learners, *, judged: bool
) -> tuple[ChoiceCount, ...]:
    """Return what became of the options of a question of choice; nothing for other types."""
    options: dict[str, tuple[LocalizedText | bool, bool]] = {
        each["id"]: (LocalizedText.of(each["text"]), bool(each.get("correct")))
        for each in question.content.get("options") or ()
    }
    if question.type == "true_false":
        options = {key: (value, question.content["answer"] is value) for key, value in TRUE_FALSE.items()}
    if not options:
        return ()
    found = rules.choice_statistics(
        list(options),
        [key for key, (_text, right) in options.items() if right],
        [_taken(answer.response) for answer in answers],
        [learners[answer.attempt_id].rest(answer) for answer in answers],
        judged=judged,
    )
    return tuple(ChoiceCount(text, right, found[key]) for key, (text, right) in options.items())


def months(quiz_version_id: int, since: datetime) -> list[Month]:
    """Return the graded attempts by month in Riyadh, the latest `MONTHS` months with any, oldest first; one statement."""
    query = select(Attempt.submitted_at, Attempt.cycle, Attempt.number, Attempt.passed).where(
        Attempt.quiz_version_id == quiz_version_id, Attempt.state == GRADED, Attempt.submitted_at >= since
    )
    counts: dict[date, list[int]] = {}
    for submitted_at, cycle, number, passed in db.session.execute(query):
        if submitted_at is None:
            continue
        month = counts.setdefault(riyadh_day(submitted_at).replace(day=1), [0, 0, 0])
        first = (cycle, number) == (1, 1)
        month[0] += 1
        month[1] += first
        month[2] += first and bool(passed)
    return [Month(start, *counts[start]) for start in sorted(counts)[-MONTHS:]]


def type_label(question: EditedQuestion) -> str:
    """Return the name of a question's type in the reader's language."""
    return str(kind(question.type).label)
