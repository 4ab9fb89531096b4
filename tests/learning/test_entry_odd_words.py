"""Odd words in the forms of coming in: never a fault, and what is refused stays typed."""

import pytest

from academy.base.db import db
from academy.learning.models import PlaceRequest
from tests.factories import accounts as people
from tests.factories import catalogue, entry

ODD = ["a\x00b", "ا" * 501, "<script>alert(1)</script>", "1e308", "NaN", "-0", " \u200b ", "=1+1", "س" * 100_000]


@pytest.mark.parametrize("word", ODD, ids=[each[:6].strip() or "blank" for each in ODD])
def test_no_form_of_coming_in_breaks(app, visit, word):
    trainer = people.trainer(people.organisation())
    boss = people.person(of=trainer.organisation)
    learner = people.person(manager=boss)
    course = catalogue.course(trainer=trainer)
    request = entry.request(learner, course)
    tries = [
        (
            trainer,
            f"/teach/{course.key}/entry",
            dict.fromkeys(("way", "seats", "opens_on", "answer_days", "revision"), word),
        ),
        (people.person(manager=boss), f"/courses/{course.key}/request", {"note": word}),
        (boss, f"/requests/{request.id}", {"answer": word, "reason": word}),
        (boss, f"/requests/{request.id}", {"answer": "refuse", "reason": word}),
    ]
    for who, address, data in tries:
        browser = visit(who)
        db.session.commit()
        answer = browser.client.post(address, data={**data, "csrf_token": browser.csrf_token()})
        assert answer.status_code in (302, 422), (address, answer.status_code)
        if answer.status_code == 422:
            assert "<script>alert" not in answer.get_data(as_text=True)
    kept = db.session.get(PlaceRequest, request.id)
    assert kept.state == ("refused" if kept.reason else "waiting")
