"""The page of a long quiz stays light: HTML of a paper of 20 real questions at once, most of them with long texts."""

import pytest

from academy.assessment import services
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.devdata.reading import read_library
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO

MOST_BYTES, ROOM = 60_000, 1_000  # what the frame takes more for a reader with notices and a longer name than here


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_of_twenty_questions_at_once_is_under_60_kB(visit, language):
    learner = people.person(language=language)
    version = services.create_quiz(
        catalogue.course().id, "heavy", title=LocalizedText("اختبار", "Quiz"), pass_percent=50, shuffle=False,
        layout="all", minutes=600, at=LONG_AGO,
    )  # fmt: skip
    written = [each for course in read_library().courses for each in course.quiz.questions]
    first = next(each for each in written if each.type == "single")
    chosen = [first, *[each for each in written if each is not first]][:20]
    for number, each in enumerate(chosen, 1):
        services.add_question(
            version, key=f"heavy-{number}", type=each.type, content=each.content, competency_key=each.competency,
            difficulty=each.difficulty, at=LONG_AGO,
        )  # fmt: skip
    services.freeze(version.id, LONG_AGO)
    attempt = assessment.attempt(version, learner, at=clock.now())
    db.session.commit()
    page = visit(learner)
    shown = page.get(f"/attempts/{attempt.id}")
    assert len(shown.select("section.question")) == 20
    assert len(page.response.get_data()) <= MOST_BYTES - ROOM
