"""AS18: many questions of a bank at once: what was changed, what was left and why, and taking it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Question, QuestionTag
from academy.assessment.rules.bank import tags_in
from academy.assessment.services.bulk import MOST_AT_ONCE
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid, NotFound
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories.accounts import LONG_AGO

pytestmark = pytest.mark.usefixtures("app")
LATER = LONG_AGO + timedelta(days=1)


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def common(trainer):
    return {"organisation_id": trainer.organisation_id, "at": LATER, "by_id": trainer.id}


def states(*questions):
    return [db.session.get(Question, each.id).state for each in questions]


def test_each_question_is_told_apart_and_written_down_once(trainer):
    draft, ready = bank.question(trainer), bank.question(trainer, state="ready")
    mine = bank.question(trainer, state="in_review")
    outcome = services.move_many([draft.id, ready.id, mine.id], "approve", **common(trainer))
    assert outcome.count == 0
    assert sorted(len(ids) for ids in outcome.left.values()) == [1, 2]
    sent = services.move_many([draft.id, ready.id], "send", **common(trainer))
    assert sent.changed == {draft.id: "draft"}
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "assessment:question:bulk").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in entries] == [{"act": "send", "questions": 1}]


def test_questions_of_another_organisation_are_left_alone(trainer):
    foreign = bank.question(people.trainer())
    outcome = services.move_many([foreign.id], "retire", **common(trainer))
    assert (outcome.count, states(foreign)) == (0, ["draft"])
    with pytest.raises(NotFound):
        services.file_many([], bank.category(people.organisation()).id, **common(trainer))


def test_the_number_at_once_is_limited_and_odd_acts_are_not_found(trainer):
    with pytest.raises(Invalid):
        services.move_many(range(MOST_AT_ONCE + 1), "retire", **common(trainer))
    with pytest.raises(NotFound):
        services.move_many([], "fly", **common(trainer))


def test_tags_are_added_and_taken_in_any_spelling(trainer):
    one, two = bank.question(trainer, tags="إدارة"), bank.question(trainer)
    added = services.tag_many([one.id, two.id], tags_in("ادارة"), add=True, **common(trainer))
    assert list(added.changed) == [two.id] and len(added.left) == 1
    taken = services.tag_many([one.id, two.id], tags_in("إداره"), add=False, **common(trainer))
    assert len(taken.changed) == 2 and db.session.scalars(select(QuestionTag)).all() == []
    for odd in ("", "a, b"):
        with pytest.raises(Invalid):
            services.tag_many([one.id], tags_in(odd), add=True, **common(trainer))


def send(page, trainer, questions, **data):
    sent = {"organisation": trainer.organisation_id, "question": [each.id for each in questions], **data}
    return page.post("/bank/bulk", sent)


def undo(page, shown):
    """Press the button that takes the last act back."""
    form = shown.select_one("#flashes form.undo")
    return page.post(form["action"], {each["name"]: each.get("value", "") for each in form.select("input")})


def test_moving_many_says_how_many_and_is_taken_back(page, trainer):
    old, new = bank.category(bank.home(trainer)), bank.category(bank.home(trainer))
    inside, loose, there = (bank.question(trainer, category=where) for where in (old, None, new))
    shown = send(page, trainer, [inside, loose, there], act="file", category=new.id)
    assert "نُقل سؤالان" in shown.words and "تُرك سؤال واحد" in shown.words
    assert {row.category_id for row in db.session.scalars(select(Question))} == {new.id}
    undo(page, shown)
    kept = [db.session.get(Question, each.id).category_id for each in (inside, loose, there)]
    assert kept == [old.id, None, new.id]


@pytest.mark.parametrize(("act", "after"), [("retire", "retired"), ("send", "in_review")])
def test_steps_are_taken_back_to_the_state_before(page, trainer, act, after):
    one, two = bank.question(trainer), bank.question(trainer)
    shown = send(page, trainer, [one, two], act=act)
    assert states(one, two) == [after, after]
    undo(page, shown)
    assert states(one, two) == ["draft", "draft"]


def test_undoing_cannot_make_anything_ready_that_was_not(page, trainer):
    """A forged form brings a retired draft back as the draft it was, and approves nothing."""
    retired, reviewed = bank.question(trainer), bank.question(trainer, state="in_review")
    bank.colleague(trainer)
    services.move_state(retired.id, "retire", at=LATER, by_id=trainer.id)
    for act in ("revive", "approve"):
        page.post("/bank/undo", {
            "organisation": trainer.organisation_id, "act": act, "undo": f"{retired.id}:ready,{reviewed.id}:ready,x:,",
        })  # fmt: skip
    assert states(retired, reviewed) == ["draft", "in_review"]


def test_tags_are_taken_back(page, trainer):
    one, two = bank.question(trainer, tags="وسم"), bank.question(trainer)
    undo(page, send(page, trainer, [one, two], act="tag", tag="وسم"))
    assert [row.question_id for row in db.session.scalars(select(QuestionTag))] == [one.id]


def test_nothing_ticked_and_nothing_typed_is_said(page, trainer):
    assert "تحديد سؤال واحد على الأقل" in send(page, trainer, [], act="retire").words
    assert "إدخال وسم واحد" in send(page, trainer, [bank.question(trainer)], act="tag", tag=" ").words
    page.post("/bank/bulk", {"organisation": trainer.organisation_id, "question": "1", "act": "fly"}, status=404)
    page.post("/bank/bulk", {"question": "1", "act": "retire"}, status=404)


def test_what_is_not_there_any_more_is_counted(page, trainer):
    foreign = bank.question(people.trainer())
    shown = send(page, trainer, [foreign, bank.question(trainer)], act="retire")
    assert "سُحب سؤال واحد" in shown.words and "لم يعد سؤال واحد هنا" in shown.words
    assert states(foreign) == ["draft"]
