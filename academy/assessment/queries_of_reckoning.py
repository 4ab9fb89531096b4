"""Reckoning how a quiz and its questions work as a measurement, over the first attempts of learners: later ones know the questions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from academy.assessment import rules
from academy.assessment.models import GRADED, Attempt, QuizVersion
from academy.assessment.queries_of_editing import EditedQuestion, drawn_questions, edited_questions
from academy.assessment.queries_of_first_answers import Answer, Answers, Learners, first_answers
from academy.assessment.queries_of_gain import GainFigures, gain_figures, sureness_figures
from academy.assessment.queries_of_opinions import Opinions, opinions
from academy.assessment.rules.generalizability import Generalizability, Scored, generalizability
from academy.assessment.types import kind
from academy.base.dates import firsts_of_months, riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText

LAYOUT = 3
BINS = 10
TRUE_FALSE = {"true": True, "false": False}
ARABIC, ENGLISH = "ar", "en"
MONTHS, MONTHS_BACK = 12, timedelta(days=366)


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
class Figures:
    """How one question turned out: `right` earned its whole points; what it is worth where it was drawn is the most it was.

    `difference` is that of partner organisations from the agency, `faces` that of English from Arabic.
    `seconds` is the median time on it among the `timed` people for whom it was measured, None when they are too few.
    A question that is not scored has `opinions` (None below the number of answers that keeps people unrecognised) and
    no other figures than how many were asked and answered.
    """

    version_id: int
    points: int
    asked: int
    answered: int
    right: int
    statistics: rules.ItemStatistics
    choices: tuple[ChoiceCount, ...]
    difference: rules.Difference | None
    faces: rules.Difference | None
    opinions: Opinions | None
    seconds: float | None
    timed: int


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


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A quiz version over `attempts` first attempts: how many lie in each tenth of the scale, how many passed.

    `groups` counts learners of the agency and of partner organisations, as they belonged then; `languages` attempts begun
    in Arabic and in English. `interval` (of the share who passed) and `reliability` stay None until there are
    `ENOUGH_ATTEMPTS`; where not everyone has the same questions there is `drawn` in place of `reliability`; `gain` without a quiz before, `sureness` empty where nobody is asked for it.
    """

    attempts: int
    passed: int
    distribution: tuple[int, ...]
    groups: tuple[int, int]
    languages: tuple[int, int]
    interval: rules.Interval | None
    reliability: rules.Reliability | None
    drawn: Generalizability | None
    questions: tuple[Figures, ...]
    months: tuple[Month, ...]
    gain: GainFigures | None
    sureness: tuple[rules.Sureness, ...]


def reckon(version: QuizVersion, at: datetime) -> Reckoned:
    """Reckon the figures of a quiz version and of each question, in three to six statements.

    They rest on the latest `LATEST` first attempts; whoever calls sees to it that all statements read the same moment.
    """
    answers, learners = first_answers(version.id)
    questions = tuple(
        _figures(question, answers.get(question.version_id, ()), learners) for question in _asked(version.id, answers)
    )
    passed, partners = sum(one.passed for one in learners.values()), sum(one.partner for one in learners.values())
    read = Counter(one.language for one in learners.values())
    enough = len(learners) >= rules.ENOUGH_ATTEMPTS
    trust = _reliability(answers, len(learners), version.pass_percent) if enough else None
    return Reckoned(
        attempts=len(learners),
        passed=passed,
        distribution=_distribution(learners),
        groups=(len(learners) - partners, partners),
        languages=(read[ARABIC], read[ENGLISH]),
        interval=rules.wilson(passed / len(learners), len(learners)) if enough else None,
        reliability=trust,
        drawn=_drawn(answers, version.pass_percent) if enough and not trust else None,
        questions=questions,
        months=tuple(months(version.id, at - MONTHS_BACK)),
        gain=gain_figures(version.id, version.pre_quiz_id) if version.pre_quiz_id else None,
        sureness=sureness_figures(version.id) if version.confidence else (),
    )


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
    """Reliability needs everybody's answer to every scored question; where questions are drawn there is another one."""
    scored = [given for given in answers.values() if given[0].points]
    earned = [[float(answer.earned) for answer in given] for given in scored]
    points = [float(given[0].points) for given in scored]
    alike = all(len({answer.points for answer in given}) == 1 for given in scored)
    complete = alike and bool(earned) and all(len(given) == learners for given in earned)
    return rules.reliability(earned, points, pass_percent) if complete else None


def _drawn(answers: Answers, pass_percent: int) -> Generalizability | None:
    """Return what scores are worth where papers differ."""
    scored = (
        Scored(answer.attempt_id, question, answer.earned / answer.points, answer.worth)
        for question, given in answers.items()
        for answer in given
        if answer.points
    )
    return generalizability(scored, pass_percent)


def _figures(question: EditedQuestion, answers: Sequence[Answer], learners: Learners) -> Figures:
    if not kind(question.type).scored:
        return _opinions(question, answers)
    most = max((answer.points for answer in answers), default=0)
    earned = [answer.out_of(most) for answer in answers]
    totals = [learners[each.attempt_id].earned - each.earned + own for each, own in zip(answers, earned, strict=True)]
    statistics = rules.item_statistics(most, earned, totals)
    return Figures(
        version_id=question.version_id,
        points=question.points,
        asked=len(answers),
        answered=sum(bool(answer.response) for answer in answers),
        right=sum(answer.right for answer in answers),
        statistics=statistics,
        choices=_choices(question, answers, learners, judged=statistics.enough),
        difference=_difference(answers, learners),
        faces=_faces(answers, learners),
        opinions=None,
        seconds=rules.usual_time([answer.seconds for answer in answers]),
        timed=sum(answer.seconds > 0 for answer in answers),
    )


def _opinions(question: EditedQuestion, answers: Sequence[Answer]) -> Figures:
    """Return what was said to a question that is not scored; it has no figures of right and wrong."""
    return Figures(
        version_id=question.version_id,
        points=question.points,
        asked=len(answers),
        answered=sum(bool(answer.response) for answer in answers),
        right=0,
        statistics=rules.item_statistics(0, (), ()),
        choices=(),
        difference=None,
        faces=None,
        opinions=opinions(question.content, [answer.response for answer in answers]),
        seconds=None,
        timed=0,
    )


def _difference(answers: Sequence[Answer], learners: Learners) -> rules.Difference | None:
    """Compare partner organisations with the agency among learners with as many questions right."""
    seen = [(learners[answer.attempt_id], answer.right) for answer in answers]
    return rules.mantel_haenszel(rules.Case(one.right, one.partner, right) for one, right in seen)


def _faces(answers: Sequence[Answer], learners: Learners) -> rules.Difference | None:
    """Compare those who read it in English with those who read it in Arabic among learners with as many questions right.

    Attempts from before their language was recorded are left out.
    """
    seen = [(learners[answer.attempt_id], answer.right) for answer in answers]
    known = [(one, right) for one, right in seen if one.language in (ARABIC, ENGLISH)]
    return rules.mantel_haenszel(rules.Case(one.right, one.language == ENGLISH, right) for one, right in known)


def _taken(response: Mapping[str, Any]) -> Sequence[str]:
    return response.get("choices") or ([response["choice"]] if response.get("choice") else [])


def _choices(
    question: EditedQuestion, answers: Sequence[Answer], learners: Learners, *, judged: bool
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
    """Return the graded attempts by month in Riyadh, from the first of the latest `MONTHS` to the last with any; one statement.

    A month in between without any attempt is told with none.
    """
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
    if not counts:
        return []
    told = [start for start in firsts_of_months(max(counts), MONTHS) if start >= min(counts)]
    return [Month(start, *counts.get(start, (0, 0, 0))) for start in told]
