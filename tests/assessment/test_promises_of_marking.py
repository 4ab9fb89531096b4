"""AS13: what is promised of the result before and during an attempt holds, whoever has to mark what was drawn."""

import pytest

from academy.assessment import services
from academy.assessment.queries_of_standing import quiz_state
from academy.assessment.rules.lines import DrawLine
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO


def drawn(*lines):
    """A published quiz with a line for each group of types, which draws one of them."""
    course = catalogue.course(people.organisation())
    version = assessment.draft_quiz(course)
    for number, types in enumerate(lines):
        for kind in types:
            assessment.in_bank(course.organisation_id, kind, competency_key=f"D{number}.1")
    assessment.section(version, *(DrawLine(1, competencies=(f"D{number}",)) for number in range(len(lines))))
    services.freeze(version.id, LONG_AGO)
    return version


@pytest.mark.parametrize(
    ("lines", "always", "perhaps"),
    [
        ((("single", "single"),), False, False),
        ((("single", "essay"),), False, True),
        ((("essay", "file"),), True, True),
        ((("single",), ("single", "essay"), ("essay",)), True, True),
    ],
)
def test_before_an_attempt_it_is_known_who_marks_what_may_be_drawn(app, lines, always, perhaps):
    state = quiz_state(drawn(*lines).id, people.person().id, now=NOW)
    assert (state.marked_by_hand, state.perhaps_by_hand) == (always, perhaps)


@pytest.mark.parametrize(("types", "told"), [(("essay",), True), (("single",), False)])
def test_before_submitting_the_paper_at_hand_decides(visit, types, told):
    """Only an answer that waits for a person keeps the result back: one left empty does not."""
    learner = people.person(language="en")
    attempt = assessment.attempt(drawn(types), learner, at=NOW)
    page, address = visit(learner), f"/attempts/{attempt.id}/review"
    assert "comes after marking" not in page.get(address).words
    services.save_response(attempt.id, 1, assessment.RIGHT[types[0]], at=NOW)
    assert ("comes after marking" in page.get(address).words) is told
