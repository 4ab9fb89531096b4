"""Numbers with values of each learner's own: drawn once, kept with the attempt, right by the formula, said in any digits."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.assessment import services
from academy.assessment.models import AttemptItem
from academy.assessment.queries_of_editing import edited_questions
from academy.assessment.rules import seeded_rng
from academy.assessment.types import kind
from academy.base.db import db
from tests.assessment.test_edit_pages import BASE, activity, address, fields, page, text, trainer
from tests.assessment.test_editing import quiz_of
from tests.factories import accounts as people
from tests.factories import assessment as quizzes

__all__ = ["activity", "page", "trainer"]

OWN = kind("calculated")
VARIABLES = [
    {"name": "a", "low": "1000", "high": "2000", "step": "50"},
    {"name": "b", "low": "1", "high": "90", "step": "0.5"},
]
PERCENTS = {
    "stem": quizzes.text("زار {a} وشكا {b}. كم النسبة؟", "{a} came, {b} complained. What percentage?"),
    "explanation": quizzes.text("النسبة {answer} لأن {b} من {a}", "{answer}, being {b} of {a}"),
    "variables": VARIABLES,
    "formula": "b / a * 100",
    "decimals": 1,
    "tolerance": "0",
}
TYPED = {
    **text("stem", "زار {a} وشكا {b}", "{a} came, {b} complained"), **text("explanation", "هي {answer}", "It is {answer}"),
    "variables-0-name": "a", "variables-0-low": "١٠٠٠", "variables-0-high": "٢٠٠٠", "variables-0-step": "٥٠",
    "variables-1-name": "b", "variables-1-low": "1", "variables-1-high": "90", "variables-1-step": "٠٫٥",
    "formula": "b ÷ a × ١٠٠", "decimals": "1", "tolerance": "", "tolerance_kind": "absolute", "unit_rule": "optional",
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(1, 50))
def test_every_paper_is_within_the_ranges_and_its_answer_is_right(seed, position):
    """AS2, AS8."""
    paper = OWN.paper(PERCENTS, seeded_rng(seed, position))
    assert paper == OWN.paper(PERCENTS, seeded_rng(seed, position))
    a, b = (float(value) for value in paper["values"])
    assert 1000 <= a <= 2000 and a % 50 == 0 and 1 <= b <= 90 and b % 0.5 == 0
    exact = OWN.drawn(PERCENTS, paper)
    assert OWN.score(exact, {"text": exact["answer"]}) == 1
    assert OWN.score(exact, {"text": f"{float(exact['answer']) + 1}"}) == 0
    assert exact["answer"] in OWN.feedback(PERCENTS, None, paper).explanation.en
    assert "{" not in OWN.asked(PERCENTS, paper).en


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"formula": "b / (a - 1500)"}, "formula", "formula_zero_with"),
        ({"formula": "sqrt(b - 50)"}, "formula", "formula_root_with"),
        ({"formula": "a ^ b"}, "formula", "formula_power_with"),
        ({"formula": "b / c"}, "formula", "unknown_variable"),
        ({"formula": "b /"}, "formula", "formula_ends"),
        ({"formula": None}, "formula", "formula_missing"),
        ({"stem": {"ar": "كم {c}؟"}}, "stem", "unknown_variable"),
        ({"stem": {"ar": "كم {answer}؟"}}, "stem", "unknown_variable"),
        ({"variables": []}, "variables", "no_variables"),
        ({"variables": [VARIABLES[0], VARIABLES[0]]}, "variables.1.name", "variable_twice"),
        ({"variables": [{**VARIABLES[0], "name": "min"}]}, "variables.0.name", "bad_variable"),
        ({"variables": [{**VARIABLES[0], "name": "answer"}]}, "variables.0.name", "bad_variable"),
        ({"variables": [{**VARIABLES[0], "step": "0"}]}, "variables.0.step", "bad_step"),
        ({"variables": [{**VARIABLES[0], "high": "1"}]}, "variables.0.high", "bad_range"),
        ({"variables": [{**VARIABLES[0], "step": "0.0001"}]}, "variables.0.step", "too_many_steps"),
        ({"variables": [{**VARIABLES[0], "low": "1e40"}]}, "variables.0.low", "bad_number_of_range"),
        ({"decimals": 11}, "decimals", "bad_decimals"),
        ({"decimals": True}, "decimals", "bad_decimals"),
    ],
)
def test_what_would_fail_some_learner_is_found_when_it_is_written(change, path, code):
    """AS2: division by zero, roots of what is below zero, names of nothing."""
    problems = OWN.check({**PERCENTS, **change})
    assert (path, code) in [(problem.path, problem.code) for problem in problems]
    assert all(problem.sentence for problem in problems)


def test_values_without_an_answer_that_the_check_did_not_meet_are_drawn_again():
    wide = [{"name": name, "low": "1", "high": "90000", "step": "1"} for name in "ab"]
    content = {**PERCENTS, "variables": wide, "formula": "1 / (a - b - 1)"}
    for seed in range(20):
        paper = OWN.paper(content, Random(seed))
        assert OWN.drawn(content, paper)["answer"]


def test_an_attempt_keeps_its_numbers_and_two_learners_get_different_ones(app):
    """AS2, AS8: the values are on the paper; the score is that of the learner's own numbers."""
    version = quizzes.draft_quiz()
    quizzes.question(version, "calculated", content=PERCENTS, points=2)
    services.freeze(version.id, quizzes.LONG_AGO)
    attempts = [quizzes.attempt(version, people.person()) for _ in range(6)]
    papers = [quizzes.items(each)[0].paper for each in attempts]
    assert len({tuple(paper["values"]) for paper in papers}) > 1
    right = OWN.drawn(PERCENTS, papers[0])["answer"]
    services.save_response(attempts[0].id, 1, {"text": right}, at=quizzes.LONG_AGO)
    assert services.submit(attempts[0].id, at=quizzes.LONG_AGO).score == 2
    assert db.session.get(AttemptItem, quizzes.items(attempts[0])[0].id).paper == papers[0]


def test_the_learner_reads_the_values_in_their_own_digits_and_the_right_answer_afterwards(visit):
    version = quizzes.draft_quiz()
    quizzes.question(version, "calculated", content=PERCENTS)
    services.freeze(version.id, quizzes.LONG_AGO)
    learner = people.person(digits="arab")
    attempt = quizzes.attempt(version, learner)
    (item,) = quizzes.items(attempt)
    item.paper = {"names": ["a", "b"], "values": ["1250", "12.5"]}
    db.session.commit()
    browser = visit(learner)
    asked = browser.get(f"/attempts/{attempt.id}").select_one(".question-text").get_text()
    assert "١٬٢٥٠" in asked and "١٢٫٥" in asked and "1250" not in asked
    browser.post(f"/attempts/{attempt.id}", {"seen-1": "0", "a1": "١٫٠", "q": "1", "go": "save"})
    services.submit(attempt.id, at=quizzes.LONG_AGO)
    db.session.commit()
    shown = browser.get(f"/attempts/{attempt.id}/result")
    assert shown.select(".mark.right") and "النسبة ⁦١⁩ لأن" in shown.select_one(".explanation").get_text()


def test_a_question_is_written_with_three_examples_and_kept(page, activity):
    """AS2: Arabic digits and signs in the formula; the editor shows what learners will get."""
    page.get(address(activity, "/new/calculated"))
    page.post(address(activity, "/new/calculated"), {**BASE, **TYPED})
    question = edited_questions(quiz_of(activity).id)[0]
    assert question.sound and question.content["variables"] == VARIABLES
    assert question.content["formula"] == "b ÷ a × ١٠٠" and "answer" not in question.content
    where = address(activity, f"/questions/{question.item_id}")
    shown = page.get(where)
    assert len(shown.select(".examples li")) == 3 and "{a}" not in shown.select_one(".examples").get_text()
    before = dict(question.content)
    page.post(where, fields(shown))
    db.session.expire_all()
    assert edited_questions(quiz_of(activity).id)[0].content == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"formula": "b / (a - 1500)"}, "formula"),
        ({"formula": ""}, "formula"),
        ({"variables-1-step": "0"}, "variables-1-step"),
        ({"variables-1-name": "1x"}, "variables-1-name"),
        ({"variables-1-name": ""}, "variables-1-name"),
        ({"variables-0-low": ""}, "variables-0-low"),
        (text("stem", "كم {c}؟", ""), "stem-ar"),
        ({"decimals": "99"}, "decimals"),
    ],
)
def test_a_problem_is_said_at_its_field(page, activity, change, field):
    page.get(address(activity, "/new/calculated"))
    shown = page.post(address(activity, "/new/calculated"), {**BASE, **TYPED, **change}, status=422)
    assert f"#{field}" in [link["href"] for link in shown.select(".error-summary a")]
    assert not shown.select(".examples") and not edited_questions(quiz_of(activity).id)
