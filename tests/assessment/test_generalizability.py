"""AS19: what scores are worth where papers are drawn: alpha on complete data, known components from sparse data, never nonsense."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment.rules.generalizability import Scored, components, generalizability
from academy.assessment.rules.reliability import alpha
from tests.assessment.test_statistics_pages import course, trainer  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment


def complete(rows):
    return [Scored(p, i, share, 2) for p, row in enumerate(rows) for i, share in enumerate(row)]


@given(st.integers(0, 10**6), st.integers(30, 45), st.integers(3, 8))
@settings(max_examples=25)
def test_on_complete_data_it_is_cronbachs_alpha(seed, count, length):
    rng = Random(seed)
    rows = [[min(1, max(0, round(rng.gauss(0.5, 0.3) + able, 1))) for _ in range(length)]
            for able in [rng.gauss(0, 0.3) for _ in range(count)]]  # fmt: skip
    found, expected = generalizability(complete(rows), 70), alpha(list(zip(*rows, strict=True)))
    if expected is not None and expected > 1e-6:
        assert found.relative == pytest.approx(expected)
    assert 0 <= found.dependable <= found.relative + 1e-12 <= 1 + 1e-12


def test_the_components_of_a_published_way_by_hand():
    """A 3 by 2 table reckoned by the textbook: mean squares 1/6 (people), 2/3 (questions), 1/6 (rest)."""
    found = components(complete([[0, 1], [0, 0], [0, 1]]))
    assert (found.people, found.questions, found.rest) == pytest.approx((0, (2 / 3 - 1 / 6) / 3, 1 / 6))


@pytest.mark.parametrize("points", [(1,), (1, 3)])
def test_sparse_papers_give_back_what_they_were_made_of(points):
    """1,000 people, each with 12 of 80 questions: variances 0.04, 0.02 and 0.12."""
    rng = Random(7)
    hard = [rng.gauss(0, 0.02**0.5) for _ in range(80)]
    answers = [
        Scored(person, question, 0.5 + able + hard[question] + rng.gauss(0, 0.12**0.5), points[place % len(points)])
        for person, able in enumerate(rng.gauss(0, 0.2) for _ in range(1000))
        for place, question in enumerate(rng.sample(range(80), 12))
    ]
    found, made = generalizability(answers, 70), components(answers)
    drawn = sum((h - sum(hard) / 80) ** 2 for h in hard) / 79
    assert made.people == pytest.approx(0.04, abs=0.005)
    assert made.questions == pytest.approx(drawn, abs=0.003)
    assert made.rest == pytest.approx(0.12, abs=0.004)
    length = 12 if len(points) == 1 else 24**2 / (6 * 1 + 6 * 9)
    assert found.length == pytest.approx(length)
    assert found.dependable == pytest.approx(0.04 / (0.04 + (drawn + 0.12) / length), abs=0.03)
    assert found.error == pytest.approx(100 * ((drawn + 0.12) / length) ** 0.5, abs=0.5)


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(6, 20))
@settings(max_examples=40)
def test_nothing_outside_0_and_1_is_ever_said(seed, length, pool):
    rng = Random(seed)
    answers = [
        Scored(person, question, rng.choice((0, 0, 0.5, 1)), rng.choice((1, 2)))
        for person in range(40)
        for question in rng.sample(range(pool), length)
    ]
    found = generalizability(answers, 70)
    assert found is None or (0 <= found.dependable <= 1 and 0 <= found.relative <= 1 and found.error >= 0)


def test_the_verdict_on_another_drawn_paper_is_as_consistent_as_it_is_said_to_be():
    """1,500 people take two papers of 15 out of endless questions: how many get the same verdict is what one paper told."""
    rng = Random(11)
    able = [rng.betavariate(7, 4) for _ in range(1500)]
    for mark in (50, 70):
        papers = [[[rng.random() < each for _ in range(15)] for each in able] for _twice in range(2)]
        passing = [[sum(paper) >= 15 * mark / 100 for paper in sat] for sat in papers]
        same = sum(a == b for a, b in zip(*passing, strict=True)) / len(able)
        pool = [Scored(p, rng.randrange(60), float(right), 1) for p, paper in enumerate(papers[0]) for right in paper]
        found = generalizability(pool, mark)
        assert found.decided.consistency.agreement == pytest.approx(same, abs=0.025)
        assert found.decided.dependable >= found.dependable


@given(st.integers(0, 10**6), st.integers(1, 100))
@settings(max_examples=40)
def test_the_further_from_the_mark_the_surer_the_verdict(seed, mark):
    """Phi(lambda) is never below phi nor above 1, is phi where the mark is the mean, and follows its formula."""
    rng = Random(seed)
    answers = [
        Scored(p, q, rng.choice((0, 0.5, 1)) * (0.4 + 0.6 * (p % 2)), rng.choice((1, 2)))
        for p in range(35)
        for q in rng.sample(range(12), 6)
    ]
    found = generalizability(answers, mark)
    people, error = found.components.people, (found.error / 100) ** 2
    assert found.dependable - 1e-12 <= found.decided.dependable <= 1
    distance = (found.mean / 100 - mark / 100) ** 2
    most = (people + distance) / (people + distance + error)
    assert found.decided.dependable <= most + 1e-12
    assert generalizability(answers, round(found.mean)).decided.dependable == pytest.approx(found.dependable, abs=1e-6)
    sure = found.decided.consistency
    assert sure is None or 0 <= sure.agreement <= 1
    assert (sure is None) or people > 0


def test_not_enough_is_a_result():
    rng = Random(3)
    few = complete([[rng.random() for _ in range(5)] for _ in range(29)])
    single = complete([[rng.random()] for _ in range(40)])
    strangers = [Scored(p, (p, i), rng.random(), 1) for p in range(40) for i in range(5)]
    assert all(generalizability(each, 70) is None for each in (few, single, strangers, []))
    same = generalizability(complete([[1, 1, 1]] * 40), 70)
    assert (same.dependable, same.relative, same.error, same.decided.consistency) == (0, 0, 0, None)


def test_the_page_says_which_reliability_it_shows(visit, trainer, course):  # noqa: F811
    """AS19: of a drawn quiz not alpha but phi, with what it means; too little is said to be too little."""
    trainer.language = "en"
    version = assessment.drawn_quiz(course, domains=(("D1", 3),), bank=5)
    for place in range(30):
        assessment.graded(version, people.person(), right=place % 4)
        if place == 0:
            assessment.reckoned(version)
            page = visit(trainer)
            assert not page.get(f"/teach/{course.key}/questions?quiz={version.id}").select(".measures")
    figures = assessment.reckoned(version)
    assert figures.reliability is None and 0 < figures.drawn.dependable < 1
    words = page.get(f"/teach/{course.key}/questions?quiz={version.id}").select_one(".measures").get_text(" ")
    assert "dependability Φ" in words and "alpha does not apply" in words and "With one paper for all" in words
    assert "on another drawn paper" in words and "Φ(λ)" in words
