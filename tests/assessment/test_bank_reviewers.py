"""AU12: a content reviewer reads the bank and judges its questions, and writes none."""

import pytest
from sqlalchemy import select

from academy.accounts.models import Person, RoleGrant
from academy.assessment import services
from academy.assessment.models import QuestionComment, QuestionVersion
from academy.base.db import db
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment as quizzes


@pytest.fixture
def house(app):
    return people.organisation()


@pytest.fixture
def question(house):
    author = people.trainer(house)
    version = quizzes.in_bank(house.id)
    version.created_by_id = author.id
    version.question.state = "draft"
    db.session.flush()
    return version.question


@pytest.fixture
def reviewer(house):
    return people.grant(people.person(house), "reviewer", of=house)


def author_of(question) -> int:
    query = select(QuestionVersion.created_by_id).where(QuestionVersion.question_id == question.id)
    return db.session.scalars(query).one()


def test_the_reviewer_approves_what_another_sent(visit, house, question, reviewer):
    services.move_state(question.id, "send", at=NOW, by_id=author_of(question), note="", seen=None)
    page = visit(reviewer)
    bank = page.get("/bank")
    assert bank.select_one(f"main a[href='/bank/questions/{question.id}']")
    assert not bank.select("main form[method=post]") and not bank.select(
        "a[href^='/bank/import'], a[href^='/bank/new']"
    )
    here = f"/bank/questions/{question.id}"
    shown = page.get(here)
    assert {b["value"] for b in shown.select("button[name=act]")} == {"approve", "return"}
    assert [each["value"] for each in shown.select("main .btn-primary")] == ["approve"]
    assert not shown.select(f"a[href='{here}/edit'], a[href='{here}/filing'], a[href='{here}/try']")
    page.post(f"{here}/comments", {"text": "الخيار الثاني ملتبس"})
    assert db.session.scalar(select(QuestionComment.author_id)) == reviewer.id
    page.post(f"{here}/state", {"act": "approve", "seen": shown.select_one("input[name=seen]")["value"]})
    db.session.refresh(question)
    assert question.state == "ready"


def test_the_reviewer_writes_nothing(visit, house, question, reviewer):
    page = visit(reviewer)
    here = f"/bank/questions/{question.id}"
    for act in ("send", "retire"):
        page.post(f"{here}/state", {"act": act, "seen": ""}, 403)
    for door in ("edit", "filing", "try"):
        page.get(f"{here}/{door}", 404)
        page.post(f"{here}/{door}", {}, 404)
    for door in ("/bank/import", "/bank/export", "/bank/categories/new", "/bank/new/single"):
        page.get(door, 404)
    page.post("/bank/bulk", {"organisation": house.id, "question": question.id, "act": "retire"}, 404)
    page.get("/bank/categories", 403)
    page.get("/teach", 403)
    db.session.refresh(question)
    assert question.state == "draft"


def test_a_reviewer_of_another_house_finds_nothing(visit, house, question):
    other = people.organisation()
    page = visit(people.grant(people.person(other), "reviewer", of=other))
    page.get(f"/bank/questions/{question.id}", 404)
    page.get(f"/bank?organisation={house.id}", 404)
    page.post(f"/bank/questions/{question.id}/state", {"act": "approve", "seen": ""}, 404)


def test_where_a_reviewer_is_there_the_author_reviews_nothing_of_their_own(visit, house, question, reviewer):
    services.move_state(question.id, "send", at=NOW, by_id=author_of(question), note="", seen=None)
    author = db.session.get_one(Person, author_of(question))
    here = f"/bank/questions/{question.id}"
    assert not visit(author).get(here).select("button[value=approve]")
    db.session.delete(db.session.scalars(select(RoleGrant).filter_by(person_id=reviewer.id)).one())
    db.session.flush()
    assert visit(author).get(here).select("button[value=approve]"), "nobody else can"
