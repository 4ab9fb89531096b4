"""AS18, P3: whose bank it is: trainers and administrators of its organisation, and nobody else, at every door."""

import pytest

from academy.assessment.models import QuestionImport
from academy.assessment.policies_of_bank import EDIT_BANKED, USE_BANK, banks_of
from academy.assessment.queries_of_bank import BankFilter, allowed_ids, bank_rows
from academy.assessment.queries_of_banked import banked
from academy.base.access import allowed
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment, bank, catalogue
from tests.factories.accounts import LONG_AGO, both

CANARY = "QX9CANARY"
GIFT = f"{CANARY} {{=a ~b}}".encode()


class House:
    """An organisation whose bank is full of canaries, and somebody in each role."""

    def __init__(self, *, canary=""):
        self.of = people.organisation()
        self.trainer, self.other = people.trainer(self.of), people.trainer(self.of)
        self.administrator = people.administrator(self.of, everywhere=False)
        self.manager = people.grant(people.person(self.of), "manager", self.of)
        self.learner = people.person(self.of)
        self.shelf = bank.category(self.of, name=both(f"تصنيف {canary}", f"Category {canary}"))
        self.question = bank.question(
            self.trainer, stem=both(f"سؤال {canary}", f"Question {canary}"), category=self.shelf, tags=f"tag{canary}"
        )
        self.course = catalogue.course(self.of, self.trainer, title=both(f"مقرر {canary}", f"Course {canary}"))
        stem = both(f"خاص {canary}", f"Own {canary}").as_dict()
        item = assessment.question(assessment.draft_quiz(self.course), content=assessment.content("single", stem=stem))
        self.own = item.question_version.question


@pytest.fixture
def houses(app):
    return House(), House(canary=CANARY)


def test_the_table_of_permissions(houses):
    here, there = houses
    rows = {
        here.trainer: (True, True, True),
        here.other: (True, True, False),
        here.administrator: (True, True, True),
        here.manager: (False, False, False),
        here.learner: (False, False, False),
        there.trainer: (False, False, False),
        there.administrator: (False, False, False),
        people.administrator(): (True, True, True),
    }
    for who, wanted in rows.items():
        actor = bank.actor(who)
        found = (
            allowed(USE_BANK, actor, here.shelf),
            allowed(EDIT_BANKED, actor, banked(here.question.id)),
            allowed(EDIT_BANKED, actor, banked(here.own.id)),
        )
        assert found == wanted, who.name
    assert not allowed(USE_BANK, None, here.shelf)


def test_a_trainer_lists_the_bank_but_only_the_courses_they_train(houses):
    here, there = houses
    ask = BankFilter(here.of.id)

    def listed(who):
        return {row.id for row in bank_rows(bank.actor(who), ask)[0]}

    assert listed(here.trainer) == listed(here.administrator) == {here.question.id, here.own.id}
    assert listed(here.other) == {here.question.id}
    mixed = [here.question.id, here.own.id, there.question.id, there.own.id]
    assert allowed_ids(bank.actor(here.other), here.of.id, mixed) == [here.question.id]
    assert banks_of(bank.actor(here.trainer)) == {here.of.id} and banks_of(bank.actor(people.administrator())) is None


def doors(house):
    """Every door of the bank that names something of a house: (address, form; None for a page)."""
    question, category = f"/bank/questions/{house.question.id}", f"/bank/categories/{house.shelf.id}"
    comment = "/bank/comments/1"
    said = {"organisation": house.of.id, "question": house.question.id}
    named = {"name-ar": "x", "name-en": "x", "category": "0"}
    return [
        (question, None),
        (f"{question}/history", None),
        *((f"{question}/{rest}", form) for rest in ("edit", "try", "filing") for form in (None, {"tags": "x"})),
        (f"{question}/state", {"act": "retire"}),
        (f"{question}/comments", {"text": "x"}),
        (f"/bank/questions/{house.own.id}", None),
        (comment, {"act": "settle"}),
        (category, None),
        (category, named),
        (f"{category}/order", {"move": "up"}),
        (f"{category}/remove", {"lift": "yes"}),
        (f"/bank?organisation={house.of.id}", None),
        (f"/bank/categories?organisation={house.of.id}", None),
        *((f"/bank/{rest}?category={house.shelf.id}", None) for rest in ("import", "export", "new/single")),
        *((f"/bank/{rest}?organisation={house.of.id}", None) for rest in ("import", "export", "new/single")),
        (f"/bank/categories/new?category={house.shelf.id}", named),
        (f"/bank/new/single?category={house.shelf.id}", {"stem-ar": "x"}),
        ("/bank/bulk", {**said, "act": "retire"}),
        ("/bank/undo", {**said, "act": "retire", "undo": f"{house.question.id}:"}),
        (f"/bank?q={CANARY}", None),
        (f"/bank?category={house.shelf.id}", None),
        (f"/bank?tag=tag{CANARY.lower()}", None),
    ]


@pytest.mark.parametrize("role", ["trainer", "administrator", "manager", "learner"])
def test_nothing_of_a_foreign_bank_is_seen_or_changed(houses, visit, role):
    """P3: foreign questions, categories and comments behave as if they did not exist."""
    here, there = houses
    browser = visit(getattr(here, role))
    from academy.assessment.services import add_comment

    comment = add_comment(there.question.id, CANARY, at=LONG_AGO, by_id=there.trainer.id)
    db.session.commit()
    for address, form in doors(there):
        address = address.replace("/comments/1", f"/comments/{comment.id}")
        if form is None:
            response = browser.client.get(address)
        else:
            response = browser.client.post(address, data={**form, "csrf_token": browser.csrf_token()})
        listing = address.startswith("/bank?") and "organisation" not in address
        wanted = {200} if listing and role in ("trainer", "administrator") else {403, 404}
        assert response.status_code in wanted, (address, response.status_code)
        told = response.get_data(as_text=True).split("<main", 1)[-1].replace(f'value="{CANARY}"', "")
        assert CANARY.lower() not in told.lower().replace(f"tag{CANARY}".lower(), "") or listing, address
    assert (banked(there.question.id).version.number, there.question.state) == (1, "draft")
    assert there.shelf.name.en == f"Category {CANARY}" and comment.resolved_at is None


def test_strangers_are_sent_to_sign_in(houses, browser):
    for address, form in doors(houses[0]):
        answer = (
            browser.client.get(address)
            if form is None
            else browser.client.post(address, data={**form, "csrf_token": browser.csrf_token()})
        )
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"), address


def test_a_trainer_of_another_course_does_not_open_a_courses_own_question(houses, visit):
    here, _there = houses
    visit(here.other).get(f"/bank/questions/{here.own.id}", status=404)
    visit(here.trainer).get(f"/bank/questions/{here.own.id}")


def test_a_file_is_decided_about_by_whoever_uploaded_it(houses, visit):
    here, _there = houses
    from tests.assessment.test_bank_exchange import upload

    plan_id = upload(visit(here.trainer), here, GIFT)
    assert db.session.get(QuestionImport, plan_id).organisation_id == here.of.id
    for who in (here.other, here.administrator, here.learner):
        visit(who).get(f"/bank/import/{plan_id}", status=404)
        visit(who).post(f"/bank/import/{plan_id}/apply", {"take": "0"}, status=404)


def test_the_quiz_of_another_organisation_takes_nothing_of_this_bank(houses, visit):
    here, there = houses
    from tests.assessment.test_editing import quiz_activity

    ready = bank.question(there.trainer, state="ready", stem=both(CANARY, CANARY))
    activity = quiz_activity(catalogue.course(here.of, here.trainer, published=False))
    browser = visit(here.trainer)
    assert CANARY not in browser.get(f"/teach/activities/{activity.id}/quiz/bank").words
    shown = browser.post(f"/teach/activities/{activity.id}/quiz/bank", {"question": ready.id})
    assert not shown.select(".question-list") and CANARY not in shown.words
    visit(there.trainer).get(f"/teach/activities/{activity.id}/quiz/bank", status=404)
