"""How far scores can be trusted where everyone answers other questions: generalizability theory over drawn papers."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil, fsum, sqrt
from typing import NamedTuple

from academy.assessment.rules.reliability import Consistency, consistency, effective_length, variance
from academy.assessment.rules.statistics import ENOUGH_ATTEMPTS

FREEDOM = 30
SMALL = 1e-12


class Scored(NamedTuple):
    """One answer: whose, to which question, the share earned (0 to 1), and what the question was worth on that paper."""

    person: Hashable
    question: Hashable
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of shares: between people, between questions, and of what is left over (people by questions, and chance)."""

    people: float
    questions: float
    rest: float


@dataclass(frozen=True, slots=True)
class Decided:
    """How sure the verdict at a pass mark is: `dependable` is phi(lambda); `consistency` None where it cannot be told."""

    dependable: float
    consistency: Consistency | None


@dataclass(frozen=True, slots=True)
class Generalizability:
    """What scores on papers of about `length` questions are worth; `mean`, `deviation` and `error` in percentage points.

    `dependable` (phi) is the reliability where everyone has a paper of their own: a hard paper counts as error.
    `relative` (E rho squared) is what it would be if all had the same paper. `error` is the standard error of a score.
    `decided` tells of the verdict at the pass mark.
    """

    attempts: int
    length: float
    mean: float
    deviation: float
    components: Components
    dependable: float
    relative: float
    error: float
    decided: Decided


def generalizability(answers: Iterable[Scored], pass_percent: int) -> Generalizability | None:
    """Return what the scores of papers with different questions are worth; None when there is not enough to tell.

    People and questions are random, each answer X = mean + person + question + rest. The variance components come from
    the analysis of variance for unbalanced designs with empty cells (Henderson 1953, Biometrics 9, 226-252, method 1;
    Brennan 2001, Generalizability Theory, chapter 7, "analogous ANOVA"); negative estimates become 0 (same, chapter 3).
    Scores on papers drawn for each person are an I:p design, in which differences between papers are error; there E rho
    squared equals phi (same, chapters 1 and 4). With unequal points a paper has the length 1 / sum of squared weights.
    On complete data `relative` is Cronbach's alpha, wherever that is not negative. Not enough: fewer than
    `ENOUGH_ATTEMPTS` people, a paper with fewer than two questions, or fewer than `FREEDOM` degrees of freedom left over
    (answers - people - questions + 1), as where hardly anyone shares a question with another.
    """
    given = [answer for answer in answers if answer.points > 0]
    papers: dict[Hashable, list[Scored]] = defaultdict(list)
    for answer in given:
        papers[answer.person].append(answer)
    asked = {answer.question for answer in given}
    if len(papers) < ENOUGH_ATTEMPTS or min(map(len, papers.values())) < 2:
        return None
    if len(given) - len(papers) - len(asked) + 1 < FREEDOM:
        return None
    found = components(given)
    if found is None:
        return None
    scores = [_weighted(paper) for paper in papers.values()]
    thin = fsum(_thinness(paper) for paper in papers.values()) / len(papers)
    people, absolute, relative = found.people, thin * (found.questions + found.rest), thin * found.rest
    mean = fsum(scores) / len(scores)
    return Generalizability(
        attempts=len(papers),
        length=1 / thin,
        mean=100 * mean,
        deviation=100 * sqrt(variance(scores)),
        components=found,
        dependable=_share(people, absolute),
        relative=_share(people, relative),
        error=100 * sqrt(absolute),
        decided=_decided(people, absolute, mean, _doubt(papers.values(), found), pass_percent),
    )


def _decided(people: float, absolute: float, mean: float, doubt: float, pass_percent: int) -> Decided:
    """Return how sure the verdict at a pass mark is; all but the mark on the scale of shares, `doubt` of the mean.

    `dependable` is the index of dependability at a cut score, (V + d) / (V + d + E): V the variance between people, E the
    absolute error variance, d the squared distance of the mean from the mark, less the variance of the mean, never below 0
    (Brennan and Kane 1977, Journal of Educational Measurement 14, 277-289; Brennan 2001, chapters 2 and 5). The further
    people are from the mark, the surer the verdict; at the mark it is phi. `consistency` is the share of people who get the
    same verdict on two drawn papers: the beta-binomial of `reliability.consistency` at the effective length of Livingston
    and Lewis 1995, with phi as the reliability, since other papers are the error, and V + E as the variance of scores.
    """
    distance = max(0.0, (mean - pass_percent / 100) ** 2 - doubt)
    spread = people + absolute
    reliability = _share(people, absolute)
    length = effective_length(mean, spread, reliability)
    cut = 0 if length is None else ceil(length * pass_percent / 100 - SMALL)
    verdict = None if length is None else consistency(length, mean, reliability, cut)
    whole = spread + distance
    return Decided((people + distance) / whole if whole > SMALL else 0.0, verdict)


def _doubt(papers: Iterable[list[Scored]], found: Components) -> float:
    """Return the variance of the mean score: of each component, by the weight that its people, questions, answers have."""
    kept = list(papers)
    weights: dict[Hashable, float] = defaultdict(float)
    single = 0.0
    for paper in kept:
        whole = len(kept) * fsum(each.points for each in paper)
        for each in paper:
            weights[each.question] += each.points / whole
            single += (each.points / whole) ** 2
    shared = fsum(weight * weight for weight in weights.values())
    return found.people / len(kept) + found.questions * shared + found.rest * single


def components(given: list[Scored]) -> Components | None:
    """Return the variance components by method 1, none below 0; None when the design does not tell them apart."""
    count = len(given)
    middle = fsum(answer.share for answer in given) / count
    by_person = _sums((answer.person, answer.share - middle) for answer in given)
    by_question = _sums((answer.question, answer.share - middle) for answer in given)
    people, questions = len(by_person), len(by_question)
    shared_people = sum(times * times for times, _sum in by_person.values()) / count
    shared_questions = sum(times * times for times, _sum in by_question.values()) / count
    among_people = fsum(sum * sum / times for times, sum in by_person.values())
    among_questions = fsum(sum * sum / times for times, sum in by_question.values())
    whole = fsum((answer.share - middle) ** 2 for answer in given)
    solved = _solve(
        [
            [count - shared_people, people - shared_questions, people - 1, among_people],
            [questions - shared_people, count - shared_questions, questions - 1, among_questions],
            [count - shared_people, count - shared_questions, count - 1, whole],
        ]
    )
    return Components(*(max(0.0, value) for value in solved)) if solved else None


def _sums(values: Iterable[tuple[Hashable, float]]) -> Mapping[Hashable, tuple[int, float]]:
    kept: dict[Hashable, list[float]] = defaultdict(list)
    for key, value in values:
        kept[key].append(value)
    return {key: (len(found), fsum(found)) for key, found in kept.items()}


def _solve(rows: list[list[float]]) -> list[float] | None:
    """Solve three equations by elimination with the largest pivot; None when they do not decide."""
    size = len(rows)
    scale = max(abs(value) for row in rows for value in row[:size]) or 1.0
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        if abs(rows[place][place]) <= SMALL * scale:
            return None
        for other in range(size):
            if other != place:
                factor = rows[other][place] / rows[place][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [rows[place][size] / rows[place][place] for place in range(size)]


def _weighted(paper: list[Scored]) -> float:
    return fsum(each.share * each.points for each in paper) / fsum(each.points for each in paper)


def _thinness(paper: list[Scored]) -> float:
    whole = fsum(each.points for each in paper)
    return fsum((each.points / whole) ** 2 for each in paper)


def _share(true: float, error: float) -> float:
    """The share of true differences in all of them; 0 when nobody differs."""
    return true / (true + error) if true > SMALL else 0.0
